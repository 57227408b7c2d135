"""Deriving the evidence of one day anew, and leaving out what members withhold."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from lmssocial_reporting.definition import Kind
from lmssocial_reporting.evidence.days import withheld_in
from lmssocial_reporting.evidence.gathering import acts_for
from lmssocial_reporting.evidence.rules import evidence_on
from lmssocial_reporting.evidence.rules.facts import Facts
from lmssocial_reporting.models import Withheld
from lmssocial_reporting.store.port import Changed, Evidence, ReportStore


def derive(session: Session, store: ReportStore, course_id: int, day: date) -> Changed:
    """Let the evidence of a day be what its acts say now, and say what that changed."""
    withheld = withheld_in(session, course_id)
    facts = Facts(acts_for(session, store, course_id, day), unread=_unread(withheld))
    theirs: defaultdict[int, list[Withheld]] = defaultdict(list)  # in a large course, many withhold something
    for row in withheld:
        theirs[row.member].append(row)
    rows = [
        one
        for one in evidence_on(facts, course_id, day)
        if one.member not in theirs or not is_withheld(one, theirs[one.member])
    ]
    return store.replace_day(course_id, day, rows)


def is_withheld(evidence: Evidence, withheld: Sequence[Withheld]) -> bool:
    """Whether its member does not want it to be counted."""
    return any(
        row.member == evidence.member
        and row.kind == evidence.kind
        and row.day in (None, evidence.day)
        and row.other in (None, evidence.other)
        and row.item in (None, evidence.item)
        for row in withheld
    )


def _unread(withheld: Sequence[Withheld]) -> frozenset[int]:
    """Who does not want their reading to be counted at all: nor is it for those whose items they opened."""
    return frozenset(
        row.member
        for row in withheld
        if row.kind == Kind.ITEM_OPENED and row.day is None and row.other is None and row.item is None
    )
