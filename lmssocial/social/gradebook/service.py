"""What a widget says about grades: which columns it has, and what shall stand in them. Nothing here commits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.models import ANONYMOUS, User
from lmssocial.social.communities.models import Community, Placement
from lmssocial.social.gradebook.models import Column, Condition, Score
from lmssocial.social.gradebook.rulings import Trouble


class ActivityProgress(StrEnum):
    """How far the learner is (AGS 2.0 §3.4.7)."""

    INITIALIZED = "Initialized"
    STARTED = "Started"
    IN_PROGRESS = "InProgress"
    SUBMITTED = "Submitted"
    COMPLETED = "Completed"


class GradingProgress(StrEnum):
    """How far grading is (AGS 2.0 §3.4.8). Moodle erases the grade at anything but ``FULLY_GRADED``."""

    FULLY_GRADED = "FullyGraded"
    PENDING = "Pending"
    PENDING_MANUAL = "PendingManual"
    FAILED = "Failed"
    NOT_READY = "NotReady"


AT_ONCE = 500
"""People for whom marks are put with one statement of each kind."""

OWN_TAG = "lmssocial"
"""The tag of a placement's own column in the LMS. Whoever makes one there, deep linking included, says so, with the
placement's uuid as resource id: that is how it is found again (AGS 2.0 §3.2.4)."""


def line_item_tag(tag: str) -> str:
    """What the LMS is told as the tag of a column.

    :param tag: ours: empty for a placement's own column.
    """
    return f"{OWN_TAG}-{tag}" if tag else OWN_TAG


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What shall stand in a column for somebody."""

    given: float | None
    """Points; ``None`` takes back what was there."""
    maximum: float
    comment: str = ""
    activity: ActivityProgress = ActivityProgress.COMPLETED
    grading: GradingProgress = GradingProgress.FULLY_GRADED
    submitted_at: datetime | None = None


def column(
    session: Session, placement_id: int, *, tag: str = "", label: str = "", maximum: float = 100
) -> Column:
    """A placement's column, made when it is first asked for; the LMS hears of it when there is something to send.

    :param tag: empty for the placement's own column, otherwise what else is graded.
    :param label: what the column is called; the placement's title if empty.
    """
    which = select(Column).where(Column.placement_id == placement_id, Column.tag == tag)
    found = session.scalar(which)
    if found is None:
        place = session.execute(
            select(Placement.title, Placement.tenant_id, Community.course_id)
            .join(Community, Community.id == Placement.community_id)
            .where(Placement.id == placement_id)
        ).one()
        row = {
            "tenant_id": place.tenant_id,
            "course_id": place.course_id,
            "placement_id": placement_id,
            "tag": tag,
            "label": label or place.title,
            "maximum": maximum,
            "line_item_url": "",
            "is_ours": False,
            "created_at": clock.now(),
        }
        insert_if_absent(session, Column, row, [Column.placement_id, Column.tag])
        found = session.scalars(which).one()
    return found


def handed_in(maximum: float, submitted_at: datetime | None) -> Mark:
    """What stands in a column between handing in and the first grade: that there is something to grade.

    :param maximum: what the grade will be out of.
    """
    return Mark(
        given=None,
        maximum=maximum,
        activity=ActivityProgress.SUBMITTED,
        grading=GradingProgress.PENDING,
        submitted_at=submitted_at,
    )


def put(session: Session, column_id: int, user_id: int, mark: Mark) -> bool:
    """Have ``mark`` stand in a column for somebody; it goes out when this transaction is committed.

    Nobody is told about people the LMS does not grade: test users, those who are only known from an import, and those
    whose id it keeps to itself. That somebody handed in (:func:`handed_in`) is not told over a grade that stands; that
    an instructor has to look (``PENDING_MANUAL``) is, and erases it.

    :returns: whether anything has to go out; ``False`` also if it says what was said before.
    """
    return put_all(session, column_id, {user_id: mark}) == 1


def put_all(session: Session, column_id: int, marks: Mapping[int, Mark]) -> int:
    """:func:`put` for many people at once: a few statements for each :data:`AT_ONCE` of them.

    :param marks: by the ids of users.
    :returns: for how many something has to go out.
    """
    held = session.get_one(Column, column_id, with_for_update=True)
    return sum(_put_some(session, held, some) for some in _in_parts(sorted(marks.items())))


def _in_parts(marks: Sequence[tuple[int, Mark]]) -> Iterator[Mapping[int, Mark]]:
    for begin in range(0, len(marks), AT_ONCE):
        yield dict(marks[begin : begin + AT_ONCE])


def _put_some(session: Session, held: Column, marks: Mapping[int, Mark]) -> int:
    graded = set(
        session.scalars(
            select(User.id).where(
                User.id.in_(marks),
                User.is_test.is_(False),
                User.is_former.is_(False),
                User.sub.not_like(f"{ANONYMOUS}%"),
            )
        )
    )
    rows = {
        row.user_id: row
        for row in session.scalars(
            select(Score)
            .where(Score.column_id == held.id, Score.user_id.in_(graded))
            .order_by(Score.user_id)
            .with_for_update()
        )
    }
    now, number = clock.now(), 0
    for user_id in sorted(graded):
        number += _put_one(session, held, rows.get(user_id), user_id, marks[user_id], now)
    session.flush()
    return number


def _put_one(
    session: Session, held: Column, row: Score | None, user_id: int, mark: Mark, now: datetime
) -> bool:
    awaits = mark.given is None and is_awaited(mark.grading)
    if row is None and mark.given is None and not awaits:
        return False  # there is nothing to take back
    values = {
        "given": mark.given,
        "maximum": mark.maximum,
        "comment": mark.comment,
        "activity_progress": mark.activity.value,
        "grading_progress": mark.grading.value,
        "submitted_at": mark.submitted_at,
    }
    if row is None:
        session.add(
            Score(
                tenant_id=held.tenant_id,
                column_id=held.id,
                user_id=user_id,
                next_at=now,
                changed_at=now,
                **values,
            )
        )
        return True
    stands = mark.given is None and mark.grading is GradingProgress.PENDING and row.given is not None
    same = all(getattr(row, name) == value for name, value in values.items())
    if stands or (same and row.condition is not Condition.GIVEN_UP):
        return False
    _change(row, values, now)
    return True


def is_awaited(grading_progress: str) -> bool:
    """Whether somebody handed in, and a grade is to come."""
    return grading_progress in {GradingProgress.PENDING, GradingProgress.PENDING_MANUAL}


def _change(row: Score, values: Mapping[str, object], now: datetime) -> None:
    """Change a row and have it sent now, unless somebody is sending it or the LMS asked us to wait."""
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.changed_at = now
    if row.condition is Condition.SENDING:
        return  # whoever is at it sees that the version changed; two of them could arrive in the wrong order
    asked_to_wait = row.condition is Condition.WAITING and row.trouble == Trouble.BUSY
    row.condition, row.attempts = Condition.WAITING, 0
    row.next_at = max(row.next_at, now) if asked_to_wait else now
    row.trouble = row.trouble if asked_to_wait else ""
