"""Who gets a message, when, and what it says."""

from collections.abc import Callable
from datetime import UTC, datetime, time

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.hooks import Channel
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.communities.models import Community
from lmssocial.social.engagement import following
from lmssocial.social.engagement.models import Level
from lmssocial.social.notifications import outgoing as the_post
from lmssocial.social.notifications import preferences, reading
from lmssocial.social.notifications.dispatch import Outgoing
from lmssocial.social.notifications.models import Condition, Delivery, How, Notice, Rhythm
from lmssocial.social.notifications.outgoing import schedule, write_due, write_for
from lmssocial.social.notifications.reaching import own_row
from lmssocial.widgets.discussion import service
from lmssocial.widgets.discussion.notices import kinds
from lmssocial.widgets.discussion.queries.threads import THREAD
from tests.conftest import TestClock
from tests.support.discussion import PostThread, Reply
from tests.support.notices import REGISTRY, tell
from tests.support.outgoing import PUBLIC_URL, outgoing
from tests.support.people import Place, make_person, make_place

Round = Callable[[], list[Delivery]]
"""One round of the worker; gives what it put on its way."""


@pytest.fixture(autouse=True)
def addresses(session: Session, ana: Actor, ben: Actor) -> None:
    """The LMS gives addresses."""
    for actor, address in ((ana, "ana@example.edu"), (ben, "ben@example.edu")):
        session.get_one(User, actor.user_id).email = address
    session.flush()


@pytest.fixture
def rounds(session: Session) -> Round:
    return rounds_with(session, outgoing())


def rounds_with(session: Session, out: Outgoing) -> Round:
    seen: set[int] = set()

    def once() -> list[Delivery]:
        schedule(session)
        session.flush()
        for user_id in the_post.due(session):
            write_for(session, out, user_id)
            session.flush()
        new = [row for row in session.scalars(select(Delivery).order_by(Delivery.id)) if row.id not in seen]
        seen.update(row.id for row in new)
        return new

    return once


def reach(session: Session, actor: Actor, **changes: object) -> None:
    row = own_row(session, actor.user_id)
    for name, value in changes.items():
        setattr(row, name, value)
    session.flush()


def answered(session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply) -> None:
    """Ben answers Ana, and the log's reader has seen it."""
    reply(ben, post_thread(ana, title="How do you open?").post_id, "With **silence**.")
    tell(session)


def test_a_reply_goes_out_after_the_grace_with_a_link_and_a_way_to_stop_it(
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    clock: TestClock,
    rounds: Round,
) -> None:
    answered(session, ana, ben, post_thread, reply)
    assert rounds() == []

    clock.tick(minutes=10, seconds=1)
    [message] = rounds()

    assert (message.address, message.channel, message.condition) == (
        "ana@example.edu",
        "email",
        Condition.WAITING,
    )
    assert message.title == "Ben Okoro replied to you: How do you open?"
    for body in (message.text, message.html):
        assert "With silence." in body
        assert f"{PUBLIC_URL}/w/{place.placement.id}/discussion/posts/" in body
        assert f"{PUBLIC_URL}/w/{place.placement.id}/notices/settings" in body
        assert message.unsubscribe in body
    assert "style=" in message.html
    assert "<link" not in message.html
    clock.tick(hours=1)
    assert rounds() == []


def test_what_was_read_in_the_meantime_does_not_go_out(
    session: Session,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    clock: TestClock,
    rounds: Round,
) -> None:
    answered(session, ana, ben, post_thread, reply)
    reading.mark_all_read(session, ana)
    clock.tick(minutes=11)
    assert rounds() == []


def test_what_was_removed_or_closed_to_them_does_not_go_out(
    session: Session,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    clock: TestClock,
    rounds: Round,
) -> None:
    answer = reply(ben, post_thread(ana).post_id)
    tell(session)
    service.remove_post(session, ben, answer.post_id)
    clock.tick(minutes=11)

    assert rounds() == []
    assert session.scalars(select(Notice.mailed).where(Notice.user_id == ana.user_id)).all() == [True]


