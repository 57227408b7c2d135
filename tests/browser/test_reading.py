"""What counts as read, and what helps somebody who writes, in a real browser."""

import json
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Response, Route, expect
from sqlalchemy.orm import Session

from lmssocial.core.kernel.secrets import new_token
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.widgets.discussion import marks, service
from lmssocial.widgets.discussion.drafts import ReplyDraft, ThreadDraft
from lmssocial.widgets.discussion.reading import Progress
from tests.support.discussion import let_pass
from tests.support.pages import accessibility_faults, no_horizontal_scroll
from tests.support.people import Place, make_person, make_place, sign_in
from tests.support.servers import OwnTool

LONG = "\n\n".join(f"Paragraph {number} of a long post." for number in range(12))


class Scene:
    """A course, and a thread of eight long posts by Tom."""

    def __init__(self, session: Session) -> None:
        """Write it."""
        self.place: Place = make_place(session)
        self.ana = make_person(session, self.place, "Ana Ruiz")
        self.ben = make_person(session, self.place, "Ben Okoro")
        self.tom = make_person(session, self.place, "Tom Berg", LmsRole.INSTRUCTOR)
        draft = ThreadDraft(placement_id=self.place.placement.id, title="Long", source=LONG + "\n\n#patience")
        posted = service.post_thread(session, let_pass, self.tom, draft)
        self.thread_id, self.opening_id = posted.thread_id, posted.post_id
        for _ in range(7):
            self.reply(session)
        self.base = f"/w/{self.place.placement.id}/discussion"

    def reply(self, session: Session) -> None:
        """One more post by Tom."""
        draft = ReplyDraft(parent_id=self.opening_id, source=LONG)
        service.reply_to(session, let_pass, self.tom, draft)


@pytest.fixture
def scene(session: Session) -> Scene:
    """The course."""
    return Scene(session)


Enter = Callable[[BrowserContext, Actor], str]


@pytest.fixture
def enter(app: Flask, session: Session, scene: Scene, live_tool: Callable[..., OwnTool]) -> Enter:
    """Sign somebody in to the running tool in a browser; answers the discussion's address."""
    tool = live_tool()

    def sign(context: BrowserContext, actor: Actor) -> str:
        token = new_token()
        sign_in(session, scene.place, actor, token)
        session.commit()
        with app.test_request_context():
            serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        cookie = serializer.dumps({"browser": token})
        context.add_cookies([{"name": "lmssocial-local", "value": cookie, "url": tool.address}])
        return f"{tool.address}{scene.base}"

    return sign


def progress(session: Session, scene: Scene, actor: Actor) -> Progress:
    session.rollback()
    return marks.progress_of(session, actor.user_id, scene.thread_id)


def unread(page: Page) -> int:
    return page.locator(".post.is-unread").count()


def let_it_be_framed(context: BrowserContext, course: str) -> None:
    """Show ``course`` on another origin, and let frames in it hold our pages as those of a known platform do."""
    (cookie,) = (f"{one['name']}={one['value']}" for one in context.cookies())

    def framed(route: Route) -> None:
        answer = route.fetch(headers={**route.request.headers, "cookie": cookie}, max_redirects=0)
        headers = {name: value for name, value in answer.headers.items() if name != "content-security-policy"}
        route.fulfill(response=answer, headers=headers)

    context.route("**/w/**", framed)
    context.route("http://course.test/", lambda route: route.fulfill(content_type="text/html", body=course))


def test_only_posts_whose_end_stayed_on_the_screen_are_read(
    page: Page, session: Session, scene: Scene, enter: Enter
) -> None:
    address = enter(page.context, scene.ben)
    page.goto(f"{address}/threads/{scene.thread_id}")
    assert unread(page) == 8
    with page.expect_response(lambda answer: answer.url.endswith("/read")) as told:
        page.locator("#post-3 .post-end").scroll_into_view_if_needed()
    assert told.value.status == 204
    expect(page.locator("#post-3.was-unread")).to_have_count(1)
    expect(page.locator("#post-3 h2 .only-heard")).to_have_text("Post 3, ")
    expect(page.locator("#post-8.is-unread")).to_have_count(1)
    read = progress(session, scene, scene.ben)
    assert read.has_read(3)
    assert not read.has_read(1), "its end was never on the screen"
    assert not read.has_read(8)
    page.reload()
    expect(page.locator("#post-3.is-unread")).to_have_count(0)
    expect(page.locator("#post-1.is-unread")).to_have_count(1)
    expect(page.get_by_role("link", name="First unread post")).to_have_attribute("href", "#post-1")


