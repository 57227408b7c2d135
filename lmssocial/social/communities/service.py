"""What people and launches do to communities and placements. Nothing here commits."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lmssocial.core.db import JsonObject
from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Course
from lmssocial.social.communities import access
from lmssocial.social.communities.models import Community, Kind, Placement, PlacementLink, Tier
from lmssocial.social.communities.placing import keep

GROUND_RULES = (
    "Speak from experience: what happened when you tried it?\n"
    "Disagree with ideas, and be kind to people.\n"
    "Leave out names and numbers of customers and colleagues.\n"
    "Say where something comes from, and say when a tool helped you write it."
)
"""What a new community starts with; its stewards change it."""


@dataclass(frozen=True, kw_only=True)
class PlacementDraft:
    """What an instructor hands in to place a widget."""

    widget: str
    title: str
    intro: str = ""
    settings: JsonObject = field(default_factory=dict)


def community_of(session: Session, course: Course) -> Community:
    """The community of ``course``, made at its first launch. Two first launches at once get the same one."""
    found = session.scalar(select(Community).where(Community.course_id == course.id))
    if found is None:
        insert_if_absent(
            session,
            Community,
            {
                "tenant_id": course.tenant_id,
                "course_id": course.id,
                "kind": Kind.COURSE,
                "title": course.title or course.label,
                "tier": Tier.OPEN,
                "ground_rules": GROUND_RULES,
                "created_at": clock.now(),
            },
            [Community.course_id],
        )
        found = session.scalars(select(Community).where(Community.course_id == course.id)).one()
    if course.title and found.title != course.title:
        found.title = course.title
    return found


def hold(session: Session, community_id: int) -> None:
    """Let nobody else who holds it place something here until this transaction ends.

    Rows that merely refer to the community need not wait: whoever wrote one and then wants to hold it would otherwise
    wait for somebody who did the same.
    """
    session.execute(select(Community.id).where(Community.id == community_id).with_for_update(key_share=True))


def place(session: Session, actor: Actor, draft: PlacementDraft) -> Placement:
    """Place a widget in the actor's community.

    :raises NotAllowed: unless the actor is an instructor or administrator there.
    """
    access.require_can_place(actor)
    placement = Placement(
        uuid=str(uuid4()),
        community_id=actor.community_id,
        tenant_id=actor.tenant_id,
        widget=draft.widget,
        title=draft.title,
        intro=draft.intro,
        settings=draft.settings,
        created_by_id=actor.user_id,
        created_at=clock.now(),
    )
    keep(session, actor, placement)
    return placement


def place_by_link(session: Session, actor: Actor, widget: str, title: str) -> Placement:
    """The placement that a resource link with ``custom widget=…`` asks for; whoever launches first makes it."""
    placement = Placement(
        uuid=str(uuid4()),
        community_id=actor.community_id,
        tenant_id=actor.tenant_id,
        widget=widget,
        title=title,
        settings={},
        created_by_id=actor.user_id if actor.is_staff else None,
        created_at=clock.now(),
    )
    keep(session, actor, placement)
    return placement


def placement_of_link(session: Session, resource_link_id: int) -> Placement | None:
    """The placement a resource link (our row's id) leads to, if it leads anywhere yet."""
    return session.scalar(
        select(Placement)
        .join(PlacementLink, PlacementLink.placement_id == Placement.id)
        .where(PlacementLink.resource_link_id == resource_link_id)
    )


def link(session: Session, resource_link_id: int, placement: Placement) -> Placement:
    """Let a resource link lead to ``placement``; if somebody was faster, theirs stands and is returned."""
    insert_if_absent(
        session,
        PlacementLink,
        {"resource_link_id": resource_link_id, "placement_id": placement.id, "linked_at": clock.now()},
        [PlacementLink.resource_link_id],
    )
    return session.scalars(
        select(Placement)
        .join(PlacementLink, PlacementLink.placement_id == Placement.id)
        .where(PlacementLink.resource_link_id == resource_link_id)
    ).one()


def link_anew(session: Session, resource_link_id: int, placement: Placement) -> Placement:
    """Let a resource link lead to ``placement``, wherever it led before."""
    if link(session, resource_link_id, placement).id != placement.id:
        session.execute(
            update(PlacementLink)
            .where(PlacementLink.resource_link_id == resource_link_id)
            .values(placement_id=placement.id, linked_at=clock.now())
        )
    return placement


def placements_of(session: Session, community_id: int) -> Sequence[Placement]:
    """The placements of a community, the first one first."""
    return session.scalars(
        select(Placement).where(Placement.community_id == community_id).order_by(Placement.id)
    ).all()
