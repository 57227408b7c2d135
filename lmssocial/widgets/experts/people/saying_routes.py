"""What others say of a person: endorsements, their confirmation, appointments; and being asked to be an expert."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lmssocial.core.db import LARGEST_ID, unit_of_work
from lmssocial.core.kernel.errors import Conflict, Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here
from lmssocial.social.engagement import sentences
from lmssocial.social.moderation.request import screen_here
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.blueprint import base, experts
from lmssocial.widgets.experts.people import endorsing, persons, service
from lmssocial.widgets.experts.people.forms import AppointForm, EndorseForm
from lmssocial.widgets.experts.people.persons import PersonPage
from lmssocial.widgets.experts.people.showing import person_of_here, person_page
from lmssocial.widgets.experts.topics import queries as topics

View = Response | str | tuple[str, int]


def register(bp: Blueprint) -> None:
    """Put the pages into the blueprint."""
    one = "/people/<int:user_id>"
    routes: tuple[tuple[str, str, Callable[..., Any]], ...] = (
        ("GET", f"{one}/endorse", endorsement_create),
        ("POST", f"{one}/endorse", endorsement_create_post),
        ("POST", "/endorsements/<int:endorsement_id>/withdraw", endorsement_withdraw),
        ("GET", "/topics/confirm", endorsement_list),
        ("POST", f"{one}/topics/<int:topic_id>/confirm", endorsement_confirm),
        ("POST", f"{one}/appoint", sme_appoint),
        ("POST", f"{one}/topics/<int:topic_id>/dismiss", sme_dismiss),
        ("POST", f"{one}/enlist", expert_enlist),
    )
    for method, rule, view in routes:
        bp.add_url_rule(rule, view_func=view, methods=[method])


def endorsement_create(placement_id: int, user_id: int) -> str:  # noqa: ARG001
    """What somebody knows, and how one came to know that."""
    place = experts()
    page = person_of_here(place, user_id)
    return _endorse_page(place, page, EndorseForm(data={"topic": request.args.get("topic", "")[:60]}))


def endorsement_create_post(placement_id: int, user_id: int) -> View:
    """Say so."""
    place, form = experts(), EndorseForm(request.form)
    page = person_of_here(place, user_id)
    if not form.validate():
        return _endorse_page(place, page, form), 422
    screen = screen_here()
    try:
        sentences.fit(screen, place.actor, endorsing.ENDORSEMENT, form.why.data or "")
        with unit_of_work(scope.session()) as session:
            endorsing.endorse(
                session,
                screen,
                place.actor,
                placement_id,
                page.user_id,
                form.topic.data or "",
                form.why.data or "",
            )
    except sentences.Unfit as problem:
        form.why.errors = [problem.message]
        return _endorse_page(place, page, form), problem.status
    except (Invalid, Conflict) as problem:
        form.form_errors.append(problem.message)
        return _endorse_page(place, page, form), problem.status
    flash(_("Thank you. %(name)s and everybody who looks for help reads it.", name=page.name), "good")
    return _to(placement_id, page.user_id)


def endorsement_withdraw(placement_id: int, endorsement_id: int) -> Response:
    """Take an endorsement back."""
    place = experts()
    if not _pressed():
        return redirect(url_for("experts.expert_list", placement_id=placement_id), code=303)
    with unit_of_work(scope.session()) as session:
        user_id = endorsing.take_back(session, place.actor, placement_id, min(endorsement_id, LARGEST_ID))
    flash(_("The endorsement is taken back."), "good")
    return _to(placement_id, user_id)


def endorsement_list(placement_id: int) -> str:  # noqa: ARG001
    """What waits for a steward to confirm it."""
    place = experts()
    return render_template(
        "experts/endorsement_list.html",
        base=base(place),
        waiting=persons.to_confirm(scope.session(), place.actor),
    )


def endorsement_confirm(placement_id: int, user_id: int, topic_id: int) -> Response:
    """Agree with what several people say."""
    place = experts()
    if _pressed():
        try:
            with unit_of_work(scope.session()) as session:
                endorsing.confirm(
                    session,
                    place.actor,
                    placement_id,
                    min(topic_id, LARGEST_ID),
                    min(user_id, LARGEST_ID),
                )
        except Conflict as problem:
            flash(problem.message, "warn")
        else:
            flash(_("Confirmed. It stands on their page with your name."), "good")
    return _to(placement_id, user_id)


def sme_appoint(placement_id: int, user_id: int) -> View:
    """Make somebody the SME of a topic."""
    place, form = experts(), AppointForm(request.form)
    access.require_sets_up(place.actor)
    page = person_of_here(place, user_id)
    if not form.validate():
        return person_page(place, page, form), 422
    try:
        with unit_of_work(scope.session()) as session:
            endorsing.appoint(session, place.actor, placement_id, form.topic.data or "", page.user_id)
    except Invalid as problem:
        form.topic.errors = [problem.message]
        return person_page(place, page, form), problem.status
    flash(_("Appointed. They are told."), "good")
    return _to(placement_id, page.user_id)


def sme_dismiss(placement_id: int, user_id: int, topic_id: int) -> Response:
    """Take an appointment back."""
    place = experts()
    if _pressed():
        with unit_of_work(scope.session()) as session:
            endorsing.dismiss(
                session, place.actor, placement_id, min(topic_id, LARGEST_ID), min(user_id, LARGEST_ID)
            )
        flash(_("They are not SME of this topic any more."), "good")
    return _to(placement_id, user_id)


def expert_enlist(placement_id: int, user_id: int) -> Response:
    """Let somebody who teaches here, or an SME, be asked."""
    place = experts()
    access.require_sets_up(place.actor)
    if _pressed():
        try:
            with unit_of_work(scope.session()) as session:
                service.opt_in_for(session, place.actor, placement_id, min(user_id, LARGEST_ID))
        except (Invalid, Conflict) as problem:
            flash(problem.message, "warn")
        else:
            flash(_("People of this course can ask them now. They are told, and can leave at once."), "good")
    return _to(placement_id, user_id)


def _endorse_page(place: Here, page: PersonPage, form: EndorseForm) -> str:
    return render_template(
        "experts/endorsement_create.html",
        base=base(place),
        page=page,
        form=form,
        names=topics.names(scope.session(), place.actor),
    )


def _pressed() -> bool:
    """Whether the button was on a page made for who pressed it; if not, they read that nothing happened."""
    if ButtonForm(request.form).validate():
        return True
    flash(_("This page had grown old, so nothing has changed. Please press the button again."), "warn")
    return False


def _to(placement_id: int, user_id: int) -> Response:
    return redirect(url_for("experts.expert_detail", placement_id=placement_id, user_id=user_id), code=303)
