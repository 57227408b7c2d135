"""What plugins do by timer, and what they have at hand while they do it."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol


class Work(Protocol):
    """What a timer of a plugin has at hand. It holds no transaction: each :meth:`unit_of_work` is one."""

    def unit_of_work(self) -> AbstractContextManager[Any]:
        """A SQLAlchemy session whose writes are committed at the end of the block, or not at all. Keep it short."""

    def reading(self) -> AbstractContextManager[Any]:
        """A SQLAlchemy session for reading; nothing is committed."""

    def courses_on(self) -> Sequence[int]:
        """The ids of the courses in which the plugin is on at present, in ascending order."""

    def settings(self, *, tenant_id: int, course_id: int | None = None) -> Any:
        """How it is set for a tenant, or in one of its courses; ``None`` where it is off, or has no settings."""

    def post_json(self, url: str, payload: object, *, headers: dict[str, str], seconds: float = 10.0) -> int:
        """Post ``payload`` as JSON to somebody else's server and give the status of its answer.

        Only https to public addresses, and what ``LMSSOCIAL_OUTBOUND_ALLOW`` names; no redirects; one try. Never call
        it within a :meth:`unit_of_work`: a server that does not answer would hold the database's write lock.

        :raises ConnectionError: if there was no answer: refused, not found, too late.
        """


@dataclass(frozen=True, kw_only=True)
class Timer:
    """Something a plugin does every so often, in the worker.

    :param name: unlike that of the plugin's other timers; a few small letters.
    :param every: how often. A round that takes longer delays the next.
    :param run: does some of it and says whether more is left; then it is called again at once, until the round has
        taken :data:`ROUND` seconds. One call that takes longer than :data:`CALL` seconds is interrupted.
    """

    name: str
    every: timedelta
    run: Callable[[Work], bool]


CALL = 30.0
"""Seconds that one call of a timer may take."""
ROUND = 60.0
"""Seconds after which a round ends, although there may be more to do; others want to run as well."""
