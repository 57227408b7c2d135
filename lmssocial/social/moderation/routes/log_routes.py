"""The log of moderation, for moderators."""

from flask import render_template, request

from lmssocial.social.communities.scope import here
from lmssocial.social.moderation import logbook
from lmssocial.social.moderation.models import Deed
from lmssocial.social.moderation.routes.blueprint import bp, number, one_of
from lmssocial.web import scope


@bp.get("/log")
def log_list(placement_id: int) -> str:  # noqa: ARG001 – part of the address; the scope has read it
    """Everything that was done, newest first."""
    place, session = here(), scope.session()
    person_id, deed = number("person"), one_of(Deed, request.args.get("deed", ""))
    lines = logbook.of_community(
        session, place.actor, before=number("before"), person_id=person_id, deed=deed
    )
    shown = lines[: logbook.PAGE]
    return render_template(
        "moderation/log_list.html",
        lines=shown,
        next_before=shown[-1].id if len(lines) > logbook.PAGE else None,
        people=logbook.moderators(session, place.actor),
        person_id=person_id,
        deed=deed,
    )
