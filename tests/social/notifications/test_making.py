"""Notices are made once, whatever dies in between, and the bell always counts what is there."""

import random
from dataclasses import dataclass, field
from functools import partial

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.activity.models import Subscriber
from lmssocial.core.activity.relay import relay
from lmssocial.core.kernel import clock as the_clock
from lmssocial.core.kernel.events import Happened
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership
from lmssocial.social.engagement import following
from lmssocial.social.engagement.models import Level
from lmssocial.social.notifications import making, preferences, queries, reading
from lmssocial.social.notifications.models import How, Notice
from lmssocial.social.notifications.wording import who
from lmssocial.widgets.discussion import service
from lmssocial.widgets.discussion.queries.threads import THREAD
from lmssocial.widgets.discussion.service import Posted
from tests.conftest import TestClock
from tests.support.discussion import PostThread, Reply
from tests.support.notices import REGISTRY, bell, notices_of, tell
from tests.support.people import Place, make_person

NAME = "notifications"


class Died(Exception):
    """The worker died after it wrote and before it committed."""


def test_a_worker_that_dies_in_between_tells_once(
    db_url: str,
    session: Session,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    clock: TestClock,
) -> None:
    for _ in range(3):
        reply(ben, post_thread(ana).post_id)
    session.flush()
    rows = session.info.pop("lmssocial_add_last")
    session.add_all(rows)
    session.commit()
    sessions = sessionmaker(session.get_bind())
    deaths = iter([False, False, True, False, True])

    def dying(event: Happened, its: Session) -> None:
        making.tell(REGISTRY, event, its)
        if next(deaths, False):
            raise Died

    for _ in range(4):
        relay(sessions, {NAME: dying})
        clock.tick(minutes=5)
    session.expire_all()
    assert session.get_one(Subscriber, NAME).attempts == 0
    assert bell(session, ana) == 3
    assert session.scalars(select(Notice.count)).all() == [1, 1, 1]
    assert relay(sessions, {NAME: partial(making.tell, REGISTRY)}) == 0
    del db_url


def test_an_event_of_which_nobody_tells_costs_nothing(session: Session, ana: Actor) -> None:
    event = Happened(
        id=1,
        name="discussion.posts_read",
        version=1,
        tenant_id=ana.tenant_id,
        course_id=ana.course_id,
        community_id=ana.community_id,
        actor_id=ana.user_id,
        actor_role="learner",
        payload={},
        at=the_clock.now(),
    )
    making.tell(REGISTRY, event, session)
    assert session.scalar(select(func.count(Notice.id))) == 0


def test_what_a_worker_that_stood_still_finds_stands_in_the_bell_and_goes_into_no_mail(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply, clock: TestClock
) -> None:
    thread = post_thread(ana)
    reply(ben, thread.post_id)
    clock.tick(seconds=making.STALE.total_seconds() + 60)
    tell(session)
    assert bell(session, ana) == 1
    assert session.scalars(select(Notice.mail_at)).all() == [None]


def test_whoever_left_the_course_is_told_nothing(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    session.execute(update(Membership).where(Membership.user_id == ana.user_id).values(active=False))
    reply(ben, thread.post_id)
    tell(session)
    assert bell(session, ana) == 0


@dataclass
class Course:
    """A course in which anything may happen, chosen by chance but the same for the same seed."""

    session: Session
    chance: random.Random
    people: list[Actor]
    tom: Actor
    post_thread: PostThread
    reply: Reply
    written: list[tuple[Actor, Posted]] = field(default_factory=list)
    gone: set[int] = field(default_factory=set)

    def somebody(self) -> Actor:
        """One of them."""
        return self.chance.choice(self.people)

    def any_post(self) -> Posted:
        """One of the posts, removed or not."""
        return self.chance.choice(self.written)[1]

    def writes(self) -> None:
        """Somebody answers, or opens a thread."""
        alive = [post for _author, post in self.written if post.post_id not in self.gone]
        author, answers = self.somebody(), self.chance.random() < 0.8
        posted = (
            self.reply(author, self.chance.choice(alive).post_id)
            if alive and answers
            else self.post_thread(author)
        )
        self.written.append((author, posted))

    def removes(self) -> None:
        """Somebody takes their post away, or a moderator does."""
        author, post = self.chance.choice(self.written)
        if post.post_id not in self.gone:
            self.gone.add(post.post_id)
            service.remove_post(self.session, self.chance.choice([author, self.tom]), post.post_id)

    def follows(self) -> None:
        """Somebody watches, follows or mutes."""
        level = self.chance.choice(list(Level))
        following.follow(self.session, self.somebody(), THREAD, self.any_post().thread_id, level)

    def reads(self) -> None:
        """Somebody opens a notice, or marks all as read."""
        person = self.somebody()
        page = queries.notice_page(self.session, REGISTRY, person)
        if self.chance.random() < 0.2:
            reading.mark_all_read(self.session, person)
        elif page.notices:
            reading.mark_read(self.session, person, [self.chance.choice(page.notices).id, *page.over])

    def sees(self) -> None:
        """Somebody has a post before them."""
        reading.mark_about_read(self.session, self.somebody(), [self.any_post().post_id])

    def wishes(self) -> None:
        """Somebody wants to hear less, or more."""
        how = self.chance.choice(list(How))
        preferences.choose(self.session, REGISTRY, self.somebody(), {"discussion.reply": how})


@pytest.mark.parametrize("seed", range(5))
def test_the_bell_counts_what_is_there_whatever_happens(
    seed: int, session: Session, place: Place, ana: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    people = [ana, tom, *(make_person(session, place) for _ in range(3))]
    course = Course(session, random.Random(seed), people, tom, post_thread, reply)  # noqa: S311 – no secret
    course.writes()
    deeds = [course.writes] * 3 + [course.removes, course.follows, course.reads, course.sees, course.wishes]
    for _ in range(60):
        course.chance.choice(deeds)()
        if course.chance.random() < 0.6:
            tell(session)
        for person in people:
            bell(session, person)
    tell(session)
    for person in people:
        page = queries.notice_page(session, REGISTRY, person)
        assert page.over == ()
        assert sum(one.is_unread for one in page.notices) == min(bell(session, person), queries.NOTICES)


def test_notices_read_long_ago_are_swept_and_unread_ones_stay(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply, clock: TestClock
) -> None:
    reply(ben, post_thread(ana).post_id)
    tell(session)
    reading.mark_all_read(session, ana)
    reply(ben, post_thread(ana).post_id)
    tell(session)
    clock.tick(days=89)
    assert reading.sweep(session) == 0
    clock.tick(days=2)
    assert reading.sweep(session) == 1
    assert reading.sweep(session) == 0
    assert bell(session, ana) == 1
    assert len(notices_of(session, ana)) == 1


@pytest.mark.parametrize(
    ("names", "total", "said"),
    [
        ([], 0, "Somebody"),
        (["Ana"], 0, "Ana"),
        (["Ana", "Ben"], 0, "Ana and Ben"),
        (["Ana", "Ben", "Cem"], 0, "Ana and 2 others"),
        (["Ana"], 2, "Ana and 1 other"),
        (["Ana", "Ben"], 12, "Ana and 11 others"),
    ],
)
def test_people_are_named_in_a_few_words(names: list[str], total: int, said: str) -> None:
    assert who(names, total) == said