def test_several_things_are_one_message(
    session: Session,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    clock: TestClock,
    rounds: Round,
) -> None:
    for _number in range(3):
        answered(session, ana, ben, post_thread, reply)
    clock.tick(minutes=11)

    [message] = rounds()

    assert message.title == f"3 things that concern you in {session.scalars(select(Community.title)).first()}"
    assert message.text.count("Ben Okoro replied to you") == 3


def test_what_comes_due_within_the_same_minute_waits_for_the_next(
    session: Session,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    clock: TestClock,
    rounds: Round,
) -> None:
    answered(session, ana, ben, post_thread, reply)
    clock.tick(seconds=20)
    answered(session, ana, ben, post_thread, reply)
    clock.move_to(datetime(2026, 3, 2, 9, 10, 5, tzinfo=UTC))
    assert len(rounds()) == 1
    clock.tick(seconds=20)
    assert rounds() == []
    clock.tick(seconds=40)
    assert len(rounds()) == 1


@pytest.mark.parametrize(
    "columns",
    [{"email": ""}, {"is_former": True}, {"is_test": True}],
    ids=lambda columns: next(iter(columns)),
)
def test_nobody_is_written_to_who_cannot_or_should_not_be(
    session: Session,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    clock: TestClock,
    rounds: Round,
    columns: dict[str, object],
) -> None:
    answered(session, ana, ben, post_thread, reply)
    session.execute(update(User).where(User.id == ana.user_id).values(**columns))
    session.expire_all()
    clock.tick(minutes=11)
    assert rounds() == []
    clock.tick(days=2)
    assert rounds() == []


def test_nobody_is_written_to_who_left_the_course(
    session: Session,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    clock: TestClock,
    rounds: Round,
) -> None:
    answered(session, ana, ben, post_thread, reply)
    session.execute(update(Membership).where(Membership.user_id == ana.user_id).values(active=False))
    clock.tick(minutes=11)
    assert rounds() == []


def test_nobody_is_written_to_who_wants_no_mail(
    session: Session,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    clock: TestClock,
    rounds: Round,
) -> None:
    reach(session, ana, mail=False)
    answered(session, ana, ben, post_thread, reply)
    clock.tick(minutes=11)
    assert rounds() == []
    clock.tick(days=2)
    assert rounds() == []


@pytest.mark.parametrize(("how", "count"), [(How.NOW, 1), (How.BELL, 0), (How.DIGEST, 0)])
def test_people_say_what_they_want_at_once(
    session: Session,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    clock: TestClock,
    rounds: Round,
    how: How,
    count: int,
) -> None:
    answered(session, ana, ben, post_thread, reply)
    preferences.choose(session, REGISTRY, ana, {kinds.REPLY: how})
    clock.tick(minutes=11)
    assert len(rounds()) == count


def test_quiet_hours_put_off_what_is_urgent_and_no_more(
    session: Session,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    clock: TestClock,
    rounds: Round,
) -> None:
    reach(session, ana, zone="Europe/Berlin", quiet_from=time(9), quiet_until=time(14), digest_hour=20)
    answered(session, ana, ben, post_thread, reply)  # at 10:00 in Berlin
    clock.tick(minutes=11)
    assert rounds() == []
    clock.move_to(datetime(2026, 3, 2, 12, 59, tzinfo=UTC))
    assert rounds() == []
    clock.move_to(datetime(2026, 3, 2, 13, 0, tzinfo=UTC))
    assert len(rounds()) == 1


