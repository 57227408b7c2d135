"""What authors see of moderation: why, what would pass, who decides by when, and the way to a second look."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here, here
from lmssocial.social.moderation import appeals, authors, queries
from lmssocial.social.moderation.forms import AppealForm
from lmssocial.social.moderation.routes.blueprint import bp, ports
from lmssocial.web import scope

Answer = Response | str | tuple[str, int]


@bp.get("/posts/<int:contribution_id>")
def contribution_detail(placement_id: int, contribution_id: int) -> Answer:
    """What its author should know of a contribution; moderators go on to its case."""
    place = here()
    try:
        return _page(place, contribution_id)
    except NotFound:
        if not place.actor.moderates:
            raise
        case_id = queries.newest_case_of(scope.session(), place.actor, contribution_id)
        if case_id is None:
            raise NotFound(_("There is no case about this post.")) from None
        return redirect(url_for("moderation.case_detail", placement_id=placement_id, case_id=case_id))


@bp.post("/posts/<int:contribution_id>/appeal")
def appeal_create(placement_id: int, contribution_id: int) -> Answer:
    """Ask for a second look."""
    place, form = here(), AppealForm(request.form)
    if not form.validate():
        return _page(place, contribution_id, form), 422
    view = authors.author_view(scope.session(), place.actor, place.tier, ports(), contribution_id)
    plea = form.plea.data or ""
    with unit_of_work(scope.session()) as session:
        if view.case_id is None:
            appeals.against_policies(session, place.actor, contribution_id, plea)
        else:
            appeals.appeal(session, place.actor, view.case_id, plea)
    flash(_("Somebody else will look at it. You find the answer here."), "good")
    href = url_for(
        "moderation.contribution_detail", placement_id=placement_id, contribution_id=contribution_id
    )
    return redirect(href, code=303)


def _page(place: Here, contribution_id: int, form: AppealForm | None = None) -> str:
    view = authors.author_view(scope.session(), place.actor, place.tier, ports(), contribution_id)
    return render_template("moderation/contribution_detail.html", view=view, form=form or AppealForm())
