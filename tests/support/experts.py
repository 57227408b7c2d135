"""Rows of expert connect, made directly: what services would have left behind. Flushed, not committed."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Affiliation, Community, Kind, Span
from lmssocial.social.content.drafts import Writing
from lmssocial.social.content.markdown import render
from lmssocial.social.content.models import Contribution
from lmssocial.social.content.named import fold_name
from lmssocial.social.content.writing import add
from lmssocial.widgets.experts.invitation_models import Invitation, Source
from lmssocial.widgets.experts.models import (
    Answer,
    Question,
    QuestionTopic,
    Reach,
    State,
)
from lmssocial.widgets.experts.people_models import Expertise, Person, Profile
from lmssocial.widgets.experts.topic_models import Topic, TopicName
from tests.support.people import Place


def make_topic(session: Session, place: Place, label: str, *synonyms: str) -> Topic:
    """A topic of the community."""
    topic = Topic(
        tenant_id=place.tenant.id, community_id=place.community.id, label=label, created_at=clock.now()
    )
    session.add(topic)
    session.flush()
    session.add_all(
        TopicName(community_id=place.community.id, name=fold_name(name), topic_id=topic.id, label=name)
        for name in (label, *synonyms)
    )
    session.flush()
    return topic


def make_expert(
    session: Session,
    place: Place,
    person: Actor,
    *topics: Topic,
    reach: Reach = Reach.COURSE,
    sme: bool = False,
    **columns: Any,
) -> Profile:
    """Somebody who may be asked, and declared ``topics``; open around the clock, every day."""
    if session.get(Person, person.user_id) is None:
        row = Person(user_id=person.user_id, tenant_id=place.tenant.id, opens=0, closes=24, days="1234567")
        session.add(row)
    profile = Profile(
        **{
            "community_id": place.community.id,
            "user_id": person.user_id,
            "tenant_id": place.tenant.id,
            "placement_id": place.placement.id,
            "reach": reach,
            "opted_by_id": person.user_id,
            "opted_at": clock.now(),
            **columns,
        }
    )
    session.add(profile)
    session.add_all(
        Expertise(
            topic_id=topic.id,
            user_id=person.user_id,
            community_id=place.community.id,
            declared_at=clock.now(),
            appointed_at=clock.now() if sme else None,
        )
        for topic in topics
    )
    session.flush()
    return profile


def words_of(
    session: Session, place: Place, author: Actor, kind: str, source: str, title: str = ""
) -> Contribution:
    """Published words of somebody."""
    text = Writing(source=source, title=title)
    return add(session, author, kind, text, render(source), placement_id=place.placement.id)


def make_question(
    session: Session,
    place: Place,
    asker: Actor,
    *topics: Topic,
    title: str = "How do I read a capability study?",
    source: str = "The report says Cpk 0.8. Is that bad?",
    at: datetime | None = None,
    **columns: Any,
) -> Question:
    """A published question that nobody was invited to."""
    moment = at or clock.now()
    words = words_of(session, place, asker, "experts.question", source, title)
    question = Question(
        **{
            "tenant_id": place.tenant.id,
            "community_id": place.community.id,
            "placement_id": place.placement.id,
            "contribution_id": words.id,
            "asker_id": asker.user_id,
            "opened_at": moment,
            "counted_from": moment,
            "next_at": moment,
            **columns,
        }
    )
    session.add(question)
    session.flush()
    session.add_all(QuestionTopic(question_id=question.id, topic_id=topic.id) for topic in topics)
    session.flush()
    return question


def make_invitation(
    session: Session, place: Place, question: Question, person: Actor, **columns: Any
) -> Invitation:
    """Somebody was asked to answer, in the community of ``place``."""
    now = clock.now()
    invitation = Invitation(
        **{
            "tenant_id": place.tenant.id,
            "question_id": question.id,
            "user_id": person.user_id,
            "community_id": place.community.id,
            "placement_id": place.placement.id,
            "source": Source.MATCH,
            "wave": 1,
            "sent_at": now,
            "due_at": now + timedelta(hours=12),
            **columns,
        }
    )
    session.add(invitation)
    session.flush()
    return invitation


def make_answer(
    session: Session, place: Place, question: Question, author: Actor, source: str = "Yes: below 1 it is."
) -> Answer:
    """A published answer; the question is answered by it."""
    words = words_of(session, place, author, "experts.answer", source)
    answer = Answer(contribution_id=words.id, question_id=question.id, author_id=author.user_id)
    session.add(answer)
    question.state = State.ANSWERED
    question.first_answer_at = question.first_answer_at or clock.now()
    question.last_answer_at = clock.now()
    session.flush()
    return answer


def bring_together(session: Session, *places: Place, title: str = "Lean practice") -> Community:
    """A community that spans the courses of ``places``."""
    first = places[0]
    community = Community(
        tenant_id=first.tenant.id, course_id=None, kind=Kind.HORIZONTAL, title=title, created_at=clock.now()
    )
    session.add(community)
    session.flush()
    session.add(Span(community_id=community.id, founded_at=clock.now()))
    session.flush()
    session.add_all(
        Affiliation(span_id=community.id, community_id=place.community.id, joined_at=clock.now())
        for place in places
    )
    session.flush()
    return community
