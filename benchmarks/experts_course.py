"""A course with experts and their answers, made in bulk: only what a match looks at, and both floors beside it."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import Engine, insert, select, text
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.experts.index_models import Corpus, Document, DocumentTopic, Kind, Posting, Word
from lmssocial.widgets.experts.indexing import service as indexing
from lmssocial.widgets.experts.indexing.counting import recount
from lmssocial.widgets.experts.matching.ranked import RANKINGS
from lmssocial.widgets.experts.matching.service import best
from lmssocial.widgets.experts.models import Reach
from lmssocial.widgets.experts.people_models import Profile
from lmssocial.widgets.experts.questions import locked_by_clock
from tests.support.experts import make_answer, make_question, make_topic
from tests.support.people import Place, make_person, make_place

WORDS, EACH, ASKED = 20_000, 20, 12
"""Words there are, different words of an answer, and words of a question. How often one is used follows Zipf."""
TOPICS = 50
_BATCH = 5_000


class ExpertsCourse:
    """A course with experts, made in bulk: only what a match looks at."""

    def __init__(self, engine: Engine, experts: int, answers: int) -> None:
        """Nothing is made yet."""
        self._engine, self._experts, self._answers = engine, experts, answers
        self._chance = random.Random(2026)  # noqa: S311 – texts, not secrets
        self._vocabulary = [f"w{number:05}" for number in range(WORDS)]
        self._often = list(accumulate(1 / (number + 10) for number in range(WORDS)))

    def fill(self) -> None:
        """Make people, answers, the index and both floors."""
        with Session(self._engine, expire_on_commit=False) as session, unit_of_work(session):
            self._now = clock.now()
            self._place = make_place(session, widget="experts")
            self._asker = make_person(session, self._place, "Asker")
            self._topics = [make_topic(session, self._place, f"Topic {number}") for number in range(TOPICS)]
            people = self._people(session)
            documents = self._documents(session, people)
            self._index(session, documents)
        with Session(self._engine) as session, unit_of_work(session):
            for at in range(0, len(people), 500):
                recount(session, self._place.community.id, people[at : at + 500])
                session.expunge_all()
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))

    def question(self, number: int) -> tuple[int, list[str]]:
        """A question of some words, about a topic."""
        words = self._some(ASKED)
        with Session(self._engine) as session, unit_of_work(session):
            topic = self._topics[number % TOPICS]
            made = make_question(
                session,
                self._place,
                self._asker,
                topic,
                title=" ".join(words[:4]),
                source=" ".join(words[4:]),
            )
            return made.id, words

    def match(self, question_id: int) -> None:
        """Look for two people."""
        with Session(self._engine) as session, unit_of_work(session):
            asked = locked_by_clock(session, question_id)
            if len(best(session, {"experts": RANKINGS}, asked, most=2, now=self._now)) != 2:
                raise AssertionError("nobody was found")

    def full_text(self, words: Sequence[str]) -> None:
        """The ten best texts by the database's own rank."""
        if self._engine.dialect.name == "postgresql":
            query = (
                "SELECT id FROM bench_text, to_tsquery('simple', :words) q WHERE words @@ q"
                " ORDER BY ts_rank_cd(words, q) DESC LIMIT 10"
            )
            wanted = " | ".join(words)
        else:
            query = "SELECT rowid FROM bench_text WHERE bench_text MATCH :words ORDER BY rank LIMIT 10"
            wanted = " OR ".join(words)
        with self._engine.connect() as connection:
            if not connection.execute(text(query), {"words": wanted}).all():
                raise AssertionError("nothing was found")

    def answer(self, number: int) -> int:
        """An answer that is not in the index yet."""
        with Session(self._engine) as session, unit_of_work(session):
            author = self._author(number)
            made = make_question(session, self._place, self._asker, self._topics[0], title="w00010 w00020")
            given = make_answer(session, self._place, made, author, " ".join(self._some(EACH)))
            return given.contribution_id

    def take_in(self, answer_id: int) -> None:
        """Take it in."""
        with Session(self._engine) as session, unit_of_work(session):
            indexing.answered(session, answer_id)

    def insert_bare(self, number: int) -> None:
        """The floor of that."""
        with Session(self._engine) as session, unit_of_work(session):
            session.add(Word(community_id=self._place.community.id, word=f"bare{number}", documents=0))

    def _author(self, number: int) -> Actor:
        tenant, course, community = self._place.tenant.id, self._place.course.id, self._place.community.id
        return Actor(
            user_id=self._first + number, name="", tenant_id=tenant, course_id=course, community_id=community
        )

    def _some(self, number: int) -> list[str]:
        """Different words, each as often as it is used."""
        found: dict[str, None] = {}
        while len(found) < number:
            found.update(
                dict.fromkeys(self._chance.choices(self._vocabulary, cum_weights=self._often, k=number))
            )
        return list(found)[:number]

    def _people(self, session: Session) -> list[int]:
        place: Place = self._place
        common = {"tenant_id": place.tenant.id, "created_at": self._now}
        rows = [
            common | {"registration_id": place.registration.id, "sub": f"expert-{number}", "name": "E"}
            for number in range(self._experts)
        ]
        people = _put(session, User, rows)
        self._first = people[0]
        member = {"course_id": place.course.id, "joined_at": self._now}
        session.execute(insert(Membership), [member | {"user_id": one} for one in people])
        here = {"community_id": place.community.id, "tenant_id": place.tenant.id}
        offers = {"placement_id": place.placement.id, "reach": Reach.COURSE, "opted_at": self._now}
        session.execute(insert(Profile), [here | offers | {"user_id": one} for one in people])
        return people

    def _documents(self, session: Session, people: Sequence[int]) -> list[int]:
        here = {"tenant_id": self._place.tenant.id, "community_id": self._place.community.id}
        said = {
            "placement_id": self._place.placement.id,
            "kind": "experts.answer",
            "author_role": "learner",
            "state": State.PUBLISHED,
            "source": "x",
            "html": "x",
            "cooked_version": 1,
        }
        authors = [self._chance.choice(people) for _ in range(self._answers)]
        days = [self._moment() for _ in range(self._answers)]
        rows = [
            here | said | {"author_id": author, "created_at": at}
            for author, at in zip(authors, days, strict=True)
        ]
        words = _put(session, Contribution, rows)
        counts = {"kind": Kind.ANSWER, "length": EACH}
        rows = [
            here | counts | {"author_id": author, "contribution_id": one, "at": at}
            for author, one, at in zip(authors, words, days, strict=True)
        ]
        documents = _put(session, Document, rows)
        topics = [topic.id for topic in self._topics]
        rows = [{"document_id": one, "topic_id": self._chance.choice(topics)} for one in documents]
        for some in _batches(rows):
            session.execute(insert(DocumentTopic), some)
        return documents

    def _moment(self) -> datetime:
        return self._now - timedelta(minutes=self._chance.randint(0, 500_000))

    def _index(self, session: Session, documents: Sequence[int]) -> None:
        """The words of each answer, into our index and into the database's own."""
        community = self._place.community.id
        texts = {one: self._some(EACH) for one in documents}
        counted: dict[str, int] = {}
        places = sorted((word, one) for one, words in texts.items() for word in words)
        for word, _ in places:
            counted[word] = counted.get(word, 0) + 1
        _pour(session, Posting.__tablename__, ((community, word, one, 1) for word, one in places))
        session.execute(
            insert(Word),
            [{"community_id": community, "word": word, "documents": many} for word, many in counted.items()],
        )
        session.execute(
            insert(Corpus), {"community_id": community, "documents": len(documents), "length": len(places)}
        )
        written = [{"id": one, "words": " ".join(words)} for one, words in texts.items()]
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("CREATE TABLE bench_text (id INTEGER PRIMARY KEY, words TSVECTOR)"))
            each = "INSERT INTO bench_text VALUES (:id, to_tsvector('simple', :words))"
            after = "CREATE INDEX bench_text_words ON bench_text USING gin (words)"
        else:
            session.execute(text("CREATE VIRTUAL TABLE bench_text USING fts5(words)"))
            each, after = "INSERT INTO bench_text (rowid, words) VALUES (:id, :words)", "SELECT 1"
        for some in _batches(written):
            session.execute(text(each), some)
        session.execute(text(after))


def _pour(session: Session, name: str, rows: Iterator[tuple[Any, ...]]) -> None:
    """Millions of rows into a table, the quickest way there is."""
    raw: Any = session.connection().connection.driver_connection
    columns = "community_id, word, document_id, times"
    if session.get_bind().dialect.name == "postgresql":
        with raw.cursor() as cursor, cursor.copy(f"COPY {name} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    raw.executemany(f"INSERT INTO {name} ({columns}) VALUES (?, ?, ?, ?)", rows)  # noqa: S608 – our table


def _put(session: Session, model: Any, rows: list[dict[str, Any]]) -> list[int]:
    """Insert many rows; gives their ids, in order."""
    last = session.scalar(select(model.id).order_by(model.id.desc()).limit(1)) or 0
    for some in _batches(rows):
        session.execute(insert(model), some)
    return list(session.scalars(select(model.id).where(model.id > last).order_by(model.id)))


def _batches(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    return (rows[at : at + _BATCH] for at in range(0, len(rows), _BATCH))
