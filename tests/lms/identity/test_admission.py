"""Who is let in, where to, as what: launches become rows of tenancy."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from lmssocial.core.db import Base, unit_of_work
from lmssocial.lms.identity import refusals
from lmssocial.lms.identity.admission import MAX_WAITING, admit, note_deployment
from lmssocial.lms.identity.models import (
    Course,
    Deployment,
    Membership,
    Registration,
    ResourceLink,
    Standing,
    User,
)
from lmssocial.lms.identity.refusals import NotApproved
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.lms.lti import causes
from lmssocial.lms.lti.launch import Context, Launch, MessageType, Person
from lmssocial.lms.lti.launch import ResourceLink as LinkClaim
from lmssocial.lms.lti.refusals import Cause, LaunchRefused
from lmssocial.lms.lti.roles import TEST_USER, LtiRole, RoleScope
from tests.conftest import TestClock
from tests.fakes.platform import FakePlatform
from tests.fakes.registered import make_tenant, register

TEACHER = LtiRole(RoleScope.CONTEXT, "Instructor")
STUDENT = LtiRole(RoleScope.CONTEXT, "Learner")

Launching = Callable[..., Launch]


@pytest.fixture
def registration(session: Session) -> Registration:
    """A registered platform with one approved deployment."""
    return register(session, FakePlatform(jwks_url="https://lms.example.edu/jwks"))


@pytest.fixture
def launching(registration: Registration) -> Launching:
    """Make launches of the registration; keyword arguments change them."""
    return lambda **changes: launch_of(registration.id, **changes)


def launch_of(registration_id: int, **changes: Any) -> Launch:
    """A student's launch of one link in one course."""
    usual = Launch(
        message_type=MessageType.RESOURCE_LINK,
        registration_id=registration_id,
        deployment_id="1",
        person=Person(sub="person-7", name="Ada Lovelace", email="ada@example.edu", locale="en"),
        roles=frozenset({STUDENT}),
        context=Context(id="course-1", title="Negotiation Skills", label="NEG101"),
        resource_link=LinkClaim(id="link-1", title="Round one"),
        target_link_uri="https://tool.example/lti/launch",
    )
    return replace(usual, **changes)


def count(session: Session, model: type[Base]) -> int:
    """How many rows there are."""
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_first_launch_makes_course_link_person_and_membership(
    session: Session, launching: Launching, registration: Registration
) -> None:
    admission = admit(session, launching())
    assert admission.joined
    assert admission.course.tenant_id == admission.user.tenant_id == registration.tenant_id
    assert (admission.course.title, admission.course.label) == ("Negotiation Skills", "NEG101")
    assert admission.resource_link is not None
    assert admission.resource_link.title == "Round one"
    assert (admission.user.name, admission.user.has_real_name) == ("Ada Lovelace", True)
    assert admission.user.email == "ada@example.edu"
    assert admission.roles == {LmsRole.LEARNER}
    assert (admission.membership.roles, admission.membership.lead_role) == ("learner", "learner")


def test_a_second_launch_finds_what_the_first_one_made(
    session: Session, launching: Launching, clock: TestClock
) -> None:
    first = admit(session, launching())
    joined_at = first.membership.joined_at
    clock.tick(days=1)
    second = admit(session, launching())
    assert not second.joined
    assert second.user is first.user
    assert second.course is first.course
    assert second.resource_link is first.resource_link
    assert second.membership.joined_at == joined_at
    assert second.membership.last_launch_at == second.user.last_seen_at == clock.now
    for model in (User, Course, ResourceLink, Membership):
        assert count(session, model) == 1


def test_roles_are_those_of_the_last_launch(session: Session, launching: Launching) -> None:
    assert admit(session, launching(roles=frozenset({TEACHER}))).membership.lead_role == "instructor"
    switched = admit(session, launching(roles=frozenset({STUDENT})))
    assert (switched.membership.roles, switched.membership.lead_role) == ("learner", "learner")
    both = admit(session, launching(roles=frozenset({STUDENT, TEACHER})))
    assert (both.membership.roles, both.membership.lead_role) == ("instructor learner", "instructor")


