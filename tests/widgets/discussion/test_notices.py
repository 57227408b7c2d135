"""Who is told of what happens in a discussion, and who is not."""

import dataclasses
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.content.connection_models import Mention
from lmssocial.social.engagement import following
from lmssocial.social.engagement.models import Because, Level
from lmssocial.social.notifications import making, preferences, queries, reading
from lmssocial.social.notifications.models import How, Notice
from lmssocial.social.notifications.ports import GRACE
from lmssocial.widgets.discussion import moderating, service
from lmssocial.widgets.discussion.models import Audience, Thread, ThreadKind
from lmssocial.widgets.discussion.notices import kinds
from lmssocial.widgets.discussion.queries.threads import THREAD
from lmssocial.widgets.discussion.service import Posted
from tests.conftest import TestClock
from tests.support.discussion import HOLD, PostThread, Reply, edit
from tests.support.notices import REGISTRY, bell, notices_of, tell
from tests.support.people import Place, make_person
from tests.support.queries import Queries

Count = Callable[[], AbstractContextManager[Queries]]


def change(session: Session, thread_id: int, **columns: object) -> None:
    """Let a thread be another kind of thread than the one that was posted."""
    session.execute(update(Thread).where(Thread.id == thread_id).values(**columns))
    session.expire_all()


