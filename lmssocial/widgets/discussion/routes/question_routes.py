"""Questions and polls: what solved one, and choosing in the other."""

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from lmssocial.core.db import LARGEST_ID, unit_of_work
from lmssocial.core.kernel.errors import Invalid, NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.widgets.discussion import polls, questions
from lmssocial.widgets.discussion.models import Thread
from lmssocial.widgets.discussion.queries.posts import POSTS
from lmssocial.widgets.discussion.queries.single import where_is
from lmssocial.widgets.discussion.queries.threads import thread_head
from lmssocial.widgets.discussion.routes.blueprint import bp, discussion, post_href


@bp.post("/posts/<int:post_id>/solve")
def post_solve(placement_id: int, post_id: int) -> Response:
    """The asker says that this answer solved their question."""
    return _judge(questions.solve, placement_id, post_id, _("Solved: everybody finds this answer at once."))


@bp.post("/posts/<int:post_id>/unsolve")
def post_unsolve(placement_id: int, post_id: int) -> Response:
    """Open the question again."""
    return _judge(questions.unsolve, placement_id, post_id, _("The question is open again."))


def _judge(
    deed: Callable[[Session, Actor, int], Thread], placement_id: int, post_id: int, done: str
) -> Response:
    place = discussion()
    found = where_is(scope.session(), place.actor, placement_id, post_id)  # it has to be in this discussion
    if ButtonForm(request.form).validate():
        with unit_of_work(scope.session()) as session:
            deed(session, place.actor, post_id)
        flash(done, "good")
    else:
        _grown_old()
    href = post_href(found.thread_id, found.number, post_id, found.highest_number, POSTS)
    return redirect(href, code=303)


@bp.post("/threads/<int:thread_id>/poll")
def poll_vote(placement_id: int, thread_id: int) -> Response:
    """Choose, or choose otherwise."""
    place = discussion()
    thread_head(scope.session(), place.actor, placement_id, thread_id)  # it has to be in this discussion
    if not ButtonForm(request.form).validate():
        _grown_old()
        return _to_poll(placement_id, thread_id)
    chosen = [number for number in request.form.getlist("option", type=int) if 0 < number <= LARGEST_ID]
    try:
        with unit_of_work(scope.session()) as session:
            polls.vote(session, place.actor, thread_id, chosen)
    except (Invalid, NotAllowed) as refusal:
        flash(refusal.message, "warn")
    else:
        flash(_("Your vote is counted."), "good")
    return _to_poll(placement_id, thread_id)


@bp.post("/threads/<int:thread_id>/poll/close")
def poll_close(placement_id: int, thread_id: int) -> Response:
    """End the poll now."""
    place = discussion()
    thread_head(scope.session(), place.actor, placement_id, thread_id)  # it has to be in this discussion
    if ButtonForm(request.form).validate():
        with unit_of_work(scope.session()) as session:
            polls.close(session, place.actor, thread_id)
        flash(_("The poll is closed; everybody sees the result."), "good")
    else:
        _grown_old()
    return _to_poll(placement_id, thread_id)


def _grown_old() -> None:
    flash(_("This page had grown old, so nothing was changed. Please press the button again."), "warn")


def _to_poll(placement_id: int, thread_id: int) -> Response:
    href = url_for("discussion.thread_detail", placement_id=placement_id, thread_id=thread_id, _anchor="poll")
    return redirect(href, code=303)
