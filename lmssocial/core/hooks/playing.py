"""What a plugin is handed that adds its part to the history of the demo."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Demo:
    """The demo's course, filled, in the transaction in which that happened."""

    session: Any
    """A SQLAlchemy session; what is written is committed with the rest."""
    people: Mapping[str, Any]
    """Everybody who takes part, as :class:`~lmssocial.plugin_data.Actor`, by the keys of ``course/people.toml``."""
    teacher: str
    """The name of the instructor among them."""
    now: datetime
    """The present moment (UTC)."""
    at: Callable[[datetime], AbstractContextManager[None]]
    """Lets :func:`lmssocial.plugin.now` answer another moment inside a ``with`` block: what happened a week ago."""
