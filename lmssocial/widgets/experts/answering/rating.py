"""What the two sides of a question privately say of each other's part. Nobody else reads it. Nothing here commits."""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lmssocial.core import activity as log
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Invalid, NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.content.models import Contribution
from lmssocial.social.content.models import State as Visible
from lmssocial.social.content.text import is_blank
from lmssocial.social.engagement import sentences
from lmssocial.social.moderation.screening import Screen
from lmssocial.widgets.experts import access, questions
from lmssocial.widgets.experts.events import AnswerRated, ClarityRated
from lmssocial.widgets.experts.invitation_models import Invitation
from lmssocial.widgets.experts.models import Answer, Question, Rating, State
from lmssocial.widgets.experts.people_models import Profile
from lmssocial.widgets.experts.questions import Asked
from lmssocial.widgets.experts.writers import writer_of

THANKS = "experts.thanks"
"""What policies call the sentence beside a rating."""
VALUES = range(1, 6)


@dataclass(frozen=True, kw_only=True)
class Said:
    """A rating, as both sides read it."""

    value: int
    words: str


@dataclass(frozen=True, kw_only=True)
class Part:
    """What somebody may say of whom."""

    asked: Asked
    user_id: int
    """Whose part they rate."""
    name: str
    rates_answer: bool
    """Whether they say how helpful an answer was; else how clear the question was."""
    own: Said | None = None
    """What they said before."""
    other: Said | None = None
    """What the other said of theirs."""


def part_of(session: Session, actor: Actor, question_id: int) -> Part:
    """What the actor may rate of a resolved question, and what both have said.

    :raises NotFound: if they do not read it.
    :raises NotAllowed: if there is nothing for them to rate.
    """
    access.require_asks(actor)
    asked = questions.seen(session, actor, question_id)
    user_id = rated_by(session, actor, asked.question)
    if user_id is None:
        raise NotAllowed(
            _("Who asked and who answered can rate each other's part, once the question is resolved.")
        )
    pair = (actor.user_id, user_id)
    found = session.scalars(
        select(Rating).where(
            Rating.question_id == question_id, Rating.by_id.in_(pair), Rating.user_id.in_(pair)
        )
    )
    said = {row.by_id: Said(value=row.value, words=row.words) for row in found}
    return Part(
        asked=asked,
        user_id=user_id,
        name=session.get_one(User, user_id).name,
        rates_answer=asked.question.asker_id == actor.user_id,
        own=said.get(actor.user_id),
        other=said.get(user_id),
    )


def rated_by(session: Session, actor: Actor, question: Question) -> int | None:
    """Whose part the actor may rate: the asker that of whoever solved it, or answered last; each author the asker's."""
    if question.state is not State.RESOLVED:
        return None
    authors = (
        select(Answer.author_id)
        .join(Contribution, Contribution.id == Answer.contribution_id)
        .where(Answer.question_id == question.id, Contribution.state == Visible.PUBLISHED)
    )
    if question.asker_id != actor.user_id:
        own = session.scalar(authors.where(Answer.author_id == actor.user_id).limit(1))
        return question.asker_id if own is not None else None
    solved = session.scalar(authors.where(Answer.contribution_id == (question.solution_id or 0)))
    return solved or session.scalar(authors.order_by(Answer.contribution_id.desc()).limit(1))


def consider(session: Session, screen: Screen, actor: Actor, asked: Asked, words: str) -> str:
    """Thanks, or what would have helped, as it is read; the policies look at it before a transaction begins.

    :param screen: asks the policies of the question's community.
    :raises Invalid: if a policy refuses the words.
    """
    if is_blank(words):
        return ""
    return sentences.fit(screen, writer_of(session, actor, asked.question).actor, THANKS, words)


def rate(
    session: Session, screen: Screen, actor: Actor, question_id: int, value: int, words: str = ""
) -> None:
    """Say how helpful the answer was, or how clear the question; what was said before is replaced.

    :param value: 1 to 5.
    :param words: thanks, or what would have helped; may be empty.
    :raises NotFound: if the actor does not read the question.
    :raises NotAllowed: if there is nothing for them to rate.
    :raises Invalid: if the value is none of these, or a policy refuses the words.
    """
    access.require_asks(actor)
    asked = questions.locked(session, actor, question_id)
    part = part_of(session, actor, question_id)
    if value not in VALUES:
        raise Invalid(_("Choose one of the five."))
    sentence = consider(session, screen, actor, asked, words)
    row = session.get(Rating, (question_id, actor.user_id))
    before = row.value if row is not None and row.user_id == part.user_id else None
    if row is None:
        row = Rating(question_id=question_id, by_id=actor.user_id)
        session.add(row)
    elif row.user_id != part.user_id and part.rates_answer:
        _count(session, asked.question, row.user_id, -row.value, -1)
    row.user_id, row.value, row.words, row.at = part.user_id, value, sentence, clock.now()
    session.flush()
    if part.rates_answer:
        _count(session, asked.question, part.user_id, value - (before or 0), 0 if before else 1)
    _tell(session, actor, asked, part, value, thanked=bool(sentence))


def _count(session: Session, question: Question, user_id: int, value: int, times: int) -> None:
    """Keep the sum that matching draws on, where whoever answered offered themselves: here, or as a guest."""
    told = select(Invitation.community_id).where(
        Invitation.question_id == question.id, Invitation.user_id == user_id
    )
    community_id = session.scalar(told) or question.community_id
    session.execute(
        update(Profile)
        .where(Profile.community_id == community_id, Profile.user_id == user_id)
        .values(helpful_sum=Profile.helpful_sum + value, helpful_count=Profile.helpful_count + times)
    )


def _tell(session: Session, actor: Actor, asked: Asked, part: Part, value: int, *, thanked: bool) -> None:
    about = questions.about(session, asked.question, actor)
    if part.rates_answer:
        log.record(session, AnswerRated(**about, author_id=part.user_id, value=value, thanked=thanked))
    else:
        log.record(session, ClarityRated(**about, value=value))
