"""The pages of reviewing, as people without scripts use them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.social.communities.models import Appointment
from lmssocial.social.content.models import Contribution
from lmssocial.widgets.peer_rating.models import Phase, Review, ReviewState, WorkState
from lmssocial.widgets.peer_rating.settings import Identity
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import Place, make_person
from tests.support.queries import counted_queries
from tests.support.seat import Seat, text_of

pytestmark = pytest.mark.one_database

Sit = Callable[[Actor], Seat]
WHOLE = {
    "level_0": "0",
    "level_1": "1",
    "comment_1": "Name the year.",
    "overall": "Clear, and worth reading.",
}


def begin(session: Session, place: Place, author: Actor, reviewer: Actor, **settings: object) -> Review:
    """A work of ``author`` that ``reviewer`` holds."""
    due = clock.now() + timedelta(days=5)
    set_up(session, place, Phase.REVIEW, **{"review_due_at": due, "minutes": 25, **settings})
    work = make_work(session, place, author, source="My **own** words.")
    return make_review(session, place, work, reviewer, levels=None, overall="", state=ReviewState.OFFERED)


def test_the_next_work_is_given_reviewed_sent_and_followed_by_the_next(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, seat: Sit
) -> None:
    set_up(session, place, Phase.REVIEW, asked=2)
    for author in (ana, ben, cleo):
        make_work(session, place, author, source=f"By {author.name.split()[0]}.")
    at = seat(ben)
    first = at.follow(at.client.post(at.address("/reviews/next"), data=_token(at)))
    assert "About the whole" in text_of(first)
    sent = at.follow(at.send(at.form(first, f"/reviews/{_last(session).id}"), **WHOLE))
    assert "Your review is in." in text_of(sent)
    assert "You have sent one review of 2" in text_of(sent)
    second = at.follow(at.send(at.form(sent, "/reviews/next")))
    done = at.follow(at.send(at.form(second, f"/reviews/{_last(session).id}"), **WHOLE))
    assert "You have sent all the reviews that were asked of you" in text_of(done)


def _token(at: Seat) -> dict[str, str]:
    """What any form on a page that everybody has carries."""
    return {"csrf_token": dict(at.form(at.open("/examples"), "/handover").fields)["csrf_token"]}


def _last(session: Session) -> Review:
    session.rollback()
    return session.scalars(select(Review).order_by(Review.id.desc())).first()  # type: ignore[return-value]


def test_why_there_is_nothing_to_review_is_said(
    session: Session, place: Place, ana: Actor, seat: Sit
) -> None:
    set_up(session, place, Phase.REVIEW)
    at = seat(ana)
    page = at.follow(at.client.post(at.address("/reviews/next"), data=_token(at)))
    assert page.request.path.endswith("/peer_rating/")
    assert "Hand in your own work first" in text_of(page)


def test_the_page_says_whose_work_it_is_how_long_it_takes_and_what_is_missing(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: Sit
) -> None:
    review = begin(session, place, ana, ben)
    review.leased_until = clock.now() + timedelta(hours=24)
    said = text_of(page := seat(ben).open(f"/reviews/{review.id}"))
    assert "Review of Ana Ruiz" in said
    assert "<strong>own</strong>" in page.get_data(as_text=True)
    assert "kept for you until" in said
    assert "takes about 25 minutes" in said
    assert "The author reads it under your name." in said
    assert "Levels still to choose: 2. Characters still to write: 20." in said


def test_in_a_double_blind_activity_nothing_on_the_page_says_who_wrote_it(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: Sit
) -> None:
    review = begin(session, place, ana, ben, identity=Identity.DOUBLE_BLIND, identity_reason="Fairness.")
    at = seat(ben)
    page = at.open(f"/reviews/{review.id}")
    read = at.follow(at.send(at.form(page, f"/reviews/{review.id}"), **WHOLE))
    declining = at.open(f"/reviews/{review.id}/decline")
    assert f"The author reads it as “Reviewer {review.alias}”" in text_of(page)
    for one in (page, read, declining):
        html = one.get_data(as_text=True)
        assert "Ana" not in html
        assert "Ruiz" not in html
        assert f"people/{ana.user_id}" not in html


def test_what_is_missing_comes_back_beside_everything_that_was_written(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: Sit
) -> None:
    review = begin(session, place, ana, ben)
    at = seat(ben)
    form = at.form(at.open(f"/reviews/{review.id}"), f"/reviews/{review.id}")
    answer = at.send(form, level_0="1", overall="Too short.", comment_0="But why?")
    assert answer.status_code == 422
    said = text_of(answer)
    assert "Choose a level." in said
    assert "Too short." in said
    assert "But why?" in said
    assert "Characters still to write: 2." in said
    short = at.send(at.form(answer, f"/reviews/{review.id}"), level_1="0")
    assert "at least 2 more characters" in text_of(short)
    again = at.send(at.form(short, f"/reviews/{review.id}"), comment_1="Fine.")
    assert "Your review is in." in text_of(at.follow(again))


def test_a_save_keeps_what_is_written_and_the_page_begins_with_it(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: Sit
) -> None:
    review = begin(session, place, ana, ben)
    at = seat(ben)
    form = at.form(at.open(f"/reviews/{review.id}"), f"/reviews/{review.id}")
    save = at.address(f"/reviews/{review.id}/save")
    kept = {**dict(form.fields), "level_1": "2", "overall": "Half a thought"}
    assert at.client.post(save, data={**kept, "seq": "1"}).status_code == 204
    assert at.client.post(save, data={**kept, "seq": "1"}).status_code == 409
    assert at.client.post(save, data={**kept, "seq": "1", "csrf_token": "another"}).status_code == 422
    html = at.open(f"/reviews/{review.id}").get_data(as_text=True)
    assert "Half a thought" in html
    assert 'name="level_1" value="2" checked' in html
    assert 'data-draft-seq="1"' in html


def test_a_tab_that_is_behind_shows_both_and_sends_when_pressed_again(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: Sit
) -> None:
    review = begin(session, place, ana, ben)
    at = seat(ben)
    one, two = (at.form(at.open(f"/reviews/{review.id}"), f"/reviews/{review.id}") for _tab in range(2))
    at.send(one, **WHOLE)
    behind = at.send(two, **(WHOLE | {"overall": "Written in the second tab."}))
    assert behind.status_code == 409
    assert "Clear, and worth reading." in text_of(behind)
    assert "Written in the second tab." in text_of(behind)
    again = at.follow(at.send(at.form(behind, f"/reviews/{review.id}")))
    assert "Written in the second tab." in text_of(again)


def test_a_review_of_work_that_was_taken_back_shows_what_was_written_and_why(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: Sit
) -> None:
    review = begin(session, place, ana, ben)
    at = seat(ben)
    form = at.form(at.open(f"/reviews/{review.id}"), f"/reviews/{review.id}")
    review.state, review.note = ReviewState.REVOKED, "It was handed in twice."
    session.commit()
    answer = at.send(form, **WHOLE)
    assert answer.status_code == 410
    said = text_of(answer)
    assert "It was handed in twice." in said
    assert "Name the year." in said
    assert "Clear, and worth reading." in said


def test_a_review_whose_time_ran_out_is_gone_on_with_or_simply_sent(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: Sit
) -> None:
    review = begin(session, place, ana, ben)
    at = seat(ben)
    form = at.form(at.open(f"/reviews/{review.id}"), f"/reviews/{review.id}")
    review.state, review.answers = ReviewState.EXPIRED, {"levels": {}, "comments": {}, "overall": "Kept."}
    session.commit()
    lapsed = at.open(f"/reviews/{review.id}")
    assert "Kept." in text_of(lapsed)
    assert "About the whole" in text_of(at.follow(at.send(at.form(lapsed, "/resume"))))
    review = _last(session)
    review.state = ReviewState.EXPIRED
    session.commit()
    assert "Your review is in." in text_of(at.follow(at.send(form, **WHOLE)))


def test_passing_on_takes_one_press(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: Sit
) -> None:
    review = begin(session, place, ana, ben)
    at = seat(ben)
    form = at.form(at.open(f"/reviews/{review.id}"), "/decline")
    assert "Thank you for saying so." in text_of(
        at.follow(at.send(form, button="technical", note="No file."))
    )
    declined = _last(session)
    assert (declined.declined_because, declined.note) == ("technical", "No file.")
    assert "You passed this work on" in text_of(at.open(f"/reviews/{declined.id}"))


def test_staff_read_a_review_take_it_out_of_the_count_and_put_it_in_again(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, seat: Sit
) -> None:
    set_up(session, place, Phase.EVALUATE)
    review_id = make_review(session, place, make_work(session, place, ana), ben).id
    at, written_by = seat(tom), seat(ben)
    page = at.open(f"/reviews/{review_id}/read")
    assert "Ben Okoro" in text_of(page)
    assert "7 of 10" in text_of(page)
    refused = at.send(at.form(page, "/void"))
    assert refused.status_code == 422
    out = at.follow(at.send(at.form(page, "/void"), reason="It says nothing about the work."))
    assert "It says nothing about the work." in text_of(out)
    assert "does not count any more" in text_of(out)
    assert "It says nothing about the work." in text_of(written_by.open(f"/reviews/{review_id}/read"))
    assert "counts again" in text_of(at.follow(at.send(at.form(out, "/void"))))


def test_only_its_reviewer_and_staff_read_a_review_there(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, seat: Sit
) -> None:
    set_up(session, place, Phase.RELEASED)
    review = make_review(session, place, make_work(session, place, ana), ben)
    assert seat(ben).open(f"/reviews/{review.id}/read").status_code == 200
    for at in (seat(ana), seat(cleo)):
        assert at.open(f"/reviews/{review.id}/read").status_code == 404
        assert at.open(f"/reviews/{review.id}").status_code == 404


def test_an_expert_reads_reviews_of_others_there_and_those_of_their_own_work_as_every_author(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, seat: Sit
) -> None:
    set_up(session, place, Phase.REVIEW)
    own, other = (
        make_review(session, place, make_work(session, place, author), ben) for author in (ana, cleo)
    )
    session.add(
        Appointment(
            community_id=place.community.id,
            user_id=ana.user_id,
            offices=Office.SME,
            appointed_by_id=cleo.user_id,
            appointed_at=clock.now(),
        )
    )
    at = seat(ana)
    assert at.open(f"/reviews/{other.id}/read").status_code == 200
    assert at.open(f"/reviews/{own.id}/read").status_code == 404


def test_staff_review_a_work_themselves(
    session: Session, place: Place, ana: Actor, tom: Actor, seat: Sit
) -> None:
    set_up(session, place, Phase.EVALUATE)
    work = make_work(session, place, ana, state=WorkState.EXCLUDED)
    at = seat(tom)
    token = _token(at)
    page = at.follow(at.client.post(at.address(f"/works/{work.id}/staff-review"), data=token))
    assert "Scores by peers are held against it." in text_of(page)
    sent = at.follow(at.send(at.form(page, f"/reviews/{_last(session).id}"), **WHOLE))
    assert "as an instructor or expert" in text_of(sent)
    session.rollback()
    words = session.scalars(select(Contribution).where(Contribution.author_id == tom.user_id)).one()
    assert words.kind == "peer_rating.review"


def test_authors_look_at_their_own_work_by_the_criteria(
    session: Session, place: Place, ana: Actor, seat: Sit
) -> None:
    set_up(session, place, Phase.SUBMIT, self_assessment=True)
    work = make_work(session, place, ana)
    at = seat(ana)
    page = at.follow(at.send(at.form(at.open(f"/works/{work.id}"), "/self-review")))
    assert "Review of your own work" in text_of(page)
    assert "It does not count towards any score." in text_of(page)
    assert "about their own work" in text_of(at.follow(at.send(at.form(page, "/reviews/1"), **WHOLE)))


def test_the_page_asks_the_database_as_often_for_a_team_as_for_one(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: Sit
) -> None:
    alone = begin(session, place, ana, ben)
    team = [make_person(session, place) for _one in range(6)]
    together = make_review(
        session, place, make_work(session, place, *team), ben, levels=None, state=ReviewState.STARTED
    )
    at = seat(ben)
    one, other = alone.id, together.id
    session.rollback()
    at.open(f"/reviews/{one}")
    counts = []
    for review in (one, other):
        with counted_queries() as seen:
            assert at.open(f"/reviews/{review}").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1], seen.statements
