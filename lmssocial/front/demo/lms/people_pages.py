"""Choosing who to be. There are no passwords: the academy serves one machine and its people are invented."""

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from lmssocial.front.demo.cast import Part
from lmssocial.front.demo.lms.campus import campus, signed_in

bp = Blueprint("people", __name__)

FIRST = ("ana.ruiz", "tom.berg", "iris.vogel")
"""The three people offered by a button each."""


@bp.get("/")
def front() -> str:
    """Three people by one click, everybody else through a list."""
    cast = campus().cast
    first = [cast.person(key) for key in FIRST]
    others = [(part, [one for one in cast.of(part) if one not in first]) for part in Part]
    return render_template("demo/front.html", first=first, others=others, me=signed_in())


@bp.post("/be")
def become() -> Response:
    """Be the chosen person from now on, and go to the course."""
    try:
        person = campus().cast.person(request.form.get("person", ""))
    except KeyError:
        abort(400, "Choose a person from the list.")
    session.clear()
    session["person"] = person.key
    return redirect(url_for("course.course"), 303)
