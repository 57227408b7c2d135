"""A visitor without JavaScript: opens pages over real HTTP, fills forms in, keeps cookies."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import httpx

_BUTTONS = {"submit", "button", "image", "reset"}


@dataclass
class Form:
    """A form as it stands in a page: where it goes and what it would send."""

    action: str
    method: str
    attributes: dict[str, str]
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    """Name and value of each submit button; only the pressed one is sent."""
    choices: dict[str, list[str]] = field(default_factory=dict)
    """The values that radio buttons, check boxes and menus offer."""

    def names(self) -> set[str]:
        """The names of everything that can be filled in or chosen."""
        return {name for name, _ in self.fields} | set(self.choices)


@dataclass(frozen=True)
class Page:
    """What the visitor sees after a request."""

    url: str
    status: int
    html: str
    headers: httpx.Headers
    forms: list[Form]
    links: list[tuple[str, str]]
    """Text and absolute address of each link."""
    text: str

    def form(self, *, action: str = "", field: str = "") -> Form:
        """The one form whose action contains ``action`` and that has a field named ``field``.

        :raises AssertionError: if there is none, or several.
        """
        found = [
            form for form in self.forms if action in form.action and (not field or field in form.names())
        ]
        seen = [(form.method, form.action, sorted(form.names())) for form in self.forms]
        assert len(found) == 1, (
            f"{len(found)} forms fit at {self.url} ({self.status}); there are {seen}: {self.text}"
        )
        return found[0]

    def link(self, text: str) -> str:
        """The address of the first link whose text contains ``text``.

        :raises AssertionError: if there is none.
        """
        for words, url in self.links:
            if text in words:
                return url
        raise AssertionError(f"no link {text!r} at {self.url}: {self.links}")


class Visitor:
    """A browser without JavaScript, with a cookie jar of its own."""

    def __init__(self, base_url: str = "") -> None:
        """:param base_url: what relative addresses given to :meth:`open` stand on."""
        self.http = httpx.Client(base_url=base_url, follow_redirects=True, timeout=30)

    def __enter__(self) -> Self:
        """The visitor itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave, and close the connections."""
        self.http.close()

    def open(self, url: str) -> Page:
        """Open an address and follow its redirects."""
        return self._seen(self.http.get(url))

    def post(self, url: str, data: dict[str, str]) -> Page:
        """Send ``data`` as a page of another site would, and follow the answer."""
        return self._seen(self.http.post(url, data=data))

    def submit(self, form: Form, *, button: str = "", **values: str | list[str]) -> Page:
        """Fill ``form`` in with ``values`` and send it.

        :param button: the value or name of the button to press; the first one, if there is one, unless named.
        :raises AssertionError: if the form has no field of a given name.
        """
        return self._seen(self.send(form, button=button, **values))

    def send(self, form: Form, *, button: str = "", **values: str | list[str]) -> httpx.Response:
        """As :meth:`submit`, answering the response itself."""
        unknown = values.keys() - form.names()
        assert not unknown, f"no field {sorted(unknown)} in {form.action}: {sorted(form.names())}"
        data: dict[str, list[str]] = {}
        for name, value in form.fields:
            if name not in values:
                data.setdefault(name, []).append(value)
        for name, given in values.items():
            data[name] = given if isinstance(given, list) else [given]
        pressed = [pair for pair in form.buttons if not button or button in pair]
        if pressed and pressed[0][0]:
            data.setdefault(pressed[0][0], []).append(pressed[0][1])
        if form.method == "get":
            return self.http.get(form.action, params=data)
        return self.http.post(form.action, data=data)

    @staticmethod
    def _seen(response: httpx.Response) -> Page:
        reader = _Reader(str(response.url))
        if "html" in response.headers.get("content-type", ""):
            reader.feed(response.text)
        return Page(
            url=str(response.url),
            status=response.status_code,
            html=response.text,
            headers=response.headers,
            forms=reader.forms,
            links=reader.links,
            text=" ".join("".join(reader.words).split()),
        )


def forms_of(html: str, url: str = "") -> list[Form]:
    """The forms in a page that was fetched by other means, such as Flask's test client."""
    reader = _Reader(url)
    reader.feed(html)
    return reader.forms


class _Reader(HTMLParser):
    """Collects the forms, links and text of a page, as browsers read them."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.words: list[str] = []
        self._by_id: dict[str, Form] = {}
        self._form: Form | None = None
        self._text_area: tuple[Form, str, list[str]] | None = None
        self._menu: tuple[Form, str] | None = None
        self._link: tuple[str, list[str]] | None = None
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._begin_form(given)
        elif tag in {"script", "style", "template"}:
            self._hidden += 1
        elif tag == "a" and "href" in given:
            self._link = (urljoin(self._url, given["href"]), [])
        elif form := self._by_id.get(given.get("form", ""), self._form):
            self._control(tag, form, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag in {"script", "style", "template"}:
            self._hidden -= 1
        elif tag == "a" and self._link:
            url, words = self._link
            self.links.append((" ".join("".join(words).split()), url))
            self._link = None
        elif tag == "select":
            self._end_menu()
        elif tag == "textarea" and self._text_area:
            form, name, text = self._text_area
            form.fields.append((name, "".join(text).removeprefix("\n")))
            self._text_area = None

    def handle_data(self, data: str) -> None:
        if self._text_area:
            self._text_area[2].append(data)
        elif not self._hidden:
            self.words.append(data)
            if self._link:
                self._link[1].append(data)

    def _begin_form(self, given: dict[str, str]) -> None:
        action = urljoin(self._url, given.get("action", "") or self._url)
        self._form = Form(action=action, method=given.get("method", "get").lower(), attributes=given)
        self.forms.append(self._form)
        if "id" in given:
            self._by_id[given["id"]] = self._form

    def _control(self, tag: str, form: Form, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if "disabled" in given:
            return
        if tag == "button" or (tag == "input" and given.get("type") in _BUTTONS):
            if given.get("type", "submit") == "submit":
                form.buttons.append((name, given.get("value", "")))
        elif tag == "option" and self._menu:
            self._option(given)
        elif tag == "input" and name:
            self._input(form, name, given)
        elif tag == "textarea" and name:
            self._text_area = (form, name, [])
        elif tag == "select" and name:
            form.choices[name] = []
            self._menu = (form, name)

    @staticmethod
    def _input(form: Form, name: str, given: dict[str, str]) -> None:
        if given.get("type", "text").lower() not in {"radio", "checkbox"}:
            form.fields.append((name, given.get("value", "")))
            return
        form.choices.setdefault(name, []).append(given.get("value", "on"))
        if "checked" in given:
            form.fields.append((name, given.get("value", "on")))

    def _option(self, given: dict[str, str]) -> None:
        assert self._menu
        form, name = self._menu
        form.choices[name].append(given.get("value", ""))
        if "selected" in given:
            form.fields.append((name, given.get("value", "")))

    def _end_menu(self) -> None:
        if self._menu is None:
            return
        form, name = self._menu
        if form.choices[name] and name not in {field for field, _ in form.fields}:
            form.fields.append(
                (name, form.choices[name][0])
            )  # a menu sends its first option unless told otherwise
        self._menu = None
