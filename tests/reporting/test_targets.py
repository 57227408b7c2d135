"""A target from its first draft to the day on which another one takes its place, on its pages and in the log."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.activity.models import ActivityEvent
from lmssocial.core.hooks import Level
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.plugin_settings import service as plugin_settings
from lmssocial_reporting.definition import Role
from lmssocial_reporting.targets import service
from lmssocial_reporting.targets.models import TargetRow
from lmssocial_reporting.targets.values import Band
from tests.conftest import TestClock
from tests.support.people import Place, make_person
from tests.support.seat import Seat, text_of

pytestmark = pytest.mark.one_database  # what pages ask of the store is tested on both, beside it

BANDS = {
    "consumer_low": "40",
    "consumer_high": "80",
    "creator_low": "10",
    "creator_high": "30",
    "connector_low": "0",
    "connector_high": "100",
    "carrier_low": "2",
    "carrier_high": "2",
    "caretaker_low": "5",
    "caretaker_high": "10",
}
PURPOSE = "We learn to read statistics by explaining them to each other."


@pytest.fixture
def tom(session: Session, place: Place) -> Actor:
    """An instructor."""
    return make_person(session, place, "Tom Berg", LmsRole.INSTRUCTOR)


@pytest.fixture
def ana(session: Session, place: Place) -> Actor:
    """A learner."""
    return make_person(session, place, "Ana Ruiz")


@pytest.fixture
def ben(session: Session, place: Place) -> Actor:
    """Another one."""
    return make_person(session, place, "Ben Okoro")


def write(seat: Seat, **changes: str) -> str:
    """Write a target down; what the page says then."""
    form = seat.form(seat.open("/target/new"), "of=course")
    values = {"purpose": PURPOSE, "speaks_of": "all", "review_on": "2026-12-01", **BANDS, **changes}
    return text_of(seat.follow(seat.send(form, button="Save the draft", **values)))


def newest(session: Session) -> int:
    """The id of the target written last."""
    session.rollback()
    return session.scalars(select(TargetRow.id).order_by(TargetRow.id.desc()).limit(1)).one()


def ask(seat: Seat, target_id: int, until: str = "2026-03-06") -> str:
    """Put it to the members."""
    return text_of(seat.fill_in(f"/target/{target_id}/consult", "/consult", ends_on=until))


def test_a_target_is_drafted_asked_about_voted_on_ratified_and_retired(
    sit: Callable[[Actor], Seat],
    session: Session,
    place: Place,
    tom: Actor,
    ana: Actor,
    ben: Actor,
    clock: TestClock,
) -> None:
    staff, learner, other = sit(tom), sit(ana), sit(ben)
    assert "No target agreed yet" in text_of(learner.open("/target"))
    said = write(staff)
    assert PURPOSE in said
    assert "40 to 80 %" in said
    assert "any share" in said
    assert PURPOSE not in text_of(learner.open("/target")), "a draft is for those who set it"
    session.rollback()
    (target,) = service.targets_of(session, place.tenant.id, f"course-{place.course.id}")
    ask(staff, target.id)
    page = learner.open("/target")
    assert "Of the members, 10 to 30 % act as Creator in four weeks." in text_of(page)
    assert "for it," not in text_of(page), "how others voted is not said while one votes"
    learner.follow(learner.send(learner.form(page, "/vote"), vote="against"))
    learner.follow(learner.send(learner.form(learner.open("/target"), "/vote"), vote="for"))
    other.follow(other.send(other.form(other.open("/target"), "/vote"), vote="for"))
    said = text_of(
        other.follow(other.send(other.form(other.open("/target"), "/comment"), words="Good enough."))
    )
    assert "Ben Okoro" in said
    assert "Good enough." in said
    assert "Not yet" in text_of(staff.open(f"/target/{target.id}/ratify"))
    session.rollback()
    assert service.in_force(session, place.tenant.id, target.scope) is None
    clock.tick(days=5)
    staff, learner = sit(tom), sit(ana)
    said = text_of(staff.follow(staff.send(staff.form(staff.open(f"/target/{target.id}/ratify"), "/ratify"))))
    assert "2 for it, 0 against it" in said
    session.rollback()
    found = service.in_force(session, place.tenant.id, target.scope)
    assert found is not None
    assert found.bands[Role.CREATOR] == Band(10, 30)
    assert found.setters == ("Tom Berg",)
    assert found.ratified_by == "Tom Berg"
    staff.fill_in(f"/target/{target.id}/retire", "/retire", why="We are another community now.")
    said = text_of(learner.open(f"/target/{target.id}"))
    assert "We are another community now." in said
    assert "Good enough." in said
    session.rollback()
    logged = session.execute(
        select(ActivityEvent.name, ActivityEvent.payload).where(ActivityEvent.name.like("reporting.%"))
    ).all()
    assert [row.name.removeprefix("reporting.") for row in logged] == [
        "target_drafted",
        "target_consulted",
        "remark_written",
        "target_ratified",
        "target_retired",
    ]
    assert not re.search("vote|agrees", str([row.payload for row in logged]))


def test_a_target_of_all_courses_is_set_by_administrators_and_read_by_those_who_read_of_all_courses(
    sit: Callable[[Actor], Seat], session: Session, place: Place, tom: Actor, ana: Actor
) -> None:
    plugin_settings.configure(
        session, "reporting", {"whole_tenant": "staff"}, level=Level.TENANT, place_id=place.tenant.id
    )
    staff = sit(make_person(session, place, "Uma Roy", LmsRole.ADMINISTRATOR))
    form = staff.form(staff.open("/target/new?of=all"), "of=all")
    values = {"purpose": PURPOSE, "speaks_of": "learners", "review_on": "2026-12-01", **BANDS}
    page = staff.follow(staff.send(form, button="Save the draft", **values))
    assert page.request.args["of"] == "all"
    assert PURPOSE in text_of(page)
    assert PURPOSE not in text_of(staff.open("/target")), "the course has a target of its own"
    session.rollback()
    (target,) = service.targets_of(session, place.tenant.id, "all")
    ask(staff, target.id)
    learner = sit(ana)
    assert learner.open("/target?of=all").status_code == 403
    assert learner.open(f"/target/{target.id}").status_code == 404
    teacher = sit(tom)
    assert PURPOSE in text_of(teacher.open("/target?of=all"))
    assert "Give it up" not in text_of(teacher.open("/target?of=all"))
    for address in ("new?of=all", f"{target.id}/edit", f"{target.id}/ratify", f"{target.id}/retire"):
        assert teacher.open(f"/target/{address}").status_code == 403, address
    assert staff.open(f"/target/{target.id}/edit").status_code == 409


def test_numbers_to_start_from_are_filled_in_only_when_somebody_asks_for_them(
    sit: Callable[[Actor], Seat], tom: Actor
) -> None:
    staff = sit(tom)
    form = staff.form(staff.open("/target/new"), "of=course")
    assert {value for name, value in form.fields if name.endswith(("_low", "_high"))} == {""}
    page = staff.client.post(form.action, data={**dict(form.fields), "purpose": "Ours.", "start": "mixed"})
    found = dict(staff.form(page, "of=course").fields)
    assert (found["purpose"], found["creator_low"], found["creator_high"]) == ("Ours.", "15", "45")
    wrong = staff.send(staff.form(page, "of=course"), button="Save the draft", creator_low="50")
    assert wrong.status_code == 422
    assert "This is less than the share that the band begins with." in text_of(wrong)
    assert "Ours." in wrong.get_data(as_text=True)


def test_what_cannot_be_a_target_comes_back_with_all_that_was_written(
    sit: Callable[[Actor], Seat], tom: Actor
) -> None:
    staff = sit(tom)
    form = staff.form(staff.open("/target/new"), "of=course")
    values = {"speaks_of": "all", "review_on": "2026-12-01", **BANDS}
    blank = staff.send(form, button="Save the draft", purpose="   ", **{**values, "creator_high": "5"})
    assert blank.status_code == 422
    assert "Say in a sentence what the community is for." in text_of(blank)
    assert "Creator, To: This is less than the share that the band begins with." in text_of(blank)
    write(staff)
    second = staff.send(form, button="Save the draft", purpose="Another one of ours.", **values)
    assert second.status_code == 409
    assert "Another target is being agreed on already." in text_of(second)
    assert "Another one of ours." in second.get_data(as_text=True)


def test_what_somebody_else_saved_meanwhile_is_not_overwritten_and_nothing_written_is_lost(
    sit: Callable[[Actor], Seat], tom: Actor, session: Session, place: Place
) -> None:
    iris = make_person(session, place, "Iris Prado", LmsRole.INSTRUCTOR)
    his, hers = sit(tom), sit(iris)
    write(his)
    edit = f"/target/{newest(session)}/edit"
    early = his.form(his.open(edit), "of=course")
    hers.fill_in(edit, "of=course", purpose="Ours, says Iris.")
    refused = his.send(early, button="Save the draft", purpose="Ours, says Tom.")
    assert refused.status_code == 409
    assert "Somebody else saved this draft" in text_of(refused)
    assert "Ours, says Iris." in text_of(refused)
    again = his.form(refused, "of=course")
    assert dict(again.fields)["purpose"] == "Ours, says Tom."
    for _press in range(2):  # the second press of a button changes nothing, and is no fault
        assert his.send(again, button="Save the draft", purpose="Ours, say both.").status_code == 303
    assert "Ours, say both." in text_of(hers.open("/target"))


def test_a_draft_that_members_were_asked_of_meanwhile_stays_and_gives_back_what_was_written(
    sit: Callable[[Actor], Seat], tom: Actor, session: Session
) -> None:
    staff = sit(tom)
    write(staff)
    early = staff.form(staff.open(f"/target/{newest(session)}/edit"), "of=course")
    asking = staff.form(staff.open(f"/target/{newest(session)}/consult"), "/consult")
    for said in ("What do you think of this one?", "Members are asked of it already."):
        page = text_of(staff.follow(staff.send(asking, ends_on="2026-03-06")))
        assert said in page, page
    refused = staff.send(early, button="Save the draft", purpose="A long thought.")
    assert refused.status_code == 409
    assert "Members have been asked of this draft meanwhile" in text_of(refused)
    assert "A long thought." in refused.get_data(as_text=True)
    assert "Save the draft" not in text_of(refused)
    assert PURPOSE in text_of(staff.open("/target"))


def test_what_was_written_for_a_draft_that_was_thrown_away_becomes_another_one(
    sit: Callable[[Actor], Seat], tom: Actor, session: Session
) -> None:
    staff = sit(tom)
    write(staff)
    early = staff.form(staff.open(f"/target/{newest(session)}/edit"), "of=course")
    discard = staff.form(staff.open("/target"), "/discard")
    for said in ("No target agreed yet", "It was thrown away already."):
        assert said in text_of(staff.follow(staff.send(discard)))
    refused = staff.send(early, button="Save the draft", purpose="A long thought.")
    assert refused.status_code == 409
    assert "Somebody threw this draft away" in text_of(refused)
    again = staff.form(refused, "/target/new?of=course")
    staff.follow(staff.send(again, button="Save the draft"))
    assert "A long thought." in text_of(staff.open("/target"))


def test_a_share_that_is_no_number_is_said_once(sit: Callable[[Actor], Seat], tom: Actor) -> None:
    staff = sit(tom)
    form = staff.form(staff.open("/target/new"), "of=course")
    wrong = staff.send(form, button="Save the draft", **{**BANDS, "creator_low": "many"})
    assert "Creator, From: A whole number from 0 to 100." in text_of(wrong)
    assert "Not a valid integer value." not in text_of(wrong)
