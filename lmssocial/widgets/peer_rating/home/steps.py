"""The steps of an activity for one learner, and the one thing to do next. Pure: facts and the moment in, steps out."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lmssocial.social.content.models import State
from lmssocial.widgets.peer_rating import gates
from lmssocial.widgets.peer_rating.home.facts import Facts
from lmssocial.widgets.peer_rating.models import Phase, WorkState
from lmssocial.widgets.peer_rating.settings import Calibration, Mode, PeerSettings
from lmssocial.widgets.peer_rating.works.stages import may_change, stage_of


class What(StrEnum):
    """What a step is about."""

    WORK = "work"
    EXAMPLES = "examples"
    REVIEWS = "reviews"
    FEEDBACK = "feedback"
    SCORE = "score"


class Standing(StrEnum):
    """How a step stands."""

    NOW = "now"
    """It can be done."""
    DONE = "done"
    LATER = "later"
    """Its time has not come."""
    MISSED = "missed"
    """Its time is over."""
    NONE = "none"
    """It is not asked of them."""


class Deed(StrEnum):
    """The one thing that somebody does next, or waits for."""

    HAND_IN = "hand-in"
    TRY_EXAMPLES = "try-examples"
    GO_ON = "go-on"
    """An open review."""
    NEXT_REVIEW = "next-review"
    READ_FEEDBACK = "read-feedback"
    SEE_SCORE = "see-score"
    WAIT_OPENING = "wait-opening"
    WAIT_MODERATOR = "wait-moderator"
    """Their work is looked at before others see it."""
    WAIT_REVIEWS = "wait-reviews"
    """Until reviewing begins."""
    WAIT_FEEDBACK = "wait-feedback"
    """Until they read what others say of their work."""
    WAIT_SCORE = "wait-score"
    NOTHING = "nothing"
    """There is nothing more for them here."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One of the steps."""

    what: What
    standing: Standing
    at: datetime | None = None
    """Until when it can be done, or from when, if its time has not come."""
    has_own_date: bool = False
    """Whether that date is for this person alone."""
    done: int = 0
    of: int = 0
    minutes: int = 0
    """About how long what is left takes."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """All steps of somebody, and which of them is next."""

    steps: tuple[Step, ...]
    deed: Deed
    at: datetime | None = None
    """Until when, or what they wait for, if that is known."""
    late: bool = False
    """Handing in now is late."""
    may_change_work: bool = False
    may_assess_self: bool = False
    """They are asked to look at their own work, and have not."""
    more_reviews: bool = False
    """Everything asked is done, and more may be reviewed."""


def way(settings: PeerSettings, phase: Phase, facts: Facts, now: datetime) -> Way:
    """The steps of one learner, in an activity that is neither a draft nor cancelled."""
    steps = tuple(
        step
        for step in (
            _work(settings, phase, facts, now),
            _examples(settings, phase, facts, now),
            _reviews(settings, phase, facts, now),
            _feedback(settings, phase, facts),
            _score(phase, facts),
        )
        if step is not None
    )
    deed, at = _deed(settings, phase, facts, {step.what: step for step in steps})
    mine = {step.what: step for step in steps}
    has_done_all = mine[What.REVIEWS].standing is Standing.DONE
    return Way(
        steps=steps,
        deed=deed,
        at=at,
        late=deed is Deed.HAND_IN and gates.is_late(settings, facts.extension, now),
        may_change_work=_may_change(settings, phase, facts, now),
        may_assess_self=_is_in(facts)
        and not facts.assessed_self
        and gates.may_assess_self(settings, phase, facts.extension, now),
        more_reviews=has_done_all
        and not facts.open
        and _there_is_more(settings, facts)
        and gates.may_review(settings, phase, facts.extension, now),
    )


def _may_change(settings: PeerSettings, phase: Phase, facts: Facts, now: datetime) -> bool:
    """Whether the work may get another wording, as long as nobody has reviewed it."""
    work = facts.work
    if work is None or not work.is_in:
        return False
    stage = stage_of(settings, phase, facts.extension, now)
    waits = work.words_state in {State.HELD, State.REJECTED}
    return may_change(stage, phase, is_late=work.is_late, waits=waits, is_reviewed=False)


def asked_of(settings: PeerSettings) -> int:
    """How many reviews, or comparisons, are asked of everybody."""
    return settings.comparisons if settings.mode is Mode.PAIRS else settings.asked


def _asked(settings: PeerSettings, phase: Phase, facts: Facts) -> int:
    """How many of those can be done: once reviewing has begun, no more than there is work by others."""
    asked = asked_of(settings)
    if facts.others is None or phase in {Phase.PUBLISHED, Phase.SUBMIT}:
        return asked
    return min(asked, max(1, facts.done, _there_are(settings, facts.others)))


def _there_are(settings: PeerSettings, others: int) -> int:
    """How much one person can do where so many others have handed in."""
    return others * (others - 1) // 2 if settings.mode is Mode.PAIRS else others


def _there_is_more(settings: PeerSettings, facts: Facts) -> bool:
    return facts.others is None or facts.done < _there_are(settings, facts.others)


def _is_in(facts: Facts) -> bool:
    return facts.work is not None and facts.work.is_in


def _work(settings: PeerSettings, phase: Phase, facts: Facts, now: datetime) -> Step:
    own = facts.extension is not None and facts.extension.submit_due_at is not None
    at = gates.submit_due(settings, facts.extension)
    if _is_in(facts):
        return Step(what=What.WORK, standing=Standing.DONE, at=at, has_own_date=own)
    if phase is Phase.PUBLISHED:
        return Step(what=What.WORK, standing=Standing.LATER, at=settings.opens_at)
    taken_out = facts.work is not None and facts.work.state is WorkState.CANCELLED
    if gates.may_hand_in(settings, phase, facts.extension, now):
        return Step(what=What.WORK, standing=Standing.NOW, at=at, has_own_date=own)
    standing = Standing.NONE if taken_out else Standing.MISSED
    return Step(what=What.WORK, standing=standing, at=at, has_own_date=own)


def _examples(settings: PeerSettings, phase: Phase, facts: Facts, now: datetime) -> Step | None:
    if not facts.examples:
        return None
    if facts.tried >= facts.examples:
        standing = Standing.DONE
    elif phase is Phase.PUBLISHED:
        standing = Standing.LATER
    elif phase is Phase.SUBMIT or gates.may_review(settings, phase, facts.extension, now):
        standing = Standing.NOW
    else:
        standing = Standing.NONE
    return Step(what=What.EXAMPLES, standing=standing, done=facts.tried, of=facts.examples)


def _reviews(settings: PeerSettings, phase: Phase, facts: Facts, now: datetime) -> Step:
    asked = _asked(settings, phase, facts)
    own = facts.extension is not None and facts.extension.review_due_at is not None
    at = gates.review_due(settings, facts.extension)
    left = max(0, asked - facts.done)
    may = gates.may_review(settings, phase, facts.extension, now)
    if not left:
        standing = Standing.DONE
    elif settings.needs_own and not _is_in(facts) and phase not in {Phase.PUBLISHED, Phase.SUBMIT}:
        standing = Standing.NONE
    elif phase in {Phase.PUBLISHED, Phase.SUBMIT} and not (may and (_is_in(facts) or not settings.needs_own)):
        standing, at, own = Standing.LATER, None if settings.rolling else settings.submit_due_at, False
    else:
        standing = Standing.NOW if may else Standing.MISSED
    return Step(
        what=What.REVIEWS,
        standing=standing,
        at=at,
        has_own_date=own,
        done=min(facts.done, asked),
        of=asked,
        minutes=left * settings.minutes,
    )


def _feedback(settings: PeerSettings, phase: Phase, facts: Facts) -> Step:
    if phase not in gates.READ_BY_AUTHORS:
        standing = (
            Standing.LATER if _is_in(facts) or phase in {Phase.PUBLISHED, Phase.SUBMIT} else Standing.NONE
        )
        return Step(what=What.FEEDBACK, standing=standing, at=settings.review_due_at)
    if not _is_in(facts) or not facts.received:
        return Step(what=What.FEEDBACK, standing=Standing.NONE)
    answers = settings.rate_reviews and settings.mode is Mode.RUBRIC
    is_answered = answers and facts.rated >= facts.received
    standing = Standing.DONE if is_answered or phase in gates.SCORED else Standing.NOW
    until = settings.feedback_due_at if phase is Phase.FEEDBACK else None
    return Step(what=What.FEEDBACK, standing=standing, at=until, done=facts.rated, of=facts.received)


def _score(phase: Phase, facts: Facts) -> Step:
    if phase in gates.SCORED:
        standing = Standing.NOW if facts.points is not None else Standing.NONE
    elif _is_in(facts) or phase in {Phase.PUBLISHED, Phase.SUBMIT}:
        standing = Standing.LATER
    else:
        standing = Standing.NONE
    return Step(what=What.SCORE, standing=standing)


def _deed(
    settings: PeerSettings, phase: Phase, facts: Facts, steps: dict[What, Step]
) -> tuple[Deed, datetime | None]:
    work, reviews = steps[What.WORK], steps[What.REVIEWS]
    if work.standing is Standing.NOW:
        return Deed.HAND_IN, work.at
    if phase is Phase.PUBLISHED:
        return Deed.WAIT_OPENING, settings.opens_at
    if reviews.standing in {Standing.NOW, Standing.LATER}:
        return _reviewing(settings, facts, steps)
    return _afterwards(settings, phase, facts, steps)


def _reviewing(settings: PeerSettings, facts: Facts, steps: dict[What, Step]) -> tuple[Deed, datetime | None]:
    """What is next when they review, or will."""
    reviews, examples = steps[What.REVIEWS], steps.get(What.EXAMPLES)
    can_try = examples is not None and examples.standing is Standing.NOW
    if reviews.standing is Standing.NOW:
        if can_try and settings.calibration is Calibration.REQUIRED and not facts.open:
            return Deed.TRY_EXAMPLES, reviews.at
        return (Deed.GO_ON if facts.open_id else Deed.NEXT_REVIEW), reviews.at
    if facts.work is not None and facts.work.words_state is State.HELD:
        return Deed.WAIT_MODERATOR, None
    if can_try and _is_in(facts):
        return Deed.TRY_EXAMPLES, settings.submit_due_at
    return Deed.WAIT_REVIEWS, settings.submit_due_at


def _afterwards(
    settings: PeerSettings, phase: Phase, facts: Facts, steps: dict[What, Step]
) -> tuple[Deed, datetime | None]:
    """What is next when they have reviewed, or cannot any more."""
    if phase in gates.SCORED and steps[What.SCORE].standing is Standing.NOW:
        return Deed.SEE_SCORE, None
    if steps[What.FEEDBACK].standing is Standing.NOW:
        return Deed.READ_FEEDBACK, steps[What.FEEDBACK].at
    if not _is_in(facts) or phase in gates.SCORED:
        return Deed.NOTHING, None
    if phase not in gates.READ_BY_AUTHORS:
        return Deed.WAIT_FEEDBACK, settings.review_due_at
    return Deed.WAIT_SCORE, settings.feedback_due_at if phase is Phase.FEEDBACK else None
