"""Who said what about a contribution, and what somebody saved."""

from flask import render_template, request

from lmssocial.social.communities.scope import here
from lmssocial.social.engagement import queries
from lmssocial.social.engagement.request import ports
from lmssocial.social.engagement.routes.blueprint import bp, subject_of
from lmssocial.web import scope
from lmssocial.web.fragments import is_fragment


@bp.get("/posts/<int:contribution_id>/people")
def people_list(placement_id: int, contribution_id: int) -> str:  # noqa: ARG001 – part of the address
    """The people behind the marks on a contribution; whoever reads it sees them, and nobody sees who saved it."""
    place = here()
    subject = subject_of(place, contribution_id)
    people = queries.people(scope.session(), place.actor, contribution_id)
    template = "engagement/_people.html" if is_fragment() else "engagement/people_list.html"
    return render_template(template, subject=subject, people=people)


@bp.get("/saved")
def saved_list(placement_id: int) -> str:  # noqa: ARG001
    """What the person put aside in this community."""
    place, after = here(), request.args.get("after", "")
    page = queries.saved(scope.session(), place.actor, ports(), after)
    return render_template("engagement/saved_list.html", page=page, is_start=not after)
