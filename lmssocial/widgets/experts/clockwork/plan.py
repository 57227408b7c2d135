"""Which step of a question is due, and when to look again.

Pure: settings, facts and a moment in, an answer out. Nothing of it depends on what was looked at before, so that
whoever looks twice, late, or after something was changed, comes to the same answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from lmssocial.social.content.models import State as Visible
from lmssocial.widgets.experts.calendars import Week, after_working_hours
from lmssocial.widgets.experts.inviting.service import MOST_INVITED
from lmssocial.widgets.experts.models import ALIVE, Audience, Level, State, Urgency
from lmssocial.widgets.experts.settings import ExpertSettings

RECHECK = timedelta(hours=1)
"""How often the clockwork looks where people decide as well: somebody left, or has time again."""
AT_LEAST = timedelta(days=1)
"""How often it looks at any question that is not over."""


@dataclass(frozen=True, kw_only=True)
class Waits:
    """Somebody who is waited for."""

    invitation_id: int
    user_id: int
    due_at: datetime
    is_here: bool
    """Whether they are still in the course in which they were asked."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the steps of a question rest on, besides its settings."""

    state: State
    level: Level
    audience: Audience
    urgency: Urgency
    visible: Visible
    """Whether its words may be read."""
    counted_from: datetime
    paused_at: datetime | None = None
    promised_until: datetime | None = None
    last_answer_at: datetime | None = None
    asker_here: bool = True
    """Whether who asked is still in the course."""
    holder_here: bool | None = None
    """Whether who accepted is; ``None``: nobody has."""
    waiting: tuple[Waits, ...] = ()
    has_held_answer: bool = False
    """Whether an answer waits for a moderator."""
    invited: int = 0
    """People who were chosen and asked so far."""
    tried: bool = False
    """Whether somebody was looked for just now."""
    next_at: datetime | None = None
    """When the clockwork looks again."""

    @property
    def is_alive(self) -> bool:
        """Whether it has a next step."""
        return self.state in ALIVE

    @property
    def nobody(self) -> bool:
        """Whether nobody is waited for, and nobody else can be asked."""
        return not self.waiting and (self.tried or self.invited >= MOST_INVITED)


class Deed(StrEnum):
    """Something the clockwork does."""

    WITHDRAW = "withdraw"
    """Take back invitations of people who have left."""
    LOSE = "lose"
    """Who had accepted has left: it goes on to others."""
    LAPSE = "lapse"
    """End invitations whose time is over, and pass the question on."""
    RELEASE = "release"
    """Who had accepted did not answer in time: it goes on to others."""
    OPEN = "open"
    """Let everybody answer."""
    ESCALATE = "escalate"
    """Put it on the stewards' desk."""
    FILL = "fill"
    """Invite people."""
    RESOLVE = "resolve"
    """There is an answer, and its asker did not come back."""
    CLOSE = "close"
    """Its asker has left, and nobody is at it."""


def step(settings: ExpertSettings, facts: Facts, now: datetime) -> Deed | None:
    """What has to be done now; ``None``: nothing."""
    if not facts.is_alive or facts.visible is not Visible.PUBLISHED:
        return None
    if facts.paused_at is not None:
        return _paused(settings, facts, now)
    return {State.OPEN: _open, State.ACCEPTED: _accepted, State.ANSWERED: _answered}[facts.state](
        settings, facts, now
    )


def why_nobody(settings: ExpertSettings, facts: Facts, now: datetime) -> bool:
    """Whether it gets further because nobody could be found, not because its time has come."""
    due = opens_at(settings, facts) if facts.level is Level.EXPERTS else escalates_at(settings, facts)
    return facts.nobody and now < due


def _paused(settings: ExpertSettings, facts: Facts, now: datetime) -> Deed | None:
    if facts.state is State.ANSWERED:
        return Deed.RESOLVE if now >= pause_ends(settings, facts) else None
    if not facts.asker_here:
        return Deed.CLOSE  # nobody is there to say more
    if facts.level is not Level.STEWARDS and now >= pause_ends(settings, facts):
        return Deed.ESCALATE
    return None


