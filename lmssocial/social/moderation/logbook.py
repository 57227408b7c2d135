"""Reading the log of moderation: of a community, a page at a time, and of one case."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.lms.identity.roles import STAFF
from lmssocial.social.communities.models import Appointment
from lmssocial.social.moderation import access
from lmssocial.social.moderation.models import Deed, Entry

_Last = aliased(Entry)

PAGE = 50
"""Lines on a page of the log."""
PEOPLE = 200
"""Moderators that can be chosen from."""


_ABOUT_PEOPLE = frozenset({Deed.APPOINTED, Deed.DISMISSED})
"""Deeds whose note is an office and the number of a person."""


class LogLine(NamedTuple):
    """One line of the log."""

    id: int
    at: datetime
    deed: Deed
    actor_id: int | None
    """``None`` for the machine."""
    name: str | None
    """``None`` for the machine, and for people who are not known any more."""
    case_id: int | None
    note: str


def of_community(
    session: Session,
    actor: Actor,
    *,
    before: int | None = None,
    person_id: int | None = None,
    deed: Deed | None = None,
) -> Sequence[LogLine]:
    """A page of the log and one line more, newest first. One query, and one if somebody was appointed or dismissed.

    :param before: the last line of the page before.
    """
    access.require_moderator(actor)
    statement = _lines(actor)
    if before is not None:
        at = select(_Last.at).where(_Last.id == before).scalar_subquery()
        statement = statement.where(or_(Entry.at < at, and_(Entry.at == at, Entry.id < before)))
    if person_id is not None:
        statement = statement.where(Entry.actor_id == person_id)
    if deed is not None:
        statement = statement.where(Entry.deed == deed)
    rows = session.execute(statement.order_by(Entry.at.desc(), Entry.id.desc()).limit(PAGE + 1))
    return _with_names(session, actor, [LogLine(*row) for row in rows])


def of_contribution(session: Session, actor: Actor, contribution_id: int) -> Sequence[LogLine]:
    """Everything that was done about a contribution, oldest first. One query."""
    access.require_moderator(actor)
    statement = _lines(actor).where(Entry.contribution_id == contribution_id)
    return [LogLine(*row) for row in session.execute(statement.order_by(Entry.id))]


def moderators(session: Session, actor: Actor) -> Sequence[tuple[int, str]]:
    """Number and name of everybody who moderates in the actor's community, by name. One query."""
    access.require_moderator(actor)
    rows = session.execute(
        select(User.id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .outerjoin(
            Appointment,
            and_(Appointment.user_id == User.id, Appointment.community_id == actor.community_id),
        )
        .where(
            Membership.course_id == actor.course_id,
            User.tenant_id == actor.tenant_id,
            or_(Membership.lead_role.in_(STAFF), Appointment.offices.is_not(None)),
        )
        .order_by(User.name, User.id)
        .limit(PEOPLE)
    )
    return [(row.id, row.name) for row in rows]


def _with_names(session: Session, actor: Actor, lines: Sequence[LogLine]) -> Sequence[LogLine]:
    """The same, with names instead of the numbers of those who were appointed or dismissed; none if they left."""
    meant = {line.id: line.note.rpartition(": ")[2] for line in lines if line.deed in _ABOUT_PEOPLE}
    ids = {int(number) for number in meant.values() if number.isdecimal()}
    if not ids:
        return lines
    known = {
        str(user_id): name
        for user_id, name in session.execute(
            select(User.id, User.name).where(User.id.in_(ids), User.tenant_id == actor.tenant_id)
        )
    }
    return [
        line._replace(note=f"{line.note.partition(': ')[0]}: {known.get(meant[line.id], '')}")
        if line.id in meant
        else line
        for line in lines
    ]


def _lines(actor: Actor) -> Any:
    return (
        select(Entry.id, Entry.at, Entry.deed, Entry.actor_id, User.name, Entry.case_id, Entry.note)
        .outerjoin(User, User.id == Entry.actor_id)
        .where(Entry.community_id == actor.community_id, Entry.tenant_id == actor.tenant_id)
    )
