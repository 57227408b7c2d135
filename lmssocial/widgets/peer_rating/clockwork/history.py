"""What happened to an activity, for staff: every step and whatever was done by hand, in words, the newest first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.kernel.words import ngettext
from lmssocial.lms.identity.models import User
from lmssocial.widgets.peer_rating.models import Edge, Phase
from lmssocial.widgets.peer_rating.settings import Identity, Reveal

MOST = 200
"""Entries that are shown; older ones are in the log of the installation."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that happened."""

    at: datetime
    who: str
    """A name; empty: by itself."""
    says: str
    reason: str
    """In the words of who did it; may be empty."""


def history(session: Session, placement_id: int) -> tuple[Entry, ...]:
    """Everything that staff want to know of, the newest first. Two questions at most."""
    rows = session.execute(
        select(Edge, User.name)
        .outerjoin(User, User.id == Edge.made_by_id)
        .where(
            Edge.placement_id == placement_id,
            ~or_(Edge.edge.startswith("given:"), Edge.edge.startswith("soon:")),
        )
        .order_by(Edge.made_at.desc(), Edge.id.desc())
        .limit(MOST)
    ).all()
    people = {_person(edge) for edge, _name in rows} - {0}
    names: dict[int, str] = {}
    if people:
        found = session.execute(select(User.id, User.name).where(User.id.in_(people)))
        names = {row.id: row.name for row in found}
    return tuple(
        Entry(at=edge.made_at, who=name or "", says=says, reason=edge.reason)
        for edge, name in rows
        if (says := _says(edge, names))
    )


def _person(edge: Edge) -> int:
    """Whose extension it was; 0 if it was none."""
    kind, _colon, rest = edge.edge.partition(":")
    return int(rest) if kind == "extended" and rest.isdigit() else 0


def _says(edge: Edge, names: Mapping[int, str]) -> str:
    kind, _colon, rest = edge.edge.partition(":")
    count = edge.facts.get("count", 0)
    said: dict[str, Callable[[], str]] = {
        "extended": lambda: _extended(edge.facts, names.get(_person(edge), "")),
        "date": _DATES.get(rest, str),
        "reminded": lambda: _reminded(rest, len(edge.facts.get("user_ids", []))),
        "staff": lambda: _staff(rest.partition(":")[0], count),
        "names": lambda: _names(str(edge.facts.get("identity", "")), str(edge.facts.get("reveal", ""))),
        **_DONE,
    }
    return said[kind]() if kind in said else _step(edge.edge)


def _step(edge: str) -> str:
    before, _dash, after = edge.partition("-")
    if before not in set(Phase) or after not in set(Phase):
        return ""
    if Phase(before) is Phase.CANCELLED:
        return _("It was taken up again.")
    if (before, after) == (Phase.RELEASED, Phase.EVALUATE):
        return _("The release of scores was taken back.")
    return {
        Phase.DRAFT: _("It became a draft again."),
        Phase.PUBLISHED: _("It was set up, to open on its day."),
        Phase.SUBMIT: _("Handing in began."),
        Phase.REVIEW: _("Reviewing began."),
        Phase.FEEDBACK: _("Reviewing ended; authors read and answer."),
        Phase.EVALUATE: _("Scores were up for a look."),
        Phase.RELEASED: _("Scores were released."),
        Phase.CLOSED: _("It was closed."),
        Phase.ARCHIVED: _("It was archived."),
        Phase.CANCELLED: _("It was called off."),
    }[Phase(after)]


_DATES = {
    "submit_due_at": lambda: _("The date for handing in was changed for everybody."),
    "review_due_at": lambda: _("The date for reviews was changed for everybody."),
    "feedback_due_at": lambda: _("The date for answers was changed for everybody."),
}


def _names(identity: str, reveal: str) -> str:
    if identity == Identity.NAMED:
        return _("Names were set to be shown.")
    shown = _("They are shown with the scores.") if reveal == Reveal.RELEASED else _("They are never shown.")
    if identity == Identity.SINGLE_BLIND:
        return _("Names of reviewers were set to be hidden from authors.") + " " + shown
    return _("Names of authors and reviewers were set to be hidden from each other.") + " " + shown


_DONE: dict[str, Callable[[], str]] = {
    "appeal-made": lambda: _("An author appealed."),
    "appeal-withdrawn": lambda: _("An appeal was withdrawn."),
    "appeal-assigned": lambda: _("Somebody was asked to decide about an appeal."),
    "appeal-decided": lambda: _("An appeal was decided."),
}


def _extended(facts: Mapping[str, Any], name: str) -> str:
    person = name or _("Somebody who is not here any more")
    if facts.get("submit_due_at") or facts.get("review_due_at"):
        return _("%(person)s got other dates.", person=person)
    return _("%(person)s has the same dates as everybody again.", person=person)


def _reminded(what: str, count: int) -> str:
    if what == "work":
        return ngettext(
            "One person was reminded to hand in.", "%(num)s people were reminded to hand in.", count
        )
    if what == "reviews":
        return ngettext(
            "One person was reminded to review.", "%(num)s people were reminded to review.", count
        )
    return ngettext(
        "One person was reminded to answer reviews.", "%(num)s people were reminded to answer reviews.", count
    )


def _staff(why: str, count: int) -> str:
    if why == "too-few-works":
        return _("The date for handing in was over, and too little was there to begin.")
    if why == "reviews-missing":
        return ngettext(
            "When reviewing ended, one work had too few reviews.",
            "When reviewing ended, %(num)s works had too few reviews.",
            count,
        )
    return {
        "scores-ready": _("Scores were ready to be released."),
        "scoring-failed": _("Scores could not be worked out."),
        "allocator-failed": _("The chosen way to give out works failed; the built-in one was used."),
    }.get(why, "")
