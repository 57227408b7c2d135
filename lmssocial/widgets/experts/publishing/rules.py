"""Who may publish a question with its answer, and whose consent it takes."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import Conflict, NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution
from lmssocial.social.content.models import State as Visible
from lmssocial.social.knowledge.models import Item
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.answering.rules import moderates
from lmssocial.widgets.experts.asking.finding import QUESTION
from lmssocial.widgets.experts.models import Answer, Audience, How, Question, State
from lmssocial.widgets.experts.questions import Asked


@dataclass(frozen=True, kw_only=True)
class Sides:
    """Who asked, who answered, and what resolved it."""

    asker_id: int
    expert_id: int
    answer: Contribution

    def has(self, actor: Actor) -> bool:
        """Whether the actor is one of the two."""
        return actor.user_id in (self.asker_id, self.expert_id)


def sides_of(session: Session, asked: Asked) -> Sides | None:
    """The two sides of a question that an answer resolved, as long as both can be read. One query."""
    question = asked.question
    if question.state is not State.RESOLVED or question.resolved_how is not How.ANSWER:
        return None
    words = session.scalar(
        select(Contribution)
        .join(Answer, Answer.contribution_id == Contribution.id)
        .where(Contribution.id == (question.solution_id or 0), Contribution.state == Visible.PUBLISHED)
    )
    if words is None or not asked.is_published:
        return None
    return Sides(asker_id=question.asker_id, expert_id=words.author_id, answer=words)


def may_publish(actor: Actor, question: Question, sides: Sides) -> bool:
    """Who asked, who answered, and who moderates where it was asked."""
    if not access.asks(actor):
        return False
    return sides.has(actor) or moderates(actor, question)


def needs_consent(question: Question) -> bool:
    """Whether both sides have to agree, since not everybody could read it."""
    return question.audience is Audience.EXPERTS


def published_as(session: Session, question: Question) -> int | None:
    """The contribution that carries it as knowledge. One query."""
    return session.scalar(
        select(Item.contribution_id).where(
            Item.community_id == question.community_id,
            Item.origin_kind == QUESTION,
            Item.origin_id == question.id,
        )
    )


def require_publishes(session: Session, actor: Actor, asked: Asked) -> Sides:
    """Go on only for those who may publish it.

    :raises Conflict: if no answer resolved it, or it was published before.
    :raises NotAllowed: if it is not theirs to publish.
    """
    sides = sides_of(session, asked)
    if sides is None:
        raise Conflict(_("A question can be published once an answer has resolved it."))
    if not may_publish(actor, asked.question, sides):
        raise NotAllowed(_("Who asked, who answered, and who moderates here can publish this."))
    if published_as(session, asked.question) is not None:
        raise Conflict(_("This question was published already. Its page leads to where it stands."))
    return sides
