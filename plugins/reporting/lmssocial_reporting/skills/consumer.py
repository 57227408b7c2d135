"""Skills of Consumers, as far as acts tell of them."""

from bisect import bisect_right
from collections import Counter, defaultdict
from math import exp, inf, log

from lmssocial.plugin import lazy_gettext as _l
from lmssocial_reporting.definition import ROLES_1
from lmssocial_reporting.skills.figure import Indicator, Unit
from lmssocial_reporting.skills.told import Told, Value
from lmssocial_reporting.store.port import Deed

LED = frozenset({"notice", "digest"})
"""What leads to an item without its reader having looked for it."""


def self_directed(told: Told) -> dict[int, Value]:
    """Of the items opened, the share that no notification led to."""
    first: dict[tuple[int, str], str] = {}
    for reading in told.read_now:
        first.setdefault((reading.member, reading.item), reading.via)
    opened, own = Counter[int](), Counter[int]()
    for (member, _item), via in first.items():
        opened[member] += 1
        own[member] += via not in LED
    return {member: Value(own[member] / number, number) for member, number in opened.items()}


def media_savvy(told: Told) -> dict[int, Value]:
    """Of the kinds of widgets that are placed, or else of those anybody used, the share they used."""
    kinds = set(told.widgets.values()) or {widget for placement, widget, _ in told.uses if placement}
    used: defaultdict[int, set[str]] = defaultdict(set)
    for placement, widget, member in told.uses:
        kind = told.widgets.get(placement, widget)
        if kind in kinds:
            used[member].add(kind)
    return {member: Value(len(those) / len(kinds), len(those)) for member, those in used.items()}


def insightful(told: Told) -> dict[int, Value]:
    """Of the searches, the share that led within ten minutes to something that was read to its end or kept.

    Searches that follow one another before anything is found are one.
    """
    found: defaultdict[int, list[float]] = defaultdict(list)
    for reading in told.read_now:
        found[reading.member].append(reading.at.timestamp())
    for act in told.done(Deed.KEPT, Deed.FOLLOWED):
        found[act.member].append(act.at.timestamp())
    for times in found.values():
        times.sort()
    searches: defaultdict[int, list[float]] = defaultdict(list)
    for act in told.done(Deed.SEARCHED):
        searches[act.member].append(act.at.timestamp())
    return {member: _led(times, found.get(member, [])) for member, times in searches.items()}


def _led(searches: list[float], found: list[float]) -> Value:
    wait = ROLES_1.search_leads.total_seconds()
    led = number = 0
    for place, at in enumerate(searches):
        upcoming = searches[place + 1] if place + 1 < len(searches) else inf
        hit = bisect_right(found, at)
        finds = hit < len(found) and found[hit] <= at + wait
        if finds and found[hit] < upcoming:
            led, number = led + 1, number + 1
        elif upcoming - at > wait:
            number += 1
    return Value(led / number, number)


def group_oriented(told: Told) -> dict[int, Value]:
    """The effective number of authors they read: the exponential of the entropy of their reading."""
    authors: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for reading in told.read_now:
        if reading.other:
            authors[reading.member][reading.other] += 1
    return {
        member: Value(_effective(list(counts.values())), len(counts)) for member, counts in authors.items()
    }


def _effective(counts: list[int]) -> float:
    total = sum(counts)
    return exp(-sum(count / total * log(count / total) for count in counts))


def several_voices(told: Told) -> dict[int, Value]:
    """Of their requests and of the threads they follow, the share in which at least two others wrote.

    Chances are the different authors met there.
    """
    threads: defaultdict[int, set[str]] = defaultdict(set)
    for act in told.done(Deed.ASKED, Deed.FOLLOWED):
        threads[act.member].add(act.thread or act.item)
    opener = {act.thread: act.member for act in told.by_deed.get(Deed.POSTED, ())}
    found: dict[int, Value] = {}
    for member, those in threads.items():
        met: set[int] = set()
        reached = 0
        for thread in those:
            writers = {act.member for act in told.replies.get(thread, ())} | {opener.get(thread, 0)}
            writers -= {member, 0}
            met |= writers
            reached += len(writers) > 1
        found[member] = Value(reached / len(those), len(met))
    return found


INDICATORS = (
    Indicator(
        key="self_directed",
        skill="self_directed",
        title=_l("Items opened without a notification having led there, of all opened"),
        unit=Unit.SHARE,
        chances=10,
        of=_l("items opened"),
        caveat=_l(
            "Some browsers do not say what led there, and links in the course are not told apart. To read what one was "
            "asked to read is no fault."
        ),
        reads=True,
        reckon=self_directed,
    ),
    Indicator(
        key="media_savvy",
        skill="media_savvy",
        title=_l("Kinds of widgets used, of those placed in the course"),
        unit=Unit.SHARE,
        chances=1,
        of=_l("kinds of widgets used"),
        caveat=_l("This is breadth, and not skill. It depends on what was placed."),
        reckon=media_savvy,
    ),
    Indicator(
        key="insightful",
        skill="insightful",
        title=_l("Searches that led within ten minutes to something read to its end or kept"),
        unit=Unit.SHARE,
        chances=5,
        of=_l("searches"),
        caveat=_l("Good titles raise it. Searches in other words that follow one another count once."),
        reads=True,
        reckon=insightful,
    ),
    Indicator(
        key="group_oriented",
        skill="group_oriented",
        title=_l("Authors read, each by their weight (effective number)"),
        unit=Unit.SIZE,
        chances=5,
        of=_l("authors read"),
        caveat=_l("In a small course it cannot get high."),
        reads=True,
        reckon=group_oriented,
    ),
    Indicator(
        key="several_voices",
        skill="group_oriented",
        title=_l("Own questions and followed threads in which at least two others wrote"),
        unit=Unit.SHARE,
        chances=5,
        of=_l("authors met there"),
        caveat=_l("Others have to write for it."),
        reckon=several_voices,
    ),
)
