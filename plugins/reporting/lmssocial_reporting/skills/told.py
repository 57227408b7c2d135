"""What skills are reckoned from: the acts, readings, evidence and ties of a window, read with few statements."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cached_property
from typing import NamedTuple

from sqlalchemy.orm import Session

from lmssocial_reporting.definition import Kind
from lmssocial_reporting.evidence.days import opened_by, unread_in
from lmssocial_reporting.monitors.brokerage import Brokerage, brokerage
from lmssocial_reporting.monitors.network import TIES, degrees_of
from lmssocial_reporting.people import Window
from lmssocial_reporting.store.port import Act, Deed, Edge, Evidence, Reading, ReportStore

BACK = timedelta(days=14)
"""How far before the window acts are looked at: what they answer to may be older than the window."""
FORTNIGHT = BACK
WANTED = frozenset(Deed) - {
    Deed.READ,
    Deed.JOINED,
    Deed.MENTIONED,
    Deed.ENDORSED,
    Deed.UNENDORSED,
    Deed.RATED,
}
"""The deeds that any skill is reckoned from; reading comes by itself."""
LARGE = 40_000
"""Readings in a window beyond which a page does not look at every single one."""
PIECES = (Kind.MEMBER_BROUGHT, Kind.NEWCOMER_WELCOMED, Kind.CARE_REQUEST)


class Value(NamedTuple):
    """What an indicator says of one member."""

    value: float
    """In the unit of the indicator; infinite where it has not come about yet."""
    chances: int
    """On how many occasions it rests."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """Everything skills are reckoned from. Acts and readings are in order of time."""

    window: Window
    acts: Sequence[Act] = ()
    """From two weeks before the window to its end, without readings."""
    readings: Sequence[Reading] = ()
    """From two weeks before the window to its end."""
    pieces: Sequence[Evidence] = ()
    """Of the kinds in :data:`PIECES`, from two weeks before the window to its end."""
    ties: Sequence[Edge] = ()
    ties_before: Sequence[Edge] = ()
    """Of the window before."""
    first: Mapping[int, date] = field(default_factory=dict)
    """The day on which each member first published anything, of those who began in the last six weeks."""
    widgets: Mapping[int, str] = field(default_factory=dict)
    """The kind of each placed widget, by placement."""
    uses: Collection[tuple[int, str, int]] = ()
    """(Placement, widget, member) of all who did anything in the window."""
    opened: Mapping[str, int] = field(default_factory=dict)
    """By how many people each copy of a shared item was read, wherever it is."""
    groups: Mapping[int, int] = field(default_factory=dict)
    """One group for each member who is in any; empty where they are not known."""
    too_large: bool = False
    """Whether there is so much reading that it was left out."""
    zone: tzinfo = UTC
    """In which days are reckoned."""

    @cached_property
    def end(self) -> datetime:
        """The first moment after the window: what has not happened until then had so long to."""
        return datetime.combine(self.window.last + timedelta(days=1), time(), self.zone)

    @cached_property
    def by_deed(self) -> Mapping[Deed, Sequence[Act]]:
        """All acts, sorted by what was done."""
        found: defaultdict[Deed, list[Act]] = defaultdict(list)
        for act in self.acts:
            found[act.deed].append(act)
        return found

    def done(self, *deeds: Deed) -> list[Act]:
        """The acts of the window, of these deeds, in order."""
        return [act for deed in deeds for act in self.by_deed.get(deed, ()) if act.day >= self.window.first]

    @cached_property
    def replies(self) -> Mapping[str, Sequence[Act]]:
        """All replies by thread, in order."""
        found: defaultdict[str, list[Act]] = defaultdict(list)
        for act in self.by_deed.get(Deed.REPLIED, ()):
            found[act.thread].append(act)
        return found

    @cached_property
    def read_now(self) -> Sequence[Reading]:
        """The readings of the window."""
        begin = datetime.combine(self.window.first, time(), self.zone)
        return [reading for reading in self.readings if reading.at >= begin]

    @cached_property
    def contacts(self) -> Mapping[int, int]:
        """With how many others each member has a tie, whichever way round."""
        return degrees_of((edge.member, edge.other) for edge in self.ties if edge.member != edge.other)

    @cached_property
    def brokers(self) -> Mapping[int, Brokerage]:
        """How often each member stands between two others."""
        return brokerage(self.ties, self.groups)

    @cached_property
    def readers(self) -> Mapping[str, frozenset[int]]:
        """Who read each item in the window."""
        found: defaultdict[str, set[int]] = defaultdict(set)
        for reading in self.read_now:
            found[reading.item].add(reading.member)
        return {item: frozenset(members) for item, members in found.items()}


def is_large(
    store: ReportStore, course_ids: Collection[int], window: Window, deeds: Collection[Deed] = (Deed.READ,)
) -> bool:
    """Whether so much was done in a window that a page does not look at every single act. One statement."""
    found = store.deeds(course_ids, window.first, window.last)
    return sum(number for (_day, deed, _widget), number in found.items() if deed in deeds) > LARGE


def told_by(
    session: Session,
    store: ReportStore,
    course_ids: Collection[int],
    window: Window,
    *,
    widgets: Mapping[int, str],
    zone: tzinfo = UTC,
    groups: Mapping[int, int] | None = None,
) -> Told:
    """Read what skills of these courses are reckoned from: twelve statements, however much happened.

    Without the reading and searching of those who do not want it to be counted.

    :param widgets: the kind of each placed widget, by placement.
    :param zone: in which days are reckoned.
    :param groups: one group for each member who is in any.
    """
    unread = unread_in(session, course_ids)
    acts = [
        act
        for act in store.acts_between(course_ids, window.first - BACK, window.last, WANTED)
        if act.deed is not Deed.SEARCHED or act.member not in unread
    ]
    too_large = is_large(store, course_ids, window)
    read = [] if too_large else store.readings(course_ids, window.first - FORTNIGHT, window.last)
    copies = {act.target for act in acts if act.deed is Deed.SHARED and act.day >= window.first}
    return Told(
        window=window,
        acts=acts,
        readings=[one for one in read if one.member not in unread],
        too_large=too_large,
        pieces=store.evidence_between(course_ids, window.first - FORTNIGHT, window.last, PIECES),
        ties=store.edges(course_ids, window, TIES),
        ties_before=store.edges(course_ids, window.before(), TIES),
        first=store.first_writing(course_ids, window.first - FORTNIGHT),
        widgets=widgets,
        uses=store.uses(course_ids, window.first, window.last, unread).keys(),
        opened=opened_by(session, store, copies),
        groups=groups or {},
        zone=zone,
    )
