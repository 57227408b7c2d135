"""The addresses of what is said to a question: answering, asking back, adding."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import get_locale
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here
from lmssocial.social.composing.markdown_help import markdown_help
from lmssocial.social.moderation.screening import Screen
from lmssocial.web import scope
from lmssocial.widgets.experts import access, questions, screens, writers
from lmssocial.widgets.experts.answering import (
    change_routes,
    giving,
    resolve_routes,
    rules,
    saying,
)
from lmssocial.widgets.experts.answering.drafts import ANSWER, MESSAGE, Sent, WordsDraft
from lmssocial.widgets.experts.answering.forms import MessageForm, WordsForm
from lmssocial.widgets.experts.answering.pages import (
    View,
    draft_of,
    keep,
    not_sent,
    once,
    say_what_became,
    to_question,
)
from lmssocial.widgets.experts.blueprint import base, experts
from lmssocial.widgets.experts.drafting.targets import For, target
from lmssocial.widgets.experts.questions import Asked


def register(bp: Blueprint) -> None:
    """Put the pages of this room into the blueprint."""
    routes: tuple[tuple[str, str, Callable[..., Any]], ...] = (
        ("GET", "answer", answer_create),
        ("POST", "answer", answer_create_post),
        ("GET", "message", message_create),
        ("POST", "message", message_create_post),
    )
    for method, rule, view in routes:
        bp.add_url_rule(f"/questions/<int:question_id>/{rule}", view_func=view, methods=[method])
    change_routes.register(bp)
    resolve_routes.register(bp)


def answer_create(placement_id: int, question_id: int) -> View:
    """The question, and the form in which it is answered, with what was being written."""
    del placement_id  # part of the address; the scope has read it
    place, asked = _asked(question_id)
    session, actor = scope.session(), place.actor
    own = giving.own_answer(session, question_id, actor.user_id)
    if own is not None:
        flash(_("You have answered this question already. Here you can change your answer."))
        return redirect(f"{base(place)}/answers/{own}/edit", code=303)
    rules.require_answers(actor, asked, questions.invitation_of(session, question_id, actor.user_id))
    draft = draft_of(place, For.ANSWER, question_id)
    form = WordsForm(data={"source": draft.source} if draft else {})
    return _answer_page(place, asked, form, draft=draft)


def answer_create_post(placement_id: int, question_id: int) -> View:
    """Answer it; whatever comes in between, the page comes back with what was written."""
    del placement_id
    place, asked = _asked(question_id)
    form = WordsForm(request.form)
    if (page := not_sent(place, form, For.ANSWER, question_id, ANSWER)) is not None:
        return _answer_page(place, asked, form, **page[0]), page[1]
    if not form.validate():
        return _answer_page(place, asked, form), 422
    draft: WordsDraft = form.draft()

    def deed(session: Session, screen: Screen) -> Sent:
        return giving.answer(session, screen, place.actor, question_id, draft)

    screen = screens.screen_for(place, asked.question)
    try:
        giving.consider_answer(scope.session(), screen, place.actor, question_id, draft)
        sent = once(deed, screen)
    except (Invalid, Conflict, NotAllowed) as refusal:
        keep(place, For.ANSWER, question_id, form)
        form.source.errors = [refusal.message]
        return _answer_page(place, _asked(question_id)[1], form), refusal.status
    say_what_became(sent, _("Your answer is sent. Whoever asked gets a notice."))
    return to_question(place, question_id)


def message_create(placement_id: int, question_id: int) -> str:
    """The form for a question back, or for something to add; ``asks=1``: the clock stands still meanwhile."""
    del placement_id
    place, asked = _asked(question_id)
    draft, stops = draft_of(place, For.MESSAGE, question_id), request.args.get("asks") == "1"
    invitation = questions.invitation_of(scope.session(), question_id, place.actor.user_id)
    rules.require_says(place.actor, asked, invitation, asks=stops)
    begun = {"asks": "1" if stops else "", "source": draft.source if draft else ""}
    return _message_page(place, asked, MessageForm(data=begun), draft=draft)


def message_create_post(placement_id: int, question_id: int) -> View:
    """Say it; whatever comes in between, the page comes back with what was written."""
    del placement_id
    place, asked = _asked(question_id)
    form = MessageForm(request.form)
    if (page := not_sent(place, form, For.MESSAGE, question_id, MESSAGE)) is not None:
        return _message_page(place, asked, form, **page[0]), page[1]
    if not form.validate():
        return _message_page(place, asked, form), 422
    draft = form.draft()

    def deed(session: Session, screen: Screen) -> Sent:
        return saying.say(session, screen, place.actor, question_id, draft)

    screen = screens.screen_for(place, asked.question)
    try:
        saying.consider_message(scope.session(), screen, place.actor, question_id, draft)
        sent = once(deed, screen)
    except (Invalid, Conflict, NotAllowed) as refusal:
        keep(place, For.MESSAGE, question_id, form)
        form.source.errors = [refusal.message]
        return _message_page(place, _asked(question_id)[1], form), refusal.status
    done = _("Sent. The clock stands still until whoever asked has answered.") if draft.asks else _("Sent.")
    say_what_became(sent, done)
    return to_question(place, question_id)


def _asked(question_id: int) -> tuple[Here, Asked]:
    place = experts()
    access.require_asks(place.actor)
    return place, questions.seen(scope.session(), place.actor, question_id)


def _answer_page(place: Here, asked: Asked, form: WordsForm, **more: object) -> str:
    writer = writers.writer_of(scope.session(), place.actor, asked.question)
    form.for_target("answer")
    return render_template(
        "experts/answer_create.html",
        asked=asked,
        form=form,
        target=target(For.ANSWER, asked.question.id),
        is_guest=access.is_guest(place.actor, asked.question),
        is_approved=rules.waits_for_approval(place.actor, asked.question, writer.tier),
        rules=writer.ground_rules,
        base=base(place),
        help=markdown_help(str(get_locale()), names=False),
        **more,
    )


def _message_page(place: Here, asked: Asked, form: MessageForm, **more: object) -> str:
    writer = writers.writer_of(scope.session(), place.actor, asked.question)
    form.for_target("message")
    return render_template(
        "experts/message_create.html",
        asked=asked,
        form=form,
        target=target(For.MESSAGE, asked.question.id),
        is_asker=asked.question.asker_id == place.actor.user_id,
        rules=writer.ground_rules,
        base=base(place),
        help=markdown_help(str(get_locale()), names=False),
        **more,
    )
