"""The addresses of asking: the form, what resembles a question, and what solved it."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Invalid, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here
from lmssocial.social.composing import attaching, previews
from lmssocial.social.composing.forms import MAX_TITLE
from lmssocial.social.composing.markdown_help import markdown_help
from lmssocial.social.composing.saved import SavedDraft, saved_draft
from lmssocial.social.content import unsent
from lmssocial.social.content.drafts import Unsent
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.content.text import tidy_line
from lmssocial.social.knowledge.ports import Found, ports_of
from lmssocial.social.moderation.request import screen_here
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm, WholeNumberField
from lmssocial.web.program import program
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.asking import change_routes, limits, list_routes, service, similar
from lmssocial.widgets.experts.asking.finding import QUESTION
from lmssocial.widgets.experts.asking.forms import QuestionForm
from lmssocial.widgets.experts.blueprint import base, experts, settings_of
from lmssocial.widgets.experts.drafting.targets import For, target
from lmssocial.widgets.experts.topics import queries as topics

View = Response | str | tuple[str, int]


def register(bp: Blueprint) -> None:
    """Put the pages of this room into the blueprint."""
    routes: tuple[tuple[str, str, Callable[..., Any]], ...] = (
        ("GET", "/ask", question_create),
        ("POST", "/ask", question_create_post),
        ("GET", "/ask/similar", question_similar),
        ("POST", "/ask/solved", question_solved),
        ("GET", "/ask/thanks", question_thanks),
    )
    for method, rule, view in routes:
        bp.add_url_rule(rule, view_func=view, methods=[method])
    change_routes.register(bp)
    list_routes.register(bp)


def question_create(placement_id: int) -> str:
    """The form, with what was being written, or what the address says."""
    place = experts()
    access.require_asks(place.actor)
    draft = _draft(place)
    form = QuestionForm(data=_begun(place, draft)).offer(private=settings_of(place).private)
    enough = limits.open_ones(scope.session(), place.actor) >= settings_of(place).most_open
    return _page(place, form, draft=draft, enough=enough, placement_id=placement_id)


def _begun(place: Here, draft: SavedDraft | None) -> dict[str, str]:
    """What a new form begins with: a draft, or the words of the address; and the activity that led here."""
    said = request.args
    begun = {
        "title": tidy_line(said.get("title", ""))[:MAX_TITLE],
        "topics": tidy_line(said.get("topics", ""))[:400],
        "context_title": tidy_line(said.get("context", ""))[:200],
        "context_url": said.get("url", "")[:2000],
    }
    if not begun["context_title"]:
        begun["context_url"] = begun["context_url"] or place.way_back
    if draft is not None:
        begun |= {"title": draft.title or begun["title"], "source": draft.source}
    return begun


def _draft(place: Here) -> SavedDraft | None:
    name = target(For.ASK, place.placement_id)
    return saved_draft(unsent.draft_for(scope.session(), place.actor, name))


def question_create_post(placement_id: int) -> View:
    """Ask; whatever comes in between, the page comes back with what was written."""
    place = experts()
    access.require_asks(place.actor)
    form = QuestionForm(request.form).offer(private=settings_of(place).private)
    if "attach" in request.form:
        status = attaching.attach_to(form, place, target(For.ASK, placement_id))
        return _page(place, form, draft=_draft(place) if form.attached else None), status
    if "preview" in request.form:
        shown = previews.preview_of(form, place, QUESTION, form.title.data or "", names=False)
        return _page(place, form, preview=shown)
    if not form.validate():
        return _page(place, form), 422
    found = similar_to(place, form.title.data or "")
    if {one.contribution_id for one in found} - _looked_at():
        return _page(place, form, similar=found, ask_first=True)
    return _sent_or_kept(place, placement_id, form)


def _sent_or_kept(place: Here, placement_id: int, form: QuestionForm) -> View:
    try:
        return _send(place, placement_id, form)
    except Invalid as refusal:
        form.source.errors = [refusal.message]
        earlier_id = refusal.question_id if isinstance(refusal, limits.AskedBefore) else None
        _keep(place, form)
        return _page(place, form, earlier_id=earlier_id, draft=_draft(place)), refusal.status


def _keep(place: Here, form: QuestionForm) -> None:
    """What was refused is kept as a draft, so that it can be sent when there is room for it."""
    name = target(For.ASK, place.placement_id)
    with unit_of_work(scope.session()) as session:
        before = unsent.draft_for(session, place.actor, name)
        draft = Unsent(
            target=name,
            title=form.title.data or "",
            source=form.source.data or "",
            sequence=(before.sequence if before else 0) + 1,
        )
        unsent.save_draft(session, place.actor, draft)


def _looked_at() -> set[int]:
    """What the asker has before their eyes, and does not say of that it solves their question."""
    said = request.form.get("looked", "")[:200].split()
    return {int(part) for part in said if part.isascii() and part.isdigit()}


def _send(place: Here, placement_id: int, form: QuestionForm) -> Response:
    """Send it, once; if the same form came in twice at the same moment, the second finds the first."""
    policies, draft, actor = screen_here(), form.draft(), place.actor
    handed_in = service.consider(scope.session(), policies, actor, placement_id, draft)
    try:
        with unit_of_work(scope.session()) as session:
            question = service.ask(session, policies, actor, placement_id, draft)
            asked = question.id, session.get_one(Contribution, question.contribution_id).state
    except IntegrityError:
        with unit_of_work(scope.session()) as session:
            question = service.ask(session, policies, actor, placement_id, draft)
            asked = question.id, session.get_one(Contribution, question.contribution_id).state
    say_what_became(asked[1], _("Your question is sent. You get a notice as soon as somebody answers."))
    if asked[1] is State.PUBLISHED:
        for message in handed_in.screening.messages:
            flash(message, "warn")
    address = url_for("experts.question_detail", placement_id=placement_id, question_id=asked[0])
    return redirect(address, code=303)


def say_what_became(state: State, done: str) -> None:
    """Say at the top of the next page what became of a question that was sent."""
    if state is State.PUBLISHED:
        flash(done, "good")
    else:
        flash(
            _("A moderator of this course looks at your question first. Until then nobody else reads it."),
            "warn",
        )


def question_similar(placement_id: int) -> str:  # noqa: ARG001 – the place of the request knows it
    """What may answer the question that somebody is typing; a fragment for the form, empty if there is nothing."""
    place = experts()
    found = similar_to(place, request.args.get("title", ""))
    return render_template("experts/_similar.html", similar=found)


def similar_to(place: Here, title: str) -> Sequence[Found]:
    """What may answer a question with this title."""
    known = ports_of(program().widgets.values())
    return similar.like(scope.session(), place.actor, known, place.placement_id, title[:MAX_TITLE])


class SolvedForm(ButtonForm):
    """What solved it."""

    solved = WholeNumberField()


def question_solved(placement_id: int) -> Response:
    """Something that was there solved it: count that, and forget the draft."""
    place, form = experts(), SolvedForm(request.form)
    if not form.validate() or form.solved.data is None:
        flash(_("This page had grown old, so nothing was done. Please press the button again."), "warn")
        return redirect(url_for("experts.question_create", placement_id=placement_id), code=303)
    known = ports_of(program().widgets.values())
    with unit_of_work(scope.session()) as session:
        similar.solved(session, place.actor, known, placement_id, form.solved.data)
        unsent.discard_draft(session, place.actor, target(For.ASK, placement_id))
    return redirect(url_for("experts.question_thanks", placement_id=placement_id), code=303)


def question_thanks(placement_id: int) -> str:
    """Says that nothing was sent, and where to go on."""
    place = experts()
    if place.placement_id != placement_id:
        raise NotFound
    return render_template("experts/question_thanks.html", base=base(place))


def _page(place: Here, form: QuestionForm, **more: object) -> str:
    form.for_target("question")
    form.compare_titles(f"{base(place)}/ask/similar", "#similar")
    if request.method == "POST" and "similar" not in more:
        more["similar"] = similar_to(place, form.title.data or "")
    return render_template(
        "experts/question_create.html",
        form=form,
        target=target(For.ASK, place.placement_id),
        known_topics=topics.names(scope.session(), place.actor),
        base=base(place),
        help=markdown_help(str(get_locale()), names=False),
        settings=settings_of(place),
        **more,
    )
