"""Bell, notices and settings as somebody without scripts meets them."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership
from lmssocial.social.communities.models import Placement
from lmssocial.social.engagement import following
from lmssocial.social.engagement.models import Level
from lmssocial.social.notifications.models import How, Notice, Preference
from lmssocial.widgets.discussion import service
from lmssocial.widgets.discussion.queries.threads import THREAD
from tests.social.notifications.conftest import SitDown
from tests.support.discussion import PostThread, Reply
from tests.support.notices import bell, tell
from tests.support.people import Place, make_place, sign_in
from tests.support.queries import Queries
from tests.support.seat import Seat, text_of

Count = Callable[[], AbstractContextManager[Queries]]


def test_from_the_bell_to_the_post_without_scripts(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply, seat: SitDown
) -> None:
    thread = post_thread(ana, title="How do you open?")
    answer = reply(ben, thread.post_id, "With silence.")
    tell(session)
    at_anas = seat(ana)
    page = at_anas.open("/settings")
    assert "Notices, 1 unread" in text_of(page)
    page = at_anas.open("/")
    assert "Unread: Ben Okoro replied to you How do you open? With silence." in text_of(page)
    notice_id = session.scalars(select(Notice.id)).one()
    assert f'href="{at_anas.base}/{notice_id}"' in page.get_data(as_text=True)
    onward = at_anas.open(f"/{notice_id}")
    assert onward.status_code == 303
    assert onward.headers["Location"].endswith(f"/discussion/posts/{answer.post_id}?via=notice")
    session.rollback()
    assert bell(session, ana) == 0
    there = at_anas.follow(onward)
    assert "With silence." in text_of(there)
    assert "unread" not in text_of(there).split("Open in a new tab")[0]
    assert "Unread:" not in text_of(at_anas.open("/"))


def test_opening_the_thread_is_reading_what_tells_of_it(
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    seat: SitDown,
) -> None:
    here, elsewhere = post_thread(ana), post_thread(ana)
    reply(ben, here.post_id)
    reply(ben, elsewhere.post_id)
    tell(session)
    at_anas = seat(ana)
    page = at_anas.open(f"/w/{place.placement.id}/discussion/threads/{here.thread_id}")
    assert "Notices, 1 unread" in text_of(page)  # the bell knows already
    session.rollback()
    assert bell(session, ana) == 1
    assert "ETag" not in page.headers  # another look has another bell


def test_a_browser_that_looks_ahead_reads_nothing(
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    seat: SitDown,
) -> None:
    thread = post_thread(ana)
    reply(ben, thread.post_id)
    tell(session)
    notice_id = session.scalars(select(Notice.id)).one()
    at_anas = seat(ana)
    for path in (f"/{notice_id}", f"/w/{place.placement.id}/discussion/threads/{thread.thread_id}"):
        at_anas.open(path, Sec_Purpose="prefetch")
    session.rollback()
    assert bell(session, ana) == 1


def test_all_can_be_marked_as_read(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply, seat: SitDown
) -> None:
    for _ in range(3):
        reply(ben, post_thread(ana).post_id)
    tell(session)
    at_anas = seat(ana)
    page = at_anas.fill_in("/", "/notices/read")
    assert "All notices are marked as read." in text_of(page)
    assert "Mark all as read" not in text_of(page)
    session.rollback()
    assert bell(session, ana) == 0


def test_who_has_no_notices_reads_what_would_stand_here(ana: Actor, seat: SitDown) -> None:
    said = text_of(seat(ana).open("/"))
    assert "Nothing has happened for you yet" in said
    assert "Go to Discussion" in said


def test_nobody_reads_or_opens_the_notices_of_others(
    session: Session, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply, seat: SitDown
) -> None:
    reply(ben, post_thread(ana).post_id, "For Ana alone to hear.")
    tell(session)
    notice_id = session.scalars(select(Notice.id)).one()
    at_toms = seat(tom)
    assert at_toms.open(f"/{notice_id}").status_code == 404
    assert "For Ana alone to hear." not in text_of(at_toms.open("/"))
    session.rollback()
    assert bell(session, ana) == 1


def test_notices_of_one_course_stay_in_it(
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    seat: SitDown,
) -> None:
    reply(ben, post_thread(ana).post_id, "Said in the first course.")
    tell(session)
    other = make_place(session, beside=place)
    session.add(
        Membership(
            course_id=other.course.id,
            user_id=ana.user_id,
            roles="learner",
            lead_role="learner",
            joined_at=clock.now(),
            last_launch_at=clock.now(),
        )
    )
    session.flush()
    at_anas = seat(ana)
    sign_in(session, other, ana, "another browser")
    session.commit()
    there = Seat(at_anas.client.application, "another browser", f"/w/{other.placement.id}/notices")
    page = there.open("/")
    assert "Said in the first course." not in text_of(page)
    assert "Notices, " not in text_of(page)
    assert there.open(f"/{session.scalars(select(Notice.id)).one()}").status_code == 404


def test_a_notice_whose_post_went_says_so_and_is_over(
    session: Session, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply, seat: SitDown
) -> None:
    thread = post_thread(ana)
    answer = reply(ben, thread.post_id, "Gone soon.")
    tell(session)
    notice_id = session.scalars(select(Notice.id)).one()
    service.remove_post(session, ben, answer.post_id)  # and the worker has not heard of it yet
    at_anas = seat(ana)
    page = at_anas.open("/")
    assert "Gone soon." not in text_of(page)
    session.rollback()
    assert bell(session, ana) == 0
    assert "was removed" in text_of(at_anas.follow(at_anas.open(f"/{notice_id}")))
    del tom


def test_the_page_costs_the_same_for_one_notice_and_five_hundred(
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    seat: SitDown,
    count_queries: Count,
) -> None:
    answer = reply(ben, post_thread(ana).post_id)
    tell(session)
    at_anas = seat(ana)
    at_anas.open("/settings")  # the bar remembers for a while which plugins have pages
    with count_queries() as few:
        assert "1 unread" in text_of(at_anas.open("/"))
    one = session.scalars(select(Notice)).one()
    values = {
        column.key: getattr(one, column.key) for column in Notice.__table__.columns if column.key != "id"
    }
    session.execute(
        insert(Notice),
        [values | {"merge_key": f"copy {number}", "generation": 0} for number in range(499)],
    )
    session.execute(update(Membership).where(Membership.user_id == ana.user_id).values(unread_notices=500))
    session.commit()
    with count_queries() as many:
        page = at_anas.open("/")
    assert "99+" in text_of(page)
    assert text_of(page).count("Ben Okoro replied to you") == 30
    assert len(many) == len(few) <= 4
    del answer, place


def test_older_notices_stand_on_further_pages(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply, seat: SitDown
) -> None:
    for number in range(31):
        reply(ben, post_thread(ana, title=f"Thread number {number:02}.").post_id)
    tell(session)
    at_anas = seat(ana)
    first = at_anas.open("/").get_data(as_text=True)
    onward = first.split('class="more"><a class="button" href="')[1].split('"')[0]
    second = text_of(at_anas.open(onward.replace("&amp;", "&")))
    everything = text_of(at_anas.open("/")) + second
    assert all(f"Thread number {number:02}." in everything for number in range(31))
    for odd in ("?after=x", "?after=1.2.3", "?after=99999999999999999999.1", "?after=-1.-1"):
        assert at_anas.open(f"/{odd}").status_code == 200


def test_the_bell_is_asked_for_at_the_price_of_one_query_and_answers_304_while_nothing_rings(
    session: Session,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    seat: SitDown,
    count_queries: Count,
) -> None:
    thread = post_thread(ana)
    at_anas = seat(ana)
    answer = at_anas.open("/pulse")
    assert answer.status_code == 200
    with count_queries() as queries:
        assert at_anas.open("/pulse", If_None_Match=answer.headers["ETag"]).status_code == 304
    assert len(queries) == 1
    reply(ben, thread.post_id)
    tell(session)
    session.commit()
    rung = at_anas.open("/pulse", If_None_Match=answer.headers["ETag"])
    assert rung.status_code == 200
    assert "Notices, 1 unread" in text_of(rung)


def test_a_thread_page_with_a_notice_in_it_takes_six_statements_at_most(
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    seat: SitDown,
    count_queries: Count,
) -> None:
    thread = post_thread(ana)
    path = f"/w/{place.placement.id}/discussion/threads/{thread.thread_id}"
    at_anas = seat(ana)
    reply(ben, thread.post_id)
    session.commit()
    at_anas.open(path)  # nothing unread any more
    tell(session)
    session.commit()
    with count_queries() as queries:
        assert at_anas.open(path).status_code == 200
    assert len(queries) <= 6
    session.rollback()
    assert bell(session, ana) == 0


def test_what_somebody_wants_to_hear_of_is_theirs_to_say(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, seat: SitDown
) -> None:
    at_anas = seat(ana)
    page = at_anas.fill_in(
        "/settings", "/settings", **{"discussion-reply": "off", "discussion-helpful": "digest"}
    )
    assert "Saved." in text_of(page)
    session.rollback()
    chosen = {row.kind: row.how for row in session.scalars(select(Preference))}
    assert chosen == {"discussion.reply": How.OFF, "discussion.helpful": How.DIGEST}
    at_anas.fill_in("/settings", "/settings", **{"discussion-reply": "now"})  # as it is without a choice
    session.rollback()
    assert {row.kind for row in session.scalars(select(Preference))} == {"discussion.helpful"}
    page = at_anas.open("/settings")
    assert "Posts that wait for a moderator" not in text_of(page)
    assert "lets you take your reading out of the count" in text_of(page), "what is kept of reading is said"
    assert "Posts that wait for a moderator" in text_of(seat(tom).open("/settings"))
    del place, ben


def test_what_an_author_must_learn_cannot_be_switched_off(
    session: Session, ana: Actor, seat: SitDown
) -> None:
    at_anas = seat(ana)
    form = at_anas.form(at_anas.open("/settings"), "/settings")
    answer = at_anas.send(form, **{"moderation-decision": "off"})
    assert answer.status_code == 422
    assert session.scalars(select(Preference)).all() == []


@pytest.mark.parametrize(
    ("level", "said"),
    [
        ("watch", "You watch this"),
        ("follow", "You follow this"),
        ("mute", "You muted this"),
    ],
)
def test_how_closely_a_thread_is_followed_is_chosen_on_its_page(
    level: str,
    said: str,
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    seat: SitDown,
) -> None:
    thread = post_thread(ana)
    path = f"/w/{place.placement.id}/discussion/threads/{thread.thread_id}"
    at_bens, at_anas = seat(ben), seat(ana)
    assert "You follow this because you started it." in text_of(at_anas.open(path))
    assert "You have chosen nothing here" in text_of(at_bens.open(path))
    form = at_bens.form(at_bens.open(path), "/follow")
    page = at_bens.follow(at_bens.send(form, button=level))
    assert said in text_of(page)
    assert "You chose this yourself." in text_of(page)
    session.rollback()
    assert following.level_of(session, ben, THREAD, thread.thread_id) is not None
    at_bens.follow(at_bens.send(at_bens.form(page, "/follow"), button="default"))
    session.rollback()
    assert following.level_of(session, ben, THREAD, thread.thread_id) is None


def test_who_muted_a_thread_they_started_reads_the_page_as_it_is_now_and_not_a_kept_one(
    session: Session, place: Place, ana: Actor, post_thread: PostThread, seat: SitDown
) -> None:
    thread = post_thread(ana)
    path = f"/w/{place.placement.id}/discussion/threads/{thread.thread_id}"
    at_anas = seat(ana)
    at_anas.open(path)
    etag = at_anas.open(path).headers["ETag"]
    assert at_anas.open(path, If_None_Match=etag).status_code == 304
    following.follow(session, ana, THREAD, thread.thread_id, Level.MUTE)
    session.commit()
    assert "You muted this" in text_of(at_anas.open(path, If_None_Match=etag))


def test_a_form_from_elsewhere_changes_nothing(
    session: Session, place: Place, ana: Actor, ben: Actor, post_thread: PostThread, seat: SitDown
) -> None:
    thread = post_thread(ana)
    at_bens = seat(ben)
    path = f"/w/{place.placement.id}/discussion/threads/{thread.thread_id}/follow"
    at_bens.client.post(path, data={"level": "watch"})
    at_bens.client.post(at_bens.address("/settings"), data={"discussion-reply": "off"})
    assert following.level_of(session, ben, THREAD, thread.thread_id) is None
    assert session.scalars(select(Preference)).all() == []
    placement = session.get(Placement, place.placement.id)
    assert placement is not None
