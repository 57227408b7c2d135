"""The addresses of reviewing: the next one, the review itself, what is kept of it, and what staff do with it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Conflict, Gone, Invalid, NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import State
from lmssocial.social.moderation.request import screen_here
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.web.program import program
from lmssocial.widgets.peer_rating import access
from lmssocial.widgets.peer_rating.activities import running
from lmssocial.widgets.peer_rating.allocating import giving
from lmssocial.widgets.peer_rating.blueprint import base, peer_rating
from lmssocial.widgets.peer_rating.models import Review, Source
from lmssocial.widgets.peer_rating.reviews import beginning, queries, service, voiding
from lmssocial.widgets.peer_rating.reviews.answers import missing
from lmssocial.widgets.peer_rating.reviews.forms import (
    DeclineForm,
    ReviewForm,
    SequenceForm,
    VoidForm,
    review_form,
)
from lmssocial.widgets.peer_rating.reviews.queries import ReviewPage, read_page, review_page
from lmssocial.widgets.peer_rating.reviews.service import Sent
from lmssocial.widgets.peer_rating.reviews.stages import WRITABLE, Stage

View = Response | str | tuple[str, int]


def register(bp: Blueprint) -> None:
    """Put the pages of this room into the blueprint."""
    one = "/reviews/<int:review_id>"
    routes: tuple[tuple[str, str, Callable[..., Any]], ...] = (
        ("POST", "/reviews/next", review_next),
        ("GET", one, review_detail),
        ("POST", one, review_detail_post),
        ("POST", f"{one}/save", review_save),
        ("POST", f"{one}/resume", review_resume),
        ("GET", f"{one}/decline", review_decline),
        ("POST", f"{one}/decline", review_decline_post),
        ("GET", f"{one}/read", review_read),
        ("POST", f"{one}/void", review_void),
        ("POST", "/works/<int:work_id>/staff-review", staff_review),
        ("POST", "/works/<int:work_id>/self-review", self_review),
    )
    for method, rule, view in routes:
        bp.add_url_rule(rule, view_func=view, methods=[method])


def review_next(placement_id: int) -> Response:
    """Give the actor their next work to review, or say why there is none."""
    place = peer_rating()
    if not _pressed():
        return _home(placement_id)
    try:
        with unit_of_work(scope.session()) as session:
            given = giving.next_review(
                session, program().allocators, place.actor, placement_id, more="more" in request.form
            )
            review_id = given.id if given else None
    except (NotAllowed, Invalid) as refusal:
        flash(refusal.message, "warn")
        return _home(placement_id)
    if review_id is not None:
        return _to(placement_id, review_id)
    session = scope.session()
    here = running(session, place.actor, placement_id)
    owes = giving.standing(session, here, place.actor.user_id)
    flash(owes.why_not or _("There is nothing for you to review at the moment. Look again later."), "warn")
    return _home(placement_id)


def review_detail(placement_id: int, review_id: int) -> View:
    """The work beside the rubric, with what was written so far."""
    page = review_page(scope.session(), peer_rating().actor, placement_id, review_id)
    form = review_form(page.rubric, answers=page.answers)
    return _review_page(page, form)


def review_detail_post(placement_id: int, review_id: int) -> View:
    """Hand the review in. Whatever comes in between, the page comes back with everything that was written."""
    actor = peer_rating().actor
    page = review_page(scope.session(), actor, placement_id, review_id)
    form = review_form(page.rubric, request.form)
    if not form.validate():
        return _review_page(page, form), 422
    if page.stage is Stage.LAPSED:  # its time ran out while it was written: the work is done, so it is taken
        _resume(actor, placement_id, review_id)
        page = review_page(scope.session(), actor, placement_id, review_id)
    try:
        sent = _send(actor, placement_id, review_id, form)
    except Conflict as overtaken:
        now = review_page(scope.session(), actor, placement_id, review_id)
        return _review_page(now, form, overtaken=overtaken.message), overtaken.status
    except Gone as refusal:
        now = review_page(scope.session(), actor, placement_id, review_id)
        return _review_page(now, form), refusal.status
    except Invalid as refusal:
        return _review_page(page, form, refused=refusal.message), 422
    _say(sent)
    return redirect(
        url_for("peer_rating.review_read", placement_id=placement_id, review_id=review_id), code=303
    )


def _send(actor: Actor, placement_id: int, review_id: int, form: ReviewForm) -> Sent:
    draft, policies = form.draft(), screen_here()
    service.consider(scope.session(), policies, actor, placement_id, review_id, draft)
    with unit_of_work(scope.session()) as session:
        return service.submit(session, policies, actor, placement_id, review_id, draft)


def _say(sent: Sent) -> None:
    if sent.state is State.PUBLISHED:
        flash(_("Your review is in.") if sent.changed else _("Your review is in, as it was."), "good")
        for message in sent.messages:
            flash(message, "warn")
        return
    flash(
        _("Your review is in, and counts. Its words wait for a moderator before the author reads them."),
        "warn",
    )


def _review_page(page: ReviewPage, form: ReviewForm, *, overtaken: str = "", refused: str = "") -> str:
    form.begin(page.sequence)
    return render_template(
        "peer_rating/review_detail.html",
        base=base(peer_rating()),
        page=page,
        form=form,
        lacks=missing(page.rubric, form.answers(), page.least),
        decline=DeclineForm(),
        overtaken=overtaken,
        refused=refused,
        why_not="" if page.stage in WRITABLE else service.why_not(page.stage),
    )


def review_save(placement_id: int, review_id: int) -> tuple[str, int]:
    """Keep what is written: 204 if it was kept, 409 if another tab is ahead, 410 if nothing can be written any more."""
    actor = peer_rating().actor
    number = SequenceForm(request.form)
    if not number.validate():
        return "", 422
    rubric = queries.rubric_of(scope.session(), actor, placement_id, review_id)
    draft = review_form(rubric, request.form).draft(number.seq.data or 0)
    with unit_of_work(scope.session()) as session:
        kept = service.save(session, actor, placement_id, review_id, draft)
    return "", 204 if kept else 409


def review_resume(placement_id: int, review_id: int) -> Response:
    """Go on with a review whose time ran out."""
    if _pressed():
        _resume(peer_rating().actor, placement_id, review_id)
    return _to(placement_id, review_id)


def _resume(actor: Actor, placement_id: int, review_id: int) -> None:
    with unit_of_work(scope.session()) as session:
        service.resume(session, actor, placement_id, review_id)


def review_decline(placement_id: int, review_id: int) -> str:
    """Why the work shall go to somebody else."""
    page = review_page(scope.session(), peer_rating().actor, placement_id, review_id)
    return render_template("peer_rating/review_decline.html", page=page, decline=DeclineForm())


def review_decline_post(placement_id: int, review_id: int) -> View:
    """Pass the review on."""
    actor, form = peer_rating().actor, DeclineForm(request.form)
    if not form.validate() or form.reason is None:
        page = review_page(scope.session(), actor, placement_id, review_id)
        return render_template("peer_rating/review_decline.html", page=page, decline=form), 422
    with unit_of_work(scope.session()) as session:
        done = service.decline(session, actor, placement_id, review_id, form.reason, form.note.data or "")
    if done:
        flash(
            _("Thank you for saying so. Somebody else reviews this work now, and you are not asked again."),
            "good",
        )
    else:
        flash(_("This review was not open any more, so nothing has changed."), "warn")
    return _home(placement_id)


def review_read(placement_id: int, review_id: int) -> str:
    """A finished review, with what comes next."""
    return _read_page(peer_rating().actor, placement_id, review_id, VoidForm())


def _read_page(actor: Actor, placement_id: int, review_id: int, form: VoidForm) -> str:
    session = scope.session()
    page = read_page(session, actor, placement_id, review_id)
    here = running(session, actor, placement_id)
    asks = page.is_mine and access.takes_part(actor) and page.source not in {Source.STAFF, Source.SELF}
    return render_template(
        "peer_rating/review_read.html",
        page=page,
        form=form,
        owes=giving.standing(session, here, actor.user_id) if asks else None,
        runs=access.runs(actor),
    )


def review_void(placement_id: int, review_id: int) -> View:
    """Take a review out of the count, or put it in again."""
    actor, back = peer_rating().actor, "back" in request.form
    form: ButtonForm | VoidForm = ButtonForm(request.form) if back else VoidForm(request.form)
    if not form.validate():
        kept = form if isinstance(form, VoidForm) else VoidForm()
        return _read_page(actor, placement_id, review_id, kept), 422
    reason = "" if not isinstance(form, VoidForm) else form.reason.data or ""
    with unit_of_work(scope.session()) as session:
        voiding.void(session, actor, placement_id, review_id, reason, back=back)
    flash(_("This review counts again.") if back else _("This review does not count any more."), "good")
    return redirect(
        url_for("peer_rating.review_read", placement_id=placement_id, review_id=review_id), code=303
    )


def staff_review(placement_id: int, work_id: int) -> Response:
    """Begin, or go on with, the review of staff."""
    return _begin(placement_id, work_id, beginning.staff_review)


def self_review(placement_id: int, work_id: int) -> Response:
    """Begin, or go on with, the review of one's own work."""
    return _begin(placement_id, work_id, beginning.self_review)


def _begin(placement_id: int, work_id: int, how: Callable[..., Review]) -> Response:
    actor = peer_rating().actor
    if not _pressed():
        return _home(placement_id)
    with unit_of_work(scope.session()) as session:
        review_id = how(session, actor, placement_id, work_id).id
    return _to(placement_id, review_id)


def _pressed() -> bool:
    """Whether the button was on a page made for who pressed it; if not, they read that nothing happened."""
    if ButtonForm(request.form).validate():
        return True
    flash(_("This page had grown old, so nothing has changed. Please press the button again."), "warn")
    return False


def _home(placement_id: int) -> Response:
    return redirect(url_for("peer_rating.home", placement_id=placement_id), code=303)


def _to(placement_id: int, review_id: int) -> Response:
    return redirect(
        url_for("peer_rating.review_detail", placement_id=placement_id, review_id=review_id), code=303
    )
