"""Skills of Creators, as far as acts tell of them."""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from math import inf
from statistics import median

from lmssocial.plugin import lazy_gettext as _l
from lmssocial_reporting.definition import ROLES_1
from lmssocial_reporting.figures.survival import kaplan_meier_median
from lmssocial_reporting.monitors.standing import gone_items
from lmssocial_reporting.skills.figure import Indicator, Unit
from lmssocial_reporting.skills.told import Told, Value
from lmssocial_reporting.store.port import Act, Deed

SOON = timedelta(hours=48)
READERS = 5
"""Of a thread, from which on it says something about what is in it."""
LENGTHS = (200, 600, 1_500)
"""Characters: answers up to each of these are of like length."""
KEPT = timedelta(days=7)
HOUR = 3600


def attentive(told: Told) -> dict[int, Value]:
    """The hours until half of the requests to them had their answer; those without one count with their wait so far."""
    found: dict[int, Value] = {}
    for member, waits in _waits(told).items():
        half = kaplan_meier_median(waits)
        found[member] = Value(inf if half is None else half, len(waits))
    return found


def answered_soon(told: Told) -> dict[int, Value]:
    """Of the requests to them, the share they answered within two days. Those that are younger are left out."""
    limit = SOON.total_seconds() / HOUR
    found: dict[int, Value] = {}
    for member, waits in _waits(told).items():
        old = [(hours, answered) for hours, answered in waits if answered or hours >= limit]
        if old:
            soon = sum(answered and hours <= limit for hours, answered in old)
            found[member] = Value(soon / len(old), len(old))
    return found


def _waits(told: Told) -> dict[int, list[tuple[float, bool]]]:
    """For each member the requests to them: hours, and whether they answered then or had not until the window ended."""
    begun: dict[tuple[int, str], datetime] = {}
    for member, thread, at in _requests(told):
        begun[member, thread] = min(at, begun.get((member, thread), at))
    found: defaultdict[int, list[tuple[float, bool]]] = defaultdict(list)
    for (member, thread), at in begun.items():
        answers = (act.at for act in told.replies.get(thread, ()) if act.member == member and act.at >= at)
        answer = next(answers, None)
        found[member].append((((answer or told.end) - at).total_seconds() / HOUR, answer is not None))
    return dict(found)


def _requests(told: Told) -> Iterator[tuple[int, str, datetime]]:
    """(Who, in which thread, since when): named in it, thought of for a question, or following a thread that asks."""
    for act in told.done(Deed.NAMED, Deed.REFERRED):
        if act.other and act.other != act.member:
            yield act.other, act.thread or act.item, act.at
    asked = {act.thread: act for act in told.by_deed.get(Deed.ASKED, ())}
    for act in told.by_deed.get(Deed.FOLLOWED, ()):
        request = asked.get(act.thread)
        if request is None or request.member == act.member:
            continue
        at = max(act.at, request.at)
        if told.end - at <= timedelta(days=told.window.days):
            yield act.member, act.thread, at


def designer(told: Told) -> dict[int, Value]:
    """How many more of a thread's readers read their items to the end than read items of like length, as a share.

    Items count from five readers of their thread on; the comparison is the median of all items of like length.
    """
    written = told.done(Deed.POSTED, Deed.REPLIED)
    gone = gone_items(told.acts)
    thread_readers: defaultdict[str, set[int]] = defaultdict(set)
    for reading in told.read_now:
        thread_readers[reading.thread].add(reading.member)
    rates: list[tuple[int, int, float]] = []
    for act in written:
        others = thread_readers.get(act.thread, set()) - {act.member}
        if act.item not in gone and len(others) >= READERS:
            read = len(told.readers.get(act.item, frozenset()) - {act.member}) / len(others)
            rates.append((act.member, _length(act), read))
    alike: defaultdict[int, list[float]] = defaultdict(list)
    for _member, length, rate in rates:
        alike[length].append(rate)
    usual = {length: median(those) for length, those in alike.items()}
    found: defaultdict[int, list[float]] = defaultdict(list)
    for member, length, rate in rates:
        found[member].append(rate - usual[length])
    return {member: Value(sum(those) / len(those), len(those)) for member, those in found.items()}


