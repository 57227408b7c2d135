"""A ClickHouse server that fails, and a site whose transactions do: afterwards figures are right, each once."""

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, event, select
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content import references
from lmssocial_reporting.evidence import following
from lmssocial_reporting.models import DirtyDay, FollowedCourse, Promised
from lmssocial_reporting.sending.models import Outgoing
from lmssocial_reporting.store import clickhouse_run
from lmssocial_reporting.store.clickhouse import ClickHouseStore
from lmssocial_reporting.store.promises import Promises
from tests.fakes.clickhouse import Does, Fault
from tests.support.course_log import Course
from tests.support.far_report import FarReport
from tests.support.reporting import a_piece, an_act

MONDAY = datetime(2026, 2, 16, 9, tzinfo=UTC)
ACTS, EVIDENCE, DAY = (f"INSERT INTO `reporting_{name}`" for name in ("act", "evidence", "day"))


@pytest.mark.one_database
@pytest.mark.parametrize("does", [Does.REFUSE, Does.GO, Does.LOSE, Does.DELAY])
def test_whatever_fails_on_the_way_to_the_server_everything_counts_once_afterwards(
    far: FarReport, course: Course, amal: Actor, ben: Actor, does: Does
) -> None:
    course.replies(amal, ben, MONDAY)
    course.replies(ben, amal, MONDAY + timedelta(days=1))
    twice = 2  # a client sends an insert again, once, if the connection breaks, and a question twice
    far.has(
        *(Fault(does, at, times=twice) for at in (ACTS, EVIDENCE, DAY)),
        Fault(does, "SELECT greatest(", times=3),
    )
    failures = far.works()
    assert len(failures) >= 4, "each of the four kinds of statements failed"
    assert {type(one).__module__ for one in failures} == {"clickhouse_connect.driver.exceptions"}
    far.server.catch_up()
    assert far.works() == []
    assert [one.member for one in far.acts()] == [amal.user_id, ben.user_id]
    assert sorted(one.member for one in far.evidence()) == sorted([amal.user_id, ben.user_id])
    assert (far.rows(DirtyDay), far.rows(Promised)) == (0, 0)


@pytest.mark.one_database
def test_an_insert_that_the_client_sends_again_because_an_answer_was_lost_counts_once(
    far: FarReport, course: Course, amal: Actor, ben: Actor
) -> None:
    course.replies(amal, ben, MONDAY)
    far.has(*(Fault(Does.LOSE, at) for at in (ACTS, EVIDENCE, DAY)))
    assert far.works() == [], "the client does so by itself"
    assert (len(far.acts()), len(far.evidence())) == (1, 1)
    window = "ALTER TABLE reporting_evidence MODIFY SETTING non_replicated_deduplication_window = {}"
    far.server.session.query(window.format(0))
    course.replies(ben, amal, MONDAY)
    far.has(Fault(Does.LOSE, EVIDENCE))
    far.change(FollowedCourse, has_news=True)
    far.works()
    doubled = len(far.evidence())
    far.server.session.query(window.format(1000))
    assert doubled == 4, "without the window both count twice"


@pytest.mark.one_database
def test_acts_that_come_back_after_they_were_deleted_are_not_taken_for_a_second_try(
    far: FarReport, course: Course, amal: Actor, ben: Actor
) -> None:
    """Tables that know inserts again would leave them out, by their rows."""
    course.replies(amal, ben, MONDAY)
    far.works()
    before = far.evidence()
    assert far.anew() == before != []
    columns = "(course_id, day, generation)"
    without_token = f'INSERT INTO reporting_evidence {columns} FORMAT JSONCompactEachRow [7, "2026-02-16", 1]'
    far.server.session.query(without_token)
    far.server.session.query(
        "ALTER TABLE reporting_evidence DELETE WHERE course_id = 7 SETTINGS mutations_sync = 1"
    )
    far.server.session.query(without_token)
    assert far.stored("reporting_evidence", "course_id = 7") == 0, "this is what is meant"


def test_a_transaction_that_is_rolled_back_after_rows_were_written_leaves_everything_to_be_done_again(
    far: FarReport, course: Course, amal: Actor, ben: Actor
) -> None:
    course.replies(amal, ben, MONDAY)
    far.works()
    before = far.evidence()
    read = far.session.scalars(select(FollowedCourse.read_up_to)).one()
    course.replies(ben, amal, MONDAY)
    far.change(FollowedCourse, has_news=True)
    far.steps(rolled_back=True)  # it reads
    assert (len(far.acts()), far.rows(DirtyDay)) == (2, 0), "an act is there, and nobody knows of it"
    assert far.session.scalars(select(FollowedCourse.read_up_to)).one() == read
    far.steps()
    far.steps(rolled_back=True)  # it derives
    assert (far.evidence(), far.rows(Promised)) == (before, 0)
    assert far.stored("reporting_evidence") == 1 + 2, "a generation that counts for nobody"
    assert far.rows(DirtyDay) == 1
    assert far.works() == []
    assert len(far.evidence()) == len(far.acts()) == 2


def test_a_commit_that_fails_lets_nothing_count_and_the_day_stays_marked(
    far: FarReport, course: Course, amal: Actor, ben: Actor
) -> None:
    course.replies(amal, ben, MONDAY)
    left = [1]

    def fails(session: Session) -> None:
        if session.scalar(select(Promised.day)) and left:
            left.pop()
            raise ConnectionError("the site's database is gone")

    event.listen(Session, "before_commit", fails)
    try:
        failures = far.works()
    finally:
        event.remove(Session, "before_commit", fails)
    assert [type(one) for one in failures] == [ConnectionError]
    assert len(far.evidence()) == 1
    assert far.stored("reporting_evidence") == 2, "one of them was written in vain"


