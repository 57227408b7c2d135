"""What somebody is writing is for, and whether it is theirs to write. Nothing here commits."""

from dataclasses import replace
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lmssocial.core.db import LARGEST_ID
from lmssocial.core.kernel.errors import NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Community
from lmssocial.social.communities.scope import Here
from lmssocial.social.content.models import Contribution
from lmssocial.widgets.experts import access, questions
from lmssocial.widgets.experts.models import Introduction, Question


class For(StrEnum):
    """What is being written; the number behind it says for which."""

    ASK = "ask"
    """A new question, in a placement."""
    QUESTION = "question"
    """Another wording of a question."""
    ANSWER = "answer"
    """An answer to a question."""
    MESSAGE = "message"
    """Something said around a question."""
    WORDS = "words"
    """Another wording of an own answer, message or bio: a contribution."""
    BIO = "bio"
    """What somebody says of themselves, in a community."""
    INTRODUCTION = "introduction"
    """Something said between two who were introduced."""


def target(what: For, number: int) -> str:
    """What the draft is called."""
    return f"{what.value}:{number}"


def desk_for(session: Session, place: Here, name: str) -> Here:
    """The place as which somebody writes for a target: their own, or for guests that of the question.

    :raises NotFound: if there is no such target for them.
    """
    what, _colon, digits = name.partition(":")
    number = int(digits) if digits.isascii() and digits.isdigit() else 0
    if what in set(For) and access.asks(place.actor) and 0 < number <= LARGEST_ID:
        found = _desk(session, place, For(what), number)
        if found is not None:
            return found
    raise NotFound(reason=f"user {place.actor.user_id} writes nothing for {name[:80]}")


def _desk(session: Session, place: Here, what: For, number: int) -> Here | None:
    actor = place.actor
    if what is For.ASK:
        return place if number == place.placement_id else None
    if what is For.BIO:
        return place if number == actor.community_id else None
    if what is For.INTRODUCTION:
        return place if _is_introduced(session, actor, number) else None
    if what is For.WORDS:
        return _of_words(session, place, number)
    question = questions.seen(session, actor, number).question
    if what is For.QUESTION and question.asker_id != actor.user_id:
        return None
    return _beside(session, place, question)


def _is_introduced(session: Session, actor: Actor, number: int) -> bool:
    mine = (Introduction.first_id, Introduction.second_id, Introduction.by_id)
    found = select(Introduction.id).where(
        Introduction.id == number,
        Introduction.community_id == actor.community_id,
        or_(*(column == actor.user_id for column in mine)),
    )
    return session.scalar(found) is not None


def _of_words(session: Session, place: Here, contribution_id: int) -> Here | None:
    """Their own words, also where they stand in another course: they went there as a guest."""
    actor = place.actor
    row = session.execute(
        select(Contribution.community_id, Contribution.placement_id, Community.course_id)
        .join(Community, Community.id == Contribution.community_id)
        .where(
            Contribution.id == contribution_id,
            Contribution.tenant_id == actor.tenant_id,
            Contribution.author_id == actor.user_id,
            Contribution.kind.startswith("experts."),
        )
    ).first()
    if row is None:
        return None
    if row.community_id == actor.community_id:
        return place
    guest = access.elsewhere(actor, row.community_id, row.course_id)
    return replace(place, actor=guest, placement_id=row.placement_id)


def _beside(session: Session, place: Here, question: Question) -> Here:
    if not access.is_guest(place.actor, question):
        return place
    course_id = session.get_one(Community, question.community_id).course_id or 0
    guest = access.as_guest(place.actor, question, course_id)
    return replace(place, actor=guest, placement_id=question.placement_id)
