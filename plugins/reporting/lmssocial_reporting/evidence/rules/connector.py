"""Who brings people to people, and people to what is there (§2.2, Connector)."""

from collections.abc import Iterator, Sequence

from lmssocial_reporting.definition import Kind
from lmssocial_reporting.evidence.rules.facts import PUBLISHES, Facts, order
from lmssocial_reporting.evidence.rules.piece import Piece, served
from lmssocial_reporting.store.port import Act, Deed


def introduced(facts: Facts, acts: Sequence[Act]) -> Iterator[Piece]:
    """``person.introduced`` ⇒: two others were brought together, and one of them wrote to the other."""
    for act in acts:
        if act.deed is not Deed.INTRODUCED or not served(act, act.other):
            continue
        if any(facts.taken_up(act, met) for met in facts.within(act.thread, Deed.MET)):
            yield Piece(Kind.PERSON_INTRODUCED, act, act.other)


def referred(facts: Facts, acts: Sequence[Act]) -> Iterator[Piece]:
    """``question.referred`` ⇒: somebody was thought of for a question, and took it or answered it."""
    for act in acts:
        if act.deed is not Deed.REFERRED or not served(act, act.other):
            continue
        taken = [*facts.on(act.item, Deed.ACCEPTED), *facts.replies(act.thread)]
        if any(one.member == act.other and facts.taken_up(act, one) for one in taken):
            yield Piece(Kind.QUESTION_REFERRED, act, act.other)


def pointed(facts: Facts, acts: Sequence[Act]) -> Iterator[Piece]:
    """``item.pointed`` ⇒: an answer to a request links to an item, and whoever asked opened that."""
    for act in acts:
        question = facts.asked(act.thread) if act.deed is Deed.LINKED else None
        if question is None or not served(act, question.member):
            continue
        answers = any(facts.stands(reply) for reply in facts.on(act.item, Deed.REPLIED))
        opened = any(
            read.member == question.member and facts.taken_up(act, read)
            for read in facts.on(act.target, Deed.READ)
        )
        if answers and opened:
            yield Piece(Kind.ITEM_POINTED, act, question.member)


def brought(facts: Facts, acts: Sequence[Act]) -> Iterator[Piece]:
    """``member.brought`` ⇒: somebody was named in a thread in which they had not written, and wrote there then."""
    for act in acts:
        if act.deed is not Deed.NAMED or not served(act, act.other) or not facts.stands(act):
            continue
        theirs = [one for one in facts.within(act.thread, *PUBLISHES) if one.member == act.other]
        came = [one for one in theirs if facts.is_reply(one)]
        if not any(order(one) < order(act) for one in theirs) and any(
            facts.taken_up(act, one) for one in came
        ):
            yield Piece(Kind.MEMBER_BROUGHT, act, act.other)


RULES = (introduced, referred, pointed, brought)
