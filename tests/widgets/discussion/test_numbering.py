"""Numbers at the same moment."""

import threading
from collections import Counter
from contextlib import suppress

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution
from lmssocial.widgets.discussion import numbering, service
from lmssocial.widgets.discussion.drafts import ReplyDraft, ThreadDraft
from lmssocial.widgets.discussion.models import Post, Thread
from lmssocial.widgets.discussion.service import Posted
from tests.support.discussion import let_pass
from tests.support.people import make_person, make_place

WRITERS, EACH = 6, 5
REPLIES = WRITERS * (1 + EACH)


def open_thread(engine: Engine) -> tuple[Posted, list[tuple[Actor, int]]]:
    """A committed thread, and people in it, each with a post of their own to go on from."""
    with Session(engine) as session, unit_of_work(session):
        place = make_place(session)
        people = [make_person(session, place) for _ in range(WRITERS)]
        draft = ThreadDraft(placement_id=place.placement.id, title="T", source="s")
        thread = service.post_thread(session, let_pass, people[0], draft)
        reply = ReplyDraft(parent_id=thread.post_id, source="s")
        return thread, [(one, service.reply_to(session, let_pass, one, reply).post_id) for one in people]


def all_at_once(engine: Engine, people: list[tuple[Actor, int]]) -> list[Exception]:
    """Everybody answers several times, each in a thread and with a session of their own."""
    ready = threading.Barrier(len(people), timeout=60)
    failures: list[Exception] = []

    def answer(actor: Actor, parent_id: int) -> None:
        ready.wait()
        for _ in range(EACH):
            try:
                with Session(engine) as session, unit_of_work(session):
                    draft = ReplyDraft(parent_id=parent_id, source="s")
                    service.reply_to(session, let_pass, actor, draft)
            except Exception as error:  # noqa: BLE001 – the test looks at whatever it was
                failures.append(error)

    threads = [threading.Thread(target=answer, args=each) for each in people]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return failures


def test_replies_at_the_same_moment_get_different_numbers_without_gaps(engine: Engine) -> None:
    thread, people = open_thread(engine)
    assert all_at_once(engine, people) == []
    with Session(engine) as session:
        numbers = session.scalars(select(Post.number).where(Post.thread_id == thread.thread_id)).all()
        row = session.scalars(select(Thread)).one()
        assert sorted(n or 0 for n in numbers) == list(range(1, REPLIES + 2))
        assert (row.highest_number, row.reply_count) == (REPLIES + 1, REPLIES)


def test_counting_first_and_writing_later_would_not_do(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: with the obvious way of numbering, the same crowd collides (on PostgreSQL)."""
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer, so nobody is ever at the same moment")

    def read_then_write(
        session: Session, thread: Thread, post: Post, parent: Post | None, _author_id: int
    ) -> int:
        number = session.scalars(select(Thread.highest_number).where(Thread.id == thread.id)).one() + 1
        post.number, post.path = number, numbering.path_below(parent, number)
        thread.highest_number = number
        session.flush()
        return number

    _thread, people = open_thread(engine)
    monkeypatch.setattr(numbering, "enter", read_then_write)
    failures = all_at_once(engine, people)
    assert Counter(type(error) for error in failures)[IntegrityError] > 0


def test_one_form_sent_twice_at_the_same_moment_posts_once(engine: Engine) -> None:
    thread, people = open_thread(engine)
    ready = threading.Barrier(2, timeout=60)
    outcomes: list[object] = []

    def send() -> None:
        ready.wait()
        draft = ReplyDraft(parent_id=thread.post_id, source="sent twice", submission_key="one-form")
        for _attempt in range(2):
            with suppress(IntegrityError), Session(engine) as session, unit_of_work(session):
                outcomes.append(service.reply_to(session, let_pass, people[1][0], draft).post_id)

    senders = [threading.Thread(target=send) for _ in range(2)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert len(set(outcomes)) == 1
    with Session(engine) as session:
        source = Contribution.source
        assert len(session.scalars(select(Contribution.id).where(source == "sent twice")).all()) == 1