def test_what_only_flies_past_is_not_read(page: Page, session: Session, scene: Scene, enter: Enter) -> None:
    address = enter(page.context, scene.ben)
    page.goto(f"{address}/threads/{scene.thread_id}")
    page.evaluate(
        "for (let top = 0; top < document.body.scrollHeight; top += 400) scrollTo(0, top); scrollTo(0, 0)"
    )
    page.wait_for_timeout(3_500)
    assert progress(session, scene, scene.ben).unread_count(8) >= 7


def test_what_was_read_just_before_the_page_was_left_counts(
    page: Page, session: Session, scene: Scene, enter: Enter
) -> None:
    address = enter(page.context, scene.ben)
    page.goto(f"{address}/threads/{scene.thread_id}")
    page.locator("#post-2 .post-end").scroll_into_view_if_needed()
    page.wait_for_timeout(1_300)  # longer than it has to stay, shorter than ends are collected
    assert unread(page) == 8
    page.goto(f"{address}/")
    expect(page.locator(".unread-count").first).to_be_visible()
    for _ in range(50):
        if progress(session, scene, scene.ben).has_read(2):
            break
        page.wait_for_timeout(100)
    assert progress(session, scene, scene.ben).has_read(2)


def test_a_frame_as_tall_as_its_content_is_read_only_where_it_is_seen(
    browser: Browser, session: Session, scene: Scene, enter: Enter
) -> None:
    """The frame is on another origin, and so tall that everything in it is in sight of the frame itself."""
    context = browser.new_context(viewport={"width": 800, "height": 700})
    thread = f"{enter(context, scene.ben)}/threads/{scene.thread_id}"
    let_it_be_framed(context, f"<h1>Course</h1><iframe src='{thread}' width=700 height=9000></iframe>")
    page = context.new_page()
    page.goto("http://course.test/")
    frame = page.frame_locator("iframe")
    expect(frame.locator(".post")).to_have_count(8)
    page.wait_for_timeout(4_000)
    assert not progress(session, scene, scene.ben).has_read(8)
    assert progress(session, scene, scene.ben).unread_count(8) >= 6
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    frame.locator("#post-8 .post-end").scroll_into_view_if_needed()
    expect(frame.locator("#post-8.was-unread")).to_have_count(1)
    assert progress(session, scene, scene.ben).has_read(8)
    context.close()


@pytest.mark.parametrize("width", [320, 760, 1200])
def test_a_frame_of_another_origin_grows_to_its_content_and_then_is_quiet(
    browser: Browser, scene: Scene, enter: Enter, width: int
) -> None:
    context = browser.new_context(viewport={"width": width + 40, "height": 700})
    thread = f"{enter(context, scene.ben)}/threads/{scene.thread_id}"
    let_it_be_framed(
        context,
        f"""<iframe src='{thread}' width={width} height=300 style="border: 0"></iframe><script>
        window.told = [];
        addEventListener("message", ({{ data }}) => {{
            const message = JSON.parse(data);
            if (message.subject !== "lti.frameResize") return;
            told.push(message.height);
            document.querySelector("iframe").style.height = `${{message.height}}px`;
        }});
        </script>""",
    )
    page = context.new_page()
    page.goto("http://course.test/")
    frame = page.frame_locator("iframe")
    expect(frame.locator(".post")).to_have_count(8)
    page.wait_for_function("() => told.length")
    page.wait_for_timeout(1_500)
    inside = frame.locator("html").evaluate(
        "root => ({ height: root.scrollHeight, room: innerHeight, width: root.scrollWidth, wide: innerWidth })"
    )
    assert inside["height"] <= inside["room"] + 8, "a second scroll bar"
    assert inside["width"] <= inside["wide"], "something hangs over the edge"
    quiet = page.evaluate("() => told.length")
    assert quiet <= 4, "answering the LMS must not make us speak again"
    page.wait_for_timeout(1_000)
    assert page.evaluate("() => told.length") == quiet
    frame.locator("summary", has_text="How to write").click()
    page.wait_for_function(f"() => told.length > {quiet}")
    context.close()


