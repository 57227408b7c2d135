"""The pages on which people hand in and read works, without scripts."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock as the_clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution, Draft, State
from lmssocial.widgets.peer_rating.models import Activity, Phase, ReviewState, Work, WorkState
from lmssocial.widgets.peer_rating.settings import Identity, Late
from tests.support.attaching import PNG
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import Place
from tests.support.queries import counted_queries
from tests.support.seat import Seat, text_of

Sit = Callable[[Actor], Seat]
WORDS = "My walk was long, and I learned a lot from it."


def work_of(session: Session) -> Work:
    """The only work there is."""
    session.rollback()  # what came before began to read earlier
    return session.scalars(select(Work)).one()


def test_somebody_reads_the_task_and_hands_in(session: Session, place: Place, ana: Actor, seat: Sit) -> None:
    set_up(session, place, submit_due_at=the_clock.now() + timedelta(days=3))
    at = seat(ana)
    page = at.open("/work")
    for words in ("Write a page", "Convincing", "marked as late", "They see that it is yours"):
        assert words in text_of(page)

    done = at.follow(at.send(at.form(page, "/work"), title="A walk", source=WORDS))

    assert "Handed in." in text_of(done)
    assert WORDS in text_of(done)
    assert work_of(session).is_late is False


def test_a_file_is_attached_and_named_with_kind_and_size(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: Sit
) -> None:
    activity = set_up(session, place, Phase.SUBMIT, identity=Identity.DOUBLE_BLIND, identity_reason="Fair.")
    at, reader = seat(ana), seat(ben)
    form = at.form(at.open("/work"), "/work")
    data: dict[str, Any] = dict(form.fields) | {"source": WORDS, "attach": "1", "alt": "A hill"}
    attached = at.client.post(at.address("/work"), data=data | {"file": (io.BytesIO(PNG), "hill.png")})
    assert "hill.png is attached" in text_of(attached)
    at.send(at.form(attached, "/work"))
    work = work_of(session)
    session.get_one(Activity, activity.placement_id).phase = Phase.REVIEW
    make_review(session, place, work, ben, state=ReviewState.OFFERED)
    session.commit()

    page = text_of(reader.open(f"/works/{work.id}"))

    assert re.search(r"hill\.png\s+\(PNG, \d+ kB\)", page)
    assert "say so, and get another work" in page
    assert f"Submission {work.alias}" in page
    assert "Ana Ruiz" not in page


def test_what_is_refused_after_the_date_is_kept(
    session: Session, place: Place, ana: Actor, seat: Sit
) -> None:
    set_up(session, place, late=Late.REFUSED)
    at = seat(ana)
    form = at.form(at.open("/work"), "/work")
    set_up(session, place, late=Late.REFUSED, submit_due_at=the_clock.now() - timedelta(days=1))
    session.commit()

    page = at.send(form, source=WORDS)

    assert page.status_code == 409
    assert WORDS in text_of(page)
    session.rollback()
    assert session.scalar(select(Draft.source)) == WORDS


def test_a_work_is_changed_withdrawn_and_handed_in_again(
    session: Session, place: Place, ana: Actor, seat: Sit
) -> None:
    set_up(session, place)
    at = seat(ana)
    at.fill_in("/work", "/work", source=WORDS)
    assert "Better." in text_of(at.fill_in("/work", "/work", source="Better."))

    done = at.fill_in("/work/withdraw", "/work/withdraw")

    assert "withdrawn" in text_of(done)
    assert work_of(session).state is WorkState.WITHDRAWN
    at.follow(at.send(at.form(done, "/work")))
    assert work_of(session).state is WorkState.SUBMITTED


def test_staff_see_what_learners_see_and_hand_nothing_in(
    session: Session, place: Place, tom: Actor, seat: Sit
) -> None:
    set_up(session, place)
    page = seat(tom).open("/work")
    assert "This is what learners see" in text_of(page)
    assert "<textarea" not in page.get_data(as_text=True)


def test_staff_take_a_work_out_and_its_author_reads_why(
    session: Session, place: Place, ana: Actor, tom: Actor, seat: Sit
) -> None:
    set_up(session, place, Phase.REVIEW)
    work = make_work(session, place, ana)
    staff, author = seat(tom), seat(ana)
    path = f"/works/{work.id}/take-out"
    assert staff.send(staff.form(staff.open(path), path), reason="").status_code == 422

    staff.fill_in(path, path, reason="It was the wrong file.", state="cancelled")

    assert "It was the wrong file." in text_of(author.open("/work"))
    staff.fill_in(f"/works/{work.id}", "/take-back-in")
    assert work_of(session).state is WorkState.SUBMITTED


def test_others_find_no_work(session: Session, place: Place, ana: Actor, cleo: Actor, seat: Sit) -> None:
    set_up(session, place, Phase.REVIEW)
    work = make_work(session, place, ana)
    at = seat(cleo)
    assert at.open(f"/works/{work.id}").status_code == 404
    assert at.open(f"/works/{work.id}/take-out").status_code == 404


def test_a_held_work_is_kept_from_its_reviewers_and_told_to_its_author(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: Sit
) -> None:
    set_up(session, place, Phase.REVIEW)
    work = make_work(session, place, ana, source=WORDS)
    make_review(session, place, work, ben, state=ReviewState.OFFERED)
    session.get_one(Contribution, work.contribution_id).state = State.HELD
    author, reader, path = seat(ana), seat(ben), f"/works/{work.id}"

    page = text_of(reader.open(path))

    assert WORDS not in page
    assert "moderator looks at this work first" in page
    assert "It waits for a moderator" in text_of(author.open("/work"))


def test_a_draft_is_saved_for_this_work_and_no_other(
    session: Session, place: Place, ana: Actor, tom: Actor, seat: Sit
) -> None:
    set_up(session, place)
    at, staff, target = seat(ana), seat(tom), f"work:{place.placement.id}"
    session.rollback()
    token = dict(at.form(at.open("/work"), "/work").fields)["csrf_token"]
    data = {"csrf_token": token, "source": "Half a", "title": "", "seq": "3"}

    assert at.client.post(at.address(f"/drafts/{target}"), data=data).status_code == 204
    assert at.client.post(at.address("/drafts/work:0"), data=data).status_code == 404
    assert "Half a" in at.open("/work").get_data(as_text=True)
    assert staff.client.post(at.address(f"/drafts/{target}"), data=data).status_code == 404


@pytest.mark.one_database
def test_a_work_costs_the_same_however_many_review_it(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, seat: Sit
) -> None:
    set_up(session, place, Phase.REVIEW)
    work = make_work(session, place, ana)
    make_review(session, place, work, ben)
    path = f"/works/{work.id}"
    at = seat(ben)
    at.open(path)
    with counted_queries() as few:
        at.open(path)
    make_review(session, place, work, cleo)
    session.commit()
    with counted_queries() as many:
        at.open(path)
    assert len(many) == len(few) <= 10


def test_who_waits_for_a_moderator_finds_the_reason_and_the_team_only_that_it_waits(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: Sit
) -> None:
    set_up(session, place)
    work = make_work(session, place, ana, ben)
    words = session.get_one(Contribution, work.contribution_id)
    words.state, words.note = State.HELD, "Too many links."
    sender, other = seat(ana), seat(ben)

    pages = [at.open("/work").get_data(as_text=True) for at in (sender, other)]

    assert all("Too many links." in page for page in pages)
    assert [f"moderation/posts/{work.contribution_id}" in page for page in pages] == [True, False]