def _length(act: Act) -> int:
    """Which length an item is like; what opens a thread is like what opens a thread."""
    if act.deed is Deed.POSTED:
        return -1
    return sum(act.number > limit for limit in LENGTHS)


def researcher(told: Told) -> dict[int, Value]:
    """Improvements to others' items that stood for a week, and replies with a link that others then opened.

    Chances are the improvements and the replies with links there were.
    """
    tries: defaultdict[int, list[bool]] = defaultdict(list)
    gone = gone_items(told.acts)
    edits: defaultdict[str, list[Act]] = defaultdict(list)
    for act in told.by_deed.get(Deed.EDITED, ()):
        edits[act.item].append(act)
    last = told.window.last - KEPT
    for act in itertools.chain.from_iterable(edits.values()):
        if (
            told.window.first - KEPT <= act.day <= last
            and act.other not in (0, act.member)
            and _improves(act)
        ):
            undone = any(
                later.member != act.member and act.at < later.at <= act.at + KEPT for later in edits[act.item]
            )
            tries[act.member].append(act.item not in gone and not undone)
    opened: defaultdict[str, list[tuple[datetime, int]]] = defaultdict(list)
    for reading in told.read_now:
        opened[reading.item].append((reading.at, reading.member))
    replies = {act.item for act in told.by_deed.get(Deed.REPLIED, ())}
    for item, links in _links(told).items():
        if item in replies and item not in gone:
            tries[links[0].member].append(
                any(
                    at > act.at and who != act.member
                    for act in links
                    for at, who in opened.get(act.target, ())
                )
            )
    return {member: Value(float(sum(those)), len(those)) for member, those in tries.items()}


def _links(told: Told) -> dict[str, list[Act]]:
    found: defaultdict[str, list[Act]] = defaultdict(list)
    for act in told.done(Deed.LINKED):
        found[act.item].append(act)
    return found


def _improves(act: Act) -> bool:
    enough = act.number >= ROLES_1.edit_characters
    return enough or (act.whole > 0 and act.number >= ROLES_1.edit_share * act.whole)


INDICATORS = (
    Indicator(
        key="attentive",
        skill="attentive",
        title=_l("Time until half of the requests to them were answered by them"),
        unit=Unit.HOURS,
        chances=4,
        of=_l("requests"),
        caveat=_l(
            "Requests are threads in which they were named, questions they were thought of for, and questions they "
            "follow. Unanswered ones count with their wait so far. Time zones and weekends count."
        ),
        reckon=attentive,
    ),
    Indicator(
        key="answered_soon",
        skill="attentive",
        title=_l("Requests to them that they answered within two days"),
        unit=Unit.SHARE,
        chances=4,
        of=_l("requests"),
        caveat=_l("Others may have answered first, and well."),
        reckon=answered_soon,
    ),
    Indicator(
        key="designer",
        skill="designer",
        title=_l("Readers of the thread who read their items to the end, above items of like length"),
        unit=Unit.POINTS,
        chances=3,
        of=_l("items with five readers of their thread"),
        caveat=_l(
            "Difficult topics lower it. How well a text reads is not reckoned from its words, which would favour some "
            "languages, and questions back are not told apart from other replies."
        ),
        reads=True,
        reckon=designer,
    ),
    Indicator(
        key="researcher",
        skill="researcher",
        title=_l(
            "Improvements of others’ items that stood for a week, and replies with a link that others opened"
        ),
        unit=Unit.NUMBER,
        chances=3,
        of=_l("improvements, and replies with links"),
        caveat=_l("Where only authors may edit, only links count. Links out of lmssocial are not followed."),
        reads=True,
        reckon=researcher,
    ),
)
