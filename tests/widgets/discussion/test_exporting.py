"""A discussion as a file: complete, harmless, without what is nobody's business, and of any size."""

import csv
import io
import json
import tracemalloc
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import NotAllowed
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.engagement.models import Tally
from lmssocial.web.downloads import file_name
from lmssocial.widgets.discussion import service
from lmssocial.widgets.discussion.exporting import formats
from lmssocial.widgets.discussion.exporting.reading import export_of, own_posts
from lmssocial.widgets.discussion.importing.arranging import arrange
from lmssocial.widgets.discussion.importing.past import Loss
from lmssocial.widgets.discussion.importing.readers import read
from lmssocial.widgets.discussion.models import Audience, Post, Thread
from tests.support.discussion import HOLD, PostThread, Reply, thread_of
from tests.support.people import Place
from tests.support.seat import Seat, text_of

SeatOf = Callable[[Actor], Seat]


def exported(session: Session, actor: Actor, place: Place, **more: bool) -> Any:
    """The JSON of a discussion, read again."""
    session.flush()
    export = export_of(session, actor, place.placement.id, private=more.get("private", False))
    return json.loads("".join(formats.as_json(session, export)))


def page(session: Session, actor: Actor, place: Place) -> str:
    """The page to print."""
    session.flush()
    export = export_of(session, actor, place.placement.id, private=False)
    return "".join(
        formats.as_page(
            session, export, role_name=lambda role: role, address="https://tool.example", language="en"
        )
    )


def test_the_json_holds_every_post_with_its_state_and_marks_and_no_address(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    session.get_one(User, ana.user_id).email = "ana@school.example"
    thread = post_thread(ana, "First *words*", title="Prices")
    answer = reply(ben, thread.post_id, "An answer")
    waiting = reply(ana, answer.post_id, "Waits", screen=HOLD)
    service.remove_post(session, ben, answer.post_id)
    session.add(Tally(contribution_id=thread.post_id, helpful=3, stars_count=2, stars_sum=9))
    found = exported(session, tom, place)
    assert (found["format"], found["version"]) == ("lmssocial.discussion", 1)
    (only,) = found["threads"]
    assert (only["title"], only["kind"], only["opening"]) == ("Prices", "discussion", thread.post_id)
    told = [(post["id"], post["state"], post["parent"], post["source"]) for post in only["posts"]]
    assert told == [
        (thread.post_id, "published", None, "First *words*"),
        (answer.post_id, "removed", thread.post_id, "An answer"),
        (waiting.post_id, "held", answer.post_id, "Waits"),
    ]
    assert only["posts"][0]["marks"]["helpful"] == 3
    assert only["posts"][0]["author"] == {
        "id": ana.user_id,
        "name": "Ana Ruiz",
        "role": "learner",
        "former": False,
    }
    assert "@school" not in json.dumps(found)


def test_private_threads_are_among_it_only_if_asked_for(
    session: Session, place: Place, ana: Actor, tom: Actor, post_thread: PostThread
) -> None:
    private = post_thread(ana, "between us")
    row = thread_of(session, private)
    row.audience, row.learner_id = Audience.PRIVATE, ana.user_id
    assert exported(session, tom, place)["threads"] == []
    asked = exported(session, tom, place, private=True)
    assert asked["private_threads_included"]
    assert [thread["audience"] for thread in asked["threads"]] == ["private"]
    assert "between us" not in page(session, tom, place)


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", '=HYPERLINK("https://a.example")'])
def test_no_cell_of_the_table_is_a_formula(
    words: str, session: Session, place: Place, ana: Actor, tom: Actor, post_thread: PostThread
) -> None:
    session.get_one(User, ana.user_id).name = words.strip() or "x"
    post_thread(ana, f"a\n{words}", title=words.strip())
    session.flush()
    session.execute(update(Contribution).values(source=words))  # as older versions may have kept it
    export = export_of(session, tom, place.placement.id, private=False)
    text = "".join(formats.as_csv(session, export))
    assert text.startswith("\ufeffthread,id,parent")
    cells = [cell for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))) for cell in row]
    assert not [cell for cell in cells if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}]
    assert f"'{words}" in cells


def test_the_table_comes_in_again_as_it_went_out_and_keeps_back_what_nobody_could_read(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana, "=1 is *no* formula\n\nbut words", title="Prices")
    answer = reply(ben, thread.post_id, "An answer")
    reply(ana, answer.post_id, "Below it")
    gone = reply(ben, thread.post_id, "gone")
    service.remove_post(session, ben, gone.post_id)
    reply(ben, thread.post_id, "waits", screen=HOLD)
    session.flush()
    export = export_of(session, tom, place.placement.id, private=False)
    data = "".join(formats.as_csv(session, export)).encode()
    arrangement = arrange(read(io.BytesIO(data)), {})
    (again,) = arrangement.threads
    assert again.title == "Prices"
    assert [(post.depth, post.source) for post in again.posts] == [
        (0, "=1 is *no* formula\n\nbut words"),
        (1, "An answer"),
        (2, "Below it"),
    ]
    assert [one.name for one in arrangement.people] == ["Ana Ruiz", "Ben Okoro"]
    assert arrangement.losses[Loss.REMOVED] == 2


