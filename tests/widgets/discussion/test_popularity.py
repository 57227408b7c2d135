"""Popularity: a pure formula over people, and counters that are what counting would give."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.activity.relay import relay
from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock as the_clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.engagement.models import Mark, SpecialMention
from lmssocial.timers import cool
from lmssocial.widgets.discussion import moderating, popularity, service
from lmssocial.widgets.discussion.models import Post, Thread
from lmssocial.widgets.discussion.popularity import ENDORSED, HELPED, MENTIONED, REPLIED, SAVED, heat
from lmssocial.widgets.discussion.service import Posted
from tests.conftest import TestClock
from tests.support.discussion import HOLD, PostThread, Reply, thread_of
from tests.support.people import Place, make_person

HOUR = timedelta(hours=1)
weights = st.lists(st.sampled_from([ENDORSED, REPLIED, HELPED, MENTIONED, SAVED]), max_size=40)
ages = st.floats(0, 24 * 365).map(lambda hours: timedelta(hours=hours))


def test_the_formula_is_people_over_age_as_it_is_written_down() -> None:
    assert heat([], HOUR) == 0
    assert heat([ENDORSED, REPLIED, SAVED], timedelta(hours=2)) == pytest.approx((3 + 2 + 1.5) / 4**1.5)
    assert heat([REPLIED], timedelta(seconds=-5)) == heat([REPLIED], timedelta(0)), "clocks differ a little"


@given(weights, ages)
def test_one_more_person_always_warms_and_time_always_cools(people: list[float], age: timedelta) -> None:
    now = heat(people, age)
    assert heat([*people, SAVED], age) > now or age > timedelta(days=300)
    assert heat(people, age + HOUR) <= now


def mark(session: Session, actor: Actor, posted: Posted, *what: str) -> None:
    """Mark a post in several ways at once."""
    marked = {f"{name}_at": the_clock.now() for name in what}
    session.add(Mark(contribution_id=posted.post_id, user_id=actor.user_id, **marked))
    session.flush()


def heat_of(session: Session, thread: Posted) -> float:
    popularity.recompute(session, [thread.thread_id])
    session.expire_all()
    return thread_of(session, thread).heat


def test_one_person_counts_once_by_the_strongest_thing_they_did(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply, clock: TestClock
) -> None:
    thread = post_thread(ana)
    clock.tick(hours=2)
    unit = 4**-1.5
    assert heat_of(session, thread) == 0
    answer = reply(ben, thread.post_id)
    reply(ben, answer.post_id)
    assert heat_of(session, thread) == pytest.approx(REPLIED * unit)
    mark(session, ben, thread, "helpful", "saved")
    assert heat_of(session, thread) == pytest.approx(REPLIED * unit), "he counts already"
    reply(ana, answer.post_id)
    mark(session, ana, answer, "helpful", "saved")
    assert heat_of(session, thread) == pytest.approx(REPLIED * unit), "who began it does not count"


def test_saving_finding_helpful_mentioning_and_endorsing_weigh_as_they_say(
    session: Session, ana: Actor, place: Place, post_thread: PostThread, clock: TestClock
) -> None:
    thread = post_thread(ana)
    clock.tick(hours=2)
    people = [make_person(session, place) for _ in range(4)]
    mark(session, people[0], thread, "saved")
    mark(session, people[1], thread, "saved", "helpful")
    mark(session, people[2], thread, "saved", "helpful", "endorsed")
    session.add(
        SpecialMention(
            tenant_id=place.tenant.id,
            community_id=place.community.id,
            contribution_id=thread.post_id,
            user_id=people[3].user_id,
            sentence="Because it is clear.",
            at=the_clock.now(),
        )
    )
    session.flush()
    expected = (SAVED + HELPED + ENDORSED + MENTIONED) * 4**-1.5
    assert heat_of(session, thread) == pytest.approx(expected)
    found = thread_of(session, thread)
    assert (found.helped_count, found.endorsed_count, found.people_count) == (2, 1, 0)


def test_what_is_held_or_removed_reaches_nobody(
    session: Session, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    reply(ben, thread.post_id, screen=HOLD)
    answer = reply(ben, thread.post_id)
    mark(session, tom, answer, "helpful", "endorsed")
    assert heat_of(session, thread) > 0
    service.remove_post(session, ben, answer.post_id)
    assert heat_of(session, thread) == 0
    assert thread_of(session, thread).helped_count == thread_of(session, thread).endorsed_count == 0


def people_are_counted_right(session: Session) -> bool:
    session.expire_all()
    counted = {
        thread.id: session.scalar(
            select(func.count(Contribution.author_id.distinct()))
            .join(Post, Post.contribution_id == Contribution.id)
            .where(
                Post.thread_id == thread.id,
                Post.parent_id.is_not(None),
                Contribution.state == State.PUBLISHED,
                Contribution.author_id != thread.author_id,
            )
        )
        for thread in session.scalars(select(Thread))
    }
    return counted == {thread.id: thread.people_count for thread in session.scalars(select(Thread))}


def test_people_are_counted_as_they_come_and_go(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    mei = make_person(session, place, "Mei Ono")
    first, second = reply(ben, thread.post_id), reply(ben, thread.post_id)
    reply(ana, first.post_id)
    held = reply(mei, thread.post_id, screen=HOLD)
    assert thread_of(session, thread).people_count == 1
    steps: list[Callable[[], object]] = [
        lambda: moderating.publish_held_post(session, tom, held.post_id),
        lambda: service.remove_post(session, ben, first.post_id),
        lambda: service.remove_post(session, ben, second.post_id),
        lambda: service.restore_post(session, ben, second.post_id),
        lambda: moderating.hide_flagged_post(session, tom, held.post_id, "Look."),
        lambda: moderating.decline_held_post(session, tom, held.post_id, "No."),
        lambda: moderating.publish_held_post(session, tom, held.post_id),
        lambda: service.remove_post(session, tom, held.post_id),
    ]
    counts = []
    for step in steps:
        step()
        assert people_are_counted_right(session)
        counts.append(thread_of(session, thread).people_count)
    assert counts == [2, 2, 1, 2, 1, 1, 2, 1]


@pytest.mark.usefixtures("db_url")
def test_the_worker_keeps_heat_up_to_date_and_lets_it_cool(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply, clock: TestClock
) -> None:
    session.commit()
    with unit_of_work(session):
        thread = post_thread(ana)
        reply(ben, thread.post_id)
    sessions = sessionmaker(session.get_bind())
    assert relay(sessions, {"popularity": popularity.follow}) == 2
    warm = thread_of(session, thread).heat
    assert warm == pytest.approx(REPLIED / 2**1.5)
    session.rollback()
    clock.tick(hours=6)
    assert cool(sessions) == 1
    session.expire_all()
    assert thread_of(session, thread).heat == pytest.approx(REPLIED / 8**1.5)


def test_what_is_cold_is_left_alone(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply, clock: TestClock
) -> None:
    thread = post_thread(ana)
    reply(ben, thread.post_id)
    clock.tick(days=60)
    assert heat_of(session, thread) < popularity.COLD
    before = thread_of(session, thread).heat
    clock.tick(days=60)
    assert popularity.cool(session) == 0
    session.expire_all()
    assert thread_of(session, thread).heat == before
