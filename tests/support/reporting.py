"""What tests of the report are made of: acts, pieces of evidence, members, and a course in which it is switched on."""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Level
from lmssocial.core.kernel.secrets import new_token
from lmssocial.lms.identity.actor import Actor
from lmssocial.plugin import LmsRole
from lmssocial.social.plugin_settings import service as plugin_settings
from lmssocial_reporting.definition import ROLE_OF, Kind
from lmssocial_reporting.people import Member, Population, Window
from lmssocial_reporting.store.port import Act, Deed, Evidence
from tests.support.people import Place, sign_in
from tests.support.seat import Seat

SUNDAY = date(2026, 3, 1)
"""The last day of :data:`WINDOW`: the day before the clock of the tests stands still."""
WINDOW = Window.ending(SUNDAY)
"""Four weeks: 2 February to 1 March 2026."""

_numbers = itertools.count(1)


def an_act(**given: Any) -> Act:
    """An act: member 1 replied to member 2 at noon (UTC) of the first day of :data:`WINDOW`, unless told otherwise.

    Each is an event of its own. ``day`` alone moves ``at``, too; ``at`` alone moves ``day``.
    """
    number = next(_numbers)
    if "at" not in given:
        day = given.get("day", WINDOW.first)
        given["at"] = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return Act(
        **{
            "event_id": number,
            "tenant_id": 1,
            "course_id": 1,
            "day": given["at"].date(),
            "member": 1,
            "lms_role": LmsRole.LEARNER.value,
            "deed": Deed.REPLIED,
            "item": f"c{number}",
            "other": 2,
            "thread": "t1",
            "placement_id": 1,
            "widget": "discussion",
        }
        | given
    )


def a_piece(**given: Any) -> Evidence:
    """A piece of evidence: member 1 replied to member 2 on the first day of :data:`WINDOW`, unless told otherwise.

    Each is about an item of its own; the role follows from ``kind``.
    """
    kind = given.get("kind", Kind.REPLY_POSTED)
    return Evidence(
        **{
            "course_id": 1,
            "day": WINDOW.first,
            "member": 1,
            "role": ROLE_OF[kind],
            "kind": kind,
            "other": 2,
            "item": f"c{next(_numbers)}",
            "placement_id": 1,
            "widget": "discussion",
            "thread": "t1",
        }
        | given
    )


def acting(
    member: int,
    kind: Kind = Kind.REPLY_POSTED,
    *,
    days: int = 2,
    others: int = 2,
    window: Window = WINDOW,
    **given: Any,
) -> list[Evidence]:
    """Evidence of so many days and so many others for one member: two of each are what acting as a Creator takes."""
    return [
        a_piece(
            member=member,
            kind=kind,
            day=window.first + timedelta(days=number % days),
            other=member + 1 + number % others,
            **given,
        )
        for number in range(max(days, others))
    ]


def a_population(
    n: int = 30,
    *,
    learners: int | None = None,
    groups: int = 0,
    courses: int = 1,
    first: int = 1,
    window: Window = WINDOW,
) -> Population:
    """``n`` members with ids from ``first`` on: learners first, all but ``n - learners`` instructors at the end.

    Groups 1 to ``groups`` and courses 1 to ``courses`` are dealt out in turn.
    """
    taking = n if learners is None else learners
    return Population(
        course_ids=tuple(range(1, courses + 1)),
        window=window,
        members=tuple(
            Member(
                id=first + number,
                role=LmsRole.LEARNER if number < taking else LmsRole.INSTRUCTOR,
                groups=frozenset({number % groups + 1}) if groups else frozenset(),
                courses=frozenset({number % courses + 1}),
            )
            for number in range(n)
        ),
        group_names={number: f"Group {number}" for number in range(1, groups + 1)},
    )


def turn_on(session: Session, place: Place, **settings: Any) -> None:
    """Switch the report on in the course of ``place``, set like this there. Flushed, not committed."""
    plugin_settings.switch(session, "reporting", on=True, level=Level.COURSE, place_id=place.course.id)
    if settings:
        plugin_settings.configure(
            session, "reporting", settings, level=Level.COURSE, place_id=place.course.id
        )
    session.flush()


def seat(app: Flask, session: Session, place: Place, actor: Actor) -> Seat:
    """``actor``, signed in at ``place``; addresses are below the report: ``open("/mine")``. Commits."""
    token = new_token()
    sign_in(session, place, actor, token)
    session.commit()
    return Seat(app, token, f"/w/{place.placement.id}/x/reporting")
