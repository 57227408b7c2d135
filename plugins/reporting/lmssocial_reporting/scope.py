"""What a page speaks of: this course, a community across courses, or all courses of a tenant; and who may read it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy.orm import Session

from lmssocial.plugin import LmsRole, NotAllowed, gettext, now
from lmssocial.plugin_data import (
    Actor,
    Enrolled,
    Office,
    courses,
    enrolled,
    group_names,
    spans_around,
    spans_of,
)
from lmssocial_reporting.definition import ROLES_1
from lmssocial_reporting.evidence.standing import followed
from lmssocial_reporting.people import Member, Population, Window
from lmssocial_reporting.settings import Settings

HERE, WHOLE = "course", "all"
"""What ``?of=`` says for the course of the page, and for all of the tenant; ``span-7`` is a community across
courses."""

_HIGHEST_FIRST = (
    LmsRole.ADMINISTRATOR,
    LmsRole.INSTRUCTOR,
    LmsRole.TEACHING_ASSISTANT,
    LmsRole.CONTENT_DEVELOPER,
    LmsRole.MENTOR,
    LmsRole.LEARNER,
)


class Wide(StrEnum):
    """How wide a scope is."""

    COURSE = "course"
    SPAN = "span"
    TENANT = "tenant"


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Some courses, as a page speaks of them."""

    wide: Wide
    key: str
    """As ``?of=`` says it."""
    title: str
    course_ids: tuple[int, ...]
    settings: Settings

    @property
    def address(self) -> str | None:
        """What ``?of=`` says for it in addresses; ``None``: nothing, for the course of the page."""
        return None if self.key == HERE else self.key

    @property
    def zone(self) -> str:
        """In whose days its course has to be told; empty for several courses, each of which has a zone of its own."""
        return self.settings.zone if self.wide is Wide.COURSE else ""

    def window(self) -> Window:
        """The four weeks up to the last Sunday, in the time zone that is set."""
        return Window.ending(last_sunday(self.settings), ROLES_1.window_days)


def scope_key(actor: Actor, scope: Scope) -> str:
    """What a scope is called where something belongs to it: ``course-3``, ``span-7`` or ``all``."""
    return f"course-{actor.course_id}" if scope.wide is Wide.COURSE else scope.key


def today(settings: Settings) -> date:
    """Which day it is, in the time zone that is set."""
    return now().astimezone(settings.time_zone).date()


def last_sunday(settings: Settings) -> date:
    """The last Sunday that is over."""
    here = today(settings)
    return here - timedelta(days=here.isoweekday())


def looks_after(actor: Actor) -> bool:
    """Whether they look after the community: its staff and its stewards."""
    return actor.is_staff or Office.STEWARD in actor.offices


def may_write(actor: Actor, key: str) -> bool:
    """Whether they write, publish and settle what belongs to a scope: those who look after the community.

    For all courses together only administrators, however wide their readers are set.

    :param key: as :func:`scope_key` says it.
    """
    return LmsRole.ADMINISTRATOR in actor.roles if key == WHOLE else looks_after(actor)


def may_read(actor: Actor, settings: Settings) -> bool:
    """Whether they read the profile and the target of their course."""
    return settings.readers == "everybody" or looks_after(actor)


def require_steward(actor: Actor) -> None:
    """Go on only for those who look after the community.

    :raises NotAllowed: for everybody else.
    """
    if not looks_after(actor):
        raise NotAllowed(gettext("Only stewards and staff of this course see this page."))


def require_writer(actor: Actor, key: str) -> None:
    """Go on only for those who write what belongs to a scope.

    :param key: as :func:`scope_key` says it.
    :raises NotAllowed: for everybody else, in words that say who does.
    """
    require_steward(actor)
    if not may_write(actor, key):
        raise NotAllowed(
            gettext("Only administrators write, publish and settle what is for all courses together.")
        )


