"""Where a review stands for the one who writes it. Pure."""

from datetime import datetime
from enum import StrEnum

from lmssocial.widgets.peer_rating import gates
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.models import (
    HANDED_IN,
    OPEN,
    Extension,
    Phase,
    Review,
    ReviewState,
    Source,
    Work,
    WorkState,
)


class Stage(StrEnum):
    """What can be done with a review now."""

    WRITING = "writing"
    CHANGING = "changing"
    """It is submitted, and may still be changed."""
    DONE = "done"
    """It is submitted, and stays as it is."""
    LAPSED = "lapsed"
    """Its time ran out. What was written is there, and can be gone on with."""
    OVER = "over"
    """Reviewing has ended, and it was not submitted."""
    PASSED_ON = "passed-on"
    """It was declined."""
    TAKEN_BACK = "taken-back"
    """Staff took it back, or the work went."""
    VOIDED = "voided"
    """It was submitted, and staff took it out of the count."""


WRITABLE = frozenset({Stage.WRITING, Stage.CHANGING, Stage.LAPSED})
"""What is written is kept in these."""

_ENDED = {
    ReviewState.VOIDED: Stage.VOIDED,
    ReviewState.DECLINED: Stage.PASSED_ON,
    ReviewState.REVOKED: Stage.TAKEN_BACK,
}
_BEFORE = frozenset({Phase.DRAFT, Phase.PUBLISHED})


def stage_of(
    running: Running, review: Review, work: Work, extension: Extension | None, now: datetime
) -> Stage:
    """Where ``review`` stands.

    Who submits a review whose time ran out has done the work: it is taken as long as they may review at all, because
    one more review harms nobody.
    """
    if review.state in _ENDED:
        return _ENDED[review.state]
    is_open = is_time(running, review.source, extension, now)
    if review.state is ReviewState.SUBMITTED:
        return Stage.CHANGING if is_open and stands(review.source, work) else Stage.DONE
    if not stands(review.source, work):
        return Stage.TAKEN_BACK
    if not is_open:
        return Stage.OVER
    return Stage.WRITING if review.state in OPEN else Stage.LAPSED


def is_time(running: Running, source: Source, extension: Extension | None, now: datetime) -> bool:
    """Whether reviews from ``source`` are written now."""
    phase, settings = running.phase, running.settings
    if source is Source.STAFF:
        return phase not in gates.OVER | _BEFORE
    if source is Source.SELF:
        return gates.may_assess_self(settings, phase, extension, now)
    return gates.may_review(settings, phase, extension, now)


def stands(source: Source, work: Work) -> bool:
    """Whether ``work`` is there to be reviewed; what peers do not review any more, staff do."""
    if source is Source.STAFF:
        return work.state in HANDED_IN
    return work.state is WorkState.SUBMITTED
