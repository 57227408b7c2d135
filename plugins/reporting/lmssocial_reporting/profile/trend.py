"""How the shares went from one window to the next, as far as that is sure and may be said."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from flask_babel import format_date

from lmssocial.plugin import gettext as _
from lmssocial_reporting.charts.chart import Caption, Chart
from lmssocial_reporting.charts.lines import Panel, Point, lines
from lmssocial_reporting.definition import Role
from lmssocial_reporting.figures.change import Change, paired_change
from lmssocial_reporting.figures.intervals import wilson
from lmssocial_reporting.people import Population, Window
from lmssocial_reporting.profile.figures import LEARNERS
from lmssocial_reporting.roles.words import role_title
from lmssocial_reporting.store.port import Profile, Strength
from lmssocial_reporting.targets.values import Target

COMPARED = 3
"""Of how many windows it is reckoned who began and who stopped: the newest one, and two that are full."""


@dataclass(frozen=True)
class Acting:
    """Who acted in each role in a window. For reckoning only."""

    population: Population
    by_role: Mapping[Role, frozenset[int]]

    @classmethod
    def of(cls, population: Population, strengths: Iterable[Strength]) -> "Acting":
        """Those of ``strengths`` who act."""
        found: dict[Role, set[int]] = {role: set() for role in Role}
        for one in strengths:
            if one.acts():
                found[one.role].add(one.member)
        return cls(population, {role: frozenset(some) for role, some in found.items()})

    def members(self, whom: str) -> frozenset[int]:
        """The learners, or everybody."""
        return self.population.learners if whom == LEARNERS else self.population.ids


@dataclass(frozen=True, kw_only=True)
class Trend:
    """The windows of a course, the oldest first."""

    whom: str
    profiles: tuple[Profile, ...]
    changes: tuple[str, ...]
    """Sentences about changes that are sure."""
    flows: tuple[str, ...]
    """Sentences about who began and who stopped, between the two newest windows that are full: whoever has not gone on
    in one that is still filling may yet."""
    compared: tuple[Window, Window] | None = None
    """Which two windows these are; ``None`` where there are no flows."""

    @property
    def flows_between(self) -> str:
        """The same as a sentence; empty where there are no flows."""
        return _between(*self.compared) if self.compared else ""


def trend_of(profiles: Sequence[Profile], acting: Sequence[Acting], whom: str, *, least: int) -> Trend:
    """What the windows say, and the newest of them beside those before it.

    :param acting: of the newest windows, the oldest first; the last one is that of the last profile.
    :param whom: ``learners`` or ``all``.
    :param least: from how many people on a number is said.
    """
    newest = profiles[-len(acting) :] if acting else []
    pairs = list(pairwise(zip(newest, acting, strict=True)))
    changes = [
        said
        for (before, then), (after, now) in reversed(pairs)
        for role in Role
        if _said(before, role, whom) and _said(after, role, whom)
        for said in [_change(role, then, now, whom, least, filling=after is profiles[-1])]
        if said
    ]
    flows, compared = [], None
    full = [pair for pair in pairs if pair[1][0] is not profiles[-1]]
    if full:
        (before, then), (after, now) = full[-1]
        flows = [
            said
            for role in Role
            if _said(before, role, whom) and _said(after, role, whom)
            for said in [_flow(role, then, now, whom, least)]
            if said
        ]
        compared = (before.window, after.window) if flows else None
    return Trend(
        whom=whom,
        profiles=tuple(profiles),
        changes=tuple(changes),
        flows=tuple(flows),
        compared=compared,
    )


def flow_is_safe(
    before: AbstractSet[int],
    after: AbstractSet[int],
    acted: tuple[frozenset[int], frozenset[int]],
    least: int,
) -> bool:
    """Whether it may be said how many began and stopped, beside the shares of both windows.

    From all these numbers together follow those of who was there in both windows, only before, and only after, so each
    of these has to have none or ``least`` who did each thing.
    """
    did_before, did_after = acted
    both, only_before, only_after = before & after, before - after, after - before
    cells = [
        len(both & did_before & did_after),
        len(both & did_before - did_after),
        len(both & did_after - did_before),
        len(both - did_before - did_after),
        len(only_before & did_before),
        len(only_before - did_before),
        len(only_after & did_after),
        len(only_after - did_after),
    ]
    return all(cell == 0 or cell >= least for cell in cells)


def trend_chart(trend: Trend, target: Target | None) -> Chart:
    """One panel for each role, with its intervals; the newest point is hollow."""
    last = trend.profiles[-1]
    panels = [
        Panel(
            name=role_title(role),
            points=tuple(_point(one, role, trend.whom, filling=one is last) for one in trend.profiles),
            band=(target.bands[role].low / 100, target.bands[role].high / 100) if target else None,
        )
        for role in Role
    ]
    return lines(
        panels,
        Caption(
            key="trend",
            title=_("From one four weeks to the next"),
            finding=trend.changes[0] if trend.changes else _("No change is sure yet."),
            description=_(
                "For each of the five roles, the share who acted in it in four weeks after four weeks, with the range "
                "in which it would plausibly lie."
            ),
            note=_(
                "The windows do not overlap; each is named by its last day. Each role has a scale of its own. The "
                "hollow point is still filling. Where a point is missing, there are too few people to say."
            ),
        ),
    )


def short(window: Window) -> str:
    """A window by its last day."""
    return str(format_date(window.last, "d MMM"))


def _said(profile: Profile, role: Role, whom: str) -> bool:
    some = profile.slice(whom)
    return profile.enough and some is not None and some.acting[role].value is not None


def _point(profile: Profile, role: Role, whom: str, *, filling: bool) -> Point:
    label, some = short(profile.window), profile.slice(whom)
    count = some.acting[role].value if some and profile.enough else None
    if some is None or count is None or not some.members:
        return Point(label=label, share=None, filling=filling)
    low, high = wilson(count, some.members)
    return Point(label=label, share=count / some.members, low=low, high=high, filling=filling)


def _change(role: Role, then: Acting, now: Acting, whom: str, least: int, *, filling: bool) -> str:
    """A sentence, if the change is sure; with numbers, if nobody can be told from them."""
    before, after = then.members(whom), now.members(whom)
    acted = then.by_role[role], now.by_role[role]
    change = paired_change(*acted, before & after)
    if not change.is_sure or (filling and change.by < 0):
        return ""  # what falls while it is still filling may rise again
    words = {"role": role_title(role), "day": short(now.population.window)}
    if not flow_is_safe(before, after, acted, least):
        if change.by > 0:
            return _(
                "More acted as %(role)s in the four weeks to %(day)s than before; that is sure.", **words
            )
        return _("Fewer acted as %(role)s in the four weeks to %(day)s than before; that is sure.", **words)
    return _in_points(change, words)


def _in_points(change: Change, words: Mapping[str, str]) -> str:
    low, high = sorted(round(abs(end) * 100) for end in (change.low, change.high))
    numbers = {"points": round(abs(change.by) * 100), "low": low, "high": high, **words}
    if change.by > 0:
        return _(
            "Of those who were there before, too, %(points)d points more acted as %(role)s in the four weeks to "
            "%(day)s; surely between %(low)d and %(high)d.",
            **numbers,
        )
    return _(
        "Of those who were there before, too, %(points)d points fewer acted as %(role)s in the four weeks to "
        "%(day)s; surely between %(low)d and %(high)d.",
        **numbers,
    )


def _between(before: Window, after: Window) -> str:
    """Of which windows the flows speak, and why the newest one, of which all else speaks, is none of them."""
    return _(
        "Who began and who stopped from the four weeks from %(one_first)s to %(one_last)s to those from "
        "%(two_first)s to %(two_last)s, the newest that are full: the weeks after these are still filling.",
        one_first=_day(before.first),
        one_last=_day(before.last),
        two_first=_day(after.first),
        two_last=_day(after.last),
    )


def _day(day: date) -> str:
    return str(format_date(day, "medium"))


def _flow(role: Role, then: Acting, now: Acting, whom: str, least: int) -> str:
    before, after = then.members(whom), now.members(whom)
    acted = then.by_role[role], now.by_role[role]
    if not flow_is_safe(before, after, acted, least):
        return ""
    both = before & after
    did_before, did_after = acted
    if not both & (did_before | did_after):
        return ""
    return _(
        "%(role)s: %(began)d began, %(stopped)d stopped, %(stayed)d went on.",
        role=role_title(role),
        began=len(both & did_after - did_before),
        stopped=len(both & did_before - did_after),
        stayed=len(both & did_before & did_after),
    )
