"""Which days an act has to do with beside its own: those of what it takes up, undoes, removes, or comes before.

Rather a day too many than one too few: to derive a day again that does not change writes nothing. What comes in the
order in which it happened has to do with the last week; what removes something, or comes late, with more.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from lmssocial_reporting.definition import ROLES_1
from lmssocial_reporting.evidence.days import CourseDay, carried_from
from lmssocial_reporting.evidence.gathering import DONE, MADE, PATIENCE
from lmssocial_reporting.evidence.rules.facts import BRINGS, CHANGES, MARKS, PUBLISHES, order
from lmssocial_reporting.evidence.settled import WAITS, settled
from lmssocial_reporting.store.port import Act, Deed, ReportStore

_TAKEN_UP = frozenset({Deed.POSTED, Deed.LINKED, Deed.SHARED})
"""What somebody takes up by opening it."""
_MARKS = MARKS | {Deed.FLAGGED}
"""What names an item and no thread, and so is not found in its thread."""
_EXISTENCE = PUBLISHES | CHANGES | BRINGS | {Deed.ASKED}
"""What decides whether something is there at all, and so matters to whatever came later."""


def days_touched(
    session: Session, store: ReportStore, course_id: int, zone: ZoneInfo, acts: Sequence[Act]
) -> set[CourseDay]:
    """The days to derive again because of these acts, which are stored already. At most ten statements."""
    done = [act for act in acts if act.deed in DONE]
    read = [act for act in acts if act.deed is Deed.READ]
    gone = [act.item for act in done if act.deed in CHANGES or act.deed in PUBLISHES]
    return {
        *((course_id, act.day) for act in acts),
        *_around(store, course_id, done),
        *_newcomers(store, course_id, done),
        *_taken_up(store, course_id, read),
        *((course_id, day) for day in _searches(zone, read)),
        *carried_from(session, {*(act.item for act in read), *gone}),
    }


def _around(store: ReportStore, course_id: int, done: Sequence[Act]) -> Iterable[CourseDay]:
    """The days of acts on the same items and in the same threads."""
    if not done:
        return
    items = {act.item for act in done} - {""}
    named = items | {act.target for act in done} - {""}
    related = store.acts_about(course_id, items=named, targets=items, deeds=DONE)
    reach = _Reach(done, related)
    for act in related:
        if reach.covers_item(act):
            yield course_id, act.day
    there = store.acts_about(course_id, threads=reach.threads, deeds=DONE)
    homes = {act.item: act.thread for act in there if act.deed in PUBLISHES}
    words = {act.target: act.thread for act in there if act.deed is Deed.POSTED and act.target}
    changed = store.acts_about(course_id, items={*homes, *words}, deeds=CHANGES) if homes else []
    quiet = settled(reach.placed, there, _gone(there, changed))
    for act in there:
        if (act.thread not in quiet or act.deed in WAITS) and reach.covers(act.thread, act.at):
            yield course_id, act.day
    yield from _lookers(store, course_id, reach, homes, reach.threads - quiet)


def _gone(there: Sequence[Act], changed: Sequence[Act]) -> set[str]:
    """Items that are gone or were once, also those whose words are."""
    gone = {act.item for act in changed}
    return gone | {act.item for act in there if act.deed is Deed.POSTED and act.target in gone}


def _lookers(
    store: ReportStore, course_id: int, reach: "_Reach", homes: Mapping[str, str], threads: Collection[str]
) -> Iterable[CourseDay]:
    """The days on which something in these threads was read or marked."""
    if not threads:
        return
    for act in store.acts_about(course_id, threads=threads, deeds=(Deed.READ,)):
        if reach.covers(act.thread, act.at):
            yield course_id, act.day
    items = {item for item, thread in homes.items() if thread in threads}
    for act in store.acts_about(course_id, items=items, deeds=_MARKS) if items else ():
        if reach.covers(homes[act.item], act.at):
            yield course_id, act.day


class _Reach:
    """How far in time new acts have to do with those on the same items and in the same threads."""

    def __init__(self, new: Sequence[Act], related: Sequence[Act]) -> None:
        self._moments: defaultdict[str, list[datetime]] = defaultdict(list)
        self._since: dict[str, datetime] = {}
        homes = {act.item: act.thread for act in (*related, *new) if act.deed in PUBLISHES}
        homes |= {act.target: act.thread for act in (*related, *new) if act.deed is Deed.POSTED}
        marks: defaultdict[str, list[Act]] = defaultdict(list)
        for act in related:
            for name in {act.item, act.target} - {""}:
                marks[name].append(act)
        for act in new:
            same = [one.at for name in {act.item, act.target} - {""} for one in marks[name]]
            for place in {act.item, act.target, act.thread or homes.get(act.item, "")} - {""}:
                self._note(place, act, same)
        self.placed = [(act.thread or homes.get(act.item, ""), act) for act in new]
        self.threads = {thread for thread, _ in self.placed} - {""}

    def _note(self, place: str, act: Act, same: Sequence[datetime]) -> None:
        self._moments[place].append(act.at)
        if act.deed not in _EXISTENCE:
            return
        self._moments[place].extend(same)
        first = min((*same, act.at))
        self._since[place] = min(self._since.get(place, first), first)

    def covers_item(self, act: Act) -> bool:
        """Whether an act on one of the items, or about it, is within reach."""
        return self.covers(act.item, act.at) or self.covers(act.target, act.at)

    def covers(self, place: str, at: datetime) -> bool:
        """Whether something that was done there at that time is within reach."""
        since = self._since.get(place)
        if since is not None and at >= since - PATIENCE:
            return True
        return any(abs(at - moment) <= PATIENCE for moment in self._moments.get(place, ()))


def _newcomers(store: ReportStore, course_id: int, done: Sequence[Act]) -> Iterable[CourseDay]:
    """The days on which somebody was answered whose first item is another one now."""
    changed = {act.item for act in done if act.deed in MADE or act.deed is Deed.RESTORED}
    authors = {act.member for act in done if act.deed in MADE}
    authors |= {act.other for act in done if act.deed is Deed.RESTORED}
    made = store.acts_of(course_id, authors - {0}, MADE) if authors - {0} else []
    removed = {act.item for act in made if act.deed is Deed.REMOVED}
    theirs: defaultdict[int, list[Act]] = defaultdict(list)
    for act in sorted(made, key=order):
        if act.deed in PUBLISHES:
            theirs[act.member].append(act)
    firsts = {item for items in theirs.values() for item in _possible_firsts(items, removed, changed)}
    if firsts:
        for reply in store.acts_about(course_id, targets=firsts, deeds=(Deed.REPLIED,)):
            yield course_id, reply.day


def _possible_firsts(items: Sequence[Act], removed: set[str], changed: set[str]) -> list[str]:
    """What may be, or may have been, somebody's first item, if one that has just changed has a part in that."""
    passed: list[str] = []
    settled = False
    for act in items:
        passed.append(act.item)
        if act.item in changed:
            settled = True
        elif act.item not in removed:
            break
    return passed if settled else []


def _taken_up(store: ReportStore, course_id: int, read: Sequence[Act]) -> Iterable[CourseDay]:
    """The days of what was opened within the time of uptake."""
    if not read:
        return
    items = {act.item for act in read}
    last = {act.item: act.at for act in sorted(read, key=order, reverse=True)}
    for act in store.acts_about(course_id, items=items, targets=items, deeds=_TAKEN_UP):
        at = [last[name] for name in (act.item, act.target) if name in last]
        if any(moment - act.at <= PATIENCE for moment in at):
            yield course_id, act.day


def _searches(zone: ZoneInfo, read: Sequence[Act]) -> set[date]:
    """The days on which searches may have begun that led to what was opened."""
    return {(act.at - ROLES_1.search_leads).astimezone(zone).date() for act in read}
