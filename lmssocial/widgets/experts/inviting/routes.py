"""The addresses of those who were asked: accept, decline, give back, take, think of somebody, block."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here
from lmssocial.social.content.text import tidy_line
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm, options
from lmssocial.web.program import program
from lmssocial.widgets.experts.blueprint import base, experts
from lmssocial.widgets.experts.invitation_models import Because
from lmssocial.widgets.experts.inviting import blocking, referring, replying
from lmssocial.widgets.experts.inviting.forms import BlockForm, DeclineForm, ReferForm
from lmssocial.widgets.experts.questions import Asked, seen
from lmssocial.widgets.experts.screens import screen_for

View = Response | str | tuple[str, int]


def register(bp: Blueprint) -> None:
    """Put the pages of this room into the blueprint."""
    one = "/questions/<int:question_id>"
    routes: tuple[tuple[str, str, Callable[..., Any]], ...] = (
        ("POST", f"{one}/accept", invitation_accept),
        ("GET", f"{one}/decline", invitation_decline),
        ("POST", f"{one}/decline", invitation_decline_post),
        ("POST", f"{one}/release", invitation_release),
        ("POST", f"{one}/volunteer", question_volunteer),
        ("GET", f"{one}/refer", question_refer),
        ("POST", f"{one}/refer", question_refer_post),
        ("GET", f"{one}/block", asker_block),
        ("POST", f"{one}/block", asker_block_post),
        ("POST", f"{one}/unblock", asker_unblock),
    )
    for method, rule, view in routes:
        bp.add_url_rule(rule, view_func=view, methods=[method])


def invitation_accept(placement_id: int, question_id: int) -> Response:
    """The actor answers it; or somebody else was faster, and they read that."""
    actor = experts().actor
    if not _pressed():
        return _to(placement_id, question_id)
    try:
        with unit_of_work(scope.session()) as session:
            replying.accept(session, actor, question_id)
    except Conflict as overtaken:
        flash(overtaken.message, "warn")
    else:
        flash(_("It is yours to answer. Whoever else was asked need not any more."), "good")
    return _to(placement_id, question_id)


def invitation_decline(placement_id: int, question_id: int) -> str:  # noqa: ARG001 – part of the address
    """Asks why; each reason is a button."""
    return _decline_page(experts(), question_id, DeclineForm())


def invitation_decline_post(placement_id: int, question_id: int) -> View:
    """Decline, and pass it on at once; whoever knows somebody better names them first."""
    place, form = experts(), DeclineForm(request.form)
    because = form.reason
    if not form.validate() or because is None:
        return _decline_page(place, question_id, form), 422
    if because is Because.KNOWS_BETTER:
        return redirect(_question(placement_id, question_id) + "/refer?instead=1", code=303)
    try:
        with unit_of_work(scope.session()) as session:
            replying.decline(session, program().rankings, place.actor, question_id, because)
    except Conflict as overtaken:
        flash(overtaken.message, "warn")
        return _to(placement_id, question_id)
    flash(_("Thank you for saying so. It goes on to others, and nobody reads why."), "good")
    return _home(placement_id)


def invitation_release(placement_id: int, question_id: int) -> Response:
    """The actor gives it back."""
    actor = experts().actor
    if not _pressed():
        return _to(placement_id, question_id)
    try:
        with unit_of_work(scope.session()) as session:
            replying.release(session, program().rankings, actor, question_id)
    except Conflict as overtaken:
        flash(overtaken.message, "warn")
        return _to(placement_id, question_id)
    flash(_("You gave it back. It goes on to others."), "good")
    return _home(placement_id)


def question_volunteer(placement_id: int, question_id: int) -> Response:
    """The actor takes a question that is open to them."""
    actor = experts().actor
    if not _pressed():
        return _to(placement_id, question_id)
    try:
        with unit_of_work(scope.session()) as session:
            replying.volunteer(session, actor, question_id)
    except (Conflict, NotAllowed) as refusal:
        flash(refusal.message, "warn")
    else:
        flash(_("It is yours to answer. Whoever else was asked need not any more."), "good")
    return _to(placement_id, question_id)


def question_refer(placement_id: int, question_id: int) -> View:
    """Looks for people by name, and lets one be chosen."""
    place = experts()
    try:
        asked = referring.referable(scope.session(), place.actor, question_id)
    except Conflict as over:
        flash(over.message, "warn")
        return _to(placement_id, question_id)
    form = ReferForm(data={"q": request.args.get("q", ""), "instead": request.args.get("instead", "")[:1]})
    return _refer_page(place, asked, form)


def question_refer_post(placement_id: int, question_id: int) -> View:
    """Ask whom the actor thought of; instead of the actor, if they were asked and know somebody better."""
    place, form = experts(), ReferForm(request.form)
    asked = seen(scope.session(), place.actor, question_id)
    form.chosen.choices = _found(place, question_id, form)
    form.chosen.validate_choice = False  # who is gone by now is refused by the service, in better words
    if not form.validate():
        return _refer_page(place, asked, form), 422
    try:
        _refer(place, asked, form)
    except (Invalid, Conflict, NotFound, NotAllowed) as refusal:
        wrong = form.sentence if isinstance(refusal, Invalid) else form.chosen
        wrong.errors = [refusal.message]
        asked = seen(scope.session(), place.actor, question_id)
        return _refer_page(place, asked, form), 422
    flash(_("They are asked, and read that you thought of them. Whether they accept, you see here."), "good")
    return _to(placement_id, question_id)


def _refer(place: Here, asked: Asked, form: ReferForm) -> None:
    question_id, screen = asked.question.id, screen_for(place, asked.question)
    sentence = str(form.sentence.data)
    referring.consider(scope.session(), screen, place.actor, question_id, sentence)
    with unit_of_work(scope.session()) as session:
        referring.refer(session, screen, place.actor, question_id, form.chosen.data, sentence)
        if form.instead.data:
            replying.decline(session, program().rankings, place.actor, question_id, Because.KNOWS_BETTER)


def asker_block(placement_id: int, question_id: int) -> str:  # noqa: ARG001 – part of the address
    """Asks whether the actor wants no more questions of who asks this one."""
    return _block_page(experts(), question_id, BlockForm())


def asker_block_post(placement_id: int, question_id: int) -> View:
    """No more of them, and this one goes on to others."""
    place, form = experts(), BlockForm(request.form)
    if not form.validate():
        return _block_page(place, question_id, form), 422
    with unit_of_work(scope.session()) as session:
        blocking.block(session, program().rankings, place.actor, question_id, str(form.why.data))
    flash(_("You are asked no more questions of this person. They are not told."), "good")
    return _home(placement_id)


def asker_unblock(placement_id: int, question_id: int) -> Response:
    """Questions of them again."""
    actor = experts().actor
    if _pressed():
        with unit_of_work(scope.session()) as session:
            blocking.unblock(session, actor, question_id)
        flash(_("You can be asked questions of this person again."), "good")
    return _to(placement_id, question_id)


def _decline_page(place: Here, question_id: int, form: DeclineForm) -> str:
    asked = seen(scope.session(), place.actor, question_id)
    return render_template(
        "experts/invitation_decline.html", base=base(place), asked=asked, question_id=question_id, form=form
    )


def _refer_page(place: Here, asked: Asked, form: ReferForm) -> str:
    form.chosen.choices = _found(place, asked.question.id, form)
    return render_template(
        "experts/question_refer.html",
        base=base(place),
        asked=asked,
        question_id=asked.question.id,
        form=form,
    )


def _found(place: Here, question_id: int, form: ReferForm) -> list[Any]:
    """The people to choose from; none once nobody is looked for any more."""
    part = tidy_line(form.q.data or "")[:80]
    try:
        people = referring.people_called(scope.session(), place.actor, question_id, part)
    except Conflict:
        return []
    return options((one.user_id, one.name) for one in people)


def _block_page(place: Here, question_id: int, form: BlockForm) -> str:
    asked, name = blocking.asker_of(scope.session(), place.actor, question_id)
    return render_template(
        "experts/asker_block.html",
        base=base(place),
        asked=asked,
        question_id=question_id,
        name=name,
        is_blocked=blocking.is_blocked(scope.session(), place.actor, asked.question.asker_id),
        form=form,
    )


def _pressed() -> bool:
    """Whether the button was pressed on a page of this sign-in; else they read why nothing happened."""
    form = ButtonForm(request.form)
    if form.validate():
        return True
    for sentences in form.errors.values():
        flash(" ".join(map(str, sentences)), "bad")
    return False


def _to(placement_id: int, question_id: int) -> Response:
    return redirect(_question(placement_id, question_id), code=303)


def _question(placement_id: int, question_id: int) -> str:
    return url_for("experts.home", placement_id=placement_id) + f"questions/{question_id}"


def _home(placement_id: int) -> Response:
    return redirect(url_for("experts.home", placement_id=placement_id), code=303)
