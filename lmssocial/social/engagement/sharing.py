"""Bringing a contribution to another community of the tenant. Nothing here commits.

The words themselves stay where they are: what is made elsewhere carries the sentence of whoever brings it, and a page
shows the original beside it for as long as everybody in its own community may read it.
"""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, func, select
from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, NotAllowed, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.lms.identity.models import Course, Deployment, Membership, Registration, Standing
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities.models import Appointment, Community, Group, GroupMember, Placement
from lmssocial.social.content.measure import own_length
from lmssocial.social.content.models import Contribution
from lmssocial.social.engagement import access, tallies
from lmssocial.social.engagement.events import Shared
from lmssocial.social.engagement.models import Share
from lmssocial.social.engagement.ports import Brought, Destination, Engaged, Original, Subject, Telling
from lmssocial.social.engagement.via import Via, with_via
from lmssocial.social.moderation.screening import Screen

MOST = 200
"""Places that are offered; nobody is in more courses with a discussion."""


def places_for(
    session: Session, actor: Actor, port: Engaged, widget: str, contribution_id: int
) -> list[Destination]:
    """Where the actor may bring it: other communities they are an active member of, where it is not yet."""
    taken = select(Share.to_community_id).where(Share.contribution_id == contribution_id)
    found = _places(session, actor, widget, Placement.community_id.not_in(taken))
    return port.places(session, found)


def require_place(
    session: Session, actor: Actor, port: Engaged, widget: str, contribution_id: int, placement_id: int
) -> Destination:
    """One of :func:`places_for`.

    :raises Conflict: if it was brought to that community before.
    :raises NotFound: if it is none of them.
    """
    found = _places(session, actor, widget, Placement.id == placement_id)
    if found and _is_there(session, contribution_id, found[0].actor.community_id):
        raise Conflict(_("This post was shared to that course already. Nothing has changed."))
    allowed = port.places(session, found)
    if not allowed:
        raise NotFound(
            _("You cannot start a thread there at the moment, so nothing was shared."),
            reason=f"user {actor.user_id} may bring nothing to placement {placement_id}",
        )
    return allowed[0]


def require_shareable(session: Session, actor: Actor, port: Engaged, contribution_id: int) -> Subject:
    """Something that the actor may bring elsewhere.

    :raises NotFound: if they do not read it.
    :raises NotAllowed: if it was written to few people.
    :raises Conflict: if it is not published.
    """
    subject = access.require_published(session, actor, port, contribution_id)
    if not access.may_share(subject):
        raise NotAllowed(_("This was written in private, so it stays where it is."))
    return subject


def share(
    session: Session,
    screen: Screen,
    actor: Actor,
    port: Engaged,
    contribution_id: int,
    destination: Destination,
    telling: Telling,
) -> Brought:
    """Bring a contribution to ``destination``, which is one of :func:`places_for`; once to each community.

    :param screen: asks the policies of that community.
    :raises NotFound: if the actor does not read it.
    :raises NotAllowed: if it is private, or they may start nothing there.
    :raises Conflict: if it is not published, or was brought there before.
    :raises Invalid: if a policy of that community refuses title or sentence.
    """
    subject = require_shareable(session, actor, port, contribution_id)
    community_id = destination.actor.community_id
    # two people at once: the second waits here and finds what the first brought
    session.execute(select(Contribution.id).where(Contribution.id == contribution_id).with_for_update())
    if _is_there(session, contribution_id, community_id):
        raise Conflict(_("This post was shared to that course already. Nothing has changed."))
    brought = port.bring(session, screen, destination, contribution_id, telling)
    session.add(
        Share(
            tenant_id=actor.tenant_id,
            contribution_id=contribution_id,
            user_id=actor.user_id,
            to_community_id=community_id,
            as_contribution_id=brought.contribution_id,
            at=clock.now(),
        )
    )
    session.flush()
    tallies.add(session, contribution_id, shared=1)
    port.touched(session, contribution_id)
    activity.record(
        session,
        Shared(
            **actor.envelope,
            contribution_id=contribution_id,
            author_id=subject.author_id,
            to_community_id=community_id,
            as_contribution_id=brought.contribution_id,
            words=own_length(telling.sentence),
        ),
    )
    return brought


