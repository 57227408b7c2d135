"""Charts: what everybody can read in them, however they look at them or hear of them."""

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from lmssocial_reporting.charts.bars import Bar, bars
from lmssocial_reporting.charts.chart import Caption, Chart
from lmssocial_reporting.charts.dots import Dot, dots
from lmssocial_reporting.charts.drawing import Mark, percents
from lmssocial_reporting.charts.heat import heat
from lmssocial_reporting.charts.letters import ROOM, ems, lines_of
from lmssocial_reporting.charts.lines import Panel, Point, lines
from lmssocial_reporting.charts.lorenz import curve_of, lorenz
from lmssocial_reporting.charts.network import Looks, Node, Tie, network
from lmssocial_reporting.charts.printing import LOOKS, TEXT, WIDTH, for_print

SHEET = Path(__file__).parents[3] / "frontend" / "css" / "components" / "charts.css"
NAME = "<script>alert(1)</script> & more"
CAPTION = Caption(key="one", title="A title", finding="A finding.", description=NAME)


def some_dots() -> Chart:
    """One row for each shape, and one that is not said."""
    rows = [
        Dot(name=NAME, share=0.3, low=0.2, high=0.45, band=(0.1, 0.2), mark=mark, word=mark.value)
        for mark in Mark
    ]
    return dots([*rows, Dot(name="Carrier", share=None, word="too few to say")], CAPTION)


def some_lines() -> Chart:
    """A series with a gap and a last point that is still filling."""
    points = [
        Point(label=f"{number} Mar", share=share, low=0.1, high=0.6, filling=number == 5)
        for number, share in enumerate((0.2, None, 0.3, 0.4, 0.5), start=1)
    ]
    return lines([Panel(name=NAME, points=tuple(points), band=(0.2, 0.4))], CAPTION)


def some_bars() -> Chart:
    """Whole ones and one of parts."""
    rows = [
        Bar(name=NAME, value=4, said="4 days", beside=2, said_beside="median 2"),
        Bar(name="Two", value=3, said="3 days", parts=(1, 1, 1)),
        Bar(name="None", value=None, said="too few"),
    ]
    return bars(rows, CAPTION, header=("", "Days", "Median"))


def some_heat() -> Chart:
    """Two rows, three columns."""
    return heat({(0, 0): 4, (1, 2): 1}, ["Mon", NAME], ["0:00", "1:00", "2:00"], CAPTION, every=1)


def some_lorenz() -> Chart:
    """Of forty people."""
    return lorenz([*[0] * 20, *range(20)], CAPTION)


def some_network() -> Chart:
    """A point of each shape."""
    nodes = [Node(number / 3, number / 3, 0.5, looks, NAME) for number, looks in enumerate(Looks)]
    ties = [Tie(0, 1, 0.1), Tie(1, 2, 0.4), Tie(2, 3, 0.6), Tie(3, 0, 1.0)]
    return network(nodes, ties, CAPTION, header=("", "Number"), rows=(("People", "4"),))


CHARTS = (some_dots, some_lines, some_bars, some_heat, some_lorenz, some_network)


@pytest.mark.parametrize("draw", CHARTS)
def test_a_chart_says_everything_in_words_and_carries_no_script_style_or_colour(
    draw: Callable[[], Chart],
) -> None:
    chart = draw()
    root = ET.fromstring(str(chart.svg))  # noqa: S314 – our own picture
    said = {one.get("id"): one.text for one in root if one.tag.endswith(("title", "desc"))}
    assert root.get("role") == "img"
    assert [said[name] for name in root.get("aria-labelledby", "").split()] == ["A title", NAME]
    assert chart.rows
    assert all(len(row) == len(chart.header) for row in chart.rows)
    assert all(cell for row in chart.rows for cell in row)
    names = {name for one in root.iter() for name in one.attrib}
    assert not names & {"style", "fill", "stroke", "onclick", "href"}
    assert "<script" not in chart.svg
    assert "&lt;script&gt;" in chart.svg, "escaped, and not dropped"


@pytest.mark.parametrize("draw", CHARTS)
def test_every_class_of_a_chart_has_its_look_on_pages_and_on_paper(draw: Callable[[], Chart]) -> None:
    svg, sheet = str(draw().svg), SHEET.read_text("utf-8")
    used = {name for found in re.findall(r'class="([^"]+)"', svg) for name in found.split()}
    plain = {"chart-tie-1", "chart-bar-1"}  # the first of several looks like its kind
    on_pages = set(re.findall(r"\.(chart-[a-z0-9-]+)", sheet))
    assert used - plain <= on_pages
    assert used - plain - {"chart-svg"} <= LOOKS.keys()


