"""What a widget says about grades: which columns it has, and what shall stand in them. Nothing here commits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.models import User
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


def put(session: Session, column_id: int, user_id: int, mark: Mark) -> bool:
    """Have ``mark`` stand in a column for somebody; it goes out when this transaction is committed.

    Nobody is told about people the LMS does not grade: test users, those who are only known from an import, and those
    whose id it keeps to itself.

    :returns: whether anything has to go out; ``False`` also if it says what was said before.
    """
    person = session.get_one(User, user_id)
    if person.is_test or person.is_former or person.is_anonymous:
        return False
    held = session.get_one(Column, column_id, with_for_update=True)
    row = session.scalar(
        select(Score).where(Score.column_id == column_id, Score.user_id == user_id).with_for_update()
    )
    values = {
        "given": mark.given,
        "maximum": mark.maximum,
        "comment": mark.comment,
        "activity_progress": mark.activity.value,
        "grading_progress": mark.grading.value,
        "submitted_at": mark.submitted_at,
    }
    now = clock.now()
    if row is None:
        if mark.given is None:
            return False  # there is nothing to take back
        session.add(
            Score(
                tenant_id=held.tenant_id,
                column_id=column_id,
                user_id=user_id,
                next_at=now,
                changed_at=now,
                **values,
            )
        )
        session.flush()
        return True
    if row.condition is not Condition.GIVEN_UP and all(
        getattr(row, name) == value for name, value in values.items()
    ):
        return False
    _change(row, values, now)
    return True


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
