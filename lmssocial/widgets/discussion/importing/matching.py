"""Who of a past discussion is who here; staff have the last word.

By what LTI 1.1 called them, where the LMS has proved it; else by name, and by e-mail where both sides know one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.widgets.discussion.importing.past import PastPerson


class Member(NamedTuple):
    """Somebody who is in the course now."""

    id: int
    name: str
    email: str
    lead_role: str
    legacy_id: str = ""
    """What LTI 1.1 called them, as their LMS has proved; empty if it has not."""


class Why(StrEnum):
    """What speaks for a match, or against one."""

    LEGACY = "legacy"
    """LTI 1.1 called them the same, which their LMS has proved."""
    BOTH = "both"
    """Name and e-mail are the same."""
    NAME = "name"
    """The name is the same; there is no e-mail to compare."""
    EMAIL = "email"
    """Only the e-mail is the same: a suggestion, not a match."""
    OTHER_EMAIL = "other_email"
    """The name is the same, and the e-mails are two: nobody is matched."""
    SEVERAL = "several"
    """Several members have the name: nobody is matched."""
    NOBODY = "nobody"


@dataclass(frozen=True)
class Match:
    """A person of the past, and who we think they are."""

    person: PastPerson
    member: Member | None
    """``None``: they are shown as a former member, unless staff say who it is."""
    why: Why
    suggested: Member | None = None


def members_of(session: Session, actor: Actor) -> tuple[Member, ...]:
    """Everybody in the actor's course, by name. One query."""
    rows = session.execute(
        select(User.id, User.name, User.email, Membership.lead_role, User.legacy_id)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.course_id == actor.course_id,
            Membership.active.is_(True),
            User.is_former.is_(False),
            User.tenant_id == actor.tenant_id,
        )
        .order_by(User.name, User.id)
    )
    return tuple(Member._make(row) for row in rows)


def match(people: Iterable[PastPerson], members: Iterable[Member]) -> tuple[Match, ...]:
    """Everybody of the past with who they seem to be."""
    by_name: dict[str, list[Member]] = {}
    by_email: dict[str, list[Member]] = {}
    listed = list(members)
    by_legacy_id = {member.legacy_id: member for member in listed if member.legacy_id}
    for member in listed:
        by_name.setdefault(_folded(member.name), []).append(member)
        if member.email:
            by_email.setdefault(member.email.casefold(), []).append(member)
    return tuple(
        Match(person, by_legacy_id[person.legacy_id], Why.LEGACY)
        if person.legacy_id in by_legacy_id
        else _match(person, by_name, by_email)
        for person in people
    )


def _match(
    person: PastPerson, by_name: Mapping[str, list[Member]], by_email: Mapping[str, list[Member]]
) -> Match:
    email = person.email.casefold()
    same = by_name.get(_folded(person.name), [])
    both = [member for member in same if email and member.email.casefold() == email]
    if len(both) == 1:
        return Match(person, both[0], Why.BOTH)
    if len(same) == 1:
        one = same[0]
        if email and one.email:
            return Match(person, None, Why.OTHER_EMAIL, one)
        return Match(person, one, Why.NAME)
    if same:
        return Match(person, None, Why.SEVERAL)
    mailed = by_email.get(email, []) if email else []
    if len(mailed) == 1:
        return Match(person, None, Why.EMAIL, mailed[0])
    return Match(person, None, Why.NOBODY)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
