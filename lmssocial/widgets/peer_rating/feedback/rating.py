"""Authors say how helpful a review of their work was, and answer it. Nothing here commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.core.hooks import Moment, ReplyTo
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Gone, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.composing import handing_in
from lmssocial.social.composing.handing_in import HandedIn
from lmssocial.social.content import writing
from lmssocial.social.content.drafts import Writing
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.content.text import is_blank, tidy
from lmssocial.social.moderation import cases
from lmssocial.social.moderation.screening import Screen
from lmssocial.widgets.peer_rating.activities import Running, locked, running
from lmssocial.widgets.peer_rating.events import ReviewRated
from lmssocial.widgets.peer_rating.feedback import rules
from lmssocial.widgets.peer_rating.models import Author, Review, ReviewState, Source
from lmssocial.widgets.peer_rating.scoring_models import Rated
from lmssocial.widgets.peer_rating.settings import Reviewing

REPLY = "peer_rating.reply"
"""The kind of contribution an answer is."""


@dataclass(frozen=True, kw_only=True)
class RatingDraft:
    """What an author says of a review, on its way from a page."""

    helpful: int
    tags: tuple[str, ...] = ()
    reply: str = ""
    """Their answer, as Markdown; empty: none, or none any more."""


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What became of it."""

    reply: State | None
    """Of the answer; ``None`` if there is none."""
    messages: tuple[str, ...] = ()
    """What policies said of it."""


def consider(
    session: Session, screen: Screen, actor: Actor, placement_id: int, review_id: int, draft: RatingDraft
) -> None:
    """Let the policies look at an answer before a transaction begins.

    :raises NotFound: if it is no review of the actor's work that they read.
    :raises Gone: if it is not the time for it.
    :raises Invalid: if a policy refuses the answer.
    """
    review = _readable(session, actor, running(session, actor, placement_id), review_id)
    if not is_blank(draft.reply):
        _understood(session, screen, actor, review, draft, _reply(session, actor, review))


def rate(
    session: Session, screen: Screen, actor: Actor, placement_id: int, review_id: int, draft: RatingDraft
) -> Answered:
    """Say how helpful a review was, with an answer or without; what was said before is replaced.

    :raises NotFound: if it is no review of the actor's work that they read.
    :raises Gone: if it is not the time for it.
    :raises Invalid: if a policy refuses the answer.
    """
    running(session, actor, placement_id)
    here = locked(session, placement_id)
    review = _readable(session, actor, here, review_id)
    rated, now = session.get(Rated, (review.id, actor.user_id)), clock.now()
    if rated is None:
        rated = Rated(review_id=review.id, author_id=actor.user_id, made_at=now)
        session.add(rated)
    rated.helpful, rated.tags, rated.changed_at = draft.helpful, {"tags": list(draft.tags)}, now
    answered = _answer(session, screen, actor, review, rated, draft)
    if here.settings.reviewing is Reviewing.QUALITY:
        here.activity.scores_stale = True
    session.flush()
    tell(session, actor.envelope, review, rated, replied=answered.reply is State.PUBLISHED)
    return answered


def tell(
    session: Session, envelope: Mapping[str, Any], review: Review, rated: Rated, *, replied: bool
) -> None:
    """Write into the log what an author said of a review.

    :param envelope: of the author, as every event has it.
    :param replied: whether there is an answer that the reviewer can read.
    """
    activity.record(
        session,
        ReviewRated(
            **envelope,
            placement_id=review.placement_id,
            review_id=review.id,
            work_id=review.work_id,
            reviewer_id=review.reviewer_id,
            helpful=rated.helpful,
            replied=replied,
        ),
    )


def _readable(session: Session, actor: Actor, here: Running, review_id: int) -> Review:
    """A review of the actor's work that they read now. One query."""
    found = session.scalar(
        select(Review)
        .join(Contribution, Contribution.id == Review.contribution_id)
        .join(Author, Author.work_id == Review.work_id)
        .where(
            Review.id == review_id,
            Review.placement_id == here.placement.id,
            Review.community_id == actor.community_id,
            Review.state == ReviewState.SUBMITTED,
            Review.source != Source.SELF,
            Contribution.state == State.PUBLISHED,
            Author.user_id == actor.user_id,
        )
    )
    if found is None or not rules.reads_reviews(here.phase):
        raise NotFound(
            _("There is no review of your work at this address."),
            reason=f"review {review_id} is not about work of user {actor.user_id}, or not readable yet",
        )
    if not rules.may_rate(here.settings, here.phase):
        raise Gone(_("The time to answer reviews is over, so nothing has changed."))
    return found


def _reply(session: Session, actor: Actor, review: Review) -> Contribution | None:
    """What the actor answered before, if it was not taken back. One query."""
    return session.scalar(
        select(Contribution)
        .join(Rated, Rated.reply_id == Contribution.id)
        .where(
            Rated.review_id == review.id,
            Rated.author_id == actor.user_id,
            Contribution.state != State.REMOVED,
        )
    )


def _understood(
    session: Session,
    screen: Screen,
    actor: Actor,
    review: Review,
    draft: RatingDraft,
    before: Contribution | None,
) -> HandedIn:
    text = Writing(source=draft.reply)
    files = handing_in.files_in(session, actor, text)
    answered = answer_to(session, [review])[review.id]
    if before is None:
        return handing_in.hand_in(screen, actor, REPLY, text, files, reply_to=answered)
    return handing_in.hand_in(
        screen,
        actor,
        REPLY,
        text,
        files,
        reply_to=answered,
        moment=Moment.EDIT,
        previous=before.source,
    )


def answer_to(session: Session, reviews: Sequence[Review]) -> dict[int, ReplyTo]:
    """What the policies get to see of reviews that are answered, by their ids. One query."""
    words = {
        row.id: row
        for row in session.scalars(
            select(Contribution).where(Contribution.id.in_([review.contribution_id for review in reviews]))
        )
    }
    now, found = clock.now(), {}
    for review in reviews:
        if review.contribution_id in words:
            said = words[review.contribution_id]
            since = (now - (said.published_at or said.created_at)).total_seconds()
            found[review.id] = ReplyTo(
                author_id=said.author_id, author_role=said.author_role, seconds_since=max(0.0, since)
            )
    return found


def _answer(
    session: Session, screen: Screen, actor: Actor, review: Review, rated: Rated, draft: RatingDraft
) -> Answered:
    """Give the answer its words: new ones, others, or none any more."""
    before = _reply(session, actor, review)
    if is_blank(draft.reply):
        if before is not None:
            writing.remove(actor, before)
            cases.withdraw(session, actor, before.id)
            rated.reply_id = None
        return Answered(reply=None)
    if before is not None and before.source == tidy(draft.reply):
        return Answered(reply=before.state)
    handed_in = _understood(session, screen, actor, review, draft, before)
    because = handed_in.held_because
    if before is None:
        words = handing_in.store(session, actor, handed_in, review.placement_id)
        rated.reply_id = words.id
    else:
        reported = _("This answer was reported, so a moderator reads the new wording first.")
        words = before
        because = handing_in.reword(session, actor, before, handed_in, seen=before.version, reported=reported)
    handing_in.settle(session, actor, words, handed_in, held=because is not None)
    return Answered(reply=words.state, messages=because or handed_in.screening.messages)
