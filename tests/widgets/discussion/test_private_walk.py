"""Somebody for whom a thread is not meant walks every address there is below a course, and learns nothing of it."""

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.routing import AnyConverter, Rule
from werkzeug.test import TestResponse

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities import groups
from lmssocial.social.content.models import Contribution
from lmssocial.widgets.discussion import private
from lmssocial.widgets.discussion.drafts import ThreadDraft
from lmssocial.widgets.discussion.models import Post, Thread
from lmssocial.widgets.discussion.service import Posted
from tests.support.discussion import PostThread, Reply, let_pass
from tests.support.people import Place
from tests.support.seat import Seat

SitDown = Callable[[Actor], Seat]

TITLE, WORDS = "Zanzibar", "xylophone"
"""What nobody else may come across."""

KINDS = ("private", "group", "post first")


@pytest.fixture
def secret(
    kind: str,
    session: Session,
    place: Place,
    ana: Actor,
    tom: Actor,
    post_thread: PostThread,
    reply: Reply,
) -> Posted:
    """A post of Ana's that Ben may not read, because of who reads its thread, or because he has to answer first."""
    if kind == "private":
        draft = ThreadDraft(placement_id=place.placement.id, title=TITLE, source=WORDS)
        return private.ask(session, let_pass, ana, draft)
    if kind == "group":
        group = groups.make(session, tom, "Red")
        groups.put_in(session, tom, group.id, [ana.user_id])
        place.placement.settings = {"groups": "separate"}
        session.flush()
        return post_thread(replace(ana, groups=frozenset({group.id})), WORDS, title=TITLE)
    place.placement.settings = {"post_first": True}
    session.flush()
    return reply(ana, post_thread(tom, "Say what you think").post_id, WORDS)


def addresses(app: Flask, place: Place, posted: Posted, ana: Actor) -> Iterator[tuple[str, str, Rule]]:
    """Every address below the placement that is about something, as if it were about the secret."""
    values = {
        "placement_id": place.placement.id,
        "thread_id": posted.thread_id,
        "user_id": ana.user_id,
        "target": f"reply:{posted.post_id}",
        "kind": "reply",
    }
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/w/<int:placement_id>/") or rule.endpoint.startswith("static"):
            continue
        choices = {
            name: sorted(converter.items)
            for name, converter in rule._converters.items()
            if isinstance(converter, AnyConverter)
        }
        for chosen in itertools.product(*choices.values()):
            known = {name: values.get(name, posted.post_id) for name in rule.arguments}
            known |= dict(zip(choices, chosen, strict=True))
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield method, adapter.build(rule.endpoint, known, method=method), rule


def visit(seat: Seat, method: str, path: str, token: str) -> list[TestResponse]:
    """What comes of it: the answer, and where it leads."""
    words = {"csrf_token": token, "source": "mine", "title": "mine", "seq": "1", "to": "1", "reason": "spam"}
    answers = [seat.client.get(path) if method == "GET" else seat.client.post(path, data=words)]
    while answers[-1].status_code in {302, 303} and len(answers) < 4:
        answers.append(seat.client.get(answers[-1].headers["Location"].split("#")[0]))
    return answers


@pytest.mark.parametrize("kind", KINDS)
def test_no_address_gives_anything_of_it_away(
    kind: str,
    app: Flask,
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    secret: Posted,
    seat: SitDown,
) -> None:
    assert (
        session.scalars(select(Contribution.source).where(Contribution.id == secret.post_id)).one() == WORDS
    )
    before = _state(session, secret)
    at_bens, at_anas = seat(ben), seat(ana)
    token = re.findall(
        r'name="csrf_token" value="([^"]+)"', at_bens.open("/threads/ask").get_data(as_text=True)
    )
    assert WORDS in at_anas.open(f"/threads/{secret.thread_id}").get_data(as_text=True)
    walked = 0
    for method, path, rule in addresses(app, place, secret, ana):
        answers = visit(at_bens, method, path, token[0])
        said = "".join(answer.get_data(as_text=True) + str(answer.headers) for answer in answers)
        assert WORDS not in said, (method, path)
        assert TITLE not in said, (method, path)
        assert answers[0].status_code < 500, (method, path)
        about_it = rule.arguments & {"thread_id", "post_id", "contribution_id"}
        takes_back = path.endswith(
            "/undo"
        )  # of what one may not read any more, too; nothing is there, nothing is said
        if about_it and kind != "post first" and not takes_back:
            assert answers[-1].status_code in {403, 404}, (method, path, answers[-1].status_code)
        walked += 1
    assert walked > 60
    session.rollback()
    assert _state(session, secret) == before


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_neither_found_nor_counted_nor_listed(
    kind: str, secret: Posted, ben: Actor, ana: Actor, seat: SitDown
) -> None:
    at_bens, at_anas = seat(ben), seat(ana)
    assert WORDS in at_anas.open(f"/search?q={WORDS}").get_data(as_text=True)
    for path in (f"/search?q={WORDS}", f"/search?q={TITLE}", "/", "/?sort=popular", "/?view=unread"):
        html = (
            at_bens.open(path)
            .get_data(as_text=True)
            .replace(f'value="{WORDS}"', "")
            .replace(f'value="{TITLE}"', "")
        )
        assert f"posts/{secret.post_id}" not in html, path
        assert WORDS not in re.sub(r"<title>.*?</title>", "", html), path
    html = at_bens.open("/").get_data(as_text=True)
    assert f'/threads/{secret.thread_id}"' in html if kind == "post first" else TITLE not in html


def _state(session: Session, secret: Posted) -> tuple[object, ...]:
    thread = session.scalars(
        select(Thread).where(Thread.id == secret.thread_id).execution_options(populate_existing=True)
    ).one()
    words = session.execute(
        select(Contribution.state, Contribution.source).where(Contribution.id == secret.post_id)
    ).one()
    count = session.scalar(select(func.count(Post.contribution_id)).where(Post.thread_id == secret.thread_id))
    return (thread.title, thread.state, thread.audience, thread.locked, thread.pinned, tuple(words), count)
