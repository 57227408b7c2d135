"""The index of answers, and what is counted from it, on both databases."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.core.activity.models import ActivityEvent
from lmssocial.core.activity.record import happened
from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution
from lmssocial.social.content.models import State as Visible
from lmssocial.social.engagement.events import Endorsed
from lmssocial.social.knowledge.ports import Evidence
from lmssocial.widgets.experts.index_models import Corpus, Document, DocumentTopic, Posting, Word
from lmssocial.widgets.experts.indexing import service
from lmssocial.widgets.experts.indexing.following import follow
from lmssocial.widgets.experts.indexing.recency import HALF_LIFE, WEEK, day_of, value_of
from lmssocial.widgets.experts.models import How, State
from lmssocial.widgets.experts.people_models import Expertise, Profile
from tests.support.experts import (
    make_answer,
    make_expert,
    make_invitation,
    make_question,
    make_topic,
    words_of,
)
from tests.support.people import Place
from tests.support.queries import counted_queries


class Elsewhere:
    """Another widget's side of knowledge, with what it holds set by a test."""

    def __init__(self, *held: Evidence) -> None:
        """Hold some evidence."""
        self.held = list(held)

    def evidence(self, _session: Session, contribution_ids: Sequence[int]) -> list[Evidence]:
        """Those of some contributions that are evidence."""
        return [one for one in self.held if one.contribution_id in contribution_ids]


def rows_of(session: Session) -> dict[str, Any]:
    """Everything in the index, without numbers of rows, and every counter."""
    session.flush()
    of = {
        row.id: row.contribution_id for row in session.execute(select(Document.id, Document.contribution_id))
    }
    documents = session.execute(
        select(
            Document.contribution_id,
            Document.author_id,
            Document.kind,
            Document.accepted,
            Document.length,
            Document.weight,
            Document.at,
        ).order_by(Document.contribution_id)
    )
    places = session.execute(select(Posting.document_id, Posting.word, Posting.times))
    topics = session.execute(select(DocumentTopic.document_id, DocumentTopic.topic_id))
    words = session.execute(select(Word.word, Word.documents).order_by(Word.word))
    people = session.execute(
        select(
            Profile.user_id,
            Profile.answers,
            Profile.accepted,
            Profile.recent_7,
            Profile.recent_30,
            Profile.reply_hours,
        ).order_by(Profile.user_id)
    )
    knows = session.execute(
        select(
            Expertise.topic_id, Expertise.user_id, Expertise.answers, Expertise.evidence, Expertise.recent_30
        ).order_by(Expertise.topic_id, Expertise.user_id)
    )
    return {
        "documents": [tuple(row) for row in documents],
        "places": sorted((of[number], word, times) for number, word, times in places),
        "topics": sorted((of[number], topic_id) for number, topic_id in topics),
        "words": {row.word: row.documents for row in words},
        "corpus": [tuple(row) for row in session.execute(select(Corpus.documents, Corpus.length))],
        "people": [tuple(row) for row in people],
        "knows": [tuple(row) for row in knows],
    }


