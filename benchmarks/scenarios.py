"""What is measured: each of our pages with the floor that belongs to it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlencode, urlsplit

import httpx

from benchmarks.course import Course
from benchmarks.load import Job
from benchmarks.masses import Masses
from benchmarks.measuring import Scenario, Side
from benchmarks.policies import switched
from benchmarks.stand import Stand
from benchmarks.texts import Writer
from benchmarks.visits import UNIQUE
from tests.support.visitor import Form, Page, Visitor

WORD = "median"
"""What is searched for; many posts have it."""

STATIC = "… to static bytes"
"""The scenario whose floor reads nothing: what sending so many bytes costs on this machine."""

POLICED = "reply, ten policies"
"""The scenario whose floor is our own reply, asked about by no policy."""


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One request of ours, for the load as well as for counting its queries."""

    path: str
    form: tuple[tuple[str, str], ...] = ()
    """Not empty: it is posted."""
    headers: tuple[tuple[str, str], ...] = ()
    size: int = 0
    """About how many bytes the answer has."""

    def raw(self, host: str) -> str:
        """The whole request, one character a byte."""
        body = urlencode(self.form)
        lines = [
            f"{'POST' if body else 'GET'} {self.path} HTTP/1.1",
            f"Host: {host}",
            *(f"{name}: {value}" for name, value in self.headers),
        ]
        if body:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        return "\r\n".join([*lines, "", body])


@dataclass(frozen=True, kw_only=True)
class Asks:
    """Our requests by scenario."""

    thread_page: Ask
    first_page: Ask
    """Of the longest thread."""
    last_page: Ask
    poll: Ask
    """Whether that thread went on."""
    thread_list: Ask
    search: Ask
    replies: tuple[Ask, ...]


def asks(stand: Stand, course: Course, masses: Masses) -> Asks:
    """Find everything as a learner finds it: by following links and reading forms."""
    signed_in = (("Cookie", course.cookie),)
    with Visitor(stand.campus.public_url) as visitor:
        visitor.http.headers["Cookie"] = course.cookie
        first = visitor.open(course.home)
        search_form = first.form(field="q")
        found = visitor.submit(search_form, q=WORD)
        for form in first.forms:
            if urlsplit(form.action).path.endswith("/read"):
                visitor.submit(form)  # reads everything; from now on nothing is new
        page = visitor.open(_thread_path(course, course.long_thread))
        longest = _thread_path(course, masses.longest)
        ends = [longest, f"{longest}?after={masses.end}"]
        first_page, last_page = ([visitor.open(path), visitor.open(path)][-1] for path in ends)
        threads = course.other_threads[:20]
        forms = [_reply_form(visitor.open(_thread_path(course, thread))) for thread in threads]
    text = Writer().post()
    return Asks(
        thread_page=Ask(path=urlsplit(page.url).path, headers=signed_in, size=_size(page)),
        first_page=Ask(path=ends[0], headers=signed_in, size=_size(first_page)),
        last_page=Ask(path=ends[1], headers=signed_in, size=_size(last_page)),
        poll=Ask(path=f"{longest}/pulse", headers=signed_in),
        thread_list=Ask(path=course.home, headers=signed_in, size=_size(first)),
        search=Ask(
            path=f"{urlsplit(search_form.action).path}?q={WORD}", headers=signed_in, size=_size(found)
        ),
        replies=tuple(_reply(form, text, signed_in) for form in forms),
    )


def _size(page: Page) -> int:
    return len(page.html.encode())


def scenarios(stand: Stand, ours: Asks) -> list[tuple[Scenario, Ask]]:
    """Every scenario, with one of our requests to count its queries by."""
    text = (("body", Writer().post()),)
    bytes_of_size = Ask(path=f"/bytes/{ours.thread_page.size}")
    again = Ask(path="/threads/1/conditional")
    pairs: list[tuple[str, tuple[Ask, ...], Ask, int]] = [
        ("thread page, 50 posts", (ours.thread_page,), Ask(path="/threads/1"), 200),
        ("… unchanged (304)", (ours.thread_page,), again, 304),
        (STATIC, (ours.thread_page,), bytes_of_size, 200),
        ("long thread, first page", (ours.first_page,), Ask(path="/threads/1"), 200),
        ("long thread, last page", (ours.last_page,), Ask(path="/threads/1"), 200),
        ("poll (304)", (ours.poll,), Ask(path="/memory"), 304),
        ("thread list", (ours.thread_list,), Ask(path="/threads"), 200),
        ("search", (ours.search,), Ask(path=f"/search?q={WORD}"), 200),
        ("reply", ours.replies, Ask(path="/threads/2", form=text), 303),
    ]
    host = urlsplit(stand.campus.public_url).netloc
    found = [
        (
            Scenario(
                name=name,
                ours=Side(
                    roots=[stand.tool_root, *stand.database_roots],
                    job=_job(stand.tool.port, host, mine, status),
                    status=status,
                    size=mine[0].size if status == 200 else 0,
                ),
                floor=Side(
                    roots=[stand.floor_root, *stand.database_roots],
                    job=_job(stand.floor_port, "localhost", (theirs,), status),
                    status=status,
                ),
            ),
            mine[0],
        )
        for name, mine, theirs, status in pairs
    ]
    return [*found, (_policed(stand, found[-1][0]), ours.replies[0])]


def _policed(stand: Stand, reply: Scenario) -> Scenario:
    """A reply that ten policies are asked about; its floor is the same reply that none is."""
    on, off = (switched(stand.tool.settings.database, on=on) for on in (True, False))

    def job() -> Job:
        on()
        return reply.ours.job()

    return Scenario(name=POLICED, ours=replace(reply.ours, job=job, done=off), floor=reply.ours)


def _job(port: int, host: str, requests: tuple[Ask, ...], status: int) -> Callable[[], Job]:
    """What makes the job for a stretch; where 304 is wanted, the requests name what the page is at that moment."""

    def make() -> Job:
        asked = [unchanged(port, host, ask) for ask in requests] if status == 304 else requests
        return Job(port=port, requests=tuple(ask.raw(host) for ask in asked))

    return make


def unchanged(port: int, host: str, ask: Ask) -> Ask:
    """The same request by somebody who has the page already."""
    url = f"http://127.0.0.1:{port}{ask.path}"
    etag = httpx.get(url, headers=[("Host", host), *ask.headers]).headers["etag"]
    return replace(ask, headers=(*ask.headers, ("If-None-Match", etag)))


def _thread_path(course: Course, thread: int) -> str:
    return f"/w/{course.placement_id}/discussion/threads/{thread}"


def _reply_form(page: Page) -> Form:
    """The form that answers the thread's opening."""
    found = [form for form in page.forms if "source" in form.names() and "submission_key" in form.names()]
    assert found, f"no reply form at {page.url}"
    return found[-1]


def _reply(form: Form, text: str, headers: tuple[tuple[str, str], ...]) -> Ask:
    filled = dict(form.fields) | {"source": text, "submission_key": UNIQUE}
    return Ask(path=urlsplit(form.action).path, form=tuple(filled.items()), headers=headers)
