"""Threads in which somebody else makes no difference to what was done there before.

Whether two people were alone with something (``third``) is settled as soon as three have written in its thread within
the time of uptake. In a lively thread that is nearly always so, and then an answer has nothing to do with the days
before its own, and nobody's reading has to be looked at again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from lmssocial_reporting.definition import ROLES_1
from lmssocial_reporting.evidence.rules.facts import MARKS, PUBLISHES
from lmssocial_reporting.store.port import Act, Deed

ADDS = MARKS | {
    Deed.REPLIED,
    Deed.EDITED,
    Deed.FOLLOWED,
    Deed.SOLVED,
    Deed.LINKED,
    Deed.NAMED,
    Deed.MODERATED,
}
"""What can only add to what there is: it takes nothing away, and is taken up by nobody earlier."""
WAITS = frozenset({Deed.NAMED, Deed.REFERRED, Deed.INTRODUCED})
"""What still waits for somebody to come."""
ENOUGH = 3
"""People of whom one is always a third."""


def settled(new: Iterable[tuple[str, Act]], there: Sequence[Act], changed: Collection[str]) -> frozenset[str]:
    """The threads in which new acts change nothing but what waits.

    :param new: acts that have just come, with their threads.
    :param there: all acts in these threads but readings; the new ones may be among them.
    :param changed: items in them that are gone, or were once.
    """
    coming: defaultdict[str, list[Act]] = defaultdict(list)
    for thread, act in new:
        coming[thread].append(act)
    before: defaultdict[str, list[Act]] = defaultdict(list)
    names = {(act.event_id, act.part) for acts in coming.values() for act in acts}
    for act in there:
        if (act.event_id, act.part) not in names:
            before[act.thread].append(act)
    return frozenset(thread for thread, acts in coming.items() if _is_settled(acts, before[thread], changed))


def _is_settled(new: Sequence[Act], before: Sequence[Act], changed: Collection[str]) -> bool:
    first, last = min(act.at for act in new), max(act.at for act in new)
    if not all(_adds(act) for act in new) or any(act.at > first for act in before):
        return False
    wrote = {
        act.member
        for act in before
        if act.deed in PUBLISHES and act.at >= last - ROLES_1.uptake and act.item not in changed
    }
    return len(wrote) >= ENOUGH


def _adds(act: Act) -> bool:
    return act.deed in ADDS and not (act.deed is Deed.RATED and act.number == 0)
