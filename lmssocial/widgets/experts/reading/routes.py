"""The address of a question."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from babel import Locale
from flask import Blueprint, render_template, request
from flask_babel import get_locale

from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import Badge
from lmssocial.social.communities.badges import badges_of
from lmssocial.social.communities.scope import Here
from lmssocial.social.content.models import State
from lmssocial.social.engagement.via import PARAMETER, via_of
from lmssocial.social.knowledge.ports import ports_of
from lmssocial.social.notifications.seen import saw
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.web.program import program
from lmssocial.widgets.experts.answering.queries import Conversation, conversation
from lmssocial.widgets.experts.blueprint import base, experts
from lmssocial.widgets.experts.clockwork.facts import facts_of
from lmssocial.widgets.experts.clockwork.next_step import next_step, viewer_of
from lmssocial.widgets.experts.invitation_models import InvitationState
from lmssocial.widgets.experts.inviting import replying
from lmssocial.widgets.experts.inviting.queries import Panel, Part, panel_of
from lmssocial.widgets.experts.publishing.queries import offered
from lmssocial.widgets.experts.reading.forms import SeenForm
from lmssocial.widgets.experts.reading.marking import mark_read
from lmssocial.widgets.experts.reading.queries import QuestionPage, question_page, words_around


def register(bp: Blueprint) -> None:
    """Put the page into the blueprint."""
    bp.add_url_rule("/questions/<int:question_id>", view_func=question_detail)
    bp.add_url_rule("/questions/<int:question_id>/read", view_func=question_read, methods=["POST"])


def question_detail(placement_id: int, question_id: int) -> str:
    """A question: its words, whose turn it is, what was said to it and what happened to it."""
    del placement_id  # part of the address; the scope has read it
    place = experts()
    page = _seen(place, question_id)
    session, actor = scope.session(), place.actor
    facts, said = facts_of(session, page.asked), conversation(session, actor, page.asked)
    return render_template(
        "experts/question_detail.html",
        page=page,
        next=next_step(page.asked, facts, viewer_of(actor, page.asked.question, facts)),
        panel=_part(panel_of(session, actor, page.asked), said),
        conversation=said,
        badges_by=_known_for(place, page, said),
        offer=offered(session, actor, page.asked),
        published=_published(place, page),
        language=_language(page.asked.question.language),
        to_read=_to_read(page, said),
        via=via_of(request.args.get(PARAMETER)),
        base=base(place),
        form=ButtonForm(),
    )


def question_read(placement_id: int, question_id: int) -> tuple[str, int]:
    """Remember what a script says was read: 204, or 422 for what is no such thing."""
    del placement_id  # part of the address; the scope has read it
    place, form = experts(), SeenForm(request.form)
    if not form.validate():
        return "", 422
    with unit_of_work(scope.session()) as session:
        mark_read(session, place.actor, question_id, form.seen(), via_of(form.via.data))
    return "", 204


def _to_read(page: QuestionPage, talk: Conversation) -> list[int]:
    """What on the page others wrote for everybody: the question and its answers, by their ids."""
    words = [] if page.is_mine or page.asked.words.state is not State.PUBLISHED else [page.asked.words.id]
    answers = [one.contribution_id for one in talk.said if one.is_answer and not (one.is_own or one.waits)]
    return [*words, *answers]


def _part(panel: Panel | None, talk: Conversation) -> Panel | None:
    """The reader's part. Whoever has answered has done theirs, also while a moderator has not read it yet."""
    if (
        panel is not None
        and panel.part is Part.OPEN
        and any(one.is_answer and one.is_own for one in talk.said)
    ):
        return replace(panel, part=Part.ANSWERED, may_take=False)
    return panel


def _known_for(place: Here, page: QuestionPage, talk: Conversation) -> Mapping[int, Sequence[Badge]]:
    """What stands beside the names of the reader's own course, by their ids."""
    speak = {one.author_id for one in talk.said if not one.origin}
    asker = set() if page.is_guest else {page.asked.question.asker_id}
    return badges_of(scope.session(), place.actor, speak | asker)


def _language(tag: str) -> str:
    """What a language is called for whoever reads this; empty for none."""
    return str(Locale.parse(str(get_locale() or "en")).languages.get(tag, tag))


def _seen(place: Here, question_id: int) -> QuestionPage:
    """The question; for somebody who was asked to answer it, this is noted the first time they open it."""
    session = scope.session()
    page = question_page(session, place.actor, question_id)
    if place.unread_notices:
        saw(place, words_around(session, question_id))
        page = question_page(session, place.actor, question_id)
    if page.own is None or page.own.state is not InvitationState.SENT:
        return page
    with unit_of_work(session):
        replying.saw(session, place.actor, question_id)
    return question_page(session, place.actor, question_id)


def _published(place: Here, page: QuestionPage) -> str:
    """Where question and answer stand as knowledge, for those who may read it there; empty otherwise."""
    if page.published_id is None or page.is_guest:
        return ""
    for port in ports_of(program().widgets.values()):
        found = port.found(scope.session(), place.actor, [page.published_id])
        if page.published_id in found:
            return found[page.published_id].href
    return ""
