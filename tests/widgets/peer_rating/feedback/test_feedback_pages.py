"""What authors read about their work, and what they say of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.activity.models import ActivityEvent
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.drafts import Writing
from lmssocial.social.content.markdown import render
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.content.writing import add
from lmssocial.widgets.peer_rating.models import Phase, Review, Source, Work
from lmssocial.widgets.peer_rating.pair_models import Comparison, ComparisonState
from lmssocial.widgets.peer_rating.scoring import overriding
from lmssocial.widgets.peer_rating.scoring_models import Override, Rated
from lmssocial.widgets.peer_rating.settings import Identity, Mode
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.peer_scores import make_result
from tests.support.people import Place, make_person
from tests.support.queries import counted_queries
from tests.support.seat import Seat, text_of

pytestmark = pytest.mark.one_database

Sit = Callable[[Actor], Seat]


def reviewed(
    session: Session,
    place: Place,
    author: Actor,
    *reviewers: Actor,
    phase: Phase = Phase.FEEDBACK,
    **settings: object,
) -> tuple[Work, list[Review]]:
    """Work with a review by each of ``reviewers``, in an activity that has come to ``phase``."""
    set_up(session, place, phase, **settings)
    work = make_work(session, place, author)
    levels = [(0, 2), (1, 1), (1, 2)]
    found = [
        make_review(session, place, work, one, levels=levels[number % 3], overall=f"Words of {number}.")
        for number, one in enumerate(reviewers)
    ]
    return work, found


def test_authors_read_words_and_levels_and_no_points_before_the_release(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, seat: Sit
) -> None:
    work, _reviews = reviewed(session, place, ana, ben, cleo)
    make_result(session, work, 4, released_at=None, released_points=None)

    said = text_of(seat(ana).open("/feedback"))

    assert "Words of 0." in said
    assert "Words of 1." in said
    assert "Ben Okoro" in said
    # evidence was reached by a quarter, the argument by three quarters: what was seen least stands first
    assert said.index("Evidence Some 1 review None 1 review") < said.index("Argument Convincing 1 review")
    assert "Your score" not in said
    assert "point" not in said


@pytest.mark.parametrize("phase", [Phase.SUBMIT, Phase.REVIEW])
def test_nothing_is_read_while_others_still_review(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: Sit, phase: Phase
) -> None:
    reviewed(session, place, ana, ben, phase=phase)
    said = text_of(seat(ana).open("/feedback"))
    assert "You read the reviews of your work here later" in said
    assert "Words of 0." not in said


def test_a_released_score_stands_beside_its_mean_number_range_and_spread(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, seat: Sit
) -> None:
    work, _reviews = reviewed(session, place, ana, ben, cleo, phase=Phase.RELEASED, points=80.0)
    make_result(session, work, 4.6, mean=4.5, count=2, lowest=4, highest=5)

    page = seat(ana).open("/feedback")
    said = text_of(page)

    assert "4.6 of 10, from 2 reviews between 4 and 5." in said
    assert "Plain mean of the reviews 4.5 of 10" in said
    assert "In the gradebook of your course 36.8 of 80" in said
    assert "2 reviews between 4 and 5 of 10 points. The score is 4.6." in said  # what the picture shows
    assert page.get_data(as_text=True).count("<circle") == 2


def test_points_by_an_instructor_come_with_their_reason_and_lateness_is_said(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, seat: Sit
) -> None:
    work, _reviews = reviewed(session, place, ana, ben, phase=Phase.RELEASED, late_percent=10.0)
    work.is_late = True
    given = Override(
        tenant_id=place.tenant.id,
        placement_id=place.placement.id,
        work_id=work.id,
        points=8.0,
        reason="The second source was overlooked.",
        made_by_id=tom.user_id,
        made_at=clock.now(),
    )
    session.add(given)
    make_result(session, work, 4, released_points=7.2)
    overriding.override(session, tom, work.id, 10.0, "Not shown yet.")
    given.withdrawn_at = clock.now() + timedelta(seconds=1)
    said = text_of(seat(ana).open("/feedback"))
    assert "7.2 of 10, given by an instructor" in said
    assert "The second source was overlooked. By Tom Berg" in said
    assert "0.8 points are taken off, because it was handed in late." in said
    assert "Not shown yet." not in said


def test_what_authors_said_of_their_own_work_stands_beside_and_counts_for_nothing(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: Sit
) -> None:
    work, _reviews = reviewed(session, place, ana, ben, self_assessment=True)
    make_review(session, place, work, ana, levels=(2, 0), overall="I doubt it.", source=Source.SELF)
    said = text_of(seat(ana).open("/feedback"))
    assert "Argument Convincing 1 review You said yourself: Not there" in said
    assert "One review" in said
    assert "I doubt it." not in said


def test_a_review_that_waits_for_a_moderator_is_said_to_wait_and_not_shown(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, seat: Sit
) -> None:
    _work, reviews = reviewed(session, place, ana, ben, cleo)
    session.get_one(Contribution, reviews[0].contribution_id).state = State.HELD
    said = text_of(seat(ana).open("/feedback"))
    assert "One more review waits for a moderator" in said
    assert "Words of 0." not in said
    assert "Words of 1." in said


@pytest.mark.parametrize("identity", [Identity.SINGLE_BLIND, Identity.DOUBLE_BLIND])
def test_hidden_reviewers_go_by_a_number(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, seat: Sit, identity: Identity
) -> None:
    work, reviews = reviewed(session, place, ana, ben, identity=identity, identity_reason="Fairness.")
    make_review(session, place, work, tom, source=Source.STAFF)
    said = text_of(seat(ana).open("/feedback"))
    assert f"Reviewer {reviews[0].alias}" in said
    assert "An instructor or expert" in said
    assert "Ben Okoro" not in said
    assert "Tom Berg" not in said


def test_an_author_rates_answers_changes_it_and_the_reviewer_hears_of_it(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, seat: Sit
) -> None:
    _work, [review] = reviewed(
        session, place, ana, ben, identity=Identity.DOUBLE_BLIND, identity_reason="Fair."
    )
    browser, action = seat(ana), f"/reviews/{review.id}/rate"
    reviewer, stranger = seat(ben), seat(cleo)

    page = browser.fill_in(
        "/feedback", action, helpful="5", tags="specific", reply="Which *year* do you mean?"
    )
    assert "Whoever wrote the review reads your answer." in text_of(page)
    assert "You said: 5: very helpful · Specific: I know what is meant" in text_of(page)
    page = browser.fill_in("/feedback", action, helpful="4", reply="Found it, thank you.")
    assert "You said: 4: helpful" in text_of(page)

    session.rollback()  # what was known before is old
    assert session.scalars(select(Rated.helpful)).all() == [4]
    told = session.scalars(
        select(ActivityEvent).where(ActivityEvent.name == "peer_rating.review_rated")
    ).all()
    assert [(one.payload["reviewer_id"], one.payload["replied"]) for one in told] == [(ben.user_id, True)] * 2
    heard = text_of(reviewer.open("/said"))
    assert "4: helpful" in heard
    assert "Found it, thank you." in heard
    assert "Ana Ruiz" not in heard
    assert "Found it" not in text_of(stranger.open("/said"))


def test_an_answer_that_is_emptied_is_gone(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: Sit
) -> None:
    _work, [review] = reviewed(session, place, ana, ben)
    browser, reviewer, action = seat(ana), seat(ben), f"/reviews/{review.id}/rate"
    browser.fill_in("/feedback", action, helpful="2", reply="This is not about my work.")
    assert "not about my work" in text_of(reviewer.open("/said"))
    browser.fill_in("/feedback", action, helpful="2", reply="")
    assert "not about my work" not in text_of(reviewer.open("/said"))
    session.rollback()
    states = session.scalars(select(Contribution.state).where(Contribution.kind == "peer_rating.reply"))
    assert states.all() == [State.REMOVED]


def test_without_a_choice_the_form_comes_back_with_what_was_written(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: Sit
) -> None:
    _work, [review] = reviewed(session, place, ana, ben)
    browser = seat(ana)
    form = browser.form(browser.open("/feedback"), f"/reviews/{review.id}/rate")
    page = browser.send(form, reply="Thank you.")
    assert page.status_code == 422
    assert "Choose one. You can change it later." in text_of(page)
    assert "Thank you." in text_of(page)


def test_nobody_answers_after_the_time_for_it_and_what_they_wrote_is_not_lost(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: Sit
) -> None:
    due = clock.now() + timedelta(days=1)
    _work, [review] = reviewed(session, place, ana, ben, feedback_due_at=due)
    browser = seat(ana)
    form = browser.form(browser.open("/feedback"), f"/reviews/{review.id}/rate")
    set_up(session, place, Phase.EVALUATE, feedback_due_at=due)
    session.commit()
    late = browser.send(form, helpful="5", reply="I had just found the words.")
    assert late.status_code == 410
    assert "I had just found the words." in text_of(late)
    assert "Say how helpful it is" not in text_of(browser.open("/feedback"))
    assert session.scalars(select(Rated)).all() == []


def test_where_works_are_compared_authors_read_what_was_said_of_both(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, seat: Sit
) -> None:
    set_up(session, place, Phase.RELEASED, mode=Mode.PAIRS)
    mine, other = (make_work(session, place, one) for one in (ana, ben))
    said = "The first one says where its figures come from."
    words = add(
        session,
        cleo,
        "peer_rating.comparison",
        Writing(source=said),
        render(said),
        placement_id=place.placement.id,
    )
    session.add(
        Comparison(
            tenant_id=place.tenant.id,
            community_id=place.community.id,
            placement_id=place.placement.id,
            judge_id=cleo.user_id,
            low_id=mine.id,
            high_id=other.id,
            state=ComparisonState.SUBMITTED,
            better_id=mine.id,
            answers={},
            contribution_id=words.id,
            offered_at=clock.now(),
        )
    )
    make_result(session, mine, 6.5, mean=None, count=1, lowest=None, highest=None)
    page = text_of(seat(ana).open("/feedback"))
    assert "6.5 of 10, from one comparison with another work." in page
    assert "Cleo Maas found yours the better one of two" in page
    assert said in page
    assert "What authors said of your reviews" not in page


def test_a_page_takes_as_many_statements_for_many_reviews_as_for_few(
    session: Session, place: Place, ana: Actor, seat: Sit
) -> None:
    set_up(session, place, Phase.RELEASED)
    work = make_work(session, place, ana)
    make_result(session, work, 5)
    browser = seat(ana)

    def statements(reviews: int) -> int:
        for _ in range(reviews):
            one = make_person(session, place)
            make_review(session, place, work, one, overall="Good.")
        session.commit()
        browser.open("/feedback")
        with counted_queries() as queries:
            assert browser.open("/feedback").status_code == 200
        return len(queries)

    assert statements(2) == statements(6)
