"""Where handing in stands, and what may still change: pure rules."""

from datetime import UTC, datetime, timedelta

import pytest

from lmssocial.widgets.peer_rating.models import Extension, Phase
from lmssocial.widgets.peer_rating.settings import Late, PeerSettings
from lmssocial.widgets.peer_rating.works.stages import Stage, may_change, stage_of

pytestmark = pytest.mark.one_database
DUE = datetime(2027, 3, 1, 18, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(
    moment: datetime, phase: Phase = Phase.SUBMIT, until: datetime | None = None, **settings: object
) -> Stage:
    """The stage at ``moment``; ``until``: a date for this person alone."""
    extension = Extension(submit_due_at=until) if until else None
    return stage_of(PeerSettings(submit_due_at=DUE, **settings), phase, extension, moment)  # type: ignore[arg-type]


def test_work_is_taken_until_the_date_and_then_as_the_activity_says() -> None:
    assert at(DUE - HOUR) is Stage.OPEN
    assert at(DUE + timedelta(seconds=59)) is Stage.OPEN
    assert at(DUE + HOUR) is Stage.LATE
    assert at(DUE + HOUR, late=Late.REFUSED) is Stage.TOO_LATE
    assert at(DUE + HOUR, Phase.REVIEW) is Stage.LATE


def test_a_date_of_ones_own_goes_before_that_of_all() -> None:
    later = DUE + 24 * HOUR
    assert at(DUE + HOUR, Phase.REVIEW, later, late=Late.REFUSED) is Stage.OPEN
    assert at(later + HOUR, Phase.REVIEW, later, late=Late.REFUSED) is Stage.TOO_LATE


@pytest.mark.parametrize(
    ("phase", "stage"),
    [
        (Phase.DRAFT, Stage.SETTING_UP),
        (Phase.PUBLISHED, Stage.NOT_YET),
        (Phase.FEEDBACK, Stage.OVER),
        (Phase.EVALUATE, Stage.OVER),
        (Phase.RELEASED, Stage.OVER),
        (Phase.CANCELLED, Stage.OVER),
    ],
)
def test_nothing_is_taken_before_it_opens_and_after_reviewing(phase: Phase, stage: Stage) -> None:
    assert at(DUE - HOUR, phase) is stage


@pytest.mark.parametrize(
    ("stage", "is_late", "waits", "may"),
    [
        (Stage.OPEN, False, False, True),
        (Stage.LATE, False, False, False),
        (Stage.LATE, True, False, True),
        (Stage.TOO_LATE, True, False, False),
        (Stage.TOO_LATE, False, True, True),
    ],
)
def test_what_came_in_time_stays_but_for_what_a_moderator_asks(
    stage: Stage,
    is_late: bool,  # noqa: FBT001 – a column of the table above
    waits: bool,  # noqa: FBT001
    may: bool,  # noqa: FBT001
) -> None:
    facts = {"is_late": is_late, "waits": waits}
    assert may_change(stage, Phase.REVIEW, is_reviewed=False, **facts) is may
    assert not may_change(stage, Phase.REVIEW, is_reviewed=True, **facts)
    assert not may_change(stage, Phase.FEEDBACK, is_reviewed=False, **facts)
