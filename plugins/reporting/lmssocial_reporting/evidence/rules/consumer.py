"""Who reads, searches, keeps and asks (§2.2, Consumer)."""

from collections.abc import Iterator, Sequence

from lmssocial_reporting.definition import Kind
from lmssocial_reporting.evidence.rules.facts import Facts
from lmssocial_reporting.evidence.rules.piece import Piece, served
from lmssocial_reporting.store.port import Act, Deed

BY_SEARCH = "search"


def opened(facts: Facts, acts: Sequence[Act]) -> Iterator[Piece]:
    """``item.opened``: another's item was seen to its end. That stays true when the item goes."""
    del facts
    for act in acts:
        if act.deed is Deed.READ and served(act, act.other):
            yield Piece(Kind.ITEM_OPENED, act, act.other)


def searched(facts: Facts, acts: Sequence[Act]) -> Iterator[Piece]:
    """``search.used`` ⇒: within ten minutes, a search led to another's item; the first one is what it found."""
    for act in acts:
        if act.deed is not Deed.SEARCHED:
            continue
        for read in facts.by(act.member, Deed.READ):
            led = read.via == BY_SEARCH and facts.taken_up(act, read, by=facts.definition.search_leads)
            if led and read.course_id == act.course_id and served(act, read.other):
                yield Piece(Kind.SEARCH_USED, act, read.other, read.item)
                break


def kept(facts: Facts, acts: Sequence[Act]) -> Iterator[Piece]:
    """``item.kept``: another's item was saved, or their thread followed on purpose, and not let go at once."""
    for act in acts:
        if act.deed in (Deed.KEPT, Deed.FOLLOWED) and served(act, act.other) and not facts.is_undone(act):
            yield Piece(Kind.ITEM_KEPT, act, act.other)


def asked(facts: Facts, acts: Sequence[Act]) -> Iterator[Piece]:
    """``help.asked``: a question was published, and stands."""
    for act in acts:
        if act.deed is Deed.ASKED and facts.stands(act):
            yield Piece(Kind.HELP_ASKED, act)


RULES = (opened, searched, kept, asked)
