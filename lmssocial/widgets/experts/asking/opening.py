"""The moment from which a question can be read and somebody is looked for. Nothing here commits."""

from sqlalchemy.orm import Session

from lmssocial.core import activity as log
from lmssocial.core.kernel import clock
from lmssocial.widgets.experts import questions
from lmssocial.widgets.experts.asking import finding
from lmssocial.widgets.experts.events import QuestionAsked
from lmssocial.widgets.experts.questions import Asked, Happening


def open_up(session: Session, asked: Asked) -> None:
    """It was published for the first time: its hours are counted from now on, and the clockwork invites people.

    The event is its asker's, also if a moderator let it through.
    """
    question, words = asked.question, asked.words
    question.opened_at = question.counted_from = clock.now()
    questions.look_again(question)
    session.flush()
    finding.refresh(session, question.id)
    questions.note(session, question, Happening.ASKED, None)
    by_asker = {"actor_id": words.author_id, "actor_role": words.author_role}
    log.record(
        session,
        QuestionAsked(
            **(questions.about(session, question, None) | by_asker),
            contribution_id=question.contribution_id,
            topic_ids=questions.topics_of(session, question.id),
            audience=question.audience.value,
            urgency=question.urgency.value,
        ),
    )
