"""The page. Everybody in the community may read it; lmssocial lets nobody else in."""

from flask import Blueprint, render_template
from flask_babel import format_date
from flask_babel import gettext as _

from lmssocial.plugin_pages import current_actor, current_session, plugin_title
from lmssocial_summary.months import LEAST, Number, months

bp = Blueprint("summary", __name__, template_folder="templates")


@bp.get("/")
def month_list(placement_id: int) -> str:
    """How this community is moderated, month by month."""
    del placement_id  # part of the address; lmssocial has read it
    found = months(current_session(), current_actor().community_id)
    return render_template(
        "lmssocial_summary/month_list.html",
        months=found,
        month_name=lambda first: format_date(first, "MMMM yyyy"),
        number=in_words,
        policy_title=plugin_title,
    )


def in_words(number: Number) -> str:
    """A number, unless it is so small that it could point at a person."""
    if number.hidden:
        return str(_("fewer than %(least)d", least=LEAST))
    return str(number.value) if number.value else str(_("none"))
