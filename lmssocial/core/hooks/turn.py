"""One submission's turn at the policies' process: whom to blame when something goes wrong, and how to go on."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lmssocial.core.hooks.host import Answer
from lmssocial.core.hooks.process import Process
from lmssocial.core.hooks.verdicts import Nonsense, from_wire
from lmssocial.core.hooks.wire import LEAST, Job, Lost

GRACE = 0.1
"""Seconds that the process gets beyond each limit to stop by itself, before it is ended from outside."""
MOST_LINES = 1_000
"""Lines about one job, beyond which somebody else writes into the channel."""


class PolicyError(Exception):
    """A policy did not do its part. The message is one sentence for the administrator."""

    def __init__(self, message: str, details: str = "") -> None:
        """Keep the traceback of the other process, if there is one, as ``details``."""
        super().__init__(message)
        self.details = details


class NotAsked(PolicyError):
    """A policy could not be asked, for which it is not to blame."""


def not_asked(names: Sequence[str], why: str) -> list[Answer]:
    """For each of ``names`` that it could not be asked."""
    return [Answer(name, error=NotAsked(why)) for name in names]


@dataclass
class Turn:
    """Asks every policy of a job, however many workers that takes."""

    process: Process
    job: Job
    until: float
    """The moment on the monotonic clock when time is up."""
    length: int
    """Characters of the source, for the spans of verdicts."""
    answers: dict[str, Answer | None] = field(default_factory=dict)
    """What is known so far; ``None`` for who abstained."""

    def run(self) -> list[Answer]:
        """Every answer there is; policies there was no time for are errors, too.

        :raises Lost: if the process has to be given up.
        """
        while self._rest() and self._left() > LEAST and self.process.await_fresh(self.until):
            job = replace(self.job, names=tuple(self._rest()), total=self._left())
            self.process.send(job, self.until + GRACE)
            self._listen()
        return self.known()

    def known(self, why: str = "There was no time left to ask it.") -> list[Answer]:
        """The answers so far, and for all others that they were not asked, with the reason."""
        given = [answer for answer in self.answers.values() if answer is not None]
        return given + not_asked(self._rest(), why)

    def _rest(self) -> list[str]:
        return [name for name in self.job.names if name not in self.answers]

    def _left(self) -> float:
        return self.until - time.monotonic()

    def _listen(self) -> None:
        """Take answers until the worker is done with the job, or done for; then another one is ordered."""
        current, begun = "", 0.0
        for _ in range(MOST_LINES):
            stop = min(begun + self.job.each, self.until) if current else self.until
            try:
                told = self.process.next(stop + GRACE)
            except Lost as error:
                if current:
                    lost = PolicyError(f"While it was asked, its process was lost. {error}")
                    self.answers[current] = Answer(current, error=lost)
                raise
            if told is None:
                return self._blame(current, self._stuck(begun))
            match told:
                case {"begin": str(name)} if name in self.job.names:
                    current, begun = name, time.monotonic()
                case {"said": str(name)} if name == current:
                    self.answers[name] = self._answer(name, told)
                    current = ""
                    if "spent" in told:
                        return self.process.order_fresh()
                case {"done": True}:
                    return None
                case {"ended": str(how)}:
                    return self._blame(current, PolicyError(how))
        return self._blame(current, PolicyError("Its process talks without end."))

    def _blame(self, name: str, error: PolicyError) -> None:
        """Note who was at work when the worker went, and order another.

        :raises Lost: if nobody was: the job may wait half read in the channel.
        """
        if not name:
            raise Lost(str(error))
        self.answers[name] = Answer(name, error=error)
        self.process.order_fresh()

    def _stuck(self, begun: float) -> PolicyError:
        if time.monotonic() - begun < self.job.each:
            return NotAsked("Time was up before it had its share.")
        return PolicyError(
            f"It did not answer within {self.job.each * 1000:.0f} ms and could not be interrupted, "
            "so its process was ended."
        )

    def _answer(self, name: str, told: Mapping[str, Any]) -> Answer | None:
        match told:
            case {"verdict": None}:
                return None
            case {"verdict": dict(verdict)}:
                try:
                    return Answer(name, from_wire(verdict, self.length))
                except Nonsense as error:
                    return Answer(name, error=PolicyError(str(error)))
        return Answer(name, error=self._error(told))

    def _error(self, told: Mapping[str, Any]) -> PolicyError:
        match told:
            case {"error": str(short), "details": str(details)}:
                return PolicyError(short, details)
            case {"spent": "time", "whole": True}:
                return PolicyError(f"It did not answer within {self.job.each * 1000:.0f} ms.")
            case {"spent": "time"}:
                return NotAsked("Time was up before it had its share.")
            case {"spent": "memory"}:
                return PolicyError("It needed more memory than a policy may have.")
        return PolicyError("Its process sent something that is no answer.")
