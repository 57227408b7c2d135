"""Marks with a sentence: endorsements and special mentions."""

from flask import redirect, render_template, request, url_for

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Invalid, NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here, here
from lmssocial.social.engagement import access, mentioning, queries, sentences, service
from lmssocial.social.engagement.forms import EndorseForm, MentionForm
from lmssocial.social.engagement.ports import Subject
from lmssocial.social.engagement.routes.blueprint import Answer, bp, port_of
from lmssocial.social.moderation.request import screen_here
from lmssocial.web import scope
from lmssocial.web.fragments import is_fragment

ENDORSEMENT = "engagement.endorsement"
"""What policies call the sentence of an endorsement."""


@bp.get("/posts/<int:contribution_id>/endorse")
def endorse_create(placement_id: int, contribution_id: int) -> str:  # noqa: ARG001 – part of the address
    """Asks what is right about it."""
    place = here()
    subject = _endorsable(place, contribution_id)
    said = queries.own(scope.session(), place.actor, contribution_id)
    return _page("endorse", subject, EndorseForm(data={"sentence": said.endorsement}), is_made=said.endorsed)


@bp.post("/posts/<int:contribution_id>/endorse")
def endorse_create_post(placement_id: int, contribution_id: int) -> Answer:  # noqa: ARG001
    """Endorse it."""
    place, form = here(), EndorseForm(request.form)
    subject, port = _endorsable(place, contribution_id), port_of(place, contribution_id)
    if not form.validate():
        return _page("endorse", subject, form), 422
    screen, sentence = screen_here(), str(form.sentence.data)
    try:
        if sentence:
            sentence = sentences.fit(screen, place.actor, ENDORSEMENT, sentence)
        with unit_of_work(scope.session()) as session:
            service.endorse(session, place.actor, port, contribution_id, sentence)
    except Invalid as problem:
        form.sentence.errors = [problem.message]
        return _page("endorse", subject, form), 422
    return redirect(subject.href, code=303)


def _endorsable(place: Here, contribution_id: int) -> Subject:
    port = port_of(place, contribution_id)
    subject = access.require_markable(scope.session(), place.actor, port, contribution_id)
    if not access.endorses(place.actor):
        raise NotAllowed(_("Only instructors and subject-matter experts of this course endorse posts."))
    return subject


@bp.get("/posts/<int:contribution_id>/mention")
def mention_create(placement_id: int, contribution_id: int) -> str:  # noqa: ARG001
    """Asks why others should read it."""
    place = here()
    port = port_of(place, contribution_id)
    subject = access.require_markable(scope.session(), place.actor, port, contribution_id)
    said = queries.own(scope.session(), place.actor, contribution_id).mention
    return _page("mention", subject, MentionForm(data={"sentence": said}), is_made=bool(said))


@bp.post("/posts/<int:contribution_id>/mention")
def mention_create_post(placement_id: int, contribution_id: int) -> Answer:  # noqa: ARG001
    """Mention it specially."""
    place, form = here(), MentionForm(request.form)
    port = port_of(place, contribution_id)
    subject = access.require_markable(scope.session(), place.actor, port, contribution_id)
    if not form.validate():
        return _page("mention", subject, form), 422
    screen = screen_here()
    try:
        sentence = sentences.fit(screen, place.actor, mentioning.KIND, str(form.sentence.data))
        with unit_of_work(scope.session()) as session:
            mentioning.mention_specially(session, place.actor, port, contribution_id, sentence)
    except Invalid as problem:
        form.sentence.errors = [problem.message]
        return _page("mention", subject, form), 422
    return redirect(subject.href, code=303)


def _page(deed: str, subject: Subject, form: EndorseForm | MentionForm, *, is_made: bool = False) -> str:
    placement_id, contribution_id = here().placement_id, subject.contribution_id
    form.sentence.id = f"{deed}-{subject.contribution_id}"  # the post may stand on a page with other forms
    template = "engagement/_sentence.html" if is_fragment() else "engagement/sentence_create.html"
    return render_template(
        template,
        deed=deed,
        subject=subject,
        form=form,
        is_made=is_made,
        action=url_for(
            f"engagement.{deed}_create_post", placement_id=placement_id, contribution_id=contribution_id
        ),
        undo=url_for(
            "engagement.mark_delete", placement_id=placement_id, contribution_id=contribution_id, deed=deed
        ),
    )
