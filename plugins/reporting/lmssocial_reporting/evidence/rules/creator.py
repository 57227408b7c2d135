"""Who writes, answers and improves (§2.2, Creator)."""

from collections.abc import Iterator, Sequence

from lmssocial_reporting.definition import Kind
from lmssocial_reporting.evidence.rules.facts import Facts, order
from lmssocial_reporting.evidence.rules.piece import Piece, served
from lmssocial_reporting.store.port import Act, Deed

COMPARISON = "comparison"


def posted(facts: Facts, acts: Sequence[Act]) -> Iterator[Piece]:
    """``item.posted``: it was not removed within a day. One piece for it, and one for each of the first who opened it.

    They are whom a top-level post served (§2.3), and belong to the day of the post, however late they opened it.
    """
    for act in acts:
        if act.deed is not Deed.POSTED or not facts.stands(act):
            continue
        yield Piece(Kind.ITEM_POSTED, act)
        openers: dict[int, None] = {}
        for read in facts.on(act.item, Deed.READ):
            if served(act, read.member) and facts.taken_up(act, read):
                openers.setdefault(read.member)
        for opener in list(openers)[: facts.definition.openers]:
            yield Piece(Kind.ITEM_POSTED, act, opener)


def replied(facts: Facts, acts: Sequence[Act]) -> Iterator[Piece]:
    """``reply.posted``: to somebody else, in more than ten characters.

    A review is an answer, too; two works that were held beside each other were not answered.
    """
    for act in acts:
        if not served(act, act.other):
            continue
        reviewed = act.deed is Deed.REVIEWED and act.via != COMPARISON and not facts.is_gone(act.target)
        if reviewed or facts.is_reply(act):
            yield Piece(Kind.REPLY_POSTED, act, act.other)


def improved(facts: Facts, acts: Sequence[Act]) -> Iterator[Piece]:
    """``item.improved``: at least 40 characters changed, or a tenth.

    Edits within half an hour of each other are one, on the day of the first. One's own item may be improved; that
    serves nobody in particular.
    """
    rule = facts.definition
    for act in acts:
        if act.deed is not Deed.EDITED or facts.is_gone(act.item):
            continue
        sitting = _sitting(facts, act)
        if sitting[0] is not act:
            continue
        changed = sum(edit.number for edit in sitting)
        if changed >= rule.edit_characters or (act.whole and changed >= rule.edit_share * act.whole):
            yield Piece(Kind.ITEM_IMPROVED, act, act.other)


def _sitting(facts: Facts, edit: Act) -> list[Act]:
    """The edits that are one with this one, in order."""
    sitting: list[Act] = []
    for act in facts.on(edit.item, Deed.EDITED):
        if act.member != edit.member:
            continue
        if sitting and act.at - sitting[-1].at > facts.definition.edits_merge:
            if order(edit) <= order(sitting[-1]):
                break
            sitting = []
        sitting.append(act)
    return sitting


RULES = (posted, replied, improved)
