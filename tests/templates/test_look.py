"""Every component, in a real browser: narrow and wide, light and dark, both directions, heard and seen."""

from collections.abc import Callable
from html.parser import HTMLParser

import httpx
import pytest
from playwright.sync_api import Page, expect

PAGES = ("/look", "/admin", "/plain", "/error/401", "/error/503")
WIDTHS = (320, 360, 760, 1200)

LookAt = Callable[..., Page]

OVERHANGING = """() => [...document.querySelectorAll('body *')]
    .filter(element => element.checkVisibility())
    .filter(element => !element.closest('pre, div.math, .table-frame, .only-heard, .skip, svg'))
    .filter(element => { const box = element.getBoundingClientRect();
        return box.width > 1 && (box.right > innerWidth + 1 || box.left < -1); })
    .map(element => element.outerHTML.slice(0, 120))"""

SMALL_TARGETS = """() => [...document.querySelectorAll(
        'button, summary, .button, .act, nav a, .tabs a, .tool, input, select, textarea, .check label, label.choice')]
    .filter(element => element.checkVisibility() && !element.disabled && !element.closest('.skip'))
    .filter(element => !(element.matches('input[type=radio], input[type=checkbox]') && element.labels.length))
    .filter(element => { const box = element.getBoundingClientRect(); return box.height < 31.9 || box.width < 31.9; })
    .map(element => `${element.outerHTML.slice(0, 100)} ${element.getBoundingClientRect().height}`)"""


@pytest.mark.parametrize("locale", ["en", "ar"])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_hangs_over_the_edge_at_any_width(look_at: LookAt, path: str, locale: str) -> None:
    page = look_at(f"{path}?locale={locale}")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
        assert page.evaluate(OVERHANGING) == [], (path, width)


def test_the_edge_is_really_watched(look_at: LookAt) -> None:
    page = look_at("/plain", width=320)
    page.evaluate("document.querySelector('h1').style.width = '900px'")
    assert page.evaluate(OVERHANGING)


