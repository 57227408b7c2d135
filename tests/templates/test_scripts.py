"""What the scripts add to pages, in a real browser under the real content security policy."""

import re
from collections.abc import Callable, Iterator
from http import HTTPStatus

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.templates.workshop import Workshop

LookAt = Callable[..., Page]
WORDS = "Two packages that cost us the same."


@pytest.fixture(autouse=True)
def _no_complaints(complaints: list[str]) -> Iterator[None]:
    """No script error and no breach of the policy in any of these; a failed request is what some are about."""
    yield
    expected = ("Failed to load resource", "Failed to fetch")
    assert [text for text in complaints if not any(part in text for part in expected)] == []


def composer(page: Page) -> "Composer":
    """The composer of the workshop."""
    return Composer(page)


class Composer:
    """What a person does with a composer."""

    def __init__(self, page: Page) -> None:
        """On this page."""
        self.page = page
        self.text = page.locator("#reply textarea")
        self.saved = page.locator("[data-saved]")

    def write(self, words: str = WORDS) -> None:
        """Type as people do."""
        self.text.press_sequentially(words)

    def post(self) -> None:
        """Press the button."""
        self.page.get_by_role("button", name="Post reply").click()


def test_a_reply_appears_takes_the_focus_and_is_announced(look_at: LookAt, workshop: Workshop) -> None:
    page = look_at("/workshop")
    composer(page).write()
    composer(page).post()
    expect(page.locator("#post-9")).to_contain_text(WORDS)
    expect(page.locator("#post-9-name")).to_be_focused()
    expect(page.locator("#notices")).to_have_text("Your reply is posted.")
    expect(page.locator("#live")).to_have_text("Your reply is posted.")
    assert workshop.replies == [WORDS]
    assert page.url.endswith("/workshop")


@pytest.mark.parametrize("keys", ["Control+Enter", "Meta+Enter"])
def test_control_enter_posts(look_at: LookAt, workshop: Workshop, keys: str) -> None:
    page = look_at("/workshop")
    composer(page).write()
    composer(page).text.press(keys)
    expect(page.locator("#post-9")).to_be_visible()
    assert workshop.replies == [WORDS]


def test_a_refused_form_comes_back_with_the_focus_in_the_wrong_field(look_at: LookAt) -> None:
    page = look_at("/workshop")
    composer(page).post()
    expect(page.get_by_text("Write something first.")).to_be_visible()
    expect(composer(page).text).to_be_focused()


@pytest.mark.parametrize(
    "status",
    [
        HTTPStatus.FORBIDDEN,
        HTTPStatus.CONFLICT,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.INTERNAL_SERVER_ERROR,
    ],
)
def test_an_error_is_said_beside_the_form_and_the_words_stay(
    look_at: LookAt, workshop: Workshop, status: HTTPStatus
) -> None:
    page = look_at("/workshop")
    workshop.reply_status = status
    composer(page).write()
    composer(page).post()
    error = page.locator(".notice[data-error]")
    expect(error).to_contain_text("6a8f0b31")
    expect(error).to_be_focused()
    expect(composer(page).text).to_have_value(WORDS)
    expect(page.locator("#live")).to_contain_text("6a8f0b31")
    workshop.reply_status = HTTPStatus.OK
    composer(page).post()
    expect(page.locator("#post-9")).to_contain_text(WORDS)
    expect(error).to_have_count(0)


def test_a_server_out_of_reach_is_said_and_the_words_stay(look_at: LookAt) -> None:
    page = look_at("/workshop")
    page.route("**/workshop/reply", lambda route: route.abort())
    composer(page).write()
    composer(page).post()
    expect(page.locator(".notice[data-error]")).to_contain_text("could not be reached")
    expect(composer(page).text).to_have_value(WORDS)


def test_the_next_page_takes_the_place_of_the_link_to_it(look_at: LookAt) -> None:
    page = look_at("/workshop")
    page.get_by_role("link", name="Show more").click()
    expect(page.locator("#posts > li:not(.more)")).to_have_count(6)
    expect(page.get_by_role("link", name="post 4")).to_be_focused()
    page.get_by_role("link", name="Show more").click()
    expect(page.locator("#posts > li:not(.more)")).to_have_count(9)
    expect(page.locator(".more")).to_have_count(0)


def test_a_list_that_cannot_go_on_says_so_and_keeps_its_link(look_at: LookAt) -> None:
    page = look_at("/workshop")
    broken = "<p class='problem'>Broken, 6a8f</p>"
    page.route("**/workshop?page=2", lambda route: route.fulfill(status=500, body=broken))
    page.get_by_role("link", name="Show more").click()
    expect(page.locator(".notice[data-error]")).to_contain_text("Broken, 6a8f")
    expect(page.get_by_role("link", name="Show more")).to_be_visible()


