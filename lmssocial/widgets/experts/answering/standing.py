"""What follows when an answer or a message is read by everybody, and when it is not any more. Nothing here commits.

Held words count for nothing: a question with a held answer is not answered, and a held question back stops no clock.
"""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lmssocial.core import activity as log
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content import connections
from lmssocial.social.content.measure import own_length
from lmssocial.social.content.models import Contribution
from lmssocial.social.content.models import State as Visible
from lmssocial.widgets.experts import questions
from lmssocial.widgets.experts.answering import rules
from lmssocial.widgets.experts.asking import finding
from lmssocial.widgets.experts.calendars import after_working_hours
from lmssocial.widgets.experts.events import (
    AnswerGiven,
    AnswerTakenBack,
    InfoAsked,
    InfoGiven,
    QuestionReopened,
)
from lmssocial.widgets.experts.indexing import service as indexing
from lmssocial.widgets.experts.invitation_models import Invitation, InvitationState
from lmssocial.widgets.experts.inviting import pausing
from lmssocial.widgets.experts.inviting import service as inviting
from lmssocial.widgets.experts.inviting.room import week_of_course
from lmssocial.widgets.experts.models import (
    ALIVE,
    Answer,
    How,
    Introduction,
    Message,
    Question,
    State,
    Step,
)
from lmssocial.widgets.experts.people_events import IntroductionWritten
from lmssocial.widgets.experts.questions import Asked, Happening
from lmssocial.widgets.experts.writers import author_of


def let_through(session: Session, words: Contribution, *, first: bool = True) -> None:
    """An answer or a message was published: by its author, or by a moderator who let it through.

    :param first: whether nobody but its author and moderators could read it before.
    """
    message = session.get(Message, words.id)
    if message is not None and message.introduction_id is not None:
        _written(session, words, message, first=first)
    elif message is not None:
        _said(session, words, message, first=first)
    elif (answer := session.get(Answer, words.id)) is not None:
        _answered(session, words, answer)


def out_of_sight(session: Session, actor: Actor | None, words: Contribution) -> None:
    """An answer or a message that was read is held, declined or removed.

    :param actor: who did it; ``None``: several people together, by what they reported.
    """
    message = session.get(Message, words.id)
    if message is not None:
        if message.question_id is not None and message.asks:
            pausing.resume(session, questions.locked_by_clock(session, message.question_id), None)
        return
    answer = session.get(Answer, words.id)
    if answer is None:
        return
    asked = questions.locked_by_clock(session, answer.question_id)
    question = asked.question
    indexing.taken_out(session, words.id)
    about = questions.about(session, question, actor)
    log.record(session, AnswerTakenBack(**about, answer_id=words.id, author_id=answer.author_id))
    if question.state is State.RESOLVED and question.solution_id == words.id:
        _not_resolved(session, asked)
    if not _other_answers(session, question.id, words.id):
        _unanswered(session, asked)
    session.flush()
    finding.refresh(session, question.id)
    questions.look_again(question)


def _answered(session: Session, words: Contribution, answer: Answer) -> None:
    asked = questions.locked_by_clock(session, answer.question_id)
    question, now = asked.question, clock.now()
    first = not _was_told(session, question.id, words.id)
    indexing.answered(session, words.id)
    question.first_answer_at = question.first_answer_at or now
    question.last_answer_at = now
    if question.state in ALIVE:
        pausing.resume(session, asked, None)
        question.state = State.ANSWERED
        question.promised_until = None
        inviting.end_all(session, asked, InvitationState.SUPERSEDED, but=answer.author_id)
    if first:
        author, pointing = author_of(session, words), connections.connected(session, words)
        questions.note(session, question, Happening.ANSWERED, author, answer=words.id)
        log.record(
            session,
            AnswerGiven(
                **questions.about(session, question, author),
                answer_id=words.id,
                author_id=answer.author_id,
                introduced_by_id=introducer_of(session, answer),
                length=own_length(words.source),
                links=pointing.links,
                linked_author_ids=pointing.linked_author_ids,
            ),
        )
    session.flush()
    finding.refresh(session, question.id)
    questions.look_again(question)


