"""People as they write in the community of a question: members as who they are there, guests without any role."""

from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.lms.identity.models import Course, Membership, User
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities.models import Appointment, Community, Tier
from lmssocial.social.content.models import Contribution
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.models import Question


class Writer(NamedTuple):
    """Somebody in the community of a question, and what holds there."""

    actor: Actor
    tier: Tier
    ground_rules: tuple[str, ...]


def writer_of(session: Session, actor: Actor, question: Question) -> Writer:
    """The actor as they write there."""
    community = session.get_one(Community, question.community_id)
    rules = tuple(line.strip() for line in community.ground_rules.splitlines() if line.strip())
    return Writer(access.as_guest(actor, question, community.course_id or 0), community.tier, rules)


def author_of(session: Session, words: Contribution) -> Actor:
    """Who wrote something, as the log names them there: with the role they had, whoever let it through."""
    community = session.get_one(Community, words.community_id)
    return Actor(
        user_id=words.author_id,
        name="",
        tenant_id=words.tenant_id,
        course_id=community.course_id or 0,
        community_id=words.community_id,
        roles=frozenset({LmsRole(words.author_role)}),
    )


def member_or_guest(session: Session, user_id: int, question: Question) -> Actor:
    """Somebody as they are in the community of a question now; without any role if they are no member of it.

    :raises sqlalchemy.exc.NoResultFound: if there is no such person.
    """
    community = session.get_one(Community, question.community_id)
    user = session.get_one(User, user_id)
    nobody = Actor(
        user_id=user.id,
        name=user.name,
        tenant_id=question.tenant_id,
        course_id=community.course_id or 0,
        community_id=community.id,
        locale=user.locale,
        is_test=user.is_test,
    )
    row = session.execute(
        select(Membership.roles, Appointment.offices)
        .join(Course, Course.id == Membership.course_id)
        .outerjoin(
            Appointment,
            (Appointment.user_id == Membership.user_id) & (Appointment.community_id == community.id),
        )
        .where(Membership.user_id == user_id, Course.id == community.course_id, Membership.active)
    ).first()
    if row is None:
        return nobody
    return replace(
        nobody,
        roles=frozenset(LmsRole(role) for role in row.roles.split()),
        offices=frozenset(Office(office) for office in (row.offices or "").split()),
    )
