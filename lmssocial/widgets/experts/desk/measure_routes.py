"""The page of measures, and the same as a table for spreadsheets."""

from flask import Blueprint, Response, render_template, request

from lmssocial.core.kernel import clock
from lmssocial.social.communities.scope import Here
from lmssocial.web import scope
from lmssocial.web.downloads import download
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.blueprint import base, experts
from lmssocial.widgets.experts.desk import exports, lines, measuring, pictures


def register(bp: Blueprint) -> None:
    """Put the page and the file into the blueprint."""
    bp.add_url_rule("/desk/measures", view_func=measures)
    bp.add_url_rule("/desk/measures.csv", view_func=measures_csv)


def measures(placement_id: int) -> str:  # noqa: ARG001 – the place of the request knows it
    """How expert connect does, by purpose."""
    place = _stewards()
    found = measuring.measures(scope.session(), place.actor, _days(), clock.now())
    return render_template(
        "experts/measures.html",
        found=found,
        lines=lines.lines(found),
        rows=lines.answered_after(found),
        curve=pictures.curve(found.waits) if found.waits else None,
        periods=measuring.PERIODS,
        base=base(place),
    )


def measures_csv(placement_id: int) -> Response:  # noqa: ARG001
    """The same as a file."""
    place, days, now = _stewards(), _days(), clock.now()
    return download(
        lambda session: exports.as_csv(measuring.measures(session, place.actor, days, now)),
        "csv",
        place.placement_title,
    )


def _stewards() -> Here:
    place = experts()
    access.require_looks_after(place.actor)
    return place


def _days() -> int:
    days = request.args.get("days", type=int)
    return days if days in measuring.PERIODS else measuring.PERIODS[1]
