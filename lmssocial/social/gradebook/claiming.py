"""Taking scores to send them, and writing down what became of them. Nothing here commits, nothing calls anybody.

A claim keeps the stamp that goes out with the score *before* it goes out. So whatever dies afterwards, the next
attempt carries a later one, and no platform takes an older score for the newer (AGS 2.0 §3.4.9). As long as a score is
claimed nobody else sends it, not even when it is changed: the change is sent when the claim is over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from lmssocial.core import activity
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.launch_models import CourseServices
from lmssocial.lms.identity.models import Course, Deployment, Registration, ResourceLink, Standing, User
from lmssocial.lms.lti.profiles import Profile
from lmssocial.lms.lti.services import scopes
from lmssocial.social.communities.models import Placement, PlacementLink
from lmssocial.social.gradebook.events import GradeGivenUp
from lmssocial.social.gradebook.models import Column, Condition, Score
from lmssocial.social.gradebook.rulings import Ruling, Trouble

_Waits, _Asked, _There, _Installed = aliased(Score), aliased(Column), aliased(Course), aliased(Deployment)

CLAIM = timedelta(minutes=5)
"""How long a score belongs to whoever is sending it; longer than a whole turn takes."""
TOO_MANY = 429
"""The status with which a platform asks everybody to wait."""
CLOCK_SET_BACK = timedelta(minutes=5)
"""A stamp that is further ahead than this tells of a clock that was set back; waiting for it could take for ever."""


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A score that is ours to send, as it was when we took it."""

    score_id: int
    column_id: int
    sub: str
    """What the platform calls the person."""
    given: float | None
    maximum: float
    comment: str
    activity_progress: str
    grading_progress: str
    submitted_at: datetime | None
    version: int
    stamp: datetime
    """Different for each claim; which one a row belongs to is told by it."""
    attempts: int
    """With this one."""
    stale_before: bool
    """Whether the last attempt failed because the platform had a newer grade."""


def takes_grades() -> ColumnElement[bool]:
    """Whether the platform takes scores for a column, as far as launches said.

    A WHERE clause over :class:`Column`, left-joined to :class:`CourseServices`. A course without the grade service is
    no error: what is waiting goes out when a launch names the service.
    """
    linked = exists().where(
        PlacementLink.placement_id == Column.placement_id,
        ResourceLink.id == PlacementLink.resource_link_id,
        ResourceLink.line_item_url != "",
    )
    may_write = or_(CourseServices.grade_scopes == "", CourseServices.grade_scopes.contains(scopes.SCORE))
    named = or_(Column.line_item_url != "", CourseServices.line_items_url != "", linked)
    return and_(CourseServices.course_id.is_not(None), may_write, named)


def due_registrations(session: Session) -> Sequence[int]:
    """The platforms for which something has to be sent now, those first that waited longest.

    Without those that asked us to wait: as long as one score waits for that, everything else there does, too.
    """
    now = clock.now()
    paused = (
        select(_Installed.registration_id)
        .join(_There, _There.deployment_id == _Installed.id)
        .join(_Asked, _Asked.course_id == _There.id)
        .join(_Waits, _Waits.column_id == _Asked.id)
        .where(_Waits.condition == Condition.WAITING, _Waits.next_at > now, _Waits.last_status == TOO_MANY)
    )
    return session.scalars(
        _due(select(Deployment.registration_id), now)
        .where(Deployment.registration_id.not_in(paused))
        .group_by(Deployment.registration_id)
        .order_by(func.min(Score.next_at))
    ).all()


def claim(session: Session, registration_id: int, profile: Profile, at_most: int) -> list[Claimed]:
    """Take some of what is due for a platform, what has been due longest first, so that nobody else does.

    Where the platform tells seconds apart and nothing shorter, a score that was sent in this second waits for the next.
    """
    now = clock.now()
    both: Any = select(Score, User.sub)
    rows = session.execute(
        _due(both, now)
        .join(User, User.id == Score.user_id)
        .where(Deployment.registration_id == registration_id)
        .order_by(Score.next_at, Score.id)
        .limit(at_most)
        .with_for_update(of=Score, skip_locked=True)
    )
    taken = (_take(row.Score, row.sub, profile, now) for row in rows)
    return [one for one in taken if one is not None]


