"""The page on which an instructor chooses what to place in the course."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import Widget
from lmssocial.core.kernel.words import gettext as _
from lmssocial.front.launch import picker_list
from lmssocial.front.launch import picker_service as service
from lmssocial.front.launch.picker_answer import cancelled, hand_over, link_items, sent_back, trouble
from lmssocial.front.launch.picker_forms import PickerForm, again_form
from lmssocial.front.launch.picker_list import Pick
from lmssocial.front.launch.picker_service import Choice
from lmssocial.lms.lti import deep_linking
from lmssocial.social.communities import copies, kinship
from lmssocial.social.communities import service as communities
from lmssocial.social.communities.models import Placement
from lmssocial.social.plugin_settings.service import reach
from lmssocial.web import scope
from lmssocial.web.bearer import browser_token
from lmssocial.web.forms import ButtonForm, bind_forms_to
from lmssocial.web.i18n import speak
from lmssocial.web.program import program
from lmssocial.web.security import frame_by

bp = Blueprint("picker", __name__, url_prefix="/lti/picker")


@bp.get("/<key>")
def picker_create_form(key: str) -> Response:
    """Show what there is to choose; or that nothing fits; or that the link leads somewhere by now."""
    choice = _open(key)
    if choice.deep_linking is not None and not deep_linking.accepts_links(choice.deep_linking):
        return make_response(render_template("launch/picker_unfit.html", form=ButtonForm(), key=key))
    if choice.resource_link_id is not None:
        led = _leads_already(choice, choice.resource_link_id, key)
        if led is not None:
            return led
    return _page(choice, key)


@bp.post("/<key>")
def picker_create(key: str) -> Response:
    """Take a new activity: put it on the list, or place it and tell the LMS, or go on to it."""
    choice = _open(key)
    widgets = _offered(choice)
    form = PickerForm(request.form)
    form.offer(widgets, graded=_takes_columns(choice))
    if not form.validate():
        return _page(choice, key, form=form, status=422)
    return _take(choice, key, [form.pick()], form=form)


@bp.post("/<key>/again")
def picker_again(key: str) -> Response:
    """Take activities that are in the course already."""
    choice = _open(key)
    here = picker_list.already_here(
        scope.session(), choice.actor, {widget.kind for widget in _offered(choice)}
    )
    form = again_form(here, request.form, several=choice.takes_several)
    if not form.validate():
        return _page(choice, key, again=form, status=422)
    return _take(choice, key, form.picks(here), again=form)


@bp.post("/<key>/remove")
def picker_item_remove(key: str) -> Response:
    """Take one off the list."""
    choice = _open(key)
    number = request.form.get("number", -1, type=int)
    if ButtonForm(request.form).validate():
        with unit_of_work(scope.session()) as session:
            picker_list.take_off(session, choice.selection_id, number)
    return redirect(url_for("picker.picker_create_form", key=key), code=303)


@bp.post("/<key>/finish")
def picker_finish(key: str) -> Response:
    """Place what is on the list."""
    choice = _open(key)
    if not choice.picks or not ButtonForm(request.form).validate():
        return redirect(url_for("picker.picker_create_form", key=key), code=303)
    return _finish(choice, [])


@bp.post("/<key>/copy")
def picker_copy(key: str) -> Response:
    """Set the waiting link up like an activity that it is a copy of."""
    choice = _open(key)
    made = None
    if ButtonForm(request.form).validate():
        with unit_of_work(scope.session()) as session:
            original = request.form.get("original", 0, type=int)
            made = service.copy(session, choice, original, _by_kind(choice))
            home = "" if made is None else _home(made)
    return redirect(home if made else url_for("picker.picker_create_form", key=key), code=303)


@bp.post("/<key>/double")
def picker_double(key: str) -> Response:
    """Say whether a second link to one activity shall lead there, or to one of its own."""
    choice = _open(key)
    made = None
    if ButtonForm(request.form).validate():
        with unit_of_work(scope.session()) as session:
            apart = request.form.get("to") == "apart"
            made = service.settle_double(session, choice, _by_kind(choice), apart=apart)
            home = "" if made is None else _home(made)
    return redirect(home if made else url_for("picker.picker_create_form", key=key), code=303)


@bp.post("/<key>/cancel")
def picker_cancel(key: str) -> Response:
    """Tell the LMS that nothing was chosen, and why if there was nothing to choose (Deep Linking 2.0 §4.5)."""
    choice = _open(key)
    settings = choice.deep_linking
    if settings is None or not ButtonForm(request.form).validate():
        return redirect(url_for("picker.picker_create_form", key=key), code=303)
    if not deep_linking.accepts_links(settings):
        said = trouble(
            _("Nothing was added: this place in the LMS takes no activities of other tools."),
            f"accept_types is {sorted(settings.accept_types)}, and we have {deep_linking.LINK} only",
        )
    elif not _offered(choice):
        said = trouble(
            _("Nothing was added: no activity is switched on for this course."),
            f"no widget is on in course {choice.actor.course_id}",
        )
    else:
        said = cancelled()
    with unit_of_work(scope.session()) as session:
        service.decline(session, choice)
        token = sent_back(session, choice, settings, [], said)
    return hand_over(settings, token)


def _open(key: str) -> Choice:
    choice = service.open_choice(scope.session(), key, browser_token(request))
    frame_by(*choice.frame_origins)
    bind_forms_to(f"session:{choice.actor.session_id}")
    speak(choice.actor.locale, choice.person_locale, tenant=choice.tenant_locale)
    return choice


def _offered(choice: Choice) -> Sequence[Widget]:
    """The widgets that are switched on in this course, by title."""
    host = program().host
    actor = choice.actor
    here = reach(scope.session(), host, tenant_id=actor.tenant_id, course_id=actor.course_id)
    answers = host.ask("lmssocial_register_widgets", here)
    kinds = {widget.kind for answer in answers if answer.error is None for widget in answer.value}
    widgets = [widget for kind, widget in program().widgets.items() if kind in kinds]
    return sorted(widgets, key=lambda widget: str(widget.title))


def _by_kind(choice: Choice) -> dict[str, Widget]:
    return {widget.kind: widget for widget in _offered(choice)}


def _takes_columns(choice: Choice) -> bool:
    return choice.deep_linking is None or choice.deep_linking.accept_line_item


def _take(choice: Choice, key: str, picks: Sequence[Pick], **forms: Any) -> Response:
    """Go on with the list, or be done."""
    if request.form.get("then") != "more" or not choice.takes_several:
        return _finish(choice, picks)
    with unit_of_work(scope.session()) as session:
        fits = picker_list.put(session, choice.selection_id, picks)
    if fits:
        return redirect(url_for("picker.picker_create_form", key=key), code=303)
    for form in forms.values():
        form.form_errors.append(_("The list is full. Add what is on it, then begin again for more."))
    return _page(choice, key, status=422, **forms)


def _finish(choice: Choice, picks: Sequence[Pick]) -> Response:
    settings, widgets = choice.deep_linking, _by_kind(choice)
    with unit_of_work(scope.session()) as session:
        placed = service.choose(session, choice, picks, widgets)
        if settings is None:
            return redirect(_home(placed[0]), code=303)
        again = {one.placement_id for one in [*choice.picks, *picks]}
        links = link_items(session, [(one, one.id in again) for one in placed], widgets)
        token = sent_back(session, choice, settings, links)
    return hand_over(settings, token)


def _leads_already(choice: Choice, link_id: int, key: str) -> Response | None:
    """For a link that was set up meanwhile, or that leads where another one leads and somebody has to say why."""
    placed = communities.placement_of_link(scope.session(), link_id)
    if placed is None:
        return None
    if not copies.is_doubled(scope.session(), link_id):
        return redirect(_home(placed), code=303)
    body = render_template(
        "launch/picker_double.html", key=key, form=ButtonForm(), title=placed.title, link_title=choice.title
    )
    return make_response(body)


def _page(
    choice: Choice,
    key: str,
    *,
    form: PickerForm | None = None,
    again: Any = None,
    status: int = 200,
) -> Response:
    session, widgets = scope.session(), _offered(choice)
    kinds = {widget.kind for widget in widgets}
    if form is None:
        form = _proposed(choice, widgets)
    here = picker_list.already_here(session, choice.actor, kinds)
    link_id = choice.resource_link_id
    likely = kinship.suggestions(session, choice.actor, link_id) if link_id is not None else []
    body = render_template(
        "launch/picker.html",
        form=form,
        again=again or again_form(here, several=choice.takes_several),
        here=here,
        choice=choice,
        likely=[one for one in likely if one.widget in kinds],
        widgets=widgets,
        key=key,
        button=ButtonForm(),
    )
    return make_response(body, status)


def _proposed(choice: Choice, widgets: Sequence[Widget]) -> PickerForm:
    proposed = {"widget": widgets[0].kind if widgets else None, "title": choice.title}
    # With a list, a title nobody typed would let the page's last button add one activity too many.
    if len(widgets) == 1 and not choice.title and not choice.picks:
        proposed["title"] = str(widgets[0].title)
    form = PickerForm(data=proposed)
    form.offer(widgets, graded=_takes_columns(choice))
    return form


def _home(placement: Placement) -> str:
    """The first page of what the link leads to, which is somebody else's choice if they were faster."""
    widget = program().widgets[placement.widget]
    return url_for(widget.home_endpoint, placement_id=placement.id)
