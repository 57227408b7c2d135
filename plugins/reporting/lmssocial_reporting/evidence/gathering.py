"""Gathering what the rules have to know to derive one day: its acts, and those they have to do with."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial_reporting.definition import ROLES_1
from lmssocial_reporting.evidence.rules.facts import CHANGES, MARKS, PUBLISHES
from lmssocial_reporting.models import FollowedCourse
from lmssocial_reporting.store.port import Act, Deed, ReportStore

DONE = frozenset(Deed) - {Deed.READ, Deed.SEARCHED, Deed.JOINED}
"""What leaves traces on items and in threads."""
MADE = frozenset({Deed.POSTED, Deed.REPLIED, Deed.REMOVED})
"""By what newcomers are told: what somebody published, and took back."""
_MARKED = MARKS | CHANGES | {Deed.UNKEPT, Deed.UNHELPFUL, Deed.UNENDORSED}


def acts_for(session: Session, store: ReportStore, course_id: int, day: date) -> list[Act]:
    """The acts of a day of a course, and all that decide what they are evidence of.

    About ten statements, however many acts there are; one more for each course to which something was shared.
    """
    found = store.acts_between([course_id], day, day)
    if not found:
        return []
    found = found + _around(store, course_id, found)
    today = [act for act in found if act.day == day]
    return [
        *found,
        *_opened(store, course_id, today),
        *_found_next_day(store, course_id, day, today),
        *_first_items(store, course_id, today),
        *_elsewhere(session, store, today),
    ]


def _around(store: ReportStore, course_id: int, today: list[Act]) -> list[Act]:
    """What was done to the same items and in the same threads, and whether what stands there still does."""
    done = [act for act in today if act.deed in DONE]
    named = _named(act.item for act in done) | _named(act.target for act in done)
    answered = _named(act.target for act in done if act.deed is Deed.REPLIED)
    found = store.acts_about(course_id, items=named, targets=answered, deeds=DONE)
    threads = _named(act.thread for act in (*today, *found))
    found += store.acts_about(course_id, threads=threads, deeds=DONE)
    items = _named(act.item for act in found if act.deed in PUBLISHES) - named
    items |= _named(act.target for act in found if act.deed is Deed.POSTED)
    reviews = _named(act.target for act in found if act.deed in (Deed.REVIEWED, Deed.HOSTED)) - named
    return found + store.acts_about(course_id, items=items | reviews, deeds=_MARKED)


def _opened(store: ReportStore, course_id: int, today: list[Act]) -> list[Act]:
    """Who opened what was posted, linked to and shared."""
    items = _named(act.item for act in today if act.deed in (Deed.POSTED, Deed.SHARED))
    items |= _named(act.target for act in today if act.deed is Deed.LINKED)
    return store.acts_about(course_id, items=items, deeds=(Deed.READ,)) if items else []


def _found_next_day(store: ReportStore, course_id: int, day: date, today: list[Act]) -> list[Act]:
    """What a search found that began just before midnight."""
    searched = [act.at for act in today if act.deed is Deed.SEARCHED]
    if not searched:
        return []
    following = day + timedelta(days=1)
    return store.acts_between([course_id], following, following, (Deed.READ,))


def _first_items(store: ReportStore, course_id: int, today: list[Act]) -> list[Act]:
    """What those who were answered had published before, and whether what they took back came back."""
    answered = {act.other for act in today if act.deed is Deed.REPLIED} - {0}
    if not answered:
        return []
    made = store.acts_of(course_id, answered, MADE)
    removed = _named(act.item for act in made if act.deed is Deed.REMOVED)
    back = store.acts_about(course_id, items=removed, deeds=(Deed.RESTORED,)) if removed else []
    return made + back


def _elsewhere(session: Session, store: ReportStore, today: list[Act]) -> list[Act]:
    """What became of the things that were shared, in the courses to which they were."""
    shared = [act for act in today if act.deed is Deed.SHARED]
    if not shared:
        return []
    communities = {int(act.via.removeprefix("to-") or 0) for act in shared}
    there = session.scalars(
        select(FollowedCourse.course_id)
        .where(FollowedCourse.tenant_id == shared[0].tenant_id, FollowedCourse.community_id.in_(communities))
        .order_by(FollowedCourse.course_id)
    )
    carriers = _named(act.target for act in shared)
    deeds = PUBLISHES | CHANGES | {Deed.READ}
    return [act for course_id in there for act in store.acts_about(course_id, items=carriers, deeds=deeds)]


def _named(names: Iterable[str]) -> set[str]:
    return {name for name in names if name}


PATIENCE = ROLES_1.uptake + ROLES_1.undo + timedelta(days=1)
"""How far apart acts can be and still have to do with each other, with a day to spare for where midnights fall."""
