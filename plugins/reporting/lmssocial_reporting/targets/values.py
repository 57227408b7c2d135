"""A target as others see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from lmssocial_reporting.definition import Role


class Stage(StrEnum):
    """How far a target has come. Only a ratified one is compared with anything."""

    DRAFT = "draft"
    """Somebody wrote it down; those who look after the community see it."""
    CONSULTED = "consulted"
    """The members read it, say what they think and vote."""
    RATIFIED = "ratified"
    """It is in force."""
    RETIRED = "retired"
    """It was in force, or was never agreed; another one may be."""


@dataclass(frozen=True)
class Band:
    """From which to which share of the members, in whole per cent."""

    low: int
    high: int

    @property
    def middle(self) -> float:
        """Half way, as a share from 0 to 1."""
        return (self.low + self.high) / 200


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a community wants to be. There is no field for a number of acts, and there will be none."""

    id: int
    stage: Stage
    purpose: str
    """What the community is for, in a sentence."""
    speaks_of: str
    """``all`` or ``learners``: of whom the shares are."""
    bands: Mapping[Role, Band]
    setters: tuple[str, ...]
    """The names of those who set it."""
    votes_for: int
    votes_against: int
    review_on: date
    ratified_at: datetime | None
    scope: str = ""
    """Where it belongs: ``course-3``, ``span-7`` or ``all``."""
    setter_ids: frozenset[int] = frozenset()
    created_at: datetime | None = None
    consulted_at: datetime | None = None
    ends_on: date | None = None
    """The last day on which members say what they think."""
    ratified_by: str = ""
    despite: str = ""
    """Why it was ratified against a majority; everybody reads it."""
    retired_at: datetime | None = None
    retired_by: str = ""
    retired_why: str = ""
    successor_id: int | None = None

    @property
    def of_learners(self) -> bool:
        """Whether its shares are of those who take the course, and not of everybody in it."""
        return self.speaks_of == "learners"

    @property
    def against_majority(self) -> bool:
        """Whether more members were against it than for it."""
        return self.votes_against > self.votes_for


@dataclass(frozen=True)
class Remark:
    """What somebody said of a target."""

    name: str
    words: str
    at: datetime