def _take(score: Score, sub: str, profile: Profile, now: datetime) -> Claimed | None:
    stamp = profile.next_stamp(now, score.stamp)
    if profile.whole_second_stamps and now < stamp <= now + CLOCK_SET_BACK:
        score.condition, score.next_at = Condition.WAITING, stamp
        return None
    score.condition, score.stamp, score.next_at = Condition.SENDING, stamp, now + CLAIM
    score.attempts += 1
    return Claimed(
        score_id=score.id,
        column_id=score.column_id,
        sub=sub,
        given=score.given,
        maximum=score.maximum,
        comment=score.comment,
        activity_progress=score.activity_progress,
        grading_progress=score.grading_progress,
        submitted_at=score.submitted_at,
        version=score.version,
        stamp=stamp,
        attempts=score.attempts,
        stale_before=score.trouble == Trouble.STALE,
    )


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of a claim. With neither of the two it was not even tried."""

    claimed: Claimed
    sent_to: str = ""
    """The line item that took it."""
    ruling: Ruling | None = None
    """What follows from its failure."""


def note(session: Session, results: Sequence[Result], *, waits: bool) -> list[Result]:
    """Write down what became of claims; gives back those whose rows somebody else holds at this moment.

    :param waits: whether to wait for such rows instead. To be used with one row at a time: somebody who gives many
        grades holds many rows, in an order of their own.
    """
    wanted = select(Score).where(Score.id.in_([result.claimed.score_id for result in results]))
    rows = session.scalars(
        wanted.with_for_update(skip_locked=not waits).execution_options(populate_existing=True)
    )
    found = {row.id: row for row in rows}
    urls = _urls(session, {result.claimed.column_id for result in results})
    for result in results:
        score = found.get(result.claimed.score_id)
        if score is not None and _is_held(score, result.claimed):
            _note_one(session, score, result, urls[result.claimed.column_id])
    return [result for result in results if result.claimed.score_id not in found and not waits]


def _urls(session: Session, column_ids: set[int]) -> dict[int, str]:
    rows = session.execute(select(Column.id, Column.line_item_url).where(Column.id.in_(column_ids)))
    return {row.id: row.line_item_url for row in rows}


def _is_held(score: Score, claimed: Claimed) -> bool:
    """Whether a row is still ours.

    A claim that ran out may be somebody else's by now. What we sent meanwhile may have arrived after what they sent,
    and not every platform looks at stamps: so the row goes out once more, whatever they write.
    """
    if score.condition is Condition.SENDING:
        if score.stamp == claimed.stamp:
            return True
        score.version += 1
    elif score.condition is Condition.SENT:
        score.condition, score.next_at, score.attempts = Condition.WAITING, clock.now(), 0
    return False


def _note_one(session: Session, score: Score, result: Result, url: str) -> None:
    if result.sent_to:
        _note_sent(score, result, url)
    elif result.ruling is not None:
        _note_failed(session, score, result.claimed, result.ruling)
    else:
        score.condition, score.next_at = Condition.WAITING, clock.now()
        score.attempts = max(score.attempts - 1, 0)


def _note_sent(score: Score, result: Result, url: str) -> None:
    """It arrived. What was changed meanwhile is due at once, and so is what arrived in a line item that is lost."""
    score.last_status, score.last_error, score.trouble, score.attempts = None, "", "", 0
    if score.version == result.claimed.version and result.sent_to == url:
        score.condition, score.sent_at = Condition.SENT, clock.now()
    else:
        score.condition, score.next_at = Condition.WAITING, clock.now()


def _note_failed(session: Session, score: Score, claimed: Claimed, ruling: Ruling) -> None:
    """It came to nothing, and ``ruling`` says what follows. What was changed meanwhile begins anew."""
    score.last_status, score.last_error, score.trouble = ruling.status, ruling.says, ruling.trouble.value
    if score.version != claimed.version:
        pause = ruling.wait if ruling.trouble is Trouble.BUSY and ruling.wait else timedelta()
        score.condition, score.attempts, score.next_at = Condition.WAITING, 0, clock.now() + pause
        return
    if not ruling.counts:
        score.attempts -= 1
    elif ruling.trouble is Trouble.STALE and not claimed.stale_before:
        score.attempts = 1
    if ruling.wait is None:
        score.condition = Condition.GIVEN_UP
        _record(session, score, ruling.trouble)
    else:
        score.condition, score.next_at = Condition.WAITING, clock.now() + ruling.wait


def _record(session: Session, score: Score, trouble: Trouble) -> None:
    place = session.execute(
        select(Column.tenant_id, Column.course_id, Column.placement_id, Placement.community_id)
        .join(Placement, Placement.id == Column.placement_id)
        .where(Column.id == score.column_id)
    ).one()
    activity.record(
        session,
        GradeGivenUp(
            tenant_id=place.tenant_id,
            course_id=place.course_id,
            community_id=place.community_id,
            actor_id=None,
            actor_role="",
            placement_id=place.placement_id,
            user_id=score.user_id,
            trouble=trouble.value,
        ),
    )


def _due(columns: Any, now: datetime) -> Select[Any]:
    due: Select[Any] = (
        columns.join_from(Score, Column, Column.id == Score.column_id)
        .join(Course, Course.id == Column.course_id)
        .join(Deployment, Deployment.id == Course.deployment_id)
        .join(Registration, Registration.id == Deployment.registration_id)
        .outerjoin(CourseServices, CourseServices.course_id == Column.course_id)
        .where(
            Score.condition.in_([Condition.WAITING, Condition.SENDING]),
            Score.next_at <= now,
            Registration.enabled.is_(True),
            Deployment.standing == Standing.APPROVED,
            takes_grades(),
        )
    )
    return due
