"""The views."""

from flask import redirect, render_template, request, url_for
from flask_babel import format_date
from werkzeug.wrappers import Response

from lmssocial_reporting.blueprint import bp, frame
from lmssocial_reporting.definition import ROLES_1
from lmssocial_reporting.profile import definition_words
from lmssocial_reporting.profile.reading import profile_page
from lmssocial_reporting.profile.sensitivity import rule_words
from lmssocial_reporting.scope import looks_after, may_read, may_write, scope_key
from lmssocial_reporting.targets.service import in_force
from lmssocial_reporting.targets.words import share_words


@bp.get("/")
def profile_detail(placement_id: int) -> str | Response:
    """In which shares the members act in the five roles, against the target they agreed on.

    The entry in the bar leads here: who does not read the profile is led to their own part.
    """
    here = frame()
    if not request.args.get("of") and not may_read(here.actor, here.settings):
        return redirect(url_for(".mine_detail", placement_id=placement_id), code=303)
    of = here.scope()
    target = in_force(here.session, here.actor.tenant_id, scope_key(here.actor, of))
    page = profile_page(here.session, here.store, of, target)
    chosen = next((one for one in page.splits if one.by == request.args.get("by", "")), None)
    return render_template(
        "lmssocial_reporting/profile_detail.html",
        frame=here,
        of=of,
        scopes=here.scopes(),
        page=page,
        target=target,
        split=chosen or next(iter(page.splits), None),
        looks_after=looks_after(here.actor),
        sets=may_write(here.actor, scope_key(here.actor, of)),
        rule_words=rule_words(),
        share_words=share_words,
        day_words=lambda day: format_date(day, "long"),
        version=ROLES_1.version,
    )


@bp.get("/definition")
def definition_detail(placement_id: int) -> str:
    """What counts as acting in one of the five roles, with all parameters."""
    del placement_id
    return render_template(
        "lmssocial_reporting/definition_detail.html",
        frame=frame(),
        roles=definition_words.role_rules(),
        parameters=definition_words.parameters(),
        version=ROLES_1.version,
    )
