"""The browser of these tests is as strict as they assume."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask, Response, request
from playwright.sync_api import Page
from werkzeug.serving import make_server

from tests.support.pages import accessibility_faults, assert_accessible, no_horizontal_scroll


@pytest.fixture
def site() -> Iterator[int]:
    """A small site on every name of this machine; answers its port."""
    app = Flask(__name__)

    @app.get("/frame")
    def frame() -> str:
        return f'<iframe title="tool" src="http://tool.localhost:{server.server_port}/set"></iframe>'

    @app.get("/set")
    def set_cookies() -> Response:
        answer = Response("<script>location = '/seen'</script>", mimetype="text/html")
        answer.headers.add("Set-Cookie", "shared=1; SameSite=None; Secure; Path=/")
        answer.headers.add("Set-Cookie", "own=1; SameSite=None; Secure; Path=/; Partitioned")
        return answer

    @app.get("/seen")
    def seen() -> str:
        return f"cookies: {sorted(request.cookies)}"

    @app.get("/faulty")
    def faulty() -> str:
        return '<title>Faulty</title><img src="data:,"><div style="width: 3000px">wide</div>'

    @app.get("/good")
    def good() -> str:
        return '<!doctype html><html lang="en"><title>Good</title><main><h1>Good</h1></main></html>'

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_frame_of_another_site_keeps_partitioned_cookies_only(page: Page, site: int) -> None:
    page.goto(f"http://lms.localhost:{site}/frame")

    page.frame_locator("iframe").get_by_text("cookies: ['own']").wait_for()


def test_a_first_party_page_keeps_both(page: Page, site: int) -> None:
    page.goto(f"http://tool.localhost:{site}/set")

    page.get_by_text("cookies: ['own', 'shared']").wait_for()


def test_axe_notices_a_picture_without_words(page: Page, site: int) -> None:
    page.goto(f"http://tool.localhost:{site}/faulty")

    assert any(fault.startswith("image-alt") for fault in accessibility_faults(page))


def test_a_page_wider_than_its_window_is_noticed(page: Page, site: int) -> None:
    page.goto(f"http://tool.localhost:{site}/faulty")

    with pytest.raises(AssertionError, match="3008"):
        no_horizontal_scroll(page)


def test_a_good_page_passes(page: Page, site: int) -> None:
    page.goto(f"http://tool.localhost:{site}/good")

    assert_accessible(page)
    no_horizontal_scroll(page)