@pytest.mark.parametrize(("locale", "scheme"), [("en", "light"), ("ar", "dark")])
@pytest.mark.parametrize("path", PAGES)
def test_axe_has_nothing_to_say(
    look_at: LookAt, axe_source: str, path: str, locale: str, scheme: str
) -> None:
    page = look_at(f"{path}?locale={locale}", width=360 if locale == "ar" else 760, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    page.evaluate(axe_source)
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [
        (found["id"], node["html"][:160], node["failureSummary"])
        for found in result["violations"]
        for node in found["nodes"]
    ] == []


def test_the_page_turns_round_for_languages_that_do(look_at: LookAt) -> None:
    page = look_at("/look?locale=ar")
    assert page.get_attribute("html", "dir") == "rtl"
    face, name = (
        page.locator(".post .face").first.bounding_box(),
        page.locator(".post h2").first.bounding_box(),
    )
    assert face
    assert name
    assert face["x"] > name["x"]


@pytest.mark.parametrize("width", [320, 1200])
def test_everything_to_touch_is_at_least_32_pixels(look_at: LookAt, width: int) -> None:
    assert look_at("/look", width=width).evaluate(SMALL_TARGETS) == []


def test_light_and_dark_follow_the_system(look_at: LookAt) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    assert look_at("/plain", color_scheme="light").evaluate(paper) == "rgb(255, 255, 255)"
    dark = look_at("/plain", color_scheme="dark").evaluate(paper)
    assert max(int(part) for part in dark[4:-1].split(",")) < 64


def test_replies_step_to_the_side_twice_where_there_is_room_and_once_where_not(look_at: LookAt) -> None:
    page = look_at("/look", width=1000)
    starts = (
        "[1, 2, 3, 4].map(number => document.getElementById(`post-${number}`).getBoundingClientRect().left)"
    )
    first, second, third, fourth = page.evaluate(starts)
    assert first < second < third == fourth
    page.set_viewport_size({"width": 360, "height": 900})
    first, second, third, fourth = page.evaluate(starts)
    assert first < second == third == fourth


def test_the_focus_is_seen_wherever_the_tab_key_leads(look_at: LookAt, complaints: list[str]) -> None:
    page = look_at("/admin")
    for _ in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outline")
        assert "solid 2px" in outline, page.evaluate("document.activeElement.outerHTML")
    assert complaints == []


def test_the_skip_link_appears_first_and_leads_to_the_content(look_at: LookAt) -> None:
    page = look_at("/admin")
    page.keyboard.press("Tab")
    box = page.locator(".skip").bounding_box()
    assert box
    assert box["height"] >= 32
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_nothing_moves_for_people_who_asked_for_no_motion(look_at: LookAt) -> None:
    page = look_at("/look", reduced_motion="reduce")
    longest = """Math.max(...[...document.querySelectorAll('*')]
        .map(element => parseFloat(getComputedStyle(element).transitionDuration) || 0))"""
    assert page.evaluate(longest) == 0
    assert look_at("/look").evaluate(longest) > 0


def test_high_contrast_keeps_the_edges_of_buttons_and_the_marks(look_at: LookAt) -> None:
    page = look_at("/look", forced_colors="active")
    assert page.evaluate("getComputedStyle(document.querySelector('.notice')).borderTopStyle") == "solid"
    assert page.evaluate("getComputedStyle(document.querySelector('.tag')).borderTopStyle") == "solid"


def test_paper_gets_the_words_and_not_the_buttons(look_at: LookAt) -> None:
    page = look_at("/look")
    page.emulate_media(media="print")
    assert page.locator(".post .prose").first.is_visible()
    for gone in (".bar-nav", ".acts", ".composer", ".tools"):
        assert not page.locator(gone).first.is_visible(), gone


def test_pages_obey_their_content_security_policy(look_at: LookAt, complaints: list[str]) -> None:
    for path in PAGES:
        look_at(path).wait_for_timeout(100)
    assert complaints == []


def test_icons_are_drawn_from_the_sprite(look_at: LookAt) -> None:
    page = look_at("/look")
    assert page.evaluate("document.querySelector('.post .icon use').getBoundingClientRect().width") > 4


class Inline(HTMLParser):
    """Collects what a strict policy forbids."""

    def __init__(self) -> None:
        """Nothing found yet."""
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note scripts without an address, style elements and attributes, handlers and script addresses."""
        names = dict(attrs)
        if tag == "style" or (tag == "script" and not names.get("src")):
            self.found.append(tag)
        self.found += [name for name in names if name == "style" or name.startswith("on")]
        self.found += [value for value in names.values() if value and value.lower().startswith("javascript:")]


@pytest.mark.parametrize("path", [*PAGES, "/workshop"])
def test_no_page_has_inline_scripts_or_styles(site: str, path: str) -> None:
    parser = Inline()
    parser.feed(httpx.get(site + path).text)
    assert parser.found == []


def test_without_scripts_times_and_forms_are_there(look_at: LookAt) -> None:
    page = look_at("/workshop", java_script_enabled=False)
    assert page.locator("relative-time time").first.inner_text()
    assert not page.locator("markdown-toolbar").is_visible()
    assert not page.get_by_role("button", name="Copy").is_visible()
    page.fill("#reply textarea", "Two packages.")
    page.get_by_role("button", name="Post reply").click()
    expect(page.locator("#post-9")).to_contain_text("Two packages.")


def test_what_can_be_folded_out_has_a_sign_that_says_so(look_at: LookAt) -> None:
    page = look_at("/plain")
    sign = """open => {
        const fold = document.createElement('details')
        fold.className = 'fold-out'
        fold.open = Boolean(open)
        fold.innerHTML = '<summary>19 lines</summary>'
        document.querySelector('main').append(fold)
        return getComputedStyle(fold.firstChild, '::before').content
    }"""
    assert "▸" in page.evaluate(sign, "")
    assert "▾" in page.evaluate(sign, "open")
