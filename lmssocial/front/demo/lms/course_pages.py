"""The course: weeks with their reading and activities, the people in it, the gradebook."""

from collections import Counter
from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request

from lmssocial.front.demo.cast import Part
from lmssocial.front.demo.lms import gradebook
from lmssocial.front.demo.lms.activities import all_activities, find_activity
from lmssocial.front.demo.lms.authorization import login_form
from lmssocial.front.demo.lms.campus import campus, database
from lmssocial.front.demo.lms.guard import for_parts, me
from lmssocial.front.demo.lms.launches import begin
from lmssocial.front.demo.lms.tools import all_tools, find_tool

bp = Blueprint("course", __name__)

GRADERS = frozenset({Part.INSTRUCTOR, Part.ASSISTANT, Part.ADMINISTRATOR})
"""Who sees everybody's grades."""
OPENS_AT = 2
"""The week that the course page opens: the one with the discussion."""


@bp.get("/course")
@for_parts()
def course() -> str:
    """The course as people find it: open at the week with the discussion."""
    return _week_page(OPENS_AT)


@bp.get("/course/weeks/<int:number>")
@for_parts()
def week(number: int) -> str:
    """The course, open at a week."""
    return _week_page(number)


def _week_page(number: int) -> str:
    """The list of weeks, and one of them in full with its activities in frames."""
    shown = campus().week(number)
    if shown is None:
        abort(404, "This course has no such week.")
    tools = {tool.client_id: tool for tool in all_tools(database())}
    activities = all_activities(database())
    return render_template(
        "demo/course.html",
        me=me(),
        week=shown,
        weeks=campus().weeks,
        tools=tools,
        activities=[one for one in activities if one.week == number],
        counts=Counter(one.week for one in activities),
    )


@bp.get("/activities/<activity_id>/open")
@for_parts()
def activity_open(activity_id: str) -> str:
    """Begin the launch of an activity: in a frame, or in a window of its own with ``?in=window``."""
    db = database()
    activity = find_activity(db, activity_id)
    tool = find_tool(db, activity.client_id) if activity else None
    if activity is None or tool is None:
        abort(404, "This activity was removed from the course.")
    target = "window" if request.args.get("in") == "window" else "iframe"
    launch = begin(db, me().key, tool.client_id, activity_id=activity.id, week=activity.week, target=target)
    return login_form(tool, launch, me(), activity.url or tool.launch_url)


@bp.get("/course/people")
@for_parts()
def people() -> str:
    """Everybody in the course, by part."""
    groups = [(part, campus().cast.of(part)) for part in Part]
    groups.sort(key=lambda group: group[0] is Part.LEARNER)
    return render_template("demo/people.html", me=me(), groups=groups)


@bp.get("/course/grades")
@for_parts()
def grades() -> str:
    """The gradebook: everybody's for those who teach, one's own for learners."""
    columns = gradebook.columns(database())
    known = gradebook.scores(database(), [column.id for column in columns])
    shown = campus().cast.of(Part.LEARNER) if me().part in GRADERS else (me(),)
    rows = [
        (person, [_cell(column, known.get((column.id, person.key))) for column in columns])
        for person in shown
    ]
    return render_template("demo/grades.html", me=me(), columns=columns, rows=rows)


@bp.get("/course/grades/<int:number>/<person_key>/review")
@for_parts()
def review_open(number: int, person_key: str) -> str:
    """Begin the launch that shows somebody's work behind a grade: anybody's to those who teach, one's own to all."""
    db = database()
    person = next((one for one in campus().cast.people if one.key == person_key), None)
    column = next((one for one in gradebook.columns(db) if one.id == number), None)
    activity = find_activity(db, column.activity_id) if column and column.activity_id else None
    tool = find_tool(db, activity.client_id) if activity else None
    if person is None or activity is None or tool is None or not (me().part in GRADERS or me() == person):
        abort(404, "There is no work behind this grade that could be shown.")
    launch = begin(
        db,
        me().key,
        tool.client_id,
        activity_id=activity.id,
        week=activity.week,
        target="window",
        review_of=person.sub,
    )
    return login_form(tool, launch, me(), activity.url or tool.launch_url)


@dataclass(frozen=True)
class Cell:
    """A grade as it stands in the table."""

    text: str
    column: int
    leads_to_work: bool


def _cell(column: gradebook.Column, score: gradebook.Score | None) -> Cell:
    """A grade; a dash while there is none, "being graded" while it is not final."""
    if score is None:
        return Cell("–", column.id, leads_to_work=False)
    points = gradebook.points(column, score)
    text = "being graded" if points is None else f"{points:.4g}"
    return Cell(text, column.id, leads_to_work=column.activity_id is not None)
