"""A report as plain values: what is shown, printed and exported, and what a published one keeps for good."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from lmssocial_reporting.report.plain import plain, read

SCHEMA = "lmssocial-report/1"
"""The name of the format; another one where anything changes that readers of the files rely on."""


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One parameter of the definition."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class DefinitionCopy:
    """The definition in force, with all its parameters."""

    version: str
    parameters: tuple[Parameter, ...]
    fingerprint: str
    """Of version and parameters: figures are compared only where it is the same."""


@dataclass(frozen=True, kw_only=True)
class TargetCopy:
    """The target in force. How many set it, and not who: a copy is never changed, not even when somebody is erased."""

    purpose: str
    speaks_of: str
    setters: int
    votes_for: int
    votes_against: int
    ratified_at: datetime | None
    review_on: date


@dataclass(frozen=True, kw_only=True)
class RoleLine:
    """One role in the window, for those whom the target speaks of. Shares in whole per cent; ``None``: not said."""

    role: str
    title: str
    acting: int | None
    share: int | None
    low: int | None
    """Of the 95 % Wilson interval."""
    high: int | None
    sustained: int | None
    emerging: int | None
    nothing: int | None
    acts: int
    """Pieces of evidence."""
    band_low: int | None
    band_high: int | None
    gap: int | None
    """Percentage points between the share and the nearer end of the band; 0 within it."""
    verdict: str
    """``within``, ``below``, ``above``, ``unclear``; empty where there is nothing to compare."""
    sentence: str


@dataclass(frozen=True, kw_only=True)
class MixCopy:
    """How far the mix of roles is from that of the target, each distance with what chance alone gives."""

    acting: int
    """How many members the mix is of: those who act in a role."""
    total_variation: float
    """0 to 1: this much of the participation would have to be in another role."""
    total_variation_chance: float
    """What it stays below in 95 of 100 groups as large that meet the target."""
    jensen_shannon: float
    """The Jensen–Shannon distance to the base 2, 0 to 1."""
    jensen_shannon_chance: float
    differs: bool
    """Whether the total variation is more than chance alone gives."""
    sentence: str


@dataclass(frozen=True, kw_only=True)
class SplitLine:
    """Some of the members and one role. Numbers of people; ``None``: not said."""

    by: str
    key: str
    title: str
    members: int
    role: str
    acting: int | None
    sustained: int | None
    emerging: int | None
    nothing: int | None


@dataclass(frozen=True, kw_only=True)
class TrendLine:
    """One role in one window."""

    first: date
    last: date
    members: int
    role: str
    acting: int | None
    share: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One figure of a monitor."""

    monitor: str
    """Its title."""
    name: str
    value: str
    """In words, as people read it."""
    number: float | None = None
    """The same as a number, where it is one."""


@dataclass(frozen=True, kw_only=True)
class ChartCopy:
    """A chart with all it says. ``svg`` takes its colours from the page, ``printed`` has its own."""

    key: str
    title: str
    finding: str
    description: str
    svg: str
    printed: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the figures say of a scope in a window."""

    first: date
    last: date
    zone: str
    members: int
    enough: bool
    least_cell: int
    definition: DefinitionCopy
    target: TargetCopy | None
    speaks_of: str
    """``all`` or ``learners``: of whom the roles are said."""
    spoken_of: int
    """How many they are."""
    roles: tuple[RoleLine, ...]
    splits: tuple[SplitLine, ...]
    trend: tuple[TrendLine, ...]
    measures: tuple[Measure, ...]
    charts: tuple[ChartCopy, ...]
    notes: tuple[str, ...] = ()
    """What has to be known to read the figures: what was not read yet, what is not said."""
    mix: MixCopy | None = None
    """``None``: not said, or there is no target to compare with."""


@dataclass(frozen=True, kw_only=True)
class SectionCopy:
    """What people wrote."""

    name: str
    title: str
    words: str = ""
    header: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    """What each column holds: ``words``, ``line``, ``link`` or ``day``."""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, kw_only=True)
class DataLine:
    """One kind of event that the figures rest on: a line of the data list and of the data collection plan."""

    source: str
    event: str
    version: int
    what: str
    fields: tuple[str, ...]
    purpose: str
    retention: str
    responsible: str
    timeframe: str


@dataclass(frozen=True, kw_only=True)
class Document:
    """A report."""

    schema: str = SCHEMA
    title: str
    scope: str
    """What the report is of: ``course``, ``span`` or ``tenant``."""
    scope_title: str
    language: str
    made_at: datetime
    caution: str
    facts: Facts
    sections: tuple[SectionCopy, ...]
    data: tuple[DataLine, ...]

    def to_json(self, *, indent: int | None = None) -> str:
        """As a file or a column has it; always the same for the same report."""
        return json.dumps(plain(self), ensure_ascii=False, indent=indent, sort_keys=indent is None)

    @classmethod
    def from_json(cls, text: str) -> "Document":
        """What :meth:`to_json` wrote."""
        return read(cls, json.loads(text))
