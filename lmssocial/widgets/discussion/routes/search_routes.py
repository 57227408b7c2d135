"""Finding posts, and what is like a thread that somebody is about to begin."""

from flask import render_template, request
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from lmssocial.core import activity
from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.composing.forms import MAX_TITLE
from lmssocial.social.content.text import tidy_line
from lmssocial.social.search.asking import LONGEST_QUERY
from lmssocial.web import scope
from lmssocial.web.forms import SafeForm
from lmssocial.widgets.discussion.events import PostsSearched
from lmssocial.widgets.discussion.queries.found import LikeThread, Narrowing, found_posts, like_threads
from lmssocial.widgets.discussion.routes.blueprint import base, bp, discussion

DAYS = (7, 30, 90, 365)
"""How far back a search may be asked to look."""

TOO_SHORT = 6
"""Letters of a title from which on others are compared with it."""


@bp.get("/search")
def post_search(placement_id: int) -> str:
    """Posts that have every word of the query and fit the choices beside it."""
    place, asked = discussion(), request.args
    query = asked.get("q", "")[:LONGEST_QUERY]
    days = asked.get("days", type=int)
    narrowing = Narrowing(
        author=tidy_line(asked.get("author", "")[:100]),
        questions=asked.get("only") == "questions",
        solved=asked.get("only") == "solved",
        days=days if days in DAYS else None,
        everywhere=asked.get("where") == "everywhere",
    )
    found = found_posts(
        scope.session(), place.actor, placement_id, query, narrowing, after=asked.get("after", "")
    )
    return render_template(
        "discussion/post_search.html",
        query=query,
        found=found,
        narrowing=narrowing,
        chosen=_chosen(query, narrowing),
        tells=bool(query) and not asked.get("after"),
        days={
            7: _("the last week"),
            30: _("the last month"),
            90: _("the last three months"),
            365: _("the last year"),
        },
    )


class SearchedForm(SafeForm):
    """How many posts a search showed. What was looked for is nobody's business."""

    hits = IntegerField(validators=[InputRequired(), NumberRange(0, 100)])


@bp.post("/search")
def post_search_told(placement_id: int) -> tuple[str, int]:
    """Note that somebody searched, told by a script once a first page of what was found was before their eyes."""
    place, form = discussion(), SearchedForm(request.form)
    if not form.validate():
        return "", 422
    with unit_of_work(scope.session()) as session:
        told = PostsSearched(**place.actor.envelope, placement_id=placement_id, hits=form.hits.data or 0)
        activity.record(session, told)
    return "", 204


def _chosen(query: str, narrowing: Narrowing) -> dict[str, str | int]:
    """What an address has to say to ask the same again."""
    said: dict[str, str | int] = {"q": query} if query else {}
    if narrowing.author:
        said["author"] = narrowing.author
    if narrowing.questions or narrowing.solved:
        said["only"] = "solved" if narrowing.solved else "questions"
    if narrowing.days:
        said["days"] = narrowing.days
    if narrowing.everywhere:
        said["where"] = "everywhere"
    return said


@bp.get("/similar")
def thread_similar(placement_id: int) -> str:
    """Threads like the title that somebody is typing; a fragment for the form, empty if there are none."""
    discussion()
    found = similar_to(placement_id, request.args.get("title", ""))
    return render_template("discussion/_similar.html", similar=found, base=base())


def similar_to(placement_id: int, title: str) -> tuple[LikeThread, ...]:
    """Threads like one with this title; none while it is too short to say anything."""
    title = tidy_line(title[:MAX_TITLE])
    if len(title) < TOO_SHORT:
        return ()
    return like_threads(scope.session(), discussion().actor, placement_id, title)
