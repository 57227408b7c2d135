"""Moving, splitting, merging, import and export in a real browser: at every width, light and dark, both ways."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, expect
from sqlalchemy.orm import Session

from lmssocial.core.kernel.secrets import new_token
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.widgets.discussion import service
from lmssocial.widgets.discussion.drafts import ReplyDraft, ThreadDraft
from tests.support.discussion import let_pass
from tests.support.pages import accessibility_faults, no_horizontal_scroll
from tests.support.past import Moodle, MoodleDiscussion, MoodlePost
from tests.support.people import make_person, make_place, make_placement, sign_in
from tests.support.servers import OwnTool

LONG = "Where prices come from, and why nobody-in-particular-is-ever-sure-about-any-of-them " * 2


class Scene:
    """A course with two discussions, and threads to work on."""

    def __init__(self, session: Session) -> None:
        """Play it."""
        self.place = make_place(session)
        self.tom = make_person(session, self.place, "Tom Berg", LmsRole.INSTRUCTOR)
        make_person(session, self.place, "Ana Ruiz-with-a-very-long-Hyphenated-Surname-of-Many-Letters")
        make_placement(session, self.place.community).title = "Case studies"
        self.threads = [
            service.post_thread(
                session,
                let_pass,
                self.tom,
                ThreadDraft(placement_id=self.place.placement.id, title=f"{number} {LONG}", source="words"),
            )
            for number in range(3)
        ]
        self.branch = service.reply_to(
            session, let_pass, self.tom, ReplyDraft(parent_id=self.threads[0].post_id, source="A branch")
        )
        service.reply_to(
            session, let_pass, self.tom, ReplyDraft(parent_id=self.branch.post_id, source="leaf")
        )
        self.base = f"/w/{self.place.placement.id}/discussion"


@pytest.fixture
def scene(session: Session) -> Scene:
    """A course with threads."""
    return Scene(session)


Enter = Callable[[BrowserContext, Actor], str]


@pytest.fixture
def enter(app: Flask, session: Session, scene: Scene, live_tool: Callable[..., OwnTool]) -> Enter:
    """Sign somebody in to the running tool in a browser; answers the address of the discussion."""
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


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A file of another system with something of everything."""
    posts = [
        MoodlePost(1, message="<p>What <b>worked</b>? <img src='x' alt='a graph'></p>", ratings=2),
        MoodlePost(2, parent=1, user=3, private_to=1),
        MoodlePost(3, parent=1, user=3, message="This"),
    ]
    forums = {
        "News": [MoodleDiscussion(1, LONG, posts)],
        "Chat": [MoodleDiscussion(2, "Of a group", [MoodlePost(9)], group=4)],
    }
    people = {
        2: ("Ana", "Ruiz-with-a-very-long-Hyphenated-Surname-of-Many-Letters", "a" * 60 + "@school.example")
    }
    path = tmp_path / "backup-moodle2-course-of-long-ago-with-a-name-that-does-not-end.mbz"
    path.write_bytes(Moodle(forums, people={**people, 3: ("Old", "Hand", "")}, groups={4: "Red"}).mbz())
    return path


def test_every_page_is_usable_at_every_width_in_light_and_dark(
    browser: Browser, scene: Scene, enter: Enter, backup: Path
) -> None:
    faults: list[str] = []
    visits: tuple[tuple[int, Literal["light", "dark"], str], ...] = (
        (320, "light", "en"),
        (700, "dark", "ar"),
        (1200, "light", "en"),
    )
    thread, other = scene.threads[0].thread_id, scene.threads[1].thread_id
    pages = (
        f"/threads/{thread}",
        f"/threads/{thread}/move",
        f"/threads/{thread}/merge",
        f"/threads/{thread}/merge?into={other}",
        f"/posts/{scene.branch.post_id}/split",
        "/export",
        "/import",
    )
    for width, scheme, locale in visits:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, locale=locale
        )
        address, page = enter(context, scene.tom), context.new_page()

        def look(path: str, at: str = f"{width} {scheme}", page: object = page) -> None:
            faults.extend(f"{at} {path}: {fault}" for fault in accessibility_faults(page))  # type: ignore[arg-type]
            no_horizontal_scroll(page)  # type: ignore[arg-type]

        for path in pages:
            answer = page.goto(address + path)
            assert answer is not None
            assert answer.status == 200, path
            look(path)
        page.set_input_files("input[type=file]", backup)
        page.locator("main form.form button.primary").click()
        page.wait_for_url("**/import/*")
        look("dry run")
        context.close()
    assert not faults, "\n".join(faults)


def test_a_thread_is_split_without_scripts(browser: Browser, scene: Scene, enter: Enter) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    address, page = enter(context, scene.tom), context.new_page()
    page.goto(f"{address}/posts/{scene.branch.post_id}/acts")
    page.get_by_role("link", name="Make it a thread of its own…").click()
    page.get_by_label("Title of the new thread").fill("Apart")
    page.get_by_role("button", name="Split the thread").click()
    expect(page.get_by_role("heading", name="Apart", level=1)).to_be_visible()
    expect(page.get_by_text("leaf")).to_be_visible()
    context.close()


def test_a_past_discussion_comes_in_and_an_export_can_be_opened(
    browser: Browser, scene: Scene, enter: Enter, backup: Path, tmp_path: Path
) -> None:
    context = browser.new_context(viewport={"width": 900, "height": 800}, locale="en-GB")
    address, page = enter(context, scene.tom), context.new_page()
    page.goto(f"{address}/import")
    page.set_input_files("input[type=file]", backup)
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_text("Groups that do not exist here: Red")).to_be_visible()
    page.get_by_role("button", name="Bring it in").click()
    expect(page.locator(".notice.good")).to_contain_text("Brought in")
    page.goto(f"{address}/export")
    with page.expect_download() as caught:
        page.locator("main a[href$='discussion.html']").click()
    saved = tmp_path / caught.value.suggested_filename
    caught.value.save_as(saved)
    offline = context.new_page()
    offline.goto(saved.as_uri())
    expect(offline.get_by_text("a graph")).to_be_visible()
    assert not accessibility_faults(offline)
    no_horizontal_scroll(offline)
    context.close()
