"""What is to stand in the index: documents as they are made of what people wrote."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from lmssocial.social.content.models import Contribution
from lmssocial.social.content.models import State as Visible
from lmssocial.social.content.named import fold_name
from lmssocial.social.engagement.models import Mark
from lmssocial.social.knowledge.ports import Evidence
from lmssocial.widgets.experts.index_models import Kind
from lmssocial.widgets.experts.indexing import tokens
from lmssocial.widgets.experts.models import Answer, How, Question, QuestionTopic, State
from lmssocial.widgets.experts.people_models import Profile
from lmssocial.widgets.experts.topic_models import Topic, TopicName

_Words = aliased(Contribution)

WEIGHTS = {Kind.ANSWER: 1.0, Kind.POST: 0.5, Kind.BIO: 1.0}
"""What a document of a kind counts: what somebody wrote elsewhere less than an answer to somebody who asked for it."""


@dataclass(frozen=True, kw_only=True)
class Text:
    """A document that is to stand in the index."""

    tenant_id: int
    community_id: int
    author_id: int
    contribution_id: int
    kind: Kind
    accepted: bool
    at: datetime
    topic_ids: frozenset[int]
    counted: Counter[str]

    @property
    def length(self) -> int:
        """Its words that count."""
        return self.counted.total()


def answers(
    session: Session, *, contribution_ids: Collection[int] = (), community_id: int | None = None
) -> list[Text]:
    """Answers that are published, some or all of a community, by their ids. Three queries."""
    wanted = (
        select(Answer, Question, Contribution, _Words)
        .join(Question, Question.id == Answer.question_id)
        .join(Contribution, Contribution.id == Answer.contribution_id)
        .join(_Words, _Words.id == Question.contribution_id)
        .where(Contribution.state == Visible.PUBLISHED, _Words.state == Visible.PUBLISHED)
        .order_by(Answer.contribution_id)
    )
    if community_id is None:
        wanted = wanted.where(Answer.contribution_id.in_(contribution_ids))
    else:
        wanted = wanted.where(Question.community_id == community_id)
    rows = session.execute(wanted).all()
    topics: dict[int, set[int]] = {}
    pairs = select(QuestionTopic.question_id, QuestionTopic.topic_id).where(
        QuestionTopic.question_id.in_({question.id for _, question, _, _ in rows})
    )
    for question_id, topic_id in session.execute(pairs):
        topics.setdefault(question_id, set()).add(topic_id)
    good = endorsed(session, [answer.contribution_id for answer, _, _, _ in rows])
    return [
        Text(
            tenant_id=question.tenant_id,
            community_id=question.community_id,
            author_id=answer.author_id,
            contribution_id=answer.contribution_id,
            kind=Kind.ANSWER,
            accepted=_resolved_by(question, answer) or answer.contribution_id in good,
            at=said.published_at or said.created_at,
            topic_ids=frozenset(topics.get(question.id, ())),
            counted=tokens.document(asked.title, tokens.text_of(asked.html), tokens.text_of(said.html)),
        )
        for answer, question, said, asked in rows
    ]


def endorsed(session: Session, contribution_ids: Collection[int]) -> set[int]:
    """Those of some contributions that an SME or instructor said to be right. One query."""
    wanted = select(Mark.contribution_id).where(
        Mark.contribution_id.in_(contribution_ids), Mark.endorsed_at.is_not(None)
    )
    return set(session.scalars(wanted.distinct()))


def _resolved_by(question: Question, answer: Answer) -> bool:
    is_solution = question.solution_id == answer.contribution_id
    return is_solution and question.state is State.RESOLVED and question.resolved_how is How.ANSWER


def bios(session: Session, community_id: int, user_id: int | None = None) -> list[Text]:
    """What people of a community, or one of them, say of themselves, as far as it is published. One query."""
    wanted = (
        select(Profile.user_id, Contribution)
        .join(Contribution, Contribution.id == Profile.bio_id)
        .where(Profile.community_id == community_id, Contribution.state == Visible.PUBLISHED)
        .order_by(Contribution.id)
    )
    if user_id is not None:
        wanted = wanted.where(Profile.user_id == user_id)
    return [
        Text(
            tenant_id=said.tenant_id,
            community_id=community_id,
            author_id=author_id,
            contribution_id=said.id,
            kind=Kind.BIO,
            accepted=False,
            at=said.published_at or said.created_at,
            topic_ids=frozenset(),
            counted=tokens.document("", "", tokens.text_of(said.html)),
        )
        for author_id, said in session.execute(wanted)
    ]


def posts(session: Session, tenant_id: int, evidence: Collection[Evidence]) -> list[Text]:
    """Answers in other widgets, under the topics that their tags are names of, by their ids. One query."""
    names = {fold_name(tag) for one in evidence for tag in one.tags}
    named = select(TopicName.community_id, TopicName.name, TopicName.topic_id).join(
        Topic, Topic.id == TopicName.topic_id
    )
    rows = session.execute(
        named.where(
            TopicName.community_id.in_({one.community_id for one in evidence}), TopicName.name.in_(names)
        )
    )
    topics = {(row.community_id, row.name): row.topic_id for row in rows}
    return [
        Text(
            tenant_id=tenant_id,
            community_id=one.community_id,
            author_id=one.author_id,
            contribution_id=one.contribution_id,
            kind=Kind.POST,
            accepted=one.accepted,
            at=one.at,
            topic_ids=frozenset(
                topics[one.community_id, fold_name(tag)]
                for tag in one.tags
                if (one.community_id, fold_name(tag)) in topics
            ),
            counted=tokens.document(one.title, one.question, one.text),
        )
        for one in sorted(evidence, key=lambda one: one.contribution_id)
    ]
