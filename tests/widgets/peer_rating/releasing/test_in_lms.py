"""The column an activity brings along, where the LMS's gradebook leads, and who hears of grades that it refused."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.events import Happened
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.gradebook.events import GradeGivenUp
from lmssocial.social.gradebook.models import Condition, Score
from lmssocial.social.notifications.grade_trouble import GradeTroubleNotices
from lmssocial.social.notifications.ports import Noted, Proposal
from lmssocial.widgets.peer_rating.activities import running
from lmssocial.widgets.peer_rating.models import Phase
from lmssocial.widgets.peer_rating.releasing import in_lms
from lmssocial.widgets.peer_rating.releasing.grades import send
from tests.support.peer_rating import make_work, set_up
from tests.support.peer_scores import make_release, make_result
from tests.support.people import Place, make_place
from tests.support.seat import Seat, text_of

pytestmark = pytest.mark.one_database


def test_an_activity_brings_a_column_along_unless_it_is_worth_nothing() -> None:
    column = in_lms.line_item(in_lms.graded({"task": "Write."}, 12.5))
    assert column is not None
    assert column.maximum == 12.5
    assert in_lms.line_item({"points": 0.0}) is None


def test_the_gradebook_leads_staff_to_the_person_and_learners_to_their_own_feedback(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, seat: Callable[[Actor], Seat]
) -> None:
    set_up(session, place, Phase.RELEASED)
    make_result(session, make_work(session, place, ana), 7)
    review = f"/w/{place.placement.id}/gradebook/review/{ana.user_id}"
    author, other, staff = seat(ana), seat(ben), seat(tom)

    page = author.follow(author.open(review))
    assert "7 of 10" in text_of(page)
    assert other.open(review).status_code == 403
    page = staff.follow(staff.open(review))
    assert page.request.path.endswith(f"/board/people/{ana.user_id}")
    assert "Ana Ruiz" in text_of(page)


def test_whoever_released_hears_of_a_grade_that_the_lms_refused_and_is_led_back_here(
    session: Session, place: Place, ana: Actor, tom: Actor, seat: Callable[[Actor], Seat]
) -> None:
    set_up(session, place, Phase.RELEASED)
    make_result(session, make_work(session, place, ana), 7)
    release = make_release(session, place)
    release.made_by_id = tom.user_id
    send(session, running(session, tom, place.placement.id), release)
    score = session.scalars(select(Score)).one()
    score.condition, score.trouble = Condition.GIVEN_UP, "refused"
    session.flush()

    notices = GradeTroubleNotices(in_lms.graders)
    [proposal] = notices.told(session, given_up(place, ana))
    assert isinstance(proposal, Proposal)
    assert proposal.recipients == {tom.user_id}
    assert notices.readers(session, [tom, ana], proposal) == {tom.user_id}
    worded = notices.word(session, tom, [noted(proposal, release.made_at)])[1]
    assert (worded.sentence, worded.where) == ("A grade did not get into your LMS", place.placement.title)

    page = seat(tom).open(worded.path)
    assert "Ana Ruiz" in text_of(page)
    assert "56 of 80" in text_of(page)
    assert f'href="/w/{place.placement.id}' in page.get_data(as_text=True)


def test_where_nobody_pressed_the_button_all_staff_hear_of_it(
    session: Session, place: Place, ana: Actor, tom: Actor
) -> None:
    make_release(session, place)
    assert in_lms.graders(session, place.placement.id, ana.user_id) == {tom.user_id}
    elsewhere = make_place(session, beside=place)
    assert in_lms.graders(session, elsewhere.placement.id, ana.user_id) == set()


def given_up(place: Place, who: Actor) -> Happened:
    """The LMS refused somebody's grade."""
    return Happened(
        id=1,
        name=GradeGivenUp.name,
        version=1,
        tenant_id=place.tenant.id,
        course_id=place.course.id,
        community_id=place.community.id,
        actor_id=None,
        actor_role="",
        payload={"placement_id": place.placement.id, "user_id": who.user_id, "trouble": "refused"},
        at=place.placement.created_at,
    )


def noted(proposal: Proposal, at: object) -> Noted:
    return Noted(
        id=1,
        kind=proposal.kind,
        placement_id=proposal.placement_id,
        about=(),
        subject={},
        people=(),
        count=1,
        changed_at=at,  # type: ignore[arg-type]
        is_unread=True,
    )
