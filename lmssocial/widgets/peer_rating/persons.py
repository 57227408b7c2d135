"""What peer rating keeps about a person, for them and for when they are erased."""

from typing import Any

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from lmssocial.core.db.held import Held, erased, gone, handed_out, nobody, stays, without_ids
from lmssocial.widgets.peer_rating.example_models import Try
from lmssocial.widgets.peer_rating.models import Author, Conflict, Edge, Extension, Review
from lmssocial.widgets.peer_rating.pair_models import Comparison
from lmssocial.widgets.peer_rating.scoring_models import Appeal, Override, Rated, Release, ReviewerResult

HELD: tuple[Held, ...] = (
    *gone(Conflict.user_id, Conflict.other_id, said=False),
    *gone(Extension.user_id, ReviewerResult.user_id, Try.user_id),
    *stays(
        Author.user_id, Comparison.judge_id, Conflict.declared_by_id, Extension.given_by_id, Rated.author_id
    ),
    *stays(Review.reviewer_id, words=(Review.note,)),
    *stays(Appeal.author_id, words=(Appeal.text,)),
    *stays(Appeal.decided_by_id, words=(Appeal.decision,)),
    *stays(Override.made_by_id, words=(Override.reason,)),
    *nobody(Appeal.assigned_to_id, Edge.made_by_id, Release.made_by_id, Review.ended_by_id),
)

PEOPLE = frozenset({"user_ids"})
"""Under which names the facts of an edge hold ids of people."""


def export(session: Session, user_id: int) -> dict[str, Any]:
    """Everything that peer rating keeps about somebody, beside what they wrote."""
    return handed_out(session, user_id, HELD)


def erase(session: Session, user_id: int, *, with_words: bool) -> None:
    """Forget somebody; their works and reviews stay, because others' scores rest on them."""
    erased(session, user_id, HELD, with_words=with_words)
    if with_words:
        for review in session.scalars(select(Review).where(Review.reviewer_id == user_id)).all():
            review.answers = {**review.answers, "comments": {}, "overall": ""}
    edges = select(Edge).where(cast(Edge.facts, String).contains(str(user_id)))
    for edge in session.scalars(edges).all():
        edge.facts = without_ids(edge.facts, user_id, PEOPLE)
