"""Keeping, sending, changing, going on with and passing on a review."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import Conflict, Gone, Invalid, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution, Revision, State
from lmssocial.widgets.peer_rating.activities import locked
from lmssocial.widgets.peer_rating.models import (
    Activity,
    Extension,
    Phase,
    Review,
    ReviewState,
    Source,
    Work,
    WorkState,
)
from lmssocial.widgets.peer_rating.reviews import service
from lmssocial.widgets.peer_rating.reviews.answers import Answers, ReviewDraft
from lmssocial.widgets.peer_rating.reviews.service import Because
from tests.conftest import TestClock
from tests.support.discussion import HOLD, REJECT, events, let_pass
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import Place

GOOD = Answers(levels={0: 0, 1: 1}, comments={1: "Name the year."}, overall="Clear, and worth reading twice.")
LONGER = Answers(levels={0: 1, 1: 1}, overall="Clear, but the third paragraph says what the first one said.")


@pytest.fixture
def offered(session: Session, clock: TestClock, place: Place, ana: Actor, ben: Actor) -> Review:
    """Ben was given the work of Ana."""
    set_up(session, place, Phase.REVIEW, review_due_at=clock.now + timedelta(days=5))
    review = make_review(
        session,
        place,
        make_work(session, place, ana),
        ben,
        levels=None,
        overall="",
        state=ReviewState.OFFERED,
    )
    review.leased_until = clock.now + timedelta(hours=24)
    return review


def page(answers: Answers = GOOD, *, tab: str = "one", seen: int = 0, sequence: int = 0) -> ReviewDraft:
    """What comes from a page."""
    return ReviewDraft(answers=answers, tab=tab, seen=seen, sequence=sequence)


def send(session: Session, actor: Actor, review: Review, draft: ReviewDraft | None = None) -> service.Sent:
    return service.submit(session, let_pass, actor, review.placement_id, review.id, draft or page())


def save(session: Session, actor: Actor, review: Review, draft: ReviewDraft) -> bool:
    return service.save(session, actor, review.placement_id, review.id, draft)


def words_of(session: Session, review: Review) -> Contribution:
    return session.get_one(Contribution, review.contribution_id)


def test_a_save_begins_the_review_and_keeps_the_work_for_another_day(
    session: Session, clock: TestClock, ben: Actor, offered: Review
) -> None:
    clock.tick(hours=23)
    assert save(session, ben, offered, page(Answers(levels={0: 2}), sequence=1))
    assert offered.state is ReviewState.STARTED
    assert offered.leased_until == clock.now + timedelta(hours=24)
    clock.tick(minutes=3)
    assert save(session, ben, offered, page(sequence=2))
    clock.tick(hours=2)
    assert save(session, ben, offered, page(LONGER, sequence=3))
    assert (offered.sequence, offered.seconds) == (3, 180 + 600)
    assert Answers.read(offered.answers) == LONGER


def test_a_save_from_a_page_that_was_left_behind_changes_nothing(
    session: Session, ben: Actor, offered: Review
) -> None:
    assert save(session, ben, offered, page(GOOD, tab="one", sequence=1))
    assert not save(session, ben, offered, page(LONGER, tab="two", sequence=7))
    assert not save(session, ben, offered, page(LONGER, tab="one", sequence=1))
    assert Answers.read(offered.answers) == GOOD


def test_a_review_that_is_sent_has_words_points_and_counts(
    session: Session, clock: TestClock, ana: Actor, ben: Actor, offered: Review
) -> None:
    sent = send(session, ben, offered)
    work = session.get_one(Work, offered.work_id)
    words = words_of(session, offered)
    assert sent.state is words.state is State.PUBLISHED
    assert (offered.state, offered.points, offered.submitted_at) == (ReviewState.SUBMITTED, 7.0, clock.now)
    assert (words.kind, words.author_id) == ("peer_rating.review", ben.user_id)
    assert words.source == "Clear, and worth reading twice.\n\n# Evidence\n\nName the year."
    assert (work.completed, work.live) == (1, 0)
    assert session.get_one(Activity, offered.placement_id).scores_stale
    name, actor_id, payload = events(session)[-1]
    assert (name, actor_id, payload["author_ids"]) == (
        "peer_rating.review_submitted",
        ben.user_id,
        [ana.user_id],
    )


def test_the_same_page_sent_twice_is_sent_once(session: Session, ben: Actor, offered: Review) -> None:
    send(session, ben, offered)
    assert not send(session, ben, offered).changed
    assert [name for name, *_more in events(session)].count("peer_rating.review_submitted") == 1
    assert session.get_one(Work, offered.work_id).completed == 1


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        (Answers(levels={0: 0}, overall=GOOD.overall), "Choose a level for every criterion."),
        (Answers(levels=GOOD.levels, overall="It is good."), "at least 9 more characters"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_sent(
    session: Session, ben: Actor, offered: Review, lacking: Answers, said: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        send(session, ben, offered, page(lacking))
    assert said in refusal.value.message
    assert offered.state is ReviewState.OFFERED


def test_another_tab_is_told_that_it_is_behind_and_may_send_when_it_knows(
    session: Session, ben: Actor, offered: Review
) -> None:
    save(session, ben, offered, page(GOOD, tab="one", sequence=4))
    with pytest.raises(Conflict):
        send(session, ben, offered, page(LONGER, tab="two"))
    assert send(session, ben, offered, page(LONGER, tab="three", seen=4)).changed
    with pytest.raises(Conflict):
        send(session, ben, offered, page(GOOD, tab="four", seen=4))
    assert offered.points == 5.0


def test_a_change_is_kept_to_oneself_until_it_is_sent(session: Session, ben: Actor, offered: Review) -> None:
    send(session, ben, offered)
    save(session, ben, offered, page(LONGER, seen=1, sequence=2))
    assert Answers.read(offered.answers) == GOOD
    assert words_of(session, offered).source.startswith("Clear, and")
    send(session, ben, offered, page(LONGER, seen=1))
    assert (offered.points, Answers.read(offered.answers)) == (5.0, LONGER)
    assert words_of(session, offered).source == LONGER.overall
    assert session.scalars(select(Revision)).one().source.startswith("Clear, and")
    assert events(session)[-1][0] == "peer_rating.review_revised"
    assert session.get_one(Work, offered.work_id).completed == 1


def test_policies_hold_words_back_refuse_them_and_look_at_changes(
    session: Session, place: Place, ben: Actor, offered: Review
) -> None:
    with pytest.raises(Invalid) as refusal:
        service.submit(session, REJECT, ben, place.placement.id, offered.id, page())
    assert refusal.value.message == "Too many links."
    assert offered.state is ReviewState.OFFERED
    held = service.submit(session, HOLD, ben, place.placement.id, offered.id, page())
    assert (held.state, offered.state) == (State.HELD, ReviewState.SUBMITTED)
    assert send(session, ben, offered, page(LONGER)).state is State.PUBLISHED
    assert service.submit(session, HOLD, ben, place.placement.id, offered.id, page()).state is State.HELD


def test_a_review_whose_time_ran_out_is_gone_on_with_and_sent(
    session: Session, clock: TestClock, ben: Actor, offered: Review
) -> None:
    save(session, ben, offered, page(GOOD, sequence=1))
    offered.state = ReviewState.EXPIRED
    session.get_one(Work, offered.work_id).live = 0
    assert save(session, ben, offered, page(LONGER, sequence=2))
    assert (offered.state, Answers.read(offered.answers)) == (ReviewState.EXPIRED, LONGER)
    service.resume(session, ben, offered.placement_id, offered.id)
    assert (offered.state, offered.leased_until) == (ReviewState.STARTED, clock.now + timedelta(hours=24))
    send(session, ben, offered, page(LONGER))
    work = session.get_one(Work, offered.work_id)
    assert (work.completed, work.live) == (1, 0)


def test_after_the_date_nothing_is_sent_or_lost_unless_somebody_has_more_time(
    session: Session, clock: TestClock, place: Place, ben: Actor, tom: Actor, offered: Review
) -> None:
    save(session, ben, offered, page(GOOD, sequence=1))
    clock.tick(days=6)
    with pytest.raises(Gone) as refusal:
        send(session, ben, offered)
    assert "The date for reviews has passed" in refusal.value.message
    with pytest.raises(Gone):
        save(session, ben, offered, page(LONGER, sequence=2))
    assert Answers.read(offered.answers) == GOOD
    more = Extension(
        placement_id=place.placement.id,
        user_id=ben.user_id,
        review_due_at=clock.now + timedelta(days=1),
        given_by_id=tom.user_id,
        given_at=clock.now,
    )
    session.add(more)
    session.flush()
    locked(session, place.placement.id).activity.phase = Phase.EVALUATE
    assert send(session, ben, offered).changed


def test_a_review_of_work_that_went_is_not_taken_and_says_why(
    session: Session, ben: Actor, offered: Review
) -> None:
    session.get_one(Work, offered.work_id).state = WorkState.CANCELLED
    with pytest.raises(Gone) as refusal:
        send(session, ben, offered)
    assert "not there to be reviewed any more" in refusal.value.message


@pytest.mark.parametrize("because", list(Because))
def test_what_is_passed_on_goes_back_to_all(
    session: Session, ben: Actor, offered: Review, because: Because
) -> None:
    work = session.get_one(Work, offered.work_id)
    assert service.decline(session, ben, offered.placement_id, offered.id, because, "The file is empty.")
    assert (offered.state, offered.declined_because, offered.note) == (
        ReviewState.DECLINED,
        because.value,
        "The file is empty.",
    )
    assert work.live == 0
    assert events(session)[-1][0] == "peer_rating.review_declined"
    assert not service.decline(session, ben, offered.placement_id, offered.id, because, "")
    with pytest.raises(Gone):
        send(session, ben, offered)


def test_nobody_writes_in_the_review_of_somebody_else(
    session: Session, ana: Actor, tom: Actor, offered: Review
) -> None:
    for stranger in (ana, tom):
        with pytest.raises(NotFound):
            save(session, stranger, offered, page(sequence=1))
        with pytest.raises(NotFound):
            send(session, stranger, offered)
        with pytest.raises(NotFound):
            service.decline(session, stranger, offered.placement_id, offered.id, Because.CONFLICT, "")


def test_the_review_of_staff_counts_for_no_load(
    session: Session, place: Place, ana: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.EVALUATE)
    work = make_work(session, place, ana)
    review = make_review(
        session, place, work, tom, levels=None, state=ReviewState.STARTED, source=Source.STAFF
    )
    assert send(session, tom, review).changed
    assert (work.completed, work.live, review.points) == (0, 0, 7.0)
    assert session.get_one(Activity, place.placement.id).scores_stale
