"""Publishing a question with its answer. Whoever does holds the question locked; nothing here commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core import activity as log
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.text import is_blank, tidy, tidy_line
from lmssocial.social.knowledge import service as knowledge
from lmssocial.social.knowledge.ports import Entry, Home, Known, Text
from lmssocial.social.moderation.screening import Screen
from lmssocial.widgets.experts import access, questions
from lmssocial.widgets.experts.asking.finding import QUESTION
from lmssocial.widgets.experts.events import AnswerPublished, PublishingProposed
from lmssocial.widgets.experts.models import Audience, Proposal, Step
from lmssocial.widgets.experts.publishing import rules
from lmssocial.widgets.experts.publishing.cutting import is_cut
from lmssocial.widgets.experts.publishing.rules import Sides
from lmssocial.widgets.experts.questions import Asked, Happening
from lmssocial.widgets.experts.writers import member_or_guest, writer_of


@dataclass(frozen=True, kw_only=True)
class PublishDraft:
    """What shall be published, and where."""

    home_id: int
    """A placement."""
    title: str
    question: str
    """Markdown."""
    answer: str
    """Markdown."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of it."""

    contribution_id: int | None
    """What carries it as knowledge; ``None`` as long as the other side has not agreed."""
    is_visible: bool = False
    """Whether everybody reads it already; else a moderator decides first."""


class There(NamedTuple):
    """Where it is published."""

    port: Known
    home: Home


class PutIn(Invalid):
    """Somebody changed another person's words by more than taking some out."""

    def __init__(self, field: str, message: str) -> None:
        """:param field: which part: ``title``, ``question`` or ``answer``."""
        super().__init__(message, reason=f"words were put into the {field}")
        self.field = field


def consider(
    session: Session,
    screen: Screen,
    known: Sequence[Known],
    actor: Actor,
    question_id: int,
    draft: PublishDraft,
) -> None:
    """Let the policies look at what is published with it before a transaction begins; at a mere proposal nobody looks.

    :raises NotFound: as :func:`publish`, as are the others.
    """
    access.require_asks(actor)
    asked = questions.seen(session, actor, question_id)
    sides, draft = rules.require_publishes(session, actor, asked), _tidied(draft)
    _require_own_words(actor, asked, sides, draft)
    there = _home(session, known, actor, asked, draft.home_id)
    if rules.needs_consent(asked.question):
        proposal = session.get(Proposal, question_id)
        if proposal is None or _wanted(draft) != _wording(proposal):
            return
    there.port.consider(session, screen, there.home, _entry(session, asked, sides, draft))


def publish(
    session: Session,
    screen: Screen,
    known: Sequence[Known],
    actor: Actor,
    question_id: int,
    draft: PublishDraft,
) -> Outcome:
    """Publish a question with the answer that resolved it, or agree to that where both sides have to.

    :param screen: asks the policies of the question's community.
    :param known: the widgets that take knowledge.
    :raises NotFound: if the actor does not read it, or nothing can be published there.
    :raises NotAllowed: if it is not theirs to publish.
    :raises Conflict: if no answer resolved it, or it was published before.
    :raises PutIn: if they put words into somebody else's text.
    :raises Invalid: if a text is missing, or a policy refuses it.
    """
    access.require_asks(actor)
    asked = questions.locked(session, actor, question_id)
    sides = rules.require_publishes(session, actor, asked)
    draft = _tidied(draft)
    _require_own_words(actor, asked, sides, draft)
    there = _home(session, known, actor, asked, draft.home_id)
    if rules.needs_consent(asked.question) and not _agreed(session, actor, asked, sides, draft):
        return Outcome(contribution_id=None)
    return _published(session, screen, actor, asked, sides, there, draft)


def refuse(session: Session, actor: Actor, question_id: int) -> None:
    """Do not agree to publish what was proposed; nobody is told, and what was private stays so.

    :raises NotFound: if the actor does not read the question.
    :raises NotAllowed: if their consent is not asked for.
    """
    access.require_asks(actor)
    asked = questions.locked(session, actor, question_id)
    rules.require_publishes(session, actor, asked)
    proposal = session.get(Proposal, question_id)
    if proposal is not None:
        session.delete(proposal)
        session.flush()


def _tidied(draft: PublishDraft) -> PublishDraft:
    texts = tidy_line(draft.title), tidy(draft.question), tidy(draft.answer)
    if any(is_blank(text) for text in texts):
        raise Invalid(_("Title, question and answer all have to say something."))
    return PublishDraft(home_id=draft.home_id, title=texts[0], question=texts[1], answer=texts[2])


