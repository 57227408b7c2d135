"""Moving, splitting and merging threads: each says first what will happen, and does it on one button."""

from collections.abc import Callable
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.composing.forms import MAX_TITLE, SaysSomething
from lmssocial.social.content.text import tidy_line
from lmssocial.web import scope
from lmssocial.web.forms import SafeForm, WholeNumberField, options
from lmssocial.widgets.discussion import access, reorganising
from lmssocial.widgets.discussion.models import Thread
from lmssocial.widgets.discussion.queries.reorganising import (
    extent,
    may_take,
    other_discussions,
)
from lmssocial.widgets.discussion.queries.single import post_detail
from lmssocial.widgets.discussion.queries.threads import ThreadHead, thread_head
from lmssocial.widgets.discussion.routes.blueprint import base, bp, discussion


class SeenForm(SafeForm):
    """A deed on a thread as it was when its page was opened."""

    seen_version = WholeNumberField(widget=HiddenInput(), validators=[NumberRange(min=1)])

    def look_again(self, version: int) -> None:
        """The page that shows this form shows the thread at ``version``."""
        self.seen_version.data, self.seen_version.raw_data = version, None


class MoveForm(SeenForm):
    """Where a thread goes."""

    to = RadioField(
        _l("To which discussion"),
        coerce=int,
        validators=[InputRequired(_l("Choose the discussion where the thread shall stand."))],
    )


class SplitForm(SeenForm):
    """How a branch goes on as a thread."""

    title = StringField(
        _l("Title of the new thread"),
        filters=[lambda text: tidy_line(text or "")],
        validators=[
            SaysSomething(_l("Give the new thread a title, so that others know what it is about.")),
            Length(max=MAX_TITLE, message=_l("A title has at most %(max)d characters.")),
        ],
    )
    line = BooleanField(_l("Leave a line with a link where the post stood"), default=True)


@bp.get("/threads/<int:thread_id>/move")
def thread_move(placement_id: int, thread_id: int) -> Response:
    """Asks where it shall go, and says what goes with it."""
    head = _moderated(placement_id, thread_id)
    return _move_page(head, MoveForm(data={"seen_version": head.version}))


@bp.post("/threads/<int:thread_id>/move")
def thread_move_post(placement_id: int, thread_id: int) -> Response:
    """Let it stand in another discussion."""
    head = _moderated(placement_id, thread_id)
    form = MoveForm(request.form)
    form.to.choices = _choices(head)
    if not form.validate():
        return _move_page(head, form, status=422)
    to, seen = int(form.to.data), form.seen_version.data or 0
    moved = _attempt(lambda session, actor: reorganising.move(session, actor, thread_id, to, seen=seen))
    if isinstance(moved, str):
        head = _moderated(placement_id, thread_id)
        form.look_again(head.version)
        form.to.errors = [moved]
        return _move_page(head, form, status=409)
    flash(
        _("Moved. Links to the thread and to its posts lead here. You can move it back in the same way."),
        "good",
    )
    return _to_thread(to, moved)


def _move_page(head: ThreadHead, form: MoveForm, status: int = 200) -> Response:
    form.to.choices = _choices(head)
    return make_response(
        render_template(
            "discussion/thread_move.html",
            thread=head,
            form=form,
            extent=extent(scope.session(), head.id),
            base=base(),
        ),
        status,
    )


def _choices(head: ThreadHead) -> list[Any]:
    return options(other_discussions(scope.session(), discussion().actor, head.placement_id))


@bp.get("/threads/<int:thread_id>/merge")
def thread_merge(placement_id: int, thread_id: int) -> Response:
    """Asks into which thread; once one is chosen, says what will happen."""
    head = _moderated(placement_id, thread_id)
    return _merge_page(head, request.args.get("into", type=int))


