"""Asking allocators and scorings that others wrote: they get a share of time, and what they raise is one kind of error.

Only their own functions run under the timer, never a statement of ours: the database is not interrupted half way.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import ParamSpec, TypeVar

from lmssocial.core.hooks.patience import OutOfTime, within
from lmssocial.core.hooks.rating import Allocator, Scoring

P = ParamSpec("P")
R = TypeVar("R")

SHARE = 20.0
"""Seconds that one answer may take; ten thousand works take ours less than half of that."""


class Failed(Exception):
    """An allocator or a scoring did not answer. The message is one sentence for the log."""


def allocators_of(offered: Mapping[str, Allocator]) -> dict[str, Allocator]:
    """The same allocators; each raises :class:`Failed`, and nothing else, when it does not answer."""
    return {
        name: replace(
            one,
            pick=guarded(name, one.pick),
            plan=None if one.plan is None else guarded(name, one.plan),
        )
        for name, one in offered.items()
    }


def scorings_of(offered: Mapping[str, Scoring]) -> dict[str, Scoring]:
    """The same scorings; each raises :class:`Failed`, and nothing else, when it does not answer."""
    return {name: replace(one, score=guarded(name, one.score)) for name, one in offered.items()}


def guarded(name: str, ask: Callable[P, R], seconds: float = SHARE) -> Callable[P, R]:
    """``ask``, with a limit of time.

    :raises Failed: when called, and it raised something or took too long.
    """

    @wraps(ask)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with within(seconds):
                return ask(*args, **kwargs)
        except OutOfTime:
            raise Failed(f"{name} did not answer within {seconds:.0f} seconds") from None
        except Exception as error:
            raise Failed(f"{name} raised {type(error).__name__}: {error}") from error

    return asked
