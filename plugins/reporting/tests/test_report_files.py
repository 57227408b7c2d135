"""The files of a report: nothing that people wrote becomes markup or a formula, and nothing of it is lost."""

import csv
import io
import json
import random
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask_babel import Babel

from lmssocial_reporting.definition import Role
from lmssocial_reporting.evidence.acts import READERS
from lmssocial_reporting.figures.distances import jensen_shannon
from lmssocial_reporting.monitors.cells import shape_refused
from lmssocial_reporting.profile.figures import figures_of
from lmssocial_reporting.report import pdf
from lmssocial_reporting.report.data_list import SOURCES, data_lines, used_events
from lmssocial_reporting.report.document import (
    ChartCopy,
    DataLine,
    DefinitionCopy,
    Document,
    Facts,
    Measure,
    MixCopy,
    Parameter,
    RoleLine,
    SectionCopy,
    SplitLine,
    TargetCopy,
    TrendLine,
)
from lmssocial_reporting.report.facts import _mix, _point, _role
from lmssocial_reporting.report.graph import graph_of, graphml
from lmssocial_reporting.report.layout import blocks
from lmssocial_reporting.report.sheets import COLUMNS, csv_of, xlsx_of
from lmssocial_reporting.store.port import By, Count, Edge, Profile, Slice
from lmssocial_reporting.targets.values import Band, Stage, Target
from tests.support.reporting import WINDOW, a_population

FORMULA = '=HYPERLINK("https://evil.example","Read this")'
TIES = [Edge(1, 2, 3), *(Edge(number, number + 1, 1) for number in range(2, 6))]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="3"/></svg>'


_A_TARGET = Target(
    id=1,
    stage=Stage.RATIFIED,
    purpose="To learn",
    speaks_of="learners",
    bands=dict.fromkeys(Role, Band(22, 54)),
    setters=(),
    votes_for=0,
    votes_against=0,
    review_on=WINDOW.last,
    ratified_at=None,
)


def a_report(words: str = "A quarter of us writes.", *, language: str = "en") -> Document:
    """A report with something in every part of it; ``words`` stand wherever people's words stand."""
    day: dict[str, Any] = {"first": date(2026, 2, 2), "last": date(2026, 3, 1)}
    people: dict[str, Any] = {"acting": 6, "sustained": None, "emerging": 1, "nothing": None}
    shares: dict[str, Any] = {"share": 25, "low": 12, "high": 45}
    facts = Facts(
        **day,
        zone="UTC",
        members=24,
        enough=True,
        least_cell=5,
        definition=DefinitionCopy(
            version="roles/1",
            parameters=(Parameter(name="Window", value="28 days"),),
            fingerprint="roles/1-x",
        ),
        target=TargetCopy(
            purpose=words,
            speaks_of="learners",
            setters=3,
            votes_for=4,
            votes_against=1,
            ratified_at=datetime(2026, 1, 20, tzinfo=UTC),
            review_on=date(2026, 6, 1),
        ),
        speaks_of="learners",
        spoken_of=24,
        roles=tuple(
            RoleLine(
                role=role.value,
                title=role.value.title(),
                acts=12,
                band_low=10,
                band_high=20,
                gap=5,
                verdict="unclear",
                sentence="It could be otherwise.",
                **people,
                **shares,
            )
            for role in Role
        ),
        splits=tuple(
            SplitLine(by="group", key="1", title=words, members=12, role=role.value, **people)
            for role in Role
        ),
        trend=tuple(TrendLine(**day, members=24, role=role.value, acting=6, **shares) for role in Role),
        measures=(Measure(monitor="Evidence", name=words, value="12", number=12),),
        charts=(
            ChartCopy(
                key="roles",
                title="Roles",
                finding=words,
                description="Dots.",
                svg=SVG,
                printed=SVG,
                header=("Role", "Share"),
                rows=(("Creator", "25%"),),
            ),
        ),
        notes=("A note.",),
        mix=MixCopy(
            acting=18,
            total_variation=0.25,
            total_variation_chance=0.31,
            jensen_shannon=0.2,
            jensen_shannon_chance=0.28,
            differs=False,
            sentence="At least 25% would have to be in another role.",
        ),
    )
    return Document(
        title=words[:200] or "Report",
        scope="course",
        scope_title="Statistics",
        language=language,
        made_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
        caution="Social learning is an intermediate indicator.",
        facts=facts,
        sections=(
            SectionCopy(name="findings", title="Findings", words=words),
            SectionCopy(
                name="stories",
                title="Stories",
                header=("What happened", "Link"),
                holds=("words", "link"),
                rows=((words, "https://lms.example.edu/t/1"),),
            ),
        ),
        data=data_lines({}, "UTC"),
    )


