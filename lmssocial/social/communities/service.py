"""What people and launches do to communities and placements. Nothing here commits."""

from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.core.db import JsonObject
from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Course
from lmssocial.social.communities import access
from lmssocial.social.communities.events import WidgetPlaced
from lmssocial.social.communities.models import Community, Kind, Placement, PlacementLink, Tier

GROUND_RULES = (
    "Speak from experience: what happened when you tried it?\n"
    "Disagree with ideas, and be kind to people.\n"
    "Leave out names and numbers of customers and colleagues.\n"
    "Say where something comes from, and say when a tool helped you write it."
)
"""What a new community starts with; its stewards change it."""


MOMENT = "_at"
"""How the names of settings end that are moments. They were those of the old course and stay behind in a copy."""


@dataclass(frozen=True, kw_only=True)
class PlacementDraft:
    """What an instructor hands in to place a widget."""

    widget: str
    title: str
    intro: str = ""


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
        settings={},
        created_by_id=actor.user_id,
        created_at=clock.now(),
    )
    _add(session, actor, placement, copied=False)
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
    _add(session, actor, placement, copied=False)
    return placement


def placement_for_uuid(session: Session, actor: Actor, uuid: str) -> Placement | None:
    """The placement that travels as ``uuid``, here in the actor's community.

    In a copied course the LMS hands us the uuid of the original: its settings are cloned once, never what people
    wrote there. A uuid of another tenant is as unknown as one that never was.
    """
    original = session.scalar(
        select(Placement).where(Placement.uuid == uuid, Placement.tenant_id == actor.tenant_id)
    )
    if original is None or original.community_id == actor.community_id:
        return original
    copy = session.scalar(
        select(Placement).where(
            Placement.copied_from_id == original.id, Placement.community_id == actor.community_id
        )
    )
    return copy or _copy(session, actor, original)


def is_another(session: Session, placement: Placement, uuid: str) -> bool:
    """Whether ``uuid`` names a placement of the same tenant that is neither ``placement`` nor what it is a copy of."""
    if uuid in {"", placement.uuid}:
        return False
    named = session.scalar(
        select(Placement.id).where(Placement.uuid == uuid, Placement.tenant_id == placement.tenant_id)
    )
    return named not in {None, placement.copied_from_id}


def adopt(session: Session, actor: Actor, copy: Placement) -> int | None:
    """Let ``copy`` be the actor's, if it is nobody's yet.

    :returns: for whoever came first, the id of what it was copied from.
    :raises NotAllowed: unless the actor is an instructor or administrator there.
    """
    access.require_can_place(actor)
    first = session.execute(
        update(Placement)
        .where(Placement.id == copy.id, Placement.created_by_id.is_(None))
        .values(created_by_id=actor.user_id)
        .execution_options(synchronize_session=False)
        .returning(Placement.copied_from_id)
    ).first()
    session.expire(copy, ["created_by_id"])
    return None if first is None else first.copied_from_id


def _copy(session: Session, actor: Actor, original: Placement) -> Placement:
    settings: JsonObject = {
        name: value for name, value in original.settings.items() if not name.endswith(MOMENT)
    }
    copy = Placement(
        uuid=str(uuid4()),
        community_id=actor.community_id,
        tenant_id=actor.tenant_id,
        widget=original.widget,
        title=original.title,
        intro=original.intro,
        settings=settings,
        copied_from_id=original.id,
        created_at=clock.now(),
    )
    _add(session, actor, copy, copied=True)
    return copy


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


def _add(session: Session, actor: Actor, placement: Placement, *, copied: bool) -> None:
    session.add(placement)
    session.flush()  # the event needs the new id
    activity.record(
        session,
        WidgetPlaced(
            **actor.envelope,
            placement_id=placement.id,
            widget=placement.widget,
            copied=copied,
        ),
    )
