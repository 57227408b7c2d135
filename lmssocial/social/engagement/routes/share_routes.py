"""Bringing a contribution to another community."""

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Conflict, Invalid, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here, here
from lmssocial.social.engagement import sharing
from lmssocial.social.engagement.forms import ShareForm
from lmssocial.social.engagement.ports import Subject, Telling
from lmssocial.social.engagement.routes.blueprint import Answer, bp, port_of
from lmssocial.social.moderation.request import screen_at
from lmssocial.web import scope
from lmssocial.web.forms import options
from lmssocial.web.fragments import is_fragment


@bp.get("/posts/<int:contribution_id>/share")
def share_create(placement_id: int, contribution_id: int) -> str:  # noqa: ARG001 – part of the address
    """Asks where to, and why."""
    place = here()
    port = port_of(place, contribution_id)
    subject = sharing.require_shareable(scope.session(), place.actor, port, contribution_id)
    form = ShareForm(data={"title": subject.title if subject.is_public else ""})
    return _page(place, subject, form)


@bp.post("/posts/<int:contribution_id>/share")
def share_create_post(placement_id: int, contribution_id: int) -> Answer:  # noqa: ARG001
    """Bring it there."""
    place, form = here(), ShareForm(request.form)
    port = port_of(place, contribution_id)
    subject = sharing.require_shareable(scope.session(), place.actor, port, contribution_id)
    _offer(place, form, contribution_id)
    if not form.validate():
        return _page(place, subject, form), 422
    try:
        chosen = int(form.place.data)
        there = sharing.require_place(
            scope.session(), place.actor, port, place.widget, contribution_id, chosen
        )
        screen = screen_at(there.actor, there.tier, there.ground_rules)
        telling = Telling(title=str(form.title.data), sentence=str(form.sentence.data))
        with unit_of_work(scope.session()) as session:
            brought = sharing.share(session, screen, place.actor, port, contribution_id, there, telling)
    except (Invalid, Conflict, NotFound) as problem:
        form.place.errors = [problem.message]
        return _page(place, subject, form), 422
    _say(there.community_title, is_published=brought.is_published)
    return _back(subject)


def _say(community: str, *, is_published: bool) -> None:
    if is_published:
        flash(_("Shared to %(course)s: a thread of yours there tells of it.", course=community), "good")
    else:
        flash(_("A moderator of %(course)s looks at your thread first.", course=community), "good")


def _back(subject: Subject) -> Response:
    return redirect(subject.href, code=303)


def _offer(place: Here, form: ShareForm, contribution_id: int) -> None:
    """The places to choose from; one that is gone by now is refused by the service, in better words."""
    port = port_of(place, contribution_id)
    found = sharing.places_for(scope.session(), place.actor, port, place.widget, contribution_id)
    form.place.choices = options(
        (there.placement_id, f"{there.community_title}: {there.title}") for there in found
    )
    form.place.validate_choice = False


def _page(place: Here, subject: Subject, form: ShareForm) -> str:
    _offer(place, form, subject.contribution_id)
    for field in (form.place, form.title, form.sentence):
        field.id = f"share-{field.short_name}-{subject.contribution_id}"
    template = "engagement/_share.html" if is_fragment() else "engagement/share_create.html"
    return render_template(template, subject=subject, form=form)