@bp.post("/threads/<int:thread_id>/merge")
def thread_merge_post(placement_id: int, thread_id: int) -> Response:
    """Put its posts below those of the other."""
    head = _moderated(placement_id, thread_id)
    form, into = SeenForm(request.form), request.args.get("into", default=0, type=int)
    if not form.validate():
        return _merge_page(head, into, _("This page had grown old, so nothing was changed. Look again."), 422)
    seen = form.seen_version.data or 0
    merged = _attempt(lambda session, actor: reorganising.merge(session, actor, thread_id, into, seen=seen))
    if isinstance(merged, str):
        return _merge_page(_moderated(placement_id, thread_id), into, merged, 409)
    flash(_("Merged. The old thread’s address leads here."), "good")
    return redirect(
        url_for("discussion.post_detail", placement_id=placement_id, post_id=head.opening_id), code=303
    )


def _merge_page(head: ThreadHead, into_id: int | None, error: str = "", status: int = 200) -> Response:
    place, session = discussion(), scope.session()
    thread = access.require_moderated_thread(session, place.actor, head.id)
    into = thread_head(session, place.actor, head.placement_id, into_id) if into_id else None
    query = request.args.get("q", "")[:200]
    return make_response(
        render_template(
            "discussion/thread_merge.html",
            thread=head,
            into=into,
            form=SeenForm(data={"seen_version": head.version}),
            extent=extent(session, head.id),
            found=() if into else may_take(session, place.actor, thread, query),
            query=query,
            error=error,
            base=base(),
        ),
        status,
    )


@bp.get("/posts/<int:post_id>/split")
def post_split(placement_id: int, post_id: int) -> Response:
    """Asks for a title, and says what goes along."""
    return _split_page(placement_id, post_id, None)


@bp.post("/posts/<int:post_id>/split")
def post_split_post(placement_id: int, post_id: int) -> Response:
    """Make a post and what is below it a thread of its own."""
    discussion()  # binds forms to the person
    form = SplitForm(request.form)
    if not form.validate():
        return _split_page(placement_id, post_id, form, 422)
    title, seen = form.title.data or "", form.seen_version.data or 0
    href = (
        url_for("discussion.post_detail", placement_id=placement_id, post_id=post_id)
        if form.line.data
        else ""
    )
    made = _attempt(
        lambda session, actor: reorganising.split(session, actor, post_id, title, seen=seen, href=href)
    )
    if isinstance(made, str):
        form.title.errors = [made]
        form.seen_version.data = None  # this page shows the thread as it is now
        return _split_page(placement_id, post_id, form, 409)
    flash(_("Split. The post and everything below it are a thread of their own now."), "good")
    return _to_thread(placement_id, made)


def _split_page(placement_id: int, post_id: int, form: SplitForm | None, status: int = 200) -> Response:
    place, session = discussion(), scope.session()
    post = post_detail(session, place.actor, placement_id, post_id)
    head = _moderated(placement_id, post.thread_id)
    if form is None:
        form = SplitForm(data={"line": True})
    if form.seen_version.data is None:
        form.look_again(head.version)
    below = reorganising.count_below(session, post.thread_id, post_id)
    return make_response(
        render_template(
            "discussion/post_split.html", post=post, thread=head, form=form, below=below, base=base()
        ),
        status,
    )


def _moderated(placement_id: int, thread_id: int) -> ThreadHead:
    """A thread of this discussion, for somebody who moderates.

    :raises NotAllowed: if they do not.
    """
    place = discussion()
    head = thread_head(scope.session(), place.actor, placement_id, thread_id)
    if not place.actor.moderates:
        raise NotAllowed(_("Only moderators of this course can do this."))
    return head


def _attempt(deed: Callable[[Session, Actor], Thread]) -> int | str:
    """Do it; gives the thread's id, or the sentence that says why it was not done."""
    actor = discussion().actor
    try:
        with unit_of_work(scope.session()) as session:
            return deed(session, actor).id
    except (Conflict, Invalid) as problem:
        return problem.message


def _to_thread(placement_id: int, thread_id: int) -> Response:
    return redirect(
        url_for("discussion.thread_detail", placement_id=placement_id, thread_id=thread_id), code=303
    )
