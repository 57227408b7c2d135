"""Letting somebody in: a launch becomes rows of tenancy, and says who is where with which roles."""

from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.secrets import new_token
from lmssocial.lms.identity import refusals
from lmssocial.lms.identity.course_services import note_services
from lmssocial.lms.identity.courses import course_called
from lmssocial.lms.identity.models import (
    ANONYMOUS,
    Course,
    Deployment,
    Membership,
    Registration,
    ResourceLink,
    Standing,
    User,
)
from lmssocial.lms.identity.names import call
from lmssocial.lms.identity.notices import want_notices
from lmssocial.lms.identity.refusals import NotApproved
from lmssocial.lms.identity.role_mapping import lms_roles
from lmssocial.lms.identity.roles import LmsRole, lead_role
from lmssocial.lms.lti import causes
from lmssocial.lms.lti.launch import Launch
from lmssocial.lms.lti.refusals import LaunchRefused

MAX_WAITING = 100
"""Deployments of one registration that may wait for approval; a platform that invents more is not written down."""
NO_CONTEXT = "\t"
"""Begins the context id of a course we made up. No identifier of an LMS holds a tab, so none can name such a course."""


@dataclass(frozen=True, kw_only=True)
class Admission:
    """Who came, to where, as what. The rows belong to the session of :func:`admit`."""

    registration: Registration
    course: Course
    resource_link: ResourceLink | None
    """``None`` in a deep-linking request, which comes from no link."""
    user: User
    membership: Membership
    roles: frozenset[LmsRole]
    joined: bool
    """Whether this is their first launch in the course; the roster may have known them before."""


def admit(session: Session, launch: Launch) -> Admission:
    """Find or make everything a launch speaks of.

    Two first launches at once both succeed: rows are inserted unless they are there, always in the same order.

    :raises LaunchRefused: if the registration is gone or switched off.
    :raises NotApproved: if the deployment is unknown, waiting or switched off. Nothing of the launch is kept then.
    """
    registration = session.get(Registration, launch.registration_id)
    if registration is None:
        raise LaunchRefused(causes.PLATFORM_UNKNOWN, f"registration {launch.registration_id} is gone")
    if not registration.enabled:
        raise LaunchRefused(causes.PLATFORM_DISABLED, registration_id=registration.id)
    deployment = _approved_deployment(session, registration, launch)
    course = _course(session, registration, deployment, launch)
    resource_link = _resource_link(session, course, launch)
    note_services(session, course, resource_link, launch)
    want_notices(session, deployment, launch)
    user = _user(session, registration, launch)
    roles = lms_roles(launch.roles)
    membership, joined = _membership(session, course, user, roles)
    return Admission(
        registration=registration,
        course=course,
        resource_link=resource_link,
        user=user,
        membership=membership,
        roles=roles,
        joined=joined,
    )


def note_deployment(session: Session, launch: Launch) -> None:
    """Write an unknown deployment down as waiting, for an administrator to approve."""
    waiting = session.scalar(
        select(func.count(Deployment.id)).where(
            Deployment.registration_id == launch.registration_id, Deployment.standing == Standing.PENDING
        )
    )
    if (waiting or 0) < MAX_WAITING:
        insert_if_absent(
            session,
            Deployment,
            {
                "registration_id": launch.registration_id,
                "deployment_id": launch.deployment_id,
                "standing": Standing.PENDING,
                "created_at": clock.now(),
            },
            [Deployment.registration_id, Deployment.deployment_id],
        )


def _approved_deployment(session: Session, registration: Registration, launch: Launch) -> Deployment:
    deployment = session.scalar(
        select(Deployment).where(
            Deployment.registration_id == registration.id, Deployment.deployment_id == launch.deployment_id
        )
    )
    if deployment is not None and deployment.standing is Standing.APPROVED:
        return deployment
    if deployment is None:
        cause = refusals.DEPLOYMENT_UNKNOWN
    elif deployment.standing is Standing.PENDING:
        cause = refusals.DEPLOYMENT_PENDING
    else:
        cause = refusals.DEPLOYMENT_DISABLED
    raise NotApproved(
        cause,
        registration_id=registration.id,
        registration_name=registration.name,
        deployment_id=launch.deployment_id,
    )