@pytest.mark.parametrize("draw", CHARTS)
def test_a_chart_for_print_stays_on_its_page_in_plain_numbers(draw: Callable[[], Chart]) -> None:
    root = ET.fromstring(for_print(draw()))  # noqa: S314 – our own picture
    height = float(root.get("height", ""))
    assert not [
        value for one in root.iter() for value in one.attrib.values() if re.search(r"\d(%|em)$", value)
    ]
    for one in root.iter():
        if one.tag.endswith("text"):
            assert 0 <= float(one.get("x", "")) <= WIDTH
            assert 0 < float(one.get("y", "")) <= height
            assert one.get("font-size") == f"{TEXT:g}"


def test_no_meaning_rests_on_a_colour() -> None:
    svg = str(some_dots().svg)
    shapes = set(re.findall(r'<path d="([^"]+)"', svg))
    assert len(shapes) == 3, "below, above, unclear; within is a circle"
    assert all(f"30\xa0% · {mark.value}" in svg for mark in Mark)
    assert "5.5" in re.findall(r'<circle[^>]*r="([^"]+)" class="chart-mark"', svg)
    assert some_lines().rows[0][-1].endswith("still filling")


def test_a_curve_has_no_step_of_one_person_and_a_range_is_never_cut_off() -> None:
    curve = curve_of([*[0] * 20, *range(20)])
    assert curve[0] == (0.0, 0.0)
    assert curve[-1] == (1.0, 1.0)
    assert min(b[0] - a[0] for a, b in pairwise(curve)) >= 5 / 40
    assert curve_of([0, 0]) == [(0.0, 0.0), (1.0, 1.0)]
    assert percents(0.199, 0.331) == "19–34\xa0%"
    assert percents(0.29, 0.57) == "29–57\xa0%"


@pytest.mark.parametrize("odd", ["\x00", "\x08", "\x1b", "\ud800", "\ufffe"])
def test_a_title_with_what_no_xml_has_leaves_a_picture_for_print(odd: str) -> None:
    chart = bars([Bar(name=f"A{odd}B", value=3, said="3")], CAPTION, header=("", "Acts"))
    assert "A\ufffdB" in for_print(chart)


LONG = "Mit einer anderen Community geteilt"


def texts(chart: Chart) -> list[tuple[str, float, float, str]]:
    """The words in a picture: place across in per cent and down in ems, and which end stands there."""
    return [
        (
            one.text or "",
            float(one.get("x", "%")[:-1]),
            float(one.get("y", "em")[:-2]),
            one.get("text-anchor", ""),
        )
        for one in ET.fromstring(str(chart.svg)).iter()  # noqa: S314 – our own picture
        if one.tag.endswith("text")
    ]


def test_a_long_name_has_a_line_of_its_own_where_its_value_would_lie_over_it() -> None:
    rows = [Bar(name="Short", value=2, said="165"), Bar(name=LONG, value=1, said="165 · 5 %")]
    short, value, *long, below = texts(bars(rows, CAPTION, header=("", "Items")))
    assert short[2] == value[2]
    assert " ".join(one[0] for one in long) == LONG
    assert below[2] >= long[-1][2] > long[0][2]
    assert ems(long[-1][0]) + ems(below[0]) < ROOM
    said = Dot(name="Verbindende", share=None, word="zu wenige, um es zu sagen")
    name, word = [one for one in texts(dots([said], CAPTION)) if not one[0].endswith("%")]
    assert word[2] > name[2]


def test_lines_are_no_wider_than_their_room_and_lose_no_letter() -> None:
    for words in (LONG, "W" * 90, "一" * 50, "", "two  blanks"):
        found = lines_of(words)
        assert all(ems(one) <= ROOM for one in found)
        assert "".join(found).replace(" ", "") == words.replace(" ", "")


def test_words_below_a_curve_fit_on_the_narrowest_screen() -> None:
    assert all(ems(words) <= ROOM for words, *_place in texts(some_lorenz()))


def test_bars_begin_at_the_right_where_text_does() -> None:
    app = Flask("pictures")
    Babel(app)
    with app.test_request_context(), force_locale("ar"):
        svg = str(some_bars().svg)
        first, value, *_more = texts(some_bars())
    assert first[1:4:2] == (100, "end"), "the right end of the name is at the right"
    assert value[1:4:2] == (0, "start")
    whole = re.search(r'<rect x="([^"]+)"', svg)
    assert whole
    assert whole[1] == "0%", "the longest reaches from the right to the left end"
