"""The pages of a discussion as somebody without scripts uses them."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.markdown import MAX_SOURCE
from lmssocial.social.content.models import Contribution
from lmssocial.widgets.discussion import moderating, service
from lmssocial.widgets.discussion.models import Post
from lmssocial.widgets.discussion.queries.posts import POSTS
from lmssocial.widgets.discussion.routes import writing_routes
from tests.support.discussion import HOLD, REJECT, PostThread, Reply
from tests.support.people import Place, make_person, make_place, make_placement
from tests.support.seat import Seat, attributes_of, text_of

SitDown = Callable[[Actor], Seat]

HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)>"\'&amp;{{ 191*977 }}'


def count(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Contribution)) or 0


def test_somebody_without_scripts_writes_answers_edits_removes_restores_and_finds(
    ana: Actor, ben: Actor, seat: SitDown
) -> None:
    at_anas, at_bens = seat(ana), seat(ben)
    assert "Nobody has written here yet" in text_of(at_anas.open("/"))
    page = at_anas.fill_in(
        "/threads/new", "/threads/new", title="Walk-away point", source="How do you *find* it?"
    )
    assert "Walk-away point" in text_of(page)
    assert "<em>find</em>" in page.get_data(as_text=True)

    listed = text_of(at_bens.open("/"))
    assert "Walk-away point" in listed
    assert "New" in listed
    (thread,) = re.findall(r"/threads/(\d+)\"", at_bens.open("/").get_data(as_text=True))
    page = at_bens.fill_in(f"/threads/{thread}", "/reply", source="Offer two packages.")
    assert "Offer two packages." in text_of(page)
    assert "1 reply" in text_of(at_anas.open("/"))
    assert "1 unread" in text_of(at_anas.open("/"))

    (reply,) = re.findall(r"/posts/(\d+)/edit", page.get_data(as_text=True))
    page = at_bens.fill_in(f"/posts/{reply}/edit", "/edit", source="Offer *three* packages.")
    assert "Offer three packages. " in text_of(page)
    history = at_bens.open(f"/posts/{reply}/history")
    assert "<del>two </del>" in history.get_data(as_text=True)
    assert "<ins>*three* </ins>" in history.get_data(as_text=True)

    page = at_bens.fill_in(f"/posts/{reply}/remove", "/remove")
    assert "Ben Okoro removed this post." in text_of(at_anas.open(f"/threads/{thread}"))
    assert "three" not in text_of(at_anas.open(f"/threads/{thread}"))
    page = at_bens.fill_in(f"/posts/{reply}/restore", "/restore")
    assert "three" in text_of(page)

    found = at_anas.open("/search?q=PACKAGE+thr").get_data(as_text=True)
    assert "<mark>packages</mark>" in found
    assert f"/posts/{reply}" in found
    assert "Nothing found" in text_of(at_anas.open("/search?q=nothing+like+this"))


def test_what_people_write_never_becomes_markup(session: Session, place: Place, seat: SitDown) -> None:
    mallory = make_person(session, place, HOSTILE)
    at_mallorys = seat(mallory)
    page = at_mallorys.fill_in("/threads/new", "/threads/new", title=HOSTILE, source=HOSTILE)
    href = page.request.path.removeprefix(at_mallorys.base)
    post = session.scalars(select(Contribution.id)).one()
    at_mallorys.fill_in(f"/posts/{post}/edit", "/edit", title=HOSTILE + "2", source=HOSTILE + "2")
    pages = [
        *("/", href, "/search?q=%3Cscript%3E+alert", f"/posts/{post}/history", f"/posts/{post}/remove"),
        *(f"/posts/{post}/reply", f"/posts/{post}/reply?quote=1", f"/posts/{post}/edit", "/threads/new"),
    ]
    for path in pages:
        html = at_mallorys.open(path).get_data(as_text=True)
        assert "<img" not in html, path
        assert html.count("<script") == html.count('<script type="module" src="/assets/'), path
        assert not [name for _tag, name in attributes_of(html) if name.startswith(("on", "style"))], path
        assert "186607" not in text_of(at_mallorys.open(path)), path


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"title": "", "source": "text"}, "Give your thread a title"),
        ({"title": "\u200b", "source": "text"}, "Give your thread a title"),
        ({"title": "T", "source": " \n "}, "Write something first."),
        ({"title": "T", "source": "\u2060"}, "Write something first."),
        ({"title": "T", "source": "x" * (MAX_SOURCE + 1)}, "longer than 20000 characters"),
        ({"title": "T" * 201, "source": "text"}, "at most 200 characters"),
        ({"title": "T", "source": "text", "csrf_token": "forged"}, "opened before your present sign-in"),
    ],
)
def test_a_form_that_cannot_be_taken_comes_back_with_its_text(
    values: dict[str, str], complaint: str, session: Session, ana: Actor, seat: SitDown
) -> None:
    at_anas = seat(ana)
    answer = at_anas.send(at_anas.form(at_anas.open("/threads/new"), "/threads/new"), **values)
    assert answer.status_code == 422
    assert complaint in text_of(answer)
    kept = at_anas.form(answer, "/threads/new")
    assert dict(kept.fields)["source"].strip() == values["source"].strip()
    assert dict(kept.fields)["title"] == values["title"]
    assert count(session) == 0


def test_nothing_is_changed_by_a_form_of_somebody_else(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, seat: SitDown
) -> None:
    posted = post_thread(ana)
    at_anas, at_bens = seat(ana), seat(ben)
    form = at_bens.form(at_bens.open(f"/threads/{posted.thread_id}"), "/reply")
    answer = at_anas.send(form, source="I did not write this")
    assert answer.status_code == 422
    assert "I did not write this" in text_of(answer)
    remove = at_anas.client.post(at_anas.address(f"/posts/{posted.post_id}/remove"))
    assert "grown old" in text_of(at_anas.follow(remove))
    assert count(session) == 1
    assert session.scalars(select(Contribution.removed_at)).one() is None


def test_the_same_form_sent_twice_posts_once_and_leads_to_the_same_place(
    session: Session, ana: Actor, post_thread: PostThread, seat: SitDown
) -> None:
    posted = post_thread(ana)
    at_anas = seat(ana)
    form = at_anas.form(at_anas.open(f"/threads/{posted.thread_id}"), "/reply")
    first, second = (at_anas.send(form, source="once") for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert count(session) == 2


def test_what_is_held_is_shown_to_its_author_and_moderators_only(
    ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply, seat: SitDown
) -> None:
    posted = post_thread(ana)
    reply(ben, posted.post_id, "secret words", screen=HOLD)
    at_bens = text_of(seat(ben).open(f"/threads/{posted.thread_id}"))
    assert "secret words" in at_bens
    assert "Only you and the moderators see this. Too many links." in at_bens
    at_toms = seat(tom).open(f"/threads/{posted.thread_id}")
    assert "secret words" in text_of(at_toms)
    assert "Decide" in text_of(at_toms)
    at_anas = seat(ana)
    assert "secret words" not in text_of(at_anas.open(f"/threads/{posted.thread_id}"))
    assert "Nothing found" in text_of(at_anas.open("/search?q=secret"))


def test_a_moderator_publishes_at_the_desk_and_the_author_is_told(
    ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply, seat: SitDown
) -> None:
    posted = post_thread(ana)
    reply(ben, posted.post_id, "held words", screen=HOLD)
    at_toms = seat(tom)
    desk = at_toms.open(at_toms.base.removesuffix("discussion") + "moderation/")
    assert "held words" in text_of(desk)
    at_toms.follow(at_toms.send(at_toms.form(desk, "/decide"), button="approved"))
    assert "held words" in text_of(seat(ana).open(f"/threads/{posted.thread_id}"))
    assert "A moderator has read and published this." in text_of(
        seat(ben).open(f"/threads/{posted.thread_id}")
    )


def test_a_declined_post_says_why_and_can_be_handed_in_again(
    ana: Actor, tom: Actor, post_thread: PostThread, seat: SitDown
) -> None:
    held = post_thread(ana, "first words", title="Held", screen=HOLD)
    at_toms, at_anas = seat(tom), seat(ana)
    assert "Waits for a moderator" in text_of(at_anas.open("/"))
    desk = at_toms.open(at_toms.base.removesuffix("discussion") + "moderation/")
    form = at_toms.form(desk, "/decide")
    message = next(name for name in form.names() if name.endswith("message"))
    at_toms.follow(at_toms.send(form, button="rejected", **{message: "Leave the customer's name out."}))
    told = text_of(at_anas.open(f"/threads/{held.thread_id}"))
    assert "Not published" in told
    assert "Leave the customer's name out." in told.replace("&#39;", "'")
    page = at_anas.fill_in(f"/posts/{held.post_id}/edit", "/edit", source="second words")
    assert "waits for a moderator" in text_of(page)


def test_a_refusal_keeps_the_text_and_says_the_sentence(
    session: Session, ana: Actor, seat: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing_routes, "screen_here", lambda: REJECT)
    at_anas = seat(ana)
    answer = at_anas.send(
        at_anas.form(at_anas.open("/threads/new"), "/threads/new"), title="T", source="my words"
    )
    assert answer.status_code == 422
    assert "Too many links." in text_of(answer)
    assert "my words" in text_of(answer)
    assert count(session) == 0


def test_a_preview_works_with_and_without_scripts(ana: Actor, seat: SitDown) -> None:
    at_anas = seat(ana)
    form = at_anas.form(at_anas.open("/threads/new"), "/threads/new")
    page = at_anas.send(form, button="preview", title="T", source="*so*")
    assert page.status_code == 200
    assert "<em>so</em>" in page.get_data(as_text=True)
    assert dict(at_anas.form(page, "/threads/new").fields)["title"] == "T"
    part = at_anas.client.post(
        at_anas.address("/preview"),
        data=dict(form.fields) | {"source": "$x^2$"},
        headers={"HX-Request": "true"},
    )
    assert "<math" in part.get_data(as_text=True)
    assert "<html" not in part.get_data(as_text=True)
    empty = at_anas.client.post(at_anas.address("/preview"), data=dict(form.fields) | {"source": " "})
    assert "nothing to preview" in text_of(empty)


def test_htmx_gets_the_composer_alone(ana: Actor, post_thread: PostThread, seat: SitDown) -> None:
    posted = post_thread(ana, "line one\nline two")
    at_anas = seat(ana)
    part = at_anas.open(f"/posts/{posted.post_id}/reply?quote=1", HX_Request="true").get_data(as_text=True)
    assert "<html" not in part
    assert "&gt; line one\n&gt; line two\n" in part
    whole = at_anas.open(f"/posts/{posted.post_id}/reply").get_data(as_text=True)
    assert "<html" in whole
    assert "Reply to Ana Ruiz" in whole


def test_a_quotation_stands_below_what_was_begun_and_only_once(
    ana: Actor, post_thread: PostThread, seat: SitDown
) -> None:
    posted = post_thread(ana, "line one\nline two")
    at_anas = seat(ana)
    quoting = f"/posts/{posted.post_id}/reply?quote=1"

    def save(source: str, seq: int) -> None:
        form = at_anas.form(at_anas.open(quoting), "/reply")
        data = dict(form.fields) | {"source": source, "seq": str(seq)}
        at_anas.client.post(at_anas.address(form.attributes["data-draft-url"]), data=data)

    def offered() -> str:
        return dict(at_anas.form(at_anas.open(quoting), "/reply").fields)["source"].removeprefix("\r\n")

    assert offered() == "> line one\n> line two\n\n"
    save("I tried it.", 1)
    assert offered() == "I tried it.\n\n> line one\n> line two\n\n"
    save("> line one\n> line two\n\nYes.", 2)
    assert offered() == "> line one\n> line two\n\nYes."


def test_drafts_are_kept_restored_and_discarded(ana: Actor, post_thread: PostThread, seat: SitDown) -> None:
    posted = post_thread(ana)
    at_anas = seat(ana)
    form = at_anas.form(at_anas.open(f"/posts/{posted.post_id}/reply"), "/reply")

    def save(source: str, seq: int) -> int:
        data = dict(form.fields) | {"source": source, "seq": str(seq)}
        return at_anas.client.post(at_anas.address(form.attributes["data-draft-url"]), data=data).status_code

    assert save("half a", 1) == 204
    assert save("half a thought", 2) == 204
    assert save("from an old tab", 2) == 409
    assert save("x", 0) == 422
    assert save("x", int("9" * 400)) == 422
    for path in (f"/threads/{posted.thread_id}", f"/posts/{posted.post_id}/reply"):
        page = at_anas.open(path)
        assert "Draft restored" in text_of(page)
        again = at_anas.form(page, "/reply")
        assert dict(again.fields)["source"].strip() == "half a thought"
        assert again.attributes["data-draft-seq"] == "2"
    discard = at_anas.form(page, "/discard")
    left = at_anas.follow(at_anas.send(discard, csrf_token="of an earlier sign-in"))
    assert "nothing was discarded" in text_of(left)
    assert "half a thought" in text_of(at_anas.open(f"/posts/{posted.post_id}/reply"))
    at_anas.follow(at_anas.send(discard))
    assert "half a thought" not in text_of(at_anas.open(f"/posts/{posted.post_id}/reply"))
    for nothing in ("foo", "thread:x", "reply:", "reply:99999999999999999999"):
        assert at_anas.client.post(at_anas.address(f"/drafts/{nothing}/discard")).status_code == 404


def test_an_unfinished_thread_is_offered_in_the_list(ana: Actor, seat: SitDown) -> None:
    at_anas = seat(ana)
    form = at_anas.form(at_anas.open("/threads/new"), "/threads/new")
    data = dict(form.fields) | {"title": "My question", "source": "", "seq": "1"}
    at_anas.client.post(form.attributes["data-draft-url"], data=data)
    assert "Go on with My question" in text_of(at_anas.open("/"))
    page = at_anas.open("/threads/new")
    assert dict(at_anas.form(page, "/threads/new").fields)["title"] == "My question"


def test_unread_posts_are_counted_led_to_and_marked_by_a_button_where_no_scripts_run(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply, seat: SitDown
) -> None:
    posted = post_thread(ana)
    at_bens = seat(ben)
    at_bens.fill_in(f"/threads/{posted.thread_id}", "/read")
    for _ in range(3):
        reply(ana, posted.post_id)
    session.commit()
    assert "3 unread" in text_of(at_bens.open("/"))
    assert "3 unread" in text_of(at_bens.open("/?view=unread"))
    thread = f"/threads/{posted.thread_id}"
    page = at_bens.open(thread).get_data(as_text=True)
    assert 'href="#post-2">First unread post' in page
    assert page.count("is-unread") == 3
    again = at_bens.open(thread).get_data(as_text=True)
    assert again.count("is-unread") == 3, "a page is not read because it was sent"
    after = text_of(at_bens.fill_in(thread, "/read"))
    assert "Marked as read. There is nothing unread left in this thread." in after
    assert "unread" not in at_bens.open(thread).get_data(as_text=True)
    assert "You have read everything" in text_of(at_bens.open("/?view=unread"))


def test_everything_can_be_marked_as_read(
    ana: Actor, ben: Actor, post_thread: PostThread, seat: SitDown
) -> None:
    post_thread(ana)
    post_thread(ana)
    at_bens = seat(ben)
    page = at_bens.fill_in("/", "/discussion/read")
    assert "All threads are marked as read." in text_of(page)
    assert "Mark all as read" not in text_of(page)


def test_a_list_can_be_narrowed_to_ones_own(
    ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply, seat: SitDown
) -> None:
    answered = post_thread(ben, title="Answered")
    post_thread(ana, title="Mine")
    post_thread(ben, title="Of others")
    reply(ana, answered.post_id)
    at_anas = seat(ana)
    listed = text_of(at_anas.open("/?view=mine"))
    assert "Mine" in listed
    assert "Answered" in listed
    assert "Of others" not in listed


def test_long_lists_and_threads_are_read_page_by_page_without_repeats_or_gaps(
    ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply, seat: SitDown
) -> None:
    for number in range(35):
        posted = post_thread(ana, title=f"Thread {number}")
    seen: list[str] = []
    at_bens, path = seat(ben), "/"
    while path:
        html = at_bens.open(path).get_data(as_text=True)
        seen += re.findall(r"Thread \d+(?=</a>)", html)
        more = re.search(r'class="more"><a class="button" href="([^"]+)"', html)
        path = more.group(1).replace("&amp;", "&") if more else ""
    assert seen == [f"Thread {number}" for number in reversed(range(35))]

    last = posted
    for number in range(120):
        last = reply(ana if number % 2 else ben, posted.post_id if number % 5 == 0 else last.post_id)
    at_bens, path = seat(ben), f"/threads/{posted.thread_id}"
    numbers: list[int] = []
    while path:
        page = at_bens.open(path)
        html = page.get_data(as_text=True)
        if 'id="reading"' in html:
            at_bens.send(at_bens.form(page, "/read"))
        numbers += map(int, re.findall(r'id="post-(\d+)"', html))
        more = re.search(r'href="([^"]+)">Show later posts', html)
        path = more.group(1) if more else ""
    assert numbers == list(range(1, 122))
    back = at_bens.open(f"/threads/{posted.thread_id}?before=60").get_data(as_text=True)
    assert list(map(int, re.findall(r'id="post-(\d+)"', back))) == list(range(10, 60))
    assert "Show earlier posts" in back
    assert "unread-count" not in at_bens.open("/?view=mine").get_data(as_text=True)


def test_the_address_of_a_post_leads_to_the_page_that_holds_it(
    session: Session, ana: Actor, post_thread: PostThread, reply: Reply, seat: SitDown
) -> None:
    posted = post_thread(ana)
    replies = [reply(ana, posted.post_id) for _ in range(POSTS + 20)]
    at_anas = seat(ana)
    answer = at_anas.open(f"/posts/{replies[-1].post_id}")
    assert answer.headers["Location"].endswith(f"?at={POSTS + 21}#post-{POSTS + 21}")
    page = at_anas.follow(answer).get_data(as_text=True)
    assert f'id="post-{POSTS + 21}" tabindex="-1"' in page
    assert 'id="post-1"' not in page
    assert session.scalar(select(func.count()).select_from(Post)) == POSTS + 21


@pytest.mark.parametrize(
    "query", ["after=99999", "before=0", "at=-1", "at=x", "after=1&before=1", "at=99999"]
)
def test_a_page_mark_that_leads_nowhere_leads_to_the_beginning(
    query: str, ana: Actor, post_thread: PostThread, seat: SitDown
) -> None:
    posted = post_thread(ana, "here it begins")
    assert "here it begins" in text_of(seat(ana).open(f"/threads/{posted.thread_id}?{query}"))


@pytest.mark.parametrize("mark", ["x", "0.1.999999999999", "0.99999999999999999999.1"])
def test_a_page_mark_of_the_list_that_cannot_be_leads_to_the_beginning(
    mark: str, ana: Actor, post_thread: PostThread, seat: SitDown
) -> None:
    posted = post_thread(ana)
    assert f"/threads/{posted.thread_id}" in seat(ana).open(f"/?after={mark}").text


def test_an_unchanged_thread_is_answered_304_and_a_changed_one_is_not(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply, seat: SitDown
) -> None:
    posted = post_thread(ana)
    at_bens = seat(ben)
    path = f"/threads/{posted.thread_id}"
    at_bens.open(path)
    etag = at_bens.open(path).headers["ETag"]
    unchanged = at_bens.open(path, If_None_Match=etag)
    assert (unchanged.status_code, unchanged.data, unchanged.headers["ETag"]) == (304, b"", etag)
    assert "private" in unchanged.headers["Cache-Control"]
    answer = reply(ana, posted.post_id, "something new")
    session.commit()
    assert "something new" in text_of(at_bens.open(path, If_None_Match=etag))
    etag = at_bens.open(path).headers["ETag"]
    service.remove_post(session, ana, answer.post_id)
    session.commit()
    assert at_bens.open(path, If_None_Match=etag).status_code == 200


def test_a_304_is_not_given_to_somebody_else(
    ana: Actor, ben: Actor, post_thread: PostThread, seat: SitDown
) -> None:
    path = f"/threads/{post_thread(ana).thread_id}"
    at_anas, at_bens = seat(ana), seat(ben)
    at_bens.open(path)
    assert at_anas.open(path, If_None_Match=at_bens.open(path).headers["ETag"]).status_code == 200


def test_staff_pin_and_lock_and_others_have_no_buttons_for_it(
    ana: Actor, tom: Actor, post_thread: PostThread, seat: SitDown
) -> None:
    posted = post_thread(ana)
    at_toms, at_anas = seat(tom), seat(ana)
    path = f"/threads/{posted.thread_id}"
    page = at_toms.fill_in(path, "/pin")
    assert "Pinned" in text_of(page)
    page = at_toms.fill_in(path, "/lock")
    assert "Locked" in text_of(page)
    anas = at_anas.open(path)
    assert "This thread is locked: it takes no new replies." in text_of(anas)
    assert "Unlock" not in text_of(anas)
    assert at_anas.open(f"/posts/{posted.post_id}/reply").status_code == 403
    page = at_toms.fill_in(path, "/unlock")
    assert "Unlocked" in text_of(page)
    page = at_toms.fill_in(path, "/unpin")
    form = at_toms.form(page, "/pin")
    token = at_anas.form(at_anas.open(path), "/reply")
    refused = at_anas.client.post(form.action, data={"csrf_token": dict(token.fields)["csrf_token"]})
    assert refused.status_code == 403


def test_a_reply_to_what_was_removed_meanwhile_says_so_and_gives_the_text_back(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply, seat: SitDown
) -> None:
    posted = post_thread(ana)
    answer = reply(ana, posted.post_id)
    at_bens = seat(ben)
    form = at_bens.form(at_bens.open(f"/posts/{answer.post_id}/reply"), "/reply")
    service.remove_post(session, ana, answer.post_id)
    session.commit()
    late = at_bens.send(form, source="my careful answer")
    assert late.status_code == 410
    assert "was removed in the meantime" in text_of(late)
    assert "my careful answer" in text_of(late)
    assert 'href="/w/' in late.text  # a frame has no back button


def test_the_address_of_an_activity_leads_to_its_first_page(ana: Actor, place: Place, seat: SitDown) -> None:
    at_anas = seat(ana)
    assert text_of(at_anas.follow(at_anas.open(f"/w/{place.placement.id}/"))).count(place.placement.title)


def test_a_second_edit_at_once_is_refused_and_gives_the_text_back(
    ana: Actor, post_thread: PostThread, seat: SitDown
) -> None:
    posted = post_thread(ana, title="T")
    at_anas = seat(ana)
    one, other = (at_anas.form(at_anas.open(f"/posts/{posted.post_id}/edit"), "/edit") for _ in range(2))
    assert at_anas.send(one, source="from one tab").status_code == 303
    refused = at_anas.send(other, source="from the other tab")
    assert refused.status_code == 409
    assert "from the other tab" in text_of(refused)


def test_a_thread_is_found_in_its_own_discussion_and_other_addresses_lead_there(
    session: Session, place: Place, ana: Actor, post_thread: PostThread, seat: SitDown
) -> None:
    posted = post_thread(ana)
    other = make_placement(session, place.community)
    library = make_placement(session, place.community, widget="library")
    at_anas = seat(ana)
    for path in (f"threads/{posted.thread_id}", f"posts/{posted.post_id}", f"posts/{posted.post_id}/reply"):
        assert at_anas.open(f"/w/{place.placement.id}/discussion/{path}").status_code in {200, 302}
        elsewhere = at_anas.open(f"/w/{other.id}/discussion/{path}")
        if path.endswith("/reply"):
            assert elsewhere.status_code == 404
        else:
            assert elsewhere.status_code == 303
            assert elsewhere.headers["Location"] == f"/w/{place.placement.id}/discussion/{path}"
        assert at_anas.open(f"/w/{library.id}/discussion/{path}").status_code == 404
    assert at_anas.open(f"/w/{library.id}/discussion/").status_code == 404


def test_nobody_from_another_course_gets_in(
    session: Session, place: Place, ana: Actor, post_thread: PostThread, seat: SitDown
) -> None:
    posted = post_thread(ana, "for this course only")
    elsewhere = make_place(session, beside=place)
    there = make_placement(session, elsewhere.community)
    at_anas = seat(ana)
    assert at_anas.open(f"/w/{there.id}/discussion/").status_code == 401
    at_anas.client.delete_cookie("lmssocial-local")
    for path in ("/", f"/threads/{posted.thread_id}", "/threads/new", "/search?q=course"):
        answer = at_anas.open(path)
        assert answer.status_code == 401
        assert "for this course only" not in text_of(answer)


def test_a_wording_that_came_too_late_comes_back_above_the_one_that_stands(
    ana: Actor, post_thread: PostThread, seat: SitDown
) -> None:
    posted = post_thread(ana, "first", title="T")
    at_anas = seat(ana)
    edit = f"/posts/{posted.post_id}/edit"
    late = at_anas.form(at_anas.open(edit), "/edit")
    at_anas.fill_in(edit, "/edit", source="changed on the phone")
    answer = at_anas.send(late, source="changed on the desk")
    assert answer.status_code == 409
    assert "was changed while you were writing" in text_of(answer)
    assert "What it says now T changed on the phone" in text_of(answer)
    again = at_anas.form(answer, "/edit")
    assert dict(again.fields)["source"].strip() == "changed on the desk"
    assert "changed on the desk" in text_of(at_anas.follow(at_anas.send(again)))


def test_a_declined_post_is_handed_in_again_and_is_not_said_to_wait(
    session: Session, ana: Actor, tom: Actor, post_thread: PostThread, seat: SitDown
) -> None:
    held = post_thread(ana, screen=HOLD)
    moderating.decline_held_post(session, tom, held.post_id, "Leave the name out.")
    at_anas = seat(ana)
    page = text_of(at_anas.open(f"/threads/{held.thread_id}"))
    assert "Not published" in page
    assert "Waits for a moderator" not in page
    assert "Waiting for a moderator" not in page
    assert "Hand in again" in text_of(at_anas.open(f"/posts/{held.post_id}/edit"))
