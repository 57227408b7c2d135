"""Asking policies without being harmed by them.

A policy may hang, end its process, eat memory or let a regular expression explode; whoever posts must not wait for it,
and nobody else may notice. So policies are asked in a process of their own, under a budget: :class:`IsolatedRunner`.
What this protects from is mistakes. It is no sandbox: who installs a plugin trusts its author.
"""

import os
import pickle
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import timedelta
from typing import Any, Protocol
from weakref import finalize

import structlog

from lmssocial.core.hooks.host import Answer, PluginHost, Reach
from lmssocial.core.hooks.judging import judge, source_length
from lmssocial.core.hooks.process import Process
from lmssocial.core.hooks.turn import PolicyError, Turn, not_asked
from lmssocial.core.hooks.wire import Job, Lost

log = structlog.get_logger(__name__)

ABOUT_POSTS = "lmssocial_screen_submission"
ABOUT_FILES = "lmssocial_screen_attachment"
"""The hooks that are asked through a runner."""
BUDGET = timedelta(seconds=1)
"""What all policies together may take for one submission."""
SHARES = 4
"""Into how many parts the budget is divided: one policy may take one of them."""
MEMORY = 1 << 30
"""Bytes by which asking policies may enlarge their process beyond what importing them took."""
START = timedelta(seconds=20)
"""What importing the plugins into their process may take; once, before the first submission."""
PAUSE = timedelta(seconds=10)
"""How long nobody tries to start a process after it could not be started."""


class Runner(Protocol):
    """Who asks policies."""

    def ask(
        self, hook: str, reach: Reach, names: Sequence[str], facts: Mapping[str, Any], locale: str = ""
    ) -> list[Answer]:
        """Ask each plugin of ``names`` that implements ``hook`` and is within ``reach``; never raises.

        :param facts: the arguments of the hook without ``settings``: values of :mod:`lmssocial.core.hooks.types`.
        :param locale: the language of the sentences in the verdicts, such as ``de_AT``.
        :return: by name, a checked verdict or an error of each; nothing of those that abstain.
        """

    def warm(self) -> None:
        """Make ready in the background, so that the first submission does not wait for it."""

    def close(self) -> None:
        """Free what it holds; it may be asked again."""


class DirectRunner:
    """Asks in this very process, for as long as it takes: for tests and for what has all the time in the world."""

    def __init__(self, host: PluginHost) -> None:
        """Ask the plugins of ``host``."""
        self._host = host

    def ask(
        self, hook: str, reach: Reach, names: Sequence[str], facts: Mapping[str, Any], locale: str = ""
    ) -> list[Answer]:
        """See :class:`Runner`."""
        answers = (
            self._one(hook, name, facts, reach.settings(name), locale)
            for name in _asked(self._host, hook, reach, names)
        )
        return [answer for answer in answers if answer is not None]

    def _one(
        self, hook: str, name: str, facts: Mapping[str, Any], settings: Any, locale: str
    ) -> Answer | None:
        try:
            verdict = judge(self._host, hook, name, facts, settings, locale)
        except Exception as error:  # a plugin may raise anything
            log.exception("policy failed", plugin=name, hook=hook)
            return Answer(name, error=error)
        return None if verdict is None else Answer(name, verdict)

    def warm(self) -> None:
        """It is ready."""

    def close(self) -> None:
        """Nothing is held."""


