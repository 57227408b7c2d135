"""The written report: a draft that loses nobody's words, reports that never change, and files for their readers."""

import io
import itertools
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.lms.identity.roles import LmsRole
from lmssocial_reporting.definition import ROLE_OF, VERSION, Kind
from lmssocial_reporting.models import EvidenceRow, FollowedCourse
from lmssocial_reporting.report import leaving
from lmssocial_reporting.report.document import Document
from lmssocial_reporting.report.models import PublishedReport
from lmssocial_reporting.report.sections import MOST_ROWS
from lmssocial_reporting.store.port import Evidence
from lmssocial_reporting.store.sql import SqlStore
from tests.conftest import TestClock
from tests.support import reporting
from tests.support.people import Place, make_person, make_place
from tests.support.reporting import acting
from tests.support.seat import Seat, text_of

pytestmark = pytest.mark.one_database  # what pages ask of the store is tested on both, beside it

Sit = Callable[[Actor], Seat]

TODAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""The day after the last day of :data:`reporting.WINDOW`."""


@pytest.fixture
def place(session: Session, clock: TestClock) -> Place:
    """A course that began in January, in which the report is on."""
    clock.move_to(datetime(2026, 1, 5, 9, tzinfo=UTC))
    found = make_place(session)
    reporting.turn_on(session, found)
    return found


@pytest.fixture
def people(session: Session, clock: TestClock, place: Place) -> list[Actor]:
    """24 learners, of whom six acted as Creators and one began to; today is the day after the window."""
    found = [make_person(session, place, f"Member {number}") for number in range(24)]
    ids = [actor.user_id for actor in found]
    rows: list[Evidence] = []
    for at in range(6):
        rows += [
            _between(piece, ids[at], ids[(at + 7 + number) % 24], place.course.id)
            for number, piece in enumerate(acting(1))
        ]
    store = SqlStore(session)
    for day, pieces in itertools.groupby(sorted(rows, key=lambda row: row.day), key=lambda row: row.day):
        store.replace_day(place.course.id, day, list(pieces))
    session.execute(delete(FollowedCourse).where(FollowedCourse.course_id == place.course.id))
    session.add(
        FollowedCourse(
            course_id=place.course.id,
            tenant_id=place.tenant.id,
            community_id=place.community.id,
            zone="UTC",
            definition=VERSION,
            begins_on=date(2026, 1, 5),
            looked_at=TODAY,
            has_news=False,
        )
    )
    clock.move_to(TODAY)
    return found


def _between(piece: Evidence, member: int, other: int, course_id: int) -> Evidence:
    return reporting.a_piece(
        course_id=course_id, day=piece.day, kind=piece.kind, member=member, other=other, thread=f"t{member}"
    )


@pytest.fixture
def tom(session: Session, place: Place, people: list[Actor]) -> Actor:  # noqa: ARG001 – who came before
    """An instructor."""
    return make_person(session, place, "Tom Berg", LmsRole.INSTRUCTOR)


@pytest.fixture
def iris(session: Session, place: Place, people: list[Actor]) -> Actor:  # noqa: ARG001 – who came before
    """Another one."""
    return make_person(session, place, "Iris Prado", LmsRole.INSTRUCTOR)


@pytest.fixture
def sit(app: Flask, session: Session, place: Place) -> Sit:
    """Somebody in front of the report."""

    def sit_down(actor: Actor) -> Seat:
        session.commit()  # others may have written since; SQLite refuses to write over what was not read
        return reporting.seat(app, session, place, actor)

    return sit_down


def publish(seat: Seat, title: str = "Our first four weeks") -> int:
    """Publish the draft; gives the id of the report."""
    sent = seat.send(seat.form(seat.open("/reports/publish"), "/reports/publish"), title=title)
    assert sent.status_code == 303, text_of(sent)
    return int(sent.headers["Location"].rpartition("/")[2])


def write(seat: Seat, section: str, **values: str) -> None:
    """Fill in and save a section."""
    page = seat.open(f"/reports/draft/{section}")
    assert page.status_code == 200, text_of(page)
    seat.follow(seat.send(seat.form(page, f"/reports/draft/{section}"), **values))


def test_a_section_is_written_beside_what_the_figures_say(sit: Sit, tom: Actor) -> None:
    seat = sit(tom)
    page = seat.open("/reports/draft/findings")
    assert "Creator: 25 %, plausibly" in text_of(page)
    write(seat, "findings", words="A quarter of us writes.\n\nThat is a lot.")
    assert "A quarter of us writes." in text_of(seat.open("/reports"))
    assert "That is a lot." in text_of(seat.open("/reports/now"))


def test_beside_needs_stands_to_ask_the_members_first(sit: Sit, tom: Actor) -> None:
    assert "Ask the members first" in text_of(sit(tom).open("/reports/draft/needs"))


def test_nothing_is_computed_beside_impact(sit: Sit, tom: Actor) -> None:
    assert "figures of participation cannot tell" in text_of(sit(tom).open("/reports/draft/impact"))


def test_the_save_of_somebody_else_is_never_lost(sit: Sit, tom: Actor, iris: Actor) -> None:
    hers, his = sit(iris), sit(tom)
    early = his.form(his.open("/reports/draft/needs"), "/reports/draft/needs")
    write(hers, "needs", words="They need a guide.")
    refused = his.send(early, words="They need time.")
    assert refused.status_code == 409
    assert "They need a guide." in text_of(refused)
    assert "Iris Prado" in text_of(refused)
    again = his.form(refused, "/reports/draft/needs")
    assert dict(again.fields)["words"].strip() == "They need time."
    assert "They need a guide." in text_of(hers.open("/reports"))
    his.follow(his.send(again, words="They need a guide, and time."))
    assert "They need a guide, and time." in text_of(hers.open("/reports"))


def test_entries_of_a_table_are_kept_corrected_and_taken_out(sit: Sit, tom: Actor) -> None:
    seat = sit(tom)
    where = "/reports/draft/actions"
    values = {"rows-0-action": "Welcome whoever is new", "rows-0-who": "Amal", "rows-0-until": "2026-04-01"}
    write(seat, "actions", **values)
    assert "April 1, 2026" in text_of(seat.open("/reports/now"))
    refused = seat.send(seat.form(seat.open(where), where), **{"rows-0-action": "", "rows-1-until": "soon"})
    assert refused.status_code == 422
    assert 'value="soon"' in refused.get_data(as_text=True)
    assert "Entry 1, Action: Fill this in, or empty the row." in text_of(refused)
    label, optional = ">Action</label>", '>Action <span class="soft">(optional)'
    assert label in refused.get_data(as_text=True)
    assert optional not in refused.get_data(as_text=True)
    empty = dict.fromkeys(values, "")
    write(seat, "actions", **empty)
    assert "Welcome whoever is new" not in text_of(seat.open("/reports/now"))
    assert "Saved" not in text_of(seat.open("/reports")), "an emptied section is as one never written"


def test_a_table_that_is_full_is_shown_and_asks_for_no_more(sit: Sit, tom: Actor) -> None:
    seat = sit(tom)
    where = "/reports/draft/actions"
    form = seat.form(seat.open(where), where)
    rows = {f"rows-{at}-action": f"The action {at}" for at in range(MOST_ROWS)}
    seat.follow(seat.client.post(form.action, data={**dict(form.fields), **rows}))
    page = seat.open(where)
    assert page.status_code == 200
    assert f'name="rows-{MOST_ROWS - 1}-action"' in page.get_data(as_text=True)
    assert f'name="rows-{MOST_ROWS}-action"' not in page.get_data(as_text=True)


def test_a_link_of_a_story_leads_to_a_page_and_runs_nothing(sit: Sit, tom: Actor) -> None:
    seat, where = sit(tom), "/reports/draft/stories"
    form = seat.form(seat.open(where), where)
    refused = seat.send(form, **{"rows-0-story": "Amal helped", "rows-0-link": "javascript:alert(1)"})
    assert refused.status_code == 422
    assert "begins with https://" in text_of(refused)
    assert "This is no address of a page." not in text_of(refused)
    write(seat, "stories", **{"rows-0-story": "Amal helped", "rows-0-link": "https://lms.example.edu/t/1"})
    assert 'href="https://lms.example.edu/t/1"' in seat.open("/reports/now").get_data(as_text=True)


def test_the_data_collection_plan_names_who_answers_for_each_source(sit: Sit, tom: Actor) -> None:
    seat, where = sit(tom), "/reports/draft/responsible"
    form = seat.form(seat.open(where), where)
    fields = dict(form.fields)
    discussion = next(name for name, value in fields.items() if value == "discussion").rpartition("-")[0]
    seat.follow(
        seat.send(form, **{f"{discussion}-person": "Data office", f"{discussion}-retention": "Two terms"})
    )
    found = json.loads(seat.open("/reports/now.json").data)["data"]
    reply = next(line for line in found if line["event"] == "discussion.reply_posted")
    assert (reply["responsible"], reply["retention"]) == ("Data office", "Two terms")
    assert {"parent_author_id", "length"} <= set(reply["fields"])
    assert "Creator" in reply["purpose"]
    assert next(line for line in found if line["source"] != "Discussion")["responsible"] == ""


def test_members_read_what_was_published_and_nothing_of_the_draft(
    sit: Sit, tom: Actor, people: list[Actor]
) -> None:
    his = sit(tom)
    write(his, "findings", words="A quarter of us writes.")
    seat = sit(people[0])
    before = text_of(seat.open("/reports"))
    assert "A quarter of us" not in before
    assert "The draft" not in before
    report_id = publish(his)
    assert "A quarter of us writes." in text_of(seat.open(f"/reports/{report_id}"))
    assert seat.open(f"/reports/{report_id}.csv").status_code == 200
    closed = (
        "/reports/now",
        "/reports/draft/needs",
        "/reports/publish",
        "/reports/now.pdf",
        "/reports/now.graphml",
    )
    assert {seat.open(path).status_code for path in closed} == {403}
    assert seat.open(f"/reports/{report_id}/withdraw").status_code == 403


def test_a_published_report_never_changes(
    sit: Sit, session: Session, tom: Actor, people: list[Actor], clock: TestClock
) -> None:
    seat = sit(tom)
    write(seat, "findings", words="A quarter of us writes.")
    report_id = publish(seat)
    session.rollback()  # what was published since is seen by a new transaction only
    kept = session.scalars(select(PublishedReport.content)).one()
    shown = seat.open(f"/reports/{report_id}.json").data
    session.execute(delete(EvidenceRow))
    session.execute(
        update(User).where(User.id == people[0].user_id).values(name="Former member", is_former=True)
    )
    session.commit()
    write(seat, "findings", words="Nobody writes.")
    clock.tick(days=40)
    seat = sit(tom)
    assert session.scalars(select(PublishedReport.content)).one() == kept
    assert seat.open(f"/reports/{report_id}.json").data == shown
    creator = Document.from_json(kept).facts.roles[1]
    assert (creator.role, creator.acting, creator.share) == ("creator", 6, 25)
    assert "Nobody writes." not in text_of(seat.open(f"/reports/{report_id}"))


def test_who_published_and_was_erased_is_named_nowhere(
    sit: Sit, session: Session, tom: Actor, iris: Actor
) -> None:
    report_id = publish(sit(tom))
    seat = sit(iris)
    assert "by Tom Berg" in text_of(seat.open(f"/reports/{report_id}"))
    session.execute(update(User).where(User.id == tom.user_id).values(name="Former member", is_former=True))
    session.commit()
    for path in ("/reports", f"/reports/{report_id}", f"/reports/{report_id}.json"):
        assert "Tom Berg" not in seat.open(path).get_data(as_text=True)


def test_figures_of_monitors_are_published_only_where_that_was_chosen(sit: Sit, tom: Actor) -> None:
    seat = sit(tom)
    first = publish(seat)
    form = seat.form(seat.open("/reports/publish"), "/reports/publish")
    second = int(seat.send(form, monitors="y").headers["Location"].rpartition("/")[2])
    shown = [
        json.loads(seat.open(f"/reports/{one}.json").data)["facts"]["measures"] for one in (first, second)
    ]
    assert shown[0] == []
    assert "Network" in {one["monitor"] for one in shown[1]}


def test_who_asks_for_their_data_gets_what_they_wrote_and_published(
    sit: Sit, session: Session, tom: Actor, iris: Actor
) -> None:
    seat = sit(tom)
    write(seat, "needs", words="They need a guide.")
    publish(seat, "Ours")
    session.rollback()  # what was written since is seen by a new transaction only
    his, hers = leaving.export(session, tom.user_id), leaving.export(session, iris.user_id)
    assert [one["content"]["words"] for one in his["report_sections"]] == ["They need a guide."]
    assert [one["title"] for one in his["reports"]] == ["Ours"]
    assert hers == {"report_sections": [], "reports": []}


def test_a_withdrawn_report_says_why_and_keeps_its_content_from_members(
    sit: Sit, tom: Actor, people: list[Actor]
) -> None:
    his, seat = sit(tom), sit(people[0])
    write(his, "findings", words="A quarter of us writes.")
    report_id = publish(his)
    where = f"/reports/{report_id}/withdraw"
    assert his.send(his.form(his.open(where), where), because=" ").status_code == 422
    his.fill_in(where, where, because="The window was wrong.")
    assert his.follow(his.open(where)).request.path.endswith(f"/reports/{report_id}")
    assert "The window was wrong." in text_of(seat.open("/reports"))
    page = text_of(seat.open(f"/reports/{report_id}"))
    assert "The window was wrong." in page
    assert "A quarter of us" not in page
    assert seat.open(f"/reports/{report_id}.pdf").status_code == 404
    assert "A quarter of us writes." in text_of(his.open(f"/reports/{report_id}"))


def test_nothing_is_published_that_somebody_changed_meanwhile(sit: Sit, tom: Actor, iris: Actor) -> None:
    his, hers = sit(tom), sit(iris)
    form = his.form(his.open("/reports/publish"), "/reports/publish")
    write(hers, "needs", words="They need a guide.")
    refused = his.send(form, title="Ours")
    assert refused.status_code == 409
    assert "Nothing was published yet." in text_of(his.open("/reports"))
    assert his.send(his.form(refused, "/reports/publish")).status_code == 303


def test_two_reports_of_different_definitions_are_not_compared(
    sit: Sit, session: Session, tom: Actor
) -> None:
    seat = sit(tom)
    first, second = publish(seat, "First"), publish(seat, "Second")
    assert "Shares of members who acted in each role" in text_of(seat.open(f"/reports/{second}"))
    session.rollback()  # what was published since is seen by a new transaction only
    row = session.get_one(PublishedReport, first)
    row.content = row.content.replace('"fingerprint": "roles/1-', '"fingerprint": "roles/0-')
    session.commit()
    page = text_of(seat.open(f"/reports/{second}"))
    assert "their figures cannot be compared" in page
    assert "Shares of members who acted in each role" not in page


def test_a_report_of_another_course_is_not_there(sit: Sit, app: Flask, session: Session, tom: Actor) -> None:
    report_id = publish(sit(tom))
    session.commit()
    other = make_place(session)
    reporting.turn_on(session, other)
    eve = make_person(session, other, "Eve", LmsRole.INSTRUCTOR)
    seat = reporting.seat(app, session, other, eve)
    for path in (f"/reports/{report_id}", f"/reports/{report_id}.json", f"/reports/{report_id}/withdraw"):
        assert seat.open(path).status_code == 404


def test_the_files_have_their_names_types_and_the_caution(sit: Sit, tom: Actor) -> None:
    seat = sit(tom)
    report_id = publish(seat, "Our März")
    types = {
        "pdf": "application/pdf",
        "csv": "text/csv",
        "json": "application/json",
        "graphml": "application/graphml",
    }
    for kind, said in types.items():
        where = "/reports/now" if kind == "graphml" else f"/reports/{report_id}"
        answer = seat.open(f"{where}.{kind}")
        assert answer.status_code == 200, kind
        assert answer.content_type.startswith(said)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer.headers["Cache-Control"]
        if kind != "pdf":
            assert "intermediate indicator" in answer.get_data(as_text=True)
        if kind != "graphml":
            assert f'filename="our-marz-2026-03-02.{kind}"' in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(seat.open(f"/reports/{report_id}.xlsx").data)) as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) == 6
        assert "intermediate indicator" in book.read(sheets[-1]).decode()
    assert "intermediate indicator" in seat.open("/reports/now-edges.csv").get_data(as_text=True)
    assert seat.open(f"/reports/{report_id}.exe").status_code == 404


def test_the_network_has_everybody_and_no_names_and_other_numbers_every_time(
    sit: Sit, tom: Actor, people: list[Actor]
) -> None:
    seat = sit(tom)
    texts = [seat.open("/reports/now.graphml").get_data(as_text=True) for _time in range(2)]
    space = "{http://graphml.graphdrawing.org/xmlns}"
    graph = ET.fromstring(texts[0])  # noqa: S314 – ours
    assert len(list(graph.iter(f"{space}node"))) == 24
    assert len(list(graph.iter(f"{space}edge"))) == 12
    assert {data.text for data in graph.iter(f"{space}data") if data.get("key") == "lms_role"} == {"learner"}
    assert not [actor for actor in people if actor.name in texts[0]]
    assert texts[0] != texts[1]


def test_no_file_of_the_network_tells_who_read_whom(
    sit: Sit, session: Session, place: Place, tom: Actor, people: list[Actor]
) -> None:
    before = sit(tom).open("/reports/now-edges.csv").get_data(as_text=True)
    day = session.scalar(select(func.max(EvidenceRow.day)).where(EvidenceRow.course_id == place.course.id))
    assert day is not None
    session.add_all(
        EvidenceRow(
            course_id=place.course.id,
            day=day,
            member=people[0].user_id,
            role=ROLE_OF[kind].value,
            kind=kind.value,
            other=other.user_id,
            item=f"c{number}",
            third=True,
            placement_id=place.placement.id,
            widget="discussion",
            thread="t1",
        )
        for number, other in enumerate(people[1:])
        for kind in (Kind.ITEM_OPENED, Kind.ITEM_POSTED, Kind.ITEM_ENDORSED)
    )
    seat = sit(tom)
    assert seat.open("/reports/now-edges.csv").get_data(as_text=True).count("\n") == before.count("\n")
    assert seat.open("/reports/now.graphml").get_data(as_text=True).count("<edge") == 12


def test_a_small_community_gets_no_network_and_no_shares(
    app: Flask, session: Session, clock: TestClock, place: Place
) -> None:
    few = [make_person(session, place, f"Member {number}") for number in range(9)]
    clock.move_to(TODAY)
    tom = make_person(session, place, "Tom Berg", LmsRole.INSTRUCTOR)
    seat = reporting.seat(app, session, place, tom)
    assert len(few) == 9
    assert seat.open("/reports/now.graphml").status_code == 409
    assert seat.open("/reports/now-edges.csv").status_code == 409
    draft = seat.open("/reports/now")
    assert "now.graphml" not in draft.get_data(as_text=True)
    assert "There are fewer than 10 members" in text_of(draft)
    facts = json.loads(seat.open("/reports/now.json").data)["facts"]
    assert {line["share"] for line in facts["roles"]} == {None}
    assert seat.open("/reports/now.pdf").status_code == 200
