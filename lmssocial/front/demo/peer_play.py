"""Plays a peer rating of the demo through the product's own services, each step at its own time.

Nothing is inserted behind the services' backs: the clockwork moves the activity, the allocator says who reviews what,
and scores are worked out from what people say.
"""

import heapq
import itertools
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.front.demo.peer_script import PeerScript, Said, when
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Placement
from lmssocial.social.moderation.screening import Screen
from lmssocial.widgets.peer_rating.allocating.builtin import ALLOCATORS
from lmssocial.widgets.peer_rating.allocating.giving import next_review
from lmssocial.widgets.peer_rating.clockwork.extensions import extend
from lmssocial.widgets.peer_rating.clockwork.tick import tick
from lmssocial.widgets.peer_rating.feedback import appealing, rating
from lmssocial.widgets.peer_rating.models import Review
from lmssocial.widgets.peer_rating.releasing import service as releasing
from lmssocial.widgets.peer_rating.reviews import beginning
from lmssocial.widgets.peer_rating.reviews import service as reviewing
from lmssocial.widgets.peer_rating.reviews.answers import Answers, ReviewDraft
from lmssocial.widgets.peer_rating.scoring.catalogue import SCORINGS
from lmssocial.widgets.peer_rating.settings import PeerSettings
from lmssocial.widgets.peer_rating.setup import service as setting_up
from lmssocial.widgets.peer_rating.setup.drafts import SetupDraft, fingerprint
from lmssocial.widgets.peer_rating.works import entering
from lmssocial.widgets.peer_rating.works.drafts import WorkDraft

BY_NAME = {one.name: one for one in ALLOCATORS}, {one.name: one for one in SCORINGS}
"""How reviews are given out, and how they become scores."""
MAXIMUM = PeerSettings().points
"""What the LMS's column for the work is out of."""
_SEED = 523
_A_MOMENT = timedelta(minutes=2)
"""After a date, so that the clockwork finds it over."""