def _answered(settings: ExpertSettings, facts: Facts, now: datetime) -> Deed | None:
    return Deed.RESOLVE if now >= silence_ends(settings, facts) else None


def _accepted(_settings: ExpertSettings, facts: Facts, now: datetime) -> Deed | None:
    if not facts.holder_here:
        return Deed.LOSE
    if facts.promised_until is not None and now >= facts.promised_until and not facts.has_held_answer:
        return Deed.RELEASE
    return None


def _open(settings: ExpertSettings, facts: Facts, now: datetime) -> Deed | None:
    if any(not one.is_here for one in facts.waiting):
        return Deed.WITHDRAW
    if any(one.due_at <= now for one in facts.waiting):
        return Deed.LAPSE
    if not facts.asker_here:
        return None if facts.waiting else Deed.CLOSE
    if lacks(settings, facts) and not facts.tried:
        return Deed.FILL
    return _further(settings, facts, now)


def _further(settings: ExpertSettings, facts: Facts, now: datetime) -> Deed | None:
    """Whether it gets to more people than those who were asked."""
    if facts.level is Level.EXPERTS and (facts.nobody or now >= opens_at(settings, facts)):
        return Deed.OPEN if facts.audience is Audience.EVERYBODY else Deed.ESCALATE
    if facts.level is Level.EVERYBODY and now >= escalates_at(settings, facts):
        return Deed.ESCALATE
    return None


def lacks(settings: ExpertSettings, facts: Facts) -> int:
    """How many more people have to be invited."""
    urgent = facts.urgency is Urgency.EXAM
    at_once = settings.per_urgent_wave if urgent else settings.per_wave
    return max(min(at_once - len(facts.waiting), MOST_INVITED - facts.invited), 0)


def week(settings: ExpertSettings) -> Week:
    """The working days of the course."""
    return Week(settings.zone, settings.opens, settings.closes, settings.days, settings.holidays)


def opens_at(settings: ExpertSettings, facts: Facts) -> datetime:
    """When it is for everybody, at the latest; one for experts only is on the stewards' desk then."""
    return after_working_hours(week(settings), facts.counted_from, settings.open_hours)


def escalates_at(settings: ExpertSettings, facts: Facts) -> datetime:
    """When it is on the stewards' desk, at the latest."""
    hours = max(settings.steward_hours, settings.open_hours)
    return after_working_hours(week(settings), facts.counted_from, hours)


def silence_ends(settings: ExpertSettings, facts: Facts) -> datetime:
    """When an answered question counts as resolved."""
    since = max(facts.last_answer_at or facts.counted_from, facts.counted_from)
    return since + timedelta(days=settings.silence_days)


def pause_ends(settings: ExpertSettings, facts: Facts) -> datetime:
    """When others have to look at a question whose asker does not say what was asked back."""
    return (facts.paused_at or facts.counted_from) + timedelta(days=settings.silence_days)


def looks_again(settings: ExpertSettings, facts: Facts, now: datetime) -> datetime | None:
    """When the clockwork has to look again, after it did all that is due; ``None``: never, it is over."""
    if not facts.is_alive:
        return None
    return min(moment for moment in _moments(settings, facts, now) if moment > now)


def _moments(settings: ExpertSettings, facts: Facts, now: datetime) -> Iterator[datetime]:
    yield now + AT_LEAST
    if facts.visible is not Visible.PUBLISHED:
        return
    if facts.paused_at is not None:
        yield pause_ends(settings, facts)
    elif facts.state is State.ANSWERED:
        yield silence_ends(settings, facts)
    else:
        yield now + RECHECK
        if facts.state is State.ACCEPTED and facts.promised_until is not None:
            yield facts.promised_until
        elif facts.level is not Level.STEWARDS:
            yield opens_at(settings, facts)
            yield escalates_at(settings, facts)
        yield from (one.due_at for one in facts.waiting)
