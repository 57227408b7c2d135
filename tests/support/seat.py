"""Somebody in front of a browser without scripts, signed in to a placement through Flask's test client."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin

from flask import Flask
from werkzeug.test import TestResponse

from tests.support.visitor import Form, forms_of

HOST = "http://localhost"


class Seat:
    """A browser with a cookie jar; pages are opened by their address below the discussion."""

    def __init__(self, app: Flask, browser: str, base: str) -> None:
        """:param browser: the token the browser keeps; :param base: what addresses given to :meth:`open` stand on."""
        self.client = app.test_client()
        self.base = base
        with app.test_request_context():
            serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
            self.client.set_cookie("lmssocial-local", serializer.dumps({"browser": browser}))

    def open(self, path: str, **headers: str) -> TestResponse:
        """Open a page; header names are given with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.get(self.address(path), headers=named)

    def address(self, path: str) -> str:
        """The full path of ``path``."""
        return path if path.startswith("/w/") else f"{self.base}{path}"

    def form(self, page: TestResponse, action: str) -> Form:
        """The one form on ``page`` whose action ends in ``action``."""
        forms = forms_of(page.get_data(as_text=True), page.request.url)
        found = [form for form in forms if form.action.endswith(action)]
        assert len(found) == 1, f"{len(found)} forms end in {action}: {[form.action for form in forms]}"
        return found[0]

    def send(self, form: Form, *, button: str = "", **values: str) -> TestResponse:
        """Fill ``form`` in, press a button (the first one) and send it, without following where it leads."""
        assert values.keys() <= form.names(), f"{form.action} has {sorted(form.names())}"
        data = dict(form.fields) | values
        pressed = [pair for pair in form.buttons if not button or button in pair]
        if pressed and pressed[0][0]:
            data[pressed[0][0]] = pressed[0][1]
        path = urljoin(HOST, form.action).removeprefix(HOST)
        return self.client.post(path, data=data)

    def follow(self, response: TestResponse) -> TestResponse:
        """The page a redirect leads to."""
        assert response.status_code in {302, 303}, f"{response.status_code}: {text_of(response)}"
        page = response
        while page.status_code in {302, 303}:
            page = self.client.get(urljoin(page.request.url, page.headers["Location"]).split("#")[0])
        return page

    def fill_in(self, path: str, action: str, **values: str) -> TestResponse:
        """Open the page at ``path``, fill its form in, send it and follow where it leads."""
        return self.follow(self.send(self.form(self.open(path), action), **values))


def text_of(response: TestResponse) -> str:
    """What a page says, without its markup."""
    html = re.sub(r"<(script|style)\b.*?</\1>", "", response.get_data(as_text=True), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


class _Attributes(HTMLParser):
    """The names of all attributes of a page, with their elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note one element."""
        self.found.update((tag, name) for name, _value in attrs)


def attributes_of(html: str) -> set[tuple[str, str]]:
    """Every pair of an element and an attribute it has somewhere in ``html``, as a browser would read it."""
    return _Attributes(html).found
