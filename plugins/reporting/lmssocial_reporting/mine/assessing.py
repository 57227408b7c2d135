"""What members say of their own skills, and of colleagues who asked them. Nothing here commits.

Only the member it is about reads it. It is never counted, averaged or compared for anybody else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import delete, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lmssocial.plugin import Conflict, Invalid, NotFound, gettext, now
from lmssocial.plugin import lazy_gettext as _l
from lmssocial.plugin_data import Actor, names, record
from lmssocial_reporting.mine.choosing import just_declined
from lmssocial_reporting.mine.events import AssessmentAsked, AssessmentGiven
from lmssocial_reporting.mine.models import Assessment, Rating
from lmssocial_reporting.roles.words import SKILLS

LEVELS = MappingProxyType(
    {1: _l("Not yet"), 2: _l("With some help"), 3: _l("Without help"), 4: _l("Helps others with it")}
)
"""The four points of the scale."""
MOST_WAITING = 10
"""Colleagues whom one member may be waiting for at a time."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What somebody says of skills."""

    id: int
    name: str
    """Who says it; empty for oneself."""
    at: datetime
    levels: Mapping[str, int]
    words: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Somebody who was asked and has not answered, or who asks."""

    id: int
    name: str
    at: datetime
    declined: bool = False


@dataclass(frozen=True, kw_only=True)
class OwnAssessments:
    """All that one's own page shows."""

    own: tuple[Said, ...]
    """What one said of oneself, the newest first."""
    of_colleagues: tuple[Said, ...]
    """What colleagues said, the newest first."""
    waiting: tuple[Asked, ...]
    """Colleagues who were asked."""
    to_answer: tuple[Asked, ...]
    """Colleagues who ask."""


def own_assessments(session: Session, actor: Actor) -> OwnAssessments:
    """What the actor said, was told, and is asked, in their course. Three queries."""
    rows = session.scalars(
        select(Assessment)
        .where(
            Assessment.course_id == actor.course_id,
            or_(
                Assessment.about == actor.user_id,
                (Assessment.by == actor.user_id) & (Assessment.state == "asked"),
            ),
        )
        .order_by(Assessment.id.desc())
    ).all()
    called = names(session, actor.tenant_id, {row.by for row in rows} | {row.about for row in rows})
    mine = [row for row in rows if row.about == actor.user_id]
    given = [row for row in mine if row.state == "given"]
    levels = _levels(session, [row.id for row in given])
    said = [(row, _said(row, called, levels)) for row in given]
    return OwnAssessments(
        own=tuple(one for row, one in said if row.by == actor.user_id),
        of_colleagues=tuple(one for row, one in said if row.by != actor.user_id),
        waiting=tuple(_asked(row, row.by, called) for row in mine if row.state != "given"),
        to_answer=tuple(_asked(row, row.about, called) for row in rows if row.about != actor.user_id),
    )


def assess_oneself(session: Session, actor: Actor, levels: Mapping[str, int]) -> None:
    """Say how far one's own skills go; what was said before stays beside it.

    :raises Invalid: if nothing is said of any.
    """
    row = Assessment(
        tenant_id=actor.tenant_id,
        course_id=actor.course_id,
        about=actor.user_id,
        by=actor.user_id,
        state="given",
        asked_at=now(),
        given_at=now(),
    )
    _require_some(levels)
    session.add(row)
    session.flush()
    _rate(session, row.id, levels)


