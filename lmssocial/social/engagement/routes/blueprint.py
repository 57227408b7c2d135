"""The blueprint, and what all the views need."""

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here
from lmssocial.social.engagement import access
from lmssocial.social.engagement.ports import Engaged, Subject
from lmssocial.social.engagement.request import ports
from lmssocial.web import scope
from lmssocial.web.fragments import is_fragment

bp = Blueprint("engagement", __name__, url_prefix="/w/<int:placement_id>/engagement")

Answer = Response | str | tuple[str, int]


def port_of(place: Here, contribution_id: int) -> Engaged:
    """The side of engagement of the widget that a contribution belongs to.

    :raises NotFound: if there is none in the person's community, or the widget is gone.
    """
    port = ports().get(access.kind_of(scope.session(), place.actor, contribution_id) or "")
    if port is None:
        raise NotFound(_("This post does not exist, or it is not open to you."))
    return port


def subject_of(place: Here, contribution_id: int) -> Subject:
    """A contribution that the person reads.

    :raises NotFound: if they do not.
    """
    port = port_of(place, contribution_id)
    return access.require_subject(scope.session(), place.actor, port, contribution_id)


def done(place: Here, contribution_id: int, said: str = "") -> Answer:
    """After a mark: what stands under the contribution now, or the way back to where it was pressed.

    :param said: what somebody without scripts reads there.
    """
    port = port_of(place, contribution_id)
    found = port.subjects(scope.session(), place.actor, [contribution_id]).get(contribution_id)
    if is_fragment() and found is not None:
        return port.acts(scope.session(), place.actor, contribution_id)
    if said:
        flash(said, "good")
    if request.args.get("from") == "saved" or found is None:
        return redirect(url_for("engagement.saved_list", placement_id=place.placement_id), code=303)
    return redirect(found.href, code=303)


def grown_old(place: Here, contribution_id: int) -> Answer:
    """The form was made for an earlier sign-in: nothing was changed, and the person reads why."""
    if is_fragment():
        return "", 422
    flash(_("This page had grown old, so nothing was changed. Please press the button again."), "warn")
    return redirect(subject_of(place, contribution_id).href, code=303)
