"""What the page about fulfilment shows: a constant number of statements, whatever happened."""

import random
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lmssocial.plugin_data import Actor, courses, placed
from lmssocial_reporting.evidence.days import unread_by_course
from lmssocial_reporting.evidence.standing import followed
from lmssocial_reporting.people import Population, Window
from lmssocial_reporting.scope import Scope, population, populations
from lmssocial_reporting.skills.indicators import SkillMeasures, measures_of
from lmssocial_reporting.skills.support import Support, Tries, support, together, tries_of
from lmssocial_reporting.skills.told import told_by
from lmssocial_reporting.store.port import READING, ReportStore

COMPARED = 20
"""Other courses whose log is read that a community is compared with, at most; always the same ones."""


@dataclass(frozen=True, kw_only=True)
class SkillPage:
    """The page about fulfilment."""

    members: int
    skills: tuple[SkillMeasures, ...]
    support: tuple[Support, ...]
    asks_at: int | None
    """A placement in the reader's course where members can be asked; ``None`` if there is none."""


def skill_page(session: Session, store: ReportStore, scope: Scope, actor: Actor) -> SkillPage:
    """How well the roles are filled, as far as acts tell."""
    window, least = scope.window(), scope.settings.least_cell
    windows = (window, window.before(), window.before().before())
    people, *earlier = populations(session, scope.course_ids, windows, scope.settings)
    places = placed(session, scope.course_ids)
    told = told_by(
        session,
        store,
        scope.course_ids,
        window,
        widgets={place.placement_id: place.widget for place in places},
        zone=scope.settings.time_zone,
        groups={member.id: min(member.groups) for member in people.members if member.groups},
    )
    return SkillPage(
        members=len(people.members),
        skills=tuple(measures_of(told, people.ids, least=least)),
        support=tuple(_support(session, store, scope, actor, (people, *earlier))),
        asks_at=next(
            (
                place.placement_id
                for place in places
                if place.course_id == actor.course_id and place.widget == "discussion"
            ),
            None,
        ),
    )


def _support(
    session: Session, store: ReportStore, scope: Scope, actor: Actor, people: Sequence[Population]
) -> list[Support]:
    """:param people: of the window, and of the two before."""
    window = people[0].window
    now, *before = (_whole(session, store, one) for one in people)
    tenant = [course.id for course in courses(session, tenant_id=actor.tenant_id)]
    elsewhere = sorted(set(followed(session, tenant)) - set(scope.course_ids))
    random.Random(len(elsewhere)).shuffle(elsewhere)  # noqa: S311 – a sample, not a secret
    compared = tuple(sorted(elsewhere[:COMPARED]))
    others = _by_course(
        session, store, compared, population(session, compared, window, scope.settings), window
    )
    return support(now, before, list(others.values()), least=scope.settings.least_cell)


def _whole(session: Session, store: ReportStore, people: Population) -> Tries:
    parts = _by_course(session, store, people.course_ids, people, people.window)
    return together(parts.values(), people.ids)


def _by_course(
    session: Session, store: ReportStore, course_ids: Collection[int], people: Population, window: Window
) -> Mapping[int, Tries]:
    unread = unread_by_course(session, course_ids)
    members: defaultdict[int, set[int]] = defaultdict(set)
    for member in people.members:
        for course in member.courses:
            members[course].add(member.id)
    return tries_of(
        [
            row
            for row in store.tried(course_ids, window.first, window.last)
            if row[2] not in READING or row[:2] not in unread
        ],
        store.taken_up(course_ids, window.first, window.last),
        {course: members[course] for course in course_ids},
    )