class _Page(HTMLParser):
    """The headings of a page, and every address in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.addresses: list[str] = []
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note it."""
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src"}]
        if tag in {"h1", "h2", "h3"}:
            self.headings.append(tag)


def test_the_page_stands_alone_with_numbered_headings(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    place.placement.title = "<Prices> & more"
    thread = post_thread(ana, "See [this](/w/1/discussion/posts/1)", title="<b>Bold</b>")
    reply(ben, thread.post_id, "An answer")
    html = page(session, tom, place)
    found = _Page(html)
    assert found.headings == ["h1", "h2", "h3", "h3"]
    assert "<h3>1.2 <bdi>Ben Okoro</bdi></h3>" in html
    assert "&lt;b&gt;Bold&lt;/b&gt;" in html
    assert found.addresses == ["https://tool.example/w/1/discussion/posts/1"]
    assert not found.tags & {"script", "link", "img", "iframe", "b"}


def test_own_posts_are_ones_own_also_those_that_wait(
    session: Session, place: Place, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana, "mine")
    reply(ben, thread.post_id, "not mine")
    reply(ana, thread.post_id, "mine, and waits", screen=HOLD)
    post_thread(ben, "none of mine")
    session.flush()
    export = own_posts(session, ana, place.placement.id)
    found = json.loads("".join(formats.as_json(session, export)))
    assert [post["source"] for one in found["threads"] for post in one["posts"]] == [
        "mine",
        "mine, and waits",
    ]


def test_only_staff_export_the_discussion(session: Session, place: Place, ana: Actor) -> None:
    with pytest.raises(NotAllowed):
        export_of(session, ana, place.placement.id, private=False)


def test_memory_does_not_grow_with_the_discussion(
    session: Session, place: Place, tom: Actor, post_thread: PostThread
) -> None:
    words = "Words that people wrote. " * 400
    posted = post_thread(tom)
    session.flush()
    _fill(session, tom, place, posted.thread_id, words, 2500)
    export = export_of(session, tom, place.placement.id, private=False)
    for make in (formats.as_json, formats.as_csv):
        tracemalloc.start()
        size = sum(len(part) for part in make(session, export))
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert size > 24_000_000
        assert peak < 18_000_000, f"{make.__name__}: {peak / 1e6:.0f} MB"


def _fill(session: Session, author: Actor, place: Place, thread_id: int, words: str, size: int) -> None:
    row = {
        "tenant_id": author.tenant_id,
        "community_id": author.community_id,
        "placement_id": place.placement.id,
        "kind": "discussion.reply",
        "author_id": author.user_id,
        "author_role": "instructor",
        "state": State.PUBLISHED,
        "source": words,
        "html": words,
        "cooked_version": 99,
        "created_at": clock.now(),
        "published_at": clock.now(),
    }
    stored = insert(Contribution).returning(Contribution.id)
    ids = [one for _ in range(size // 500) for one in session.scalars(stored, [row] * 500)]
    opening = session.get_one(Thread, thread_id).opening_id
    session.execute(
        insert(Post),
        [
            {
                "contribution_id": one,
                "thread_id": thread_id,
                "parent_id": opening,
                "number": number,
                "path": f"{number:06d}",
                "depth": 1,
            }
            for number, one in enumerate(ids, start=2)
        ],
    )
    session.expunge_all()


def test_a_download_that_was_not_read_to_its_end_says_nothing_about_who_comes_next(
    seat: SeatOf, ana: Actor, tom: Actor, post_thread: PostThread
) -> None:
    post_thread(ana, "words")
    desk, reader = seat(tom), seat(ana)
    begun = desk.client.get(desk.address("/export/discussion.json"), buffered=False)
    first = next(begun.iter_encoded())
    assert b"lmssocial.discussion" in first
    assert reader.open("/export/discussion.json").status_code == 403
    assert "Ana Ruiz" in text_of(reader.open("/"))
    begun.close()


def test_files_have_names_that_every_system_takes(seat: SeatOf, ana: Actor, tom: Actor) -> None:
    name = file_name('../../Größe: "C:\\x"\r\nSet-Cookie: a')
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert file_name("讨论", "discussion").startswith("discussion-")
    desk, reader = seat(tom), seat(ana)
    assert "The whole discussion" in text_of(desk.open("/export"))
    own = text_of(reader.open("/export"))
    assert "What you wrote here" in own
    assert "The whole discussion" not in own
    for kind in ("json", "csv", "html"):
        sent = desk.open(f"/export/discussion.{kind}")
        assert sent.status_code == 200
        assert sent.headers["Content-Disposition"].startswith('attachment; filename="')
        assert sent.headers["X-Content-Type-Options"] == "nosniff"
        assert reader.open(f"/export/discussion.{kind}").status_code == 403
    assert json.loads(reader.open("/export/mine.json").get_data())["own_posts_only"]
    assert reader.open("/export/mine.html").status_code == 200
    assert desk.open("/export/discussion.exe").status_code == 404
