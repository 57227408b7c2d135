"""Reporting a post: what is wrong with it, and what happens then."""

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Invalid, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here, here
from lmssocial.social.moderation import flags
from lmssocial.social.moderation.forms import FlagForm
from lmssocial.social.moderation.models import FlagReason
from lmssocial.social.moderation.ports import Subject
from lmssocial.social.moderation.routes.blueprint import bp, port_of_contribution
from lmssocial.web import scope
from lmssocial.web.fragments import is_fragment

Answer = Response | str | tuple[str, int]


@bp.get("/posts/<int:contribution_id>/flag")
def flag_create(placement_id: int, contribution_id: int) -> str:  # noqa: ARG001 – part of the address
    """Asks what is wrong with a post."""
    place = here()
    flags.target(scope.session(), place.actor, port_of_contribution(place, contribution_id), contribution_id)
    return _page(place, contribution_id, FlagForm())


@bp.post("/posts/<int:contribution_id>/flag")
def flag_create_post(placement_id: int, contribution_id: int) -> Answer:  # noqa: ARG001
    """Tell the moderators."""
    place, form = here(), FlagForm(request.form)
    port = port_of_contribution(place, contribution_id)
    if not form.validate():
        return _page(place, contribution_id, form), 422
    subject = _subject(place, contribution_id)
    try:
        with unit_of_work(scope.session()) as session:
            reason, note = FlagReason(form.reason.data), form.note.data or ""
            flags.flag(session, place.actor, port, contribution_id, reason, note)
    except Invalid as problem:
        form.reason.errors = [problem.message]
        return _page(place, contribution_id, form), 422
    if is_fragment():
        return render_template("moderation/_flagged.html")
    flash(
        _(
            "Thank you. The moderators have your report and look at the post; "
            "nobody else learns that it came from you."
        ),
        "good",
    )
    return redirect(subject.href, code=303)


def _page(place: Here, contribution_id: int, form: FlagForm) -> str:
    subject = _subject(place, contribution_id)
    for field in form:  # the post may stand on a page with other forms
        field.id = f"{field.short_name}-flag-{contribution_id}"
    template = "moderation/_flag.html" if is_fragment() else "moderation/flag_create.html"
    return render_template(template, subject=subject, form=form)


def _subject(place: Here, contribution_id: int) -> Subject:
    port = port_of_contribution(place, contribution_id)
    found = port.subjects(scope.session(), place.actor, [contribution_id]).get(contribution_id)
    if found is None:
        raise NotFound(_("This post does not exist, or it is not open to you."))
    return found
