"""Answers that are kept: published as solved questions, found before one asks again, counted as what somebody knows."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Submission
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Placement
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.engagement import tallies
from lmssocial.social.knowledge import queries, service
from lmssocial.social.knowledge.models import Standing
from lmssocial.social.knowledge.ports import Findable
from lmssocial.social.knowledge.service import Publication, months_after
from lmssocial.social.knowledge.similar import similar
from lmssocial.social.moderation.models import Case, CaseState
from lmssocial.social.moderation.screening import Screening
from lmssocial.widgets.discussion import moderating, questions
from lmssocial.widgets.discussion.knowing import KnownPosts
from lmssocial.widgets.discussion.models import Post, Thread, ThreadKind
from lmssocial.widgets.discussion.queries.found import found_posts
from lmssocial.widgets.discussion.service import remove_post
from tests.conftest import TestClock
from tests.support.discussion import HOLD, REJECT, PostThread, Reply, events, let_pass
from tests.support.knowledge import TITLE, publish
from tests.support.people import Place, make_person, make_place, make_placement
from tests.support.queries import Queries

Count = Callable[[], AbstractContextManager[Queries]]
KNOWN: list[Findable] = [KnownPosts()]


def thread_of(session: Session, publication: Publication) -> Thread:
    """The thread that it became, as it stands in the database."""
    session.expire_all()
    return session.get_one(Thread, session.get_one(Post, publication.item.contribution_id).thread_id)


def state_of(session: Session, contribution_id: int) -> State:
    """Whether its words are read, as it stands in the database."""
    session.expire_all()
    return session.get_one(Contribution, contribution_id).state


def test_a_published_answer_is_a_solved_question_in_both_names(
    app: Flask, session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    publication = publish(session, place, ana, ben, by=tom)
    item, thread = publication.item, thread_of(session, publication)
    assert publication.is_visible
    assert (thread.kind, thread.title, thread.author_id) == (ThreadKind.QUESTION, TITLE, ana.user_id)
    assert (thread.solved_id, thread.reply_count) == (item.answer_id, 1)
    assert session.get_one(Contribution, item.answer_id).author_id == ben.user_id
    names = [name for name, _who, _what in events(session)]
    assert names.count("knowledge.item_published") == 1
    assert "discussion.question_solved" not in names
    found = found_posts(session, ana, place.placement.id, "centre the process")
    assert [post.id for post in found.posts] == [item.answer_id]
    with app.test_request_context():
        [offered] = similar(session, tom, KNOWN, "capability study?")
    assert (offered.contribution_id, offered.is_solved, offered.is_outdated) == (
        item.contribution_id,
        True,
        False,
    )
    assert offered.excerpt.startswith("The report says Cpk 0.8")
    assert offered.href.endswith(f"/threads/{thread.id}")


def test_what_is_solved_is_offered_first_and_what_is_outdated_last(
    app: Flask,
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    count_queries: Count,
) -> None:
    solved = publish(session, place, ana, ben, title="Reading a capability study")
    old = publish(session, place, ana, ben, title="Reading a capability study", row_id=13)
    service.outdate(session, let_pass, ben, old.item.contribution_id, "We use Ppk now.")
    bare = post_thread(ana, title="Reading a capability study")
    for _ in range(6):
        post_thread(ana, title="Something about paper shields")
    session.flush()
    with app.test_request_context(), count_queries() as seen:
        offered = similar(session, ben, KNOWN, "Reading a capability study")
    assert [one.contribution_id for one in offered] == [
        solved.item.contribution_id,
        bare.post_id,
        old.item.contribution_id,
    ]
    assert [one.is_outdated for one in offered] == [False, False, True]
    assert len(seen) <= 4
    with app.test_request_context():
        assert len(similar(session, ben, KNOWN, "something about paper shields")) == 5


def test_nobody_is_offered_what_they_do_not_read(
    app: Flask, session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    publication = publish(session, place, ana, ben)
    elsewhere = make_place(session, beside=place)
    stranger = make_person(session, elsewhere)
    with app.test_request_context():
        assert similar(session, stranger, KNOWN, TITLE) == []
        assert queries.noted(session, stranger, [publication.item.contribution_id]) == {}
        remove_post(session, ana, publication.item.contribution_id)
        assert similar(session, ben, KNOWN, TITLE) == []
        assert queries.listed(session, ben, KNOWN).lines == ()


def test_a_second_publication_of_the_same_question_is_refused(
    session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    publish(session, place, ana, ben)
    with pytest.raises(Conflict, match="published before"):
        publish(session, place, ana, ben)


def test_guests_may_have_answered_and_keep_their_name(
    session: Session, place: Place, ana: Actor, tom: Actor
) -> None:
    elsewhere = make_place(session, beside=place)
    gita = make_person(session, elsewhere, "Gita Rao")
    guest = replace(
        gita, course_id=place.course.id, community_id=place.community.id, roles=frozenset(), session_id=0
    )
    item = publish(session, place, ana, guest, by=tom).item
    note = queries.noted(session, ana, [item.contribution_id])[item.contribution_id]
    assert (note.asked_by, note.answered_by) == ("Ana Ruiz", "Gita Rao")
    assert session.get_one(Contribution, item.answer_id).community_id == place.community.id


def test_only_discussions_in_which_everybody_reads_take_it(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, clock: TestClock
) -> None:
    port = KnownPosts()
    shut = make_placement(session, place.community)
    shut.settings = {"locks_at": clock.now.isoformat()}
    grouped = make_placement(session, place.community)
    grouped.settings = {"groups": "separate"}
    staff = make_placement(session, place.community)
    staff.settings = {"starters": "staff"}
    make_placement(session, place.community, widget="experts")
    session.flush()
    assert [home.placement_id for home in port.homes(session, ana)] == [place.placement.id]
    assert {home.placement_id for home in port.homes(session, tom)} == {place.placement.id, staff.id}
    session.execute(
        update(Placement).where(Placement.id == place.placement.id).values(settings={"groups": "visible"})
    )
    session.expire_all()
    with pytest.raises(NotFound):
        publish(session, place, ana, ben)


def test_an_answer_waits_with_its_question_and_solves_it_when_both_are_let_through(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    def hold_threads(submission: Submission) -> Screening:
        return HOLD(submission) if submission.kind == "discussion.thread" else let_pass(submission)

    publication = publish(session, place, ana, ben, screen=hold_threads)
    item = publication.item
    assert not publication.is_visible
    assert state_of(session, item.answer_id) is State.HELD
    waiting = session.scalars(select(Case.contribution_id).where(Case.state == CaseState.OPEN)).all()
    assert waiting == [item.contribution_id]
    moderating.publish_held_post(session, tom, item.contribution_id)
    assert state_of(session, item.answer_id) is State.PUBLISHED
    thread = thread_of(session, publication)
    assert (thread.solved_id, thread.highest_number) == (item.answer_id, 2)
    assert session.get_one(Post, item.contribution_id).number == 1


def test_an_answer_that_is_decided_first_comes_when_its_question_does(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, clock: TestClock
) -> None:
    publication = publish(session, place, ana, ben, screen=HOLD)
    item = publication.item
    session.execute(
        update(Case)
        .where(Case.contribution_id == item.answer_id)
        .values(state=CaseState.APPROVED, decided_at=clock.now, decided_by_id=tom.user_id)
    )
    moderating.publish_held_post(session, tom, item.answer_id)
    assert state_of(session, item.answer_id) is State.HELD
    moderating.publish_held_post(session, tom, item.contribution_id)
    assert state_of(session, item.answer_id) is State.PUBLISHED
    assert thread_of(session, publication).solved_id == item.answer_id


def test_answers_that_helped_say_what_their_author_knows(
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    count_queries: Count,
) -> None:
    question = post_thread(ana, "How do I read it? #capability", title="Capability study")
    session.execute(update(Thread).where(Thread.id == question.thread_id).values(kind=ThreadKind.QUESTION))
    solution = reply(ben, question.post_id, "Below *one* is bad. #cpk")
    helped, ignored = reply(ben, question.post_id, "Look at the plot."), reply(ben, question.post_id)
    session.expire_all()
    questions.solve(session, ana, solution.post_id)
    tallies.add(session, helped.post_id, helpful=1)
    kept = publish(session, place, ana, ben)
    session.flush()
    asked = [question.post_id, solution.post_id, helped.post_id, ignored.post_id, kept.item.answer_id]
    with count_queries() as seen:
        found = KnownPosts().evidence(session, asked)
    assert len(seen) == 2
    assert [(one.contribution_id, one.accepted) for one in found] == [
        (solution.post_id, True),
        (helped.post_id, False),
    ]
    first = found[0]
    assert (first.author_id, first.community_id) == (ben.user_id, place.community.id)
    assert (first.title, first.tags) == ("Capability study", ("capability", "cpk"))
    assert first.question.startswith("How do I read it?")
    assert first.text.startswith("Below one is bad.")
    session.execute(update(Thread).where(Thread.id == question.thread_id).values(post_first=True))
    assert KnownPosts().evidence(session, asked) == []


def test_who_moderates_and_who_answered_say_whether_it_holds(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, clock: TestClock
) -> None:
    item = publish(session, place, ana, ben, months=12).item
    assert item.review_at == months_after(clock.now, 12)
    assert queries.due(session, tom) == []
    clock.tick(days=340)
    assert [note.contribution_id for note in queries.due(session, tom)] == [item.contribution_id]
    assert [note.contribution_id for note in queries.due(session, ben)] == [item.contribution_id]
    assert queries.due(session, ana) == []
    with pytest.raises(NotAllowed):
        service.confirm(session, ana, item.contribution_id, 12)
    with pytest.raises(NotAllowed):
        service.outdate(session, let_pass, ana, item.contribution_id, "No.")
    with pytest.raises(Invalid):
        service.confirm(session, tom, item.contribution_id, 0)
    with pytest.raises(Invalid):
        service.outdate(session, REJECT, ben, item.answer_id, "Buy at my shop.")
    service.outdate(session, let_pass, ben, item.answer_id, "We use Ppk now.")
    note = queries.noted(session, ana, [item.contribution_id])[item.contribution_id]
    assert (note.is_outdated, note.text, note.reviewed_by) == (True, "We use Ppk now.", "Ben Okoro")
    service.confirm(session, tom, item.contribution_id, 6)
    assert (item.standing, item.note) == (Standing.CURRENT, "")
    assert item.review_at == months_after(clock.now, 6)
    assert queries.due(session, tom) == []
    names = [name for name, _who, _what in events(session) if name.startswith("knowledge.")]
    assert names == ["knowledge.item_published", "knowledge.item_outdated", "knowledge.item_confirmed"]


def test_the_way_back_is_shown_to_those_who_read_what_is_there(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    cleo = make_person(session, place)
    closed = publish(session, place, ana, ben, is_open=False).item.contribution_id
    opened = publish(session, place, ana, ben, row_id=13).item.contribution_id
    shown = {
        person.name: bool(queries.noted(session, person, [closed])[closed].way_back)
        for person in (ana, ben, tom, cleo)
    }
    assert shown == {"Ana Ruiz": True, "Ben Okoro": True, "Tom Berg": True, cleo.name: False}
    assert queries.noted(session, cleo, [opened])[opened].way_back


def test_months_end_where_a_month_has_no_such_day(clock: TestClock) -> None:
    january = clock.now.replace(month=1, day=31)
    assert (months_after(january, 1).month, months_after(january, 1).day) == (2, 28)
    assert months_after(january, 23).year == january.year + 1
