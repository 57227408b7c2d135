"""The addresses of comparing: the next pair, the two works, what is kept of it, and passing."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Gone, Invalid, NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.content.models import State
from lmssocial.social.moderation.request import screen_here
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.widgets.peer_rating.activities import running
from lmssocial.widgets.peer_rating.blueprint import peer_rating
from lmssocial.widgets.peer_rating.pairs import keeping, service
from lmssocial.widgets.peer_rating.pairs.forms import PairForm, pair_form
from lmssocial.widgets.peer_rating.pairs.holding import own_pair
from lmssocial.widgets.peer_rating.pairs.queries import PairPage, pair_page

View = Response | str | tuple[str, int]


def register(bp: Blueprint) -> None:
    """Put the pages of this room into the blueprint."""
    one = "/pairs/<int:comparison_id>"
    routes: tuple[tuple[str, str, Callable[..., Any]], ...] = (
        ("POST", "/pairs/next", pair_next),
        ("GET", one, pair_detail),
        ("POST", one, pair_detail_post),
        ("POST", f"{one}/save", pair_save),
        ("POST", f"{one}/skip", pair_skip),
    )
    for method, rule, view in routes:
        bp.add_url_rule(rule, view_func=view, methods=[method])


def pair_next(placement_id: int) -> Response:
    """Give the actor their next two works, or say why there are none."""
    place = peer_rating()
    if not ButtonForm(request.form).validate():
        flash(_("This page had grown old, so nothing has changed. Please press the button again."), "warn")
        return _home(placement_id)
    try:
        with unit_of_work(scope.session()) as session:
            found = service.next_for(session, place.actor, placement_id, more="more" in request.form)
            comparison_id = found.id if found else None
    except NotAllowed as refusal:
        flash(refusal.message, "warn")
        return _home(placement_id)
    if comparison_id is None:
        flash(_("There are no two works that you have not compared yet. Look again later."), "warn")
        return _home(placement_id)
    return _to(placement_id, comparison_id)


def pair_detail(placement_id: int, comparison_id: int) -> View:
    """Two works side by side."""
    page = pair_page(scope.session(), peer_rating().actor, placement_id, comparison_id)
    return _pair_page(page, _form(page))


def pair_detail_post(placement_id: int, comparison_id: int) -> View:
    """Say which is the better one; whatever comes in between, everything that was written comes back."""
    actor, policies = peer_rating().actor, screen_here()
    page = pair_page(scope.session(), actor, placement_id, comparison_id)
    form = _form(page, request.form)
    if not form.validate():
        return _pair_page(page, form), 422
    draft = form.draft()
    try:
        comparison = own_pair(scope.session(), actor, placement_id, comparison_id)
        service.consider(scope.session(), policies, actor, comparison, draft)
        with unit_of_work(scope.session()) as session:
            sent = service.compare(session, policies, actor, placement_id, comparison_id, draft)
    except (Gone, Invalid) as refusal:
        form.words.errors = [refusal.message]
        now = pair_page(scope.session(), actor, placement_id, comparison_id)
        if now.is_sent:
            flash(refusal.message, "warn")
        return _pair_page(now, form), refusal.status
    if sent.state is State.PUBLISHED:
        flash(_("Your comparison is in."), "good")
    else:
        flash(
            _(
                "Your comparison is in, and counts. Its words wait for a moderator before the authors read them."
            ),
            "warn",
        )
    for message in sent.messages:
        flash(message, "warn")
    return _to(placement_id, comparison_id)


def pair_save(placement_id: int, comparison_id: int) -> tuple[str, int]:
    """Keep what is written: 204 if it was kept, 409 if another tab is ahead, 410 if nothing can be written any more."""
    actor = peer_rating().actor
    page = pair_page(scope.session(), actor, placement_id, comparison_id)
    form = _form(page, request.form)
    form.validate()
    if form["csrf_token"].errors or form.seq.errors:
        return "", 422
    with unit_of_work(scope.session()) as session:
        kept = keeping.save(session, actor, placement_id, comparison_id, form.saved())
    return "", 204 if kept else 409


def pair_skip(placement_id: int, comparison_id: int) -> Response:
    """Pass a pair on."""
    actor = peer_rating().actor
    if not ButtonForm(request.form).validate():
        flash(_("This page had grown old, so nothing has changed. Please press the button again."), "warn")
        return _to(placement_id, comparison_id)
    with unit_of_work(scope.session()) as session:
        done = keeping.skip(session, actor, placement_id, comparison_id)
    if done:
        flash(_("You passed this pair on. You do not get these two works together again."), "good")
    return _home(placement_id)


def _form(page: PairPage, sent: Any = None) -> PairForm:
    return pair_form(page.rubric, page.first_id, page.second_id, sent, saved=page.saved)


def _pair_page(page: PairPage, form: PairForm) -> str:
    session, actor = scope.session(), peer_rating().actor
    here = running(session, actor, peer_rating().placement_id)
    standing = service.standing(session, actor, here) if page.is_sent or page.why_not else None
    return render_template("peer_rating/pair_detail.html", page=page, form=form, standing=standing)


def _home(placement_id: int) -> Response:
    return redirect(url_for("peer_rating.home", placement_id=placement_id), code=303)


def _to(placement_id: int, comparison_id: int) -> Response:
    address = url_for("peer_rating.pair_detail", placement_id=placement_id, comparison_id=comparison_id)
    return redirect(address, code=303)
