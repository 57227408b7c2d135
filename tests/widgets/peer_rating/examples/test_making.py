"""Examples as staff make them: with levels and reasons, in order, and never at odds with the rubric."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Ruling
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.rubrics.criteria import Criterion
from lmssocial.widgets.peer_rating.activities import running
from lmssocial.widgets.peer_rating.example_models import Example, Try
from lmssocial.widgets.peer_rating.examples import earlier, service
from lmssocial.widgets.peer_rating.examples.drafts import ExampleDraft
from lmssocial.widgets.peer_rating.examples.queries import examples_of
from lmssocial.widgets.peer_rating.models import Phase
from tests.support.discussion import let_pass, ruling
from tests.support.peer_rating import RUBRIC, make_work, set_up
from tests.support.people import Place, make_place, make_placement
from tests.support.queries import counted_queries
from tests.support.seat import Seat, text_of

pytestmark = pytest.mark.one_database

SitDown = Callable[[Actor], Seat]
WHY = "It names its sources."


def make(session: Session, place: Place, tom: Actor, source: str = "An essay.") -> Example:
    """One that gets the best level of the first criterion, and the middle of the second."""
    draft = ExampleDraft(source=source, levels=(0, 1), explanation=WHY)
    return service.make(session, let_pass, tom, place.placement.id, draft)


def sources(session: Session, place: Place, tom: Actor) -> list[str]:
    """The examples in use, in their order."""
    session.flush()
    found = examples_of(session, running(session, tom, place.placement.id), RUBRIC)
    return [one.source for one in found if one.retired_at is None]


def test_staff_put_examples_in_order_and_retire_them(session: Session, place: Place, tom: Actor) -> None:
    set_up(session, place)
    one, two, three = (make(session, place, tom, source) for source in ("One.", "Two.", "Three."))
    service.move(session, tom, place.placement.id, three.id, up=True)
    service.retire(session, tom, place.placement.id, one.id)
    assert sources(session, place, tom) == ["Three.", "Two."]
    service.put_back(session, tom, place.placement.id, one.id)
    service.move(session, tom, place.placement.id, two.id, up=False)
    assert sources(session, place, tom) == ["Three.", "One.", "Two."]


def test_levels_follow_criteria_that_move_and_what_fits_no_more_is_retired(
    session: Session, place: Place, tom: Actor
) -> None:
    set_up(session, place)
    example = make(session, place, tom)
    turned = (RUBRIC[1], RUBRIC[0])
    assert service.follow_rubric(session, place.placement.id, RUBRIC, turned) == 0
    assert (example.levels, example.points) == ({"levels": {"0": 1, "1": 0}}, 7.0)
    other = (turned[0], Criterion(title="Style", levels=(("Fine", 1.0), ("Not", 0.0))))
    assert service.follow_rubric(session, place.placement.id, turned, other) == 1
    assert example.retired_at is not None
    with pytest.raises(Invalid, match="rubric has changed"):
        service.put_back(session, tom, place.placement.id, example.id)


def test_what_somebody_has_tried_stays_and_its_reasons_may_become_clearer(
    session: Session, place: Place, ana: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.REVIEW)
    example = make(session, place, tom)
    session.add(
        Try(
            example_id=example.id,
            user_id=ana.user_id,
            levels=service.as_json((1, 1)),
            points=5.0,
            made_at=clock.now(),
        )
    )
    session.flush()
    other = ExampleDraft(source="An essay.", levels=(1, 1), explanation=WHY)
    clearer = ExampleDraft(source="An essay.", levels=(0, 1), explanation="It names its sources, twice.")
    with pytest.raises(Conflict):
        service.change(session, let_pass, tom, place.placement.id, example.id, other, 1)
    service.change(session, let_pass, tom, place.placement.id, example.id, clearer, 1)
    assert (example.explanation, example.points) == ("It names its sources, twice.", 7.0)


def test_nobody_else_makes_examples_or_finds_those_of_other_activities(
    session: Session, place: Place, ana: Actor, tom: Actor
) -> None:
    set_up(session, place)
    with pytest.raises(NotAllowed):
        make(session, place, ana)
    example = make(session, place, tom)
    other = make_placement(session, place.community, widget="peer_rating")
    with pytest.raises(NotFound):
        service.retire(session, tom, other.id, example.id)


def test_words_that_a_policy_holds_wait(session: Session, place: Place, tom: Actor) -> None:
    set_up(session, place)
    draft = ExampleDraft(source="An essay.", levels=(0, 1), explanation=WHY)
    held = service.make(session, ruling(Ruling.HOLD), tom, place.placement.id, draft)
    assert service.waits(session, held)
    assert not service.waits(session, make(session, place, tom))


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("By Ana Ruiz. Ruiz says so.", "By […]. […] says so."),
        ("Analysis of Ruizian tides.", "Analysis of Ruizian tides."),
        ("![My map](attachment:7) and [notes](attachment:8)", "My map and notes"),
    ],
)
def test_names_and_files_do_not_come_along(source: str, left: str) -> None:
    assert earlier.without_names(source, ["Ana Ruiz"]) == left


def test_finished_work_becomes_an_example_without_its_author(
    session: Session, place: Place, ana: Actor, tom: Actor, seat: SitDown
) -> None:
    set_up(session, place, Phase.RELEASED)
    work = make_work(session, place, ana, source="Tides, by Ana Ruiz.")
    new = make_placement(session, place.community, widget="peer_rating")
    new.settings = place.placement.settings
    session.flush()
    at_toms = seat(tom)
    base = f"/w/{new.id}/peer_rating/settings/examples"
    page = at_toms.open(base)
    assert "Tides, by […]." in text_of(page)
    assert "Ana" not in page.get_data(as_text=True)
    form = at_toms.form(at_toms.open(f"{base}/new?work={work.id}"), "/new")
    refused = at_toms.send(form, level_0="1", explanation="Clear.")
    assert refused.status_code == 422
    assert "Tides, by […]." in text_of(refused), "what was typed is kept"
    saved = at_toms.follow(at_toms.send(form, level_0="1", level_1="0", explanation="Clear."))
    assert "8 of 10" in text_of(saved)


def test_work_under_way_and_of_other_courses_is_not_taken(
    session: Session, place: Place, ana: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.REVIEW)
    work = make_work(session, place, ana)
    elsewhere = make_place(session, beside=place, widget="peer_rating")
    set_up(session, elsewhere, Phase.RELEASED)
    theirs = make_work(session, elsewhere, ana)
    assert earlier.earlier_works(session, tom, but=0) == ()
    for one in (work, theirs):
        with pytest.raises(NotFound):
            earlier.taken(session, tom, one.id)


def test_the_list_asks_as_much_for_many_examples_as_for_one(
    session: Session, place: Place, tom: Actor, seat: SitDown
) -> None:
    set_up(session, place)
    make(session, place, tom)
    at_toms = seat(tom)
    at_toms.open("/settings/examples")
    with counted_queries() as few:
        at_toms.open("/settings/examples")
    for number in range(4):
        make(session, place, tom, f"Essay {number}.")
    session.commit()
    with counted_queries() as many:
        at_toms.open("/settings/examples")
    assert len(many) == len(few)
