"""What the rules ask of acts: what there is, what is gone, what was taken back, who else was there.

Everything is reckoned from the acts themselves, in order of (at, event_id, part): neither the order in which they come
nor their coming twice makes a difference.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import TypeVar

from lmssocial_reporting.definition import ROLES_1, Definition
from lmssocial_reporting.store.port import Act, Deed

PUBLISHES = frozenset({Deed.POSTED, Deed.REPLIED})
"""What brings an item into being."""
BRINGS = frozenset({Deed.REVIEWED, Deed.HOSTED})
"""What brings its ``target`` into being: a review, a booking."""
CHANGES = frozenset({Deed.REMOVED, Deed.WITHDRAWN, Deed.RESTORED})
"""What says whether an item is there."""
TOUCHES = frozenset(
    {
        Deed.POSTED,
        Deed.REPLIED,
        Deed.REVIEWED,
        Deed.EDITED,
        Deed.HELPFUL,
        Deed.RATED,
        Deed.ENDORSED,
        Deed.MENTIONED,
        Deed.SHARED,
        Deed.KEPT,
        Deed.FOLLOWED,
        Deed.SOLVED,
        Deed.ACCEPTED,
        Deed.MET,
        Deed.HOSTED,
    }
)
"""By which a third person shows that something is not a matter of two alone. To read it shows nothing."""
MARKS = frozenset({Deed.HELPFUL, Deed.RATED, Deed.ENDORSED, Deed.MENTIONED, Deed.SHARED, Deed.KEPT})
"""Those of them that name an item, and no thread."""

_TAKES_BACK = {
    Deed.KEPT: Deed.UNKEPT,
    Deed.FOLLOWED: Deed.UNFOLLOWED,
    Deed.HELPFUL: Deed.UNHELPFUL,
    Deed.ENDORSED: Deed.UNENDORSED,
    Deed.RATED: Deed.RATED,
}
_OPPOSITE = {
    "pinned": "unpinned",
    "unpinned": "pinned",
    "locked": "unlocked",
    "unlocked": "locked",
    "remove": "restore",
    "restore": "remove",
}

Order = tuple[datetime, int, int]
Key = TypeVar("Key", str, int)


def order(act: Act) -> Order:
    """The place of an act among all others."""
    return act.at, act.event_id, act.part


class Facts:
    """Some acts, ordered, each once, and what follows from them."""

    def __init__(
        self,
        acts: Iterable[Act],
        *,
        unread: Collection[int] = frozenset(),
        definition: Definition = ROLES_1,
    ) -> None:
        """Put them in order.

        :param acts: in any order, as often as one likes.
        :param unread: members who do not want their reading to be counted: it never was.
        """
        self.definition = definition
        once = {(act.event_id, act.part): act for act in acts}
        self.acts: Sequence[Act] = sorted(
            (act for act in once.values() if not (act.deed is Deed.READ and act.member in unread)), key=order
        )
        self._of_item = _index(self.acts, lambda act: act.item)
        self._in_thread = _index(self.acts, lambda act: act.thread)
        self._about = _index(self.acts, lambda act: act.target)
        self._by = _index(self.acts, lambda act: act.member)
        self._touches = cache(self._touches_of)
        self.is_gone = cache(self._is_gone)

    def on(self, item: str, *deeds: Deed) -> Iterator[Act]:
        """Acts on an item, of these deeds."""
        return (act for act in self._of_item.get(item, ()) if act.deed in deeds)

    def within(self, thread: str, *deeds: Deed) -> Iterator[Act]:
        """Acts in a thread, of these deeds."""
        return (act for act in self._in_thread.get(thread, ()) if act.deed in deeds)

    def about(self, target: str, *deeds: Deed) -> Iterator[Act]:
        """Acts with this target, of these deeds."""
        return (act for act in self._about.get(target, ()) if act.deed in deeds)

    def by(self, member: int, *deeds: Deed) -> Iterator[Act]:
        """Acts of somebody, of these deeds."""
        return (act for act in self._by.get(member, ()) if act.deed in deeds)

    def began(self, item: str) -> Act | None:
        """The act by which an item, a review or a booking came into being."""
        return next(self.on(item, *PUBLISHES), None) or next(self.about(item, *BRINGS), None)

    def thread_of(self, act: Act) -> str:
        """The thread an act belongs to; a mark on an item names none, and belongs to that of the item."""
        if act.thread:
            return act.thread
        first = self.began(act.item) if act.item else None
        return first.thread if first else ""

    def place_of(self, act: Act) -> int:
        """The activity an act belongs to; a mark names none, and belongs to that of its item. 0: unknown."""
        if act.placement_id:
            return act.placement_id
        thread = self.thread_of(act)
        first = (self.began(act.item) if act.item else None) or (
            next(self.within(thread, *PUBLISHES), None) if thread else None
        )
        return first.placement_id if first else 0

    def stands(self, act: Act) -> bool:
        """Whether what an act published is there, or was for long enough."""
        return not self.is_gone(act.item)

    def was_taken_back(self, item: str) -> bool:
        """Whether its author removed an item within a day: then it was never there.

        What a moderator withdrew was there, and readers may have known its author from it.
        """
        return self._gone_by(item, (Deed.REMOVED, Deed.RESTORED))

    def is_reply(self, act: Act) -> bool:
        """Whether an act is an answer in more than a few characters that still stands.

        Before version 2 of the event the length is not known: then it is one.
        """
        short = 0 < act.number <= self.definition.short_reply
        return act.deed is Deed.REPLIED and not short and self.stands(act)

    def is_undone(self, act: Act) -> bool:
        """Whether whoever did it took it back within the time for that (§2.1)."""
        patience = self.definition.undo
        if act.deed is Deed.MODERATED:
            opposite = _OPPOSITE.get(act.via)
            return bool(opposite) and any(
                other.via == opposite and other.member == act.member and abs(other.at - act.at) <= patience
                for other in self.on(act.item, Deed.MODERATED)
            )
        back = _TAKES_BACK.get(act.deed)
        return back is not None and any(
            order(act) < order(later)
            and later.at - act.at <= patience
            and later.member == act.member
            and (back is not Deed.RATED or later.number == 0)
            for later in self.on(act.item, back)
        )

    def asked(self, thread: str) -> Act | None:
        """The question of a thread that is a request, if it stands."""
        return next((act for act in self.within(thread, Deed.ASKED) if self.stands(act)), None)

    def replies(self, thread: str) -> Iterator[Act]:
        """The answers in a thread, in order."""
        return (act for act in self.within(thread, Deed.REPLIED) if self.is_reply(act))

    def taken_up(self, act: Act, later: Act, *, by: timedelta | None = None) -> bool:
        """Whether an act came after another one, and within the time of uptake."""
        patience = self.definition.uptake if by is None else by
        return order(act) < order(later) and later.at - act.at <= patience

    def has_third(self, thread: str, at: datetime, two: tuple[int, int]) -> bool:
        """Whether anybody but these two touched a thread within the time of uptake, before or after ``at``.

        What belongs to no thread is no matter of two who could arrange it.
        """
        if not thread:
            return True
        touches, uptake = self._touches(thread), self.definition.uptake
        for moment, who in touches[bisect_left(touches, at - uptake, key=lambda touch: touch[0]) :]:
            if moment - at > uptake:
                return False
            if who not in two:
                return True
        return False

    def _is_gone(self, item: str) -> bool:
        return self._gone_by(item, tuple(CHANGES))

    def _gone_by(self, item: str, changes: tuple[Deed, ...]) -> bool:
        """Whether an item is gone, if nothing but these changes is looked at; only those since it began matter.

        A question to experts has its words in a contribution, its ``target``, and goes with them.
        """
        first = self.began(item)
        words = first.target if first is not None and first.deed is Deed.POSTED else ""
        told = [*self.on(item, *changes), *(self.on(words, *changes) if words else ())]
        gone = False
        for act in sorted(told, key=order):
            if first is not None and order(act) < order(first):
                continue
            if act.deed is Deed.REMOVED:
                gone = gone or (first is not None and act.at - first.at <= self.definition.stands)
            else:
                gone = act.deed is Deed.WITHDRAWN
        return gone

    def _touches_of(self, thread: str) -> list[tuple[datetime, int]]:
        """When who touched a thread, or an item in it, in order of time."""
        items = {act.item for act in self.within(thread, *PUBLISHES)}
        touching = list(self.within(thread, *TOUCHES))
        touching += [act for item in items for act in self.on(item, *MARKS) if not act.thread]
        found: list[tuple[datetime, int]] = []
        for act in touching:
            if self._counts_as_touch(act):
                found.append((act.at, act.member))
                if act.deed is Deed.HOSTED:
                    found.append((act.at, act.other))
        return sorted(found)

    def _counts_as_touch(self, act: Act) -> bool:
        if act.deed is Deed.RATED and act.number == 0:
            return False
        if act.deed in BRINGS:
            return not self.is_gone(act.target)
        return not self.is_undone(act) and (act.deed not in PUBLISHES or self.stands(act))


def _index(acts: Sequence[Act], key: Callable[[Act], Key]) -> dict[Key, list[Act]]:
    found: defaultdict[Key, list[Act]] = defaultdict(list)
    for act in acts:
        if name := key(act):
            found[name].append(act)
    return dict(found)
