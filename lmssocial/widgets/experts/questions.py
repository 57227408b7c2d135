"""A question found, locked and changed: what every room that deals with questions stands on. Nothing here commits."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.db import add_last
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Community, Placement
from lmssocial.social.content.models import Contribution
from lmssocial.social.content.models import State as Visible
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.invitation_models import Invitation
from lmssocial.widgets.experts.models import Question, QuestionTopic, Step
from lmssocial.widgets.experts.settings import ExpertSettings


class Happening(StrEnum):
    """What the page of a question tells of its past."""

    ASKED = "asked"
    EDITED = "edited"
    INVITED = "invited"
    """``facts``: how many, and whether somebody thought of them (``by``)."""
    PASSED_ON = "passed-on"
    """Somebody could not, or said nothing; who is not told."""
    ACCEPTED = "accepted"
    RELEASED = "released"
    NOBODY = "nobody"
    """Nobody was found who could be invited."""
    OPENED = "opened"
    ESCALATED = "escalated"
    PAUSED = "paused"
    RESUMED = "resumed"
    ANSWERED = "answered"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    MERGED = "merged"
    PROPOSED = "proposed"
    """One side agrees to publish what was for experts only; the other is asked."""
    PUBLISHED = "published"
    """As knowledge of the community."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question with its words and how its placement is set."""

    question: Question
    words: Contribution
    placement: Placement
    settings: ExpertSettings

    @property
    def is_published(self) -> bool:
        """Whether its words may be read by those it is for; before, nobody is invited."""
        return self.words.state is Visible.PUBLISHED


def seen(session: Session, actor: Actor, question_id: int) -> Asked:
    """A question that the actor reads, to be shown.

    :raises NotFound: if there is none of that number, or it is not for them.
    """
    found = session.execute(_with_words().where(Question.id == question_id, access.seen_by(actor))).first()
    if found is None:
        raise _no_question(actor, question_id)
    return _asked(found)


def locked(session: Session, actor: Actor, question_id: int) -> Asked:
    """A question that the actor reads, to be changed: until this transaction ends nobody else changes it.

    :raises NotFound: if there is none of that number, or it is not for them.
    """
    seen_at_all = select(Question.id).where(Question.id == question_id, access.seen_by(actor))
    if session.scalar(seen_at_all) is None:
        raise _no_question(actor, question_id)
    return locked_by_clock(session, question_id)


def locked_by_clock(session: Session, question_id: int) -> Asked:
    """Any question, to be changed by whoever has asked who may, or by the clock.

    Rows that name it (``key_share``) can be made meanwhile: a booking holds people first, who are held here later.
    """
    session.execute(select(Question.id).where(Question.id == question_id).with_for_update(key_share=True))
    statement = _with_words().where(Question.id == question_id).execution_options(populate_existing=True)
    return _asked(session.execute(statement).one())


def topics_of(session: Session, question_id: int) -> list[int]:
    """The ids of its topics."""
    statement = select(QuestionTopic.topic_id).where(QuestionTopic.question_id == question_id)
    return list(session.scalars(statement.order_by(QuestionTopic.topic_id)))


def invitation_of(session: Session, question_id: int, user_id: int) -> Invitation | None:
    """The invitation of one person to one question."""
    return session.scalar(
        select(Invitation).where(Invitation.question_id == question_id, Invitation.user_id == user_id)
    )


def note(session: Session, question: Question, what: Happening, by: Actor | None, **facts: Any) -> None:
    """Let the page of a question tell that something happened.

    :param by: who did it; ``None``: the clock.
    :param facts: plain JSON, without names and without words of people.
    """
    by_id = by.user_id if by else None
    step = Step(question_id=question.id, what=what.value, by_id=by_id, facts=facts, at=clock.now())
    add_last(session, step)


def look_again(question: Question) -> None:
    """Have the clockwork look at a question with its next turn: something has changed."""
    question.next_at = clock.now()


def about(session: Session, question: Question, actor: Actor | None) -> dict[str, Any]:
    """The fields that every event of a question has; those of nobody for what happens by the clock.

    Events belong to the community of the question, also if somebody of another one acts.
    """
    community = session.get_one(Community, question.community_id)
    return {
        "tenant_id": community.tenant_id,
        "course_id": community.course_id,
        "community_id": community.id,
        "actor_id": actor.user_id if actor else None,
        "actor_role": _role(actor, community),
        "placement_id": question.placement_id,
        "question_id": question.id,
        "asker_id": question.asker_id,
    }


def _role(actor: Actor | None, community: Community) -> str:
    if actor is None or actor.community_id != community.id:
        return ""
    return actor.lead_role


def waiting_ids(invitations: Iterable[Invitation]) -> list[int]:
    """Who is invited by them."""
    return sorted(one.user_id for one in invitations)


def _with_words() -> Any:
    return (
        select(Question, Contribution, Placement)
        .join(Contribution, Contribution.id == Question.contribution_id)
        .join(Placement, Placement.id == Question.placement_id)
    )


def _asked(row: Any) -> Asked:
    question, words, placement = row
    return Asked(
        question=question,
        words=words,
        placement=placement,
        settings=ExpertSettings.read(placement.settings),
    )


def _no_question(actor: Actor, question_id: int) -> NotFound:
    return NotFound(
        _("There is no question at this address, or it is not for you."),
        reason=f"no question {question_id} that user {actor.user_id} reads",
    )
