"""What is for one member and the moderators alone."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.lms.identity.models import User
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.widgets.discussion import access, private, service
from lmssocial.widgets.discussion.drafts import AboutDraft, ReplyDraft, ThreadDraft
from lmssocial.widgets.discussion.models import Audience, Thread
from lmssocial.widgets.discussion.service import Posted
from tests.support.discussion import HOLD, PostThread, Reply, events, let_pass, thread_of
from tests.support.people import Place, make_person
from tests.support.queries import Queries
from tests.support.seat import Seat, text_of

SitDown = Callable[[Actor], Seat]


@pytest.fixture
def sue(session: Session, place: Place) -> Actor:
    """A learner who was asked to be an SME."""
    return replace(make_person(session, place, "Sue Expert"), offices=frozenset({Office.SME}))


def ask(session: Session, place: Place, actor: Actor, key: str | None = None) -> Posted:
    """Ask privately."""
    draft = ThreadDraft(
        placement_id=place.placement.id, title="May I?", source="A private matter.", submission_key=key
    )
    return private.ask(session, let_pass, actor, draft)


def say_about(session: Session, place: Place, actor: Actor, post_id: int, source: str = "A word.") -> Posted:
    """Say something in private about a post."""
    draft = AboutDraft(placement_id=place.placement.id, post_id=post_id, source=source)
    return private.say_about(session, let_pass, actor, draft)


def readers(session: Session, posted: Posted, *people: Actor) -> list[str]:
    """Those of the people who see a thread."""
    thread = thread_of(session, posted)
    return [person.name for person in people if access.sees_thread(person, thread)]


def test_a_private_question_is_read_by_its_asker_and_those_who_moderate(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, sue: Actor
) -> None:
    asked = ask(session, place, ana)
    assert readers(session, asked, ana, ben, tom, sue) == ["Ana Ruiz", "Tom Berg", "Sue Expert"]
    answer = ReplyDraft(parent_id=asked.post_id, source="You may.")
    service.reply_to(session, let_pass, sue, answer)
    with pytest.raises(NotFound):
        service.reply_to(session, let_pass, ben, answer)


def test_the_same_question_sent_twice_is_asked_once(session: Session, place: Place, ana: Actor) -> None:
    first = ask(session, place, ana, key="k")
    assert ask(session, place, ana, key="k").thread_id == first.thread_id


def test_moderators_ask_nothing_of_themselves_and_nobody_asks_where_it_is_off(
    session: Session, place: Place, ana: Actor, tom: Actor
) -> None:
    with pytest.raises(NotAllowed):
        ask(session, place, tom)
    place.placement.settings = {"private_questions": False}
    session.flush()
    with pytest.raises(NotAllowed):
        ask(session, place, ana)


def test_private_words_about_a_post_go_on_in_one_thread(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, sue: Actor, post_thread: PostThread
) -> None:
    opened = post_thread(ana, title="Who pays?")
    first = say_about(session, place, tom, opened.post_id, "Could you say more?")
    thread = thread_of(session, first)
    assert (thread.audience, thread.learner_id, thread.about_id) == (
        Audience.PRIVATE,
        ana.user_id,
        opened.post_id,
    )
    assert thread.title == "Who pays?"
    assert readers(session, first, ana, ben, tom, sue) == ["Ana Ruiz", "Tom Berg", "Sue Expert"]
    for person in (tom, sue, ana):
        assert say_about(session, place, person, opened.post_id).thread_id == first.thread_id
    bens = say_about(session, place, ben, opened.post_id)
    assert bens.thread_id != first.thread_id
    assert readers(session, bens, ana, ben, tom) == ["Ben Okoro", "Tom Berg"]
    assert thread_of(session, opened).has_private


def test_public_threads_keep_their_numbers_without_gaps(
    session: Session, place: Place, ana: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    opened = post_thread(ana)
    say_about(session, place, tom, opened.post_id)
    assert reply(tom, opened.post_id).number == 2


def test_nobody_writes_privately_to_a_colleague_to_themselves_or_to_somebody_who_never_came(
    session: Session, place: Place, ana: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    una = make_person(session, place, "Una", LmsRole.INSTRUCTOR)
    opened = post_thread(tom)
    for person in (tom, una):
        with pytest.raises(NotAllowed):
            say_about(session, place, person, opened.post_id)
    answer = reply(ana, opened.post_id)
    session.scalars(select(User).where(User.id == ana.user_id)).one().is_former = True
    session.flush()
    with pytest.raises(NotAllowed):
        say_about(session, place, tom, answer.post_id)


def test_a_private_thread_is_not_talked_about_in_another_one(
    session: Session, place: Place, ana: Actor, tom: Actor
) -> None:
    asked = ask(session, place, ana)
    for person in (ana, tom):
        with pytest.raises(NotAllowed):
            say_about(session, place, person, asked.post_id)


def test_only_who_asked_makes_it_public(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread
) -> None:
    asked = ask(session, place, ana)
    with pytest.raises(NotAllowed):
        private.make_public(session, tom, asked.thread_id)
    with pytest.raises(NotFound):
        private.make_public(session, ben, asked.thread_id)
    private.make_public(session, ana, asked.thread_id)
    thread = session.scalars(select(Thread).where(Thread.id == asked.thread_id)).one()
    assert (thread.audience, thread.learner_id) == (Audience.EVERYBODY, None)
    assert access.sees_thread(ben, thread)
    assert events(session)[-1][0] == "discussion.thread_made_public"
    with pytest.raises(NotAllowed):
        private.make_public(session, ana, asked.thread_id)
    toms = say_about(session, place, tom, post_thread(ana).post_id, "Between us.")
    with pytest.raises(NotAllowed):
        private.make_public(session, ana, toms.thread_id)


def test_asking_answering_and_making_public_work_without_scripts(
    ana: Actor, ben: Actor, tom: Actor, seat: SitDown
) -> None:
    at_anas, at_bens, at_toms = seat(ana), seat(ben), seat(tom)
    page = at_anas.fill_in("/threads/ask", "/threads/ask", title="May I?", source="A private matter.")
    assert "Only you and those who moderate here read it." in text_of(page)
    assert "Only you, the instructors, stewards and SMEs read this." in text_of(page)
    path = page.request.path
    assert at_bens.open(path).status_code == 404
    assert "May I?" not in text_of(at_bens.open("/"))
    listed = at_toms.open("/").get_data(as_text=True)
    assert "May I?" in listed
    assert "Private" in listed
    assert "Only Ana Ruiz, the instructors, stewards and SMEs read this." in text_of(at_toms.open(path))
    assert at_toms.open(f"{path}/public").status_code == 403
    question = at_anas.open(f"{path}/public")
    assert "It cannot be made private again." in text_of(question)
    page = at_anas.follow(at_anas.send(at_anas.form(question, "/public")))
    assert "Your question is public now." in text_of(page)
    assert at_bens.open(path).status_code == 200


def test_a_private_conversation_stands_beside_the_post_for_those_in_it(
    ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, seat: SitDown
) -> None:
    opened = post_thread(ana, title="Who pays?")
    at_anas, at_bens, at_toms = seat(ana), seat(ben), seat(tom)
    page = at_toms.fill_in(f"/posts/{opened.post_id}/private", "/private", source="Could you say more?")
    private_path = page.request.path
    assert "It is about post 1 by Ana Ruiz in “Who pays?”" in text_of(page)
    path = f"/threads/{opened.thread_id}"
    assert "Private conversation" in text_of(at_anas.open(path))
    assert "Private conversation with Ana Ruiz" in text_of(at_toms.open(path))
    assert "Private conversation" not in text_of(at_bens.open(path))
    again = at_anas.open(f"/posts/{opened.post_id}/private")
    assert again.status_code == 302
    assert private_path in again.headers["Location"]


def test_a_draft_of_a_private_question_never_shows_in_the_form_for_everybody(
    place: Place, ana: Actor, seat: SitDown
) -> None:
    at_anas = seat(ana)
    form = at_anas.form(at_anas.open("/threads/ask"), "/threads/ask")
    data = {"csrf_token": dict(form.fields)["csrf_token"], "title": "t", "source": "whispered", "seq": "1"}
    saved = at_anas.client.post(at_anas.address(f"/drafts/ask:{place.placement.id}"), data=data)
    assert saved.status_code == 204
    assert "whispered" in at_anas.open("/threads/ask").get_data(as_text=True)
    assert "whispered" not in at_anas.open("/threads/new").get_data(as_text=True)
    assert "whispered" not in at_anas.open("/").get_data(as_text=True)


def test_private_threads_beside_posts_take_one_statement_however_many_there_are(
    session: Session,
    place: Place,
    ana: Actor,
    tom: Actor,
    post_thread: PostThread,
    reply: Reply,
    seat: SitDown,
    count_queries: Callable[[], AbstractContextManager[Queries]],
) -> None:
    opened = post_thread(ana)
    answers = [reply(ana, opened.post_id) for _ in range(10)]
    reply(ana, opened.post_id, screen=HOLD)
    at_toms, path = seat(tom), f"/threads/{opened.thread_id}"
    counts = []
    for some in ([], answers[:1], answers[1:]):
        for answer in some:
            say_about(session, place, tom, answer.post_id)
        session.commit()
        at_toms.open(path)
        with count_queries() as queries:
            assert at_toms.open(path).status_code == 200
        counts.append(len(queries))
    assert counts[1] == counts[2] == counts[0] + 1
    assert counts[2] <= 7
