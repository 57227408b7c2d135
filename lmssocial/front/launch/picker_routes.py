"""The page on which an instructor chooses what to place in the course."""

from collections.abc import Sequence

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from werkzeug import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import Widget
from lmssocial.core.kernel.words import gettext as _
from lmssocial.front.launch import picker_service as service
from lmssocial.front.launch.picker_forms import PickerForm
from lmssocial.front.launch.picker_service import Choice
from lmssocial.lms.lti import deep_linking, tool_keys
from lmssocial.lms.lti.deep_linking import LinkItem
from lmssocial.lms.lti.launch import DeepLinkingSettings
from lmssocial.social.communities.models import Placement
from lmssocial.social.communities.scope import BROWSER
from lmssocial.social.plugin_settings.service import reach
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm, bind_forms_to
from lmssocial.web.program import program
from lmssocial.web.security import frame_by, origin_of, post_also_to

bp = Blueprint("picker", __name__, url_prefix="/lti/picker")


@bp.get("/<key>")
def picker_create_form(key: str) -> Response:
    """Show what there is to choose; or, where the LMS takes no links here, that nothing fits."""
    choice = _open(key)
    if choice.deep_linking is not None and not deep_linking.accepts_links(choice.deep_linking):
        return make_response(render_template("launch/picker_unfit.html", form=ButtonForm(), key=key))
    widgets = _offered(choice)
    proposed = {"widget": widgets[0].kind if widgets else None, "title": choice.title}
    if len(widgets) == 1 and not choice.title:
        proposed["title"] = str(widgets[0].title)
    return _page(PickerForm(data=proposed), widgets, choice, key)


@bp.post("/<key>")
def picker_create(key: str) -> Response:
    """Place what was chosen, then tell the LMS, or go on to it."""
    choice = _open(key)
    widgets = _offered(choice)
    form = PickerForm(request.form)
    form.offer(widgets)
    if not form.validate():
        return _page(form, widgets, choice, key, status=422)
    with unit_of_work(scope.session()) as session:
        placement = service.choose(session, choice, form.draft())
        settings = choice.deep_linking
        token = "" if settings is None else _answer(choice, settings, [_item(placement)])
        home = _home(placement)
    return redirect(home, code=303) if settings is None else _hand_over(settings, token)


@bp.post("/<key>/cancel")
def picker_cancel(key: str) -> Response:
    """Tell the LMS that nothing was chosen (Deep Linking 2.0 §4.5: no items at all)."""
    choice = _open(key)
    form = ButtonForm(request.form)
    settings = choice.deep_linking
    if settings is None or not form.validate():
        return redirect(url_for("picker.picker_create_form", key=key), code=303)
    with unit_of_work(scope.session()) as session:
        service.decline(session, choice)
        token = _answer(choice, settings, [], message=_("Nothing was added."))
    return _hand_over(settings, token)


def _open(key: str) -> Choice:
    choice = service.open_choice(scope.session(), key, str(cookie.get(BROWSER, "")))
    frame_by(*choice.frame_origins)
    bind_forms_to(f"session:{choice.actor.session_id}")
    g.locale = choice.actor.locale
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


def _page(
    form: PickerForm, widgets: Sequence[Widget], choice: Choice, key: str, *, status: int = 200
) -> Response:
    form.offer(widgets)
    body = render_template(
        "launch/picker.html",
        form=form,
        widgets=widgets,
        key=key,
        waits_for_answer=choice.deep_linking is not None,
        cancel=ButtonForm(),
    )
    return make_response(body, status)


def _item(placement: Placement) -> LinkItem:
    return LinkItem(
        title=placement.title,
        url=f"{program().settings.public_url}/lti/launch",
        text=placement.intro,
        custom={"placement": placement.uuid, "widget": placement.widget},
    )


def _answer(
    choice: Choice, settings: DeepLinkingSettings, items: list[LinkItem], *, message: str = ""
) -> str:
    sign = tool_keys.signer(scope.session(), program().secret_box)
    return deep_linking.answer(choice.asker, settings, items, sign, message=message)


def _hand_over(settings: DeepLinkingSettings, token: str) -> Response:
    """The page that carries the answer to the LMS, by itself or by a button."""
    post_also_to(origin_of(settings.return_url))
    return make_response(
        render_template("launch/picker_answer.html", return_url=settings.return_url, token=token)
    )


def _home(placement: Placement) -> str:
    """The first page of what the link leads to, which is somebody else's choice if they were faster."""
    widget = program().widgets[placement.widget]
    return url_for(widget.home_endpoint, placement_id=placement.id)
