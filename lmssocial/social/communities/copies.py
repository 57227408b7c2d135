"""Where a link leads that is new here: what it is a copy of. Settings come along, what people wrote never does.

LMSs tell little about copies, and each something else. So there is an order; the first that finds something decides:

====================================================== ============================================================
what we are told                                       what the link leads to
====================================================== ============================================================
custom ``placement``: the uuid of a placement of ours  that placement, if it is of this course; otherwise a copy of
(every LMS; deep linking made the link)                its nearest relative among the courses this one came from
the link's own id (every LMS)                          what it led to before
``ResourceLink.id.history`` (Canvas, Brightspace)      a copy of what the nearest of these links leads to
``Context.id.history`` or a notice of the platform,    a copy of the one placement that is called like the link, in
and the link's title (Moodle after copy and restore)   the nearest of these courses that has one
the same, and a kind of widget the link names          a copy of the only placement of that kind
none of it                                             an instructor is asked: :func:`~.kinship.suggestions`
====================================================== ============================================================

Ids of an LMS are looked up within the registration and the tenant of the course, never beyond. One course has one copy
of a placement, however many links lead there, unless an instructor separates them (:func:`separate`).
Nothing here commits.
"""

from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import ResourceLink
from lmssocial.social.communities import access, kinship, service
from lmssocial.social.communities.copied_settings import bring_community, without_moments
from lmssocial.social.communities.models import Placement, PlacementLink
from lmssocial.social.communities.placing import keep

DOUBLED = "doubled"
"""In the origins of a link: see :attr:`~lmssocial.lms.identity.models.ResourceLink.origins`."""


def settle(
    session: Session, actor: Actor, link_id: int, *, named: str, kind: str, together: bool = False
) -> Placement | None:
    """Let a link lead where the LMS says it shall; ``None`` if it says nothing that we understand.

    A placement that is named wins over the one the link led to: the instructor chose anew in the LMS.

    :param link_id: our row of the link.
    :param named: the uuid of a placement that the link carries; empty if it carries none.
    :param kind: the kind of widget that the link names; empty if it names none.
    :param together: whether an instructor wants another link of the course to lead to the same.
    """
    link = session.get_one(ResourceLink, link_id)
    placed = placement_for_uuid(session, actor, named)
    if placed is not None:
        if not together and _has_another_link(session, link, placed):
            link.origins = {**link.origins, DOUBLED: True}
        return service.link_anew(session, link_id, placed)
    placed = service.placement_of_link(session, link_id)
    if placed is not None:
        return placed
    original = kinship.by_link(session, actor, link) or kinship.by_course(session, actor, link, kind)
    return None if original is None else service.link(session, link_id, copy_of(session, actor, original))


def placement_for_uuid(session: Session, actor: Actor, uuid: str) -> Placement | None:
    """The placement that travels as ``uuid``, here in the actor's community, copied if need be.

    A uuid of another tenant is as unknown as one that never was.
    """
    original = kinship.called(session, actor.tenant_id, uuid)
    if original is None or original.community_id == actor.community_id:
        return original
    return copy_of(session, actor, kinship.nearest_relative(session, actor, original) or original)


def is_another(session: Session, placement: Placement, uuid: str) -> bool:
    """Whether ``uuid`` names a placement of the same tenant that has nothing to do with ``placement``."""
    if uuid in {"", placement.uuid}:
        return False
    named = kinship.called(session, placement.tenant_id, uuid)
    if named is None:
        return False
    if named.community_id == placement.community_id:
        return (
            named.id != placement.copied_from_id
        )  # what was separated carries the uuid of what it came from
    return kinship.root(session, named).id != kinship.root(session, placement).id


def copy_of(session: Session, actor: Actor, original: Placement) -> Placement:
    """The copy of ``original`` in the actor's community, made if there is none; itself, if it is of that community."""
    if original.community_id == actor.community_id:
        return original
    here = kinship.relatives(session, actor.community_id, original)
    if here:
        return here[0]
    bring_community(session, original.community_id, actor.community_id)
    return _copy(session, actor, original)


def separate(session: Session, actor: Actor, link_id: int) -> Placement:
    """Let a doubled link lead to a placement of its own, set like the one it has led to.

    :raises NotAllowed: unless the actor is an instructor or administrator there.
    :raises NotFound: if the link leads nowhere.
    """
    access.require_can_place(actor)
    original = service.placement_of_link(session, link_id)
    if original is None or original.community_id != actor.community_id:
        raise NotFound(_("This link does not lead to an activity any more."))
    keep_together(session, actor, link_id)
    return service.link_anew(session, link_id, _copy(session, actor, original))


def keep_together(session: Session, actor: Actor, link_id: int) -> None:
    """Let a doubled link lead where it leads, and ask nobody again.

    :raises NotAllowed: unless the actor is an instructor or administrator there.
    """
    access.require_can_place(actor)
    link = session.get_one(ResourceLink, link_id)
    link.origins = {name: value for name, value in link.origins.items() if name != DOUBLED}


def is_doubled(session: Session, link_id: int) -> bool:
    """Whether a link waits for an instructor to say if it shall lead where another link of the course leads."""
    return bool(session.get_one(ResourceLink, link_id).origins.get(DOUBLED))


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


def _has_another_link(session: Session, link: ResourceLink, placed: Placement) -> bool:
    """Whether this is a new link and another one of its course leads to ``placed`` already."""
    links = set(
        session.scalars(
            select(PlacementLink.resource_link_id)
            .join(ResourceLink, ResourceLink.id == PlacementLink.resource_link_id)
            .where(PlacementLink.placement_id == placed.id, ResourceLink.course_id == link.course_id)
        )
    )
    return bool(links) and link.id not in links and service.placement_of_link(session, link.id) is None


def _copy(session: Session, actor: Actor, original: Placement) -> Placement:
    """Nobody's yet: whoever brings a copy about by coming first may be a learner."""
    copy = Placement(
        uuid=str(uuid4()),
        community_id=actor.community_id,
        tenant_id=actor.tenant_id,
        widget=original.widget,
        title=original.title,
        intro=original.intro,
        settings=without_moments(original.settings),
        copied_from_id=original.id,
        created_at=clock.now(),
    )
    keep(session, actor, copy)
    return copy
