"""What may answer a question before it is sent: questions that have answers, and what the community knows."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core import activity as log
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.markdown import plain_text
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.content.text import tidy_line
from lmssocial.social.knowledge import similar as knowledge
from lmssocial.social.knowledge.models import Item
from lmssocial.social.knowledge.ports import Findable, Found
from lmssocial.social.search.queries import Field
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.asking import finding
from lmssocial.widgets.experts.events import QuestionDeflected
from lmssocial.widgets.experts.models import Answer, Deflection, Question

TOO_SHORT = 6
"""Characters of a title from which on others are compared with it."""

EXCERPT = 240
"""Characters of an answer that are shown."""


@dataclass(frozen=True)
class AnsweredQuestions:
    """Questions of expert connect that have answers, as something that may be found (a ``Findable`` of knowledge)."""

    placement_id: int
    """Under which they are opened."""

    def field(self, actor: Actor) -> Field:
        """Those the actor reads, unless they were published as knowledge: then that is found."""
        published = select(Item.origin_id).where(
            Item.origin_kind == finding.QUESTION, Item.community_id == actor.community_id
        )
        return finding.field(actor, Question.first_answer_at.is_not(None), Question.id.not_in(published))

    def found(self, session: Session, actor: Actor, subject_ids: Sequence[int]) -> dict[int, Found]:
        """Those of some questions that the actor reads and that have an answer. Two queries."""
        rows = session.execute(
            select(Question.id, Question.contribution_id, Question.solution_id, Contribution.title)
            .join(Contribution, Contribution.id == Question.contribution_id)
            .where(Question.id.in_(subject_ids), Contribution.state == State.PUBLISHED, access.seen_by(actor))
        ).all()
        answers = _answers(session, [row.id for row in rows])
        return {
            row.id: Found(
                contribution_id=row.contribution_id,
                title=row.title,
                excerpt=_shortened(said),
                href=url_for("experts.question_detail", placement_id=self.placement_id, question_id=row.id),
                is_solved=row.solution_id is not None,
                is_answered=True,
            )
            for row in rows
            if (said := answers.get(row.id))
        }


def like(
    session: Session, actor: Actor, known: Sequence[Findable], placement_id: int, title: str
) -> list[Found]:
    """What resembles a question with this title: at most five, none while the title is too short to say anything.

    :param known: what else may be found, beside the questions of this placement's community.
    """
    title = tidy_line(title)
    if len(title) < TOO_SHORT:
        return []
    found = knowledge.similar(session, actor, [AnsweredQuestions(placement_id), *known], title)
    return [one for one in found if one.is_answered or one.is_solved]


def solved(
    session: Session, actor: Actor, known: Sequence[Findable], placement_id: int, contribution_id: int
) -> None:
    """Something that was there solved what somebody wanted to ask. It is counted, and nobody is named with it.

    :raises NotAllowed: for a test user.
    :raises NotFound: if it is nothing that the actor reads.
    """
    access.require_asks(actor)
    if not _reads(session, actor, known, contribution_id):
        raise NotFound(
            _(
                "What you chose is not there any more. Your question is kept as a draft; you can still send it."
            ),
            reason=f"contribution {contribution_id} is nothing that user {actor.user_id} finds",
        )
    session.add(
        Deflection(
            tenant_id=actor.tenant_id,
            community_id=actor.community_id,
            placement_id=placement_id,
            contribution_id=contribution_id,
            at=clock.now(),
        )
    )
    told = QuestionDeflected(**actor.envelope, placement_id=placement_id, contribution_id=contribution_id)
    log.record(session, told)


def _reads(session: Session, actor: Actor, known: Sequence[Findable], contribution_id: int) -> bool:
    own = select(Question.id).where(Question.contribution_id == contribution_id, access.seen_by(actor))
    if session.scalar(own) is not None:
        return True
    return any(
        one.contribution_id == contribution_id
        for port in known
        for one in port.found(session, actor, [contribution_id]).values()
    )


def _answers(session: Session, question_ids: Sequence[int]) -> dict[int, str]:
    """What stands as the answer of each question: what solved it, or else what was said last."""
    if not question_ids:
        return {}
    rows = session.execute(
        select(Answer.question_id, Contribution.source)
        .join(Contribution, Contribution.id == Answer.contribution_id)
        .join(Question, Question.id == Answer.question_id)
        .where(Answer.question_id.in_(question_ids), Contribution.state == State.PUBLISHED)
        .order_by((Contribution.id == Question.solution_id).asc(), Contribution.id)
    )
    return {row.question_id: plain_text(row.source) for row in rows}


def _shortened(text: str) -> str:
    text = tidy_line(text)
    return text if len(text) <= EXCERPT else f"{text[:EXCERPT].rsplit(' ', 1)[0]} …"