@dataclass(frozen=True)
class Carried:
    """What stands beside something that was brought here: where it comes from."""

    original: Original
    is_from_here: bool
    """Whether it is of the same community: then nothing was brought, this is only about it."""
    href: str
    """Its address, for those who may read it there; empty for everybody else."""


def carried(
    session: Session, actor: Actor, port: Engaged, widget: str, contribution_id: int
) -> Carried | None:
    """The original of something that was brought to the actor's community; ``None`` if it is gone.

    One query, and two more where somebody of the other community looks at what not everybody there reads.
    """
    original = port.original(session, actor.user_id, contribution_id)
    if original is None:
        return None
    reads = original.is_member and (
        bool(original.html) or _reads_at_home(session, actor, port, widget, original)
    )
    is_from_here = original.community_id == actor.community_id
    if not reads:
        return Carried(original, is_from_here, "")
    return Carried(
        original, is_from_here, original.href if is_from_here else with_via(original.href, Via.SHARED)
    )


def _reads_at_home(session: Session, actor: Actor, port: Engaged, widget: str, original: Original) -> bool:
    homes = _places(session, actor, widget, Placement.id == original.placement_id)
    return bool(homes) and bool(port.readable(session, homes[0].actor, [original.contribution_id]))


def _is_there(session: Session, contribution_id: int, community_id: int) -> bool:
    statement = select(Share.id).where(
        Share.contribution_id == contribution_id, Share.to_community_id == community_id
    )
    return session.scalar(statement) is not None


_GROUPS = (
    select(func.aggregate_strings(cast(GroupMember.group_id, String), " "))
    .join(Group, Group.id == GroupMember.group_id)
    .where(GroupMember.user_id == Membership.user_id, Group.community_id == Community.id)
    .correlate(Membership, Community)
    .scalar_subquery()
)


def _places(
    session: Session, actor: Actor, widget: str, *conditions: ColumnElement[bool]
) -> list[Destination]:
    """Placements of ``widget`` in other communities of the actor's, with the actor as they are there. One query."""
    rows = session.execute(
        select(
            Placement.id,
            Placement.title,
            Community.id.label("community_id"),
            Community.title.label("community_title"),
            Community.course_id,
            Community.tier,
            Community.ground_rules,
            Membership.roles,
            Appointment.offices,
            _GROUPS.label("groups"),
        )
        .join(Community, Community.id == Placement.community_id)
        .join(Course, Course.id == Community.course_id)
        .join(Deployment, Deployment.id == Course.deployment_id)
        .join(Registration, Registration.id == Deployment.registration_id)
        .join(Membership, and_(Membership.course_id == Course.id, Membership.user_id == actor.user_id))
        .outerjoin(
            Appointment,
            and_(Appointment.user_id == actor.user_id, Appointment.community_id == Community.id),
        )
        .where(
            Placement.tenant_id == actor.tenant_id,
            Placement.widget == widget,
            Community.id != actor.community_id,
            Membership.active,
            Registration.enabled,
            Deployment.standing == Standing.APPROVED,
            *conditions,
        )
        .order_by(Community.title, Community.id, Placement.title, Placement.id)
        .limit(MOST)
    )
    return [_destination(actor, row) for row in rows]


def _destination(actor: Actor, row: Any) -> Destination:
    there = replace(
        actor,
        course_id=row.course_id,
        community_id=row.community_id,
        roles=frozenset(LmsRole(role) for role in row.roles.split()),
        offices=frozenset(Office(office) for office in (row.offices or "").split()),
        groups=frozenset(int(group) for group in (row.groups or "").split()),
        session_id=0,
    )
    rules = tuple(line.strip() for line in row.ground_rules.splitlines() if line.strip())
    return Destination(row.id, row.title, row.community_title, row.tier, rules, there)
