"""From a page of a roster to rows: people and their places in the course, whether they ever came or not.

A page applied twice changes nothing the second time, and a launch that comes in between is never undone: what somebody
launched with stands. The number of statements does not depend on how many people a page names, up to :data:`AT_ONCE`.

Always in the same order, as in a launch: first people, then their places, then their groups; nobody waits in a circle.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import dialect_insert
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.models import Membership, User, WebSession
from lmssocial.lms.identity.role_mapping import lms_roles
from lmssocial.lms.identity.roles import lead_role
from lmssocial.lms.lti.services.roster import Member
from lmssocial.lms.roster.models import RosterRun
from lmssocial.lms.roster.persons import Where, everybody_once, known_as_rows
from lmssocial.lms.roster.ports import Belonging

AT_ONCE = 400
"""People of one statement: a page is 50 or 100 of them, and a platform that ignores the limit sends all at once."""
AS_GONE = 0
"""Stands as the run of a membership that a full run named as inactive: at its end it is put out with the others."""


@dataclass(frozen=True, kw_only=True)
class Applied:
    """What a page came to."""

    present: int
    """Members who are in the course."""
    fresh: int
    """How many of them this run had not named before."""
    joined: int
    """How many of them were not known here."""
    left: int
    belongings: Mapping[int, Belonging]
    """By user, for those whose groups or sections it told."""


def apply_members(session: Session, where: Where, run: RosterRun, members: Sequence[Member]) -> Applied:
    """Write down who a page of ``run`` says is in the course, and who is not."""
    merged = everybody_once(members)
    here = fresh = joined = left = 0
    belongings: dict[int, Belonging] = {}
    for start in range(0, len(merged), AT_ONCE):
        some = merged[start : start + AT_ONCE]
        present = [member for member in some if member.status == "Active"]
        here += len(present)
        users = known_as_rows(session, where, present)
        is_new, is_fresh = _memberships(session, where, run, present, users)
        joined, fresh = joined + is_new, fresh + is_fresh
        belongings |= {users[member.sub]: _belonging(where, member) for member in present}
        gone = [member.sub for member in some if member.status != "Active"]
        left += _note_gone(session, where, run, gone) if gone else 0
    told = {user_id: one for user_id, one in belongings.items() if one != Belonging()}
    return Applied(present=here, fresh=fresh, joined=joined, left=left, belongings=told)


def put_out(session: Session, run: RosterRun) -> int:
    """End the membership of everybody whom a complete run over all members did not name; says how many."""
    return _end(session, run, absent_from(run))


def absent_from(run: RosterRun) -> ColumnElement[bool]:
    """Who was in the roster and is not named by ``run``: a WHERE clause. Who came since it began is here."""
    return (
        (Membership.course_id == run.course_id)
        & Membership.active.is_(True)
        & Membership.roster_run_id.is_not(None)
        & (Membership.roster_run_id != run.id)
        & _did_not_come_since(run)
    )


def _did_not_come_since(run: RosterRun) -> ColumnElement[bool]:
    """Whoever launched since a run began is in the course, whatever an older page says."""
    return or_(Membership.last_launch_at.is_(None), Membership.last_launch_at < run.began_at)


def _end(session: Session, run: RosterRun, whom: ColumnElement[bool]) -> int:
    """Memberships end, and with them the sign-ins to this course: a page left open shows nothing more."""
    ended = session.scalars(
        update(Membership)
        .where(whom)
        .values(active=False, left_at=clock.now())
        .returning(Membership.id)
        .execution_options(synchronize_session=False)
    ).all()
    if ended:
        inactive = select(Membership.id).where(
            Membership.course_id == run.course_id, Membership.active.is_(False)
        )
        session.execute(
            delete(WebSession)
            .where(WebSession.course_id == run.course_id, WebSession.membership_id.in_(inactive))
            .execution_options(synchronize_session=False)
        )
    return len(ended)


def _memberships(
    session: Session, where: Where, run: RosterRun, members: Sequence[Member], users: Mapping[str, int]
) -> tuple[int, int]:
    """Everybody's place in the course; gives how many are new here, and how many this run had not named before."""
    roles = {users[member.sub]: _roles(member) for member in members}
    if not roles:
        return 0, 0
    known = _known_memberships(session, where, roles)
    joined = _join(session, where, run, {id_: told for id_, told in roles.items() if id_ not in known})
    if known:
        session.execute(
            update(Membership)
            .where(Membership.course_id == where.course_id, Membership.user_id.in_(sorted(roles)))
            .values(roster_run_id=run.id, active=True, left_at=None)
            .execution_options(synchronize_session=False)
        )
    changed = [
        {"row_id": row.id, "new_roles": roles[user_id][0], "new_lead": roles[user_id][1]}
        for user_id, row in known.items()
        if row.last_launch_at is None and row.roles != roles[user_id][0]
    ]
    if changed:
        _change_roles(session, changed)
    named_before = sum(row.roster_run_id == run.id for row in known.values())
    return joined, len(roles) - named_before


