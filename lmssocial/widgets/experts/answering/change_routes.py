"""The addresses of what was said already: another wording, and taking it back."""

from flask import Blueprint, flash, render_template, request
from flask_babel import get_locale
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here
from lmssocial.social.composing.markdown_help import markdown_help
from lmssocial.social.moderation.screening import Screen
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.widgets.experts import screens, writers
from lmssocial.widgets.experts.answering import changing, rules
from lmssocial.widgets.experts.answering.changing import Piece
from lmssocial.widgets.experts.answering.drafts import Sent
from lmssocial.widgets.experts.answering.forms import RewordForm
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


def register(bp: Blueprint) -> None:
    """Put the pages into the blueprint."""
    at = "/answers/<int:answer_id>"
    bp.add_url_rule(f"{at}/edit", view_func=answer_edit, methods=["GET"])
    bp.add_url_rule(f"{at}/edit", view_func=answer_edit_post, methods=["POST"])
    bp.add_url_rule(f"{at}/take-back", view_func=answer_take_back, methods=["GET"])
    bp.add_url_rule(f"{at}/take-back", view_func=answer_take_back_post, methods=["POST"])


def answer_edit(placement_id: int, answer_id: int) -> str:
    """The form for another wording of an own answer, or of something said beside one."""
    del placement_id  # part of the address; the scope has read it
    place = experts()
    piece = changing.piece_of(scope.session(), place.actor, answer_id)
    draft = draft_of(place, For.WORDS, answer_id)
    begun = {"source": draft.source if draft else piece.words.source, "seen_version": piece.words.version}
    return _edit_page(place, piece, RewordForm(data=begun), draft=draft)


def answer_edit_post(placement_id: int, answer_id: int) -> View:
    """Change it; whatever comes in between, the page comes back with what was written."""
    del placement_id
    place, form = experts(), RewordForm(request.form)
    piece = changing.piece_of(scope.session(), place.actor, answer_id)
    if (page := not_sent(place, form, For.WORDS, answer_id, piece.words.kind, of=answer_id)) is not None:
        return _edit_page(place, piece, form, **page[0]), page[1]
    if not form.validate():
        return _edit_page(place, piece, form), 422
    draft = form.draft()

    def deed(session: Session, screen: Screen) -> Sent:
        return changing.edit(session, screen, place.actor, answer_id, draft)

    screen = screens.screen_for(place, piece.asked.question)
    try:
        changing.consider_edit(scope.session(), screen, place.actor, answer_id, draft)
        sent = once(deed, screen)
    except Conflict as overtaken:
        return _overtaken(place, answer_id, form, overtaken)
    except (Invalid, NotAllowed) as refusal:
        form.source.errors = [refusal.message]
        return _edit_page(place, piece, form), refusal.status
    say_what_became(sent, _("Saved."))
    return to_question(place, sent.question_id)


def _overtaken(place: Here, answer_id: int, form: RewordForm, overtaken: Conflict) -> View:
    """The form with what was written, above what it says by now; sent again, it replaces that."""
    keep(place, For.WORDS, answer_id, form)
    piece = changing.piece_of(scope.session(), place.actor, answer_id)
    form.source.errors = [overtaken.message]
    form.seen_version.data, form.seen_version.raw_data = piece.words.version, None
    return _edit_page(place, piece, form, overtaken=True), overtaken.status


def answer_take_back(placement_id: int, answer_id: int) -> str:
    """Asks whether they mean it, and says what follows."""
    del placement_id
    place = experts()
    piece = changing.piece_to_take(scope.session(), place.actor, answer_id)
    return render_template(
        "experts/answer_take_back.html",
        piece=piece,
        is_own=piece.words.author_id == place.actor.user_id,
        base=base(place),
        form=ButtonForm(),
    )


def answer_take_back_post(placement_id: int, answer_id: int) -> Response:
    """Take it back, or as a moderator take it away."""
    del placement_id
    place = experts()
    if not ButtonForm(request.form).validate():
        flash(_("This page had grown old, so nothing was done. Please press the button again."), "warn")
        piece = changing.piece_to_take(scope.session(), place.actor, answer_id)
        return to_question(place, piece.asked.question.id)
    with unit_of_work(scope.session()) as session:
        question_id = changing.take_back(session, place.actor, answer_id)
    flash(_("It is taken back. Nobody reads it any more."), "good")
    return to_question(place, question_id)


def _edit_page(place: Here, piece: Piece, form: RewordForm, **more: object) -> str:
    writer = writers.writer_of(scope.session(), place.actor, piece.asked.question)
    form.for_target("words")
    is_approved = piece.is_answer and rules.waits_for_approval(place.actor, piece.asked.question, writer.tier)
    return render_template(
        "experts/answer_edit.html",
        piece=piece,
        form=form,
        target=target(For.WORDS, piece.words.id),
        is_approved=is_approved,
        rules=writer.ground_rules,
        base=base(place),
        help=markdown_help(str(get_locale()), names=False),
        **more,
    )
