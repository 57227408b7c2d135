"""Charts outside of our pages: in documents, printed reports and downloads, where no style sheet is."""

from collections.abc import Mapping
from types import MappingProxyType
from xml.etree import ElementTree as ET

from lmssocial_reporting.charts.chart import Chart

WIDTH, TEXT = 640.0, 13.0
"""How wide a picture is, and how large its text, in its own units."""

_SVG = "http://www.w3.org/2000/svg"
_FONT = "Noto Sans, DejaVu Sans, Liberation Sans, Helvetica, Arial, sans-serif"
_INK, _SOFT, _LINE, _EDGE, _ACCENT = "#1a2130", "#596273", "#e3e7ec", "#8790a0", "#0b5cab"

LOOKS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "chart-text": {"fill": _INK, "font-family": _FONT, "font-size": f"{TEXT:g}"},
        "chart-name": {"font-weight": "600"},
        "chart-soft": {"fill": _SOFT},
        "chart-grid": {"stroke": _LINE},
        "chart-axis": {"stroke": _EDGE},
        "chart-band": {"fill": "#edf4fb", "stroke": _EDGE},
        "chart-reach": {"stroke": _SOFT, "stroke-width": "3", "stroke-linecap": "round"},
        "chart-rim": {"stroke": _EDGE, "stroke-dasharray": "3 3"},
        "chart-line": {"stroke": _ACCENT, "stroke-width": "2", "stroke-linecap": "round"},
        "chart-filling": {"stroke-dasharray": "1 5"},
        "chart-ribbon": {"fill": "#dbe8f5"},
        "chart-mark": {"fill": _ACCENT, "stroke": "#ffffff"},
        "chart-bar": {"fill": _ACCENT},
        "chart-bar-2": {"fill": "#5b8fc7"},
        "chart-bar-3": {"fill": _EDGE},
        "chart-beside": {"stroke": _INK, "stroke-width": "3"},
        "chart-cell": {"fill": _ACCENT},
        "chart-tie": {"stroke": _EDGE},
        "chart-tie-2": {"stroke-width": "1.5"},
        "chart-tie-3": {"stroke-width": "2.5"},
        "chart-tie-4": {"stroke-width": "4"},
        "chart-node": {"fill": _ACCENT, "stroke": "#ffffff"},
        "chart-staff": {"fill": _INK},
        "chart-bridge": {"fill": "#7f4b00"},
        "chart-open": {"fill": "#ffffff", "stroke": _ACCENT, "stroke-width": "2"},
    }
)
"""How each class looks; a later one wins over an earlier one, as in ``charts.css``."""

_ORDER = {name: number for number, name in enumerate(LOOKS)}
_ACROSS = frozenset({"x", "x1", "x2", "cx", "width"})
_DOWN = frozenset({"y", "y1", "y2", "cy", "height"})


def for_print(chart: Chart) -> str:
    """The picture of ``chart`` by itself: with colours, in plain numbers, on white, as wide as a page."""
    root = ET.fromstring(str(chart.svg))  # noqa: S314 – our own picture, not somebody's file
    height = float(root.get("height", "0em").removesuffix("em")) * TEXT
    out = ET.Element(
        "svg",
        {
            "xmlns": _SVG,
            "role": "img",
            "aria-labelledby": root.get("aria-labelledby", ""),
            "width": f"{WIDTH:g}",
            "height": f"{height + 12:g}",
            "viewBox": f"-8 -6 {WIDTH + 16:g} {height + 12:g}",
        },
    )
    names = [child for child in root if _name(child) in {"title", "desc"}]
    for child in names:
        ET.SubElement(out, _name(child), child.attrib).text = child.text
    ET.SubElement(
        out,
        "rect",
        {"x": "-8", "y": "-6", "width": f"{WIDTH + 16:g}", "height": f"{height + 12:g}", "fill": "#ffffff"},
    )
    for child in root:
        if child not in names:
            out.append(_plain(child, WIDTH))
    return ET.tostring(out, encoding="unicode")


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _plain(element: ET.Element, wide: float) -> ET.Element:
    """The element without percentages, sizes of text and pictures within the picture."""
    if _name(element) == "svg":
        return _group(element, wide)
    classes = element.get("class", "").split()
    looks: dict[str, str] = {}
    for one in sorted((one for one in classes if one in LOOKS), key=_ORDER.__getitem__):
        looks |= LOOKS[one]
    given = {key: _number(key, value, wide) for key, value in element.attrib.items() if key != "class"}
    found = ET.Element(_name(element), looks | given)
    found.text = element.text
    return found


def _group(element: ET.Element, wide: float) -> ET.Element:
    """A picture within the picture: moved to its place, and stretched if it has a view of its own."""
    x, y = (_number(key, element.get(key, "0"), wide) for key in ("x", "y"))
    moved = f"translate({x} {y})"
    if view := element.get("viewBox"):
        _left, _top, width, height = (float(part) for part in view.split())
        own = (float(_number(key, element.get(key, "0"), wide)) for key in ("width", "height"))
        moved += " scale({:.5f} {:.5f})".format(*(a / b for a, b in zip(own, (width, height), strict=True)))
    found = ET.Element("g", {"transform": moved})
    found.extend(_plain(child, wide) for child in element)
    return found


def _number(key: str, value: str, wide: float) -> str:
    if key in _ACROSS and value.endswith("%"):
        return f"{float(value.removesuffix('%')) / 100 * wide:.2f}"
    if key in _DOWN and value.endswith("em"):
        return f"{float(value.removesuffix('em')) * TEXT:.2f}"
    return value
