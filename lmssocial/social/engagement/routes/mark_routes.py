"""Marks that take one press."""

from collections.abc import Mapping
from functools import partial

from flask import request

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import NotFound
from lmssocial.social.communities.scope import Here, here
from lmssocial.social.engagement import mentioning, service
from lmssocial.social.engagement.routes.blueprint import Answer, bp, done, grown_old, port_of
from lmssocial.social.engagement.service import Deed
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm

DEEDS: Mapping[str, Deed] = {"helpful": service.mark_helpful, "save": service.save}
"""What one press says."""

UNDONE: Mapping[str, Deed] = {
    "helpful": service.unmark_helpful,
    "save": service.unsave,
    "stars": service.unrate,
    "endorse": service.unendorse,
    "mention": mentioning.take_mention_back,
}
"""What one press takes back."""


@bp.post("/posts/<int:contribution_id>/<any(helpful, save):deed>")
def mark_create(placement_id: int, contribution_id: int, deed: str) -> Answer:  # noqa: ARG001 – part of the address
    """Say it."""
    return _do(here(), contribution_id, DEEDS[deed])


@bp.post("/posts/<int:contribution_id>/<any(helpful, save, stars, endorse, mention):deed>/undo")
def mark_delete(placement_id: int, contribution_id: int, deed: str) -> Answer:  # noqa: ARG001
    """Take it back."""
    return _do(here(), contribution_id, UNDONE[deed])


@bp.post("/posts/<int:contribution_id>/stars/<int:stars>")
def stars_create(placement_id: int, contribution_id: int, stars: int) -> Answer:  # noqa: ARG001
    """Give so many stars."""
    if stars not in service.STARS:
        raise NotFound
    return _do(here(), contribution_id, partial(service.rate, stars=stars))


@bp.post("/posts/<int:contribution_id>/mention/<int:user_id>/remove")
def mention_remove(placement_id: int, contribution_id: int, user_id: int) -> Answer:  # noqa: ARG001
    """A moderator takes away what somebody wrote."""
    return _do(here(), contribution_id, partial(mentioning.take_mention_back, user_id=user_id))


def _do(place: Here, contribution_id: int, deed: Deed) -> Answer:
    port = port_of(place, contribution_id)
    if not ButtonForm(request.form).validate():
        return grown_old(place, contribution_id)
    with unit_of_work(scope.session()) as session:
        deed(session, place.actor, port, contribution_id)
    return done(place, contribution_id)
