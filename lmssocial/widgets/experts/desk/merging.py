"""Questions in which another one can go on."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution
from lmssocial.social.content.models import State as Visible
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.asking.lists import Wanted, question_list
from lmssocial.widgets.experts.models import ALIVE, Audience, Question, QuestionTopic, State
from lmssocial.widgets.experts.questions import Asked

MOST = 10


@dataclass(frozen=True, kw_only=True)
class Other:
    """A question to choose."""

    id: int
    title: str


def places_to_go_on(session: Session, actor: Actor, asked: Asked, words: str) -> list[Other]:
    """Questions that have ``words``; without any, the newest with a topic of ``asked``, or the newest of all.

    Only those that whoever asked could read, and that are open, answered or resolved.
    """
    statement = (
        select(Question.id, Contribution.title)
        .join(Contribution, Contribution.id == Question.contribution_id)
        .where(*_fits(actor, asked))
    )
    if words.strip():
        found = question_list(session, actor, Wanted(words=words)).questions
        ids = [line.id for line in found]
        titles = dict(session.execute(statement.where(Question.id.in_(ids))).tuples().all())
        return [Other(id=number, title=titles[number]) for number in ids if number in titles][:MOST]
    topics = select(QuestionTopic.topic_id).where(QuestionTopic.question_id == asked.question.id)
    alike = (
        select(QuestionTopic.question_id)
        .where(QuestionTopic.question_id == Question.id, QuestionTopic.topic_id.in_(topics))
        .correlate(Question)
        .exists()
    )
    newest = statement.order_by(alike.desc(), Question.opened_at.desc(), Question.id.desc()).limit(MOST)
    return [Other(id=row.id, title=row.title) for row in session.execute(newest)]


def _fits(actor: Actor, asked: Asked) -> tuple[ColumnElement[bool], ...]:
    """As :func:`.deeds.require_goes_on`, as WHERE clauses."""
    return (
        access.seen_by(actor),
        Question.community_id == actor.community_id,
        Question.id != asked.question.id,
        Question.state.in_([*ALIVE, State.RESOLVED]),
        Contribution.state == Visible.PUBLISHED,
        or_(Question.audience == Audience.EVERYBODY, Question.asker_id == asked.question.asker_id),
    )