def test_changed_names_and_titles_are_taken_over(session: Session, launching: Launching) -> None:
    admit(session, launching())
    renamed = admit(
        session,
        launching(
            person=Person(sub="person-7", given_name="Ada", family_name="King", email="king@example.edu"),
            context=Context(id="course-1", title="Negotiation"),
            resource_link=LinkClaim(id="link-1", title="Round 1"),
        ),
    )
    assert renamed.resource_link is not None
    assert (renamed.user.name, renamed.user.email) == ("Ada King", "king@example.edu")
    assert (renamed.course.title, renamed.course.label) == ("Negotiation", "NEG101")
    assert renamed.resource_link.title == "Round 1"


def test_people_without_names_get_distinct_lasting_pseudonyms(session: Session, launching: Launching) -> None:
    nameless = [
        admit(session, launching(person=Person(sub=sub, email=f"{sub}@example.edu"))).user
        for sub in ("person-1", "person-2", "person-3")
    ]
    names = [user.name for user in nameless]
    assert len(set(names)) == 3
    for user in nameless:
        assert user.name.startswith("Participant ")
        assert not user.has_real_name
        assert user.sub not in user.name
    again = admit(session, launching(person=Person(sub="person-1"))).user
    assert again.name == names[0]


def test_a_name_that_comes_later_replaces_the_pseudonym_and_stays(
    session: Session, launching: Launching
) -> None:
    admit(session, launching(person=Person(sub="person-7")))
    named = admit(session, launching(person=Person(sub="person-7", name="Ada Lovelace"))).user
    assert (named.name, named.has_real_name) == ("Ada Lovelace", True)
    silent = admit(session, launching(person=Person(sub="person-7"))).user
    assert (silent.name, silent.has_real_name) == ("Ada Lovelace", True)


def test_names_and_addresses_longer_than_their_columns_do_no_harm(
    session: Session, launching: Launching
) -> None:
    user = admit(
        session, launching(person=Person(sub="person-9", name="Ä" * 300, email="a" * 300, locale="de-AT"))
    ).user
    session.flush()
    assert (user.name, user.email, user.locale) == ("Ä" * 200, "", "de-AT")


def test_a_test_user_is_marked(session: Session, launching: Launching) -> None:
    assert admit(session, launching(roles=frozenset({STUDENT, TEST_USER}))).user.is_test
    assert not admit(session, launching()).user.is_test


def test_a_launch_without_a_course_gets_one_for_its_link(session: Session, launching: Launching) -> None:
    one = admit(session, launching(context=None))
    other = admit(session, launching(context=None, resource_link=LinkClaim(id="link-2", title="Round two")))
    again = admit(session, launching(context=None))
    assert one.course is again.course
    assert one.course is not other.course
    assert (one.course.title, other.course.title) == ("Round one", "Round two")


def test_no_context_of_an_lms_can_name_such_a_course(session: Session, launching: Launching) -> None:
    made_up = admit(session, launching(context=None)).course
    for context_id in (made_up.context_id.strip(), "link link-1", "no context"):
        assert admit(session, launching(context=Context(id=context_id))).course is not made_up


def test_a_deep_linking_request_needs_neither_link_nor_course(session: Session, launching: Launching) -> None:
    admission = admit(
        session, launching(message_type=MessageType.DEEP_LINKING, resource_link=None, context=None)
    )
    assert admission.resource_link is None
    assert admission.course.title == ""


def test_anonymous_people_are_somebody_new_each_time(session: Session, launching: Launching) -> None:
    users = [admit(session, launching(person=Person(sub=None))).user for _ in range(2)]
    assert users[0].id != users[1].id
    assert users[0].name != users[1].name


@pytest.mark.parametrize(
    ("standing", "cause"),
    [
        (None, refusals.DEPLOYMENT_UNKNOWN),
        (Standing.PENDING, refusals.DEPLOYMENT_PENDING),
        (Standing.DISABLED, refusals.DEPLOYMENT_DISABLED),
    ],
)
def test_only_approved_deployments_let_people_in(
    session: Session,
    launching: Launching,
    registration: Registration,
    standing: Standing | None,
    cause: Cause,
) -> None:
    if standing is not None:
        session.execute(update(Deployment).values(standing=standing))
    launch = launching() if standing else launching(deployment_id="new")
    with pytest.raises(NotApproved) as refused:
        admit(session, launch)
    assert refused.value.cause is cause
    assert refused.value.registration_id == registration.id
    for model in (User, Course, ResourceLink, Membership):
        assert count(session, model) == 0


