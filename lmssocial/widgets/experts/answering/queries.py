"""What was said to a question, as somebody reads it, and what they may do about it. A constant number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, false, literal, or_, select, true, union_all
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.communities import spanning
from lmssocial.social.content.models import Contribution
from lmssocial.social.content.models import State as Visible
from lmssocial.widgets.experts import access, questions
from lmssocial.widgets.experts.answering import rules
from lmssocial.widgets.experts.invitation_models import Invitation
from lmssocial.widgets.experts.models import ALIVE, Answer, Message, Question, State
from lmssocial.widgets.experts.questions import Asked


@dataclass(frozen=True, kw_only=True)
class Said:
    """An answer or a message."""

    contribution_id: int
    is_answer: bool
    asks: bool
    """Of a message: whether the asker was asked back."""
    author_id: int
    author_name: str
    author_role: str
    origin: str
    """Where its author comes from, if that is another community than the reader's: what joins the two."""
    is_by_asker: bool
    is_own: bool
    is_solution: bool
    html: str
    at: datetime
    edited_at: datetime | None
    state: Visible
    note: str
    may_edit: bool
    may_take_back: bool
    may_choose: bool
    """Whether the reader can say that it resolved the question."""
    may_report: bool
    may_decide: bool
    """Whether it waits for the reader, who moderates."""
    may_why: bool
    """Whether the reader wrote it and can read why it waits; guests read that in the note beside it."""

    @property
    def waits(self) -> bool:
        """Whether only its author and moderators read it."""
        return self.state is not Visible.PUBLISHED


@dataclass(frozen=True, kw_only=True)
class Acts:
    """What somebody may do about a question, as far as it is about what is said to it."""

    may_answer: bool
    own_answer_id: int | None
    """What they have answered already; then they change that."""
    may_ask_back: bool
    may_say: bool
    may_resolve: bool
    may_reopen: bool
    may_rate: bool


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """All of it, in the order it was said."""

    said: list[Said]
    acts: Acts

    @property
    def answers(self) -> int:
        """Answers that everybody reads who reads the question."""
        return sum(one.is_answer and not one.waits for one in self.said)


def said(session: Session, actor: Actor, asked: Asked) -> list[Said]:
    """What was said to a question that the actor reads. At most three queries."""
    return conversation(session, actor, asked).said


def conversation(session: Session, actor: Actor, asked: Asked) -> Conversation:
    """:func:`said`, with what the actor may do about it. At most three queries."""
    question = asked.question
    rows = session.execute(_statement(actor, question)).all()
    invitation = questions.invitation_of(session, question.id, actor.user_id)
    others = {row.told_in or question.community_id for row in rows} - {actor.community_id}
    joined = spanning.together(session, actor.community_id) if others else {}
    pieces = [_said(actor, question, row, joined) for row in rows]
    return Conversation(said=pieces, acts=_acts(actor, asked, invitation, pieces))


def origin_of(community_id: int, actor: Actor, joined: dict[int, str]) -> str:
    """Where somebody comes from, for a reader who is not of their course: never the name of the course.

    :param joined: as :func:`lmssocial.social.communities.spanning.together` for the reader.
    """
    if community_id == actor.community_id:
        return ""
    return joined.get(community_id) or _("your organisation")


def _statement(actor: Actor, question: Question) -> Any:
    pieces = union_all(
        select(Answer.contribution_id.label("id"), true().label("is_answer"), false().label("asks")).where(
            Answer.question_id == question.id
        ),
        select(Message.contribution_id, literal(value=False), Message.asks).where(
            Message.question_id == question.id
        ),
    ).subquery()
    readable: Any = Contribution.state == Visible.PUBLISHED
    kept = Contribution.state.in_([Visible.HELD, Visible.REJECTED])
    if rules.moderates(actor, question):
        readable = or_(readable, kept)
    else:
        readable = or_(readable, and_(kept, Contribution.author_id == actor.user_id))
    return (
        select(
            Contribution,
            pieces.c.is_answer,
            pieces.c.asks,
            User.name,
            Invitation.community_id.label("told_in"),
        )
        .join(pieces, pieces.c.id == Contribution.id)
        .join(User, User.id == Contribution.author_id)
        .outerjoin(
            Invitation,
            and_(Invitation.question_id == question.id, Invitation.user_id == Contribution.author_id),
        )
        .where(readable)
        .order_by(Contribution.id)
    )


def _said(actor: Actor, question: Question, row: Any, joined: dict[int, str]) -> Said:
    words: Contribution = row.Contribution
    own = words.author_id == actor.user_id
    decides, public = rules.moderates(actor, question), words.state is Visible.PUBLISHED
    talked_about = question.state in rules.TALKED_ABOUT
    asks_whom = question.asker_id == actor.user_id
    return Said(
        contribution_id=words.id,
        is_answer=bool(row.is_answer),
        asks=bool(row.asks),
        author_id=words.author_id,
        author_name=row.name,
        author_role=words.author_role,
        origin=origin_of(row.told_in or question.community_id, actor, joined),
        is_by_asker=words.author_id == question.asker_id,
        is_own=own,
        is_solution=question.state is State.RESOLVED and question.solution_id == words.id,
        html=words.html,
        at=words.published_at or words.created_at,
        edited_at=words.edited_at,
        state=words.state,
        note=words.note,
        may_edit=own and talked_about,
        may_take_back=own or decides,
        may_choose=bool(row.is_answer) and asks_whom and question.state in ALIVE and public,
        may_report=not own and public and not access.is_guest(actor, question),
        may_decide=decides and not public and not own,
        may_why=own and not public and not access.is_guest(actor, question),
    )


def _acts(actor: Actor, asked: Asked, invitation: Invitation | None, pieces: Sequence[Said]) -> Acts:
    question = asked.question
    own = next((one.contribution_id for one in pieces if one.is_own and one.is_answer), None)
    read = [one for one in pieces if one.is_answer and not one.waits]
    mine = question.asker_id == actor.user_id
    return Acts(
        may_answer=own is None and rules.may_answer(actor, asked, invitation),
        own_answer_id=own,
        may_ask_back=rules.may_ask_back(actor, asked, invitation),
        may_say=rules.may_say(actor, asked, invitation),
        may_resolve=rules.may_resolve(actor, question),
        may_reopen=rules.may_reopen(actor, asked, clock.now()),
        may_rate=question.state is State.RESOLVED and any(mine or one.is_own for one in read),
    )
