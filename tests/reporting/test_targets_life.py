"""What can become of a target, and what cannot; who is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.activity.models import ActivityEvent
from lmssocial.core.activity.record import happened
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.plugin import Conflict, Invalid, NotAllowed, NotFound
from lmssocial_reporting.definition import Role
from lmssocial_reporting.settings import Settings
from lmssocial_reporting.targets import leaving, life, service, timing
from lmssocial_reporting.targets.notices import TargetNotices
from lmssocial_reporting.targets.values import Band, Stage
from lmssocial_reporting.targets.wanted import Asked, Wanted, Whereabouts
from tests.conftest import TestClock
from tests.support.people import Place, make_person, make_place

TODAY = date(2026, 3, 2)
ANY = dict.fromkeys(Role, Band(0, 100))


@pytest.fixture
def place(session: Session, clock: TestClock) -> Place:  # noqa: ARG001 – it stands still
    """A course."""
    return make_place(session)


@pytest.fixture
def tom(session: Session, place: Place) -> Actor:
    """An instructor."""
    return make_person(session, place, "Tom Berg", LmsRole.INSTRUCTOR)


@pytest.fixture
def ana(session: Session, place: Place) -> Actor:
    """A learner."""
    return make_person(session, place, "Ana Ruiz")


def wanted(**changes: Any) -> Wanted:
    """What a target says, with these changes."""
    says: dict[str, Any] = {
        "purpose": "To learn.",
        "speaks_of": "all",
        "bands": ANY,
        "review_on": date(2026, 12, 1),
    }
    return Wanted(**(says | changes))


def drafted(session: Session, place: Place, tom: Actor, **changes: Any) -> int:
    """A draft; its id."""
    where = Whereabouts(f"course-{place.course.id}", place.placement.id)
    return life.draft(session, tom, where, wanted(**changes), TODAY)


def asked(session: Session, place: Place, tom: Actor, **changes: Any) -> int:
    """A target that members are asked of until Thursday; its id."""
    target_id = drafted(session, place, tom, **changes)
    whom = Asked(TODAY + timedelta(days=3), (place.course.id,))
    life.consult(session, tom, target_id, whom, TODAY)
    return target_id


@pytest.mark.parametrize(
    "changes",
    [
        {"purpose": "  "},
        {"speaks_of": "staff"},
        {"bands": {Role.CREATOR: Band(1, 2)}},
        {"bands": ANY | {Role.CREATOR: Band(30, 20)}},
        {"bands": ANY | {Role.CREATOR: Band(0, 101)}},
        {"review_on": TODAY},
        {"review_on": TODAY + timedelta(days=732)},
    ],
)
def test_a_target_has_a_purpose_five_bands_and_a_day_on_which_it_is_looked_at_again(
    session: Session, place: Place, tom: Actor, changes: dict[str, Any]
) -> None:
    with pytest.raises(Invalid):
        drafted(session, place, tom, **changes)
    drafted(session, place, tom, review_on=TODAY + timedelta(days=731))


def test_only_one_target_is_agreed_on_at_a_time(session: Session, place: Place, tom: Actor) -> None:
    first = drafted(session, place, tom)
    with pytest.raises(Conflict), session.begin_nested():
        drafted(session, place, tom)
    life.discard(session, tom, first)
    session.flush()
    assert drafted(session, place, tom)


def test_learners_set_what_they_are_named_for_and_ratify_nothing(
    session: Session, place: Place, tom: Actor, ana: Actor
) -> None:
    target_id = drafted(session, place, tom)
    with pytest.raises(NotAllowed):
        life.change(session, ana, target_id, wanted(purpose="Mine."), TODAY)
    life.name_setter(session, tom, target_id, ana.user_id)
    life.change(session, ana, target_id, wanted(purpose="Ours."), TODAY)
    life.drop_setter(session, ana, target_id, tom.user_id)
    with pytest.raises(Conflict):
        life.drop_setter(session, tom, target_id, ana.user_id)
    assert service.target(session, place.tenant.id, target_id).setters == ("Ana Ruiz",)
    with pytest.raises(NotAllowed):
        life.ratify(session, ana, target_id, "", TODAY)
    with pytest.raises(NotAllowed):
        life.retire(session, ana, target_id, "No.")


def test_members_are_asked_for_three_days_and_then_nothing_is_changed(
    session: Session, place: Place, tom: Actor, ana: Actor
) -> None:
    target_id = drafted(session, place, tom)
    for ends_on in (TODAY + timedelta(days=2), TODAY + timedelta(days=61)):
        with pytest.raises(Invalid):
            life.consult(session, tom, target_id, Asked(ends_on, ()), TODAY)
    life.consult(session, tom, target_id, Asked(TODAY + timedelta(days=3), ()), TODAY)
    with pytest.raises(Conflict):
        life.change(session, tom, target_id, wanted(), TODAY)
    with pytest.raises(Conflict):
        life.discard(session, tom, target_id)
    last = TODAY + timedelta(days=3)
    with pytest.raises(Conflict):
        life.ratify(session, tom, target_id, "", last)
    life.vote(session, ana, target_id, agrees=True, today=last)
    with pytest.raises(Conflict):
        life.vote(session, ana, target_id, agrees=False, today=last + timedelta(days=1))
    with pytest.raises(Conflict):
        life.remark(session, ana, target_id, "Late.", last + timedelta(days=1))


def test_against_a_majority_it_takes_a_sentence_that_everybody_reads(
    session: Session, place: Place, tom: Actor, ana: Actor
) -> None:
    target_id = asked(session, place, tom)
    life.vote(session, ana, target_id, agrees=False, today=TODAY)
    after = TODAY + timedelta(days=4)
    with pytest.raises(Invalid):
        life.ratify(session, tom, target_id, " ", after)
    life.ratify(session, tom, target_id, "The faculty asks for one.", after)
    session.flush()
    found = service.in_force(session, place.tenant.id, f"course-{place.course.id}")
    assert found is not None
    assert (found.despite, found.votes_for, found.votes_against) == ("The faculty asks for one.", 0, 1)


def test_the_next_one_retires_the_one_before_and_both_stay_readable(
    session: Session, place: Place, tom: Actor
) -> None:
    after = TODAY + timedelta(days=4)
    first = asked(session, place, tom)
    life.ratify(session, tom, first, "", after)
    second = asked(session, place, tom, purpose="To teach.")
    life.ratify(session, tom, second, "", after)
    session.flush()
    found = service.targets_of(session, place.tenant.id, f"course-{place.course.id}")
    assert [(one.id, one.stage, one.successor_id) for one in found] == [
        (second, Stage.RATIFIED, None),
        (first, Stage.RETIRED, second),
    ]
    with pytest.raises(NotFound):
        service.target(session, place.tenant.id + 1, first)


class Works:
    """What a timer has at hand, over one session."""

    def __init__(self, session: Session) -> None:
        """Take the session."""
        self.session = session

    @contextmanager
    def unit_of_work(self) -> Iterator[Session]:
        """The session of the test; what is recorded last is written, too."""
        yield self.session
        for row in self.session.info.pop("lmssocial_add_last", []):
            self.session.add(row)
        self.session.flush()

    reading = unit_of_work

    def settings(self, **_where: int) -> Settings:
        """As they come."""
        return Settings()


def test_setters_are_told_once_that_the_members_have_answered_and_that_a_review_is_due(
    session: Session, place: Place, tom: Actor, ana: Actor, clock: TestClock
) -> None:
    target_id = asked(session, place, tom, review_on=date(2026, 4, 1))
    works: Any = Works(session)
    timing.remind(works)
    clock.tick(days=4)
    for _again in range(2):
        timing.remind(works)
    life.ratify(session, tom, target_id, "", TODAY + timedelta(days=4))
    clock.tick(days=30)
    for _again in range(2):
        timing.remind(works)
    rows = session.scalars(select(ActivityEvent).order_by(ActivityEvent.id)).all()
    by_calendar = [row for row in rows if row.actor_id is None]
    assert [row.name for row in by_calendar] == ["reporting.consultation_over", "reporting.review_due"]
    port = TargetNotices()
    for row in by_calendar:
        (proposal,) = port.told(session, happened(row))
        assert set(proposal.recipients) == {tom.user_id}
    (consulted,) = (row for row in rows if row.name == "reporting.target_consulted")
    (proposal,) = port.told(session, happened(consulted))
    assert set(proposal.recipients) == {tom.user_id, ana.user_id}
    assert proposal.community_id == place.community.id


def test_who_is_erased_leaves_a_vote_and_no_name(
    session: Session, place: Place, tom: Actor, ana: Actor
) -> None:
    target_id = asked(session, place, tom)
    life.vote(session, ana, target_id, agrees=False, today=TODAY)
    life.remark(session, ana, target_id, "Why?", TODAY)
    session.flush()
    exported = leaving.export(session, ana.user_id)
    assert exported["votes_on_targets"][0]["agrees"] is False
    assert exported["remarks_on_targets"][0]["words"] == "Why?"
    leaving.forget(session, ana.user_id)
    session.expire_all()
    found = service.target(session, place.tenant.id, target_id)
    assert (found.votes_for, found.votes_against) == (0, 1)
    (said,) = service.remarks_on(session, place.tenant.id, target_id)
    assert (said.name, said.words) == ("Former member", "Why?")
    assert not any(leaving.export(session, ana.user_id).values())
