"""Whom one may ask about one's own skills: out of one list in a small course, by a part of the name in a large one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from lmssocial.plugin import now
from lmssocial.plugin_data import Actor, members_called
from lmssocial_reporting.mine.models import Assessment

LEFT_ALONE = timedelta(days=30)
"""How long somebody who would rather not is asked no more."""
FEW = 30
"""Colleagues up to whom everybody stands in one list."""
MOST_FOUND = 20
"""Colleagues shown for a part of a name."""


@dataclass(frozen=True, kw_only=True)
class Colleagues:
    """Whom one may ask."""

    found: Mapping[int, str]
    """By id, in order of name."""
    are_many: bool
    """Whether they are looked for by a part of the name, because there are too many for a list."""
    more: bool
    """Whether more of them are called like that."""


def colleagues(session: Session, actor: Actor, part: str) -> Colleagues:
    """Whom the actor may ask: who is in the course and was not asked yet; everybody of few. Three queries at most.

    :param part: a part of the name that is looked for; it says nothing where they are few.
    """
    without = session.scalars(
        select(Assessment.by).where(
            Assessment.course_id == actor.course_id,
            Assessment.about == actor.user_id,
            (Assessment.state == "asked") | just_declined(),
        )
    ).all()
    everybody = members_called(session, actor, without=without, most=FEW + 1)
    if len(everybody) <= FEW:
        return Colleagues(found=everybody, are_many=False, more=False)
    words = " ".join(part.split())
    called = members_called(session, actor, words, without=without, most=MOST_FOUND + 1) if words else {}
    found = dict(list(called.items())[:MOST_FOUND])
    return Colleagues(found=found, are_many=True, more=len(called) > MOST_FOUND)


def colleague(session: Session, actor: Actor, user_id: int) -> dict[int, str]:
    """That one by name, if they are somebody else in the actor's course; else nobody. One query."""
    return members_called(session, actor, only=(user_id,))


def just_declined() -> ColumnElement[bool]:
    """That somebody said a short while ago that they would rather not."""
    return (Assessment.state == "declined") & (Assessment.asked_at > now() - LEFT_ALONE)
