"""The report of a customer, as people would have left it after weeks: a row of every kind."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from lmssocial.core.hooks import Level
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.plugin_settings import service as plugin_settings
from lmssocial_reporting.definition import ROLE_OF, Kind, Role
from lmssocial_reporting.evidence import following
from lmssocial_reporting.mine.models import Assessment, Rating
from lmssocial_reporting.models import FollowedCourse, Withheld
from lmssocial_reporting.report.models import DraftSection
from lmssocial_reporting.roles.models import Resource
from lmssocial_reporting.sending import outbox
from lmssocial_reporting.settings import Settings
from lmssocial_reporting.store.port import Changed, Evidence
from lmssocial_reporting.targets import life, wanted
from lmssocial_reporting.targets.values import Band
from tests.support.people import Place

HOME = "https://tool.example.edu"


def report(session: Session, place: Place, people: list[Actor], word: str) -> None:
    """Switch the report on and fill it, with ``word`` in all that is written.

    :param people: who teaches, and two learners.
    """
    teacher, ana, ben = people
    plugin_settings.switch(session, "reporting", on=True, level=Level.TENANT, place_id=place.tenant.id)
    session.flush()
    while not following.catch_up(session, place.course.id, Settings()):
        pass
    _target(session, place, people, word)
    now = clock.now()
    given = Assessment(
        tenant_id=place.tenant.id,
        course_id=place.course.id,
        about=ana.user_id,
        by=ben.user_id,
        state="given",
        asked_at=now,
        given_at=now,
        words=f"{word} listens",
    )
    session.add_all(
        [
            given,
            Assessment(
                tenant_id=place.tenant.id,
                course_id=place.course.id,
                about=ben.user_id,
                by=ana.user_id,
                state="asked",
                asked_at=now,
            ),
            Resource(
                tenant_id=place.tenant.id,
                course_id=place.course.id,
                role=Role.CONNECTOR.value,
                place=1,
                title=f"{word} on introducing",
                url="https://example.edu/introducing",
                why=f"{word} explains it well",
                added_by=teacher.user_id,
                added_at=now,
            ),
            Withheld(
                tenant_id=place.tenant.id,
                course_id=place.course.id,
                member=ben.user_id,
                kind=Kind.REPLY_POSTED.value,
                contested=True,
                words=f"{word} was only joking",
                at=now,
            ),
            DraftSection(
                tenant_id=place.tenant.id,
                scope=f"course-{place.course.id}",
                name="findings",
                content={"words": f"{word} found something"},
                version=1,
                changed_at=now,
                changed_by=teacher.user_id,
            ),
        ]
    )
    session.flush()
    session.add(Rating(assessment_id=given.id, skill="attentive", level=3))
    _send(session, place, ana, ben)


def _target(session: Session, place: Place, people: list[Actor], word: str) -> None:
    teacher, ana, ben = people
    here, today = wanted.Whereabouts(f"course-{place.course.id}", place.placement.id), clock.now().date()
    bands = dict.fromkeys(Role, Band(0, 50))
    for purpose, ratified in ((f"{word} learns together", True), (f"{word} goes on", False)):
        said = wanted.Wanted(
            purpose=purpose, speaks_of="all", bands=bands, review_on=today + timedelta(days=90)
        )
        target_id = life.draft(session, teacher, here, said, today)
        asked = wanted.Asked(today + timedelta(days=4), (place.course.id,))
        life.consult(session, teacher, target_id, asked, today)
        for number, actor in enumerate((ana, ben)):
            life.vote(session, actor, target_id, agrees=not number, today=today)
        life.remark(session, ana, target_id, f"{word} agrees", today)
        if ratified:
            life.ratify(session, teacher, target_id, "", today + timedelta(days=5))


def _send(session: Session, place: Place, ana: Actor, ben: Actor) -> None:
    """Let a statement wait."""
    piece = Evidence(
        course_id=place.course.id,
        day=date(2026, 2, 16),
        member=ana.user_id,
        role=ROLE_OF[Kind.REPLY_POSTED],
        kind=Kind.REPLY_POSTED,
        other=ben.user_id,
        item="c1",
    )
    course = session.get_one(FollowedCourse, place.course.id)
    outbox.told(session, Settings(lrs_url="https://lrs.example.edu"), HOME, course, Changed((piece,)))
