"""What the pages show about publishing a question. A constant number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.knowledge.ports import Home, Known
from lmssocial.widgets.experts import access, questions
from lmssocial.widgets.experts.models import Proposal
from lmssocial.widgets.experts.publishing import rules
from lmssocial.widgets.experts.publishing.rules import Sides
from lmssocial.widgets.experts.questions import Asked
from lmssocial.widgets.experts.writers import writer_of


@dataclass(frozen=True, kw_only=True)
class Offer:
    """Whether somebody can publish a question, and whose turn it is."""

    may: bool
    waits_for_me: bool = False
    """Whether the other side agreed, and the reader has to say whether they do."""
    waits_for_other: bool = False


@dataclass(frozen=True, kw_only=True)
class Publication:
    """A question on its way to being published."""

    asked: Asked
    sides: Sides
    asker_name: str
    expert_name: str
    title: str
    question: str
    answer: str
    """The words as they shall be published: as proposed, or else as they stand."""
    homes: list[Home]
    home_id: int | None
    """Where somebody proposed."""
    needs_consent: bool
    asker_agrees: bool
    expert_agrees: bool
    has_files: bool
    """Whether files go with it, which are not published along."""


def offered(session: Session, actor: Actor, asked: Asked) -> Offer | None:
    """Whether the actor can publish a question that they read; ``None`` if there is nothing to say. Three queries."""
    sides = rules.sides_of(session, asked)
    if sides is None or not rules.may_publish(actor, asked.question, sides):
        return None
    if rules.published_as(session, asked.question) is not None:
        return None
    if not rules.needs_consent(asked.question):
        return Offer(may=True)
    proposal = session.get(Proposal, asked.question.id)
    if proposal is None:
        return Offer(may=True)
    mine, theirs = _agreements(actor, sides, proposal)
    return Offer(
        may=True,
        waits_for_me=sides.has(actor) and not mine,
        waits_for_other=mine and not theirs,
    )


def publication(session: Session, known: Sequence[Known], actor: Actor, question_id: int) -> Publication:
    """What would be published of a question, and where.

    :raises NotFound: if the actor does not read it.
    :raises NotAllowed: if it is not theirs to publish.
    :raises Conflict: if no answer resolved it, or it was published before.
    """
    asked = questions.seen(session, actor, question_id)
    sides = rules.require_publishes(session, actor, asked)
    proposal = session.get(Proposal, question_id)
    answer = sides.answer
    return Publication(
        asked=asked,
        sides=sides,
        asker_name=session.get_one(User, sides.asker_id).name,
        expert_name=session.get_one(User, sides.expert_id).name,
        title=proposal.title if proposal else asked.words.title,
        question=proposal.question if proposal else asked.words.source,
        answer=proposal.answer if proposal else answer.source,
        homes=homes_of(session, known, actor, asked),
        home_id=proposal.placement_id if proposal else None,
        needs_consent=rules.needs_consent(asked.question),
        asker_agrees=proposal is not None and proposal.asker_agreed_at is not None,
        expert_agrees=proposal is not None and proposal.expert_agreed_at is not None,
        has_files="/files/" in asked.words.source + answer.source,
    )


def homes_of(session: Session, known: Sequence[Known], actor: Actor, asked: Asked) -> list[Home]:
    """Where the actor can publish it, in the community it was asked in. One query for each widget that takes some.

    What things are called there is not for guests to read, so to them they have numbers.
    """
    writer = writer_of(session, actor, asked.question).actor
    homes = [home for port in known for home in port.homes(session, writer)]
    if not access.is_guest(actor, asked.question):
        return homes
    return [
        replace(home, title=_("Discussion %(number)d of the course it was asked in", number=number))
        for number, home in enumerate(homes, start=1)
    ]


def _agreements(actor: Actor, sides: Sides, proposal: Proposal) -> tuple[bool, bool]:
    """Whether the actor agrees, and whether everybody else does whose consent it takes."""
    asker, expert = proposal.asker_agreed_at is not None, proposal.expert_agreed_at is not None
    if actor.user_id == sides.asker_id:
        return asker, expert
    if actor.user_id == sides.expert_id:
        return expert, asker
    return True, asker and expert