@pytest.mark.one_database
@pytest.mark.parametrize("remembered", [True, False], ids=["promised", "forgotten"])
def test_what_was_told_and_undone_before_it_counted_counts_no_more_when_its_row_arrives_late(
    far: FarReport,
    course: Course,
    amal: Actor,
    ben: Actor,
    monkeypatch: pytest.MonkeyPatch,
    *,
    remembered: bool,
) -> None:
    """A worker is killed, or gives up, between the commit and the row; without the promise, the row would win."""
    monkeypatch.setitem(references._ours, "origin", "https://social.example.edu")
    far.sends_to("http://127.0.0.1:9/xapi/")
    post = course.replies(amal, ben, MONDAY)
    far.has(Fault(Does.DELAY, DAY, times=99))
    assert len(far.works(until_it_fails=True)) == 1
    assert (far.evidence(), far.rows(DirtyDay), far.rows(Promised), far.rows(Outgoing)) == ([], 1, 1, 1)
    course.is_withdrawn(post, amal, ben, MONDAY + timedelta(days=1))
    if not remembered:
        with unit_of_work(far.session):
            far.session.execute(delete(Promised))
    far.has()
    assert far.works() == []
    assert far.server.catch_up() == 1
    counted = [one.kind for one in far.evidence()]
    assert counted == (["care.moderated"] if remembered else ["reply.posted", "care.moderated"])
    waiting = far.session.scalars(select(Outgoing.member)).all()
    assert waiting == ([ben.user_id] if remembered else [amal.user_id, ben.user_id])


def test_two_workers_at_one_course_write_everything_once(
    far: FarReport, course: Course, amal: Actor, ben: Actor
) -> None:
    for day in range(3):
        course.replies(amal, ben, MONDAY + timedelta(days=day))
    far.steps()
    course_id, did, failures = far.place.course.id, [0, 0], []

    def toil(worker: int) -> None:
        try:
            done = False
            while not done:
                with far.work.sessions() as own, unit_of_work(own):
                    done = following.catch_up(own, course_id, far.settings, at_most=2)
                did[worker] += 1
        except BaseException as error:  # noqa: BLE001 – shown by the assertion below
            failures.append(error)

    two = [threading.Thread(target=toil, args=(number,)) for number in range(2)]
    for one in two:
        one.start()
    for one in two:
        one.join()
    assert failures == []
    assert min(did) >= 1, "both were at it"
    assert len(far.acts()) == len(far.evidence()) == 3
    assert (far.rows(DirtyDay), far.rows(Promised)) == (0, 0)


@pytest.mark.one_database
def test_two_who_write_the_same_day_without_knowing_of_each_other_double_nothing(far: FarReport) -> None:
    """The database let go of the course of one of them, who goes on nevertheless."""
    run = clickhouse_run.server(far.server.address)
    piece, act = a_piece(course_id=far.place.course.id), an_act(course_id=far.place.course.id)

    class Overtaken:
        """The day is written by somebody else between what this one reads and what it writes."""

        def query(self, sql: str, params: Mapping[str, object] | None = None) -> list[Sequence[Any]]:
            return run.query(sql, params)

        def insert(self, table: str, rows: Collection[Sequence[Any]]) -> None:
            if table == "reporting_act":
                ClickHouseStore(run).add_acts([act])
            if table == "reporting_evidence":
                ClickHouseStore(run).replace_day(piece.course_id, piece.day, [piece])
            run.insert(table, rows)

    store = ClickHouseStore(Overtaken())
    store.add_acts([act])
    store.replace_day(piece.course_id, piece.day, [piece])
    assert far.acts() == [act]
    assert far.evidence() == [piece]
    assert (far.stored("reporting_act"), far.stored("reporting_evidence")) == (2, 2), "both were written"
    assert store.deeds([act.course_id], act.day, act.day) == {(act.day, act.deed, act.widget): 1}


@pytest.mark.one_database
@pytest.mark.parametrize("kept", [True, False], ids=["kept", "swept"])
def test_what_has_to_count_and_does_not_yet_is_not_swept_away(far: FarReport, *, kept: bool) -> None:
    piece = a_piece(course_id=far.place.course.id)
    soon = datetime.now(UTC) + timedelta(minutes=1)
    with far.work.unit_of_work() as session:
        store = ClickHouseStore(clickhouse_run.server(far.server.address), promises := Promises(session))
        assert store.replace_day(piece.course_id, piece.day, [piece]).added == (piece,)
        store.sweep(soon, promises.generations() if kept else ())
    assert far.evidence() == ([piece] if kept else [])


@pytest.mark.one_database
@pytest.mark.parametrize("noted", [True, False], ids=["noted", "not noted"])
def test_a_course_that_was_forgotten_halfway_is_told_anew_also_if_its_zone_is_the_old_one_again(
    far: FarReport, course: Course, amal: Actor, ben: Actor, *, noted: bool
) -> None:
    """The server does not roll back: that there is nothing any more has to be known before anything goes."""
    course.replies(amal, ben, MONDAY)
    far.works()
    before = far.evidence()
    far.change(FollowedCourse, has_news=True)
    zone, far.settings = far.settings, replace(far.settings, zone="Europe/Berlin")
    far.has(Fault(Does.REFUSE, "ALTER TABLE reporting_act DELETE"))
    far.steps()
    with pytest.raises(Exception, match="Memory limit"):
        far.steps()
    assert far.evidence() == [] != before
    far.settings = zone
    if not noted:
        far.change(FollowedCourse, zone=zone.zone)
    far.change(FollowedCourse, has_news=True)
    assert far.works() == []
    assert far.evidence() == (before if noted else [])
