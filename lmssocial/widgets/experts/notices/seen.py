"""What the notices of one person are about, as far as it is theirs to see: a constant number of queries."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution
from lmssocial.social.notifications.ports import Noted
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.hours_models import Booking, OfficeHour
from lmssocial.widgets.experts.invitation_models import Invitation, InvitationState
from lmssocial.widgets.experts.matching.reasons import worded
from lmssocial.widgets.experts.models import Introduction, Question
from lmssocial.widgets.experts.people_models import Expertise
from lmssocial.widgets.experts.topic_models import Topic


@dataclass(frozen=True, kw_only=True)
class Invited:
    """An invitation of the reader."""

    state: InvitationState
    due_at: datetime
    reasons: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """A meeting that the reader holds or comes to."""

    title: str
    starts_at: datetime
    zone: str


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the reader may know."""

    titles: Mapping[int, str] = field(default_factory=dict)
    """Of the questions that they read."""
    invitations: Mapping[int, Invited] = field(default_factory=dict)
    """By question."""
    topics: Mapping[int, str] = field(default_factory=dict)
    unconfirmed: frozenset[tuple[int, int]] = frozenset()
    """Topics and people whose endorsements nobody has looked at."""
    introductions: Mapping[int, bool] = field(default_factory=dict)
    """Those of the reader; whether they go on."""
    meetings: Mapping[int, Meeting] = field(default_factory=dict)


def look(session: Session, actor: Actor, notices: Sequence[Noted]) -> Seen:
    """What ``notices`` are about. At most six queries."""
    questions = _ids(notices, "question_id")
    return Seen(
        titles=_titles(session, actor, questions),
        invitations=_invitations(session, actor, questions),
        topics=_topics(session, actor, _ids(notices, "topic_id")),
        unconfirmed=_unconfirmed(session, actor, _ids(notices, "topic_id"), _ids(notices, "expert_id")),
        introductions=_introductions(session, actor, _ids(notices, "introduction_id")),
        meetings=_meetings(session, actor, _ids(notices, "booking_id")),
    )


def _ids(notices: Sequence[Noted], name: str) -> set[int]:
    return {notice.subject[name] for notice in notices if name in notice.subject}


def _titles(session: Session, actor: Actor, ids: Collection[int]) -> dict[int, str]:
    if not ids:
        return {}
    rows = session.execute(
        select(Question.id, Contribution.title)
        .join(Contribution, Contribution.id == Question.contribution_id)
        .where(Question.id.in_(ids), access.seen_by(actor))
    )
    return {row.id: row.title for row in rows}


def _invitations(session: Session, actor: Actor, ids: Collection[int]) -> dict[int, Invited]:
    if not ids:
        return {}
    rows = session.scalars(
        select(Invitation).where(Invitation.question_id.in_(ids), Invitation.user_id == actor.user_id)
    )
    return {
        one.question_id: Invited(
            state=one.state,
            due_at=one.due_at,
            reasons=tuple(worded(one.reasons)) if one.reasons else (),
            note=one.note,
        )
        for one in rows
    }


def _topics(session: Session, actor: Actor, ids: Collection[int]) -> dict[int, str]:
    if not ids:
        return {}
    rows = session.execute(
        select(Topic.id, Topic.label).where(Topic.id.in_(ids), Topic.community_id == actor.community_id)
    )
    return {row.id: row.label for row in rows}


def _unconfirmed(
    session: Session, actor: Actor, topic_ids: Collection[int], user_ids: Collection[int]
) -> frozenset[tuple[int, int]]:
    if not user_ids or not access.looks_after(actor):
        return frozenset()
    rows = session.execute(
        select(Expertise.topic_id, Expertise.user_id).where(
            Expertise.topic_id.in_(topic_ids),
            Expertise.user_id.in_(user_ids),
            Expertise.community_id == actor.community_id,
            Expertise.confirmed_at.is_(None),
        )
    )
    return frozenset((row.topic_id, row.user_id) for row in rows)


def _introductions(session: Session, actor: Actor, ids: Collection[int]) -> dict[int, bool]:
    if not ids:
        return {}
    concerned = (Introduction.by_id, Introduction.first_id, Introduction.second_id)
    rows = session.execute(
        select(Introduction.id, Introduction.ended_at).where(
            Introduction.id.in_(ids),
            Introduction.community_id == actor.community_id,
            or_(*(column == actor.user_id for column in concerned)),
        )
    )
    return {row.id: row.ended_at is None for row in rows}


def _meetings(session: Session, actor: Actor, ids: Collection[int]) -> dict[int, Meeting]:
    if not ids:
        return {}
    rows = session.execute(
        select(Booking.id, Booking.starts_at, OfficeHour.title, OfficeHour.zone)
        .join(OfficeHour, OfficeHour.id == Booking.office_hour_id)
        .where(
            Booking.id.in_(ids),
            or_(Booking.user_id == actor.user_id, OfficeHour.host_id == actor.user_id),
        )
    )
    return {row.id: Meeting(title=row.title, starts_at=row.starts_at, zone=row.zone) for row in rows}