def _require_own_words(actor: Actor, asked: Asked, sides: Sides, draft: PublishDraft) -> None:
    parts = (
        ("title", sides.asker_id, asked.words.title, draft.title),
        ("question", sides.asker_id, asked.words.source, draft.question),
        ("answer", sides.expert_id, sides.answer.source, draft.answer),
    )
    for field, author_id, original, copy in parts:
        if author_id != actor.user_id and not is_cut(original, copy):
            raise PutIn(
                field,
                _(
                    "These are somebody else's words: you can take some out, but put none in. "
                    "Write […] where some are missing."
                ),
            )


def _home(session: Session, known: Sequence[Known], actor: Actor, asked: Asked, home_id: int) -> There:
    writer = writer_of(session, actor, asked.question).actor
    for port in known:
        for home in port.homes(session, writer):
            if home.placement_id == home_id:
                return There(port, home)
    raise Conflict(_("Nothing can be published there at the moment. Choose another place."))


def _agreed(session: Session, actor: Actor, asked: Asked, sides: Sides, draft: PublishDraft) -> bool:
    """Note what the actor agrees to; whether both sides do by now. Another wording, or place, begins anew."""
    question_id, now = asked.question.id, clock.now()
    proposal = session.get(Proposal, question_id)
    wanted = _wanted(draft)
    if proposal is None or wanted != _wording(proposal):
        if proposal is None:
            proposal = Proposal(question_id=question_id)
            session.add(proposal)
        proposal.placement_id, proposal.title, proposal.question, proposal.answer = wanted
        proposal.by_id, proposal.at = actor.user_id, now
        proposal.asker_agreed_at = proposal.expert_agreed_at = None
    if actor.user_id == sides.asker_id:
        proposal.asker_agreed_at = proposal.asker_agreed_at or now
    if actor.user_id == sides.expert_id:
        proposal.expert_agreed_at = proposal.expert_agreed_at or now
    session.flush()
    missing = [
        user_id
        for user_id, agreed in (
            (sides.asker_id, proposal.asker_agreed_at),
            (sides.expert_id, proposal.expert_agreed_at),
        )
        if agreed is None
    ]
    if missing:
        _ask_for_consent(session, actor, asked, missing)
        return False
    session.delete(proposal)
    session.flush()
    return True


def _wanted(draft: PublishDraft) -> tuple[int, str, str, str]:
    return draft.home_id, draft.title, draft.question, draft.answer


def _wording(proposal: Proposal) -> tuple[int, str, str, str]:
    return proposal.placement_id, proposal.title, proposal.question, proposal.answer


def _ask_for_consent(session: Session, actor: Actor, asked: Asked, missing: list[int]) -> None:
    question = asked.question
    told = select(Step.id).where(
        Step.question_id == question.id, Step.what == Happening.PROPOSED.value, Step.by_id == actor.user_id
    )
    if session.scalar(told.limit(1)) is None:
        questions.note(session, question, Happening.PROPOSED, actor)
    about = questions.about(session, question, actor)
    log.record(session, PublishingProposed(**about, missing_ids=missing))


def _entry(session: Session, asked: Asked, sides: Sides, draft: PublishDraft) -> Entry:
    question = asked.question
    return Entry(
        title=draft.title,
        question=Text(author=member_or_guest(session, sides.asker_id, question), source=draft.question),
        answer=Text(author=member_or_guest(session, sides.expert_id, question), source=draft.answer),
    )


def _published(
    session: Session,
    screen: Screen,
    actor: Actor,
    asked: Asked,
    sides: Sides,
    there: There,
    draft: PublishDraft,
) -> Outcome:
    question, entry = asked.question, _entry(session, asked, sides, draft)
    origin = knowledge.Origin(
        kind=QUESTION,
        row_id=question.id,
        path=f"/w/{question.placement_id}/experts/questions/{question.id}",
        is_open=question.audience is Audience.EVERYBODY,
        months=asked.settings.review_months,
    )
    writer = writer_of(session, actor, question).actor
    done = knowledge.publish(session, screen, there.port, writer, there.home, entry, origin)
    carrier = done.item.contribution_id
    questions.note(session, question, Happening.PUBLISHED, actor, contribution=carrier)
    log.record(
        session,
        AnswerPublished(
            **questions.about(session, question, actor),
            author_id=sides.expert_id,
            as_contribution_id=carrier,
        ),
    )
    return Outcome(contribution_id=carrier, is_visible=done.is_visible)
