"""The shapes of an export. Each is a generator of text, so that a file of any size is written as it is read."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.spreadsheets import harmless
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.content.models import State
from lmssocial.widgets.discussion.exporting.reading import Export, PostRow, ThreadRow, posts, threads

VERSION = 1
"""Of the JSON; raised when the meaning of a field changes. New fields do not raise it."""

PART = 64_000
"""Characters that are sent together."""

COLUMNS = (
    "thread",
    "id",
    "parent",
    "number",
    "depth",
    "author",
    "role",
    "date",
    "edited",
    "state",
    "audience",
    "title",
    "format",
    "text",
    "helpful",
    "endorsed",
    "special_mentions",
    "stars_count",
    "stars_sum",
)
"""Of the CSV; those that an import knows have the names it knows them by."""


def as_json(session: Session, export: Export) -> Iterator[str]:
    """One object with the discussion and its threads, each with its posts."""
    placement = export.placement
    head = {
        "format": "lmssocial.discussion",
        "version": VERSION,
        "exported_at": clock.now(),
        "own_posts_only": export.own,
        "private_threads_included": export.private,
        "discussion": {"id": placement.id, "title": placement.title, "intro": placement.intro},
    }
    yield _dumped(head)[:-1] + ',\n"threads": ['
    begun = False
    for thread in threads(session, export):
        fields = thread._asdict()
        yield ("," if begun else "") + "\n" + _dumped(fields)[:-1] + ', "posts": ['
        begun = True
        for number, post in enumerate(posts(session, export, thread)):
            yield (",\n  " if number else "\n  ") + _dumped(_post(post))
        yield "]}"
    yield "\n]}\n"


def _post(post: PostRow) -> dict[str, Any]:
    fields = post._asdict()
    names = ("helpful", "endorsed", "special_mentions", "stars_count", "stars_sum", "saved", "shared")
    marks = {name: fields.pop(name) for name in names}
    for name in ("thread_id", "parent_number"):
        del fields[name]
    author = {
        "id": fields.pop("author_id"),
        "name": fields.pop("author"),
        "role": fields.pop("author_role"),
        "former": fields.pop("author_is_former"),
    }
    return fields | {"author": author, "marks": marks}


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_moment)


def _moment(value: datetime) -> str:
    return value.isoformat()


def as_csv(session: Session, export: Export) -> Iterator[str]:
    """A line for each post. No cell begins with a sign that a spreadsheet reckons with."""
    out = io.StringIO()
    writer = csv.writer(out)
    out.write("\ufeff")  # by which spreadsheets know that it is UTF-8
    writer.writerow(COLUMNS)
    for thread in threads(session, export):
        for post in posts(session, export, thread):
            writer.writerow(harmless(cell) for cell in _cells(thread, post))
            if out.tell() > PART:
                yield out.getvalue()
                out.seek(0)
                out.truncate()
    yield out.getvalue()


def _cells(thread: ThreadRow, post: PostRow) -> tuple[Any, ...]:
    edited = post.edited_at
    return (
        thread.id,
        post.id,
        post.parent or "",
        post.number or "",
        post.depth,
        post.author,
        post.author_role,
        (post.published_at or post.written_at).isoformat(),
        edited.isoformat() if edited else "",
        post.state,
        thread.audience,
        thread.title,
        "markdown",
        post.source,
        post.helpful,
        post.endorsed,
        post.special_mentions,
        post.stars_count,
        post.stars_sum,
    )


def as_page(
    session: Session, export: Export, *, role_name: Callable[[str], str], address: str, language: str
) -> Iterator[str]:
    """A page to print or to keep, which needs nothing beside itself.

    :param role_name: says an LMS role in words.
    :param address: of this installation; links within it lead there.
    """
    title = escape(export.placement.title)
    direction = "rtl" if language.partition("-")[0] in {"ar", "fa", "he", "ur"} else "ltr"
    yield (
        f'<!doctype html>\n<html lang="{escape(language)}" dir="{direction}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body><main><h1>{title}</h1>"
    )
    if export.placement.intro:
        yield f'<p dir="auto">{escape(export.placement.intro)}</p>'
    yield f"<p>{escape(_('Exported on %(day)s.', day=f'{clock.now():%Y-%m-%d}'))}</p>"
    for number, thread in enumerate(threads(session, export), start=1):
        yield f'\n<section><h2 id="thread-{thread.id}" dir="auto">{number}. {escape(thread.title)}</h2>'
        for place, post in enumerate(posts(session, export, thread), start=1):
            yield _article(f"{number}.{post.number or place}", number, post, role_name, address)
        yield "</section>"
    yield "</main></body></html>\n"


def _article(
    heading: str, thread_number: int, post: PostRow, role_name: Callable[[str], str], address: str
) -> str:
    at = post.published_at or post.written_at
    facts = [role_name(post.author_role), f"{at:%Y-%m-%d %H:%M} UTC"]
    if post.parent_number:
        facts.append(_("in reply to %(number)s", number=f"{thread_number}.{post.parent_number}"))
    if post.edited_at:
        facts.append(_("edited"))
    if post.state is not State.PUBLISHED:
        facts.append(_state(post.state))
    indent = min(post.depth, 3)
    words = post.html.replace('href="/', f'href="{escape(address)}/').replace(
        'src="/', f'src="{escape(address)}/'
    )
    return (
        f'\n<article class="d{indent}"><h3>{heading} <bdi>{escape(post.author)}</bdi></h3>'
        f'<p class="facts">{escape(" · ".join(facts))}</p><div dir="auto">{Markup(words)}</div></article>'  # noqa: S704 – cooked by us
    )


def _state(state: State) -> str:
    return {
        State.HELD: _("waits for a moderator"),
        State.REJECTED: _("not published"),
        State.REMOVED: _("removed"),
        State.PUBLISHED: _("published"),
    }[state]


_STYLE = """
:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;margin:0}
main{max-inline-size:46rem;margin-inline:auto;padding:1rem;overflow-wrap:anywhere}
h1,h2,h3{line-height:1.25}h2{margin-block-start:2.5rem;border-block-end:1px solid}h3{font-size:1rem;margin-block:0}
article{margin-block:1.25rem;break-inside:avoid-page}.facts{margin-block:0;font-size:.875rem}
.d2{margin-inline-start:1rem}.d3{margin-inline-start:2rem}
img{max-inline-size:100%;block-size:auto}pre,.table-frame{overflow-x:auto}
table{border-collapse:collapse}td,th{border:1px solid;padding:.25rem .5rem;text-align:start}
blockquote{margin-inline:0;padding-inline-start:1rem;border-inline-start:3px solid}
@media print{body{font-size:10pt}main{max-inline-size:none;padding:0}h2,h3{break-after:avoid}pre{white-space:pre-wrap}}
""".strip()
