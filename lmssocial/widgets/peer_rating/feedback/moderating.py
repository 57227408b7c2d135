"""Answers to reviews, as moderation sees them: who reads them, and what follows from a decision. Nothing commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import ReplyTo, Span
from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.communities.models import Placement
from lmssocial.social.content import writing
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.moderation.ports import Subject
from lmssocial.widgets.peer_rating import access, gates
from lmssocial.widgets.peer_rating.feedback import rating
from lmssocial.widgets.peer_rating.models import Activity, Author, Review, Work
from lmssocial.widgets.peer_rating.scoring_models import Rated
from lmssocial.widgets.peer_rating.settings import PeerSettings

WAITING = (State.HELD, State.REJECTED)


@dataclass(frozen=True, kw_only=True)
class _Reply:
    """An answer with what it answers."""

    words: Contribution
    rated: Rated
    review: Review


def reads(session: Session, actor: Actor, contribution_id: int) -> bool:
    """Whether the actor reads the words of an answer. One query."""
    return bool(readable(session, actor, [contribution_id]))


def readable(session: Session, actor: Actor, contribution_ids: Sequence[int]) -> set[int]:
    """Those of some answers that the actor reads. One query."""
    found = (
        select(Contribution.id)
        .join(Rated, Rated.reply_id == Contribution.id)
        .join(Review, Review.id == Rated.review_id)
        .where(Contribution.id.in_(contribution_ids), _seen_by(actor))
    )
    return set(session.scalars(found))


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    """Its author, who wrote the review, the author's team, and those who moderate; a clause over all three tables."""
    here = and_(Contribution.tenant_id == actor.tenant_id, Contribution.community_id == actor.community_id)
    if actor.moderates:
        return here
    team = select(Author.work_id).where(Author.user_id == actor.user_id)
    public = and_(
        Contribution.state == State.PUBLISHED,
        or_(Review.reviewer_id == actor.user_id, Review.work_id.in_(team)),
    )
    return and_(here, or_(Contribution.author_id == actor.user_id, public))


class ModeratedReplies:
    """The side of answers in moderation (:class:`~lmssocial.social.moderation.ports.Moderated`)."""

    def publish(self, session: Session, actor: Actor, contribution_id: int) -> None:
        """Let the reviewer read an answer that was held; now they hear of it."""
        reply = _moderated(session, actor, contribution_id)
        if reply.words.state in WAITING:
            _let_through(session, actor, reply)
            reply.words.note = _("A moderator has read and published this.")

    def decline(self, session: Session, actor: Actor, contribution_id: int, message: str) -> None:
        """Keep the reviewer from reading it; its author reads why."""
        reply = _moderated(session, actor, contribution_id)
        if reply.words.state is not State.REMOVED:
            writing.decline(reply.words, message)

    def hide(self, session: Session, actor: Actor, contribution_id: int, message: str) -> None:
        """Let it wait for a moderator, because it was reported."""
        if not readable(session, actor, [contribution_id]):
            raise _nothing(contribution_id)
        words = session.get_one(Contribution, contribution_id)
        if words.state is State.PUBLISHED:
            writing.hold(words, (message,))

    def redact(
        self, session: Session, actor: Actor, contribution_id: int, spans: Sequence[Span], message: str
    ) -> None:
        """Take words out and let the rest be read."""
        reply = _moderated(session, actor, contribution_id)
        if reply.words.state is State.REMOVED:
            return
        if reply.words.state in WAITING:
            _let_through(session, actor, reply)
        writing.redact(session, reply.words, spans, message)

    def put_back(self, session: Session, actor: Actor, contribution_id: int, spans: Sequence[Span]) -> None:
        """Let the words be read again that were taken out."""
        reply = _moderated(session, actor, contribution_id)
        if reply.words.state is not State.REMOVED:
            writing.put_back(session, reply.words, spans)

    def answered(self, session: Session, contribution_ids: Sequence[int]) -> dict[int, ReplyTo]:
        """The reviews that some answers answer. Two queries."""
        rows = session.execute(
            select(Rated.reply_id, Review)
            .join(Review, Review.id == Rated.review_id)
            .where(Rated.reply_id.in_(contribution_ids))
        ).all()
        found = rating.answer_to(session, [review for _reply, review in rows])
        return {reply_id: found[review.id] for reply_id, review in rows if reply_id and review.id in found}

    def readable(self, session: Session, actor: Actor, contribution_ids: Sequence[int]) -> set[int]:
        """Those of some answers whose words the actor may read. One query."""
        return readable(session, actor, contribution_ids)

    def subjects(self, session: Session, actor: Actor, contribution_ids: Sequence[int]) -> dict[int, Subject]:
        """What has to be seen of some answers; their authors by name only for who may know it. One query."""
        rows = session.execute(
            select(Contribution, Review, Work.alias, User.name, Placement, Activity)
            .join(Rated, Rated.reply_id == Contribution.id)
            .join(Review, Review.id == Rated.review_id)
            .join(Work, Work.id == Review.work_id)
            .join(User, User.id == Contribution.author_id)
            .join(Placement, Placement.id == Contribution.placement_id)
            .join(Activity, Activity.placement_id == Placement.id)
            .where(Contribution.id.in_(contribution_ids), _seen_by(actor))
        )
        return {
            words.id: _subject(actor, words, review, alias, name, place, activity)
            for words, review, alias, name, place, activity in rows
        }


def _subject(
    actor: Actor,
    words: Contribution,
    review: Review,
    alias: int,
    name: str,
    place: Placement,
    activity: Activity,
) -> Subject:
    named = (
        access.sees_names(actor)
        or actor.user_id == words.author_id
        or gates.shows_authors(PeerSettings.read(place.settings), activity.phase)
    )
    at: dict[str, Any] = {"placement_id": place.id}
    own = url_for("peer_rating.feedback", _anchor=f"review-{review.id}", **at)
    if actor.user_id == words.author_id:
        href = own
    elif actor.user_id == review.reviewer_id:
        href = url_for("peer_rating.rated_list", _anchor=f"review-{review.id}", **at)
    else:
        href = url_for("peer_rating.review_read", review_id=review.id, **at) if actor.moderates else own
    return Subject(
        contribution_id=words.id,
        title=_("Answer to a review in %(title)s", title=place.title),
        author_name=name if named else _("Submission %(number)s", number=alias),
        author_role=words.author_role,
        html=words.html,
        href=href,
        edit_href=own,
    )


def _moderated(session: Session, actor: Actor, contribution_id: int) -> _Reply:
    """An answer that the actor decides about.

    :raises NotAllowed: if they do not moderate.
    :raises NotFound: if there is none in their community.
    """
    access.require_moderates(actor)
    row = session.execute(
        select(Contribution, Rated, Review)
        .join(Rated, Rated.reply_id == Contribution.id)
        .join(Review, Review.id == Rated.review_id)
        .where(Contribution.id == contribution_id, _seen_by(actor))
    ).first()
    if row is None:
        raise _nothing(contribution_id)
    return _Reply(words=row[0], rated=row[1], review=row[2])


def _let_through(session: Session, actor: Actor, reply: _Reply) -> None:
    if writing.publish(session, reply.words):
        author = actor.envelope | {
            "actor_id": reply.words.author_id,
            "actor_role": reply.words.author_role,
        }
        rating.tell(session, author, reply.review, reply.rated, replied=True)


def _nothing(contribution_id: int) -> NotFound:
    return NotFound(
        _("This answer does not exist, or it is not open to you."), reason=f"no reply {contribution_id}"
    )