def test_without_scripts_a_button_marks_the_page(
    browser: Browser, session: Session, scene: Scene, enter: Enter
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{enter(context, scene.ben)}/threads/{scene.thread_id}")
    page.get_by_role("button", name="Mark these posts as read").click()
    expect(page.get_by_text("Marked as read.")).to_be_visible()
    assert progress(session, scene, scene.ben) == Progress(8)
    context.close()


def test_a_name_and_a_tag_are_completed_by_keyboard_alone(page: Page, scene: Scene, enter: Enter) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"{enter(page.context, scene.ana)}/threads/{scene.thread_id}")
    area = page.locator("#answer textarea.composer-text")
    area.focus()
    expect(page.locator("#answer text-expander[data-ready]")).to_be_attached()
    area.press_sequentially("Thanks @oko", delay=30)
    choice = page.get_by_role("option", name="Ben Okoro")
    expect(choice).to_be_visible()
    expect(page.locator("#live")).to_contain_text("1 suggestions")
    faults = accessibility_faults(page)
    assert not faults, "\n".join(faults)
    no_horizontal_scroll(page)
    area.press("Enter")
    expect(area).to_have_value("Thanks @Ben Okoro ")
    area.press_sequentially("for #pat", delay=30)
    expect(page.get_by_role("option", name="#patience 1 post")).to_be_visible()
    area.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(area).to_have_value("Thanks @Ben Okoro for #pat")
    area.press_sequentially("ch #pati", delay=30)
    expect(page.get_by_role("option", name="#patience 1 post")).to_be_visible()
    area.press("Tab")
    expect(area).to_have_value("Thanks @Ben Okoro for #patch #patience ")
    area.press("Control+Enter")
    expect(page.locator(".post .mention")).to_have_text("@Ben Okoro")
    page.locator(".post .hashtag", has_text="#patience").last.click()
    expect(page.get_by_role("link", name="Long", exact=True)).to_be_visible()


def test_a_table_that_is_pasted_becomes_a_table(page: Page, scene: Scene, enter: Enter) -> None:
    page.goto(f"{enter(page.context, scene.ana)}/threads/{scene.thread_id}")
    area = page.locator("#answer textarea.composer-text")
    area.focus()
    expect(page.locator("#answer text-expander[data-ready]")).to_be_attached()
    rows = "<tr><th>price</th><th>days</th></tr><tr><td style='color: red'>1|00</td><td>30</td></tr>"
    style = "<style>td { color: red }</style>"  # as spreadsheets send it along
    html = f"<html><head>{style}</head><body><table>{rows}</table></body></html>"
    page.evaluate(
        """html => {
            const data = new DataTransfer();
            data.setData("text/html", html);
            data.setData("text/plain", "price\\tdays\\n100\\t30");
            const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
            document.activeElement.dispatchEvent(event);
        }""",
        html,
    )
    expect(area).to_have_value("| price | days |\n| --- | --- |\n| 1\\|00 | 30 |\n\n")
    area.press("Control+Enter")
    expect(page.locator(".post .prose table").last).to_contain_text("30")


def test_everything_of_a_first_visit_is_small(page: Page, scene: Scene, enter: Enter) -> None:
    """At most 60 kB compressed, whatever is in the thread; what helps writing comes when somebody writes."""
    sizes: dict[str, int] = {}

    def note(answer: Response) -> None:
        sizes[answer.url] = int(answer.headers.get("content-length", "0"))

    page.on("response", note)
    page.goto(f"{enter(page.context, scene.ben)}/threads/{scene.thread_id}", wait_until="networkidle")
    before = {url: size for url, size in sizes.items() if "/assets/" in url}
    assert sum(before.values()) <= 45_000, json.dumps(before, indent=1)
    page.locator("#answer textarea.composer-text").focus()
    expect(page.locator("#answer text-expander[data-ready]")).to_be_attached()
    assert len([url for url in sizes if "/assets/" in url]) > len(before), (
        "nothing came when somebody began to write"
    )