def test_what_waits_for_the_digest_comes_at_their_hour_in_one_message(
    session: Session,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    clock: TestClock,
    rounds: Round,
) -> None:
    reach(session, ana, zone="Europe/Berlin", digest_hour=18)
    preferences.choose(session, REGISTRY, ana, {kinds.REPLY: How.DIGEST})
    for _number in range(2):
        answered(session, ana, ben, post_thread, reply)
    clock.tick(minutes=11)
    assert rounds() == []
    clock.move_to(datetime(2026, 3, 2, 16, 59, tzinfo=UTC))
    assert rounds() == []

    clock.move_to(datetime(2026, 3, 2, 17, 0, tzinfo=UTC))
    [message] = rounds()

    assert message.title.startswith("What is new in ")
    assert message.key == f"email:digest:{ana.user_id}:20260302T1700"
    clock.tick(days=1)
    assert rounds() == [], "an empty digest is not sent"


def test_a_digest_that_was_missed_comes_late_and_once(
    session: Session,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    clock: TestClock,
    rounds: Round,
) -> None:
    preferences.choose(session, REGISTRY, ana, {kinds.REPLY: How.DIGEST})
    answered(session, ana, ben, post_thread, reply)
    clock.tick(minutes=11)
    assert rounds() == []

    clock.tick(days=3)  # the worker stood still

    assert len(rounds()) == 1
    assert rounds() == []


def test_a_weekly_digest_waits_for_its_day(
    session: Session,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    clock: TestClock,
    rounds: Round,
) -> None:
    reach(session, ana, rhythm=Rhythm.WEEKLY, digest_day=4, digest_hour=8)
    preferences.choose(session, REGISTRY, ana, {kinds.REPLY: How.DIGEST})
    answered(session, ana, ben, post_thread, reply)
    sent: list[datetime] = []
    for _hour in range(24 * 9):
        clock.tick(hours=1)
        sent += [message.created_at for message in rounds()]
    assert sent == [datetime(2026, 3, 6, 8, tzinfo=UTC)]


def test_who_wants_no_digest_gets_what_is_urgent_only(
    session: Session,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    clock: TestClock,
    rounds: Round,
) -> None:
    reach(session, ana, rhythm=Rhythm.NEVER)
    answered(session, ana, ben, post_thread, reply)
    clock.tick(minutes=11)
    assert len(rounds()) == 1
    preferences.choose(session, REGISTRY, ana, {kinds.REPLY: How.DIGEST})
    answered(session, ana, ben, post_thread, reply)
    clock.tick(days=2)
    assert rounds() == []


def test_a_digest_tells_what_is_new_in_followed_threads_and_was_not_read(
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    clock: TestClock,
    rounds: Round,
) -> None:
    cem = make_person(session, place, "Cem Kaya")
    thread = post_thread(cem, title="Anchors")
    other = post_thread(cem, title="Not followed")
    following.follow(session, ana, THREAD, thread.thread_id, Level.FOLLOW)
    rounds()
    clock.tick(minutes=1)
    first = reply(ben, thread.post_id, "An *anchor* is a number.")
    reply(cem, thread.post_id)
    reply(ben, other.post_id)
    own = reply(ana, thread.post_id)
    tell(session)
    clock.move_to(datetime(2026, 3, 3, 7, tzinfo=UTC))

    [message] = [one for one in rounds() if one.user_id == ana.user_id]

    assert "2 new posts by Cem Kaya and Ben Okoro in a thread you follow: Anchors" in message.text
    assert f"/discussion/posts/{first.post_id}" in message.text
    assert "Not followed" not in message.text
    assert str(own.post_id) not in message.text.split("/posts/")[1][:9]
    clock.tick(days=1)
    assert [one for one in rounds() if one.user_id == ana.user_id] == []