def _course(session: Session, registration: Registration, deployment: Deployment, launch: Launch) -> Course:
    """The course of the launch; a launch that names none gets one for its link alone."""
    title, label = "", ""
    if launch.context is not None:
        context_id, title, label = launch.context.id, launch.context.title, launch.context.label
    elif launch.resource_link is not None:
        context_id, title = f"{NO_CONTEXT}link {launch.resource_link.id}", launch.resource_link.title
    else:
        context_id = f"{NO_CONTEXT}no context"
    return course_called(
        session,
        tenant_id=registration.tenant_id,
        deployment_id=deployment.id,
        context_id=context_id,
        title=title,
        label=label,
    )


def _resource_link(session: Session, course: Course, launch: Launch) -> ResourceLink | None:
    if launch.resource_link is None or not launch.resource_link.id:
        return None
    stated = launch.resource_link
    which = select(ResourceLink).where(
        ResourceLink.course_id == course.id, ResourceLink.resource_link_id == stated.id
    )
    link = session.scalar(which)
    if link is None:
        insert_if_absent(
            session,
            ResourceLink,
            {
                "course_id": course.id,
                "resource_link_id": stated.id,
                "title": stated.title,
                "line_item_url": "",
                "origins": {},
                "legacy_id": "",
                "created_at": clock.now(),
            },
            [ResourceLink.course_id, ResourceLink.resource_link_id],
        )
        link = session.scalars(which).one()
    link.title = stated.title or link.title
    return link


def _user(session: Session, registration: Registration, launch: Launch) -> User:
    """The person, known by registration and ``sub`` and by nothing else; an anonymous one is new each time."""
    person, now = launch.person, clock.now()
    sub = person.sub or f"{ANONYMOUS}{new_token()}"
    which = select(User).where(User.registration_id == registration.id, User.sub == sub)
    user = session.scalar(which)
    if user is None:
        insert_if_absent(
            session,
            User,
            {
                "tenant_id": registration.tenant_id,
                "registration_id": registration.id,
                "sub": sub,
                "name": "",
                "has_real_name": False,
                "email": "",
                "locale": "",
                "legacy_id": "",
                "is_test": launch.is_test_user,
                "created_at": now,
                "last_seen_at": now,
            },
            [User.registration_id, User.sub],
        )
        user = session.scalars(which).one()
    call(user, person.full_name[:200])
    user.email = person.email if 0 < len(person.email) <= 254 else user.email
    user.locale = person.locale or user.locale
    user.is_test = launch.is_test_user
    user.last_seen_at = now
    return user


def _membership(
    session: Session, course: Course, user: User, roles: frozenset[LmsRole]
) -> tuple[Membership, bool]:
    """The person's place in the course, with the roles of this launch."""
    now = clock.now()
    which = select(Membership).where(Membership.course_id == course.id, Membership.user_id == user.id)
    membership, joined = session.scalar(which), False
    if membership is None:
        joined = insert_if_absent(
            session,
            Membership,
            {
                "course_id": course.id,
                "user_id": user.id,
                "roles": "",
                "lead_role": LmsRole.LEARNER.value,
                "active": True,
                "joined_at": now,
                "last_launch_at": now,
            },
            [Membership.course_id, Membership.user_id],
        )
        membership = session.scalars(which).one()
    elif membership.last_launch_at is None:
        joined = _came_first(session, membership)
    membership.roles = " ".join(sorted(roles))
    membership.lead_role = lead_role(roles).value
    membership.active, membership.left_at = True, None
    membership.last_launch_at = now
    return membership, joined


def _came_first(session: Session, membership: Membership) -> bool:
    """Whether this is the first launch of somebody who was known from the roster; of two at once, one is."""
    first = session.scalar(
        update(Membership)
        .where(Membership.id == membership.id, Membership.last_launch_at.is_(None))
        .values(last_launch_at=clock.now())
        .returning(Membership.id)
        .execution_options(synchronize_session=False)
    )
    return first is not None
