"""The rules of ``roles/1``: from acts to the evidence of one day, and nothing but the acts decides.

§ are those of the definition's research report (§2.1 what is evidence, §2.2 kinds by role, §2.7 attacks).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from lmssocial_reporting.definition import ROLE_OF
from lmssocial_reporting.evidence.rules import caretaker, carrier, connector, consumer, creator
from lmssocial_reporting.evidence.rules.facts import Facts
from lmssocial_reporting.evidence.rules.piece import Finds, Piece
from lmssocial_reporting.store.port import Evidence

RULES: Sequence[Finds] = (
    *consumer.RULES,
    *creator.RULES,
    *connector.RULES,
    *carrier.RULES,
    *caretaker.RULES,
)
"""All of them; each looks at every act of the day."""


def evidence_on(facts: Facts, course_id: int, day: date) -> list[Evidence]:
    """The evidence of one day of a course, in order, each piece once.

    :param facts: of the acts of that day, and of all that they have to do with.
    """
    acts = [act for act in facts.acts if act.day == day and act.course_id == course_id and act.member]
    found: dict[tuple[object, ...], Evidence] = {}
    for rule in RULES:
        for piece in rule(facts, acts):
            one = _evidence(facts, piece)
            key = (one.member, one.kind, one.other, one.item)
            known = found.get(key)
            if known is None:
                found[key] = one
            elif one.third and not known.third:
                found[key] = replace(known, third=True)
    return sorted(found.values())


def _evidence(facts: Facts, piece: Piece) -> Evidence:
    act, other = piece.act, piece.other
    thread = facts.thread_of(act)
    return Evidence(
        course_id=act.course_id,
        day=act.day,
        member=act.member,
        role=ROLE_OF[piece.kind],
        kind=piece.kind,
        other=other,
        item=act.item if piece.item is None else piece.item,
        third=not other or facts.has_third(thread, act.at, (act.member, other)),
        placement_id=facts.place_of(act),
        widget=act.widget,
        thread=thread,
    )
