"""Finding, handing out and erasing a person whose acts and evidence stand in a ClickHouse server, whatever fails."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, delete, event
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.front.people_cli import people
from lmssocial.lms.identity.actor import Actor
from lmssocial.settings import Settings
from lmssocial_reporting.definition import Kind
from lmssocial_reporting.evidence import forgetting
from lmssocial_reporting.models import ActRow, DirtyDay, Erased, EvidenceRow, FollowedCourse
from tests.fakes.clickhouse import Does, Fault
from tests.front.conftest import Console
from tests.support.course_log import Course
from tests.support.far_report import FarReport

MONDAY = datetime(2026, 2, 16, 9, tzinfo=UTC)
DELETES = ("reporting_evidence DELETE", "reporting_act DELETE", "reporting_act UPDATE")
"""What is asked of the server to forget somebody, in this order."""


@pytest.fixture
def run(settings: Settings, engine: Engine) -> Callable[..., Result]:
    """Run ``lmssocial people …``."""
    return lambda *words: CliRunner().invoke(people, [*words], obj=Console(settings, engine))


@pytest.fixture
def talk(far: FarReport, course: Course, amal: Actor, ben: Actor, cleo: Actor) -> None:
    """Amal begins, Ben answers, Cleo finds it helpful: so it is no matter of two alone. And it is derived."""
    first = course.posts_thread(amal, MONDAY)
    answer = course.replies(ben, amal, MONDAY + timedelta(hours=1))
    course.reads(cleo, first, amal, MONDAY + timedelta(hours=2))
    course.finds_helpful(cleo, answer, ben, MONDAY + timedelta(hours=3))
    assert far.works() == []


def thirds(far: FarReport) -> dict[Kind, bool]:
    """Of each kind of evidence, whether somebody else was there."""
    return {one.kind: one.third for one in far.evidence()}


@pytest.mark.usefixtures("talk")
def test_who_is_nowhere_but_in_the_server_is_found_handed_everything_and_forgotten(
    far: FarReport, cleo: Actor, run: Callable[..., Result]
) -> None:
    assert (far.rows(ActRow), far.rows(EvidenceRow)) == (0, 0)
    with unit_of_work(far.session):
        far.session.execute(delete(FollowedCourse))  # not even this is known of the course any more
    assert f"{cleo.user_id}  Cleo" in run("find", "cleo").output
    kept = json.loads(run("export", str(cleo.user_id)).output)["plugins"]["reporting"]
    assert [(one["deed"], one["course"]) for one in kept["acts"]] == [
        ("read", far.course_id),
        ("helpful", far.course_id),
    ]
    assert {one["kind"] for one in kept["evidence"]} == {Kind.ITEM_OPENED, Kind.ITEM_ENDORSED}
    assert far.naming(cleo.user_id) > len(kept["evidence"])
    done = run("erase", str(cleo.user_id), "--yes")
    assert done.exit_code == 0, done.output
    assert far.works() == []
    assert (far.naming(cleo.user_id), far.rows(Erased)) == (0, 0)
    assert "there is nobody behind that number" in run("export", str(cleo.user_id)).output


@pytest.mark.one_database
@pytest.mark.usefixtures("talk")
def test_while_the_server_is_gone_nothing_is_handed_out_and_who_is_erased_is_forgotten_when_it_is_back(
    far: FarReport, cleo: Actor, run: Callable[..., Result]
) -> None:
    far.has(Fault(Does.GO, "", times=10_000))
    failed = run("export", str(cleo.user_id))
    assert failed.exit_code == 1
    assert "reporting could not say what it keeps" in failed.output
    assert "Nothing was handed out" in failed.output
    done = run("erase", str(cleo.user_id), "--yes")
    assert done.exit_code == 0, done.output
    assert far.works(until_it_fails=True) != []
    far.has()
    assert far.naming(cleo.user_id) > 0
    assert far.works() == []
    assert (far.naming(cleo.user_id), far.rows(Erased)) == (0, 0)
    assert far.evidence() == far.anew()


@pytest.mark.one_database
@pytest.mark.usefixtures("talk")
def test_what_others_did_is_derived_anew_without_who_was_erased(far: FarReport, cleo: Actor) -> None:
    assert thirds(far)[Kind.REPLY_POSTED]
    far.erases(cleo.user_id)
    assert far.works() == []
    assert not thirds(far)[Kind.REPLY_POSTED]
    assert far.evidence() == far.anew()


@pytest.mark.one_database
@pytest.mark.usefixtures("talk")
@pytest.mark.parametrize("does", [Does.REFUSE, Does.LOSE])
@pytest.mark.parametrize("at", DELETES)
def test_forgetting_that_broke_off_is_done_again_and_no_day_is_derived_before(
    far: FarReport, cleo: Actor, at: str, does: Does
) -> None:
    far.erases(cleo.user_id)
    far.has(Fault(does, at))
    assert len(far.works(until_it_fails=True)) == 1
    waiting = far.rows(DirtyDay)
    far.steps()  # somebody else, who derives the course anew from the command line
    assert far.rows(DirtyDay) == waiting > 0
    assert far.works() == []
    assert (far.naming(cleo.user_id), far.rows(Erased), far.rows(DirtyDay)) == (0, 0, 0)
    assert not thirds(far)[Kind.REPLY_POSTED]
    assert far.evidence() == far.anew()


@pytest.mark.usefixtures("talk")
@pytest.mark.parametrize("marked", [True, False], ids=["marked", "not marked"])
def test_a_commit_that_fails_after_the_server_forgot_somebody_leaves_the_days_marked(
    far: FarReport, cleo: Actor, *, marked: bool
) -> None:
    """By then nothing in the server says which days these are."""
    far.erases(cleo.user_id)
    gone: list[bool] = []

    def fails(_session: Session) -> None:
        if not far.naming(cleo.user_id) and not gone:
            gone.append(True)
            raise ConnectionError("the site's database is gone")

    event.listen(Session, "before_commit", fails)
    try:
        assert [str(one) for one in far.works(until_it_fails=True)] == ["the site's database is gone"]
    finally:
        event.remove(Session, "before_commit", fails)
    if not marked:
        with unit_of_work(far.session):
            far.session.execute(delete(DirtyDay))
    assert far.works() == []
    assert far.rows(Erased) == 0
    assert thirds(far)[Kind.REPLY_POSTED] is not marked


@pytest.mark.parametrize("waits", [True, False], ids=["waits", "does not wait"])
def test_who_is_erased_while_somebody_reads_the_log_comes_back_with_nothing_they_had_read(
    far: FarReport, course: Course, amal: Actor, ben: Actor, cleo: Actor,
    monkeypatch: pytest.MonkeyPatch, *, waits: bool,
) -> None:  # fmt: skip
    """Only where two can write at once; the server holds what was read back until the other one is through."""
    if far.session.get_bind().dialect.name == "sqlite":
        pytest.skip("one writes after the other")
    course.replies(amal, ben, MONDAY)
    assert far.works() == []
    course.replies(cleo, amal, MONDAY)
    if not waits:
        monkeypatch.setattr(forgetting, "_wait_for_others", lambda _session: None)
    far.has(Fault(Does.HOLD, "INSERT INTO `reporting_act`"))
    reader = threading.Thread(target=far.steps, kwargs={"own": True})
    reader.start()
    assert far.server.held.wait(10)
    far.erases(cleo.user_id)
    eraser = threading.Thread(target=forgetting.forget_erased, args=(far.work,))
    eraser.start()
    eraser.join(0.7)
    assert eraser.is_alive() is waits
    far.server.go_on.set()
    reader.join(20)
    eraser.join(20)
    assert far.works() == []
    assert (far.naming(cleo.user_id) == 0) is waits