def test_an_unknown_deployment_is_noted_as_waiting_once(session: Session, launching: Launching) -> None:
    for _ in range(2):
        note_deployment(session, launching(deployment_id="new"))
    noted = session.scalars(select(Deployment).where(Deployment.deployment_id == "new")).one()
    assert noted.standing is Standing.PENDING


def test_deployment_ids_are_told_apart_by_case(session: Session) -> None:
    register(
        session,
        FakePlatform(jwks_url="https://x.example/jwks", client_id="client-2"),
        deployments=[("abc", Standing.APPROVED)],
    )
    other = session.scalars(select(Registration.id).where(Registration.client_id == "client-2")).one()
    with pytest.raises(NotApproved):
        admit(session, launch_of(other, deployment_id="ABC"))
    assert admit(session, launch_of(other, deployment_id="abc")).joined


def test_a_platform_that_invents_deployments_fills_no_table(session: Session, launching: Launching) -> None:
    for number in range(MAX_WAITING + 20):
        note_deployment(session, launching(deployment_id=f"invented-{number}"))
    waiting = select(func.count(Deployment.id)).where(Deployment.standing == Standing.PENDING)
    assert session.scalar(waiting) == MAX_WAITING


def test_a_registration_that_is_off_or_gone_lets_nobody_in(
    session: Session, launching: Launching, registration: Registration
) -> None:
    registration.enabled = False
    with pytest.raises(LaunchRefused) as off:
        admit(session, launching())
    assert off.value.cause is causes.PLATFORM_DISABLED
    with pytest.raises(LaunchRefused) as gone:
        admit(session, launch_of(registration.id + 1))
    assert gone.value.cause is causes.PLATFORM_UNKNOWN


def test_two_tenants_on_one_issuer_share_nothing(session: Session, registration: Registration) -> None:
    """The same issuer, client id, subs, contexts and links: two customers nevertheless."""
    twin = register(
        session,
        FakePlatform(jwks_url="https://lms.example.edu/jwks"),
        tenant=make_tenant(session, "Sister College"),
    )
    one, other = admit(session, launch_of(registration.id)), admit(session, launch_of(twin.id))
    assert other.joined
    assert one.course.tenant_id != other.course.tenant_id
    assert one.resource_link is not None
    assert other.resource_link is not None
    for mine, theirs in (
        (one.user.id, other.user.id),
        (one.course.id, other.course.id),
        (one.resource_link.id, other.resource_link.id),
        (one.membership.id, other.membership.id),
    ):
        assert mine != theirs
    assert other.user.tenant_id == other.course.tenant_id == twin.tenant_id


def test_first_launches_at_once_all_succeed(engine: Engine) -> None:
    """Ten people and one person ten times, all in a course nobody has opened before."""
    with Session(engine) as session, unit_of_work(session):
        registration_id = register(session, FakePlatform(jwks_url="https://lms.example.edu/jwks")).id
    people, together = 10, threading.Barrier(20)

    def arrive(number: int) -> bool:
        sub = f"person-{number}" if number < people else "person-0"
        together.wait(timeout=30)
        with Session(engine) as session, unit_of_work(session):
            return admit(session, launch_of(registration_id, person=Person(sub=sub))).joined

    with ThreadPoolExecutor(20) as pool:
        joined = list(pool.map(arrive, range(20)))
    assert sum(joined) == people, "each person joins once, however often they come"
    with Session(engine) as session:
        assert (count(session, Course), count(session, ResourceLink)) == (1, 1)
        assert (count(session, User), count(session, Membership)) == (people, people)
        names = session.scalars(select(User.name)).all()
    assert len(set(names)) == people
    assert all(name.startswith("Participant ") for name in names)
