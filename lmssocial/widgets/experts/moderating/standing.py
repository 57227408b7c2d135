"""What follows for a question when its words are read, or not any more; and for the index when words change."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.experts import questions
from lmssocial.widgets.experts.asking import finding, opening, sight
from lmssocial.widgets.experts.indexing import service as indexing
from lmssocial.widgets.experts.invitation_models import InvitationState
from lmssocial.widgets.experts.inviting import service as inviting
from lmssocial.widgets.experts.models import ALIVE, Answer, Message, Question
from lmssocial.widgets.experts.people.bios import BIO
from lmssocial.widgets.experts.questions import Asked


def read_again(session: Session, words: Contribution, *, first: bool) -> None:
    """A question may be read: its hours begin, or go on."""
    asked = _question(session, words)
    if asked.question.state not in ALIVE:
        finding.refresh(session, asked.question.id)
    elif first:
        opening.open_up(session, asked)
    else:
        sight.regain(session, asked)
        finding.refresh(session, asked.question.id)


def hidden(session: Session, words: Contribution) -> None:
    """A published question waits for a moderator: its clock stands still, and its invitations wait with it."""
    sight.lose(_question(session, words))


def declined(session: Session, words: Contribution) -> None:
    """A question shall not be read: nobody is asked any more. Its asker words it anew, or withdraws it."""
    asked = _question(session, words)
    if asked.question.state not in ALIVE:
        return
    inviting.end_all(session, asked, InvitationState.WITHDRAWN)
    sight.lose(asked)
    asked.question.next_at = None


def reworded(session: Session, words: Contribution) -> None:
    """Words that may be found are others now."""
    if words.kind == finding.QUESTION:
        finding.refresh(session, _question(session, words).question.id)
    elif is_bio(words):
        indexing.bio(session, words.community_id, words.author_id)
    elif (answer := session.get(Answer, words.id)) is not None and words.state is State.PUBLISHED:
        indexing.answered(session, words.id)
        finding.refresh(session, answer.question_id)


def look_again(session: Session, words: Contribution) -> None:
    """Words that waited will not be read: whoever promised an answer owes one still."""
    said = session.get(Answer, words.id) or session.get(Message, words.id)
    if said is not None and said.question_id is not None:
        questions.look_again(questions.locked_by_clock(session, said.question_id).question)


def is_bio(words: Contribution) -> bool:
    """Whether it is what somebody says of themselves."""
    return words.kind == BIO


def _question(session: Session, words: Contribution) -> Asked:
    question_id = session.scalars(select(Question.id).where(Question.contribution_id == words.id)).one()
    return questions.locked_by_clock(session, question_id)
