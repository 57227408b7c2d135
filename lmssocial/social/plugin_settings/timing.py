"""What plugins do by timer: one round after the other, each of them bounded, and pauses that grow where one fails."""

import re
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.db import unit_of_work
from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.hooks import PluginHost, Timer
from lmssocial.core.hooks.patience import OutOfTime, within
from lmssocial.core.hooks.timing import CALL, ROUND
from lmssocial.core.kernel import clock
from lmssocial.core.outbound import Outbound
from lmssocial.social.plugin_settings.models import PluginTimer
from lmssocial.social.plugin_settings.work import PluginWork, courses_on

log = structlog.get_logger(__name__)

HOOK = "lmssocial_register_timers"
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (2, 8, 32, 128, 600))
"""How long a timer is left alone after it failed once, twice, … times in a row; the last one from then on."""
HOLD = timedelta(seconds=ROUND + CALL + 10)
"""How long a worker may be at a timer before others take it for gone."""
LAST_MOMENTS = 3.0
"""Seconds that are left to a call when the worker is asked to stop."""
LONGEST = 20_000
"""Characters that are kept of a failure."""


@dataclass(frozen=True)
class Outcome:
    """How a round went."""

    calls: int = 0
    more: bool = False
    """Whether there was more to do when its time was over."""
    stopped: bool = False
    """Whether it ended because the worker is asked to stop."""
    error: Exception | None = None


def timers_of(host: PluginHost) -> dict[str, tuple[Timer, ...]]:
    """The timers of every loaded plugin that has some. A plugin whose timers cannot be used is dropped and shown."""
    found: dict[str, tuple[Timer, ...]] = {}
    for answer in list(host.collect(HOOK)):
        if answer.error is not None:
            host.drop(answer.plugin, f"{HOOK} raised: {answer.error}", answer.error)
        elif wrong := _wrong(answer.value):
            host.drop(answer.plugin, f"{HOOK}: {wrong}")
        else:
            found[answer.plugin] = tuple(answer.value)
    return found


def _wrong(offered: object) -> str:
    """What is wrong with what a plugin offers, in a sentence; empty if nothing is."""
    if not isinstance(offered, list | tuple) or not all(isinstance(one, Timer) for one in offered):
        return "it must return a list of timers."
    names = [one.name for one in offered]
    for one in offered:
        if not NAME.fullmatch(one.name):
            return f"{one.name!r} is no name of a timer: small letters, digits and _, at most 40."
        if names.count(one.name) > 1:
            return f"there are two timers called {one.name}."
        if one.every <= timedelta(0):
            return f"the timer {one.name} has no time between its rounds."
    return ""


@dataclass(frozen=True, kw_only=True)
class Turns:
    """Gives timers of plugins their turns.

    :param stopping: whether the worker is asked to stop.
    :param call: seconds that one call may take.
    :param round: seconds after which no other call is made.
    """

    sessions: sessionmaker[Session]
    host: PluginHost
    outbound: Outbound
    stopping: Callable[[], bool]
    call: float = CALL
    round: float = ROUND

    def take(self, plugin: str, timer: Timer) -> int:
        """Let ``timer`` do a round if it is due and ``plugin`` is on in a course. Says how often it was called.

        What goes wrong is kept for the administrator and raised to nobody: other timers have their turns, too.
        """
        with self.sessions() as session:
            if not _is_due(_row(session, plugin, timer), timer) or not courses_on(session, self.host, plugin):
                return 0
        with self.sessions() as session, unit_of_work(session):
            if not _hold(session, plugin, timer):
                return 0
        outcome = self._round(plugin, timer)
        with self.sessions() as session, unit_of_work(session):
            _let_go(session, plugin, timer, outcome)
        return outcome.calls

    def _round(self, plugin: str, timer: Timer) -> Outcome:
        calls, until = 0, time.monotonic() + self.round
        work = PluginWork(plugin, self.sessions, self.host, self.outbound)
        try:
            while not self.stopping() and time.monotonic() < until and work.courses_on():
                calls += 1
                if not self._call(timer, work):
                    return Outcome(calls)
        except Exception as error:  # a plugin may raise anything
            log.exception("timer of a plugin failed", plugin=plugin, timer=timer.name)
            return Outcome(calls, error=error)
        except OutOfTime as late:
            if not self.stopping():
                log.exception("timer of a plugin takes too long", plugin=plugin, timer=timer.name)
                return Outcome(calls, error=_too_long(self.call, late))
        return Outcome(calls, more=True, stopped=self.stopping())

    def _call(self, timer: Timer, work: PluginWork) -> bool:
        try:
            with within(self.call, hurried=LAST_MOMENTS):
                return bool(timer.run(work))
        finally:
            work.abandon()


def forget_failures(session: Session, plugin: str, name: str) -> bool:
    """Let a timer that waits because it failed have its next turn at once; says whether there is one."""
    row = session.scalars(
        select(PluginTimer).where(PluginTimer.plugin == plugin, PluginTimer.name == name).with_for_update()
    ).one_or_none()
    if row is None:
        return False
    row.failures, row.ended_at = 0, None
    return True


def next_at(row: PluginTimer) -> datetime | None:
    """When a timer that failed is called again, at the earliest; ``None`` for one that did not fail."""
    if not row.failures or row.ended_at is None:
        return None
    return row.ended_at + _pause(row.failures)


def _pause(failures: int) -> timedelta:
    return PAUSES[min(failures, len(PAUSES)) - 1]


def _is_due(row: PluginTimer | None, timer: Timer) -> bool:
    now = clock.now()
    if row is None:
        return True
    if row.held_until is not None and row.held_until > now:
        return False
    return (
        row.ended_at is None or row.ended_at + (_pause(row.failures) if row.failures else timer.every) <= now
    )


def _row(session: Session, plugin: str, timer: Timer) -> PluginTimer | None:
    return session.scalars(
        select(PluginTimer).where(PluginTimer.plugin == plugin, PluginTimer.name == timer.name)
    ).one_or_none()


def _hold(session: Session, plugin: str, timer: Timer) -> bool:
    """Take the timer for this worker, unless another was faster."""
    insert_if_absent(
        session,
        PluginTimer,
        {"plugin": plugin, "name": timer.name, "failures": 0, "error": ""},
        [PluginTimer.plugin, PluginTimer.name],
    )
    row = _locked(session, plugin, timer)
    if not _is_due(row, timer):
        return False
    row.held_until = clock.now() + HOLD
    return True


def _let_go(session: Session, plugin: str, timer: Timer, outcome: Outcome) -> None:
    row = _locked(session, plugin, timer)
    row.held_until = None
    if outcome.stopped:
        return  # another worker goes on at once
    row.ended_at = None if outcome.more else clock.now()
    if outcome.error is None:
        row.failures, row.error = 0, ""
    else:
        row.failures += 1
        row.error = _told(outcome.error)


def _locked(session: Session, plugin: str, timer: Timer) -> PluginTimer:
    return session.scalars(
        select(PluginTimer)
        .where(PluginTimer.plugin == plugin, PluginTimer.name == timer.name)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _too_long(seconds: float, late: OutOfTime) -> TimeoutError:
    error = TimeoutError(f"It took longer than {seconds:g} seconds and was interrupted.")
    error.__cause__ = late
    return error


def _told(error: Exception) -> str:
    """One line, then the traceback."""
    line = (str(error).strip() or type(error).__name__).splitlines()[0]
    details = "".join(traceback.format_exception(error))
    return f"{line}\n{details}".replace("\0", "?").strip()[:LONGEST]
