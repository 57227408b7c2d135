"""The people of a page of a roster as rows: found or made by what their LMS calls them, and by nothing else."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import dialect_insert
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.models import User
from lmssocial.lms.identity.names import called
from lmssocial.lms.lti.services.roster import Member


@dataclass(frozen=True, kw_only=True)
class Where:
    """The course a page belongs to, and whose people they are."""

    tenant_id: int
    registration_id: int
    course_id: int
    tells_groups: bool
    """Whether the platform has a service for groups: then who is in none of a page is in none."""


def everybody_once(members: Sequence[Member]) -> list[Member]:
    """Everybody once, by ``sub``: a platform that lists a person for each role means one person with both."""
    found: dict[str, Member] = {}
    for member in members:
        if not 0 < len(member.sub) <= 255:
            continue
        before = found.get(member.sub)
        if before is None or (before.status != "Active" and member.status == "Active"):
            found[member.sub] = member
        elif before.status == member.status:
            found[member.sub] = _both(before, member)
    return [found[sub] for sub in sorted(found)]


def _both(one: Member, other: Member) -> Member:
    return Member(
        sub=one.sub,
        status=one.status,
        roles=one.roles | other.roles,
        name=one.name or other.name,
        given_name=one.given_name or other.given_name,
        family_name=one.family_name or other.family_name,
        email=one.email or other.email,
        locale=one.locale or other.locale,
        groups=tuple(dict.fromkeys((*one.groups, *other.groups))),
        sections=tuple(dict.fromkeys((*one.sections, *other.sections))),
    )


def _name(member: Member) -> str:
    return member.full_name[:200]


def _email(member: Member) -> str:
    return member.email if len(member.email) <= 254 else ""


def known_as_rows(session: Session, where: Where, members: Sequence[Member]) -> dict[str, int]:
    """Everybody of a page as rows, by ``sub`` and by nothing else; gives their ids."""
    wanted = {member.sub: member for member in members}
    known = _known_users(session, where, wanted)
    missing = [member for sub, member in wanted.items() if sub not in known]
    if missing:
        session.connection().execute(
            dialect_insert(session, User).on_conflict_do_nothing(index_elements=["registration_id", "sub"]),
            [_new_user(where, member) for member in missing],
        )
        known |= _known_users(session, where, [member.sub for member in missing])
    changed = [values for sub, row in known.items() if (values := _news_of(row, wanted[sub]))]
    if changed:
        session.execute(update(User), changed)
    return {sub: row.id for sub, row in known.items()}


def _known_users(session: Session, where: Where, subs: Collection[str]) -> dict[str, Any]:
    rows = session.execute(
        select(User.id, User.sub, User.name, User.has_real_name, User.email, User.locale, User.is_test)
        .where(User.registration_id == where.registration_id, User.sub.in_(list(subs)))
        .order_by(User.id)
    )
    return {row.sub: row for row in rows}


def _new_user(where: Where, member: Member) -> dict[str, Any]:
    return {
        "tenant_id": where.tenant_id,
        "registration_id": where.registration_id,
        "sub": member.sub,
        "name": _name(member),
        "has_real_name": bool(_name(member)),
        "email": _email(member),
        "locale": member.locale[:35],
        "legacy_id": "",
        "is_test": member.is_test,
        "is_former": False,
        "created_at": clock.now(),
        "last_seen_at": None,
    }


def _news_of(row: Any, member: Member) -> dict[str, Any] | None:
    """What the roster knows better about somebody; ``None`` if nothing. It takes away nothing that it does not tell."""
    name, is_real = called(row.id, _name(member), known=row.name, known_is_real=row.has_real_name)
    now = (
        name,
        is_real,
        _email(member) or row.email,
        row.locale or member.locale[:35],
        row.is_test or member.is_test,
    )
    if now == (row.name, row.has_real_name, row.email, row.locale, row.is_test):
        return None
    return dict(
        zip(("id", "name", "has_real_name", "email", "locale", "is_test"), (row.id, *now), strict=True)
    )
