"""Adding, changing and removing activities: what an instructor does to the course."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lmssocial.front.demo.cast import Part
from lmssocial.front.demo.lms import activities
from lmssocial.front.demo.lms.activities import Activity
from lmssocial.front.demo.lms.authorization import login_form
from lmssocial.front.demo.lms.campus import campus, database
from lmssocial.front.demo.lms.guard import for_parts, me
from lmssocial.front.demo.lms.launches import begin
from lmssocial.front.demo.lms.tools import Tool, find_tool

bp = Blueprint("activities", __name__)

TEACHERS = (Part.INSTRUCTOR, Part.ADMINISTRATOR)


@bp.get("/course/weeks/<int:number>/add/<client_id>")
@for_parts(*TEACHERS)
def activity_add(number: int, client_id: str) -> str:
    """The tool's own picker in a frame."""
    week = campus().week(number)
    if week is None:
        abort(404, "This course has no such week.")
    return render_template("demo/activity_add.html", me=me(), week=week, tool=_tool(client_id))


@bp.get("/course/weeks/<int:number>/add/<client_id>/open")
@for_parts(*TEACHERS)
def selection_open(number: int, client_id: str) -> str:
    """Begin the deep linking launch, inside the frame."""
    if campus().week(number) is None:
        abort(404, "This course has no such week.")
    tool = _tool(client_id)
    launch = begin(database(), me().key, tool.client_id, activity_id=None, week=number, target="iframe")
    return login_form(tool, launch, me(), tool.launch_url)


@bp.get("/activities/<activity_id>/edit")
@for_parts(*TEACHERS)
def activity_edit(activity_id: str) -> str:
    """The form for title, text and week."""
    return render_template(
        "demo/activity_edit.html", me=me(), activity=_activity(activity_id), weeks=campus().weeks, problem=""
    )


@bp.post("/activities/<activity_id>/edit")
@for_parts(*TEACHERS)
def activity_save(activity_id: str) -> str | Response | tuple[str, int]:
    """Keep the changes and show the week the activity is in."""
    activity = _activity(activity_id)
    title, text = request.form.get("title", "").strip(), request.form.get("text", "").strip()
    week = request.form.get("week", type=int)
    if not title or len(title) > 200 or week is None or campus().week(week) is None:
        problem = "Give the activity a title of at most 200 characters and one of the weeks."
        page = render_template(
            "demo/activity_edit.html", me=me(), activity=activity, weeks=campus().weeks, problem=problem
        )
        return page, 422
    activities.change(database(), activity.id, title=title, text=text[:2000], week=week)
    return redirect(url_for("course.week", number=week, _anchor=activity.id), 303)


@bp.post("/activities/<activity_id>/remove")
@for_parts(*TEACHERS)
def activity_remove(activity_id: str) -> Response:
    """Take the activity out of the course."""
    activity = _activity(activity_id)
    activities.remove(database(), activity.id)
    return redirect(url_for("course.week", number=activity.week), 303)


def _activity(activity_id: str) -> Activity:
    activity = activities.find_activity(database(), activity_id)
    if activity is None:
        abort(404, "This activity was removed from the course.")
    return activity


def _tool(client_id: str) -> Tool:
    tool = find_tool(database(), client_id)
    if tool is None:
        abort(404, "This tool is not registered any more.")
    return tool
