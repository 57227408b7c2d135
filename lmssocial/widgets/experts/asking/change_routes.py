"""The addresses at which askers change and withdraw their questions."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here
from lmssocial.social.composing import attaching, previews
from lmssocial.social.composing.markdown_help import markdown_help
from lmssocial.social.composing.saved import SavedDraft, saved_draft
from lmssocial.social.content import unsent
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.moderation.request import screen_here
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.widgets.experts import questions
from lmssocial.widgets.experts.asking import changing
from lmssocial.widgets.experts.asking.finding import QUESTION
from lmssocial.widgets.experts.asking.forms import QuestionEditForm, line_of
from lmssocial.widgets.experts.blueprint import base, experts
from lmssocial.widgets.experts.drafting.targets import For, target
from lmssocial.widgets.experts.models import Audience
from lmssocial.widgets.experts.questions import Asked
from lmssocial.widgets.experts.topics import queries as topics

View = Response | str | tuple[str, int]


def register(bp: Blueprint) -> None:
    """Put the pages into the blueprint."""
    at = "/questions/<int:question_id>"
    bp.add_url_rule(f"{at}/edit", view_func=question_edit, methods=["GET"])
    bp.add_url_rule(f"{at}/edit", view_func=question_edit_post, methods=["POST"])
    bp.add_url_rule(f"{at}/withdraw", view_func=question_withdraw, methods=["GET"])
    bp.add_url_rule(f"{at}/withdraw", view_func=question_withdraw_post, methods=["POST"])


def question_edit(placement_id: int, question_id: int) -> str:
    """The form for another wording, other topics, another audience."""
    place, asked = _own(placement_id, question_id)
    draft = _draft(place, question_id)
    return _edit_page(place, asked, _form(asked, data=_as_it_stands(asked, draft)), draft=draft)


def _as_it_stands(asked: Asked, draft: SavedDraft | None) -> dict[str, Any]:
    question, words = asked.question, asked.words
    labels = topics.labels(scope.session(), questions.topics_of(scope.session(), question.id))
    return {
        "title": (draft.title if draft else "") or words.title,
        "source": draft.source if draft else words.source,
        "topics": line_of(sorted(labels.values(), key=str.casefold)),
        "context_title": question.context_title,
        "context_url": question.context_url,
        "urgency": question.urgency.value,
        "audience": question.audience.value,
        "language": question.language,
        "seen_version": words.version,
    }


def _form(asked: Asked, **filled: Any) -> QuestionEditForm:
    """The form with the choices there are: opening a question is always possible, closing it only at first."""
    question = asked.question
    is_private = question.audience is Audience.EXPERTS
    form = QuestionEditForm(**filled)
    form.offer(private=asked.settings.private or is_private)
    if not is_private and not changing.may_narrow(asked):
        form.keep_open()
    return form


def question_edit_post(placement_id: int, question_id: int) -> View:
    """Change it; whatever comes in between, the page comes back with what was written."""
    place, asked = _own(placement_id, question_id)
    form, name = _form(asked, formdata=request.form), target(For.QUESTION, question_id)
    if "attach" in request.form:
        status = attaching.attach_to(form, place, name)
        draft = _draft(place, question_id) if form.attached else None
        return _edit_page(place, asked, form, draft=draft), status
    if "preview" in request.form:
        shown = previews.preview_of(
            form, place, QUESTION, form.title.data or "", names=False, of=asked.words.id
        )
        return _edit_page(place, asked, form, preview=shown)
    if not form.validate():
        return _edit_page(place, asked, form), 422
    return _save(place, question_id, form)


def _save(place: Here, question_id: int, form: QuestionEditForm) -> View:
    policies, draft = screen_here(), form.draft_of(question_id)
    try:
        changing.consider(scope.session(), policies, place.actor, draft)
        with unit_of_work(scope.session()) as session:
            question = changing.edit(session, policies, place.actor, draft)
            state = session.get_one(Contribution, question.contribution_id).state
    except Conflict as overtaken:
        return _overtaken(place, question_id, form, overtaken)
    except (Invalid, NotAllowed) as refusal:
        form.source.errors = [refusal.message]
        return _edit_page(place, _seen(place, question_id), form), refusal.status
    if state is State.PUBLISHED:
        flash(_("Your question is changed."), "good")
    else:
        flash(_("A moderator looks at it first. Until then nobody else reads your question."), "warn")
    return _to(place.placement_id, question_id)


def _overtaken(place: Here, question_id: int, form: QuestionEditForm, overtaken: Conflict) -> View:
    """The form with what was written, above what it says by now; sent again, it replaces that."""
    asked = _seen(place, question_id)
    if not changing.may_change(place.actor, asked):
        flash(overtaken.message, "warn")
        return _to(place.placement_id, question_id)
    form.source.errors = [overtaken.message]
    form.seen_version.data, form.seen_version.raw_data = asked.words.version, None
    return _edit_page(place, asked, form, overtaken=True), overtaken.status


def question_withdraw(placement_id: int, question_id: int) -> str:
    """Asks whether they mean it, and says what follows."""
    place, asked = _own(placement_id, question_id)
    return render_template("experts/question_withdraw.html", asked=asked, base=base(place), form=ButtonForm())


def question_withdraw_post(placement_id: int, question_id: int) -> Response:
    """Withdraw it."""
    place = experts()
    if ButtonForm(request.form).validate():
        with unit_of_work(scope.session()) as session:
            changing.withdraw(session, place.actor, question_id)
        flash(_("Your question is withdrawn. Whoever was asked to answer it is told."), "good")
    else:
        flash(_("This page had grown old, so nothing was withdrawn. Please press the button again."), "warn")
    return _to(placement_id, question_id)


def _own(placement_id: int, question_id: int) -> tuple[Here, Asked]:
    """A question that the actor may change.

    :raises NotFound: if there is none for them.
    :raises NotAllowed: if it is not theirs.
    :raises Conflict: if it has come to its end.
    """
    del placement_id  # part of the address; the scope has read it
    place = experts()
    asked = _seen(place, question_id)
    changing.require_may_change(place.actor, asked)
    return place, asked


def _seen(place: Here, question_id: int) -> Asked:
    return questions.seen(scope.session(), place.actor, question_id)


def _draft(place: Here, question_id: int) -> SavedDraft | None:
    name = target(For.QUESTION, question_id)
    return saved_draft(unsent.draft_for(scope.session(), place.actor, name))


def _to(placement_id: int, question_id: int) -> Response:
    address = url_for("experts.question_detail", placement_id=placement_id, question_id=question_id)
    return redirect(address, code=303)


def _edit_page(place: Here, asked: Asked, form: QuestionEditForm, **more: object) -> str:
    form.for_target("question")
    return render_template(
        "experts/question_edit.html",
        asked=asked,
        form=form,
        target=target(For.QUESTION, asked.question.id),
        known_topics=topics.names(scope.session(), place.actor),
        base=base(place),
        help=markdown_help(str(get_locale()), names=False),
        **more,
    )