def test_the_preview_opens_under_the_text(look_at: LookAt, workshop: Workshop) -> None:
    page = look_at("/workshop")
    composer(page).write()
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".composer-preview")).to_have_text(f"Preview of {len(WORDS)} characters")
    assert workshop.replies == []


def test_the_toolbar_is_one_stop_for_the_keyboard_and_formats(look_at: LookAt) -> None:
    page = look_at("/workshop")
    composer(page).write("limit")
    composer(page).text.select_text()
    page.get_by_role("button", name="Bold").click()
    expect(composer(page).text).to_have_value("**limit**")
    composer(page).text.focus()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Bold")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Italic")).to_be_focused()
    page.keyboard.press("Tab")
    expect(composer(page).text).to_be_focused()


def test_a_draft_is_saved_one_second_after_a_pause(look_at: LookAt, workshop: Workshop) -> None:
    page = look_at("/workshop?seq=4")
    composer(page).write()
    expect(composer(page).saved).to_have_text(re.compile(r"Saved \d+:\d\d"))
    assert [(draft["body"], draft["seq"]) for draft in workshop.drafts] == [(WORDS, "5")]
    assert workshop.drafts[0]["csrf_token"] == "token"
    composer(page).write(" And one more.")
    with page.expect_response("**/draft"):
        pass
    assert [(draft["body"], draft["seq"]) for draft in workshop.drafts[1:]] == [
        (f"{WORDS} And one more.", "6")
    ]


def test_a_tab_left_behind_stops_saving_and_says_so(look_at: LookAt, workshop: Workshop) -> None:
    page = look_at("/workshop")
    workshop.draft_status = HTTPStatus.CONFLICT
    composer(page).write()
    expect(composer(page).saved).to_contain_text("another tab")
    composer(page).write(" More.")
    page.wait_for_timeout(1500)
    assert len(workshop.drafts) == 1


def test_a_draft_the_server_never_got_is_back_when_the_page_is_opened_again(
    look_at: LookAt, workshop: Workshop
) -> None:
    page = look_at("/workshop")
    workshop.draft_status = HTTPStatus.SERVICE_UNAVAILABLE
    composer(page).write()
    expect(composer(page).saved).to_contain_text("this device only")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(composer(page).text).to_have_value(WORDS)
    expect(composer(page).saved).to_have_text("Restored from this device")
    composer(page).post()
    expect(page.locator("#post-9")).to_contain_text(WORDS)
    page.reload()
    expect(composer(page).text).to_have_value("")


def test_leaving_with_unsaved_words_asks_and_with_saved_ones_does_not(
    look_at: LookAt, workshop: Workshop
) -> None:
    asked: list[str] = []
    page = look_at("/workshop")

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    workshop.draft_status = HTTPStatus.SERVICE_UNAVAILABLE
    composer(page).write()
    expect(composer(page).saved).not_to_be_empty()
    page.reload()
    assert asked == ["beforeunload"]
    workshop.draft_status = HTTPStatus.NO_CONTENT
    composer(page).write(" More.")
    expect(composer(page).saved).to_contain_text("Saved")
    page.reload()
    assert asked == ["beforeunload"]


def test_words_of_a_moment_ago_are_saved_when_the_page_is_left(look_at: LookAt, workshop: Workshop) -> None:
    page = look_at("/workshop")
    page.on("dialog", lambda dialog: dialog.accept())
    composer(page).write()
    page.goto(page.url.replace("/workshop", "/plain"))
    for _ in range(50):
        if not workshop.drafts:
            page.wait_for_timeout(100)  # a beacon goes out on its own, and the browser tells nobody
    assert [(draft["body"], draft["seq"]) for draft in workshop.drafts] == [(WORDS, "5")]
    page.go_back()
    expect(composer(page).saved).to_be_empty()


def test_leaving_without_a_network_keeps_the_words_on_the_device(look_at: LookAt, workshop: Workshop) -> None:
    page = look_at("/workshop")
    page.on("dialog", lambda dialog: dialog.accept())
    composer(page).write()
    page.evaluate("Object.defineProperty(navigator, 'onLine', {value: false})")
    page.reload()
    expect(composer(page).text).to_have_value(WORDS)
    expect(composer(page).saved).to_have_text("Restored from this device")
    assert workshop.drafts == []


def test_whoever_is_signed_out_while_writing_reads_so(look_at: LookAt, workshop: Workshop) -> None:
    page = look_at("/workshop")
    workshop.draft_status = HTTPStatus.UNAUTHORIZED
    composer(page).write()
    expect(composer(page).saved).to_contain_text("your sign-in here is over")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(composer(page).text).to_have_value(WORDS)


