"""When and how somebody may be reached: the second form on the page where they say what they are told of."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.social.communities.scope import here
from lmssocial.social.notifications import preferences, reaching
from lmssocial.social.notifications.channels import EMAIL
from lmssocial.social.notifications.forms import wishes_form
from lmssocial.social.notifications.reach_forms import ReachForm
from lmssocial.social.notifications.routes import registry
from lmssocial.web import scope
from lmssocial.web.program import program

bp = Blueprint("reach", __name__, url_prefix="/w/<int:placement_id>/notices")


@bp.app_context_processor
def _for_the_page() -> dict[str, Any]:
    """``reach()`` for the partial that shows the form; nothing is looked up for other pages."""
    return {"reach": _shown}


def _shown(form: ReachForm | None = None) -> dict[str, Any]:
    session, user_id = scope.session(), here().actor.user_id
    address = reaching.address_of(session, user_id)
    channels = program().channels
    return {
        "form": form or ReachForm.of(reaching.reach_for(session, user_id)),
        "address": address,
        "channels": [
            channel.title
            for name, channel in sorted(channels.items())
            if name != EMAIL and channel.address(address)
        ],
    }


@bp.post("/reach")
def reach_change(placement_id: int) -> Response | tuple[str, int]:
    """Remember what they said."""
    actor = here().actor
    form = ReachForm(request.form)
    if not form.validate():
        wishes = wishes_form(preferences.wishes(scope.session(), registry(), actor))
        return render_template("notifications/settings.html", form=wishes, reach_form=form), 422
    with unit_of_work(scope.session()) as session:
        reaching.save(session, actor.user_id, form.reach())
    flash(_("Saved. It holds in all your courses here."), "good")
    return redirect(url_for("notifications.settings", placement_id=placement_id), code=303)
