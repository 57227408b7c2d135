"""Plays expert connect of the demo through the product's own services, each step at its own time.

Nothing is inserted behind the services' backs: the clockwork invites people, lets invitations run out and opens
questions, and what people say passes the policies.
"""

import heapq
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.front.demo.experts_script import Bringing, ExpertScript, Hours, Inquiry, Offer, Praise, Turn
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution
from lmssocial.social.knowledge.ports import Known
from lmssocial.social.moderation.screening import Screen
from lmssocial.widgets.experts import questions
from lmssocial.widgets.experts.answering import service as answering
from lmssocial.widgets.experts.answering.drafts import WordsDraft
from lmssocial.widgets.experts.asking import service as asking
from lmssocial.widgets.experts.asking.drafts import QuestionDraft
from lmssocial.widgets.experts.clockwork.tick import tick
from lmssocial.widgets.experts.hours import offering
from lmssocial.widgets.experts.hours.drafts import OfficeHourDraft
from lmssocial.widgets.experts.introducing import service as introducing
from lmssocial.widgets.experts.invitation_models import WAITING, Because, Invitation, Source
from lmssocial.widgets.experts.inviting import replying
from lmssocial.widgets.experts.inviting.service import Rankings, invite
from lmssocial.widgets.experts.models import Answer, Audience, How, Question, Reach, Urgency
from lmssocial.widgets.experts.people import endorsing
from lmssocial.widgets.experts.people import service as people
from lmssocial.widgets.experts.people.drafts import ProfileDraft
from lmssocial.widgets.experts.publishing import service as publishing
from lmssocial.widgets.experts.publishing.service import PublishDraft
from lmssocial.widgets.experts.topics import service as topics

_BEFORE = timedelta(minutes=30)
"""How long before the end of their time people say that they have none."""
_AT_MOST = 2000
"""Turns of the clock between two steps: more would mean that it stands still."""