def test_a_digest_names_each_community_and_nothing_of_other_people(
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    clock: TestClock,
    rounds: Round,
) -> None:
    make_place(session, beside=place)
    preferences.choose(session, REGISTRY, ana, {kinds.REPLY: How.DIGEST})
    answered(session, ana, ben, post_thread, reply)
    answered(session, ben, ana, post_thread, reply)
    clock.tick(minutes=11)
    assert [message.user_id for message in rounds()] == [ben.user_id]
    answered(session, ben, ana, post_thread, reply)
    preferences.choose(session, REGISTRY, ben, {kinds.REPLY: How.DIGEST})
    clock.tick(minutes=11)
    assert rounds() == []
    clock.move_to(datetime(2026, 3, 3, 8, tzinfo=UTC))

    messages = {message.user_id: message for message in rounds()}

    assert "Ben Okoro replied to you" in messages[ana.user_id].text
    assert "Ana Ruiz replied to you" in messages[ben.user_id].text
    assert "Ana Ruiz replied" not in messages[ana.user_id].text


def test_a_message_is_written_in_the_language_of_whoever_gets_it(
    session: Session,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    clock: TestClock,
    rounds: Round,
) -> None:
    session.get_one(User, ana.user_id).locale = "ar-EG"
    answered(session, ana, ben, post_thread, reply)
    clock.tick(minutes=11)
    [message] = rounds()
    assert 'lang="ar-EG" dir="rtl"' in message.html


def test_what_people_wrote_is_no_markup_in_a_message(
    session: Session,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    clock: TestClock,
    rounds: Round,
) -> None:
    thread = post_thread(ana, title="<img src=x> 50 %(num)s {{ 7*7 }}\u202e")
    reply(ben, thread.post_id, "`<script>alert(1)</script>` & %s")
    tell(session)
    clock.tick(minutes=11)

    [message] = rounds()

    assert "<img" not in message.html
    assert "<script" not in message.html
    assert "{{ 7*7 }}" in message.html
    assert "%(num)s" in message.text


def test_every_channel_that_reaches_somebody_gets_it_and_a_broken_one_costs_nothing(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply, clock: TestClock
) -> None:
    def broken(_email: str) -> str:
        raise RuntimeError("no")

    channels = {
        "email": Channel(name="email", title="", send=print),
        "chat": Channel(name="chat", title="", send=print, address=lambda email: email.partition("@")[0]),
        "pager": Channel(name="pager", title="", send=print, address=broken),
        "fax": Channel(name="fax", title="", send=print, address=lambda _email: ""),
    }
    once = rounds_with(session, outgoing(channels))
    answered(session, ana, ben, post_thread, reply)
    clock.tick(minutes=11)

    assert {(message.channel, message.address) for message in once()} == {
        ("email", "ana@example.edu"),
        ("chat", "ana"),
    }


def test_a_worker_that_dies_half_way_writes_every_message_once(
    session: Session, engine: Engine, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply
) -> None:
    answered(session, ana, ben, post_thread, reply)
    answered(session, ben, ana, post_thread, reply)
    session.execute(update(Notice).values(mail_at=Notice.created_at))
    session.commit()
    sessions = sessionmaker(engine)

    with sessions() as dying:
        assert write_for(dying, outgoing(), ana.user_id) == 1
        dying.rollback()  # as a database does when a worker dies before it could commit

    assert write_due(sessions, outgoing()) == 2
    assert write_due(sessions, outgoing()) == 0
    with sessions() as fresh:
        assert sorted(fresh.scalars(select(Delivery.user_id))) == sorted([ana.user_id, ben.user_id])


def test_one_whose_message_cannot_be_written_costs_the_others_nothing(
    session: Session,
    engine: Engine,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answered(session, ana, ben, post_thread, reply)
    answered(session, ben, ana, post_thread, reply)
    session.execute(update(Notice).values(mail_at=Notice.created_at))
    session.commit()
    write = the_post.write_for

    def stumbles(of: Session, out: Outgoing, user_id: int) -> int:
        if user_id == ana.user_id:
            raise RuntimeError("nobody foresaw this")
        return write(of, out, user_id)

    monkeypatch.setattr(the_post, "write_for", stumbles)

    assert write_due(sessionmaker(engine), outgoing()) == 1
