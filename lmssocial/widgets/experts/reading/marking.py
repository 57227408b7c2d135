"""Remembering what somebody read of a question, and telling the log of it once. Nothing here commits."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core import activity as log
from lmssocial.core.db.upsert import dialect_insert
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution
from lmssocial.social.content.models import State as Visible
from lmssocial.social.engagement.via import Via
from lmssocial.widgets.experts import questions
from lmssocial.widgets.experts.events import QuestionRead
from lmssocial.widgets.experts.models import Answer, Question
from lmssocial.widgets.experts.reading_models import Reading


def mark_read(
    session: Session, actor: Actor, question_id: int, contribution_ids: Collection[int], via: Via
) -> None:
    """Remember whose ends were on the screen: of the question's words, and of answers that others gave.

    :param via: what had led to them.
    :raises NotFound: if there is no such question, or it is not for the actor.
    """
    question = questions.seen(session, actor, question_id).question
    others = _of_others(session, actor, question, contribution_ids)
    if not others:
        return
    rows = [{"user_id": actor.user_id, "contribution_id": one} for one in others]
    insert = dialect_insert(session, Reading).values(rows)
    keys = ["user_id", "contribution_id"]
    new = session.scalars(
        insert.on_conflict_do_nothing(index_elements=keys).returning(Reading.contribution_id)
    ).all()
    if not new:
        return
    answers = sorted(set(new) - {question.contribution_id})
    log.record(
        session,
        QuestionRead(
            **questions.about(session, question, actor),
            question=question.contribution_id in new,
            answer_ids=answers,
            author_ids=[others[one] for one in answers],
            via=via,
        ),
    )


def _of_others(
    session: Session, actor: Actor, question: Question, contribution_ids: Collection[int]
) -> dict[int, int]:
    """What of these everybody reads who reads the question, without what the actor wrote: authors by id. One query."""
    answers = select(Answer.contribution_id).where(Answer.question_id == question.id)
    rows = session.execute(
        select(Contribution.id, Contribution.author_id).where(
            Contribution.id.in_(contribution_ids),
            (Contribution.id == question.contribution_id) | Contribution.id.in_(answers),
            Contribution.author_id != actor.user_id,
            Contribution.state == Visible.PUBLISHED,
        )
    )
    return {row.id: row.author_id for row in rows}
