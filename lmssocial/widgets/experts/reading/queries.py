"""What the page of a question shows, beside what is said to it. A constant number of queries."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.communities import spanning
from lmssocial.social.knowledge.models import Item
from lmssocial.widgets.experts import access, questions
from lmssocial.widgets.experts.answering.queries import origin_of
from lmssocial.widgets.experts.asking import changing, lists
from lmssocial.widgets.experts.asking.finding import QUESTION
from lmssocial.widgets.experts.invitation_models import HOLDING, Invitation, InvitationState
from lmssocial.widgets.experts.matching import reasons
from lmssocial.widgets.experts.models import ALIVE, Answer, Message, Question, Step
from lmssocial.widgets.experts.questions import Asked
from lmssocial.widgets.experts.reading.timeline import StepRow, Told, told


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Somebody who is asked at present, or who accepted, and why they were chosen."""

    name: str
    """Empty as long as they have not accepted: that they were asked is nobody else's affair."""
    user_id: int
    from_where: str
    """What joins their course with that of the reader; empty where it is the same."""
    reasons: tuple[str, ...]
    has_accepted: bool


@dataclass(frozen=True, kw_only=True)
class QuestionPage:
    """A question as its page shows it."""

    asked: Asked
    asker_name: str
    is_mine: bool
    is_guest: bool
    moderates: bool
    """Whether they decide about its words, if they wait."""
    looks_after: bool
    from_where: str
    """For a guest: what joins their course with that of the question; empty for everybody else."""
    topics: tuple[tuple[int, str], ...]
    own: Invitation | None
    """The invitation of the reader."""
    chosen: tuple[Chosen, ...]
    timeline: tuple[Told, ...]
    published_id: int | None
    """What carries it as knowledge."""
    merged_title: str
    may_change: bool

    @property
    def is_alive(self) -> bool:
        """Whether it has a next step."""
        return self.asked.question.state in ALIVE


def question_page(session: Session, actor: Actor, question_id: int) -> QuestionPage:
    """A question with everything around it. Nine queries, and two more for those who come from other courses.

    :raises NotFound: if there is none of that number, or it is not for the actor.
    """
    asked = questions.seen(session, actor, question_id)
    question = asked.question
    is_guest = access.is_guest(actor, question)
    asker_name = session.scalars(select(User.name).where(User.id == question.asker_id)).one()
    invited = _invited(session, question_id)
    elsewhere = is_guest or any(row[0].community_id != question.community_id for row in invited)
    joined = spanning.together(session, actor.community_id) if elsewhere else {}
    return QuestionPage(
        asked=asked,
        asker_name=asker_name,
        is_mine=question.asker_id == actor.user_id and not is_guest,
        is_guest=is_guest,
        moderates=actor.moderates and not is_guest,
        looks_after=access.looks_after(actor) and not is_guest,
        from_where=origin_of(question.community_id, actor, joined),
        topics=lists.topics_under(session, [question_id]).get(question_id, ()),
        own=next((row[0] for row in invited if _is_of(row[0], actor)), None),
        chosen=tuple(_chosen(actor, row, joined) for row in invited if row[0].state in HOLDING),
        timeline=tuple(_timeline(session, question, asker_name)),
        published_id=_published(session, question),
        merged_title=_merged_title(session, actor, question),
        may_change=changing.may_change(actor, asked),
    )


def words_around(session: Session, question_id: int) -> list[int]:
    """The contributions that the page of a question puts before its reader, by their ids. One query."""
    own = select(Question.contribution_id).where(Question.id == question_id)
    answers = select(Answer.contribution_id).where(Answer.question_id == question_id)
    messages = select(Message.contribution_id).where(Message.question_id == question_id)
    return list(session.scalars(union_all(own, answers, messages)))


def _invited(session: Session, question_id: int) -> list[Any]:
    return list(
        session.execute(
            select(Invitation, User.name)
            .join(User, User.id == Invitation.user_id)
            .where(Invitation.question_id == question_id)
            .order_by(Invitation.id)
        ).all()
    )


def _is_of(invitation: Invitation, actor: Actor) -> bool:
    return invitation.user_id == actor.user_id and invitation.community_id == actor.community_id


def _chosen(actor: Actor, row: Any, joined: dict[int, str]) -> Chosen:
    invitation, name = row
    has_accepted = invitation.state is InvitationState.ACCEPTED
    return Chosen(
        name=name if has_accepted else "",
        user_id=invitation.user_id,
        from_where=origin_of(invitation.community_id, actor, joined),
        reasons=tuple(reasons.worded(invitation.reasons)) if invitation.reasons else (),
        has_accepted=has_accepted,
    )


def _timeline(session: Session, question: Question, asker_name: str) -> list[Told]:
    rows = session.execute(
        select(Step.what, Step.at, Step.by_id, User.name, Step.facts)
        .outerjoin(User, User.id == Step.by_id)
        .where(Step.question_id == question.id)
        .order_by(Step.id)
    )
    steps = [
        StepRow(what=row.what, at=row.at, by_id=row.by_id, by_name=row.name or "", facts=row.facts)
        for row in rows
    ]
    answered = session.scalars(select(Answer.author_id).where(Answer.question_id == question.id))
    answerers = {*answered, *([question.accepted_by_id] if question.accepted_by_id else [])}
    return told(steps, asker_name, frozenset(answerers))


def _published(session: Session, question: Question) -> int | None:
    return session.scalar(
        select(Item.contribution_id).where(Item.origin_kind == QUESTION, Item.origin_id == question.id)
    )


def _merged_title(session: Session, actor: Actor, question: Question) -> str:
    """The title of the question it goes on in, if the actor reads that; empty otherwise."""
    if question.merged_into_id is None:
        return ""
    found = lists.titles(session, actor, [question.merged_into_id])
    return found.get(question.merged_into_id, "")
