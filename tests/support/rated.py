"""One peer rating with rows in all of its tables, as weeks of work would have left it. Flushed, not committed."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.drafts import Writing
from lmssocial.social.content.markdown import render
from lmssocial.social.content.models import Contribution
from lmssocial.social.content.writing import add
from lmssocial.widgets.peer_rating.example_models import Example, Try
from lmssocial.widgets.peer_rating.models import Conflict, Edge, Extension, Phase, ReviewState, Source
from lmssocial.widgets.peer_rating.pair_models import Comparison, ComparisonState
from lmssocial.widgets.peer_rating.scoring_models import (
    Appeal,
    Override,
    Rated,
    Release,
    Result,
    ReviewerResult,
)
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import Place


def fill(
    session: Session, place: Place, people: Sequence[Actor], phase: Phase, word: str, *, staff: str = ""
) -> None:
    """Let an instructor and two learners do all that there is in a peer rating.

    :param people: the instructor, and the two.
    :param word: stands in all that people write.
    :param staff: stands instead in how it is set, and in its example.
    """
    said = staff or word
    activity = set_up(session, place, phase, task=f"The task of {said}.", identity_reason=f"Said by {said}.")
    teacher, ana, ben = people
    now, placement_id = clock.now(), place.placement.id
    anas = make_work(session, place, ana, source=f"What Ana of {word} hands in.")
    bens = make_work(session, place, ben, source=f"What Ben of {word} hands in.", note=f"A note of {word}")
    about = make_review(session, place, anas, ben, overall=f"Ben of {word} about Ana.")
    make_review(session, place, anas, teacher, overall=f"Staff of {word} on it.", source=Source.STAFF)
    make_review(session, place, bens, ana, overall=f"Begun by {word}.", state=ReviewState.STARTED)
    example = Example(
        tenant_id=place.tenant.id,
        community_id=place.community.id,
        placement_id=placement_id,
        contribution_id=_words(session, place, teacher, "peer_rating.example", f"Shown by {said}.").id,
        levels={"levels": {"0": 0, "1": 1}},
        points=7.0,
        explanation=f"Explained by {said}",
    )
    own = {"tenant_id": place.tenant.id, "placement_id": placement_id}
    here = {**own, "community_id": place.community.id}
    released = Release(
        **own,
        number=1,
        made_by_id=teacher.user_id,
        made_at=now,
        scoring="fair",
        scoring_version="1",
        method="mean",
        input_hash="0" * 64,
        inputs={"said": word},
        results={str(anas.id): 7.0},
    )
    appeal = Appeal(
        **here,
        work_id=anas.id,
        author_id=ana.user_id,
        criteria={"criteria": [0]},
        text=f"An appeal of {word}",
        points_before=7.0,
        made_at=now,
    )
    session.add_all([example, released, appeal])
    session.flush()
    reply = _words(session, place, ana, "peer_rating.reply", f"Ana of {word} answers.")
    low, high = sorted([anas.id, bens.id])
    session.add_all(
        [
            Edge(placement_id=placement_id, edge=f"done-{word}", epoch=0, made_at=now, reason=word),
            Extension(
                placement_id=placement_id,
                user_id=ben.user_id,
                review_due_at=now + timedelta(days=3),
                reason=f"Because of {word}",
                given_by_id=teacher.user_id,
                given_at=now,
            ),
            Conflict(
                placement_id=placement_id,
                user_id=min(ana.user_id, ben.user_id),
                other_id=max(ana.user_id, ben.user_id),
                declared_by_id=teacher.user_id,
                declared_at=now,
            ),
            Try(
                example_id=example.id,
                user_id=ben.user_id,
                levels={"levels": {"0": 0, "1": 0}},
                points=10.0,
                made_at=now,
            ),
            Comparison(
                **here,
                judge_id=ben.user_id,
                low_id=low,
                high_id=high,
                state=ComparisonState.SUBMITTED,
                better_id=low,
                answers={"0": low},
                contribution_id=_words(
                    session, place, ben, "peer_rating.comparison", f"Ben of {word} compares."
                ).id,
                offered_at=now,
                submitted_at=now,
            ),
            Result(
                work_id=anas.id,
                placement_id=placement_id,
                points=7.0,
                mean=7.0,
                count=1,
                method="mean",
                computed_at=now,
                released_points=7.0,
                released_at=now,
                release_id=released.id,
            ),
            ReviewerResult(
                placement_id=placement_id, user_id=ben.user_id, completed=1, owed=4, computed_at=now
            ),
            Override(
                **own,
                work_id=anas.id,
                points=8.0,
                reason=f"Given by {word}",
                appeal_id=appeal.id,
                made_by_id=teacher.user_id,
                made_at=now,
            ),
            Rated(
                review_id=about.id,
                author_id=ana.user_id,
                helpful=4,
                tags={"tags": ["specific"]},
                reply_id=reply.id,
                made_at=now,
                changed_at=now,
            ),
        ]
    )
    activity.released_at = now if phase is Phase.RELEASED else None
    session.flush()


def _words(session: Session, place: Place, actor: Actor, kind: str, source: str) -> Contribution:
    return add(session, actor, kind, Writing(source=source), render(source), placement_id=place.placement.id)
