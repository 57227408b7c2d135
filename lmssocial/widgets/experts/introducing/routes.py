"""The addresses of introductions."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from lmssocial.core.db import LARGEST_ID, unit_of_work
from lmssocial.core.kernel.errors import Conflict, Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here
from lmssocial.social.composing import attaching, previews
from lmssocial.social.composing.markdown_help import markdown_help
from lmssocial.social.composing.saved import SavedDraft, saved_draft
from lmssocial.social.content import unsent
from lmssocial.social.content.drafts import Writing
from lmssocial.social.content.models import State as Visible
from lmssocial.social.moderation.request import screen_here
from lmssocial.social.moderation.screening import Screen
from lmssocial.social.notifications.seen import saw
from lmssocial.web import scope
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.blueprint import base, experts
from lmssocial.widgets.experts.drafting.targets import For, desk_for, target
from lmssocial.widgets.experts.introducing import finding, queries, service
from lmssocial.widgets.experts.introducing.forms import IntroductionForm, RespondForm, WriteForm
from lmssocial.widgets.experts.introducing.queries import Show
from lmssocial.widgets.experts.introducing.rules import Standing
from lmssocial.widgets.experts.introducing.service import MESSAGE, Picked

View = Response | str | tuple[str, int]


def register(bp: Blueprint) -> None:
    """Put the pages of this room into the blueprint."""
    routes: tuple[tuple[str, str, Callable[..., Any]], ...] = (
        ("GET", "", introduction_list),
        ("GET", "/new", introduction_create),
        ("POST", "/new", introduction_create_post),
        ("GET", "/<int:introduction_id>", introduction_detail),
        ("POST", "/<int:introduction_id>", introduction_detail_post),
        ("POST", "/<int:introduction_id>/respond", introduction_respond),
    )
    for method, rule, view in routes:
        bp.add_url_rule(f"/introductions{rule}", view_func=view, methods=[method])


def introduction_list(placement_id: int) -> str:
    """Introductions that wait for an answer, that led to something, or that the reader made."""
    del placement_id  # part of the address; the scope has read it
    place = experts()
    wanted = request.args.get("show", "")
    show = Show(wanted) if wanted in set(Show) else Show.TO_ANSWER
    before = _number(request.args.get("before"))
    return render_template(
        "experts/introduction_list.html",
        page=queries.page(scope.session(), place.actor, show, before),
        show=show.value,
        base=base(place),
    )


def introduction_create(placement_id: int) -> str:
    """Choose two people, one after the other, and say why they should meet."""
    del placement_id
    place = experts()
    access.require_asks(place.actor)
    chosen = {name: _number(request.args.get(name)) for name in ("first", "second")}
    return _create_page(place, IntroductionForm(data=chosen))


def introduction_create_post(placement_id: int) -> View:
    """Bring them together."""
    place, form = experts(), IntroductionForm(request.form)
    access.require_asks(place.actor)
    if not form.validate():
        return _create_page(place, form), 422
    screen, draft = screen_here(), form.draft()
    try:
        service.consider(screen, place.actor, draft)
        with unit_of_work(scope.session()) as session:
            service.introduce(session, screen, place.actor, placement_id, draft)
    except Picked as refusal:
        return _create_page(place, form, problem=refusal.message), refusal.status
    except (Invalid, Conflict) as refusal:
        form.why.errors = [refusal.message]
        return _create_page(place, form), refusal.status
    flash(_("Both are asked whether they want to meet. You hear of it if they do."), "good")
    made = url_for("experts.introduction_list", placement_id=placement_id, show=Show.MADE.value)
    return redirect(made, code=303)


def introduction_detail(placement_id: int, introduction_id: int) -> str:
    """Who brings whom together and why; for the two what they said, and once they met, what they write."""
    del placement_id
    place = experts()
    draft = _draft(place, introduction_id)
    form = WriteForm(data={"source": draft.source} if draft else {})
    return _detail_page(place, introduction_id, form, draft=draft)


def introduction_detail_post(placement_id: int, introduction_id: int) -> View:
    """Write to the other; whatever comes in between, the page comes back with what was written."""
    place, form = experts(), WriteForm(request.form)
    name = target(For.INTRODUCTION, introduction_id)
    if "attach" in request.form:
        status = attaching.attach_to(form, desk_for(scope.session(), place, name), name)
        draft = _draft(place, introduction_id) if form.attached else None
        return _detail_page(place, introduction_id, form, draft=draft), status
    if "preview" in request.form:
        shown = previews.preview_of(form, place, MESSAGE, names=False)
        return _detail_page(place, introduction_id, form, preview=shown)
    if not form.validate():
        return _detail_page(place, introduction_id, form), 422
    screen, text = screen_here(), form.text()
    try:
        service.consider_message(scope.session(), screen, place.actor, introduction_id, text)
        state = _say(place, screen, introduction_id, text)
    except (Invalid, Conflict) as refusal:
        form.source.errors = [refusal.message]
        return _detail_page(place, introduction_id, form), refusal.status
    if state is Visible.PUBLISHED:
        flash(_("Sent."), "good")
    else:
        flash(_("It waits for a moderator. Until then only you and the moderators read it."), "warn")
    return _to(placement_id, introduction_id)


def _say(place: Here, screen: Screen, introduction_id: int, text: Writing) -> Visible:
    """Say it once; if the same form came in twice at the same moment, the second finds the first."""
    try:
        with unit_of_work(scope.session()) as session:
            return service.say(session, screen, place.actor, introduction_id, text)
    except IntegrityError:
        with unit_of_work(scope.session()) as session:
            return service.say(session, screen, place.actor, introduction_id, text)


def introduction_respond(placement_id: int, introduction_id: int) -> Response:
    """Say whether one wants to meet the other."""
    place, form = experts(), RespondForm(request.form)
    if not form.validate() or form.wants.data not in {"yes", "no"}:
        flash(_("This page had grown old, so nothing was done. Please press the button again."), "warn")
        return _to(placement_id, introduction_id)
    wants = form.wants.data == "yes"
    try:
        with unit_of_work(scope.session()) as session:
            done = service.respond(session, place.actor, introduction_id, wants=wants)
            met = done.met_at is not None
    except Conflict as refusal:
        flash(refusal.message, "warn")
        return _to(placement_id, introduction_id)
    if met:
        flash(_("Both of you want to meet. You can write to each other here."), "good")
    elif wants:
        flash(_("Noted. You hear of it if the other one wants to meet, too."), "good")
    else:
        flash(_("Noted. Nobody is told."), "good")
    return _to(placement_id, introduction_id)


def _number(text: str | None) -> int | None:
    """A number of a row, as an address says it; ``None`` for anything else."""
    if text is None or not (text.isascii() and text.isdigit()):
        return None
    return int(text) if 0 < int(text[:20]) <= LARGEST_ID else None


def _draft(place: Here, introduction_id: int) -> SavedDraft | None:
    name = target(For.INTRODUCTION, introduction_id)
    return saved_draft(unsent.draft_for(scope.session(), place.actor, name))


def _to(placement_id: int, introduction_id: int) -> Response:
    address = url_for(
        "experts.introduction_detail", placement_id=placement_id, introduction_id=introduction_id
    )
    return redirect(address, code=303)


def _create_page(place: Here, form: IntroductionForm, problem: str = "") -> str:
    session, actor = scope.session(), place.actor
    wanted = [one for one in (form.first.data, form.second.data) if one]
    known = finding.named(session, actor, wanted)
    first, second = known.get(form.first.data or 0), known.get(form.second.data or 0)
    if first == second:
        second = None
    part = request.args.get("q", "")[:100]
    chosen = [one.user_id for one in (first, second) if one]
    return render_template(
        "experts/introduction_create.html",
        form=form,
        first=first,
        second=second,
        part=part,
        found=finding.called(session, actor, part, chosen) if not (first and second) else [],
        problem=problem,
        base=base(place),
    )


def _detail_page(place: Here, introduction_id: int, form: WriteForm, **more: object) -> str:
    session, actor = scope.session(), place.actor
    view = queries.introduction(session, actor, introduction_id)
    met = view.standing is Standing.MET and view.is_about_me
    written = queries.written(session, actor, introduction_id) if met else []
    saw(place, [one.contribution_id for one in written])
    form.for_target("introduction")
    return render_template(
        "experts/introduction_detail.html",
        view=view,
        written=written,
        form=form,
        target=target(For.INTRODUCTION, introduction_id),
        base=base(place),
        help=markdown_help(str(get_locale()), names=False),
        **more,
    )