def _known_memberships(session: Session, where: Where, user_ids: Collection[int]) -> dict[int, Any]:
    rows = session.execute(
        select(
            Membership.id,
            Membership.user_id,
            Membership.roles,
            Membership.last_launch_at,
            Membership.roster_run_id,
        ).where(Membership.course_id == where.course_id, Membership.user_id.in_(list(user_ids)))
    )
    return {row.user_id: row for row in rows}


def _roles(member: Member) -> tuple[str, str]:
    """Only the course's own roles count, as at a launch: the roles, and the one that is shown."""
    roles = lms_roles(member.roles)
    return " ".join(sorted(roles)), lead_role(roles).value


def _join(session: Session, where: Where, run: RosterRun, new: Mapping[int, tuple[str, str]]) -> int:
    if not new:
        return 0
    rows = [
        {
            "course_id": where.course_id,
            "user_id": user_id,
            "roles": roles,
            "lead_role": lead,
            "active": True,
            "unread_notices": 0,
            "joined_at": clock.now(),
            "last_launch_at": None,
            "roster_run_id": run.id,
        }
        for user_id, (roles, lead) in sorted(new.items())
    ]
    inserted = session.connection().execute(
        dialect_insert(session, Membership)
        .on_conflict_do_update(  # somebody launched a moment ago: their row stands, and is in the roster
            index_elements=["course_id", "user_id"], set_={"roster_run_id": run.id}
        )
        .returning(Membership.last_launch_at),
        rows,
    )
    return sum(row.last_launch_at is None for row in inserted)


def _change_roles(session: Session, changed: list[dict[str, Any]]) -> None:
    """Roles follow the roster as long as somebody never launched, also in this very moment.

    A teaching assistant of a Moodle is Instructor when they launch and Learner in its roster.
    """
    table = Membership.__table__
    session.connection().execute(
        update(Membership)
        .where(table.c.id == bindparam("row_id"), table.c.last_launch_at.is_(None))
        .values(roles=bindparam("new_roles"), lead_role=bindparam("new_lead")),
        changed,
    )


def _note_gone(session: Session, where: Where, run: RosterRun, subs: Sequence[str]) -> int:
    """Members who are named as inactive or deleted; gives how many were put out.

    What has changed is told by status, so it counts at once. A run over all members puts people out at its end only.
    Whoever is named as gone and was never known here leaves no trace.
    """
    theirs = select(User.id).where(User.registration_id == where.registration_id, User.sub.in_(subs))
    named = (
        (Membership.course_id == where.course_id)
        & Membership.user_id.in_(theirs)
        & Membership.active.is_(True)
        & _did_not_come_since(run)
    )
    if run.is_full:
        session.execute(
            update(Membership)
            .where(
                named, Membership.roster_run_id.is_distinct_from(run.id)
            )  # named as present on another page
            .values(roster_run_id=AS_GONE)
            .execution_options(synchronize_session=False)
        )
        return 0
    return _end(session, run, named)


def _belonging(where: Where, member: Member) -> Belonging:
    """What was said about somebody's groups; nothing, if the platform did not speak of groups at all."""
    return Belonging(
        groups=frozenset(member.groups) if member.groups or where.tells_groups else None,
        sections=frozenset(member.sections) if member.sections else None,
    )
