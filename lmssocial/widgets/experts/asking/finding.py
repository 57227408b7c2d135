"""Questions in the search index, each with its published answers. Who finds one is decided by the rules of reading."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.markdown import plain_text
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.search import index
from lmssocial.social.search.queries import Field
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.models import Answer, Question

QUESTION = "experts.question"
"""What questions are called: as contributions, and in the search index."""


def refresh(session: Session, question_id: int) -> None:
    """Make a question findable by its words and those of its published answers as they are now.

    Whoever publishes, changes or takes away a question or an answer calls this. One that was removed is not found.
    """
    question = session.get_one(Question, question_id)
    words = session.get_one(Contribution, question.contribution_id)
    if words.state is State.REMOVED:
        index.take_out(session, QUESTION, question_id)
        return
    answers = session.scalars(
        select(Contribution.source)
        .join(Answer, Answer.contribution_id == Contribution.id)
        .where(Answer.question_id == question_id, Contribution.state == State.PUBLISHED)
        .order_by(Contribution.id)
    )
    index.put(
        session,
        index.Document(
            kind=QUESTION,
            subject_id=question_id,
            tenant_id=question.tenant_id,
            community_id=question.community_id,
            title=words.title,
            body="\n".join(plain_text(source) for source in (words.source, *answers)),
            at=question.opened_at,
        ),
    )


def field(actor: Actor, *conditions: Any) -> Field:
    """Where to look for questions that the actor reads and that fit some conditions on Question."""
    return Field(QUESTION, select(Question.id).where(access.seen_by(actor), *conditions))
