"""Who carries what others made to where it is needed (§2.2, Carrier)."""

from collections.abc import Iterator, Sequence

from lmssocial_reporting.definition import Kind
from lmssocial_reporting.evidence.rules.facts import PUBLISHES, Facts
from lmssocial_reporting.evidence.rules.piece import Piece, served
from lmssocial_reporting.store.port import Act, Deed

BY_SHARE = "shared"
ENDORSES = frozenset({Deed.HELPFUL, Deed.RATED, Deed.ENDORSED, Deed.MENTIONED})
DIGEST = 2
"""Authors whose items a digest names at least."""


def shared(facts: Facts, acts: Sequence[Act]) -> Iterator[Piece]:
    """``item.shared`` ⇒: another's item was brought to another community, and somebody else opened it from there.

    What carries it there has to stand; who came by it to the item itself has opened it as well.
    """
    for act in acts:
        if act.deed is not Deed.SHARED or not served(act, act.other) or facts.is_gone(act.target):
            continue
        there = list(facts.on(act.target, Deed.READ))
        there += [read for read in facts.on(act.item, Deed.READ) if read.via == BY_SHARE]
        if any(read.member not in (0, act.member) and facts.taken_up(act, read) for read in there):
            yield Piece(Kind.ITEM_SHARED, act, act.other)


def digested(facts: Facts, acts: Sequence[Act]) -> Iterator[Piece]:
    """``digest.published``: a post names items of at least two others; one piece for each of them."""
    for act in acts:
        if act.deed not in PUBLISHES or not facts.stands(act):
            continue
        links = [link for link in facts.on(act.item, Deed.LINKED) if link.event_id == act.event_id]
        authors = {link.other for link in links if served(act, link.other)}
        if len(authors) >= DIGEST:
            yield from (Piece(Kind.DIGEST_PUBLISHED, act, author) for author in sorted(authors))


def endorsed(facts: Facts, acts: Sequence[Act]) -> Iterator[Piece]:
    """``item.endorsed``, weak: another's item was marked, and the mark stayed. The first of a member's day is all."""
    seen: set[int] = set()
    for act in acts:
        given = act.deed in ENDORSES and (act.deed is not Deed.RATED or act.number > 0)
        if given and act.member not in seen and served(act, act.other) and not facts.is_undone(act):
            seen.add(act.member)
            yield Piece(Kind.ITEM_ENDORSED, act, act.other)


RULES = (shared, digested, endorsed)
