"""What a community knows: the list, and looking at an item again."""

import time

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.pages import NavItem, NavSource
from lmssocial.social.communities.scope import Here, here
from lmssocial.social.knowledge import queries, service
from lmssocial.social.knowledge.forms import ConfirmForm, OutdateForm
from lmssocial.social.knowledge.ports import Known, Searching
from lmssocial.social.knowledge.request import note_html, ports
from lmssocial.social.moderation.request import screen_here
from lmssocial.web import scope

bp = Blueprint("knowledge", __name__, url_prefix="/w/<int:placement_id>/knowledge")

KEPT_IF_ANY, KEPT_IF_NONE = 300.0, 60.0
"""Seconds for which the bar remembers whether a community has such items: it must cost no page a query."""
AT_MOST = 1000
"""Communities it remembers."""


def nav_source() -> NavSource:
    """The entry in the bar, where anything was published as knowledge; remembered for a while."""
    kept: dict[int, tuple[float, bool]] = {}

    def knows_anything(actor: Actor) -> bool:
        now = time.monotonic()
        until, found = kept.get(actor.community_id, (0.0, False))
        if until <= now:
            if len(kept) >= AT_MOST:
                kept.clear()
            found = queries.knows_anything(scope.session(), actor)
            kept[actor.community_id] = (now + (KEPT_IF_ANY if found else KEPT_IF_NONE), found)
        return found

    def nav_item(place: Here) -> NavItem | None:
        current = (request.endpoint or "").startswith("knowledge.")
        if not (current or knows_anything(place.actor)):
            return None
        return NavItem(
            _("Knowledge"), url_for("knowledge.item_list", placement_id=place.placement_id), current
        )

    return nav_item


@bp.before_request
def arrive() -> None:
    """Find out who it is, before a form asks whom it was made for."""
    here()


@bp.get("")
def item_list(placement_id: int) -> str:
    """What the community knows, the newest first; before it what the person has to look at again."""
    actor, session, known = here().actor, scope.session(), ports()
    after = request.args.get("after", type=int)
    page = queries.listed(session, actor, known, after=after)
    due = queries.due(session, actor) if after is None else []
    return render_template(
        "knowledge/item_list.html",
        page=page,
        notes={line.note.contribution_id: note_html(line.note, placement_id) for line in page.lines},
        due=due,
        is_start=after is None,
        searching=_searching(actor, known) if after is None else None,
        form=ConfirmForm(),
    )


@bp.get("/<int:contribution_id>")
def item_review(placement_id: int, contribution_id: int) -> str:
    """Asks whether an item still holds."""
    return _review_page(placement_id, contribution_id, ConfirmForm(), OutdateForm())


@bp.post("/<int:contribution_id>/confirm")
def item_confirm(placement_id: int, contribution_id: int) -> Response | tuple[str, int]:
    """It still holds."""
    actor, form = here().actor, ConfirmForm(request.form)
    if not form.validate():
        return _review_page(placement_id, contribution_id, form, OutdateForm()), 422
    with unit_of_work(scope.session()) as session:
        service.confirm(session, actor, contribution_id, form.months.data)
    flash(_("Noted: it still holds. You are asked again when it is time."), "good")
    return _back(placement_id)


@bp.post("/<int:contribution_id>/outdate")
def item_outdate(placement_id: int, contribution_id: int) -> Response | tuple[str, int]:
    """It does not hold any more."""
    actor, form = here().actor, OutdateForm(request.form)
    if not form.validate():
        return _review_page(placement_id, contribution_id, ConfirmForm(), form), 422
    screen, note = screen_here(), form.note.data or ""
    try:
        service.consider_outdated(scope.session(), screen, actor, contribution_id, note)
        with unit_of_work(scope.session()) as session:
            service.outdate(session, screen, actor, contribution_id, note)
    except Invalid as problem:
        form.note.errors = [problem.message]
        return _review_page(placement_id, contribution_id, ConfirmForm(), form), 422
    flash(_("Noted: readers are told that it is outdated."), "good")
    return _back(placement_id)


def _review_page(placement_id: int, contribution_id: int, confirm: ConfirmForm, outdate: OutdateForm) -> str:
    actor, session = here().actor, scope.session()
    note = queries.reviewable(session, actor, contribution_id)
    found = queries.found_in(session, actor, ports(), [note.contribution_id])
    return render_template(
        "knowledge/item_review.html",
        note=note,
        found=found.get(note.contribution_id),
        beside=note_html(note, placement_id),
        confirm=confirm,
        outdate=outdate,
    )


def _searching(actor: Actor, known: list[Known]) -> Searching | None:
    """Where the actor looks for words: in the first widget that has a page for that."""
    places = (port.searching(scope.session(), actor) for port in known)
    return next((place for place in places if place is not None), None)


def _back(placement_id: int) -> Response:
    return redirect(url_for("knowledge.item_list", placement_id=placement_id), code=303)
