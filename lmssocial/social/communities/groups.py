"""Course groups: who works together. Made here by instructors, or brought along by the LMS. Nothing here commits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.launch_models import CourseServices
from lmssocial.lms.identity.models import Membership, User
from lmssocial.lms.lti.services.scopes import GROUPS
from lmssocial.social.communities import access
from lmssocial.social.communities.events import GroupDeleted, GroupMade, GroupMembersChanged, GroupRenamed
from lmssocial.social.communities.models import Group, GroupMember

MAX_NAME = 120
"""Characters of a group's name."""
MOST = 200
"""Groups in one community."""
GROUP, SECTION = "group:", "section:"
"""How the LMS's keys of groups begin, and those of sections."""


@dataclass(frozen=True, kw_only=True)
class GroupRow:
    """A group in the list."""

    id: int
    name: str
    from_lms: bool
    """Whether the LMS says who is in it; then nobody changes it here."""
    members: int


def groups(session: Session, actor: Actor) -> list[GroupRow]:
    """The groups of the actor's community, by name. One query."""
    rows = session.execute(
        select(Group.id, Group.name, Group.lms_key, func.count(GroupMember.user_id))
        .outerjoin(GroupMember, GroupMember.group_id == Group.id)
        .where(Group.community_id == actor.community_id, Group.tenant_id == actor.tenant_id)
        .group_by(Group.id, Group.name, Group.lms_key)
        .order_by(func.lower(Group.name), Group.id)
    )
    return [
        GroupRow(id=group_id, name=name, from_lms=bool(lms_key), members=count)
        for group_id, name, lms_key, count in rows
    ]


def require_group(session: Session, actor: Actor, group_id: int) -> Group:
    """A group of the actor's community.

    :raises NotFound: if it has none of that id.
    """
    found = session.scalar(
        select(Group).where(
            Group.id == group_id,
            Group.community_id == actor.community_id,
            Group.tenant_id == actor.tenant_id,
        )
    )
    if found is None:
        raise NotFound(_("There is no such group here any more."), reason=f"no group {group_id}")
    return found


def _own(session: Session, actor: Actor, group_id: int) -> Group:
    """A group that may be changed here.

    :raises NotAllowed: if the actor may not, or the LMS keeps it.
    """
    access.require_can_group(actor)
    group = require_group(session, actor, group_id)
    if group.lms_key:
        raise NotAllowed(_("This group comes from your LMS. Change it there."))
    return group


def may_be_named(session: Session, actor: Actor, group: Group) -> bool:
    """Whether staff give a group its name: those made here, and those of an LMS that tells numbers and no names."""
    if not group.lms_key or group.lms_key.startswith(SECTION):
        return True
    services = session.get(CourseServices, actor.course_id)
    is_told = services is not None and services.groups_url and GROUPS in services.group_scopes.split()
    return group.lms_key.startswith(GROUP) and not is_told


def make(session: Session, actor: Actor, name: str) -> Group:
    """Make a group.

    :raises NotAllowed: unless the actor is an instructor or administrator.
    :raises Invalid: if the name is empty or too long, or there are too many groups.
    :raises Conflict: if there is one of that name, in capitals or not.
    """
    access.require_can_group(actor)
    name, there = _checked(name), groups(session, actor)
    if name.casefold() in {row.name.casefold() for row in there}:
        raise Conflict(_("There is a group of this name already."))
    if len(there) >= MOST:
        raise Invalid(_("There are %(most)d groups already; more do not fit.", most=MOST))
    row = {
        "tenant_id": actor.tenant_id,
        "community_id": actor.community_id,
        "name": name,
        "lms_key": "",
        "created_at": clock.now(),
    }
    if not insert_if_absent(session, Group, row, [Group.community_id, Group.name]):
        raise Conflict(_("There is a group of this name already."))
    made = session.scalars(
        select(Group).where(Group.community_id == actor.community_id, Group.name == name)
    ).one()
    activity.record(session, GroupMade(**actor.envelope, group_id=made.id))
    return made


def rename(session: Session, actor: Actor, group_id: int, name: str) -> Group:
    """Give a group another name.

    :raises NotFound: if there is no such group.
    :raises NotAllowed: unless the actor may, and the LMS does not name it.
    :raises Invalid: if the name is empty or too long.
    :raises Conflict: if another has that name, in capitals or not.
    """
    access.require_can_group(actor)
    group, name = require_group(session, actor, group_id), _checked(name)
    if not may_be_named(session, actor, group):
        raise NotAllowed(_("This group comes from your LMS. Change it there."))
    others = (row for row in groups(session, actor) if row.id != group_id)
    if name.casefold() in {row.name.casefold() for row in others}:
        raise Conflict(_("There is a group of this name already."))
    if group.name != name:
        try:
            with session.begin_nested():
                group.name = name
        except IntegrityError as trouble:
            raise Conflict(_("There is a group of this name already.")) from trouble
        activity.record(session, GroupRenamed(**actor.envelope, group_id=group.id))
    return group


def remove(session: Session, actor: Actor, group_id: int) -> None:
    """Delete a group. Its members stay in the course.

    :raises NotFound: if there is no such group.
    :raises NotAllowed: unless the actor may, and it was made here.
    :raises Conflict: if something belongs to it: who would read its threads then?
    """
    group = _own(session, actor, group_id)
    try:
        with session.begin_nested():
            session.execute(delete(GroupMember).where(GroupMember.group_id == group.id))
            session.delete(group)
    except IntegrityError as trouble:
        raise Conflict(
            _(
                "Threads of a discussion belong to this group, so it stays. Move them to another group or to "
                "everybody first, in the settings of each thread."
            )
        ) from trouble
    activity.record(session, GroupDeleted(**actor.envelope, group_id=group_id))


def put_in(session: Session, actor: Actor, group_id: int, user_ids: Collection[int]) -> int:
    """Put members of the course into a group; gives how many were not in it before.

    :raises NotFound: if there is no such group.
    :raises NotAllowed: unless the actor may, and it was made here.
    """
    group = _own(session, actor, group_id)
    known = session.scalars(
        select(User.id)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.course_id == actor.course_id,
            Membership.active.is_(True),
            User.tenant_id == actor.tenant_id,
            User.id.in_(user_ids),
        )
    )
    added = [
        user_id
        for user_id in sorted(set(known))
        if insert_if_absent(
            session,
            GroupMember,
            {"group_id": group.id, "user_id": user_id},
            [GroupMember.group_id, GroupMember.user_id],
        )
    ]
    _tell(session, actor, group.id, added=added)
    return len(added)


def take_out(session: Session, actor: Actor, group_id: int, user_ids: Collection[int]) -> int:
    """Take people out of a group; gives how many were in it.

    :raises NotFound: if there is no such group.
    :raises NotAllowed: unless the actor may, and it was made here.
    """
    group = _own(session, actor, group_id)
    removed = sorted(
        session.scalars(
            delete(GroupMember)
            .where(GroupMember.group_id == group.id, GroupMember.user_id.in_(user_ids))
            .returning(GroupMember.user_id)
        )
    )
    _tell(session, actor, group.id, removed=removed)
    return len(removed)


def _tell(
    session: Session, actor: Actor, group_id: int, *, added: Sequence[int] = (), removed: Sequence[int] = ()
) -> None:
    if added or removed:
        event = GroupMembersChanged(
            **actor.envelope, group_id=group_id, added=list(added), removed=list(removed)
        )
        activity.record(session, event)


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Invalid(_("Give the group a name."))
    if len(name) > MAX_NAME:
        raise Invalid(_("A name has at most %(max)d characters.", max=MAX_NAME))
    return name