@dataclass
class ExpertPlay:
    """One expert connect while it is being played."""

    session: Session
    screen: Screen
    rankings: Rankings
    known: Sequence[Known]
    """Where knowledge is published."""
    script: ExpertScript
    actors: Mapping[str, Actor]
    teacher: Actor
    steward: Actor
    placement_id: int
    homes: Mapping[str, int]
    """Discussions by their keys, in which answers can be published."""
    asked: dict[str, int] = field(default_factory=dict)
    """Ids of questions by their keys."""
    _steps: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def play(self, now: datetime) -> None:
        """Everything that has happened before ``now``."""
        self._plan()
        while self._steps and self._steps[0][0] < now:
            at, _number, step = heapq.heappop(self._steps)
            self._run_clock(at)
            with clock.at(at):
                step()
            self.session.flush()
        self._run_clock(now)

    def _plan(self) -> None:
        script = self.script
        self._at(script.opened, self._open)
        for number, offer in enumerate(script.offers, start=1):
            self._at(script.opened + timedelta(hours=number), partial(self._offer, offer))
        for praise in script.praise:
            self._at(praise.at, partial(self._praise, praise))
        for inquiry in script.inquiries:
            self._at(inquiry.at, partial(self._ask, inquiry))
            for turn in inquiry.turns:
                self._at(turn.at, partial(self._turn, inquiry.key, turn))
        for bringing in script.bringings:
            self._at(bringing.at, partial(self._introduce, bringing))
        for number, hours in enumerate(script.hours, start=1):
            self._at(script.opened + timedelta(days=1, hours=number), partial(self._meet, hours))

    def _at(self, at: datetime, step: Callable[[], None]) -> None:
        heapq.heappush(self._steps, (at, next(self._numbers), step))

    def _run_clock(self, until: datetime) -> None:
        """What the worker does in the meantime: look at every question when its time has come."""
        for _turn in range(_AT_MOST):
            self.session.flush()
            due = self.session.execute(
                select(Question.id, Question.next_at)
                .where(Question.placement_id == self.placement_id, Question.next_at < until)
                .order_by(Question.next_at, Question.id)
                .limit(1)
            ).first()
            if due is None:
                return
            with clock.at(due.next_at - _BEFORE):
                self._decline_in_time(due.id, due.next_at)
            with clock.at(due.next_at):
                tick(self.session, self.rankings, due.id, due.next_at)
        raise AssertionError("the clockwork stands still")

    def _decline_in_time(self, question_id: int, until: datetime) -> None:
        """Whoever was asked, and will not answer, says so before the time is over."""
        waiting = select(Invitation.user_id).where(
            Invitation.question_id == question_id, Invitation.state.in_(WAITING), Invitation.due_at <= until
        )
        by_id = {actor.user_id: actor for actor in self.actors.values()}
        for user_id in self.session.scalars(waiting.order_by(Invitation.id)).all():
            replying.decline(self.session, self.rankings, by_id[user_id], question_id, Because.NO_TIME)

    def _open(self) -> None:
        """The steward says what there is to ask about."""
        for topic in self.script.topics:
            topics.create(self.session, self.steward, topic.label, topic.about, topic.synonyms)

    def _offer(self, offer: Offer) -> None:
        draft = ProfileDraft(
            reach=Reach.COURSE,
            topics=offer.topics,
            bio=offer.bio,
            languages=offer.languages,
            zone=offer.zone,
            most_open=4,
            most_week=9,
        )
        actor = self.actors[offer.by]
        people.opt_in(self.session, self.screen, actor, self.placement_id, draft)
        for name in offer.sme:
            endorsing.appoint(self.session, self.teacher, self.placement_id, name, actor.user_id)

    def _praise(self, praise: Praise) -> None:
        actor, about = self.actors[praise.by], self.actors[praise.about]
        endorsing.endorse(
            self.session, self.screen, actor, self.placement_id, about.user_id, praise.topic, praise.why
        )

    def _ask(self, inquiry: Inquiry) -> None:
        draft = QuestionDraft(
            title=inquiry.title,
            source=inquiry.body,
            topics=inquiry.topics,
            audience=Audience(inquiry.audience),
            urgency=Urgency(inquiry.urgency),
        )
        question = asking.ask(self.session, self.screen, self.actors[inquiry.by], self.placement_id, draft)
        self.asked[inquiry.key] = question.id
        # invitations go out with the next look of the clock, a moment later
        self._at(inquiry.at + timedelta(seconds=30), lambda: None)

    def _turn(self, key: str, turn: Turn) -> None:
        session, actor, question_id = self.session, self.actors[turn.by], self.asked[key]
        match turn.do:
            case "accept":
                self._invited(question_id, actor)
                replying.accept(session, actor, question_id)
            case "decline":
                self._invited(question_id, actor)
                replying.decline(session, self.rankings, actor, question_id, Because(turn.facts["because"]))
            case "ask" | "say":
                draft = WordsDraft(source=turn.body, asks=turn.do == "ask")
                answering.say(session, self.screen, actor, question_id, draft)
            case "answer":
                answering.answer(session, self.screen, actor, question_id, WordsDraft(source=turn.body))
            case "resolve":
                answering.resolve(session, actor, question_id, How.ANSWER, self._answer(question_id))
            case "rate":
                value, words = int(turn.facts["value"]), str(turn.facts["words"])
                answering.rate(session, self.screen, actor, question_id, value, words)
            case "publish":
                self._publish(question_id, actor, self.homes[turn.facts["to"]])
            case _:
                raise ValueError(f"nobody can {turn.do!r} a question")

    def _invited(self, question_id: int, actor: Actor) -> None:
        """The steward thinks of whoever the product did not think of."""
        found = questions.invitation_of(self.session, question_id, actor.user_id)
        if found is None or found.state not in WAITING:
            asked = questions.locked_by_clock(self.session, question_id)
            invite(self.session, asked, actor.user_id, Source.STEWARD, by=self.steward)

    def _answer(self, question_id: int) -> int:
        found = select(Answer.contribution_id).where(Answer.question_id == question_id)
        return self.session.scalars(found.order_by(Answer.contribution_id.desc()).limit(1)).one()

    def _publish(self, question_id: int, actor: Actor, home: int) -> None:
        session, question = self.session, questions.seen(self.session, actor, question_id)
        answer = session.get_one(Contribution, self._answer(question_id))
        draft = PublishDraft(
            home_id=home, title=question.words.title, question=question.words.source, answer=answer.source
        )
        publishing.publish(session, self.screen, self.known, actor, question_id, draft)

    def _introduce(self, bringing: Bringing) -> None:
        first, second = self.actors[bringing.first], self.actors[bringing.second]
        draft = introducing.IntroductionDraft(
            first_id=first.user_id, second_id=second.user_id, why=bringing.why
        )
        made = introducing.introduce(
            self.session, self.screen, self.actors[bringing.by], self.placement_id, draft
        )
        for actor, part in ((first, "first"), (second, "second")):
            if part in bringing.says:
                introducing.respond(self.session, actor, made.id, wants=bringing.says[part])

    def _meet(self, hours: Hours) -> None:
        draft = OfficeHourDraft(
            title=hours.title,
            about=hours.about,
            weekly=hours.weekly,
            first_on=hours.first_on,
            last_on=None,
            begins=hours.begins,
            zone=hours.zone,
            minutes=hours.minutes,
            meetings=hours.meetings,
            pause=hours.pause,
            seats=hours.seats,
            notice_hours=24,
            horizon_days=14,
            place=hours.place,
        )
        offering.offer(self.session, self.actors[hours.by], self.placement_id, draft)
