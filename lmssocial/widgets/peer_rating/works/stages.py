"""Where handing in stands for somebody. Pure: settings, phase, dates and the moment in, an answer out."""

from datetime import datetime
from enum import StrEnum

from lmssocial.widgets.peer_rating import gates
from lmssocial.widgets.peer_rating.models import Extension, Phase
from lmssocial.widgets.peer_rating.settings import PeerSettings


class Stage(StrEnum):
    """Whether work is taken now."""

    SETTING_UP = "setting-up"
    """The activity is not set up yet."""
    NOT_YET = "not-yet"
    """It opens later."""
    OPEN = "open"
    LATE = "late"
    """After the date; it is taken, and marked as late."""
    TOO_LATE = "too-late"
    """After the date, and not taken any more."""
    OVER = "over"
    """Reviewing is over, so nothing is taken any more."""


TAKING = frozenset({Phase.SUBMIT, Phase.REVIEW})
"""The phases in which something can be handed in, changed or withdrawn at all."""
ACCEPTED = frozenset({Stage.OPEN, Stage.LATE})
"""The stages in which something new is taken."""


def stage_of(settings: PeerSettings, phase: Phase, extension: Extension | None, now: datetime) -> Stage:
    """Where handing in stands for somebody with these dates."""
    if phase is Phase.DRAFT:
        return Stage.SETTING_UP
    if phase is Phase.PUBLISHED:
        return Stage.NOT_YET
    if phase not in TAKING:
        return Stage.OVER
    if not gates.may_hand_in(settings, phase, extension, now):
        return Stage.TOO_LATE
    return Stage.LATE if gates.is_late(settings, extension, now) else Stage.OPEN


def may_change(stage: Stage, phase: Phase, *, is_late: bool, waits: bool, is_reviewed: bool) -> bool:
    """Whether work that was handed in may get another wording.

    What came in time stays as it is once the date is over: else the date would mean nothing to those who handed a
    first page in. What a policy or moderator keeps from others may be changed while reviewing goes on, and nothing
    after somebody has reviewed it.

    :param is_late: whether it came late itself.
    :param waits: whether its words are kept from others.
    """
    if is_reviewed or phase not in TAKING:
        return False
    return waits or stage is Stage.OPEN or (stage is Stage.LATE and is_late)
