"""Where staff may move an activity by hand, what that takes, and what becomes of what is there. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.kernel.words import ngettext
from lmssocial.widgets.peer_rating.clockwork.plan import Facts, after_review, is_over
from lmssocial.widgets.peer_rating.models import Phase
from lmssocial.widgets.peer_rating.settings import PeerSettings

DATES = ("submit_due_at", "review_due_at", "feedback_due_at")
"""The settings that end a phase, in their order."""
ENDS = {
    Phase.SUBMIT: "submit_due_at",
    Phase.REVIEW: "review_due_at",
    Phase.FEEDBACK: "feedback_due_at",
}
"""Which of them ends which phase."""
WEEK = timedelta(days=7)
"""How far apart dates are put that were in no order."""
_ORDER = {phase: place for place, phase in enumerate(Phase)}


@dataclass(frozen=True, kw_only=True)
class Move:
    """A way to go from where an activity is."""

    to: Phase
    is_back: bool
    """Whether something is undone by it; it is said why, then."""
    needs_date: bool
    """Whether the date that ends the phase is over, or not there: without a new one it would go on at once."""
    tells: tuple[str, ...]
    """What becomes of what is there, in sentences."""

    @property
    def is_plain(self) -> bool:
        """Whether one press of a button says it all."""
        return not (self.is_back or self.needs_date or self.to is Phase.CANCELLED)


def moves(
    settings: PeerSettings, facts: Facts, now: datetime, *, cancelled_in: Phase | None = None
) -> tuple[Move, ...]:
    """Every move by hand that is possible now: forwards first, then back, then calling it off.

    Releasing scores is not among them: it has its own page, where they are looked at.

    :param cancelled_in: where it was when it was called off, so that it can be taken up again.
    """
    targets = _targets(settings, facts, now)
    if facts.phase is Phase.CANCELLED:
        targets = () if cancelled_in is None else (cancelled_in,)
    return tuple(
        Move(
            to=to,
            is_back=_is_back(facts.phase, to),
            needs_date=_is_back(facts.phase, to) and _needs_date(settings, to, now),
            tells=_tells(settings, facts, to),
        )
        for to in targets
    )


def move_to(found: tuple[Move, ...], phase: Phase) -> Move | None:
    """The move among ``found`` that leads to ``phase``."""
    return next((move for move in found if move.to is phase), None)


def forwards(found: tuple[Move, ...]) -> Move | None:
    """The move that goes on, if there is one."""
    return next((move for move in found if not move.is_back and move.to is not Phase.CANCELLED), None)


def _targets(settings: PeerSettings, facts: Facts, now: datetime) -> tuple[Phase, ...]:
    back_to_answers = (Phase.FEEDBACK,) if settings.feedback_due_at else ()
    return {
        Phase.DRAFT: (),
        Phase.PUBLISHED: (Phase.SUBMIT, Phase.DRAFT, Phase.CANCELLED),
        Phase.SUBMIT: (
            *((Phase.REVIEW,) if facts.works else ()),
            *(() if facts.works or facts.held else (Phase.DRAFT,)),
            Phase.CANCELLED,
        ),
        Phase.REVIEW: (after_review(settings, now), Phase.SUBMIT, Phase.CANCELLED),
        Phase.FEEDBACK: (Phase.EVALUATE, Phase.REVIEW, Phase.CANCELLED),
        Phase.EVALUATE: (*back_to_answers, Phase.REVIEW, Phase.SUBMIT, Phase.CANCELLED),
        Phase.RELEASED: (*(() if facts.undecided else (Phase.CLOSED,)), Phase.EVALUATE),
        Phase.CLOSED: (Phase.RELEASED, Phase.EVALUATE),
    }.get(facts.phase, ())


def _is_back(before: Phase, to: Phase) -> bool:
    return _ORDER[to] < _ORDER[before]


def _needs_date(settings: PeerSettings, to: Phase, now: datetime) -> bool:
    name = ENDS.get(to)
    if name is None:
        return False
    due: datetime | None = getattr(settings, name)
    return is_over(due, now) or (due is None and to is Phase.FEEDBACK)


def _tells(settings: PeerSettings, facts: Facts, to: Phase) -> tuple[str, ...]:
    if to is Phase.CANCELLED:
        return (
            _("Nobody hands in or reviews any more, and everybody who takes part is told."),
            _("Reviews that people are writing are taken back. What they wrote is kept."),
            _("Nothing is deleted: you still see all works and reviews, and can take the activity up again."),
            _("No grade goes to your LMS."),
        )
    if facts.phase is Phase.CANCELLED:
        return (
            _("It goes on where it was. Works and finished reviews count as before."),
            _("Reviews that were taken back are given out again."),
        )
    if (facts.phase is Phase.RELEASED and to is Phase.EVALUATE) or facts.phase is Phase.CLOSED:
        return _tells_of_scores(to)
    if _is_back(facts.phase, to):
        return _tells_back(facts, to)
    return _tells_on(settings, facts, to)


def _tells_of_scores(to: Phase) -> tuple[str, ...]:
    if to is Phase.RELEASED:
        return (
            _("Authors may appeal once more, as long as the settings give them time."),
            _("Scores and grades stay as they are."),
        )
    return (
        _("Authors do not see their scores until you release them again. Reviews can still be read."),
        _("Grades that are in your LMS stay there, and are replaced when you release again."),
        _("Appeals and overrides stay as they are."),
    )


def _tells_back(facts: Facts, to: Phase) -> tuple[str, ...]:
    said = [_("All works and finished reviews stay, and count.")]
    if to is Phase.DRAFT:
        return (_("Learners read that it is not open yet."), _("All settings stay as they are."))
    if to is Phase.SUBMIT:
        said.append(_("People may hand in again. Reviewing waits until that is over."))
    if to is Phase.REVIEW:
        said.append(_("People may review again. What is missing is given out."))
    if to in {Phase.SUBMIT, Phase.REVIEW} and facts.phase in {Phase.FEEDBACK, Phase.EVALUATE}:
        said.append(_("Authors do not see reviews of their work again until reviewing is over."))
        said.append(_("What authors said about reviews is kept."))
    if to is Phase.FEEDBACK:
        said.append(_("Authors may again say what helped them, and answer."))
    said.append(_("Later dates are moved by as much, where they would come too early."))
    return tuple(said)


def _tells_on(settings: PeerSettings, facts: Facts, to: Phase) -> tuple[str, ...]:
    if to is Phase.SUBMIT:
        return (_("People may hand in from now on, and are told."),)
    if to is Phase.REVIEW:
        said = [
            ngettext(
                "One work is there. Nobody but you can review it.",
                "%(num)s works are there to be reviewed.",
                facts.works,
            )
        ]
        if settings.late == "accepted":
            said.append(_("Who comes later may still hand in, as long as reviewing goes on."))
        return tuple(said)
    if to is Phase.CLOSED:
        return (_("Nobody can appeal any more."),)
    said = [_("Reviewing ends. Reviews that people are writing go back; what they wrote is kept.")]
    if facts.phase is Phase.FEEDBACK:
        said = [_("Authors read reviews, but cannot answer them any more.")]
    if facts.missing:
        said.append(
            ngettext(
                "One work has fewer reviews than it needs for a score. You find it on the board.",
                "%(num)s works have fewer reviews than they need for a score. You find them on the board.",
                facts.missing,
            )
        )
    return tuple(said)


def with_date(settings: PeerSettings, name: str, to: datetime) -> PeerSettings:
    """The settings with another date; later ones that would come too early are moved by as much."""
    before: datetime | None = getattr(settings, name)
    by = to - before if before is not None else WEEK
    changed: dict[str, Any] = {name: to}
    latest = to
    for later in DATES[DATES.index(name) + 1 :]:
        due: datetime | None = getattr(settings, later)
        if due is None:
            continue
        if due <= latest:
            due = due + by if due + by > latest else latest + WEEK
            changed[later] = due
        latest = due
    return replace(settings, **changed)