@dataclass
class PeerPlay:
    """One activity while it is being played."""

    session: Session
    screen: Screen
    script: PeerScript
    actors: Mapping[str, Actor]
    teacher: Actor
    placement_id: int
    works: dict[str, int] = field(default_factory=dict)
    """Ids by the key of their author."""
    said: dict[int, list[int]] = field(default_factory=dict)
    """Ids of the reviews of a work, in the order of what is written."""
    declined: set[str] = field(default_factory=set)
    _steps: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _chance: random.Random = field(default_factory=lambda: random.Random(_SEED))  # noqa: S311 – times, not secrets

    def play(self, now: datetime) -> None:
        """Everything that has happened before ``now``."""
        script = self.script
        self._at(script.opens, self._open)
        for work in script.works:
            self._at(work.at, lambda work=work: self._hand_in(work.by, work.body))  # type: ignore[misc]
        for due in (script.submit_due, script.review_due):
            self._at(due + _A_MOMENT, self._look)
        self._plan_reviews()
        self._plan_more(now)
        while self._steps and self._steps[0][0] < now:
            at, _number, step = heapq.heappop(self._steps)
            with clock.at(at):
                step()
            self.session.flush()
        self._look_now(now)

    def _at(self, at: datetime, step: Callable[[], None]) -> None:
        heapq.heappush(self._steps, (at, next(self._numbers), step))

    def _open(self) -> None:
        """The teacher sets it up and opens it."""
        placement, script = self.session.get_one(Placement, self.placement_id), self.script
        settings = PeerSettings(
            task=script.task,
            rubric=script.rubric,
            submit_due_at=script.submit_due,
            review_due_at=script.review_due,
            wanted=script.wanted,
            asked=script.asked,
            minutes=10,
        )
        seen = fingerprint(placement.title, PeerSettings.read(placement.settings))
        draft = SetupDraft(title=script.title, settings=settings, seen=seen)
        setting_up.configure(self.session, self.teacher, placement.id, draft)
        setting_up.open_it(self.session, self.teacher, placement.id)

    def _hand_in(self, by: str, body: str) -> None:
        sent = entering.hand_in(
            self.session, self.screen, self.actors[by], self.placement_id, WorkDraft(source=body)
        )
        self.works[by] = sent.work_id

    def _look(self) -> None:
        """What the worker does every few seconds."""
        tick(self.session, *BY_NAME, self.placement_id, clock.now())

    def _look_now(self, now: datetime) -> None:
        with clock.at(now):
            self._look()

    def _plan_reviews(self) -> None:
        """Whoever has handed in reviews, now and then, until the date is over."""
        begin, end = self.script.submit_due + timedelta(hours=9), self.script.review_due
        for work in self.script.works:
            for number in range(self.script.asked):
                share = (number + self._chance.random()) / self.script.asked
                at = begin + (end - begin) * min(share, 0.98)
                self._at(at, lambda by=work.by: self._review(by))  # type: ignore[misc]

    def _review(self, by: str) -> None:
        """Somebody reviews what they are given, if there is something left to say about it."""
        actor = self.actors[by]
        review = next_review(self.session, BY_NAME[0], actor, self.placement_id)
        if review is None:
            return
        author = next(key for key, work_id in self.works.items() if work_id == review.work_id)
        for decline in self.script.more["decline"]:
            if decline["work"] == author and author not in self.declined:
                self.declined.add(author)
                because = reviewing.Because(decline["because"])
                reviewing.decline(self.session, actor, self.placement_id, review.id, because, decline["note"])
                return
        written = next(work for work in self.script.works if work.by == author).reviews
        before = self.said.setdefault(review.work_id, [])
        if len(before) < len(written):
            self._submit(actor, review, written[len(before)])
            before.append(review.id)
        elif self._chance.random() < 0.5 and review.started_at is None:
            draft = ReviewDraft(answers=Answers(levels={0: 1}), tab=by, seen=0, sequence=1)
            reviewing.save(self.session, actor, self.placement_id, review.id, draft)

    def _submit(self, actor: Actor, review: Review, said: Said) -> None:
        answers = Answers(
            levels=dict(enumerate(said.levels)), comments=dict(said.comments), overall=said.words
        )
        began = clock.now() - timedelta(minutes=self._chance.randint(6, 19))
        draft = ReviewDraft(answers=answers, tab=actor.name, seen=review.sequence, opened_at=began)
        reviewing.submit(self.session, self.screen, actor, self.placement_id, review.id, draft)

    def _plan_more(self, now: datetime) -> None:
        """What happened besides."""
        more, released = self.script.more, self.script.released
        for one in more["extension"]:
            self._at(when(one["at"], now), lambda one=one: self._extend(one, now))  # type: ignore[misc]
        for one in more["anchor"]:
            self._at(when(one["at"], now), lambda one=one: self._anchor(one))  # type: ignore[misc]
        if released is not None:
            self._at(released, self._release)
            for number, one in enumerate(more["rated"], start=1):
                later = released + timedelta(hours=3 * number)
                self._at(later, lambda one=one: self._rate(one))  # type: ignore[misc]
        for one in more["appeal"]:
            self._at(when(one["at"], now), lambda one=one: self._appeal(one))  # type: ignore[misc]

    def _extend(self, one: Mapping[str, str], now: datetime) -> None:
        user_id = self.actors[one["for"]].user_id
        due = when(one["submit_due"], now)
        extend(
            self.session, self.actors[one["by"]], self.placement_id, user_id, due, None, one.get("reason", "")
        )

    def _anchor(self, one: Mapping[str, object]) -> None:
        """An instructor reviews one of the works, too."""
        actor, work_id = self.actors[str(one["by"])], self.works[str(one["work"])]
        review = beginning.staff_review(self.session, actor, self.placement_id, work_id)
        levels = one["levels"]
        assert isinstance(levels, list)  # noqa: S101 – as it is written
        self._submit(actor, review, Said(tuple(levels), str(one["words"]), {}))

    def _release(self) -> None:
        releasing.release(self.session, BY_NAME[1], self.teacher, self.placement_id)

    def _rate(self, one: Mapping[str, object]) -> None:
        author = str(one["work"])
        reviews = self.said[self.works[author]]
        review_id = reviews[int(str(one["review"])) % len(reviews)]
        tags = one["tags"]
        assert isinstance(tags, list)  # noqa: S101 – as it is written
        draft = rating.RatingDraft(
            helpful=int(str(one["helpful"])), tags=tuple(tags), reply=str(one.get("reply", ""))
        )
        rating.rate(self.session, self.screen, self.actors[author], self.placement_id, review_id, draft)

    def _appeal(self, one: Mapping[str, object]) -> None:
        criteria = one["criteria"]
        assert isinstance(criteria, list)  # noqa: S101 – as it is written
        draft = appealing.AppealDraft(criteria=tuple(criteria), text=str(one["text"]))
        appealing.appeal(self.session, self.actors[str(one["work"])], self.placement_id, draft)