def ask(session: Session, actor: Actor, colleague: int, placement_id: int) -> None:
    """Ask a colleague what they say; the caller has made sure that they are in the course.

    :raises Conflict: if they were asked already, or too many were.
    """
    waiting = session.scalar(
        select(func.count()).where(
            Assessment.course_id == actor.course_id,
            Assessment.about == actor.user_id,
            Assessment.state == "asked",
        )
    )
    if (waiting or 0) >= MOST_WAITING:
        raise Conflict(gettext("Ten colleagues have not answered yet. Wait for one of them."))
    declined = session.scalar(
        select(Assessment.id).where(
            Assessment.course_id == actor.course_id,
            Assessment.about == actor.user_id,
            Assessment.by == colleague,
            just_declined(),
        )
    )
    if declined is not None:
        raise Conflict(gettext("You have asked them already."))
    row = Assessment(
        tenant_id=actor.tenant_id,
        course_id=actor.course_id,
        about=actor.user_id,
        by=colleague,
        state="asked",
        asked_at=now(),
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(gettext("You have asked them already.")) from error
    record(session, AssessmentAsked(**actor.envelope, assessment_id=row.id, placement_id=placement_id))


def asked_of(session: Session, actor: Actor, assessment_id: int) -> Asked:
    """Who asks the actor. Two queries.

    :raises NotFound: if nobody does, as if there were no such question.
    """
    row = _waiting(session, actor, assessment_id)
    return _asked(row, row.about, names(session, actor.tenant_id, {row.about}))


def was_answered(session: Session, actor: Actor, assessment_id: int) -> bool:
    """Whether the actor has answered this already, or would rather not."""
    found = session.scalar(
        select(Assessment.id).where(
            Assessment.id == assessment_id,
            Assessment.course_id == actor.course_id,
            Assessment.by == actor.user_id,
            Assessment.about != actor.user_id,
            Assessment.state != "asked",
        )
    )
    return found is not None


def give(
    session: Session,
    actor: Actor,
    assessment_id: int,
    levels: Mapping[str, int],
    said: tuple[str, int],
) -> None:
    """Answer a colleague who asked.

    :param said: a sentence for them, which may be empty, and the activity from which one answers.
    :raises NotFound: if they did not ask.
    :raises Invalid: if nothing is said of any skill.
    """
    row = _waiting(session, actor, assessment_id)
    _require_some(levels)
    words, placement_id = said
    row.state, row.given_at, row.words = "given", now(), words.strip()
    _rate(session, row.id, levels)
    record(session, AssessmentGiven(**actor.envelope, assessment_id=row.id, placement_id=placement_id))


def decline(session: Session, actor: Actor, assessment_id: int) -> None:
    """Rather not answer; no reason is asked, and none is shown.

    :raises NotFound: if nobody asked.
    """
    _waiting(session, actor, assessment_id).state = "declined"


def take_away(session: Session, actor: Actor, assessment_id: int) -> None:
    """Delete what is said of oneself, or what one asked.

    :raises NotFound: if there is nothing of the kind.
    """
    row = session.scalar(
        select(Assessment).where(
            Assessment.id == assessment_id,
            Assessment.course_id == actor.course_id,
            Assessment.about == actor.user_id,
        )
    )
    if row is None:
        raise NotFound(gettext("There is no such assessment."))
    session.execute(delete(Rating).where(Rating.assessment_id == row.id))
    session.delete(row)


def _waiting(session: Session, actor: Actor, assessment_id: int) -> Assessment:
    row = session.scalar(
        select(Assessment).where(
            Assessment.id == assessment_id,
            Assessment.course_id == actor.course_id,
            Assessment.by == actor.user_id,
            Assessment.about != actor.user_id,
            Assessment.state == "asked",
        )
    )
    if row is None:
        raise NotFound(gettext("Nobody waits for this answer."))
    return row


def _require_some(levels: Mapping[str, int]) -> None:
    if not levels:
        raise Invalid(gettext("Choose something for one skill at least."))


def _rate(session: Session, assessment_id: int, levels: Mapping[str, int]) -> None:
    session.add_all(
        Rating(assessment_id=assessment_id, skill=skill, level=levels[skill])
        for skill in SKILLS
        if skill in levels
    )


def _levels(session: Session, ids: Sequence[int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {one: {} for one in ids}
    for rating in session.scalars(select(Rating).where(Rating.assessment_id.in_(ids))):
        found[rating.assessment_id][rating.skill] = rating.level
    return found


def _said(row: Assessment, called: Mapping[int, str], levels: Mapping[int, Mapping[str, int]]) -> Said:
    return Said(
        id=row.id,
        name="" if row.by == row.about else _name(row.by, called),
        at=row.given_at or row.asked_at,
        levels=levels[row.id],
        words=row.words,
    )


def _asked(row: Assessment, whom: int, called: Mapping[int, str]) -> Asked:
    return Asked(id=row.id, name=_name(whom, called), at=row.asked_at, declined=row.state == "declined")


def _name(user_id: int, called: Mapping[int, str]) -> str:
    return called.get(user_id, gettext("Former member"))