def test_whoever_is_answered_is_told_and_nobody_else(
    session: Session, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    reply(ben, post_thread(ana, title="How do you open?").post_id, "With **silence**.")
    tell(session)
    page = queries.notice_page(session, REGISTRY, ana)
    assert [one.words.sentence for one in page.notices] == ["Ben Okoro replied to you"]
    assert page.notices[0].words.where == "How do you open?"
    assert page.notices[0].words.excerpt == "With silence."
    assert page.notices[0].is_unread
    assert (bell(session, ana), bell(session, ben), bell(session, tom)) == (1, 0, 0)


def test_answers_to_oneself_are_no_news(
    session: Session, ana: Actor, post_thread: PostThread, reply: Reply
) -> None:
    reply(ana, post_thread(ana).post_id)
    tell(session)
    assert bell(session, ana) == 0


def test_what_repeats_before_somebody_looked_is_one_notice_that_counts(
    session: Session, place: Place, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    cem = make_person(session, place, "Cem Kaya")
    first = reply(ben, thread.post_id)
    reply(cem, thread.post_id)
    reply(ben, thread.post_id)
    tell(session)
    assert bell(session, ana) == 1
    page = queries.notice_page(session, REGISTRY, ana)
    assert [one.words.sentence for one in page.notices] == [
        "3 new replies to you from Ben Okoro and Cem Kaya"
    ]
    assert page.notices[0].words.path.endswith(f"/discussion/posts/{first.post_id}")  # where reading begins


def test_after_it_was_read_the_next_is_a_new_notice(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    reply(ben, thread.post_id)
    tell(session)
    assert reading.mark_all_read(session, ana) == 1
    assert bell(session, ana) == 0
    reply(ben, thread.post_id)
    tell(session)
    assert bell(session, ana) == 1
    assert len(notices_of(session, ana)) == 2


def test_a_notice_names_ten_people_and_counts_the_others(
    session: Session, place: Place, ana: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    for number in range(12):
        reply(make_person(session, place, f"Person {number:02}"), thread.post_id)
    tell(session)
    notice = session.scalars(select(Notice).where(Notice.user_id == ana.user_id)).one()
    assert (len(notice.people["ids"]), len(notice.subject["about"]), notice.count) == (10, 10, 12)
    assert notices_of(session, ana) == ["12 new replies to you from Person 11 and 9 others"]


def test_who_watches_a_thread_is_told_of_every_post_and_who_follows_it_is_not(
    session: Session, place: Place, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    tell(session)
    cem, dora = make_person(session, place, "Cem Kaya"), make_person(session, place, "Dora Lind")
    following.follow(session, cem, THREAD, thread.thread_id, Level.WATCH)
    following.follow(session, dora, THREAD, thread.thread_id, Level.FOLLOW)
    reply(ben, thread.post_id)
    reply(ben, thread.post_id)
    tell(session)
    assert notices_of(session, cem) == ["2 new posts from Ben Okoro in a thread you watch"]
    assert bell(session, dora) == 0


def test_who_is_answered_in_a_thread_they_watch_is_told_once(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    following.follow(session, ana, THREAD, thread.thread_id, Level.WATCH)
    reply(ben, thread.post_id)
    tell(session)
    assert notices_of(session, ana) == ["Ben Okoro replied to you"]


def test_who_muted_a_thread_hears_nothing_of_it(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    following.follow(session, ana, THREAD, thread.thread_id, Level.MUTE)
    reply(ben, thread.post_id)
    tell(session)
    assert bell(session, ana) == 0


def test_who_does_not_want_to_hear_of_a_kind_is_told_by_the_next_reason_or_not_at_all(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    preferences.choose(session, REGISTRY, ana, {kinds.REPLY: How.OFF})
    reply(ben, thread.post_id)
    tell(session)
    assert bell(session, ana) == 0
    following.follow(session, ana, THREAD, thread.thread_id, Level.WATCH)
    reply(ben, thread.post_id)
    tell(session)
    assert notices_of(session, ana) == ["Ben Okoro wrote in a thread you watch"]


def mention(session: Session, posted: Posted, *people: Actor) -> None:
    """Let a post name some people."""
    for person in people:
        values = {"contribution_id": posted.post_id, "user_id": person.user_id, "written": person.name}
        insert_if_absent(session, Mention, values, [Mention.contribution_id, Mention.user_id])


def test_whoever_is_mentioned_is_told_once_and_follows_from_then_on(
    session: Session, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread
) -> None:
    thread = post_thread(ana, "What do you say, @Ben Okoro?")
    mention(session, thread, ben)
    tell(session)
    assert notices_of(session, ben) == ["Ana Ruiz mentioned you"]
    assert bell(session, tom) == 0
    assert following.level_of(session, ben, THREAD, thread.thread_id) == (Level.FOLLOW, Because.MENTIONED)
    reading.mark_all_read(session, ben)
    edit(session, ana, thread, "What do you say, @Ben Okoro and @Tom Berg?")
    mention(session, thread, ben, tom)
    tell(session)
    assert (bell(session, ben), bell(session, tom)) == (0, 1)


def test_an_announcement_is_told_to_everybody_who_is_here(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread
) -> None:
    gone, former = make_person(session, place, "Gone"), make_person(session, place, "Former")
    session.execute(update(Membership).where(Membership.user_id == gone.user_id).values(active=False))
    session.execute(update(User).where(User.id == former.user_id).values(is_former=True))
    thread = post_thread(tom, title="The room has changed")
    session.flush()
    change(session, thread.thread_id, kind=ThreadKind.ANNOUNCEMENT)
    tell(session)
    assert notices_of(session, ana) == notices_of(session, ben) == ["Announcement from Tom Berg"]
    assert [bell(session, person) for person in (tom, gone, former)] == [0, 0, 0]


def test_nobody_is_told_of_what_they_may_not_read(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    tell(session)
    cem = make_person(session, place, "Cem Kaya")
    for person in (ben, cem, tom):
        following.follow(session, person, THREAD, thread.thread_id, Level.WATCH)
    change(session, thread.thread_id, audience=Audience.PRIVATE, learner_id=ana.user_id)
    reply(ana, thread.post_id)
    tell(session)
    assert notices_of(session, tom) == ["Ana Ruiz wrote in a private thread"]
    assert (bell(session, ben), bell(session, cem)) == (0, 0)


def test_a_private_answer_is_told_to_the_member_it_is_for(
    session: Session, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    change(session, thread.thread_id, audience=Audience.PRIVATE, learner_id=ana.user_id)
    tell(session)
    reply(tom, thread.post_id)
    tell(session)
    assert notices_of(session, ana) == ["Tom Berg wrote to you in private"]
    assert bell(session, ben) == 0


def test_what_is_held_is_told_when_it_can_be_read(
    session: Session, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    held = reply(ben, thread.post_id, screen=HOLD)
    tell(session)
    assert bell(session, ana) == 0
    moderating.publish_held_post(session, tom, held.post_id)
    tell(session)
    assert notices_of(session, ana) == ["Ben Okoro replied to you"]


def test_what_was_removed_is_told_to_nobody_any_more_and_the_bell_is_right(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    first, second = reply(ben, thread.post_id), reply(ben, thread.post_id)
    tell(session)
    service.remove_post(session, ben, second.post_id)
    tell(session)
    assert notices_of(session, ana) == ["Ben Okoro replied to you"]
    service.remove_post(session, ben, first.post_id)
    tell(session)
    assert (notices_of(session, ana), bell(session, ana)) == ([], 0)


def test_whose_post_a_moderator_removed_is_told(
    session: Session, ana: Actor, tom: Actor, post_thread: PostThread
) -> None:
    thread = post_thread(ana, title="Buy this")
    tell(session)
    service.remove_post(session, tom, thread.post_id)
    tell(session)
    assert notices_of(session, ana) == ["A moderator removed your post"]


def test_what_a_test_user_does_is_told_to_test_users_only(
    session: Session, place: Place, ana: Actor, post_thread: PostThread, reply: Reply
) -> None:
    student = make_person(session, place, "Test Student")
    session.execute(update(User).where(User.id == student.user_id).values(is_test=True))
    reply(dataclasses.replace(student, is_test=True), post_thread(ana).post_id)
    tell(session)
    assert bell(session, ana) == 0


def test_nothing_leaves_the_bell_before_the_grace_is_over_or_where_nobody_wants_it(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply, clock: TestClock
) -> None:
    thread = post_thread(ana)
    reply(ben, thread.post_id)
    tell(session)
    notice = session.scalars(select(Notice)).one()
    assert (notice.mail_at - clock.now if notice.mail_at else None) == GRACE
    clock.tick(minutes=5)
    reply(ben, thread.post_id)
    tell(session)
    session.refresh(notice)
    assert notice.mail_at is not None
    assert (notice.mail_at - clock.now).total_seconds() == 300  # the first happening decides
    preferences.choose(session, REGISTRY, ana, {kinds.REPLY: How.BELL})
    reading.mark_all_read(session, ana)
    reply(ben, thread.post_id)
    tell(session)
    assert session.scalars(select(Notice.mail_at).where(Notice.generation == 0)).one() is None


def test_what_happened_long_ago_is_nobodys_news(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply, clock: TestClock
) -> None:
    reply(ben, post_thread(ana).post_id)
    clock.tick(seconds=(making.OLDEST.total_seconds() + 60))
    tell(session)
    assert bell(session, ana) == 0


def test_a_notice_says_when_it_happened_and_not_when_the_worker_got_to_it(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply, clock: TestClock
) -> None:
    reply(ben, post_thread(ana).post_id)
    happened = clock.now
    clock.tick(hours=3)
    tell(session)
    [notice] = queries.notice_page(session, REGISTRY, ana).notices
    assert notice.at == happened


def test_an_announcement_to_many_costs_hardly_more_statements_than_one_to_few(
    session: Session, place: Place, tom: Actor, post_thread: PostThread, count_queries: Count
) -> None:
    def announce() -> int:
        thread = post_thread(tom)
        session.flush()
        change(session, thread.thread_id, kind=ThreadKind.ANNOUNCEMENT)
        with count_queries() as queries:
            tell(session)
        return len(queries)

    make_person(session, place)
    few = announce()
    people = [make_person(session, place) for _ in range(40)]
    assert announce() <= few + 3
    assert all(bell(session, person) == 1 for person in people)


def test_where_the_rules_differ_from_person_to_person_each_is_asked_for(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    change(session, thread.thread_id, post_first=True)
    answered, silent = make_person(session, place, "Answered"), make_person(session, place, "Silent")
    reply(answered, thread.post_id)
    tell(session)
    for person in (answered, silent, tom):
        following.follow(session, person, THREAD, thread.thread_id, Level.WATCH)
    reply(ben, thread.post_id)
    tell(session)
    assert [bell(session, person) for person in (answered, silent, tom)] == [1, 0, 1]
