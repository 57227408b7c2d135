"""What still stands of what was done."""

from collections.abc import Iterable, Mapping

from lmssocial_reporting.store.port import Act, Deed

TAKES_BACK: Mapping[Deed, Deed] = {
    Deed.UNKEPT: Deed.KEPT,
    Deed.UNFOLLOWED: Deed.FOLLOWED,
    Deed.UNHELPFUL: Deed.HELPFUL,
    Deed.UNENDORSED: Deed.ENDORSED,
}
"""Which deed undoes which; a rating of no stars undoes a rating."""


def gone_items(acts: Iterable[Act]) -> frozenset[str]:
    """The items that were taken out of sight and not put back.

    :param acts: in order of time; others than REMOVED, WITHDRAWN and RESTORED say nothing about it.
    """
    gone: set[str] = set()
    for act in acts:
        if act.deed in (Deed.REMOVED, Deed.WITHDRAWN):
            gone.add(act.item)
        elif act.deed is Deed.RESTORED:
            gone.discard(act.item)
    return frozenset(gone)


def marks(acts: Iterable[Act]) -> frozenset[tuple[int, Deed, str]]:
    """The marks that stand, as (member, deed, item): kept, followed, helpful, rated, endorsed, specially mentioned.

    :param acts: in order of time.
    """
    standing: set[tuple[int, Deed, str]] = set()
    for act in acts:
        undone = TAKES_BACK.get(act.deed)
        if undone is not None:
            standing.discard((act.member, undone, act.item))
        elif act.deed is Deed.RATED and not act.number:
            standing.discard((act.member, Deed.RATED, act.item))
        elif act.deed is Deed.MENTIONED or act.deed is Deed.RATED or act.deed in TAKES_BACK.values():
            standing.add((act.member, act.deed, act.item))
    return frozenset(standing)
