"""Storing an arranged discussion: rows in bulk, in one transaction, so that a crash half-way leaves nothing."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, insert, literal, select
from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Course, Deployment, Membership, User
from lmssocial.social.content.markdown import COOKED_VERSION, render
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.search import index
from lmssocial.widgets.discussion.handing_in import REPLY, THREAD
from lmssocial.widgets.discussion.importing.arranging import Arranged, Arrangement
from lmssocial.widgets.discussion.importing.matching import Member
from lmssocial.widgets.discussion.importing.past import PastPerson
from lmssocial.widgets.discussion.models import (
    Audience,
    Imported,
    Post,
    ReadMark,
    Thread,
    ThreadKind,
)
from lmssocial.widgets.discussion.publishing import POST

FORMER = "former"
"""The role that stands behind the names of former members."""

AT_ONCE = 2000
"""Rows that go to the database together."""


@dataclass(frozen=True)
class Cooked:
    """A post's words, ready for its page and for the index."""

    html: str
    text: str


def cook(arrangement: Arrangement) -> list[list[Cooked]]:
    """The words of all posts, by thread. Takes time, and needs no database."""
    return [[_cooked(post.source) for post in thread.posts] for thread in arrangement.threads]


def _cooked(source: str) -> Cooked:
    understood = render(source)
    return Cooked(understood.html, understood.text)


@dataclass(frozen=True)
class Writer:
    """Under whose name and role something is stored."""

    user_id: int
    role: str


def former_members(session: Session, actor: Actor, people: Iterable[PastPerson]) -> dict[str, Writer]:
    """People whom nobody here is: each is made once, whichever file they come from. No address of theirs is kept."""
    registration_id = session.scalars(
        select(Deployment.registration_id)
        .join(Course, Course.deployment_id == Deployment.id)
        .where(Course.id == actor.course_id)
    ).one()
    now = clock.now()
    subs = {person.key: _sub(actor, person) for person in people}
    for person in people:
        values = {
            "tenant_id": actor.tenant_id,
            "registration_id": registration_id,
            "sub": subs[person.key],
            "name": person.name,
            "has_real_name": True,
            "email": "",
            "locale": "",
            "is_test": False,
            "is_former": True,
            "created_at": now,
            "last_seen_at": None,
        }
        insert_if_absent(session, User, values, [User.registration_id, User.sub])
    known = dict[str, int]()
    for some in _portions(sorted(set(subs.values()))):
        rows = session.execute(
            select(User.sub, User.id).where(User.registration_id == registration_id, User.sub.in_(some))
        )
        known |= {row.sub: row.id for row in rows}
    return {key: Writer(known[sub], FORMER) for key, sub in subs.items()}


def _sub(actor: Actor, person: PastPerson) -> str:
    """Names somebody who never came here: the same for the same name and address in one course."""
    # A key tells people of one name apart within a file that knows no addresses; between files it says nothing.
    apart = person.email.casefold() or ("" if person.name else person.key)
    told = "\0".join((str(actor.course_id), person.name.casefold(), apart))
    return f"former:{hashlib.sha256(told.encode()).hexdigest()[:40]}"


def as_writers(members: Mapping[str, Member]) -> dict[str, Writer]:
    """Members under their own names."""
    return {key: Writer(member.id, member.lead_role) for key, member in members.items()}


def store(
    session: Session,
    actor: Actor,
    placement_id: int,
    import_id: int,
    arrangement: Arrangement,
    writers: Mapping[str, Writer],
    cooked: Sequence[Sequence[Cooked]],
) -> None:
    """Store all threads; everybody who is in the course now has read them, so that nothing old calls for attention."""
    here = {"tenant_id": actor.tenant_id, "community_id": actor.community_id, "placement_id": placement_id}
    words = [
        {**here, **_words(thread, number, writers, html.html)}
        for thread, of_thread in zip(arrangement.threads, cooked, strict=True)
        for number, html in enumerate(of_thread)
    ]
    for number, row in enumerate(words):
        row["submission_key"] = f"import-{import_id}-{number}"
    ids = iter(_insert(session, Contribution, Contribution.submission_key, words))
    posts = [[next(ids) for _post in thread.posts] for thread in arrangement.threads]
    threads = [
        {**here, **_thread(thread, of_thread, writers)}
        for thread, of_thread in zip(arrangement.threads, posts, strict=True)
    ]
    thread_ids = _insert(session, Thread, Thread.opening_id, threads)
    together = list(zip(arrangement.threads, posts, thread_ids, cooked, strict=True))
    for some in _portions([row for one in together for row in _places(one[0], one[1], one[2])]):
        session.execute(insert(Post), some)
    keys = [
        {"contribution_id": post_id, "import_id": import_id, "key": post.key[:120]}
        for thread, of_thread, _id, _words_of in together
        for post, post_id in zip(thread.posts, of_thread, strict=True)
    ]
    for some in _portions(keys):
        session.execute(insert(Imported), some)
    for thread, of_thread, _id, texts in together:
        index.put_new(session, _documents(actor, thread, of_thread, texts))
    _read_by_all(session, actor, thread_ids)


