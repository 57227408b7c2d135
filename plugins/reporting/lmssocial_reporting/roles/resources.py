"""What helps with a role: kept by those who look after a community, for everybody in it. Nothing here commits."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.plugin import Conflict, NotFound, gettext, now
from lmssocial.plugin_data import Actor
from lmssocial_reporting.definition import Role
from lmssocial_reporting.roles.models import Resource
from lmssocial_reporting.scope import require_steward

MOST = 30
"""How many fit beside one role: a list nobody reads to its end helps nobody."""


@dataclass(frozen=True)
class NewResource:
    """Something that helps."""

    title: str
    url: str
    """Checked: http or https."""
    why: str


def resources_for(session: Session, actor: Actor, role: Role) -> Sequence[Resource]:
    """What helps with a role in the actor's course, in order."""
    return session.scalars(
        select(Resource)
        .where(Resource.course_id == actor.course_id, Resource.role == role.value)
        .order_by(Resource.place, Resource.id)
    ).all()


def counts(session: Session, actor: Actor) -> dict[str, int]:
    """How many things help with each role."""
    found = session.execute(
        select(Resource.role, func.count())
        .where(Resource.course_id == actor.course_id)
        .group_by(Resource.role)
    )
    return {role: number for role, number in found}  # noqa: C416 – a dict of rows is no dict of pairs to mypy


def add(session: Session, actor: Actor, role: Role, new: NewResource) -> None:
    """Put something at the end of the list.

    :raises NotAllowed: if the actor does not look after the community.
    :raises Conflict: if there are too many.
    """
    require_steward(actor)
    known = resources_for(session, actor, role)
    if len(known) >= MOST:
        raise Conflict(gettext("There are thirty already. Remove one that helps less."))
    session.add(
        Resource(
            tenant_id=actor.tenant_id,
            course_id=actor.course_id,
            role=role.value,
            place=known[-1].place + 1 if known else 1,
            title=new.title,
            url=new.url,
            why=new.why,
            added_by=actor.user_id,
            added_at=now(),
        )
    )


def remove(session: Session, actor: Actor, resource_id: int) -> Role:
    """Take something out of its list; from which role's.

    :raises NotAllowed: if the actor does not look after the community.
    :raises NotFound: if their course has none of this id.
    """
    row = _row(session, actor, resource_id)
    session.delete(row)
    return Role(row.role)


def move_up(session: Session, actor: Actor, resource_id: int) -> Role:
    """Let something stand one place earlier; in which role's list.

    :raises NotAllowed: if the actor does not look after the community.
    :raises NotFound: if their course has none of this id.
    """
    row = _row(session, actor, resource_id)
    known = list(resources_for(session, actor, Role(row.role)))
    at = known.index(row)
    known.insert(max(at - 1, 0), known.pop(at))
    for place, one in enumerate(known, start=1):
        one.place = place
    return Role(row.role)


def _row(session: Session, actor: Actor, resource_id: int) -> Resource:
    require_steward(actor)
    row = session.scalar(
        select(Resource).where(Resource.id == resource_id, Resource.course_id == actor.course_id)
    )
    if row is None:
        raise NotFound(gettext("It is not in the list any more."))
    return row
