"""How closely somebody follows a thread."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.engagement import following
from lmssocial.social.engagement.following import Followable
from lmssocial.social.engagement.models import Level
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.widgets.discussion import access
from lmssocial.widgets.discussion.queries.threads import THREAD, thread_head
from lmssocial.widgets.discussion.routes.blueprint import bp, discussion


@bp.post("/threads/<int:thread_id>/follow")
def thread_follow(placement_id: int, thread_id: int) -> Response:
    """Watch it, follow it, mute it, or go back to having chosen nothing."""
    place = discussion()
    head = thread_head(
        scope.session(), place.actor, placement_id, thread_id
    )  # it has to be in this discussion
    thread = Followable(kind=THREAD, id=thread_id, author_id=head.author_id)
    wanted = request.form.get("level", "")
    if not ButtonForm(request.form).validate():
        flash(_("This page had grown old, so nothing was changed. Please press the button again."), "warn")
    elif wanted == "default":
        with unit_of_work(scope.session()) as session:
            following.choose(session, place.actor, thread, None)
        flash(_("You are told of replies to you and of mentions."), "good")
    elif wanted in set(Level):
        with unit_of_work(scope.session()) as session:
            access.require_thread(session, place.actor, thread_id)
            following.choose(session, place.actor, thread, Level(wanted))
        flash(_said(Level(wanted)), "good")
    return redirect(
        url_for("discussion.thread_detail", placement_id=placement_id, thread_id=thread_id), code=303
    )


def _said(level: Level) -> str:
    return {
        Level.WATCH: _("You watch this thread: you are told of every new post."),
        Level.FOLLOW: _("You follow this thread: what is new stands in your digest."),
        Level.MUTE: _("You muted this thread: you are told of nothing here."),
    }[level]
