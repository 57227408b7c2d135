"""What waits for somebody, and what they asked. A constant number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.communities.models import Placement
from lmssocial.social.content.models import Contribution
from lmssocial.social.content.models import State as Visible
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.asking import lists
from lmssocial.widgets.experts.asking.lists import QuestionLine, Show, Wanted
from lmssocial.widgets.experts.clockwork.facts import facts_of_all
from lmssocial.widgets.experts.clockwork.next_step import NextStep, Owner, next_step, viewer_of
from lmssocial.widgets.experts.hours import queries as hours
from lmssocial.widgets.experts.hours.queries import BookingLine
from lmssocial.widgets.experts.invitation_models import WAITING, Invitation, InvitationState
from lmssocial.widgets.experts.models import ALIVE, Introduction, Level, Question, State
from lmssocial.widgets.experts.people_models import Profile
from lmssocial.widgets.experts.questions import Asked
from lmssocial.widgets.experts.settings import ExpertSettings

MOST = 10
"""Things of a kind on the first page."""
FEW = 5
"""Questions of others on it."""


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A question that it is the reader's turn with, or one of theirs."""

    id: int
    title: str
    asker_name: str
    state: State
    visible: Visible
    next: NextStep
    until: datetime | None
    """Until when an invited reader is waited for."""


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """An introduction that the reader has not said anything about."""

    id: int
    by_name: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """What the first page shows somebody."""

    to_answer: tuple[Turn, ...]
    """Questions they were asked to answer, or have accepted."""
    mine_now: tuple[Turn, ...]
    """Their own questions in which it is their turn."""
    mine_later: tuple[Turn, ...]
    """Their own questions in which it is somebody else's."""
    introductions: tuple[Meeting, ...]
    bookings: tuple[BookingLine, ...]
    open_to_all: tuple[QuestionLine, ...]
    """Questions of others that everybody may answer, the newest first."""
    offers: bool
    """Whether they offer to be asked."""
    on_desk: int
    """Questions that stewards look after now; 0 for everybody else."""

    @property
    def anything(self) -> bool:
        """Whether something waits for them."""
        return bool(self.to_answer or self.mine_now or self.introductions or self.bookings)


def waiting(session: Session, actor: Actor) -> Waiting:
    """Everything of the first page."""
    turns = _turns(session, actor)
    mine = [turn for is_mine, turn in turns if is_mine]
    their_turn = [turn for turn in mine if turn.next.owner is Owner.ASKER]
    return Waiting(
        to_answer=tuple(turn for is_mine, turn in turns if not is_mine)[:MOST],
        mine_now=tuple(their_turn)[:MOST],
        mine_later=tuple(turn for turn in mine if turn not in their_turn)[:MOST],
        introductions=tuple(_introductions(session, actor)),
        bookings=tuple(hours.mine(session, actor)[:FEW]),
        open_to_all=tuple(_open_to_all(session, actor)),
        offers=_offers(session, actor),
        on_desk=_on_desk(session, actor),
    )


def _turns(session: Session, actor: Actor) -> list[tuple[bool, Turn]]:
    """Own questions, and those the actor was asked to answer, each with whether it is their own."""
    mine = and_(Question.asker_id == actor.user_id, Question.community_id == actor.community_id)
    asked = and_(Question.state == State.OPEN, Invitation.state.in_(WAITING))
    held = and_(
        Question.state == State.ACCEPTED,
        Question.accepted_by_id == actor.user_id,
        Invitation.state == InvitationState.ACCEPTED,
    )
    rows = session.execute(
        select(Question, Contribution, Placement, User.name, Invitation.due_at)
        .join(Contribution, Contribution.id == Question.contribution_id)
        .join(Placement, Placement.id == Question.placement_id)
        .join(User, User.id == Question.asker_id)
        .outerjoin(
            Invitation,
            and_(
                Invitation.question_id == Question.id,
                Invitation.user_id == actor.user_id,
                Invitation.community_id == actor.community_id,
            ),
        )
        .where(Question.state.in_(ALIVE), access.seen_by(actor), or_(mine, asked, held))
        .order_by(Question.opened_at, Question.id)
        .limit(4 * MOST)
    ).all()
    return list(_with_next_steps(session, actor, rows))


def _with_next_steps(session: Session, actor: Actor, rows: Iterable[Any]) -> Iterable[tuple[bool, Turn]]:
    rows = list(rows)
    if not rows:
        return
    asked = [
        Asked(
            question=row.Question,
            words=row.Contribution,
            placement=row.Placement,
            settings=ExpertSettings.read(row.Placement.settings),
        )
        for row in rows
    ]
    facts = facts_of_all(session, asked)
    for row, one in zip(rows, asked, strict=True):
        known = facts[one.question.id]
        is_mine = one.question.asker_id == actor.user_id
        yield (
            is_mine,
            Turn(
                id=one.question.id,
                title=one.words.title,
                asker_name=row.name,
                state=one.question.state,
                visible=one.words.state,
                next=next_step(one, known, viewer_of(actor, one.question, known)),
                until=row.due_at if one.question.state is State.OPEN else one.question.promised_until,
            ),
        )


def _introductions(session: Session, actor: Actor) -> list[Meeting]:
    first = and_(Introduction.first_id == actor.user_id, Introduction.first_says.is_(None))
    second = and_(Introduction.second_id == actor.user_id, Introduction.second_says.is_(None))
    rows = session.execute(
        select(Introduction.id, User.name, Introduction.why)
        .join(User, User.id == Introduction.by_id)
        .where(
            Introduction.community_id == actor.community_id,
            Introduction.ended_at.is_(None),
            or_(first, second),
        )
        .order_by(Introduction.id)
        .limit(MOST)
    )
    return [Meeting(id=row.id, by_name=row.name, why=row.why) for row in rows]


def _open_to_all(session: Session, actor: Actor) -> list[QuestionLine]:
    found = lists.question_list(session, actor, Wanted(show=Show.OPEN), limit=2 * FEW)
    return [line for line in found.questions if not line.is_mine][:FEW]


def _offers(session: Session, actor: Actor) -> bool:
    offered = select(Profile.user_id).where(
        Profile.community_id == actor.community_id,
        Profile.user_id == actor.user_id,
        Profile.opted_at.is_not(None),
    )
    return session.scalar(offered) is not None


def _on_desk(session: Session, actor: Actor) -> int:
    if not access.looks_after(actor):
        return 0
    found = select(func.count(Question.id)).where(
        Question.community_id == actor.community_id,
        Question.state.in_(ALIVE),
        Question.level == Level.STEWARDS,
    )
    return session.scalar(found) or 0
