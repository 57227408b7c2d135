"""Topics of Discourse, as ``/t/<id>.json?print=true&include_raw=1`` gives them to a moderator.

One topic, a list of topics, or a zip with one JSON file for each. Without ``include_raw`` the HTML is taken.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, BinaryIO

from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.content.text import tidy_line
from lmssocial.widgets.discussion.importing.past import (
    Loss,
    Past,
    PastPerson,
    PastPost,
    PastThread,
    Source,
    Unreadable,
)
from lmssocial.widgets.discussion.importing.readers.archives import Archive

MOST_JSON = 250_000_000
"""Bytes of one JSON file: it has to be in memory as a whole."""

_REGULAR = {1, 2}
"""Types of posts that members wrote; 3 is a notice that something was done, 4 a whisper among staff."""


def read(file: BinaryIO) -> Past:
    """The topics in a JSON file.

    :raises Unreadable: if it is no JSON, or holds no topic.
    """
    past = Past(Source.DISCOURSE)
    _take(past, file)
    return _checked(past)


def read_archive(archive: Archive) -> Past:
    """The topics in all JSON files of an archive.

    :raises Unreadable: if there is none.
    """
    past = Past(Source.DISCOURSE)
    names = list(archive.names(end=".json"))
    if not names:
        raise Unreadable(
            _("This archive is neither a Moodle backup nor a collection of Discourse topics (JSON files).")
        )
    for name in names:
        if (file := archive.part(name)) is not None:
            _take(past, file)
    return _checked(past)


def _checked(past: Past) -> Past:
    if not past.threads and not past.losses[Loss.PRIVATE]:
        raise Unreadable(_("There is no topic with posts in this file."))
    return past


def _take(past: Past, file: BinaryIO) -> None:
    text = file.read(MOST_JSON + 1)
    if len(text) > MOST_JSON:
        raise Unreadable(
            _("This file is larger than can be read at once. Bring its topics in one after the other.")
        )
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(
            _("This file begins like JSON, but cannot be read to its end. Save it again, in UTF-8."),
            reason=f"{type(error).__name__}: {error}",
        ) from error
    for topic in _topics(found):
        _topic(past, topic)


def _topics(found: Any) -> Iterable[dict[str, Any]]:
    if isinstance(found, dict) and isinstance(found.get("topics"), list):
        found = found["topics"]
    for one in found if isinstance(found, list) else [found]:
        if isinstance(one, dict) and isinstance(one.get("post_stream"), dict):
            yield one


def _topic(past: Past, topic: dict[str, Any]) -> None:
    stream = topic["post_stream"].get("posts")
    given = [post for post in stream if isinstance(post, dict)] if isinstance(stream, list) else []
    if topic.get("archetype") == "private_message":
        past.losses[Loss.PRIVATE] += len(given)
        return
    key = str(topic.get("id", len(past.threads)))
    keys = {post.get("post_number"): f"{key}/{post.get('post_number')}" for post in given}
    first = min((n for n in keys if isinstance(n, int)), default=None)
    posts = tuple(
        post for one in given if (post := _post(past, one, keys, is_first=one.get("post_number") == first))
    )
    if not posts:
        return
    answer = topic.get("accepted_answer")
    solved = keys.get(answer.get("post_number")) if isinstance(answer, dict) else None
    past.add(
        PastThread(
            key=key,
            title=_string(topic.get("title")),
            posts=posts,
            pinned=topic.get("pinned") is True,
            locked=topic.get("closed") is True or topic.get("archived") is True,
            solved=solved,
        )
    )


def _post(past: Past, one: dict[str, Any], keys: dict[Any, str], *, is_first: bool) -> PastPost | None:
    losses = past.losses
    if one.get("post_type", 1) not in _REGULAR:
        losses[Loss.NOTES] += 1
        return None
    if one.get("hidden") is True or one.get("deleted_at") or one.get("user_deleted") is True:
        losses[Loss.REMOVED] += 1
        return None
    losses[Loss.LIKES] += _likes(one)
    losses[Loss.POLLS] += bool(one.get("polls"))
    username = _string(one.get("username"))
    author = str(one.get("user_id") or username or "?")
    past.people.setdefault(
        author, PastPerson(author, tidy_line(_string(one.get("name")) or username)[:200], "")
    )
    raw = one.get("raw")
    at, changed = _time(one.get("created_at")), _time(one.get("updated_at"))
    return PastPost(
        key=keys[one.get("post_number")],
        parent=None if is_first else keys.get(one.get("reply_to_post_number")) or "",
        author=author,
        at=at,
        edited_at=changed if at and changed and changed > at and one.get("version", 1) != 1 else None,
        text=raw if isinstance(raw, str) else _string(one.get("cooked")),
        is_html=not isinstance(raw, str),
    )


def _likes(one: dict[str, Any]) -> int:
    actions = one.get("actions_summary")
    if not isinstance(actions, list):
        return 0
    counts = (a.get("count") for a in actions if isinstance(a, dict) and a.get("id") == 2)
    return sum(count for count in counts if isinstance(count, int))


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _time(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None
