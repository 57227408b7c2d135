"""The addresses of what comes after an answer: resolving, opening again, rating."""

from flask import Blueprint, flash, render_template, request
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Conflict, Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.widgets.experts import screens
from lmssocial.widgets.experts.answering import rating, resolving
from lmssocial.widgets.experts.answering.forms import RateForm, ResolveForm
from lmssocial.widgets.experts.answering.pages import View, to_question
from lmssocial.widgets.experts.answering.rating import Part
from lmssocial.widgets.experts.blueprint import base, experts
from lmssocial.widgets.experts.models import How


def register(bp: Blueprint) -> None:
    """Put the pages into the blueprint."""
    at = "/questions/<int:question_id>"
    bp.add_url_rule(f"{at}/resolve", view_func=question_resolve, methods=["POST"])
    bp.add_url_rule(f"{at}/reopen", view_func=question_reopen, methods=["POST"])
    bp.add_url_rule(f"{at}/rate", view_func=rating_create, methods=["GET"])
    bp.add_url_rule(f"{at}/rate", view_func=rating_create_post, methods=["POST"])


def question_resolve(placement_id: int, question_id: int) -> Response:
    """Say that it is resolved: by an answer, by something that was there, or by oneself."""
    del placement_id  # part of the address; the scope has read it
    place, form = experts(), ResolveForm(request.form)
    chosen = form.how.data if form.how.data in set(resolving.BY_ASKER) else ""
    if not form.validate() or not chosen:
        flash(_("This page had grown old, so nothing was done. Please press the button again."), "warn")
        return to_question(place, question_id)
    try:
        with unit_of_work(scope.session()) as session:
            resolving.resolve(session, place.actor, question_id, How(chosen), form.answer_id.data)
    except (Invalid, Conflict) as refusal:
        flash(refusal.message, "warn")
        return to_question(place, question_id)
    flash(_("Your question is resolved. If it turns out otherwise, you can open it again."), "good")
    return to_question(place, question_id)


def question_reopen(placement_id: int, question_id: int) -> Response:
    """Say that it was not resolved after all."""
    del placement_id
    place = experts()
    if not ButtonForm(request.form).validate():
        flash(_("This page had grown old, so nothing was done. Please press the button again."), "warn")
        return to_question(place, question_id)
    try:
        with unit_of_work(scope.session()) as session:
            resolving.reopen(session, place.actor, question_id)
    except Conflict as refusal:
        flash(refusal.message, "warn")
        return to_question(place, question_id)
    flash(
        _("Your question is open again. Say below what is still missing, so that the next answer helps."),
        "good",
    )
    return to_question(place, question_id)


def rating_create(placement_id: int, question_id: int) -> str:
    """What both sides said of each other's part, and the form for the own."""
    del placement_id
    place = experts()
    part = rating.part_of(scope.session(), place.actor, question_id)
    said = {"value": part.own.value, "words": part.own.words} if part.own else {}
    return _page(place, part, RateForm(data=said))


def rating_create_post(placement_id: int, question_id: int) -> View:
    """Rate it; another rating replaces the one before."""
    del placement_id
    place, form = experts(), RateForm(request.form)
    part = rating.part_of(scope.session(), place.actor, question_id)
    if not form.validate():
        return _page(place, part, form), 422
    screen, words = screens.screen_for(place, part.asked.question), form.words.data or ""
    try:
        rating.consider(scope.session(), screen, place.actor, part.asked, words)
        with unit_of_work(scope.session()) as session:
            rating.rate(session, screen, place.actor, question_id, form.value.data, words)
    except Invalid as refusal:
        form.words.errors = [refusal.message]
        return _page(place, part, form), refusal.status
    flash(_("Saved. Only %(name)s and you read it.", name=part.name), "good")
    return to_question(place, question_id)


def _page(place: Here, part: Part, form: RateForm) -> str:
    if not part.rates_answer:
        form.about_question()
    return render_template("experts/rating_create.html", part=part, form=form, base=base(place))
