"""The list of threads, and finding posts in them."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.words import gettext as _
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.widgets.discussion import service
from lmssocial.widgets.discussion.fragments import threads_html
from lmssocial.widgets.discussion.queries.found import found_posts
from lmssocial.widgets.discussion.queries.lists import View
from lmssocial.widgets.discussion.queries.lists import thread_list as listed_threads
from lmssocial.widgets.discussion.queries.single import thread_draft
from lmssocial.widgets.discussion.routes.blueprint import base, bp, discussion


@bp.get("/")
def thread_list(placement_id: int) -> str:
    """Threads: all, those with something unread, those the person takes part in."""
    place, session = discussion(), scope.session()
    view = View(wanted) if (wanted := request.args.get("view", "")) in set(View) else View.ALL
    page = listed_threads(session, place.actor, placement_id, view, request.args.get("after", ""))
    return render_template(
        "discussion/thread_list.html",
        page=page,
        rows=threads_html(page.threads, base()),
        view=view,
        is_start=not request.args.get("after"),
        draft=thread_draft(session, place.actor, placement_id),
    )


@bp.post("/read")
def thread_list_read(placement_id: int) -> Response:
    """Take everything as read."""
    place = discussion()
    if ButtonForm(request.form).validate():
        with unit_of_work(scope.session()) as session:
            service.mark_all_read(session, place.actor, placement_id)
        flash(_("All threads are marked as read."), "good")
    else:
        flash(_("This page had grown old, so nothing was marked. Please press the button again."), "warn")
    return redirect(url_for("discussion.thread_list", placement_id=placement_id), code=303)


@bp.get("/search")
def post_search(placement_id: int) -> str:
    """Posts that have every word of the query."""
    place = discussion()
    query = request.args.get("q", "")[:400]
    found = found_posts(scope.session(), place.actor, placement_id, query, request.args.get("after", ""))
    return render_template("discussion/post_search.html", query=query, found=found)
