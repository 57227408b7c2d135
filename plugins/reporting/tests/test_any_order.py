"""Whatever comes late, twice or out of order: the evidence is that of one clean pass over the same acts."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from lmssocial_reporting.evidence import days
from lmssocial_reporting.evidence.rules.facts import order
from lmssocial_reporting.evidence.touching import days_touched
from lmssocial_reporting.store.port import Act, Deed
from lmssocial_reporting.store.sql import SqlStore
from tests.support.evidence import all_evidence, clean_pass, derive_marked, tables
from tests.support.reporting import an_act

UTC_ZONE = ZoneInfo("UTC")
BEGIN = datetime(2026, 2, 2, tzinfo=UTC)
PEOPLE = (1, 2, 3, 4)
ITEMS = {  # item: its author and thread, and what it answers
    "c1": (1, "t1", ""),
    "c2": (2, "t1", "c1"),
    "c3": (3, "t1", "c1"),
    "c4": (2, "t2", ""),
    "c5": (4, "t2", "c4"),
    "c6": (1, "t2", "c5"),
}
OPENINGS = frozenset(item for item, (_, _, answered) in ITEMS.items() if not answered)
MARKS = (
    Deed.HELPFUL,
    Deed.UNHELPFUL,
    Deed.KEPT,
    Deed.UNKEPT,
    Deed.RATED,
    Deed.MENTIONED,
    Deed.FLAGGED,
)


@st.composite
def _acts(draw: st.DrawFn) -> list[Act]:
    """A few weeks in two courses, in which anything may happen to six posts, often close together."""
    found = [_published(item, draw(_moments())) for item in ITEMS]
    return found + draw(st.lists(_deeds(), min_size=3, max_size=14))


def _moments() -> st.SearchStrategy[datetime]:
    steps = st.sampled_from([0, 1, 5, 11, 29, 31, 60, 23 * 60, 25 * 60, 49 * 60])
    return st.builds(
        lambda day, minutes: BEGIN + timedelta(days=day, minutes=minutes),
        st.sampled_from([0, 0, 1, 2, 3, 6, 8, 10, 18]),
        steps,
    )


def _published(item: str, at: datetime) -> Act:
    author, thread, answered = ITEMS[item]
    if item in OPENINGS:
        return an_act(deed=Deed.POSTED, item=item, member=author, other=0, thread=thread, at=at)
    other = ITEMS[answered][0]
    return an_act(item=item, member=author, other=other, thread=thread, target=answered, at=at)


@st.composite
def _deeds(draw: st.DrawFn) -> Act:
    """Something done to one of the posts."""
    item, member, at = draw(st.sampled_from(sorted(ITEMS))), draw(st.sampled_from(PEOPLE)), draw(_moments())
    author, thread, _ = ITEMS[item]
    about: dict[str, Any] = {
        "item": item,
        "member": member,
        "other": 0 if author == member else author,
        "at": at,
    }
    kind = draw(
        st.sampled_from(
            ["mark", "read", "gone", "back", "edit", "link", "name", "share", "tend", "search", "ask"]
        )
    )
    deeds: dict[str, dict[str, Any]] = {
        "mark": {"deed": draw(st.sampled_from(MARKS)), "thread": "", "number": draw(st.sampled_from([0, 4]))},
        "read": {"deed": Deed.READ, "thread": thread, "via": draw(st.sampled_from(["", "search", "shared"]))},
        "gone": {"deed": Deed.REMOVED if member == author else Deed.WITHDRAWN, "thread": thread},
        "back": {"deed": Deed.RESTORED, "thread": thread, "other": author},
        "edit": {"deed": Deed.EDITED, "thread": thread, "number": 30, "whole": 400},
        "link": {"deed": Deed.LINKED, "member": author, "thread": thread, "target": "c1", "other": 3},
        "name": {"deed": Deed.NAMED, "member": author, "thread": thread, "other": 3 if author != 3 else 4},
        "share": {"deed": Deed.SHARED, "thread": "", "target": "c90", "via": "to-22"},
        "tend": {"deed": Deed.MODERATED, "item": thread, "thread": thread, "via": "locked", "other": 0},
        "search": {"deed": Deed.SEARCHED, "item": "", "thread": "", "other": 0},
        "ask": {"deed": Deed.ASKED, "item": "c1", "member": 1, "thread": "t1", "other": 0},
    }
    if kind == "share" and draw(st.booleans()):  # what became of it in the other course
        there: dict[str, Any] = {
            "course_id": 2,
            "item": "c90",
            "thread": "t90",
            "at": at,
            "member": member,
            "other": 7,
        }
        return an_act(deed=draw(st.sampled_from([Deed.READ, Deed.WITHDRAWN, Deed.RESTORED])), **there)
    return an_act(**(about | deeds[kind]))


def _arrive(session: Session, acts: Sequence[Act]) -> None:
    """What happens to acts that were read from the logs of two courses."""
    store = SqlStore(session)
    store.add_acts(acts)
    days.note_carried(session, acts)
    for course_id in {act.course_id for act in acts}:
        mine = [act for act in acts if act.course_id == course_id]
        days.mark(session, days_touched(session, store, course_id, UTC_ZONE, mine))


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(_acts(), st.booleans(), st.randoms(use_true_random=False))
def test_acts_that_come_in_any_order_in_any_portions_and_twice_give_the_evidence_of_one_clean_pass(
    acts: list[Act],
    in_order: bool,  # noqa: FBT001 – drawn
    chance: Random,
) -> None:
    """Days are derived in between, so that what comes later has to find the days it has to do with."""
    coming = [*acts, *chance.sample(acts, len(acts) // 3)]
    chance.shuffle(coming)
    if in_order:  # as a log tells them, when less has to be looked at
        coming.sort(key=order)
    with tables(1, 2) as session:
        while coming:
            size = chance.randint(1, 4)
            _arrive(session, coming[:size])
            del coming[:size]
            derive_marked(session, 1, 2, at_most=chance.randint(0, 3))
        derive_marked(session, 1, 2)
        found = all_evidence(session)
    assert found == clean_pass(acts)
