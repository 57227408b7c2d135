"""What the page of a comparison shows."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.rubrics.criteria import Criterion
from lmssocial.widgets.peer_rating import gates
from lmssocial.widgets.peer_rating.activities import extension_of, running
from lmssocial.widgets.peer_rating.models import Author, WorkState
from lmssocial.widgets.peer_rating.pair_models import Comparison, ComparisonState
from lmssocial.widgets.peer_rating.pairs import holding
from lmssocial.widgets.peer_rating.pairs.drafts import Saved
from lmssocial.widgets.peer_rating.works.queries import WorkView, work_view


@dataclass(frozen=True, kw_only=True)
class PairPage:
    """Two works, and what their judge has said of them."""

    id: int
    works: tuple[WorkView, ...]
    """In the order of the page; none once one of them went."""
    first_id: int
    second_id: int
    rubric: tuple[Criterion, ...]
    is_sent: bool
    why_not: str
    """Why nothing can be written any more."""
    saved: Saved
    leased_until: datetime | None
    due_at: datetime | None
    least: int
    """Characters that its words have at least."""
    minutes: int
    is_named: bool
    """Whether the authors read it under the judge's name."""
    html: str = ""
    """The words, once they are sent."""
    waits: bool = False
    """Whether these are kept from the authors."""
    better_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Received:
    """What somebody said of a work beside another."""

    contribution_id: int
    by: str
    """The judge's name; empty where it is hidden."""
    html: str
    was_better: bool
    criteria: tuple[str, ...]
    """The titles of the criteria by which this work was found the better one."""


def pair_page(session: Session, actor: Actor, placement_id: int, comparison_id: int) -> PairPage:
    """A comparison of the actor's, with both works. A constant number of queries.

    :raises NotFound: if it is not theirs.
    """
    comparison = holding.own_pair(session, actor, placement_id, comparison_id)
    here = running(session, actor, placement_id)
    is_sent = comparison.state is ComparisonState.SUBMITTED
    why_not = "" if is_sent else holding.why_closed(session, actor, here, comparison)
    order = [comparison.low_id, comparison.high_id]
    if comparison.swapped:
        order.reverse()
    works: tuple[WorkView, ...] = ()
    if not why_not and comparison.state is not ComparisonState.EXPIRED:
        works = tuple(work_view(session, actor, here, work) for work in order)
        works = works if all(one.state is WorkState.SUBMITTED for one in works) else ()
    words = session.get(Contribution, comparison.contribution_id) if comparison.contribution_id else None
    extension = extension_of(session, placement_id, actor.user_id)
    return PairPage(
        id=comparison.id,
        works=works,
        first_id=order[0],
        second_id=order[1],
        rubric=here.settings.rubric,
        is_sent=is_sent,
        why_not=why_not,
        saved=Saved.read(comparison.answers),
        leased_until=comparison.leased_until,
        due_at=gates.review_due(here.settings, extension),
        least=max(1, here.settings.comment_least),
        minutes=here.settings.minutes,
        is_named=gates.shows_reviewers(here.settings, here.phase),
        html=words.html if words else "",
        waits=words is not None and words.state is not State.PUBLISHED,
        better_id=comparison.better_id,
    )


def received(session: Session, actor: Actor, placement_id: int) -> tuple[Received, ...]:
    """What others said of the actor's work beside that of somebody else, once authors read it. Two queries."""
    here = running(session, actor, placement_id)
    if here.phase not in gates.READ_BY_AUTHORS:
        return ()
    own = select(Author.work_id).where(Author.placement_id == placement_id, Author.user_id == actor.user_id)
    mine = set(session.scalars(own))
    rows = session.execute(
        select(Comparison, Contribution, User.name)
        .join(Contribution, Contribution.id == Comparison.contribution_id)
        .join(User, User.id == Comparison.judge_id)
        .where(
            Comparison.placement_id == placement_id,
            Comparison.state == ComparisonState.SUBMITTED,
            Contribution.state == State.PUBLISHED,
            Comparison.low_id.in_(own) | Comparison.high_id.in_(own),
        )
        .order_by(Comparison.id)
    )
    titles = [line.title for line in here.settings.rubric]
    return tuple(
        Received(
            contribution_id=words.id,
            by=name if gates.shows_reviewers(here.settings, here.phase) else "",
            html=words.html,
            was_better=comparison.better_id in mine,
            criteria=tuple(
                titles[int(index)]
                for index, work in comparison.answers.items()
                if work in mine and int(index) < len(titles)
            ),
        )
        for comparison, words, name in rows
    )
