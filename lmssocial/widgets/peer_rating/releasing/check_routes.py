"""Working a release out again from what is stored with it, while staff look on."""

from flask import Blueprint, flash, redirect, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.web.program import program
from lmssocial.widgets.peer_rating.access import require_runs
from lmssocial.widgets.peer_rating.activities import running
from lmssocial.widgets.peer_rating.blueprint import base, peer_rating
from lmssocial.widgets.peer_rating.releasing.service import reproduce
from lmssocial.widgets.peer_rating.scoring_models import Release


def register(bp: Blueprint) -> None:
    """Put the pages of this module into the blueprint."""
    bp.add_url_rule("/scores/releases/<int:release_id>/check", view_func=release_check, methods=["POST"])


def release_check(placement_id: int, release_id: int) -> Response:
    """Say whether the scores of a release come out again as they were shown."""
    place, session = peer_rating(), scope.session()
    require_runs(place.actor)
    running(session, place.actor, placement_id)
    number = session.scalar(
        select(Release.number).where(
            Release.id == release_id,
            Release.placement_id == placement_id,
            Release.tenant_id == place.actor.tenant_id,
        )
    )
    if number is None:
        raise NotFound(reason=f"no release {release_id} at placement {placement_id}")
    if not ButtonForm(request.form).validate():
        flash(_("This page had grown old, so nothing was checked. Please press the button again."), "warn")
    elif reproduce(session, program().scorings, release_id):
        flash(
            _(
                "Release %(number)s was worked out again from what is stored with it, and every score is the one "
                "that its authors were shown.",
                number=number,
            ),
            "good",
        )
    else:
        flash(
            _(
                "Release %(number)s does not come out again from what is stored with it: that was changed, or the "
                "way of scoring is another one by now. Ask who runs this installation to look at it.",
                number=number,
            ),
            "bad",
        )
    return redirect(f"{base(place)}/scores", code=303)
