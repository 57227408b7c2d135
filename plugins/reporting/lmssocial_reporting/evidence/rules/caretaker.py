"""Who welcomes, looks after what is left over, and keeps the place in order (§2.2, Caretaker)."""

from collections.abc import Iterator, Sequence

from lmssocial.plugin import LmsRole
from lmssocial_reporting.definition import Kind
from lmssocial_reporting.evidence.rules.facts import PUBLISHES, Facts, order
from lmssocial_reporting.evidence.rules.piece import Piece, served
from lmssocial_reporting.store.port import Act, Deed

UNPINNED = "unpinned"


def first_item(facts: Facts, member: int, course_id: int) -> Act | None:
    """By what somebody first showed themselves in a course; what they took back within a day was never there."""
    return next(
        (
            act
            for act in facts.by(member, *PUBLISHES)
            if act.course_id == course_id and not facts.was_taken_back(act.item)
        ),
        None,
    )


def welcomed(facts: Facts, acts: Sequence[Act]) -> Iterator[Piece]:
    """``newcomer.welcomed``: within seven days, the first answer of anybody to somebody's first item ever."""
    for act in acts:
        if not served(act, act.other) or not facts.is_reply(act):
            continue
        first = first_item(facts, act.other, act.course_id)
        if first is None or first.item != act.target or not facts.stands(first):
            continue
        before = (
            reply
            for reply in facts.about(act.target, Deed.REPLIED)
            if order(reply) < order(act) and reply.member != act.other and facts.is_reply(reply)
        )
        if facts.taken_up(first, act, by=facts.definition.welcome) and not any(before):
            yield Piece(Kind.NEWCOMER_WELCOMED, act, act.other)


def answered_late(facts: Facts, acts: Sequence[Act]) -> Iterator[Piece]:
    """``care.request``: a request that nobody had answered for two days was answered, or given to somebody.

    One's own additions to one's request are no answers.
    """
    for act in acts:
        if act.deed is not Deed.REFERRED and not facts.is_reply(act):
            continue
        question = facts.asked(act.thread)
        if question is None or not served(act, question.member):
            continue
        answered = any(
            order(reply) < order(act) and reply.member != question.member
            for reply in facts.replies(act.thread)
        )
        if act.at - question.at > facts.definition.unanswered and not answered:
            yield Piece(Kind.CARE_REQUEST, act, question.member)


def moderated(facts: Facts, acts: Sequence[Act]) -> Iterator[Piece]:
    """``care.moderated``: something of others was looked after.

    Of threads it serves who opened them; one's own are looked after for everybody by staff, and by learners for
    themselves.
    """
    for act in acts:
        if act.deed is not Deed.MODERATED or act.via == UNPINNED or facts.is_undone(act):
            continue
        owner = act.other or next((one.member for one in facts.within(act.item, Deed.POSTED)), 0)
        if owner != act.member:
            yield Piece(Kind.CARE_MODERATED, act, owner)
        elif act.lms_role not in ("", LmsRole.LEARNER):
            yield Piece(Kind.CARE_MODERATED, act)


def flagged(facts: Facts, acts: Sequence[Act]) -> Iterator[Piece]:
    """``care.moderated`` ⇒: a flag was upheld by somebody else, who withdrew the item."""
    for act in acts:
        if act.deed is Deed.FLAGGED and served(act, act.other):
            withdrawn = facts.on(act.item, Deed.WITHDRAWN)
            if any(one.member != act.member and facts.taken_up(act, one) for one in withdrawn):
                yield Piece(Kind.CARE_MODERATED, act, act.other)


def governed(facts: Facts, acts: Sequence[Act]) -> Iterator[Piece]:
    """``care.governed``: rules, targets and topics were looked after, or somebody came to an office hour."""
    for act in acts:
        if act.deed is Deed.GOVERNED or (act.deed is Deed.HOSTED and not facts.is_gone(act.target)):
            yield Piece(Kind.CARE_GOVERNED, act, act.other)


RULES = (welcomed, answered_late, moderated, flagged, governed)
