"""Everybody who may review, with what was given to them so far. A fixed number of queries for all of them."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.hooks.rating import GroupScope, Rater
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.peer_rating.access import FINISHED
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.allocating.counting import NOT_PEERS
from lmssocial.widgets.peer_rating.allocating.pools import NEVER_AGAIN
from lmssocial.widgets.peer_rating.example_models import Example, Try
from lmssocial.widgets.peer_rating.models import (
    HANDED_IN,
    OPEN,
    Author,
    Conflict,
    Extension,
    Review,
    ReviewState,
    Work,
)
from lmssocial.widgets.peer_rating.people import participants
from lmssocial.widgets.peer_rating.settings import Calibration


@dataclass(frozen=True, kw_only=True)
class Busy:
    """Somebody who takes part, and how far they are."""

    rater: Rater
    """``asked`` is what they have not been given yet."""
    open: int
    """How many reviews they hold."""
    volunteered: bool
    """Whether they finished more than was asked of them."""
    has_own: bool
    untried: int
    """Examples that must be tried first."""
    extension: Extension | None


def everybody(session: Session, running: Running, course_id: int) -> tuple[Busy, ...]:
    """All who take part, by id. Seven queries."""
    people = {one.user_id: one for one in participants(session, course_id)}
    groups = running.settings.groups is not GroupScope.ANYBODY
    here = _Here(session, running)
    return tuple(
        Busy(
            rater=Rater(
                id=user_id,
                groups=people[user_id].groups if groups else frozenset(),
                asked=max(running.settings.asked - here.done[user_id] - here.open[user_id], 0),
                had=frozenset(here.had[user_id]),
                avoids=frozenset(here.avoids[user_id]),
                reviewed_by=frozenset(here.reviewed_by[user_id]),
                met=frozenset(here.met[user_id]),
            ),
            open=here.open[user_id],
            volunteered=here.done[user_id] > running.settings.asked,
            has_own=user_id in here.with_own,
            untried=max(here.examples - here.tries[user_id], 0),
            extension=here.extensions.get(user_id),
        )
        for user_id in sorted(people)
    )


class _Here:
    """Everything about everybody in one activity, by their ids."""

    def __init__(self, session: Session, running: Running) -> None:
        self._session = session
        self._running = running
        self._placement_id = running.placement.id
        self.done: defaultdict[int, int] = defaultdict(int)
        self.open: defaultdict[int, int] = defaultdict(int)
        self.had: defaultdict[int, set[int]] = defaultdict(set)
        self.reviewed_by: defaultdict[int, set[int]] = defaultdict(set)
        self.avoids: defaultdict[int, set[int]] = defaultdict(set)
        self.met: defaultdict[int, set[int]] = defaultdict(set)
        self.tries: defaultdict[int, int] = defaultdict(int)
        self.with_own: set[int] = set()
        self.examples = 0
        self._read_works()
        self._read_reviews()
        self._read_people()
        self._read_examples()

    def _read_works(self) -> None:
        rows = self._session.execute(
            select(Author.user_id, Author.work_id, Work.state)
            .join(Work, Work.id == Author.work_id)
            .where(Author.placement_id == self._placement_id)
        )
        self._authors: defaultdict[int, set[int]] = defaultdict(set)
        for user_id, work_id, state in rows:
            self._authors[work_id].add(user_id)
            if state in HANDED_IN:
                self.with_own.add(user_id)

    def _read_reviews(self) -> None:
        rows = self._session.execute(
            select(Review.reviewer_id, Review.work_id, Review.state, Review.source).where(
                Review.placement_id == self._placement_id
            )
        )
        for user_id, work_id, state, source in rows:
            if state in NEVER_AGAIN:
                self.had[user_id].add(work_id)
            if source in NOT_PEERS:  # experts may be learners, too
                continue
            self.done[user_id] += state is ReviewState.SUBMITTED
            self.open[user_id] += state in OPEN
            if state in {*OPEN, *FINISHED}:
                for author in self._authors[work_id]:
                    self.reviewed_by[author].add(user_id)

    def _read_people(self) -> None:
        pairs = self._session.execute(
            select(Conflict.user_id, Conflict.other_id).where(Conflict.placement_id == self._placement_id)
        )
        for one, other in pairs:
            self.avoids[one].add(other)
            self.avoids[other].add(one)
        met = self._session.execute(
            select(Review.reviewer_id, Author.user_id)
            .join(Author, Author.work_id == Review.work_id)
            .where(
                Review.community_id == self._running.activity.community_id,
                Review.placement_id != self._placement_id,
                Review.state.in_(FINISHED),
            )
            .distinct()
        )
        for user_id, author in met:
            self.met[user_id].add(author)
        rows = self._session.scalars(select(Extension).where(Extension.placement_id == self._placement_id))
        self.extensions = {row.user_id: row for row in rows}

    def _read_examples(self) -> None:
        if self._running.settings.calibration is not Calibration.REQUIRED:
            return
        offered = select(Example.id).join(Contribution, Contribution.id == Example.contribution_id)
        offered = offered.where(
            Example.placement_id == self._placement_id,
            Example.retired_at.is_(None),
            Contribution.state == State.PUBLISHED,
        )
        ids = self._session.scalars(offered).all()
        self.examples = len(ids)
        tried = self._session.execute(
            select(Try.user_id, func.count()).where(Try.example_id.in_(ids)).group_by(Try.user_id)
        )
        for user_id, count in tried:
            self.tries[user_id] = count