def scopes_of(session: Session, actor: Actor, settings: Settings) -> list[Scope]:
    """What the actor may read, their course first. Two queries at most."""
    found: list[Scope] = []
    if may_read(actor, settings):
        title = gettext("This course")
        found.append(
            Scope(wide=Wide.COURSE, key=HERE, title=title, course_ids=(actor.course_id,), settings=settings)
        )
    if looks_after(actor):
        found += [
            Scope(
                wide=Wide.SPAN,
                key=f"span-{span.community_id}",
                title=span.title,
                course_ids=span.course_ids,
                settings=settings,
            )
            for span in spans_around(session, actor)
        ]
    if _reads_all(actor, settings):
        ids = tuple(course.id for course in courses(session, tenant_id=actor.tenant_id))
        found.append(
            Scope(
                wide=Wide.TENANT, key=WHOLE, title=gettext("All courses"), course_ids=ids, settings=settings
            )
        )
    return found


def scope_of(session: Session, actor: Actor, settings: Settings, asked: str) -> Scope:
    """The scope that ``?of=`` names; the course where it names none.

    :raises NotAllowed: if the actor may not read it, or there is no such.
    """
    for scope in scopes_of(session, actor, settings):
        if scope.key == (asked or HERE):
            return scope
    if asked == WHOLE and looks_after(actor):
        raise NotAllowed(gettext("Who reads all courses together is set by the administrators."))
    raise NotAllowed(gettext("Only stewards and staff of this course see this page."))


def as_read(session: Session, scope: Scope) -> Scope:
    """The scope that everything but the profile reckons with: of several courses, those whose log is read.

    The members of the others did nothing that is known. One query at most.
    """
    if scope.wide is Wide.COURSE:
        return scope
    return replace(scope, course_ids=followed(session, scope.course_ids))


def population(
    session: Session, course_ids: tuple[int, ...], window: Window, settings: Settings
) -> Population:
    """Who was in some courses on enough days of a window. Five queries, however many they are."""
    return populations(session, course_ids, (window,), settings)[0]


def populations(
    session: Session, course_ids: tuple[int, ...], windows: Sequence[Window], settings: Settings
) -> list[Population]:
    """The same for several windows, in their order. Five queries, however many there are of anything.

    Enrolled on at least half of its days; who reads and never writes, and who never came, belongs to it.
    """
    people = [_stay(person, settings) for person in enrolled(session, course_ids)]
    called = group_names(session, course_ids)
    around = spans_of(session, course_ids) if len(course_ids) > 1 else []
    spans = tuple(frozenset(span.course_ids) for span in around)
    return [
        Population(
            course_ids=course_ids,
            window=window,
            members=_members(people, window),
            group_names=called,
            spans=spans,
        )
        for window in windows
    ]


class _Stay(NamedTuple):
    """Somebody in one course, with their first and last day there."""

    member: Member
    first: date
    last: date


def _stay(person: Enrolled, settings: Settings) -> _Stay:
    return _Stay(
        Member(person.user_id, person.role, person.groups, frozenset({person.course_id})),
        person.joined_at.astimezone(settings.time_zone).date(),
        date.max if person.left_at is None else person.left_at.astimezone(settings.time_zone).date(),
    )


def _members(people: Iterable[_Stay], window: Window) -> tuple[Member, ...]:
    """Who was in one of the courses long enough, as they are on the pages of just those courses."""
    found: dict[int, Member] = {}
    for member, first, last in people:
        if (min(last, window.last) - max(first, window.first)).days + 1 < ROLES_1.enrolled_days:
            continue
        known = found.get(member.id)
        found[member.id] = member if known is None else _both(known, member)
    return tuple(found.values())


def _both(one: Member, other: Member) -> Member:
    """Somebody who is in several courses."""
    role = min((other.role, one.role), key=_HIGHEST_FIRST.index)
    return Member(one.id, role, one.groups | other.groups, one.courses | other.courses)


def _reads_all(actor: Actor, settings: Settings) -> bool:
    if settings.whole_tenant == "administrators":
        return LmsRole.ADMINISTRATOR in actor.roles
    return settings.whole_tenant == "staff" and actor.is_staff