def _words(thread: Arranged, number: int, writers: Mapping[str, Writer], html: str) -> dict[str, Any]:
    post = thread.posts[number]
    writer = writers[post.author]
    return {
        "kind": REPLY if number else THREAD,
        "author_id": writer.user_id,
        "author_role": writer.role,
        "title": "" if number else thread.title,
        "state": State.PUBLISHED,
        "note": "",
        "source": post.source,
        "html": html,
        "cooked_version": COOKED_VERSION,
        "created_at": post.at,
        "published_at": post.at,
        "edited_at": post.edited_at,
        "edit_count": 0,
        "version": 1,
    }


def _thread(thread: Arranged, post_ids: Sequence[int], writers: Mapping[str, Writer]) -> dict[str, Any]:
    first, last = thread.posts[0], thread.posts[-1]
    author_id = writers[first.author].user_id
    others = {writers[post.author].user_id for post in thread.posts[1:]} - {author_id}
    return {
        "opening_id": post_ids[0],
        "author_id": author_id,
        "title": thread.title,
        "state": State.PUBLISHED,
        "kind": ThreadKind.DISCUSSION if thread.solved is None else ThreadKind.QUESTION,
        "audience": Audience.EVERYBODY if thread.group_id is None else Audience.GROUP,
        "group_id": thread.group_id,
        "solved_id": None if thread.solved is None else post_ids[thread.solved],
        "people_count": len(others),
        "pinned": thread.pinned,
        "locked": thread.locked,
        "highest_number": len(thread.posts),
        "reply_count": len(thread.posts) - 1,
        "created_at": first.at,
        "last_activity_at": max(post.at for post in thread.posts),
        "last_author_id": writers[last.author].user_id,
    }


def _places(thread: Arranged, post_ids: Sequence[int], thread_id: int) -> Iterable[dict[str, Any]]:
    for number, (post, post_id) in enumerate(zip(thread.posts, post_ids, strict=True), start=1):
        yield {
            "contribution_id": post_id,
            "thread_id": thread_id,
            "parent_id": None if post.above is None else post_ids[post.above],
            "number": number,
            "path": post.path,
            "depth": post.depth,
        }


def _documents(
    actor: Actor, thread: Arranged, post_ids: Sequence[int], texts: Sequence[Cooked]
) -> list[index.Document]:
    return [
        index.Document(
            kind=POST,
            subject_id=post_id,
            tenant_id=actor.tenant_id,
            community_id=actor.community_id,
            title="" if post.depth else thread.title,
            body=words.text,
            at=post.at,
        )
        for post, post_id, words in zip(thread.posts, post_ids, texts, strict=True)
    ]


def _read_by_all(session: Session, actor: Actor, thread_ids: Sequence[int]) -> None:
    columns = ["user_id", "thread_id", "last_read_number", "read_ahead", "read_ahead_count", "updated_at"]
    for some in _portions(list(thread_ids)):
        everything = (
            select(
                Membership.user_id,
                Thread.id,
                Thread.highest_number,
                literal(""),
                literal(0),
                literal(clock.now(), ReadMark.updated_at.type),
            )
            .select_from(Membership)
            .join(Thread, and_(Thread.id.in_(some)))
            .where(Membership.course_id == actor.course_id, Membership.active.is_(True))
        )
        session.execute(insert(ReadMark).from_select(columns, everything))


def _insert(session: Session, model: Any, key: Any, rows: Sequence[dict[str, Any]]) -> list[int]:
    """The ids of new rows, in their order.

    :param key: a column that tells them apart; databases give ids back in no particular order.
    """
    statement = insert(model).returning(model.id, key.label("key"))
    ids = {row.key: row.id for some in _portions(rows) for row in session.execute(statement, some)}
    return [ids[row[key.key]] for row in rows]


def _portions(rows: Sequence[Any]) -> Iterable[list[Any]]:
    return (list(rows[start : start + AT_ONCE]) for start in range(0, len(rows), AT_ONCE))
