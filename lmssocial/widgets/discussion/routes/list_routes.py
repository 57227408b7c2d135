"""The list of threads."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lmssocial.core.db import LARGEST_ID, unit_of_work
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.content.text import tidy_line
from lmssocial.social.search.words import fold
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.widgets.discussion import access, marking
from lmssocial.widgets.discussion.fragments import threads_html
from lmssocial.widgets.discussion.queries.choosing import Sort, View, Wanted
from lmssocial.widgets.discussion.queries.lists import thread_list as listed_threads
from lmssocial.widgets.discussion.queries.single import thread_draft
from lmssocial.widgets.discussion.routes.blueprint import base, bp, discussion
from lmssocial.widgets.discussion.settings import DiscussionSettings, Groups


@bp.get("/")
def thread_list(placement_id: int) -> str:
    """Threads: which ones and in which order the address says; without a word, all by their newest post."""
    place, session = discussion(), scope.session()
    settings = DiscussionSettings.read(place.settings)
    wanted = _wanted(settings)
    page = listed_threads(session, place.actor, placement_id, wanted)
    needs_group = access.needs_group(place.actor, settings)
    return render_template(
        "discussion/thread_list.html",
        page=page,
        rows=threads_html(page.threads, base(), why=wanted.sort is Sort.POPULAR),
        wanted=wanted,
        chosen=_chosen(wanted),
        is_start=not wanted.after,
        draft=thread_draft(session, place.actor, placement_id),
        settings=settings,
        groups=page.groups,
        is_closed=access.is_closed(settings),
        may_start=access.may_start(place.actor, settings) and not needs_group,
        needs_group=needs_group,
        may_ask=access.may_ask_privately(place.actor, settings),
    )


def _wanted(settings: DiscussionSettings) -> Wanted:
    """What the address asks of the list; what it does not know of is as if it were not there."""
    asked = request.args
    view, sort = asked.get("view", ""), asked.get("sort", "")
    group = asked.get("group", type=int)
    return Wanted(
        view=View(view) if view in set(View) else View.ALL,
        sort=Sort(sort) if sort in set(Sort) else Sort.ACTIVITY,
        tag=fold(tidy_line(asked.get("tag", "")[:60]).lstrip("#")),
        group_id=group if group is not None and 0 < group <= LARGEST_ID else None,
        with_groups=settings.groups is not Groups.NONE,
        after=asked.get("after", ""),
    )


def _chosen(wanted: Wanted) -> dict[str, str | int]:
    """What an address has to say to ask for the same list again; nothing about what goes without saying."""
    said: dict[str, str | int] = {}
    if wanted.view is not View.ALL:
        said["view"] = wanted.view.value
    if wanted.sort is not Sort.ACTIVITY:
        said["sort"] = wanted.sort.value
    if wanted.tag:
        said["tag"] = wanted.tag
    if wanted.group_id is not None:
        said["group"] = wanted.group_id
    return said


@bp.post("/read")
def thread_list_read(placement_id: int) -> Response:
    """Take everything as read."""
    place = discussion()
    if ButtonForm(request.form).validate():
        with unit_of_work(scope.session()) as session:
            marking.mark_all_read(session, place.actor, placement_id)
        flash(_("All threads are marked as read."), "good")
    else:
        flash(_("This page had grown old, so nothing was marked. Please press the button again."), "warn")
    return redirect(url_for("discussion.thread_list", placement_id=placement_id), code=303)
