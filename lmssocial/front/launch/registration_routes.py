"""Registration as an LMS administrator sees it: one page that says what will happen, one button, one result."""

import structlog
from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request

from lmssocial.core.kernel.secrets import token_hash
from lmssocial.core.kernel.words import gettext as _
from lmssocial.front.launch.registration_forms import RegistrationForm
from lmssocial.front.launch.registration_service import Attempt, connect
from lmssocial.lms.identity.invitations import open_invitation
from lmssocial.lms.identity.models import Invitation
from lmssocial.lms.identity.registering import candidates_for_renewal
from lmssocial.lms.lti.checks import is_web_address
from lmssocial.lms.lti.registration import RegistrationFailed
from lmssocial.lms.lti.registration_document import ToolDescription, canvas_configuration
from lmssocial.web import scope
from lmssocial.web.assets import asset
from lmssocial.web.errors import new_reference
from lmssocial.web.forms import bind_forms_to
from lmssocial.web.program import program
from lmssocial.web.security import frame_by, origin_of

bp = Blueprint("registration", __name__, url_prefix="/lti")
log = structlog.get_logger(__name__)


def tool_description() -> ToolDescription:
    """This installation as platforms get to know it. Not translated: it is written once, for everybody there."""
    return ToolDescription(
        public_url=program().settings.public_url,
        name="lmssocial",
        summary="Discussion and other ways to learn together, inside the course.",
        picker_label="Add social learning",
    )


@bp.get("/register")
def registration_create_form() -> Response:
    """Say what registering will do. Nothing is asked of the LMS yet."""
    configuration_url = request.args.get("openid_configuration", "")
    _frame(configuration_url)
    token = request.args.get("invite", "")
    invitation = open_invitation(scope.session(), token) if token else None
    if invitation is None or not configuration_url:
        return _start_page(invitation, token)
    if not is_web_address(configuration_url):
        raise RegistrationFailed(
            _("Your LMS sent an address for its configuration that is not a web address.")
        )
    _bind(token, configuration_url, request.args.get("registration_token", ""))
    form = RegistrationForm(
        data={
            "invite": token,
            "openid_configuration": configuration_url,
            "registration_token": request.args.get("registration_token", ""),
        }
    )
    return _confirm_page(form, invitation, configuration_url)


@bp.post("/register")
def registration_create() -> Response:
    """Register, and say what comes next."""
    configuration_url = request.form.get("openid_configuration", "")
    _frame(configuration_url)
    token = request.form.get("invite", "")
    invitation = open_invitation(scope.session(), token)
    _bind(token, configuration_url, request.form.get("registration_token", ""))
    form = RegistrationForm(request.form)
    form.offer(candidates_for_renewal(scope.session(), invitation.tenant_id, configuration_url))
    if not form.validate():
        return _confirm_page(form, invitation, configuration_url, status=422)
    attempt = Attempt(
        invitation_token=token,
        configuration_url=configuration_url,
        registration_token=form.registration_token.data or "",
        renews_id=form.renews_id(),
    )
    parts = program()
    connected = connect(scope.session(), parts.outbound, parts.secret_box, tool_description(), attempt)
    log.info("platform registered", registration=connected.registration_id, usable=connected.is_usable)
    return make_response(render_template("launch/registration_done.html", connected=connected))


@bp.get("/canvas.json")
def canvas_json() -> Response:
    """The configuration of a Canvas developer key, for *Enter URL*."""
    return jsonify(canvas_configuration(tool_description()))


@bp.get("/icon.svg")
def icon() -> Response:
    """Our picture at an address that outlives every version: LMSs keep it for years."""
    answer = redirect(asset("icon.svg"))
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return make_response(answer)


@bp.errorhandler(RegistrationFailed)
def registration_failed(failure: RegistrationFailed) -> Response:
    """Tell the administrator everything there is to know, the LMS's own words included."""
    reference = new_reference()
    log.warning("registration failed", reference=reference, reason=failure.reason, answer=failure.answer)
    body = render_template("launch/registration_failed.html", failure=failure, reference=reference)
    return make_response(body, failure.status)


def _confirm_page(
    form: RegistrationForm, invitation: Invitation, configuration_url: str, *, status: int = 200
) -> Response:
    if "renews" in form and form.renews.choices is None:
        form.offer(candidates_for_renewal(scope.session(), invitation.tenant_id, configuration_url))
    body = render_template(
        "launch/registration.html",
        form=form,
        invitation=invitation,
        lms=origin_of(configuration_url).partition("://")[2],
    )
    return make_response(body, status)


def _start_page(invitation: Invitation | None, token: str) -> Response:
    """What somebody sees who opened the link in a browser instead of giving it to their LMS."""
    tool = tool_description()
    url = f"{tool.public_url}/lti/register?invite={token}"
    body = render_template("launch/registration_start.html", invitation=invitation, url=url, tool=tool)
    return make_response(body, 200 if invitation is not None else 400)


def _frame(configuration_url: str) -> None:
    """Let any LMS frame these pages: which addresses an institution uses is what we are about to find out.

    Nothing can be done here without the invitation's token, which whoever frames the page would have to know.
    """
    frame_by("https:", *filter(None, [origin_of(configuration_url)]))


def _bind(token: str, configuration_url: str, registration_token: str) -> None:
    """Forms are good for this invitation and this LMS only. There is no sign-in here, and cookies are not needed."""
    bind_forms_to("registration:" + token_hash(f"{token}\n{configuration_url}\n{registration_token}"))