class IsolatedRunner:
    """Asks in one process that is started for the first submission and shared by all threads, one after the other.

    Whatever policies do, :meth:`ask` returns within the budget and ``turn.GRACE``; only who finds no process also waits
    for its start. Built-in plugins and those that were registered as objects, as tests do, cannot be imported elsewhere
    or need not be: they are asked directly.
    """

    def __init__(
        self,
        host: PluginHost,
        *,
        hooks: Sequence[str] = (ABOUT_POSTS, ABOUT_FILES),
        budget: timedelta = BUDGET,
        share: timedelta | None = None,
        memory: int = MEMORY,
        start: timedelta = START,
    ) -> None:
        """Start nothing yet.

        :param hooks: what it is going to be asked; plugins that implement none of them are not imported.
        :param budget: what all policies together may take for one submission.
        :param share: what one of them may take; a quarter of the budget unless it is said, and never more than half.
        :param memory: bytes by which judging may enlarge the process.
        :param start: what importing the plugins may take.
        """
        self._host = host
        self._hooks = hooks
        self._direct = DirectRunner(host)
        self._budget = budget.total_seconds()
        self._share = min(budget / SHARES if share is None else share, budget / 2).total_seconds()
        self._memory = memory
        self._start_time = start.total_seconds()
        self._lock = threading.Lock()
        self._held: list[Process] = []
        """The process, if there is one; a list, so that it can be ended when nobody holds this runner any more."""
        self._owner = os.getpid()
        self._unloaded: dict[str, str] = {}
        """Plugins that could not be imported over there, with reasons."""
        self._not_before = 0.0
        finalize(self, _end_all, self._held)

    def ask(
        self, hook: str, reach: Reach, names: Sequence[str], facts: Mapping[str, Any], locale: str = ""
    ) -> list[Answer]:
        """See :class:`Runner`."""
        wanted = _asked(self._host, hook, reach, names)
        apart = [name for name in wanted if name in self._apart()]
        near = [name for name in wanted if name not in apart]
        answers = self._direct.ask(hook, reach, near, facts, locale)
        if apart:
            far = self._ask_apart(hook, reach, apart, facts, locale)
            for answer in far:
                _log_failure(answer, hook)
            answers = sorted([*answers, *far], key=lambda answer: answer.plugin)
        return answers

    def warm(self) -> None:
        """See :class:`Runner`."""
        threading.Thread(target=self.start, name="policies", daemon=True).start()

    def start(self) -> bool:
        """Start the process now, unless it is there; tells whether it is."""
        with self._lock:
            return self._process() is not None

    def close(self) -> None:
        """End the process, once nobody waits for an answer; the next submission starts another."""
        with self._lock:
            _end_all(self._held)

    @property
    def pid(self) -> int | None:
        """The process id of the policies' process, if there is one."""
        return self._held[0].pid if self._held else None

    def _apart(self) -> set[str]:
        return self._host.importable - self._host.builtin

    def _ask_apart(
        self, hook: str, reach: Reach, names: list[str], facts: Mapping[str, Any], locale: str
    ) -> list[Answer]:
        cold = not self._held
        until = time.monotonic() + self._budget
        if not self._lock.acquire(timeout=self._budget + (self._start_time if cold else 0)):
            return not_asked(names, "Other submissions took all the time.")
        try:
            process = self._process()
            if process is None:
                return not_asked(names, "The process for policies could not be started.")
            if cold:
                until = time.monotonic() + self._budget
            settings, failed = _packed({name: reach.settings(name) for name in names})
            failed += [Answer(name, error=PolicyError(why)) for name, why in self._unloaded.items()]
            job = Job(
                hook=hook,
                names=tuple(sorted(set(names) - {answer.plugin for answer in failed})),
                facts=pickle.dumps(dict(facts)),
                settings=settings,
                locale=locale,
                each=self._share,
                total=self._budget,
            )
            failed = [answer for answer in failed if answer.plugin in names]
            return failed + self._turn(Turn(process, job, until, source_length(facts)))
        finally:
            self._lock.release()

    def _turn(self, turn: Turn) -> list[Answer]:
        try:
            return turn.run()
        except Lost as error:
            log.warning("policies' process lost", reason=str(error))
            _end_all(self._held)
            return turn.known("Its process was lost before it was asked.")

    def _process(self) -> Process | None:
        """The process, started if need be; ``None`` if it cannot be had now. The lock is held."""
        if self._owner != os.getpid():  # forked since: theirs is not ours
            self._owner = os.getpid()
            self._held.clear()
        if not self._held and time.monotonic() >= self._not_before:
            self._begin()
        return self._held[0] if self._held else None

    def _begin(self) -> None:
        names = {name for hook in self._hooks for name in self._host.implementers(hook)} & self._apart()
        until = time.monotonic() + self._start_time
        while time.monotonic() < until:
            process = None
            try:
                process = Process(sorted(names - self._unloaded.keys()), self._memory)
                self._held.append(process)
                self._unloaded |= process.load(until)
            except (OSError, Lost) as error:
                _end_all(self._held)
                loading = process.loading if process is not None else ""
                log.warning("policies' process not started", reason=str(error), importing=loading)
                if not loading:
                    break
                self._unloaded[loading] = f"Importing it ended or held up the policies' process: {error}"
            else:
                return
        self._not_before = time.monotonic() + PAUSE.total_seconds()


def _asked(host: PluginHost, hook: str, reach: Reach, names: Sequence[str]) -> list[str]:
    return [name for name in host.implementers(hook) if name in reach.enabled and name in names]


def _packed(all_settings: Mapping[str, Any]) -> tuple[dict[str, bytes | None], list[Answer]]:
    """The values of each settings object as a pickle, and an error for each that cannot travel."""
    packed: dict[str, bytes | None] = {}
    failed: list[Answer] = []
    for name, settings in all_settings.items():
        try:
            packed[name] = None if settings is None else pickle.dumps(_plain(settings))
        except Exception as error:  # noqa: BLE001 – it is the plugin's own class
            failed.append(Answer(name, error=PolicyError(f"Its settings cannot be handed over: {error}")))
    return packed, failed


def _plain(settings: Any) -> dict[str, Any]:
    return {field.name: getattr(settings, field.name) for field in fields(settings) if field.init}


def _log_failure(answer: Answer, hook: str) -> None:
    if isinstance(answer.error, PolicyError):
        log.error(
            "policy failed",
            plugin=answer.plugin,
            hook=hook,
            reason=str(answer.error),
            details=answer.error.details,
        )


def _end_all(held: list[Process]) -> None:
    while held:
        held.pop().end()
