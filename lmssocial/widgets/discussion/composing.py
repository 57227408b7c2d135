"""The empty composer at the end of a thread, kept in memory.

It is the same for everybody who may answer, but for a token, a key, and whom it answers. Those stand in it as marks
that no text can hold, and are put in for each page: a third of what a thread's page costs is saved by that.
"""

from functools import lru_cache
from typing import Any, NamedTuple
from uuid import uuid4

from flask import current_app
from flask_babel import get_locale
from markupsafe import Markup, escape

from lmssocial.social.communities.scope import Here
from lmssocial.social.composing.markdown_help import markdown_help
from lmssocial.web.forms import csrf_token
from lmssocial.widgets.discussion.forms import ReplyForm
from lmssocial.widgets.discussion.queries.threads import ThreadHead

TOKEN, KEY, NAME, OPENING = (f"\ufdd0{number}\ufdd1" for number in range(4))
"""Marks for what differs: not characters, so neither texts nor names can have them in them."""


class _Kind(NamedTuple):
    """What the composer depends on besides."""

    base: str
    locale: str
    rules: tuple[str, ...]
    course: str
    audience: str
    group_name: str | None
    learner_name: str | None
    is_learner: bool


def empty_composer(head: ThreadHead, base: str, place: Here) -> Markup:
    """Where somebody answers the opening of a thread, with nothing written yet."""
    kind = _Kind(
        base,
        str(get_locale() or ""),
        place.ground_rules,
        place.community_title,
        head.audience,
        head.group_name,
        head.learner_name,
        head.learner_id == place.actor.user_id,
    )
    html = _blank(kind)
    for mark, value in (
        (TOKEN, csrf_token()),
        (KEY, str(uuid4())),
        (NAME, str(escape(head.author_name))),
        (OPENING, str(head.opening_id)),
    ):
        html = html.replace(mark, value)
    return Markup(html)  # noqa: S704 – the template escaped its part, and so did we


@lru_cache(maxsize=64)
def _blank(kind: _Kind) -> str:
    form = ReplyForm()
    form.for_target("opening")
    token: Any = form["csrf_token"]
    token.current_token, form.submission_key.data = TOKEN, KEY
    template = current_app.jinja_env.get_template("discussion/_answer.html")
    return template.render(
        form=form,
        **kind._asdict(),
        here={"community_title": kind.course},
        help=markdown_help(kind.locale),
        author_name=NAME,
        opening_id=OPENING,
    )