def test_an_answer_stands_in_the_index_with_its_question_and_is_counted(
    session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    topic = make_topic(session, place, "Capability")
    make_expert(session, place, ben)
    question = make_question(session, place, ana, topic, title="Reading Cpk", source="Below one, is it bad?")
    sent = make_invitation(session, place, question, ben, sent_at=clock.now() - timedelta(hours=6))
    answer = make_answer(session, place, question, ben, "Cpk below one says that parts fail.")
    answer.invitation_id = sent.id
    service.answered(session, answer.contribution_id)

    found = rows_of(session)
    words = {word: times for _, word, times in found["places"]}
    assert words == {"read": 2, "cpk": 3, "one": 2, "bad": 1, "say": 1, "part": 1, "fail": 1}
    assert found["words"] == dict.fromkeys(words, 1)
    assert found["corpus"] == [(1, sum(words.values()))]
    [(_, answers, accepted, recent_7, recent_30, hours)] = found["people"]
    assert (answers, accepted, hours) == (1, 0, pytest.approx(6, abs=0.1))
    today = day_of(clock.now())
    assert value_of(recent_7, today, WEEK) == pytest.approx(1, abs=0.01)
    assert value_of(recent_30, today + 30, HALF_LIFE) == pytest.approx(0.5, abs=0.01)
    assert [row[:4] for row in found["knows"]] == [(topic.id, ben.user_id, 1, 0)]


def test_what_is_taken_out_edited_or_accepted_changes_what_was_counted_and_nothing_else(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    topic = make_topic(session, place, "Capability")
    for expert in (ben, cleo):
        make_expert(session, place, expert)
    question = make_question(session, place, ana, topic)
    first = make_answer(session, place, question, ben, "Look at the spread.")
    service.answered(session, first.contribution_id)
    before = rows_of(session)

    second = make_answer(session, place, question, cleo, "Look at the histogram, too.")
    service.answered(session, second.contribution_id)
    service.answered(session, second.contribution_id)  # harmless when repeated
    question.state, question.resolved_how = State.RESOLVED, How.ANSWER
    question.solution_id = second.contribution_id
    service.accepted(session, second.contribution_id, on=True)
    assert [row[:4] for row in rows_of(session)["knows"]] == [
        (topic.id, ben.user_id, 1, 0),
        (topic.id, cleo.user_id, 1, 1),
    ]
    service.accepted(session, second.contribution_id, on=False)
    assert rows_of(session)["people"][1][1:3] == (1, 0)

    service.taken_out(session, second.contribution_id)
    service.taken_out(session, second.contribution_id)
    after = rows_of(session)
    assert [row[:4] for row in after.pop("knows")] == [
        (topic.id, ben.user_id, 1, 0),
        (topic.id, cleo.user_id, 0, 0),
    ]
    assert after == {name: rows for name, rows in before.items() if name != "knows"}


def test_a_rebuild_finds_what_deeds_left_behind(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    topic, other = make_topic(session, place, "Capability"), make_topic(session, place, "Gauges", "MSA")
    profile = make_expert(session, place, ben)
    make_expert(session, place, cleo)
    profile.bio_id = words_of(session, place, ben, "experts.bio", "Twenty years of gauges and histograms.").id
    service.bio(session, place.community.id, ben.user_id)
    for number, author in enumerate((ben, cleo, ben)):
        question = make_question(session, place, ana, topic, title=f"Histograms, part {number}")
        service.answered(session, make_answer(session, place, question, author).contribution_id)
    question.state, question.resolved_how, question.solution_id = State.RESOLVED, How.ANSWER, None
    elsewhere = Elsewhere(seen_elsewhere(session, place, cleo, tags=("msa", "unknown")))
    service.witnessed(session, place.tenant.id, elsewhere.held)
    assert other.id in {row[1] for row in rows_of(session)["topics"]}  # by its synonym

    before = rows_of(session)
    service.rebuild(session, place.community.id, [elsewhere])  # type: ignore[list-item]
    assert rows_of(session) == before


def test_an_answer_out_of_sight_or_without_its_question_is_not_in_the_index(
    session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    make_expert(session, place, ben)
    question = make_question(session, place, ana)
    answer = make_answer(session, place, question, ben)
    service.answered(session, answer.contribution_id)
    session.get_one(Contribution, answer.contribution_id).state = Visible.HELD
    service.answered(session, answer.contribution_id)
    found = rows_of(session)
    assert found["documents"] == found["places"] == []
    assert found["words"] == {}
    assert found["people"][0][1:] == (0, 0, None, None, None)


def test_answering_takes_as_many_statements_for_the_hundredth_as_for_the_second(
    session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    make_expert(session, place, ben)
    topic = make_topic(session, place, "Capability")

    def answer() -> int:
        question = make_question(session, place, ana, topic)
        given = make_answer(session, place, question, ben)
        with counted_queries() as statements:
            service.answered(session, given.contribution_id)
        return len(statements)

    answer()
    second = answer()
    for _ in range(20):
        answer()
    assert answer() == second <= 22


def test_the_log_brings_what_was_endorsed_elsewhere_and_takes_it_out_again(
    session: Session, place: Place, tom: Actor, cleo: Actor
) -> None:
    make_expert(session, place, cleo)
    evidence = seen_elsewhere(session, place, cleo, tags=())
    elsewhere = Elsewhere(evidence)
    endorsed = Endorsed(**tom.envelope, contribution_id=evidence.contribution_id, author_id=cleo.user_id)
    with unit_of_work(session):
        activity.record(session, endorsed)
    event = happened(session.scalars(select(ActivityEvent)).one())

    follow([elsewhere], event, session)  # type: ignore[list-item]
    assert session.scalars(select(Document.weight)).all() == [0.5]
    assert rows_of(session)["people"][0][1:3] == (1, 1)

    elsewhere.held.clear()
    follow([elsewhere], event, session)  # type: ignore[list-item]
    assert rows_of(session)["documents"] == []
    assert rows_of(session)["people"][0][1:3] == (0, 0)


def seen_elsewhere(session: Session, place: Place, author: Actor, tags: tuple[str, ...]) -> Evidence:
    """An answer in another widget that an SME endorsed."""
    words = words_of(session, place, author, "discussion.reply", "Repeat it with three appraisers.")
    return Evidence(
        contribution_id=words.id,
        community_id=place.community.id,
        author_id=author.user_id,
        title="Is my gauge good?",
        question="It reads differently each time.",
        text="Repeat it with three appraisers.",
        tags=tags,
        accepted=True,
        at=clock.now(),
    )
