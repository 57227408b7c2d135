"""Finding whom to invite. Nothing here commits, and nothing here writes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from lmssocial.core.hooks.routing import Ranking
from lmssocial.widgets.experts.invitation_models import Source
from lmssocial.widgets.experts.questions import Asked


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Somebody to be invited, and why."""

    user_id: int
    community_id: int
    """Where they offered themselves."""
    placement_id: int
    """Under which activity they are told of it."""
    source: Source
    reasons: dict[str, Any]
    """As :mod:`.reasons` words it; plain JSON."""
    signals: dict[str, Any]
    """What their place in the order was made of; plain JSON."""


def best(
    session: Session,
    rankings: Mapping[str, Sequence[Ranking]],
    asked: Asked,
    *,
    most: int,
    now: datetime,
    exclude: Collection[int] = (),
) -> list[Chosen]:
    """Up to ``most`` people to be invited, the first one first; nobody twice, nobody who may not be.

    The same question in the same state gives the same answer.

    :param rankings: by the name of the plugin; those that are off in the course of the question are left out.
    :param exclude: user ids of people who are not to be among them, beside everybody who was invited before.
    """
    raise NotImplementedError
