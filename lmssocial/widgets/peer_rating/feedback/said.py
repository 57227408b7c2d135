"""What authors say of reviews: read by the reviewer it is about, and by nobody else but staff."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.peer_rating import gates
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.feedback import rules
from lmssocial.widgets.peer_rating.feedback.views import Heard, Rating, Said
from lmssocial.widgets.peer_rating.models import Review, ReviewState, Source, Work
from lmssocial.widgets.peer_rating.scoring_models import Rated

PAGE = 50
"""Reviews whose echo stands on one page; nobody is asked for so many."""


@dataclass(frozen=True)
class OfReviews:
    """What the authors of a work say of its reviews, by the ids of these."""

    ratings: Mapping[int, Rating] = field(default_factory=dict)
    """The reader's own."""
    replies: Mapping[int, tuple[Said, ...]] = field(default_factory=dict)


def of_reviews(session: Session, actor: Actor, review_ids: Sequence[int]) -> OfReviews:
    """What the actor and their team said of reviews of their work. One query.

    The authors of one work know each other, so they are named among themselves in every mode.
    """
    if not review_ids:
        return OfReviews()
    rows = session.execute(
        select(Rated, Contribution, User.name)
        .join(User, User.id == Rated.author_id)
        .outerjoin(Contribution, Contribution.id == Rated.reply_id)
        .where(
            Rated.review_id.in_(review_ids),
            or_(Rated.author_id == actor.user_id, Contribution.state == State.PUBLISHED),
        )
        .order_by(Rated.made_at, Rated.author_id)
    )
    ratings: dict[int, Rating] = {}
    replies: dict[int, tuple[Said, ...]] = {}
    for row in rows:
        rated, name = row[0], row[2]
        words: Contribution | None = row[1]
        own = rated.author_id == actor.user_id
        if own:
            ratings[rated.review_id] = _rating(rated)
        if words is not None and words.state is not State.REMOVED:
            one = Said(
                contribution_id=words.id,
                name=name,
                is_own=own,
                html=words.html,
                state=words.state,
                note=words.note if own else "",
            )
            replies[rated.review_id] = (*replies.get(rated.review_id, ()), one)
    return OfReviews(ratings, replies)


def _rating(rated: Rated) -> Rating:
    return Rating(helpful=rated.helpful, tags=tags_of(rated), changed_at=rated.changed_at)


def tags_of(rated: Rated) -> tuple[str, ...]:
    """The ticks of an author, in the order in which they are offered."""
    stored = rated.tags.get("tags", [])
    return tuple(tag for tag in rules.TAGS if tag in stored)


def heard(session: Session, actor: Actor, running: Running) -> tuple[Heard, ...]:
    """What authors said of the reviews that the actor wrote, the newest first. One query.

    A review that staff took out of the count brings nothing: there is no conversation about it.
    """
    named = gates.shows_authors(running.settings, running.phase)
    rows = session.execute(
        select(Rated, Review.id, Work.alias, User.name, Contribution)
        .join(Review, Review.id == Rated.review_id)
        .join(Work, Work.id == Review.work_id)
        .join(User, User.id == Rated.author_id)
        .outerjoin(Contribution, Contribution.id == Rated.reply_id)
        .where(
            Review.placement_id == running.placement.id,
            Review.reviewer_id == actor.user_id,
            Review.state == ReviewState.SUBMITTED,
            Review.source != Source.SELF,
        )
        .order_by(Rated.changed_at.desc(), Rated.review_id, Rated.author_id)
        .limit(PAGE)
    )
    found = []
    for rated, review_id, alias, name, reply in rows:
        words: Contribution | None = reply
        public = words if words is not None and words.state is State.PUBLISHED else None
        found.append(
            Heard(
                review_id=review_id,
                work_alias=alias,
                name=name if named else "",
                helpful=rated.helpful,
                tags=tags_of(rated),
                at=rated.changed_at,
                reply_id=public.id if public else None,
                html=public.html if public else "",
            )
        )
    return tuple(found)
