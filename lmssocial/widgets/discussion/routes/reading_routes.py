"""What somebody has read, and the tags they may read of: small answers to what a page asks by itself.

A page is not read because it was sent. Where scripts run, they say which posts' ends stood on the screen for a moment;
where none run, a button at the end of the posts says it for the page (``<noscript>``). A link or a picture that marks
would be followed by whatever looks ahead, so both are one form that is sent.
"""

import re

from flask import flash, jsonify, redirect, request, url_for
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import Regexp

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content import tags
from lmssocial.social.content.models import Contribution
from lmssocial.social.engagement.via import via_of
from lmssocial.web import scope
from lmssocial.web.forms import SafeForm
from lmssocial.web.fragments import is_fragment
from lmssocial.widgets.discussion import access, marking
from lmssocial.widgets.discussion.models import Post, Thread
from lmssocial.widgets.discussion.queries.posts import POSTS
from lmssocial.widgets.discussion.queries.threads import thread_head
from lmssocial.widgets.discussion.reading import read_ranges
from lmssocial.widgets.discussion.routes.blueprint import bp, discussion

_RANGE = r"\d{1,6}(?:-\d{1,6})?"
_SEEN = re.compile(rf"{_RANGE}(?:,{_RANGE}){{0,99}}\Z", re.ASCII)
MAX_SEEN = 1000
"""Posts that one answer can mark: many pages of them, and no number that fills the memory."""


class SeenForm(SafeForm):
    """The numbers of posts whose ends were on the screen, ``3-7,9``, and what had led to the page."""

    numbers = StringField(validators=[Regexp(_SEEN)])
    via = StringField()

    def seen(self) -> frozenset[int]:
        """The numbers; none if they are more than anybody reads at once."""
        parts = [part.split("-") for part in (self.numbers.data or "").split(",")]
        many = sum(max(0, int(part[-1]) - int(part[0])) + 1 for part in parts)
        return read_ranges(self.numbers.data or "") if many <= MAX_SEEN else frozenset()


@bp.post("/threads/<int:thread_id>/read")
def thread_read(placement_id: int, thread_id: int) -> Response | tuple[str, int]:
    """Remember what was read: 204 for a script; for a person, on to what they have not read."""
    place, form = discussion(), SeenForm(request.form)
    head = thread_head(
        scope.session(), place.actor, placement_id, thread_id
    )  # it has to be in this discussion
    fits = form.validate()
    progress = head.progress
    if fits:
        with unit_of_work(scope.session()) as session:
            via = via_of(form.via.data)
            progress = marking.mark_read(session, place.actor, thread_id, form.seen(), via)
    if is_fragment():
        return "", 204 if fits else 422
    if not fits:
        flash(_("This page had grown old, so nothing was marked. Please press the button again."), "warn")
        return redirect(url_for(".thread_detail", placement_id=placement_id, thread_id=thread_id), code=303)
    number = progress.first_unread(head.highest_number) if head.answers_open else None
    if number is None:
        flash(_("Marked as read. There is nothing unread left in this thread."), "good")
        return redirect(url_for(".thread_list", placement_id=placement_id), code=303)
    at = number if head.highest_number > POSTS else None
    href = url_for(
        ".thread_detail", placement_id=placement_id, thread_id=thread_id, at=at, _anchor=f"post-{number}"
    )
    return redirect(href, code=303)


@bp.get("/tags")
def tags_named(placement_id: int) -> Response:
    """Tags that begin with ``?q=``, for the list that opens behind a ``#``."""
    del placement_id  # part of the address; the scope has read it
    found = completed_tags(scope.session(), discussion().actor, request.args.get("q", "")[:100])
    answer = jsonify(
        [
            {"value": label, "name": f"#{label}", "note": ngettext("%(num)s post", "%(num)s posts", used)}
            for label, used in found
        ]
    )
    answer.headers["Cache-Control"] = "private, max-age=60"
    return answer


def completed_tags(session: Session, actor: Actor, begun: str) -> list[tuple[str, int]]:
    """Tags of posts that the actor reads. One query."""
    readable = (
        select(Post.contribution_id)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Contribution, Contribution.id == Post.contribution_id)
        .where(access.posts_seen_by(actor), access.words_read_by(actor))
    )
    return tags.completions(session, actor, begun, readable)
