"""What a member does not want to be counted. Nothing here commits, and nothing of it goes into the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lmssocial.plugin import Invalid, NotFound, gettext, now
from lmssocial.plugin_data import Actor
from lmssocial_reporting.definition import Kind
from lmssocial_reporting.evidence import days
from lmssocial_reporting.models import Withheld
from lmssocial_reporting.people import Window
from lmssocial_reporting.store.port import ReportStore

READING = (Kind.ITEM_OPENED, Kind.SEARCH_USED)
"""What is left out of who does not want their reading to be counted."""


@dataclass(frozen=True)
class Which:
    """Some of one's own evidence of a day; what is ``None`` is left open."""

    kind: Kind
    day: date
    other: int | None
    item: str | None


def withheld_by(session: Session, actor: Actor) -> Sequence[Withheld]:
    """What the actor does not want to be counted in their course, the newest first."""
    return session.scalars(
        select(Withheld)
        .where(Withheld.course_id == actor.course_id, Withheld.member == actor.user_id)
        .order_by(Withheld.id.desc())
    ).all()


def reads_unseen(withheld: Sequence[Withheld]) -> bool:
    """Whether none of their reading is counted."""
    return any(row.kind == Kind.ITEM_OPENED and row.day is None for row in withheld)


def left_out_before(session: Session, actor: Actor, which: Which) -> Withheld | None:
    """What the actor has left out already; ``None`` if it is counted."""
    for row in withheld_by(session, actor):
        if (row.kind, row.day, row.other, row.item) == (which.kind, which.day, which.other, which.item):
            return row
    return None


def leave_out(
    session: Session, actor: Actor, which: Which, *, contested: bool = False, words: str = ""
) -> None:
    """Have some of one's own evidence not counted, now and whenever its day is derived.

    Who leaves out again what is left out already changes nothing, but may say now what is wrong.

    :param contested: whether it is wrong; a sentence says so, too. Stewards read the words, and not whose they are.
    :raises Invalid: if it is wrong, and nothing says why.
    """
    if contested and not words.strip():
        raise Invalid(gettext("Say in a sentence what is wrong."))
    contested = bool(words.strip())
    before = left_out_before(session, actor, which)
    if before is not None:
        if contested:
            before.contested, before.words = True, words.strip()
        return
    session.add(
        Withheld(
            tenant_id=actor.tenant_id,
            course_id=actor.course_id,
            member=actor.user_id,
            kind=which.kind.value,
            day=which.day,
            other=which.other,
            item=which.item,
            contested=contested,
            words=words.strip(),
            at=now(),
        )
    )
    days.mark(session, [(actor.course_id, which.day)])


def count_again(session: Session, store: ReportStore, actor: Actor, withheld_id: int) -> None:
    """Have it counted again.

    :raises NotFound: if the actor withholds nothing of this id.
    """
    row = session.scalar(
        select(Withheld).where(
            Withheld.id == withheld_id,
            Withheld.course_id == actor.course_id,
            Withheld.member == actor.user_id,
        )
    )
    if row is None:
        raise NotFound(gettext("It is counted already."))
    session.delete(row)
    session.flush()
    if row.day is None:
        days.mark_member(session, store, actor.course_id, actor.user_id)
    else:
        days.mark(session, [(actor.course_id, row.day)])


def count_reading(session: Session, store: ReportStore, actor: Actor, *, counted: bool) -> None:
    """Have all of one's own reading counted, or none of it, wherever it would be evidence."""
    session.execute(
        delete(Withheld).where(
            Withheld.course_id == actor.course_id,
            Withheld.member == actor.user_id,
            Withheld.kind.in_(READING),
            Withheld.day.is_(None),
        )
    )
    if not counted:
        session.add_all(
            Withheld(
                tenant_id=actor.tenant_id,
                course_id=actor.course_id,
                member=actor.user_id,
                kind=kind.value,
                day=None,
                other=None,
                item=None,
                at=now(),
            )
            for kind in READING
        )
    session.flush()
    days.mark_member(session, store, actor.course_id, actor.user_id)


@dataclass(frozen=True)
class Contested:
    """What members of a course say is wrong, without who says it."""

    some: bool
    """Whether anybody does."""
    lines: tuple[tuple[Kind, str], ...]
    """What each says, by kind and in the order of the words; empty where too few people do."""


def contested_in(session: Session, course_id: int, window: Window, *, least: int) -> Contested:
    """What is contested of the days of a window, or of those after it.

    :param least: from how many people on it is said what they contest.
    """
    rows = session.execute(
        select(Withheld.member, Withheld.kind, Withheld.words).where(
            Withheld.course_id == course_id, Withheld.contested.is_(True), Withheld.day >= window.first
        )
    ).all()
    if len({row.member for row in rows}) < least:
        return Contested(some=bool(rows), lines=())
    return Contested(some=True, lines=tuple(sorted((Kind(row.kind), row.words) for row in rows)))
