"""The address of publishing a question."""

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Conflict, Invalid, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here
from lmssocial.social.knowledge.ports import Known, ports_of
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.web.program import program
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.answering.pages import View, to_question
from lmssocial.widgets.experts.blueprint import base, experts
from lmssocial.widgets.experts.publishing import queries, service
from lmssocial.widgets.experts.publishing.forms import PublishForm
from lmssocial.widgets.experts.publishing.queries import Publication
from lmssocial.widgets.experts.publishing.service import Outcome, PutIn
from lmssocial.widgets.experts.screens import screen_for


def register(bp: Blueprint) -> None:
    """Put the page into the blueprint."""
    at = "/questions/<int:question_id>/publish"
    bp.add_url_rule(at, view_func=question_publish, methods=["GET"])
    bp.add_url_rule(at, view_func=question_publish_post, methods=["POST"])


def question_publish(placement_id: int, question_id: int) -> View:
    """What would be published, where, in whose names, and who has to agree."""
    del placement_id  # part of the address; the scope has read it
    place = experts()
    try:
        page = _publication(place, question_id)
    except Conflict as refusal:
        flash(refusal.message, "warn")
        return to_question(place, question_id)
    said = {"title": page.title, "question": page.question, "answer": page.answer}
    form = PublishForm(data=said | ({"home": page.home_id} if page.home_id else {}))
    return _page(place, page, form.offer(page.homes))


def question_publish_post(placement_id: int, question_id: int) -> View:
    """Publish it, agree to that, or do not."""
    del placement_id
    place = experts()
    if "refuse" in request.form:
        return _refuse(place, question_id)
    try:
        page = _publication(place, question_id)
    except Conflict as refusal:
        flash(refusal.message, "warn")
        return to_question(place, question_id)
    form = PublishForm(request.form).offer(page.homes)
    if not form.validate():
        return _page(place, page, form), 422
    screen, draft, ports = screen_for(place, page.asked.question), form.draft(), _ports()
    try:
        service.consider(scope.session(), screen, ports, place.actor, question_id, draft)
        with unit_of_work(scope.session()) as session:
            done = service.publish(session, screen, ports, place.actor, question_id, draft)
    except PutIn as refusal:
        form[refusal.field].errors = [refusal.message]
        return _page(place, _publication(place, question_id), form), refusal.status
    except (Invalid, NotFound, Conflict) as refusal:
        form.home.errors = [refusal.message]
        return _page(place, page, form), refusal.status
    return _lead_on(place, question_id, done)


def _refuse(place: Here, question_id: int) -> Response:
    if ButtonForm(request.form).validate():
        with unit_of_work(scope.session()) as session:
            service.refuse(session, place.actor, question_id)
        flash(_("It is not published. What was said stays among those who could read it."), "good")
    else:
        flash(_("This page had grown old, so nothing was done. Please press the button again."), "warn")
    return to_question(place, question_id)


def _lead_on(place: Here, question_id: int, done: Outcome) -> Response:
    """To where it stands now, for those who may read it there; else back to the question."""
    if done.contribution_id is None:
        flash(_("You agreed. It is published as soon as the other side agrees to these words, too."), "good")
        return to_question(place, question_id)
    if not done.is_visible:
        flash(_("A moderator reads it first; then everybody finds it."), "warn")
        return to_question(place, question_id)
    flash(_("Published. Everybody in the course finds it by search, with both names."), "good")
    for port in _ports():
        found = port.found(scope.session(), place.actor, [done.contribution_id])
        if done.contribution_id in found:
            return redirect(found[done.contribution_id].href, code=303)
    return to_question(place, question_id)


def _publication(place: Here, question_id: int) -> Publication:
    access.require_asks(place.actor)
    return queries.publication(scope.session(), _ports(), place.actor, question_id)


def _ports() -> list[Known]:
    return ports_of(program().widgets.values())


def _page(place: Here, page: Publication, form: PublishForm) -> str:
    return render_template(
        "experts/question_publish.html", page=page, form=form, base=base(place), viewer_id=place.actor.user_id
    )