def test_without_storage_everything_else_still_works(look_at: LookAt) -> None:
    page = look_at("/workshop")
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('refused'); }})"
    )
    page.reload()
    composer(page).write()
    expect(composer(page).saved).to_contain_text("Saved")
    composer(page).post()
    expect(page.locator("#post-9")).to_be_visible()


def test_news_are_announced_and_silence_is_silent(look_at: LookAt, workshop: Workshop) -> None:
    page = look_at("/plain")
    page.clock.install()
    page.goto(page.url.replace("/plain", "/workshop"))
    page.clock.fast_forward(23_000)
    page.wait_for_timeout(300)
    assert workshop.pulses == ['"0"']
    expect(page.locator("#live")).to_be_empty()
    workshop.news = "2 new replies"
    page.clock.fast_forward(23_000)
    expect(page.locator("#pulse")).to_have_text("2 new replies")
    page.clock.fast_forward(1_000)
    expect(page.locator("#live")).to_have_text("2 new replies")
    page.clock.fast_forward(23_000)
    page.wait_for_timeout(300)
    assert workshop.pulses == ['"0"', '"0"', '"1"']


def test_the_bell_rings_without_taking_the_focus_and_is_announced_only_when_it_counts_more(
    look_at: LookAt, workshop: Workshop
) -> None:
    page = look_at("/plain")
    page.clock.install()
    page.goto(page.url.replace("/plain", "/workshop"))
    page.locator("#bell").focus()
    workshop.unread = 3
    page.clock.fast_forward(23_000)
    expect(page.locator("#bell")).to_have_text("Notices, 3 unread")
    expect(page.locator("#bell")).to_be_focused()
    expect(page.locator("#bell")).to_have_attribute("href", "#new")
    expect(page.locator("#pulse")).to_be_empty()
    page.clock.fast_forward(1_000)
    expect(page.locator("#live")).to_have_text("Notices, 3 unread")
    workshop.unread = 2
    page.clock.fast_forward(23_000)
    expect(page.locator("#bell")).to_have_text("Notices, 2 unread")
    page.clock.fast_forward(1_000)
    expect(page.locator("#live")).to_have_text("Notices, 3 unread")  # nothing new was said


def test_a_page_nobody_looks_at_does_not_ask(look_at: LookAt, workshop: Workshop) -> None:
    page = look_at("/plain")
    page.clock.install()
    page.goto(page.url.replace("/plain", "/workshop"))
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    page.clock.fast_forward(60_000)
    page.wait_for_timeout(300)
    assert workshop.pulses == []
    with page.expect_response("**/pulse"):
        page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    assert workshop.pulses == ['"0"']


def test_times_are_told_in_the_readers_language(look_at: LookAt) -> None:
    said = "document.querySelector('relative-time').shadowRoot.textContent"
    assert look_at("/workshop").evaluate(said) == "4 minutes ago"
    assert "دقائق" in look_at("/workshop?locale=ar").evaluate(said)


def test_the_copy_button_copies_or_selects(look_at: LookAt) -> None:
    page = look_at("/workshop", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "https://social.example.edu"


def test_the_frame_is_told_the_height_and_only_when_it_changed(look_at: LookAt) -> None:
    page = look_at("/frame?src=", width=1000)
    page.evaluate(
        """() => { window.heights = []; addEventListener('message', event => {
            const message = JSON.parse(event.data);
            if (message.subject === 'lti.frameResize') { heights.push(message.height);
                document.querySelector('iframe').height = message.height; } }) }"""
    )
    page.evaluate("document.querySelector('iframe').src += 'workshop'")
    page.wait_for_function("heights.length > 0")
    page.wait_for_timeout(600)
    [height] = page.evaluate("heights")  # the answer of the page around it made nobody speak again
    frame = page.frames[-1]
    assert height == frame.evaluate("Math.ceil(document.body.getBoundingClientRect().height)")
    assert frame.evaluate("document.documentElement.scrollHeight <= innerHeight"), "two scroll bars"
    frame.evaluate("document.querySelector('h1').style.paddingBottom = '6px'")
    page.wait_for_timeout(400)
    assert page.evaluate("heights") == [height]
    frame.evaluate("document.querySelector('h1').style.paddingBottom = '60px'")
    page.wait_for_function("heights.length === 2")
    assert page.evaluate("heights[1]") == height + 60


def test_open_in_a_new_tab_is_offered_only_inside_a_frame(look_at: LookAt) -> None:
    alone = look_at("/look").locator("[data-framed-only]")
    expect(alone).to_have_count(1)
    expect(alone).not_to_be_visible()
    page = look_at("/frame?src=/look")
    expect(page.frame_locator("iframe").locator("[data-framed-only]")).to_be_visible()
