"""Stewards and SMEs: members of a course who look after its community. Nothing here commits."""

from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.communities import access
from lmssocial.social.communities.models import Appointment

PAGE = 25
"""Members on one page."""
ATTEMPTS = 3
"""How often an appointment is looked for again that somebody took away at the same moment."""


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody in the course, and what they look after."""

    user_id: int
    name: str
    lead_role: str
    offices: frozenset[Office]

    @property
    def is_steward(self) -> bool:
        """Whether they were asked to be a steward."""
        return Office.STEWARD in self.offices


def appoint(session: Session, actor: Actor, user_id: int, office: Office) -> bool:
    """Let a member of the actor's course look after its community; gives whether that is new.

    Two people who appoint somebody at once both succeed, and neither office is lost.

    :raises NotAllowed: unless the actor is an instructor or administrator there.
    :raises NotFound: if nobody of that id is in the course.
    :raises Conflict: if it is being given and taken at the same moment.
    """
    access.require_can_appoint(actor)
    known = session.scalar(_members(actor).with_only_columns(User.id).where(User.id == user_id))
    if known is None:
        raise NotFound(
            _("This person is not in the course any more."), reason=f"no member {user_id} in the course"
        )
    for _attempt in range(ATTEMPTS):
        row = {
            "community_id": actor.community_id,
            "user_id": user_id,
            "offices": office.value,
            "appointed_by_id": actor.user_id,
            "appointed_at": clock.now(),
        }
        if insert_if_absent(session, Appointment, row, [Appointment.community_id, Appointment.user_id]):
            return True
        found = _locked(session, actor, user_id)
        if found is None:  # it was there a moment ago, and somebody took the last office away
            continue
        held = _offices(found)
        if office in held:
            return False
        found.offices = _stored(held | {office})
        found.appointed_by_id, found.appointed_at = actor.user_id, clock.now()
        return True
    raise Conflict(_("Somebody else is changing this at the same moment. Look again, please."))


def dismiss(session: Session, actor: Actor, user_id: int, office: Office) -> bool:
    """Take an office away again, also from somebody who left the course; gives whether they had it.

    :raises NotAllowed: unless the actor is an instructor or administrator there.
    """
    access.require_can_appoint(actor)
    found = _locked(session, actor, user_id)
    held = frozenset[Office]() if found is None else _offices(found)
    if found is None or office not in held:
        return False
    if left := held - {office}:
        found.offices = _stored(left)
    else:
        session.delete(found)
    return True


def appointed(session: Session, actor: Actor) -> list[Member]:
    """Everybody who looks after the actor's community, by name. One query."""
    rows = session.execute(
        select(User.id, User.name, func.coalesce(Membership.lead_role, ""), Appointment.offices)
        .join(Appointment, Appointment.user_id == User.id)
        .outerjoin(Membership, (Membership.user_id == User.id) & (Membership.course_id == actor.course_id))
        .where(Appointment.community_id == actor.community_id, User.tenant_id == actor.tenant_id)
        .order_by(func.lower(User.name), User.id)
    )
    return [_member(*row) for row in rows]


def members(session: Session, actor: Actor, *, called: str = "", page: int = 1) -> tuple[list[Member], bool]:
    """Members of the actor's course by name, and whether there are more than this page. One query.

    :param called: a part of the name; empty for everybody.
    """
    wanted = _members(actor).order_by(func.lower(User.name), User.id)
    for part in called.split():
        wanted = wanted.where(User.name.icontains(part, autoescape=True))
    rows = session.execute(wanted.limit(PAGE + 1).offset((max(page, 1) - 1) * PAGE)).all()
    return [_member(*row) for row in rows[:PAGE]], len(rows) > PAGE


def name_of(session: Session, actor: Actor, user_id: int) -> str:
    """The name of a member of the course or of somebody appointed there; empty if it is neither."""
    appointed_here = select(Appointment.user_id).where(Appointment.community_id == actor.community_id)
    in_course = select(Membership.user_id).where(Membership.course_id == actor.course_id)
    found = session.scalar(
        select(User.name).where(
            User.id == user_id,
            User.tenant_id == actor.tenant_id,
            or_(User.id.in_(appointed_here), User.id.in_(in_course)),
        )
    )
    return found or ""


def has_steward(session: Session, actor: Actor) -> bool:
    """Whether anybody was asked to look after the actor's community as its steward."""
    offices = session.scalars(
        select(Appointment.offices).where(
            Appointment.community_id == actor.community_id,
            Appointment.offices.contains(Office.STEWARD.value),
        )
    )
    return any(Office.STEWARD.value in held.split() for held in offices)


def _members(actor: Actor) -> Select[int, str, str, str]:
    """Everybody in the actor's course but the test users of the LMS."""
    return (
        select(User.id, User.name, Membership.lead_role, func.coalesce(Appointment.offices, ""))
        .join(Membership, Membership.user_id == User.id)
        .outerjoin(
            Appointment, (Appointment.user_id == User.id) & (Appointment.community_id == actor.community_id)
        )
        .where(
            Membership.course_id == actor.course_id,
            Membership.active.is_(True),
            User.tenant_id == actor.tenant_id,
            User.is_test.is_(False),
        )
    )


def _locked(session: Session, actor: Actor, user_id: int) -> Appointment | None:
    return session.scalar(
        select(Appointment)
        .where(Appointment.community_id == actor.community_id, Appointment.user_id == user_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _member(user_id: int, name: str, lead_role: str, offices: str) -> Member:
    return Member(
        user_id=user_id,
        name=name,
        lead_role=lead_role,
        offices=frozenset(Office(office) for office in offices.split()),
    )


def _offices(row: Appointment) -> frozenset[Office]:
    return frozenset(Office(office) for office in row.offices.split())


def _stored(offices: frozenset[Office]) -> str:
    return " ".join(sorted(offices))
