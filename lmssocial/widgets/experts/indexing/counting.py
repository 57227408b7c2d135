"""What people did, counted from the index: each time anew, so that it is right however it came about."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.social.content.models import Contribution
from lmssocial.social.content.models import State as Visible
from lmssocial.widgets.experts.index_models import Document, DocumentTopic, Kind
from lmssocial.widgets.experts.indexing.recency import HALF_LIFE, WEEK, day_of, key_of
from lmssocial.widgets.experts.indexing.writing import grow
from lmssocial.widgets.experts.invitation_models import Invitation
from lmssocial.widgets.experts.models import Answer
from lmssocial.widgets.experts.people_models import Expertise, Profile

NEWEST_COUNTS = 0.3
"""How much the newest answer moves how long somebody takes."""


@dataclass(frozen=True, kw_only=True)
class _Line:
    """An answer of somebody."""

    id: int
    day: float
    accepted: bool


def recount(session: Session, community_id: int, user_ids: Collection[int]) -> None:
    """Set the counters of some people in a community to what stands there of them. Constant statements.

    Somebody without a profile has none; what they know about topics is kept anyway.
    """
    if not user_ids:
        return
    session.flush()
    grow(session, community_id, 0, 0)  # nobody else counts at the same time
    lines = _lines(session, community_id, user_ids)
    hours = _reply_hours(session, community_id, user_ids)
    here = Profile.community_id == community_id, Profile.user_id.in_(user_ids)
    for profile in session.scalars(select(Profile).where(*here).order_by(Profile.user_id)):
        own = lines[profile.user_id]
        profile.answers, profile.accepted = len(own), sum(line.accepted for line in own)
        profile.recent_7 = key_of((line.day for line in own), WEEK)
        profile.recent_30 = key_of((line.day for line in own), HALF_LIFE)
        profile.reply_hours = hours.get(profile.user_id)
    _recount_topics(session, community_id, user_ids, lines)
    session.flush()


def _lines(session: Session, community_id: int, user_ids: Collection[int]) -> dict[int, list[_Line]]:
    rows = session.execute(
        select(Document.id, Document.author_id, Document.at, Document.accepted)
        .where(
            Document.community_id == community_id,
            Document.author_id.in_(user_ids),
            Document.kind != Kind.BIO,
        )
        .order_by(Document.at, Document.contribution_id)
    )
    found: dict[int, list[_Line]] = defaultdict(list)
    for row in rows:
        found[row.author_id].append(_Line(id=row.id, day=day_of(row.at), accepted=row.accepted))
    return found


def _recount_topics(
    session: Session, community_id: int, user_ids: Collection[int], lines: dict[int, list[_Line]]
) -> None:
    topics = _topics(session, community_id, user_ids)
    about: dict[tuple[int, int], list[_Line]] = defaultdict(list)
    for user_id, own in lines.items():
        for line in own:
            for topic_id in topics.get(line.id, ()):
                about[topic_id, user_id].append(line)
    here = Expertise.community_id == community_id, Expertise.user_id.in_(user_ids)
    rows = {(row.topic_id, row.user_id): row for row in session.scalars(select(Expertise).where(*here))}
    for topic_id, user_id in sorted(about.keys() - rows.keys()):
        row = Expertise(topic_id=topic_id, user_id=user_id, community_id=community_id)
        session.add(row)
        rows[topic_id, user_id] = row
    for key, row in rows.items():
        _set(row, about.get(key, []))


def _set(row: Expertise, lines: Sequence[_Line]) -> None:
    row.answers, row.evidence = len(lines), sum(line.accepted for line in lines)
    row.recent_30 = key_of((line.day for line in lines), HALF_LIFE)


def _topics(session: Session, community_id: int, user_ids: Collection[int]) -> dict[int, list[int]]:
    rows = session.execute(
        select(DocumentTopic.document_id, DocumentTopic.topic_id)
        .join(Document, Document.id == DocumentTopic.document_id)
        .where(Document.community_id == community_id, Document.author_id.in_(user_ids))
        .order_by(DocumentTopic.document_id, DocumentTopic.topic_id)
    )
    found: dict[int, list[int]] = defaultdict(list)
    for document_id, topic_id in rows:
        found[document_id].append(topic_id)
    return found


def _reply_hours(session: Session, community_id: int, user_ids: Collection[int]) -> dict[int, float]:
    """How long people take from being invited to their answer, the newest ones counting most; told in a community."""
    rows = session.execute(
        select(Invitation.user_id, Invitation.sent_at, Contribution.published_at)
        .join(Answer, Answer.invitation_id == Invitation.id)
        .join(Contribution, Contribution.id == Answer.contribution_id)
        .where(
            Invitation.community_id == community_id,
            Invitation.user_id.in_(user_ids),
            Contribution.state == Visible.PUBLISHED,
            Contribution.published_at.is_not(None),
        )
        .order_by(Answer.contribution_id)
    )
    found: dict[int, float] = {}
    for user_id, sent_at, published_at in rows:
        took = max(((published_at or sent_at) - sent_at).total_seconds() / 3600, 0.0)
        before = found.get(user_id, took)
        found[user_id] = before + NEWEST_COUNTS * (took - before)
    return found
