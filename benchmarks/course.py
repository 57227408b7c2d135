"""The measured course: its people come in by launching and write through the discussion's services."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import httpx
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from benchmarks import floor
from benchmarks.stand import Stand
from benchmarks.texts import Writer
from benchmarks.visits import NAMES, Campus, claims_of
from lmssocial.core.db import make_engine, unit_of_work
from lmssocial.core.hooks import Submission
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities.models import Community
from lmssocial.social.content.models import Contribution
from lmssocial.social.moderation.screening import Screening
from lmssocial.widgets.discussion import service
from lmssocial.widgets.discussion.drafts import ReplyDraft, ThreadDraft
from lmssocial.widgets.discussion.models import Post, Thread

LONG = 50
"""Posts in the thread whose page is measured."""
THREADS = 60
SHORT = 5
"""Posts in each of the other threads."""


@dataclass(frozen=True, kw_only=True)
class Course:
    """Where a signed-in learner finds things."""

    home: str
    """Path of the list of threads."""
    placement_id: int
    cookie: str
    long_thread: int
    opening: int
    """The contribution that opened it."""
    other_threads: tuple[int, ...]


def fill(stand: Stand) -> Course:
    """Let everybody launch once and write; copy the texts to the floor."""
    engine = make_engine(stand.tool.settings.database)
    browsers = [_launch(stand.campus, person) for person in range(len(NAMES))]
    home = browsers[1][0]
    placement_id = int(re.findall(r"/w/(\d+)/", home)[0])
    with Session(engine) as session, unit_of_work(session):
        threads = _write(session, placement_id)
        opening = session.scalars(select(Thread.opening_id).where(Thread.id == threads[0])).one()
    _copy_to_floor(engine, stand.floor_url, threads)
    engine.dispose()
    return Course(
        home=home,
        placement_id=placement_id,
        cookie=browsers[1][1],
        long_thread=threads[0],
        opening=opening,
        other_threads=tuple(threads[1:]),
    )


def _launch(campus: Campus, person: int) -> tuple[str, str]:
    """Launch as a browser does; answers the path it led to, and the cookies to go there with."""
    platform = campus.platform()
    with httpx.Client(base_url=campus.public_url) as browser:
        begun = browser.get("/lti/login", params=platform.login_request(login_hint=f"person-{person}"))
        asked = httpx.URL(begun.headers["location"]).params
        token = platform.sign(platform.payload(asked["nonce"], **claims_of(person)))
        done = browser.post("/lti/launch", data={"state": asked["state"], "id_token": token})
        assert done.status_code == 303, done.text
        cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        return urlsplit(done.headers["location"]).path, cookies


def _write(session: Session, placement_id: int) -> list[int]:
    actors = _actors(session)
    writer = Writer()
    threads = []
    for number in range(THREADS):
        draft = ThreadDraft(placement_id=placement_id, title=writer.title(number), source=writer.post())
        opened = service.post_thread(session, _nobody_objects, actors[number % len(actors)], draft)
        threads.append(opened.thread_id)
        parents = [opened.post_id]
        for reply in range(1, SHORT if number else LONG):
            answer = ReplyDraft(parent_id=parents[reply // 2], source=writer.post())
            author = actors[(number + reply) % len(actors)]
            parents.append(service.reply_to(session, _nobody_objects, author, answer).post_id)
    return threads


def _actors(session: Session) -> Sequence[Actor]:
    rows = session.execute(
        select(User.id, User.name, User.tenant_id, Membership.course_id, Membership.roles)
        .add_columns(Community.id.label("community"))
        .join(Membership, Membership.user_id == User.id)
        .join(Community, Community.course_id == Membership.course_id)
        .order_by(User.id)
    )
    return [
        Actor(
            user_id=row.id,
            name=row.name,
            tenant_id=row.tenant_id,
            course_id=row.course_id,
            community_id=row.community,
            roles=frozenset(LmsRole(role) for role in row.roles.split()),
        )
        for row in rows
    ]


def _nobody_objects(_submission: Submission) -> Screening:
    return Screening()


def _copy_to_floor(ours: Engine, floor_url: str, threads: Sequence[int]) -> None:
    """The same texts, already cooked, in the floor's own few columns."""
    with Session(ours) as session:
        people = session.execute(select(User.id, User.name)).all()
        opened = session.execute(
            select(Thread.id, Thread.title, Thread.author_id, Thread.created_at, Thread.reply_count)
            .where(Thread.id.in_(threads))
            .order_by(Thread.id)
        ).all()
        posts = session.execute(
            select(Post.thread_id, Contribution.author_id, Contribution.source, Contribution.html)
            .add_columns(Contribution.created_at)
            .join(Contribution, Contribution.id == Post.contribution_id)
            .order_by(Post.path)
        ).all()
    engine = make_engine(floor_url)
    floor.tables.create_all(engine)
    with engine.begin() as connection:
        connection.execute(floor.author.insert(), [{"id": row.id, "name": row.name} for row in people])
        connection.execute(
            floor.thread.insert(),
            [
                {
                    "id": row.id,
                    "title": row.title,
                    "author_id": row.author_id,
                    "created_at": _naive(row.created_at),
                    "last_post_at": _naive(row.created_at),
                    "replies": row.reply_count,
                }
                for row in opened
            ],
        )
        connection.execute(
            floor.post.insert(),
            [
                {
                    "thread_id": row.thread_id,
                    "author_id": row.author_id,
                    "body": row.source,
                    "html": row.html,
                    "created_at": _naive(row.created_at),
                }
                for row in posts
            ],
        )
    engine.dispose()


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)
