"""Skills of Carriers, as far as acts tell of them."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from statistics import median, quantiles

from lmssocial.plugin import lazy_gettext as _l
from lmssocial_reporting.skills.figure import Indicator, Unit
from lmssocial_reporting.skills.told import Told, Value
from lmssocial_reporting.store.port import Act, Deed

AUDIENCES = 2
THROUGH_SHARES = "shared"
"""How reading says that somebody's sharing led to it."""


def communicator(told: Told) -> dict[int, Value]:
    """How many items they brought, with words of their own, to at least two communities."""
    found: dict[int, Value] = {}
    for member, shares in _by_member(told).items():
        audiences: defaultdict[str, set[str]] = defaultdict(set)
        for act in shares:
            if act.number:
                audiences[act.item].add(act.via or act.target)
        wide = sum(len(those) >= AUDIENCES for those in audiences.values())
        found[member] = Value(float(wide), len(shares))
    return found


def opens_per_audience(told: Told) -> dict[int, Value]:
    """By how many people what they shared with words of their own was read there, for each community it came to."""
    found: dict[int, Value] = {}
    for member, shares in _by_member(told).items():
        worded = {act.target for act in shares if act.number}
        if worded:
            opens = sum(told.opened.get(copy, 0) for copy in worded)
            found[member] = Value(opens / len(worded), len(shares))
    return found


def trend_spotter(told: Told) -> dict[int, Value]:
    """How often what they shared early became widely read, above how often any item does, as a difference of shares.

    Early is before the item had as many readers as the upper quarter of all items has; readings that sharing led to
    do not count, because they would make the prophecy true.
    """
    times = _read_at(told)
    posted = {act.item for act in told.by_deed.get(Deed.POSTED, ())}
    posted |= {act.item for act in told.by_deed.get(Deed.REPLIED, ())}
    sizes = [len(times.get(item, ())) for item in posted | times.keys()]
    if len(sizes) < AUDIENCES:
        return {}
    many = max(1.0, quantiles(sizes, n=4, method="inclusive")[2])
    usual = sum(size >= many for size in sizes) / len(sizes)
    found: dict[int, Value] = {}
    for member, shares in _by_member(told).items():
        early = [act for act in _once(shares) if bisect_left(times.get(act.item, []), act.at) < many]
        if early:
            hits = sum(len(times.get(act.item, [])) >= many for act in early)
            found[member] = Value(hits / len(early) - usual, len(early))
    return found


def marketer(told: Told) -> dict[int, Value]:
    """How many people opened a share of theirs, as a multiple of what is usual for shares here.

    How many a share could have reached, acts do not tell.
    """
    all_opens = [told.opened.get(act.target, 0) for act in told.done(Deed.SHARED)]
    usual = median(all_opens) if all_opens else 0
    if not usual:
        return {}
    return {
        member: Value(
            sum(told.opened.get(act.target, 0) for act in shares) / len(shares) / usual, len(shares)
        )
        for member, shares in _by_member(told).items()
    }


def _by_member(told: Told) -> dict[int, list[Act]]:
    found: defaultdict[int, list[Act]] = defaultdict(list)
    for act in told.done(Deed.SHARED):
        if act.other and act.other != act.member:
            found[act.member].append(act)
    return dict(found)


def _once(shares: Sequence[Act]) -> list[Act]:
    """The first share of each item."""
    first: dict[str, Act] = {}
    for act in shares:
        first.setdefault(act.item, act)
    return list(first.values())


def _read_at(told: Told) -> Mapping[str, list[datetime]]:
    """When each reader first read each item, in order, but for who came to it by a share."""
    seen: set[tuple[str, int]] = set()
    found: defaultdict[str, list[datetime]] = defaultdict(list)
    for reading in told.read_now:
        if reading.via != THROUGH_SHARES and (reading.item, reading.member) not in seen:
            seen.add((reading.item, reading.member))
            found[reading.item].append(reading.at)
    return found


INDICATORS = (
    Indicator(
        key="communicator",
        skill="communicator",
        title=_l("Items brought to at least two communities with words of their own"),
        unit=Unit.NUMBER,
        chances=3,
        of=_l("shares"),
        caveat=_l("That there are words of their own is known; what they say is not looked at."),
        reckon=communicator,
    ),
    Indicator(
        key="opens_per_audience",
        skill="communicator",
        title=_l("People who opened such a share, for each community"),
        unit=Unit.SIZE,
        chances=3,
        of=_l("shares"),
        caveat=_l("Large communities open more."),
        reckon=opens_per_audience,
    ),
    Indicator(
        key="trend_spotter",
        skill="trend_spotter",
        title=_l("Items shared early that became widely read, above the share of all items that do"),
        unit=Unit.POINTS,
        chances=5,
        of=_l("items shared early"),
        caveat=_l("Readings that sharing led to are left out, because they would make it come true."),
        reads=True,
        reckon=trend_spotter,
    ),
    Indicator(
        key="marketer",
        skill="marketer",
        title=_l("People who opened their shares, against what is usual for shares here"),
        unit=Unit.TIMES,
        chances=4,
        of=_l("shares"),
        caveat=_l(
            "How many people a share could have reached, acts do not tell; so it is compared with other shares. The "
            "size of a community and the time of day count."
        ),
        reckon=marketer,
    ),
)
