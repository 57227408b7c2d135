"""The addresses of works: writing and handing in, reading, withdrawing, and what staff do with them."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here
from lmssocial.social.composing import attaching, previews
from lmssocial.social.composing.markdown_help import markdown_help
from lmssocial.social.content import unsent
from lmssocial.social.content.drafts import Unsent
from lmssocial.social.content.models import State
from lmssocial.social.moderation.request import screen_here
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.widgets.peer_rating import access, gates
from lmssocial.widgets.peer_rating.activities import Running, extension_of, running
from lmssocial.widgets.peer_rating.blueprint import base, peer_rating
from lmssocial.widgets.peer_rating.models import WorkState
from lmssocial.widgets.peer_rating.works import draft_routes, service
from lmssocial.widgets.peer_rating.works.desk import TooLate
from lmssocial.widgets.peer_rating.works.drafts import Sent, target_of
from lmssocial.widgets.peer_rating.works.entering import WORK, Overtaken
from lmssocial.widgets.peer_rating.works.forms import TakeOutForm, WorkForm
from lmssocial.widgets.peer_rating.works.pages import WorkPage, work_page
from lmssocial.widgets.peer_rating.works.queries import WorkView, work_view
from lmssocial.widgets.peer_rating.works.task import task_html

View = Response | str | tuple[str, int]


def register(bp: Blueprint) -> None:
    """Put the pages of this room into the blueprint."""
    routes: tuple[tuple[str, str, Callable[..., Any]], ...] = (
        ("GET", "/work", work_edit),
        ("POST", "/work", work_edit_post),
        ("GET", "/work/withdraw", work_withdraw),
        ("POST", "/work/withdraw", work_withdraw_post),
        ("GET", "/works/<int:work_id>", work_detail),
        ("GET", "/works/<int:work_id>/take-out", work_take_out),
        ("POST", "/works/<int:work_id>/take-out", work_take_out_post),
        ("POST", "/works/<int:work_id>/take-back-in", work_take_back_in),
    )
    for method, rule, view in routes:
        bp.add_url_rule(rule, view_func=view, methods=[method])
    draft_routes.register(bp)


def work_edit(placement_id: int) -> str:
    """The task and everything that belongs to it, with the form that what was being written stands in."""
    place, here, page = _desk(placement_id)
    form = WorkForm(data=_begun(page))
    return _edit_page(place, here, page, form, draft=page.draft)


def _begun(page: WorkPage) -> dict[str, Any]:
    """What the form begins with: a draft, or else what is handed in."""
    present = page.begins_with
    seen = {"seen_version": present.seen_version if present else 0}
    if page.draft is not None:
        return {"title": page.draft.title, "source": page.draft.source, **seen}
    return {"title": present.title, "source": present.source, **seen} if present else seen


def work_edit_post(placement_id: int) -> View:
    """Hand in, or change what is handed in. Whatever comes in between, the page comes back with what was written."""
    place, here, page = _desk(placement_id)
    form = WorkForm(request.form)
    form.offer(page.teams)
    if "attach" in request.form or "preview" in request.form:
        return _not_sent(place, here, page, form)
    if not form.validate():
        return _edit_page(place, here, page, form), 422
    try:
        sent = _send(place, placement_id, form)
    except Overtaken as overtaken:
        return _overtaken(place, here, form, overtaken), overtaken.status
    except (TooLate, NotAllowed, Conflict) as refusal:
        _keep(place, placement_id, form)
        page = work_page(scope.session(), place.actor, here)
        return _edit_page(place, here, page, form, refused=refusal.message, draft=page.draft), refusal.status
    except Invalid as refusal:
        form.source.errors = [refusal.message]
        return _edit_page(place, here, page, form), 422
    _say(sent)
    address = url_for("peer_rating.work_detail", placement_id=placement_id, work_id=sent.work_id)
    return redirect(address, code=303)


def _not_sent(place: Here, here: Running, page: WorkPage, form: WorkForm) -> View:
    """A button that works without scripts: attach a file, or show what it will look like."""
    if "attach" in request.form:
        target = target_of(place.placement_id)
        draft_routes.require_target(place, target)
        status = attaching.attach_to(form, place, target)
        page = work_page(scope.session(), place.actor, here)
        return _edit_page(place, here, page, form, draft=page.draft if form.attached else None), status
    of = page.begins_with.contribution_id if page.begins_with else None
    shown = previews.preview_of(form, place, WORK, form.title.data or "", names=False, of=of)
    return _edit_page(place, here, page, form, preview=shown)


def _send(place: Here, placement_id: int, form: WorkForm) -> Sent:
    """Hand in, once; if the same form came in twice at the same moment, the second finds the first."""
    policies, draft = screen_here(), form.draft()
    service.consider(scope.session(), policies, place.actor, placement_id, draft)
    try:
        with unit_of_work(scope.session()) as session:
            return service.hand_in(session, policies, place.actor, placement_id, draft)
    except IntegrityError:
        with unit_of_work(scope.session()) as session:
            return service.hand_in(session, policies, place.actor, placement_id, draft)


def _overtaken(place: Here, here: Running, form: WorkForm, overtaken: Overtaken) -> str:
    """The form with what was written, above what is handed in by now; sent again, it replaces that."""
    page = work_page(scope.session(), place.actor, here)
    form.source.errors = [overtaken.message]
    form.seen_version.data = page.present.seen_version if page.present else 0
    form.seen_version.raw_data = None
    return _edit_page(place, here, page, form, overtaken=True)


def _keep(place: Here, placement_id: int, form: WorkForm) -> None:
    """What was refused is kept as a draft, so that it can be sent when it is taken again."""
    target = target_of(placement_id)
    with unit_of_work(scope.session()) as session:
        before = unsent.draft_for(session, place.actor, target)
        draft = Unsent(
            target=target,
            title=form.title.data or "",
            source=form.source.data or "",
            sequence=(before.sequence if before else 0) + 1,
        )
        unsent.save_draft(session, place.actor, draft)


def _say(sent: Sent) -> None:
    if sent.state is not State.PUBLISHED:
        flash(
            _("It waits for a moderator. Until then only you, your team and the moderators see it."), "warn"
        )
        return
    if not sent.is_new:
        flash(_("Saved."), "good")
    elif sent.is_late:
        flash(_("Handed in, after the date: it is marked as late."), "good")
    else:
        flash(_("Handed in."), "good")
    for message in sent.messages:
        flash(message, "warn")


def _desk(placement_id: int) -> tuple[Here, Running, WorkPage]:
    place = peer_rating()
    here = running(scope.session(), place.actor, placement_id)
    return place, here, work_page(scope.session(), place.actor, here)


def _edit_page(place: Here, here: Running, page: WorkPage, form: WorkForm, **more: object) -> str:
    form.for_target("work")
    if "group" in form and not form.group.choices:
        form.offer(page.teams)
    return render_template(
        "peer_rating/work_edit.html",
        page=page,
        form=form,
        settings=here.settings,
        task=task_html(here.settings.task),
        target=target_of(place.placement_id),
        base=base(place),
        help=markdown_help(str(get_locale()), names=False),
        **more,
    )


def work_detail(placement_id: int, work_id: int) -> str:
    """One work, as its authors, its reviewers and staff see it."""
    place, here, work = _work(placement_id, work_id)
    return render_template(
        "peer_rating/work_detail.html",
        work=work,
        settings=here.settings,
        may_take_out=access.runs(place.actor),
        may_review=place.actor.moderates and not work.is_mine,
        may_assess_self=work.is_mine and work.state is WorkState.SUBMITTED and _is_time_for_self(place, here),
        base=base(place),
        form=ButtonForm(),
    )


def _is_time_for_self(place: Here, here: Running) -> bool:
    if not here.settings.self_assessment:
        return False
    extension = extension_of(scope.session(), place.placement_id, place.actor.user_id)
    return gates.may_assess_self(here.settings, here.phase, extension, clock.now())


def _work(placement_id: int, work_id: int) -> tuple[Here, Running, WorkView]:
    place = peer_rating()
    here = running(scope.session(), place.actor, placement_id)
    return place, here, work_view(scope.session(), place.actor, here, work_id)


def work_withdraw(placement_id: int) -> Response | str:
    """Asks whether they mean it, and says what follows."""
    place, here, page = _desk(placement_id)
    if not page.may_withdraw:
        flash(_("There is nothing here that you could withdraw."), "warn")
        return redirect(f"{base(place)}/work", code=303)
    return render_template(
        "peer_rating/work_withdraw.html",
        page=page,
        settings=here.settings,
        base=base(place),
        form=ButtonForm(),
    )


def work_withdraw_post(placement_id: int) -> Response:
    """Take the own work back."""
    place = peer_rating()
    if ButtonForm(request.form).validate():
        with unit_of_work(scope.session()) as session:
            service.withdraw(session, place.actor, placement_id)
        flash(_("Your work is withdrawn. Its words are kept; you can hand them in again."), "good")
    else:
        flash(_("This page had grown old, so nothing was withdrawn. Please press the button again."), "warn")
    return redirect(f"{base(place)}/work", code=303)


def work_take_out(placement_id: int, work_id: int) -> str:
    """Asks staff what shall become of a work, and why."""
    place, _here, work = _work(placement_id, work_id)
    access.require_runs(place.actor)
    return _take_out_page(place, work, TakeOutForm())


def work_take_out_post(placement_id: int, work_id: int) -> View:
    """Take a work out."""
    place, _here, work = _work(placement_id, work_id)
    form = TakeOutForm(request.form)
    if not form.validate():
        return _take_out_page(place, work, form), 422
    with unit_of_work(scope.session()) as session:
        state, reason = WorkState(form.state.data), form.reason.data or ""
        service.take_out(session, place.actor, work_id, state, reason)
    flash(_("The work is taken out. Its author is told why."), "good")
    return _to(placement_id, work_id)


def _take_out_page(place: Here, work: WorkView, form: TakeOutForm) -> str:
    return render_template("peer_rating/work_take_out.html", work=work, form=form, base=base(place))


def work_take_back_in(placement_id: int, work_id: int) -> Response:
    """Put a work among the others again."""
    place = peer_rating()
    if ButtonForm(request.form).validate():
        with unit_of_work(scope.session()) as session:
            service.take_back_in(session, place.actor, work_id)
        flash(_("The work is among the others again."), "good")
    else:
        flash(_("This page had grown old, so nothing was done. Please press the button again."), "warn")
    return _to(placement_id, work_id)


def _to(placement_id: int, work_id: int) -> Response:
    return redirect(url_for("peer_rating.work_detail", placement_id=placement_id, work_id=work_id), code=303)
