"""The moderators' desk: what waits, and the two buttons that decide it."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import NotFound
from lmssocial.social.communities.pages import NavItem
from lmssocial.social.communities.scope import Here, here
from lmssocial.social.moderation import decisions, queries
from lmssocial.social.moderation.decisions import Decision
from lmssocial.social.moderation.forms import DeclineForm
from lmssocial.social.moderation.models import Deed
from lmssocial.social.moderation.ports import Moderated
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.web.program import program

bp = Blueprint("moderation", __name__, url_prefix="/w/<int:placement_id>/moderation")


def nav_item(place: Here) -> NavItem | None:
    """The entry in the bar, for moderators only: how many posts wait."""
    if not place.actor.moderates:
        return None
    waiting = queries.waiting_count(scope.session(), place.actor)
    label = ngettext("%(num)d waits for you", "%(num)d wait for you", waiting) if waiting else _("Moderation")
    href = url_for("moderation.case_list", placement_id=place.placement_id)
    return NavItem(label, href, (request.endpoint or "").startswith("moderation."))


@bp.get("/")
def case_list(placement_id: int) -> str:  # noqa: ARG001 – part of the address; the scope has read it
    """What waits for a moderator of this community, oldest first."""
    return _desk({}, 200)[0]


@bp.post("/<int:case_id>/publish")
def case_publish(placement_id: int, case_id: int) -> Response | tuple[str, int]:
    """Publish what was held."""
    place = here()
    if not ButtonForm(request.form).validate():
        flash(_("This page had grown old, so nothing was decided. Please decide again."), "warn")
        return redirect(url_for("moderation.case_list", placement_id=placement_id), code=303)
    with unit_of_work(scope.session()) as session:
        seen = queries.version_of(session, place.actor, case_id)
        decision = Decision(deed=Deed.APPROVED, seen_version=seen)
        decisions.decide(session, place.actor, _port(place, case_id), case_id, decision)
    flash(_("Published."), "good")
    return redirect(url_for("moderation.case_list", placement_id=placement_id), code=303)


@bp.post("/<int:case_id>/decline")
def case_decline(placement_id: int, case_id: int) -> Response | tuple[str, int]:
    """Keep it from being published, with a sentence for its author."""
    place = here()
    form = DeclineForm(request.form, prefix=f"case{case_id}-")
    if not form.validate():
        return _desk({case_id: form}, 422)
    with unit_of_work(scope.session()) as session:
        seen = queries.version_of(session, place.actor, case_id)
        decision = Decision(deed=Deed.REJECTED, seen_version=seen, message=form.message.data or "")
        decisions.decide(session, place.actor, _port(place, case_id), case_id, decision)
    flash(_("Declined. Its author can read your message and hand it in again."), "good")
    return redirect(url_for("moderation.case_list", placement_id=placement_id), code=303)


def _desk(filled: Mapping[int, DeclineForm], status: int) -> tuple[str, int]:
    place = here()
    cases = queries.waiting(scope.session(), place.actor, ports())
    forms = {case.id: filled.get(case.id) or DeclineForm(prefix=f"case{case.id}-") for case in cases}
    manifests = program().host.manifests
    return render_template(
        "moderation/case_list.html",
        cases=cases,
        forms=forms,
        waiting=queries.waiting_count(scope.session(), place.actor),
        policies={name: str(manifest.title) for name, manifest in manifests.items()},
    ), status


def _port(place: Here, case_id: int) -> Moderated:
    owner = queries.kind_of(scope.session(), place.actor, case_id)
    if owner is None:
        raise NotFound(_("This case does not exist, or it is not yours to decide."))
    return ports()[owner]


def ports() -> dict[str, Moderated]:
    """Every widget's side of moderation, by the first part of its submission kinds."""
    found: dict[str, Moderated] = {}
    for widget in program().widgets.values():
        found.update(widget.moderated)
    return found
