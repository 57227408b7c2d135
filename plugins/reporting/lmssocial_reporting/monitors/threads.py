"""How threads are answered: pure, from acts."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lmssocial_reporting.figures.survival import kaplan_meier_median
from lmssocial_reporting.monitors.standing import gone_items
from lmssocial_reporting.people import Window
from lmssocial_reporting.store.port import Act, Deed

TOLD_BY = (Deed.POSTED, Deed.ASKED, Deed.REPLIED, Deed.REMOVED, Deed.WITHDRAWN, Deed.RESTORED)
"""The deeds that threads are reckoned from."""
LENGTHS = ((1, 1), (2, 2), (3, 5), (6, 10), (11, 0))
"""Numbers of contributions, from and to; 0 is no end."""
TWO = 2


@dataclass(frozen=True, kw_only=True)
class Lives:
    """What became of some threads."""

    opened: int
    asking: int
    """Of them, those that ask something."""
    unanswered: int
    """Those to which nobody but their author has written so far."""
    asking_unanswered: int
    waits_at: frozenset[int]
    """The placements of those that ask something and are unanswered."""
    half_answered: float | None
    """Hours by which half of them had a first answer by somebody else, by Kaplan and Meier with the unanswered ones
    censored; ``None``: half of them have none yet, or there are no threads.
    """
    only_two: int
    """Threads with two people in them, and more than one contribution of each."""
    lengths: tuple[int, ...]
    """Threads by their number of contributions, in the order of :data:`LENGTHS`."""


@dataclass
class _Thread:
    author: int
    at: datetime
    widget: str
    placement_id: int
    asks: bool = False
    answered_at: datetime | None = None
    writers: Counter[int] = field(default_factory=Counter)


def lives(acts: Iterable[Act], window: Window, until: datetime) -> dict[str, Lives]:
    """What became of the threads that were opened in the window, by widget; those of all widgets under an empty name.

    Works that are reviewed are no threads.

    :param acts: of the deeds in :data:`TOLD_BY`, from the first day of the window until ``until``, in order.
    """
    found = _threads(list(acts), window)
    by_widget: dict[str, list[_Thread]] = {}
    for thread in found.values():
        by_widget.setdefault("", []).append(thread)
        by_widget.setdefault(thread.widget, []).append(thread)
    return {widget: _lives(threads, until) for widget, threads in sorted(by_widget.items())}


def _threads(acts: Sequence[Act], window: Window) -> dict[str, _Thread]:
    gone = gone_items(acts)
    found: dict[str, _Thread] = {}
    for act in acts:
        if act.item in gone:
            continue
        if act.deed is Deed.POSTED and window.first <= act.day <= window.last and act.thread[:1] in "tq":
            found[act.thread] = _Thread(act.member, act.at, act.widget, act.placement_id)
            found[act.thread].writers[act.member] += 1
        thread = found.get(act.thread)
        if thread is None:
            continue
        if act.deed is Deed.ASKED:
            thread.asks = True
        elif act.deed is Deed.REPLIED:
            thread.writers[act.member] += 1
            if act.member != thread.author and thread.answered_at is None:
                thread.answered_at = act.at
    return found


def _lives(threads: Sequence[_Thread], until: datetime) -> Lives:
    waiting = [thread for thread in threads if thread.answered_at is None]
    sizes = [thread.writers.total() for thread in threads]
    return Lives(
        opened=len(threads),
        asking=sum(thread.asks for thread in threads),
        unanswered=len(waiting),
        asking_unanswered=sum(thread.asks for thread in waiting),
        waits_at=frozenset(thread.placement_id for thread in waiting if thread.asks),
        half_answered=kaplan_meier_median(
            (
                ((thread.answered_at or until) - thread.at).total_seconds() / 3600,
                thread.answered_at is not None,
            )
            for thread in threads
        ),
        only_two=sum(_is_dialogue(thread.writers) for thread in threads),
        lengths=tuple(
            sum(low <= size and (not high or size <= high) for size in sizes) for low, high in LENGTHS
        ),
    )


def _is_dialogue(writers: Mapping[int, int]) -> bool:
    return len(writers) == TWO and min(writers.values()) >= TWO