def _said(session: Session, words: Contribution, message: Message, *, first: bool) -> None:
    asked = questions.locked_by_clock(session, message.question_id or 0)
    question, author = asked.question, author_of(session, words)
    about = questions.about(session, question, author)
    told: type[InfoAsked | InfoGiven] = InfoGiven
    if message.asks and question.state in rules.UNANSWERED:
        pausing.pause(session, asked, author)
        told = InfoAsked
    elif message.author_id == question.asker_id:
        pausing.resume(session, asked, author)
    if first:
        log.record(session, told(**about, message_id=words.id, author_id=message.author_id))
    questions.look_again(question)


def _written(session: Session, words: Contribution, message: Message, *, first: bool) -> None:
    if not first:
        return
    introduction = session.get_one(Introduction, message.introduction_id)
    log.record(
        session,
        IntroductionWritten(
            **author_of(session, words).envelope,
            placement_id=introduction.placement_id,
            introduction_id=introduction.id,
            by_id=introduction.by_id,
            first_id=introduction.first_id,
            second_id=introduction.second_id,
            message_id=words.id,
        ),
    )


def introducer_of(session: Session, answer: Answer) -> int | None:
    """Who had thought of whoever gave an answer; theirs is the credit for the connection."""
    if answer.invitation_id is None:
        return None
    return session.get_one(Invitation, answer.invitation_id).introduced_by_id


def open_again(session: Session, question: Question) -> None:
    """Nobody has solved it: somebody is looked for, with hours counted anew.

    Whoever had answered may say more, but has done what they promised: it does not lie with them any more.
    """
    done = update(Invitation).where(
        Invitation.question_id == question.id, Invitation.state == InvitationState.ACCEPTED
    )
    session.execute(done.values(state=InvitationState.SUPERSEDED, ended_at=clock.now()))
    question.state = State.OPEN
    question.counted_from = clock.now()
    question.accepted_by_id = question.accepted_at = question.promised_until = None
    question.resolved_at = question.resolved_how = question.solution_id = None


def no_longer_solved(session: Session, question: Question) -> None:
    """The answer that resolved it counts as accepted no more."""
    if question.resolved_how is How.ANSWER and question.solution_id is not None:
        indexing.accepted(session, question.solution_id, on=False)


def _not_resolved(session: Session, asked: Asked) -> None:
    """What resolved it is gone: by nobody's wish it is open again, with whatever else was answered."""
    question = asked.question
    no_longer_solved(session, question)
    question.state = State.ANSWERED
    question.counted_from = clock.now()
    question.resolved_at = question.resolved_how = question.solution_id = None
    questions.note(session, question, Happening.REOPENED, None)
    log.record(session, QuestionReopened(**questions.about(session, question, None)))


def _unanswered(session: Session, asked: Asked) -> None:
    """The only answer is gone: back to whoever had promised one, or to everybody who may know."""
    question = asked.question
    question.first_answer_at = question.last_answer_at = None
    if question.state is not State.ANSWERED:
        return
    if not _is_held_by_somebody(session, question):
        open_again(session, question)
        return
    question.state = State.ACCEPTED
    hours = asked.settings.promised_hours
    question.promised_until = after_working_hours(week_of_course(asked.settings), clock.now(), hours)


def _is_held_by_somebody(session: Session, question: Question) -> bool:
    if question.accepted_by_id is None:
        return False
    held = questions.invitation_of(session, question.id, question.accepted_by_id)
    return held is not None and held.state is InvitationState.ACCEPTED


def _other_answers(session: Session, question_id: int, but: int) -> bool:
    statement = (
        select(Answer.contribution_id)
        .join(Contribution, Contribution.id == Answer.contribution_id)
        .where(
            Answer.question_id == question_id,
            Answer.contribution_id != but,
            Contribution.state == Visible.PUBLISHED,
        )
    )
    return session.scalar(statement.limit(1)) is not None


def _was_told(session: Session, question_id: int, answer_id: int) -> bool:
    """Whether this answer was read before: then nobody is told of it a second time."""
    steps = select(Step.facts).where(Step.question_id == question_id, Step.what == Happening.ANSWERED.value)
    facts: list[dict[str, Any]] = list(session.scalars(steps))
    return any(one.get("answer") == answer_id for one in facts)
