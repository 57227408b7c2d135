"""Moving, splitting and merging in a browser without scripts, and where old addresses lead."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.discussion.models import Audience
from tests.support.discussion import PostThread, Reply, thread_of
from tests.support.people import Place, make_placement
from tests.support.seat import Seat, text_of

SeatOf = Callable[[Actor], Seat]


def test_a_moderator_splits_a_branch_off_after_reading_what_goes(
    seat: SeatOf, ana: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana, title="Prices")
    branch = reply(ana, thread.post_id, "About something else")
    below = reply(ana, branch.post_id, "Yes, really")
    desk = seat(tom)
    page = desk.open(f"/posts/{branch.post_id}/split")
    assert "with the 1 post below it" in text_of(page)
    assert desk.send(desk.form(page, "/split"), title=" ").status_code == 422
    new = desk.follow(desk.send(desk.form(page, "/split"), title="Something else"))
    assert "Something else" in text_of(new)
    assert "Yes, really" in text_of(new)
    old = text_of(desk.open(f"/threads/{thread.thread_id}"))
    assert "Continued in a thread of its own: Something else" in old
    assert "Yes, really" not in old
    assert "Yes, really" in text_of(desk.follow(desk.open(f"/posts/{below.post_id}")))


def test_the_line_can_be_left_out(
    seat: SeatOf, ana: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    branch = reply(ana, thread.post_id)
    desk = seat(tom)
    form = desk.form(desk.open(f"/posts/{branch.post_id}/split"), "/split")
    form.fields = [(name, value) for name, value in form.fields if name != "line"]
    assert desk.send(form, title="Apart").status_code == 303
    assert "Continued" not in text_of(desk.open(f"/threads/{thread.thread_id}"))


def test_a_page_that_grew_old_changes_nothing_and_keeps_the_title(
    seat: SeatOf, session: Session, ana: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    branch = reply(ana, thread.post_id)
    desk = seat(tom)
    form = desk.form(desk.open(f"/posts/{branch.post_id}/split"), "/split")
    reply(ana, branch.post_id, "in the meantime")
    session.commit()
    refused = desk.send(form, title="My title")
    assert refused.status_code == 409
    assert "look again" in text_of(refused)
    assert 'value="My title"' in refused.get_data(as_text=True)
    assert "with the 1 post below it" in text_of(refused)
    assert desk.send(desk.form(refused, "/split"), title="My title").status_code == 303


def test_a_moderator_merges_and_old_addresses_lead_on(
    seat: SeatOf, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    old, new = post_thread(ana, "first words", title="Twice asked"), post_thread(ben, title="Asked first")
    answer = reply(ben, old.post_id, "an answer")
    desk, reader = seat(tom), seat(ana)
    page = desk.open(f"/threads/{old.thread_id}/merge")
    assert "Asked first" in text_of(page)
    assert "Asked first" in text_of(desk.open(f"/threads/{old.thread_id}/merge?q=aSKed F"))
    address = f"http://localhost{desk.base}/threads/{new.thread_id}"
    assert "Asked first" in text_of(desk.open(f"/threads/{old.thread_id}/merge?q={address}"))
    page = desk.open(f"/threads/{old.thread_id}/merge?into={new.thread_id}")
    assert "in their order" in text_of(page)
    merged = desk.follow(desk.send(desk.form(page, f"merge?into={new.thread_id}")))
    assert "first words" in text_of(merged)
    for path in (f"/threads/{old.thread_id}", f"/posts/{answer.post_id}", f"/posts/{old.post_id}"):
        assert "an answer" in text_of(reader.follow(reader.open(path)))
    assert "Twice asked" not in text_of(reader.open("/"))


def test_a_moved_thread_is_found_from_its_old_address(
    seat: SeatOf,
    session: Session,
    place: Place,
    ana: Actor,
    tom: Actor,
    post_thread: PostThread,
    reply: Reply,
) -> None:
    there = make_placement(session, place.community)
    there.title = "Case studies"
    thread = post_thread(ana, "my case", title="A case")
    answer = reply(tom, thread.post_id)
    desk, reader = seat(tom), seat(ana)
    page = desk.open(f"/threads/{thread.thread_id}/move")
    assert desk.send(desk.form(page, "/move")).status_code == 422
    moved = desk.send(desk.form(page, "/move"), to=str(there.id))
    assert moved.headers["Location"] == f"/w/{there.id}/discussion/threads/{thread.thread_id}"
    for path in (f"/threads/{thread.thread_id}", f"/posts/{answer.post_id}"):
        page = reader.follow(reader.open(path))
        assert f"/w/{there.id}/" in page.request.path
        assert "my case" in text_of(page)


def test_where_there_is_no_other_discussion_the_page_says_so(
    seat: SeatOf, ana: Actor, tom: Actor, post_thread: PostThread
) -> None:
    thread = post_thread(ana)
    assert "no other discussion" in text_of(seat(tom).open(f"/threads/{thread.thread_id}/move"))


def test_members_and_other_readers_get_none_of_these_pages(
    seat: SeatOf,
    session: Session,
    ana: Actor,
    ben: Actor,
    tom: Actor,
    post_thread: PostThread,
    reply: Reply,
) -> None:
    thread, other = post_thread(ana), post_thread(ana)
    branch = reply(ana, thread.post_id)
    private = thread_of(session, other)
    private.audience, private.learner_id = Audience.PRIVATE, ana.user_id
    desk, stranger = seat(ana), seat(ben)
    for path in (
        f"/threads/{thread.thread_id}/move",
        f"/threads/{thread.thread_id}/merge",
        f"/posts/{branch.post_id}/split",
    ):
        assert desk.open(path).status_code == 403
        assert desk.client.post(desk.address(path)).status_code == 403
    assert stranger.open(f"/threads/{other.thread_id}").status_code == 404
    page = seat(tom).open(f"/threads/{thread.thread_id}/merge")
    assert f"into={other.thread_id}" not in page.get_data(as_text=True)
