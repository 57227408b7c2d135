"""What a launch leads to: the person is let in, signed in, and shown the widget behind their link."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.core.hooks import Widget
from lmssocial.core.kernel.secrets import SecretBox
from lmssocial.front.launch import picker_service
from lmssocial.front.launch.adopting import adopt
from lmssocial.front.launch.destination import Destination
from lmssocial.front.launch.picker_items import TOGETHER
from lmssocial.lms.identity import legacy
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.admission import Admission, admit
from lmssocial.lms.identity.events import CourseJoined
from lmssocial.lms.identity.models import User, WebSession
from lmssocial.lms.identity.refusals import CHOOSER_NOT_STAFF
from lmssocial.lms.identity.sessions import open_session
from lmssocial.lms.lti.launch import Launch, MessageType
from lmssocial.lms.lti.refusals import LaunchRefused
from lmssocial.lms.roster import schedule
from lmssocial.lms.roster.belonging import told_by
from lmssocial.lms.roster.ports import Belonging
from lmssocial.social.communities import copies, lms_groups
from lmssocial.social.communities import service as communities
from lmssocial.social.communities.models import Community, Placement


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """Where somebody who launched goes on: one of the last three is set."""

    tenant_id: int
    course_id: int
    remark: str = ""
    """For administrators: what of the launch could not be believed, although it was let in."""
    destination: Destination | None = None
    """The widget to show."""
    picker_key: str = ""
    """The page on which an instructor chooses the widget."""
    resource_link_id: int | None = None
    """Our row of a link that has no widget yet."""


def arrive(
    session: Session,
    launch: Launch,
    *,
    browser: str,
    lasts: timedelta,
    kinds: Mapping[str, Widget],
    box: SecretBox,
) -> Arrival:
    """Let the person of ``launch`` in, sign their browser in to the course, and find where they are going.

    :param browser: the browser's lasting token.
    :param lasts: how long the sign-in is good.
    :param kinds: the kinds of widget there are, by their names.
    :param box: opens secrets that platforms had in LTI 1.1.
    :raises LaunchRefused: see :func:`~lmssocial.lms.identity.admission.admit`; also if somebody who is no instructor
        is sent to choose content.
    """
    admission = admit(session, launch)
    if launch.memberships is not None:
        schedule.came(session, admission.course.id)
    arrival = partial(
        Arrival,
        tenant_id=admission.registration.tenant_id,
        course_id=admission.course.id,
        remark=_learn_from_the_past(session, admission, launch, box),
    )
    community = communities.community_of(session, admission.course)
    belonging = told_by(launch, admission.registration.issuer)
    if belonging != Belonging():
        lms_groups.belong(session, admission.course.id, {admission.user.id: belonging})
    signed_in = open_session(session, admission, launch, browser=browser, lasts=lasts)
    actor = actor_of(admission, community, signed_in)
    if admission.joined:
        _record_joining(session, actor)
    if launch.deep_linking is not None:
        if not actor.is_staff:
            raise LaunchRefused(CHOOSER_NOT_STAFF, f"roles are {sorted(actor.roles)}")
        return arrival(picker_key=picker_service.begin(session, actor, launch))
    if admission.resource_link is None:
        raise AssertionError("every other message names a resource link; lmssocial.lms.lti.checks sees to it")
    link_id = admission.resource_link.id
    placement = _behind(session, actor, launch, link_id, kinds)
    if placement is not None and not _is_to_ask(session, actor, launch, link_id):
        return arrival(destination=Destination.of(placement, _reviewed(session, admission, launch)))
    if actor.is_staff:
        return arrival(picker_key=picker_service.begin(session, actor, launch, resource_link_id=link_id))
    return arrival(resource_link_id=link_id)


def _behind(
    session: Session, actor: Actor, launch: Launch, link_id: int, kinds: Mapping[str, Widget]
) -> Placement | None:
    """What the link leads to, placed or copied now if the LMS says what it is."""
    placement = communities.placement_of_link(session, link_id)
    if placement is None or copies.is_another(session, placement, _named(launch)):
        placement = _place(session, actor, launch, link_id, kinds)
    if placement is not None:
        adopt(session, actor, placement, kinds)
    return placement


def _is_to_ask(session: Session, actor: Actor, launch: Launch, link_id: int) -> bool:
    """Whether this is an instructor who can say if two links of the course shall lead to one activity."""
    opened = launch.message_type is MessageType.RESOURCE_LINK
    return opened and actor.is_staff and copies.is_doubled(session, link_id)


def _reviewed(session: Session, admission: Admission, launch: Launch) -> int | None:
    """Whose work the LMS wants to be looked at; 0 for somebody we have never heard of."""
    if launch.review_of is None:
        return None
    named = select(User.id).where(
        User.registration_id == admission.registration.id, User.sub == launch.review_of
    )
    return session.scalar(named) or 0


def actor_of(admission: Admission, community: Community, signed_in: WebSession) -> Actor:
    """The person of a launch, acting in its community."""
    return Actor(
        user_id=admission.user.id,
        name=admission.user.name,
        tenant_id=admission.registration.tenant_id,
        course_id=admission.course.id,
        community_id=community.id,
        roles=admission.roles,
        session_id=signed_in.id,
        locale=signed_in.locale or admission.user.locale,
        is_test=admission.user.is_test,
    )


def _learn_from_the_past(session: Session, admission: Admission, launch: Launch, box: SecretBox) -> str:
    """Keep what LTI 1.1 called them; whoever cannot prove it is let in all the same."""
    if launch.migration is None or launch.person.sub is None:
        return ""
    return legacy.learn(
        session,
        box,
        admission.registration,
        launch.migration,
        course=admission.course,
        link=admission.resource_link,
        user=admission.user,
    )


def _record_joining(session: Session, actor: Actor) -> None:
    activity.record(
        session,
        CourseJoined(**actor.envelope),
    )


def _place(
    session: Session, actor: Actor, launch: Launch, link_id: int, kinds: Collection[str]
) -> Placement | None:
    """Place what the LMS says the link is: something that travelled with it or was copied, or a kind of widget.

    A class that arrives at once at a new link gets one placement: whoever holds the community's row places.
    """
    communities.hold(session, actor.community_id)
    kind = launch.custom.get("widget", "")
    placement = copies.settle(
        session,
        actor,
        link_id,
        named=_named(launch),
        kind=kind,
        together=bool(launch.custom.get(TOGETHER)),
    )
    if placement is not None or kind not in kinds:
        return placement
    title = launch.resource_link.title if launch.resource_link else ""
    placement = communities.place_by_link(session, actor, kind, title[:200] or kind)
    return communities.link(session, link_id, placement)


def _named(launch: Launch) -> str:
    """The placement that the link carries since deep linking made it; empty if it carries none."""
    return launch.custom.get("placement", "")
