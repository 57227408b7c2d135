"""The moderators' desk from end to end: the real policy, a real thread, every decision, and what its author reads."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.moderation.models import Case, CaseState, Deed, Entry
from tests.social.moderation.desk import LINKS, Desk, SitDown, states
from tests.support.people import Place, make_person, make_place, sign_in
from tests.support.seat import Seat, text_of


def test_a_post_with_many_links_waits_and_is_published_by_a_moderator(
    session: Session, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    ben, iris = sit(author), sit(moderator)
    assert "Nothing waits for you" in iris.at_desk()
    said = ben.write()
    assert "3 links" in said
    assert "1 waits for you" in iris.reads()
    desk = iris.at_desk()
    assert "Ben Okoro" in desk
    assert "Link limit" in desk
    assert "answer promised by" in desk
    assert "Published." in iris.decide("approved")

    assert states(session) == [CaseState.APPROVED]
    assert "Nothing waits for you" in iris.at_desk()
    assert "waits for you" not in iris.reads()


def test_nobody_else_reads_what_waits(
    session: Session, place: Place, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    other = make_person(session, place, "Ana Ruiz")
    ben, ana, iris = sit(author), sit(other), sit(moderator)
    ben.write()
    assert "Three places to look" in ben.reads()
    assert "Three places to look" not in ana.reads()
    iris.decide("approved")

    assert "Three places to look" in ana.reads()


@pytest.mark.parametrize(
    ("deed", "state", "said"),
    [
        ("rejected", CaseState.REJECTED, "Not published."),
        ("change_asked", CaseState.CHANGE_ASKED, "Your wish is with its author"),
    ],
)
def test_what_is_not_published_stays_with_its_author_who_reads_why(
    session: Session,
    place: Place,
    author: Actor,
    moderator: Actor,
    sit: SitDown,
    deed: str,
    state: CaseState,
    said: str,
) -> None:
    ben, ana, iris = sit(author), sit(make_person(session, place, "Ana Ruiz")), sit(moderator)
    ben.write()
    assert said in iris.decide(deed, "Please keep the best of the three.")
    assert states(session) == [state]
    assert "Three places to look" not in ana.reads()
    assert "Please keep the best of the three." in text_of(ben.seat.open(ben.thread()))


@pytest.mark.parametrize(
    ("message", "said"), [("", "Write a sentence"), ("x" * 1001, "At most 1,000 characters")]
)
def test_declining_needs_a_sentence_that_can_be_read(
    session: Session, author: Actor, moderator: Actor, sit: SitDown, message: str, said: str
) -> None:
    ben, iris = sit(author), sit(moderator)
    ben.write()
    page = iris.decide("rejected", message)

    assert said in page
    assert message in page
    assert states(session) == [CaseState.OPEN]


def test_a_post_brought_within_the_limit_needs_no_moderator(
    session: Session, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    ben, iris = sit(author), sit(moderator)
    ben.write()
    ben.seat.fill_in(f"/posts/{ben.post(session)}/edit", "/edit", source="The best: https://a.example/1")

    assert states(session) == [CaseState.WITHDRAWN]
    assert "Nothing waits for you" in iris.at_desk()
    assert "Three places to look" in iris.reads()


def test_an_edit_after_approval_is_looked_at_again(
    session: Session, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    ben, iris = sit(author), sit(moderator)
    ben.write()
    iris.decide("approved")
    ben.seat.fill_in(f"/posts/{ben.post(session)}/edit", "/edit", source=f"{LINKS} and one more: {LINKS}")

    assert states(session) == [CaseState.APPROVED, CaseState.OPEN]
    assert "Earlier cases about this post" in iris.seat.open(iris.address("/")).get_data(as_text=True)
    assert "hidden until a moderator has looked at it" in text_of(iris.seat.open(iris.thread())) or (
        "Waits for a moderator" in text_of(iris.seat.open(iris.thread()))
    )


def test_an_instructor_may_link_as_much_as_they_like(
    session: Session, moderator: Actor, sit: SitDown
) -> None:
    sit(moderator).write()

    assert states(session) == []


def test_where_the_policy_is_off_nothing_waits(
    app: Flask, session: Session, place: Place, sit: SitDown
) -> None:
    del sit  # switches it on in one course
    elsewhere = make_place(session, beside=place)
    actor = make_person(session, elsewhere)
    sign_in(session, elsewhere, actor, "another-browser")
    session.commit()
    Desk(
        Seat(app, "another-browser", f"/w/{elsewhere.placement.id}/discussion"), elsewhere.placement.id
    ).write()

    assert states(session) == []


def test_learners_have_no_desk(session: Session, author: Actor, moderator: Actor, sit: SitDown) -> None:
    ben, iris = sit(author), sit(moderator)
    ben.write()
    form, case_id = iris.form(), iris.case_id(session)

    for path in ("/", f"/{case_id}", f"/{case_id}/redact", "/log"):
        assert ben.seat.open(ben.address(path)).status_code in {403, 404}, path
    assert ben.seat.send(form, button="approved").status_code in {403, 404, 422}
    assert states(session) == [CaseState.OPEN]


def test_a_desk_of_another_course_shows_and_decides_nothing(
    app: Flask, session: Session, place: Place, author: Actor, sit: SitDown
) -> None:
    elsewhere = make_place(session, beside=place)
    stranger = make_person(session, elsewhere, "", LmsRole.INSTRUCTOR, LmsRole.ADMINISTRATOR)
    sign_in(session, elsewhere, stranger, "stranger")
    mine, theirs = place.placement.id, elsewhere.placement.id
    sit(author).write()
    there = Desk(Seat(app, "stranger", f"/w/{theirs}/discussion"), theirs)
    session.rollback()  # what was read before shows the time before
    case_id = session.scalars(select(Case.id)).one()
    token = dict(there.seat.form(there.seat.open("/threads/new"), "/threads/new").fields)["csrf_token"]
    sent = {
        f"case{case_id}-{name}": value
        for name, value in {"csrf_token": token, "version": "1", "wording": "", "deed": "approved"}.items()
    }
    post = there.seat.client.post

    assert "Nothing waits for you" in there.at_desk()
    assert there.seat.open(there.address(f"/{case_id}")).status_code == 404
    assert post(there.address(f"/{case_id}/decide"), data=sent).status_code == 404
    assert post(there.address(f"/{case_id}/claim"), data={"csrf_token": token}).status_code == 404
    assert post(f"/w/{mine}/moderation/{case_id}/decide", data=sent).status_code == 401
    assert states(session) == [CaseState.OPEN]


def test_a_forged_button_decides_nothing(
    session: Session, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    ben, iris = sit(author), sit(moderator)
    ben.write()
    form = iris.form()
    fields = {name: "forged" if name.endswith("csrf_token") else value for name, value in form.fields}
    deed = next(name for name, _value in form.buttons)
    answer = iris.seat.client.post(
        form.action.removeprefix("http://localhost"), data={**fields, deed: "approved"}
    )

    assert answer.status_code == 422
    assert "nothing was sent" in text_of(answer)
    assert states(session) == [CaseState.OPEN]


def test_two_moderators_at_once_the_second_reads_what_the_first_did_and_keeps_their_sentence(
    session: Session, place: Place, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    other = make_person(session, place, "Tom Berg", LmsRole.INSTRUCTOR)
    ben, iris, tom = sit(author), sit(moderator), sit(other)
    ben.write()
    late = tom.form()
    iris.decide("rejected", "Please keep the best of the three.")
    message = next(name for name in late.names() if name.endswith("-message"))
    answer = tom.seat.send(late, button="rejected", **{message: "A sentence that took a while."})

    assert answer.status_code == 409
    assert "already decided" in text_of(answer)
    assert "Iris Prado" in text_of(answer)
    assert "Please keep the best of the three." in text_of(answer)
    assert "A sentence that took a while." in text_of(answer)
    assert states(session) == [CaseState.REJECTED]


def test_nobody_decides_about_words_they_did_not_read(
    session: Session, place: Place, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    ana = sit(make_person(session, place, "Ana Ruiz"))
    ben, iris = sit(author), sit(moderator)
    ben.write(source="One thing.")
    ana.flag(ben.post(session), "spam")
    read = iris.form()
    ben.seat.fill_in(f"/posts/{ben.post(session)}/edit", "/edit", source="Another thing.")
    answer = iris.seat.send(read, button="approved")

    assert answer.status_code == 409
    assert "changed the text while you were reading" in text_of(answer)
    assert states(session) == [CaseState.OPEN]


def test_a_case_that_somebody_took_is_left_alone_by_the_others(
    session: Session, place: Place, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    other = make_person(session, place, "Tom Berg", LmsRole.INSTRUCTOR)
    ben, iris, tom = sit(author), sit(moderator), sit(other)
    ben.write()
    late = tom.form()
    assert "It is yours." in iris.press("/claim")
    assert "You have taken it" in iris.at_desk("?view=mine")
    desk = tom.at_desk()
    assert "Iris Prado is looking at it" in desk
    assert "Publish" not in desk.replace("Publish it", "")
    assert tom.seat.send(late, button="approved").status_code == 409
    assert "Given back." in iris.press("/release")
    assert "You have taken no case" in iris.at_desk("?view=mine")
    assert "Published." in tom.decide("approved")


def test_nobody_decides_about_their_own_and_reads_why(
    session: Session, place: Place, moderator: Actor, author: Actor, sit: SitDown
) -> None:
    iris, ben, tom = sit(moderator), sit(author), sit(make_person(session, place, "T", LmsRole.INSTRUCTOR))
    iris.write(source="Something")
    assert "Thank you." in ben.flag(iris.post(session), "not_right", "It is 20, not 10.")
    desk = iris.at_desk()
    assert "This is your own post, so somebody else decides about it." in desk
    assert not [form for form in iris.forms() if form.action.endswith("/decide")]
    assert "Let it stand" in tom.at_desk()
    assert "It stands as it is." in tom.decide("approved")


def test_a_decision_is_taken_back_from_the_decided_ones(
    session: Session, place: Place, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    ben, iris, ana = sit(author), sit(moderator), sit(make_person(session, place, "Ana Ruiz"))
    ben.write()
    iris.decide("rejected", "Too many.")
    decided = iris.seat.open(iris.address("/?view=decided"))
    assert "Too many." in text_of(decided)
    answer = iris.seat.send(iris.seat.form(decided, "/restore?view=decided"))
    assert "taken back" in text_of(iris.seat.follow(answer))
    assert "Three places to look" in ana.reads()
    assert states(session) == [CaseState.APPROVED]
    again = iris.seat.send(iris.seat.form(decided, "/restore?view=decided"))
    assert again.status_code == 409


def test_words_are_taken_out_by_their_marks_and_by_their_wording(
    session: Session, place: Place, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    ben, iris, ana = sit(author), sit(moderator), sit(make_person(session, place, "Ana Ruiz"))
    ben.write(source=f"Call Mrs Miller, or look here: {LINKS}")
    case_id = iris.case_id(session)
    page = iris.seat.open(iris.address(f"/{case_id}/redact"))
    form = iris.seat.form(page, "/redact")
    assert len(form.choices["spans"]) == 3
    assert "<mark>https://a.example/1</mark>" in page.get_data(as_text=True)

    wrong = iris.seat.send(form, words="Mrs Smith", message="Names stay out.")
    assert wrong.status_code == 422
    assert "do not stand in the text: Mrs Smith" in text_of(wrong)
    assert "Names stay out." in text_of(wrong)
    data = {**dict(form.fields), "spans": form.choices["spans"], "words": "mrs miller"}
    done = iris.seat.client.post(page.request.path, data={**data, "message": "Names stay out."})
    assert "taken out" in text_of(iris.seat.follow(done))
    read = text_of(ana.seat.open(ana.thread()))
    assert "Call […], or look here" in read
    assert "a.example" not in read
    told = ben.seat.open(ben.why(session)).get_data(as_text=True)
    assert "Published without some words" in told
    assert "<del>Mrs Miller</del>" in told.replace(" </del>", "</del>")
    assert "Names stay out." in told


def test_taking_words_out_needs_words_and_a_sentence(
    session: Session, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    ben, iris = sit(author), sit(moderator)
    ben.write()
    address = iris.address(f"/{iris.case_id(session)}/redact")
    form = iris.seat.form(iris.seat.open(address), "/redact")
    silent = iris.seat.send(form)
    assert silent.status_code == 422
    assert "why are these words taken out?" in text_of(silent)
    form.fields = [field for field in form.fields if field[0] != "spans"]
    nothing = iris.seat.send(form, message="Why not.")
    assert nothing.status_code == 422
    assert "Say which words shall be taken out." in text_of(nothing)
    beyond = iris.seat.send(form, message="Why not.", spans="99999-100000")
    assert beyond.status_code == 422
    assert states(session) == [CaseState.OPEN]


def test_the_page_of_a_case_tells_everything_that_was_done(
    session: Session, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    ben, iris = sit(author), sit(moderator)
    ben.write()
    iris.press("/claim")
    page = iris.seat.open(iris.address(f"/{iris.case_id(session)}"))
    said = text_of(page)
    assert "Case opened" in said
    assert "Taken Iris Prado" in said
    assert "too-many-links" in said
    assert "100 percent" in said
    assert "<mark>https://a.example/2</mark>" in page.get_data(as_text=True)


def test_the_log_is_read_a_page_at_a_time_and_by_person_and_deed(
    session: Session, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    ben, iris = sit(author), sit(moderator)
    ben.write()
    for _time in range(26):
        iris.press("/claim")
        iris.press("/release")
    first = iris.seat.open(iris.address("/log"))
    assert "Older entries" in text_of(first)
    (older,) = re.findall(r'href="([^"]*/log\?before=\d+)"', first.get_data(as_text=True))
    second = text_of(iris.seat.open(older.replace("&amp;", "&")))
    assert "Case opened" in second
    assert "Older entries" not in second
    assert "Case opened" not in text_of(first).partition("Nobody can change")[2].partition("Show")[2]
    only = text_of(iris.seat.open(iris.address(f"/log?deed=claimed&person={moderator.user_id}")))
    assert only.count("Taken") == 27  # and once in the menu
    assert "Nothing here" in text_of(iris.seat.open(iris.address(f"/log?person={author.user_id + 999}")))
    session.rollback()
    assert session.scalar(select(Entry.id).where(Entry.deed == Deed.CLAIMED).limit(1))


def test_the_desk_is_narrowed_by_reason_and_author(
    session: Session, place: Place, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    other = make_person(session, place, "Ana Ruiz")
    ben, iris, ana = sit(author), sit(moderator), sit(other)
    ben.write()
    iris.write(title="By Iris", source="Hello")
    ana.flag(iris.post(session, "By Iris"), "unkind", "Not nice.")
    by_policy = iris.at_desk("?why=policy:linklimit")
    assert "Three places to look" in by_policy
    assert "By Iris" not in by_policy
    by_flag = iris.at_desk("?why=flag:unkind")
    assert "By Iris" in by_flag
    assert "Three places to look" not in by_flag
    assert "No case fits" in iris.at_desk("?why=flag:spam")
    by_author = iris.at_desk(f"?author={author.user_id}")
    assert "Only posts by Ben Okoro." in by_author
    assert "By Iris" not in by_author
    assert "about whom there is no case" in iris.at_desk("?author=999999")
    assert "By Iris" in iris.at_desk("?author=99999999999999")  # no row can have that number


@pytest.mark.parametrize(
    "query", ["?view=nonsense", "?why=policy:", "?why=flag:nonsense", "?after=x", "?author=-1"]
)
def test_an_address_that_says_nothing_is_answered_all_the_same(
    author: Actor, moderator: Actor, sit: SitDown, query: str
) -> None:
    ben, iris = sit(author), sit(moderator)
    ben.write()

    assert "Three places to look" in iris.at_desk(query)


def test_what_was_held_is_shown_as_text_and_never_as_markup(
    author: Actor, moderator: Actor, sit: SitDown
) -> None:
    ben, iris = sit(author), sit(moderator)
    ben.write(title="<b>Bold</b>", source=f"<script>alert(1)</script> {LINKS}")
    page = iris.seat.open(iris.address("/")).get_data(as_text=True)

    assert "<script>alert" not in page
    assert "&lt;b&gt;Bold&lt;/b&gt;" in page


def test_of_two_who_press_at_the_same_moment_one_decides(
    session: Session, place: Place, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    ben, iris, tom = sit(author), sit(moderator), sit(make_person(session, place, "T", LmsRole.INSTRUCTOR))
    ben.write()
    ready = Barrier(2)

    def press(desk: Desk, deed: str) -> int:
        form = desk.form()
        message = next(name for name in form.names() if name.endswith("-message"))
        ready.wait(timeout=20)
        return desk.seat.send(form, button=deed, **{message: "Because."}).status_code

    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(press, iris, "approved"), pool.submit(press, tom, "rejected")]
        answers = sorted(one.result(timeout=60) for one in both)

    assert answers == [303, 409]
    (state,) = states(session)
    session.rollback()
    deeds = session.scalars(select(Entry.deed).where(Entry.deed.in_([Deed.APPROVED, Deed.REJECTED]))).all()
    assert [deed.value for deed in deeds] == [state.value]
