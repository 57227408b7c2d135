"""The moderators' desk: what waits, one case, and what can be decided about it."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import Span
from lmssocial.core.kernel.errors import Conflict, Invalid, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities import appointments
from lmssocial.social.communities.scope import Here, here
from lmssocial.social.moderation import cases, decisions, queries, reasons
from lmssocial.social.moderation.choice import Choice, View
from lmssocial.social.moderation.decisions import Decision
from lmssocial.social.moderation.examined import examine
from lmssocial.social.moderation.forms import ChoiceForm, DecideForm, RedactForm, SeenForm
from lmssocial.social.moderation.models import Case, CaseState, Deed, FlagReason
from lmssocial.social.moderation.routes.blueprint import (
    bp,
    number,
    one_of,
    policy_choices,
    port_of_case,
    ports,
)
from lmssocial.social.moderation.views import CaseView
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm

Answer = Response | str | tuple[str, int]


@bp.get("/")
def case_list(placement_id: int) -> str:  # noqa: ARG001 – part of the address; the scope has read it
    """The cases of this community."""
    place, session, choice = here(), scope.session(), _choice()
    page = queries.desk(session, place.actor, place.tier, ports(), choice)
    narrow = ChoiceForm(data={"why": request.args.get("why", "")})
    narrow.offer(policy_choices())
    return render_template(
        "moderation/case_list.html",
        page=page,
        choice=choice,
        narrow=narrow,
        counts=queries.counts(session, place.actor),
        forms={case.id: _decide_form(case) for case in page.cases},
        kept=_kept(),
        has_steward=appointments.has_steward(session, place.actor),
    )


@bp.get("/<int:case_id>")
def case_detail(placement_id: int, case_id: int) -> str:  # noqa: ARG001
    """One case with everything that is known about it."""
    return _case_page(here(), case_id)


@bp.post("/<int:case_id>/claim")
def case_claim(placement_id: int, case_id: int) -> Response:  # noqa: ARG001
    """Keep a case for a while, so that nobody else reads the same."""
    return _at_once(
        case_id, lambda session, place: cases.claim(session, place.actor, case_id), _("It is yours.")
    )


@bp.post("/<int:case_id>/release")
def case_release(placement_id: int, case_id: int) -> Response:  # noqa: ARG001
    """Give it back."""
    return _at_once(
        case_id, lambda session, place: cases.release(session, place.actor, case_id), _("Given back.")
    )


@bp.post("/<int:case_id>/decide")
def case_decide(placement_id: int, case_id: int) -> Answer:  # noqa: ARG001
    """Approve it, do not publish it, or ask for a change."""
    place = here()
    form = DecideForm(request.form, prefix=f"case{case_id}-")
    if not form.validate():
        return _case_page(place, case_id, form), 422
    port, was_readable = port_of_case(place, case_id), request.args.get("readable") == "1"
    decision = Decision(
        deed=Deed(form.deed.data or ""), seen_version=form.version.data or 0, message=form.message.data or ""
    )

    def decide(session: Session) -> Case:
        queries.require_same_wording(session, place.actor, case_id, form.wording.data or "")
        return decisions.decide(session, place.actor, port, case_id, decision)

    return _carried_out(place, case_id, form, decide, lambda case: _done(case, was_readable=was_readable))


@bp.get("/<int:case_id>/redact")
def case_redact(placement_id: int, case_id: int) -> str:  # noqa: ARG001
    """Choose the words to take out."""
    return _redact_page(here(), case_id)


@bp.post("/<int:case_id>/redact")
def case_redact_post(placement_id: int, case_id: int) -> Answer:  # noqa: ARG001
    """Take them out, and publish the rest."""
    place, form = here(), RedactForm(request.form)
    if not form.validate():
        return _redact_page(place, case_id, form), 422
    port = port_of_case(place, case_id)

    def take_out(session: Session) -> Case:
        source = queries.require_same_wording(session, place.actor, case_id, form.wording.data or "")
        spans = reasons.within(source, [*form.chosen(), *_found(source, list(form.words.data or ()))])
        decision = Decision(
            deed=Deed.REDACTED,
            seen_version=form.version.data or 0,
            message=form.message.data or "",
            spans=spans,
        )
        return decisions.decide(session, place.actor, port, case_id, decision)

    try:
        with unit_of_work(scope.session()) as session:
            take_out(session)
    except (Conflict, Invalid) as problem:
        return _redact_page(place, case_id, form, problem.message), problem.status
    flash(_("The words are taken out, and its author can read why."), "good")
    return _onward(case_id)


def _found(source: str, phrases: list[str]) -> tuple[Span, ...]:
    missing = [phrase for phrase in phrases if not reasons.find(source, [phrase])]
    if missing:
        raise Invalid(_("These words do not stand in the text: %(words)s.", words="; ".join(missing)))
    return reasons.find(source, phrases)


@bp.post("/<int:case_id>/restore")
def case_restore(placement_id: int, case_id: int) -> Answer:  # noqa: ARG001
    """Take a decision back."""
    place, form = here(), SeenForm(request.form, prefix=f"case{case_id}-")
    if not form.validate():
        return _case_page(place, case_id), 422
    port = port_of_case(place, case_id)

    def restore(session: Session) -> Case:
        queries.require_same_wording(session, place.actor, case_id, form.wording.data or "")
        return decisions.restore(session, place.actor, port, case_id, form.version.data or 0)

    done = _("The decision is taken back, and everybody can read it.")
    return _carried_out(place, case_id, None, restore, lambda _case: done)


def _carried_out(
    place: Here,
    case_id: int,
    form: DecideForm | None,
    deed: Callable[[Session], Case],
    done: Callable[[Case], str],
) -> Answer:
    """Do it in one transaction, and go on; where somebody was faster, the case again, with what was typed."""
    try:
        with unit_of_work(scope.session()) as session:
            said = done(deed(session))
    except (Conflict, Invalid) as problem:
        return _case_page(place, case_id, form, problem.message), problem.status
    flash(said, "good")
    return _onward(case_id)


def _done(case: Case, *, was_readable: bool) -> str:
    if case.state is CaseState.OPEN:
        return _("Your approval counts. Somebody else has to approve it as well before it is published.")
    if case.state is CaseState.REJECTED:
        return _("Not published. Its author can read your message, change the text and hand it in again.")
    if case.state is CaseState.CHANGE_ASKED:
        return _("Your wish is with its author, who can change the text and hand it in again.")
    if case.state is CaseState.REDACTED:
        return _("The words are taken out, and its author can read why.")
    return _("It stands as it is.") if was_readable else _("Published.")


def _at_once(case_id: int, deed: Callable[[Session, Here], Case], done: str) -> Response:
    """One press of a button; where somebody was faster, a notice says so."""
    place = here()
    if not ButtonForm(request.form).validate():
        flash(_("This page had grown old, so nothing has changed. Please press the button again."), "warn")
        return _onward(case_id)
    try:
        with unit_of_work(scope.session()) as session:
            deed(session, place)
    except Conflict as problem:
        flash(problem.message, "warn")
    else:
        flash(done, "good")
    return _onward(case_id)


def _onward(case_id: int) -> Response:
    """Back to where the button stood."""
    placement_id = here().placement_id
    if request.args.get("at") == "case":
        return redirect(
            url_for("moderation.case_detail", placement_id=placement_id, case_id=case_id), code=303
        )
    return redirect(url_for("moderation.case_list", placement_id=placement_id, **_kept()), code=303)


def _choice() -> Choice:
    kind, _colon, value = request.args.get("why", "").partition(":")
    return Choice(
        view=one_of(View, request.args.get("view", "")) or View.WAITING,
        policy=value[:32] if kind == "policy" else "",
        flag=one_of(FlagReason, value) if kind == "flag" else None,
        author_id=number("author"),
        after=number("after"),
    )


def _kept() -> dict[str, Any]:
    """What the address says of the list, so that it is the same list after a decision."""
    return {name: value for name in ("view", "why", "author") if (value := request.args.get(name))}


def _decide_form(case: CaseView, filled: DecideForm | None = None) -> DecideForm:
    """The form of a case as it stands now; with what was typed, if something was."""
    form = filled or DecideForm(prefix=f"case{case.id}-")
    _see(form, case)
    return form


def _see(form: SeenForm, case: CaseView) -> None:
    form.version.data, form.version.raw_data = case.version, None
    form.wording.data = case.wording


def _case(place: Here, case_id: int) -> Any:
    found = queries.case_view(scope.session(), place.actor, place.tier, ports(), case_id)
    if found is None:
        raise NotFound(
            _("This case does not exist, or it is not yours to decide."),
            reason=f"user {place.actor.user_id} sees no case {case_id}",
        )
    return found


def _case_page(place: Here, case_id: int, filled: DecideForm | None = None, problem: str = "") -> str:
    case, row = _case(place, case_id)
    return render_template(
        "moderation/case_detail.html",
        case=case,
        more=examine(scope.session(), place.actor, row),
        form=_decide_form(case, filled),
        problem=problem,
        kept={"at": "case"},
    )


def _redact_page(place: Here, case_id: int, filled: RedactForm | None = None, problem: str = "") -> str:
    case, row = _case(place, case_id)
    source = row.words.source if row.words is not None else ""
    marked = [span for objection in case.objections for span in objection.spans]
    form = filled or RedactForm(data={"spans": [f"{span.start}-{span.end}" for span in marked]})
    _see(form, case)
    offered = reasons.within(source, [*marked, *form.chosen()])
    form.spans.choices = [(f"{span.start}-{span.end}", source[span.start : span.end]) for span in offered]
    return render_template(
        "moderation/case_redact.html",
        case=case,
        form=form,
        source=source,
        pieces=reasons.marked(source, marked),
        problem=problem,
        kept=_kept() | ({"at": "case"} if request.args.get("at") == "case" else {}),
    )