@pytest.fixture
def _reader() -> Iterator[None]:
    """A request of somebody who reads English: dates are written in their language."""
    app = Flask("reader")
    Babel(app)
    with app.test_request_context():
        yield


def test_a_report_is_the_same_after_it_was_kept_as_text() -> None:
    report = a_report("Zwölf “Gruppen” \U0001f600")
    assert Document.from_json(report.to_json()) == report
    assert Document.from_json(report.to_json(indent=1)) == report


def test_a_report_of_an_older_lmssocial_is_read_without_what_came_later() -> None:
    kept = json.loads(a_report().to_json())
    del kept["facts"]["notes"]
    kept["colour"] = "red"
    assert Document.from_json(json.dumps(kept)).facts.notes == ()


@pytest.mark.parametrize("words", [FORMULA, "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_words_are_a_formula_in_a_table(words: str) -> None:
    text = csv_of(a_report(words)).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert f"'{words}" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_the_table_has_a_line_for_every_figure() -> None:
    raw = csv_of(a_report())
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert Counter(row["record"] for row in rows) == {
        "profile": 5,
        "mix": 2,
        "split": 5,
        "trend": 5,
        "measure": 1,
        "note": 2,
    }
    creator = next(row for row in rows if (row["record"], row["role"]) == ("profile", "creator"))
    assert (creator["share"], creator["sustained"], creator["definition"]) == ("25", "", "roles/1")
    distances = [
        (row["title"], row["value"], row["chance"], row["acting"]) for row in rows if row["record"] == "mix"
    ]
    assert distances == [
        ("total_variation", "0.25", "0.31", "18"),
        ("jensen_shannon", "0.2", "0.28", "18"),
    ]


@pytest.mark.usefixtures("_reader")
def test_how_far_the_mix_is_from_the_target_stands_in_the_document_only_where_it_is_said() -> None:
    report = a_report()
    assert report.facts.mix is not None
    unsaid = replace(report, facts=replace(report.facts, mix=None))
    said = report.facts.mix.sentence
    assert said in [block.words for block in blocks(report)]
    assert said not in [block.words for block in blocks(unsaid)]
    assert "mix" not in {line.split(",")[0] for line in csv_of(unsaid).decode("utf-8-sig").splitlines()}
    assert json.loads(unsaid.to_json())["facts"]["mix"] is None
    kept = json.loads(report.to_json())["facts"]["mix"]
    assert (kept["jensen_shannon"], kept["jensen_shannon_chance"]) == (0.2, 0.28)
    with zipfile.ZipFile(io.BytesIO(xlsx_of(report))) as book:
        sheet = book.read("xl/worksheets/sheet2.xml").decode()
    assert "jensen_shannon" in sheet
    assert "<v>0.28</v>" in sheet


def test_the_mix_of_a_profile_is_copied_with_what_chance_gives_and_never_where_it_is_suppressed() -> None:
    counts = dict.fromkeys(Role, Count(11))
    states: dict[str, Any] = dict.fromkeys(("acting", "sustained", "emerging", "nothing"), counts)
    mix = dict(zip(Role, (0.4, 0.3, 0.1, 0.1, 0.1), strict=True))
    learners = Slice(by=By.ALL, key="learners", members=300, mix=mix, acting_members=200, **states)
    acts = dict.fromkeys(Role, 40)
    for some, is_said in ((learners, True), (replace(learners, mix=None), False)):
        profile = Profile(window=WINDOW, members=300, enough=True, slices=(some,), acts=acts)
        copied = _mix(figures_of(profile, _A_TARGET).mismatch)
        assert (copied is not None) is is_said
    copied = _mix(
        figures_of(
            Profile(window=WINDOW, members=300, enough=True, slices=(learners,), acts=acts), _A_TARGET
        ).mismatch
    )
    assert copied is not None
    assert copied.total_variation == pytest.approx(0.3)
    assert copied.jensen_shannon == pytest.approx(jensen_shannon(list(mix.values()), [0.2] * 5), abs=1e-4)
    assert 0 < copied.total_variation_chance < 0.3
    assert 0 < copied.jensen_shannon_chance < copied.jensen_shannon


def test_no_words_are_a_formula_or_a_link_in_the_workbook() -> None:
    with zipfile.ZipFile(io.BytesIO(xlsx_of(a_report(FORMULA)))) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name]
    assert len(sheets) == 6
    assert "HYPERLINK" in "".join(sheets)
    assert not [sheet for sheet in sheets if "<f>" in sheet or "<hyperlink" in sheet]
    assert "<v>25</v>" in sheets[0]


@pytest.mark.usefixtures("_reader")
def test_the_pdf_is_tagged_has_a_language_and_bookmarks() -> None:
    made = pdf.pdf_of(a_report(language="de"), published_by="Tom Berg")
    assert made.startswith(b"%PDF-1.7")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    for marker in (
        b"/Lang(de",
        b"/MarkInfo",
        b"/StructTreeRoot",
        b"/Outlines",
        b"/DisplayDocTitle true",
        b"/Alt(",
    ):
        assert marker in made, marker
    assert made == pdf.pdf_of(a_report(language="de"), published_by="Tom Berg")


@pytest.mark.usefixtures("_reader")
def test_nothing_that_people_write_stops_the_pdf_or_becomes_markup() -> None:
    chance = random.Random(20260302)  # noqa: S311 – to find odd texts, not to hide anything
    pieces = [
        *"#[]{}()$\\`*_<>@=~-+/'\"%&;:|^!?.,\n\r\t \u200f\u202e\u00ad\ufeff\u2028\x00\x07\x7f\ud800\ufffe",
        "#panic()",
        '#read("/etc/passwd")',
        "$ sum_(i=1)^n $",
        "]#import(",
        "https://a.example/?q=1#x",
        "// ",
        "/* ",
        "<report>",
        "@report",
        "= Heading",
        "\n\n",
        "مرحبا",
        "你好",
        "😀",
        "e\u0301",
        "\U000e0001",
    ]
    for _round in range(25):
        words = "".join(chance.choices(pieces, k=chance.randint(1, 120)))
        made = pdf.pdf_of(a_report(words))
        assert made.startswith(b"%PDF-1.7")
        assert b"<pdfuaid:part>1</pdfuaid:part>" in made


@pytest.mark.usefixtures("_reader")
def test_arabic_cyrillic_greek_and_hebrew_names_are_written_and_others_by_their_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: list[dict[str, object]] = []
    compile_pdf = pdf._set  # noqa: SLF001 – what reaches the layout is what is written

    def noted(content: dict[str, object], document: Document) -> bytes:
        made = compile_pdf(content, document)
        given.append(content)
        return made

    monkeypatch.setattr(pdf, "_set", noted)
    pdf.pdf_of(a_report("Амаль אמל أمل Αμάλ"))
    assert "Амаль אמל أمل Αμάλ" in json.dumps(given[-1], ensure_ascii=False)
    monkeypatch.setattr(pdf, "_has_a_font", lambda one: one not in "你\U0010fffd")
    pdf.pdf_of(a_report("\U0010fffd你 أمل"))
    said = json.dumps(given[-1], ensure_ascii=False)
    if "U+4F60" in said:  # a machine without a Chinese font
        assert "no font for some characters" in said
        assert "أمل" in said
    else:
        assert "你" in said


def test_a_plausible_range_is_rounded_outwards_so_that_no_verdict_contradicts_it() -> None:
    """Of 11 of 30 it is 21.9 to 54.5 per cent: in a band of 22 to 54 that is not clear yet, and has to look so."""
    counts = dict.fromkeys(Role, Count(11))
    states: dict[str, Any] = dict.fromkeys(("acting", "sustained", "emerging", "nothing"), counts)
    learners = Slice(by=By.ALL, key="learners", members=30, **states)
    profile = Profile(
        window=WINDOW, members=30, enough=True, slices=(learners,), acts=dict.fromkeys(Role, 40)
    )
    role = _role(figures_of(profile, _A_TARGET).roles[1], 40, told=True)
    point = _point(profile, learners, Role.CREATOR)
    assert (role.low, role.high, role.verdict) == (21, 55, "unclear")
    assert (point.low, point.high) == (21, 55)


CHAIN = [Edge(number, number + 1, 3) for number in range(1, 5)]
"""Five people, one after the other."""


def test_the_network_speaks_of_lms_roles_of_many_only() -> None:
    edges = [*CHAIN, Edge(2, 1, 1), Edge(99, 1, 5)]
    mixed = graph_of(a_population(30, learners=22), edges, 5)
    few = graph_of(a_population(30, learners=28), edges, 5)
    assert mixed is not None
    assert few is not None
    assert Counter(mixed.roles) == {"learner": 22, "instructor": 8}
    assert Counter(few.roles) == {"": 30}
    assert sorted(weight for _from, _to, weight in mixed.edges) == [1, 3, 3, 3, 3]
    assert graph_of(a_population(9), edges, 5) is None


def test_no_network_is_written_from_which_few_with_ties_or_few_without_could_be_told() -> None:
    def written(members: int, ties: int) -> bool:
        ring = [Edge(number, number % ties + 1, 1) for number in range(1, ties + 1)]
        return graph_of(a_population(members), ring, 5) is not None

    assert [written(12, ties) for ties in (4, 5, 7, 8, 11, 12)] == [False, True, True, False, False, True]
    assert [shape_refused(12, ties, least=5) for ties in (4, 7, 8, 12)] == ["few", "", "alone", ""]
    assert shape_refused(9, 9, least=5) == "members"


def test_the_network_is_graphml_whatever_its_words_are() -> None:
    graph = graph_of(a_population(12), CHAIN, 5)
    assert graph is not None
    text = "".join(
        graphml(graph, caution="<b>&", definition="roles/1", first="2026-02-02", last="2026-03-01")
    )
    assert ET.fromstring(text)[0].text == "<b>&"  # noqa: S314 – ours
    assert re.search(r'<edge source="n\d+" target="n\d+"><data key="weight">3</data>', text)


def test_every_event_that_is_read_stands_in_the_data_list_with_its_source() -> None:
    lines = data_lines({}, "UTC")
    assert {line.event for line in lines} == {kind.name for kind in used_events()}
    assert {name.partition(".")[0] for name in READERS} <= set(SOURCES)
    assert not [line.event for line in lines if not line.purpose or not line.what]


LONG = f"https://lms.example.edu/view.php?id=17&section=3&{'parameter=value-and-more&' * 3}{'x' * 60}/end"


@pytest.mark.usefixtures("_reader")
def test_a_long_address_ends_within_its_page_and_leads_where_it_did() -> None:
    report = a_report(f"Look at {LONG} and at others.")
    findings, stories = report.sections
    made = pdf.pdf_of(replace(report, sections=(findings, replace(stories, rows=(("Linked", LONG),)))))
    assert LONG.encode() in made
    left, _bottom, right, _top = map(float, re.findall(rb"/Rect ?\[([^\]]+)\]", made)[0].split())
    assert 60 < left < right < 595 - 60, "points of an A4 page with its margins"


@pytest.mark.usefixtures("_reader")
def test_the_data_list_is_folded_by_source_and_says_once_what_is_the_same_for_all() -> None:
    def line(event: str, *fields: str) -> DataLine:
        return DataLine(
            source=event.partition(".")[0],
            event=event,
            version=1,
            what="Something happened.",
            fields=("actor_id", "at", *fields),
            purpose="Who acts",
            retention="A year",
            responsible="",
            timeframe="As it happens",
        )

    data = (line("one.a", "stars"), line("one.b"), line("two.c", "words"))
    found = list(blocks(replace(a_report(), data=data)))
    folded = [block.table for block in found if block.folded and block.table]
    assert [table.title for table in folded[:2]] == ["one", "two"]
    assert folded[0].rows == (
        ("one.a 1", "Something happened.", "stars"),
        ("one.b 1", "Something happened.", "–"),
    )
    assert [row[-1] for row in folded[2].rows] == ["one.a, one.b", "two.c"]
    said = [block.words for block in found]
    assert said.count("As it happens.") == 1
    assert [words for words in said if "actor_id, at" in words]
