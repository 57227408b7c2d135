"""Rosters: which are in trouble or being read, what the last runs did, and having one read now."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lmssocial.core.db import LARGEST_ID, unit_of_work
from lmssocial.core.kernel.errors import NotFound
from lmssocial.front.admin.gate import bp, local_path, me, pressed
from lmssocial.front.admin.launches import platform_choices
from lmssocial.front.admin.log import note
from lmssocial.lms.roster import overview, schedule
from lmssocial.lms.roster.overview import PAGE, View
from lmssocial.web import scope


@bp.get("/rosters")
def roster_list() -> str:
    """Rosters with their last runs; those in trouble unless others are asked for."""
    session = scope.session()
    view = View(request.args["view"]) if request.args.get("view") in set(View) else View.TROUBLE
    platform_id, before = _id("platform"), _id("before")
    found = overview.roster_page(session, view, platform_id=platform_id, before=before)
    counts = overview.counts(session, platform_id=platform_id)
    return render_template(
        "admin/roster_list.html",
        rosters=found[:PAGE],
        next_before=found[PAGE - 1].source.course_id if len(found) > PAGE else None,
        view=view,
        views=[
            (View.TROUBLE, _("In trouble"), counts.failing + counts.doubted),
            (View.RUNNING, _("Being read"), counts.running),
            (View.ALL, _("All"), counts.all),
        ],
        platforms=platform_choices(session),
        platform_id=platform_id,
    )


@bp.post("/rosters/<int:course_id>/read")
def roster_read(course_id: int) -> Response:
    """Have the roster of a course read now; back to the page the button stood on."""
    if pressed():
        with unit_of_work(scope.session()) as session:
            title = overview.course_title(session, course_id)
            if title is None:
                raise NotFound(_("There is no roster of this course."))
            schedule.ask(session, course_id)
            note(session, me().by, "roster.asked", f"{title}, {course_id}")
        flash(_("The roster is read in a moment."), "good")
    return redirect(local_path(request.form.get("back") or url_for("admin.roster_list")), code=303)


def _id(name: str) -> int | None:
    wanted = request.args.get(name, type=int)
    return None if wanted is None else max(0, min(wanted, LARGEST_ID))
