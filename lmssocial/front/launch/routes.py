"""The three addresses every LMS is told: login, launch, keys."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import urlencode

from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.secrets import new_token
from lmssocial.core.kernel.words import gettext as _
from lmssocial.front.launch import browser, refusal_page, storage, traces, waiting
from lmssocial.front.launch.arrival import Arrival, arrive
from lmssocial.front.launch.destination import Destination
from lmssocial.front.launch.keys import platform_keys
from lmssocial.lms.identity.admission import note_deployment
from lmssocial.lms.identity.directory import Registrations
from lmssocial.lms.identity.refusals import DEPLOYMENT_UNKNOWN, WIDGET_MISSING, NotApproved
from lmssocial.lms.lti import causes, pending, tool_keys
from lmssocial.lms.lti.checks import require
from lmssocial.lms.lti.launch import Launch
from lmssocial.lms.lti.library import Parameters
from lmssocial.lms.lti.login import depart, find_platform, read_login
from lmssocial.lms.lti.message import read_message
from lmssocial.lms.lti.pending import BegunLogin, LoginRequest, Secrets
from lmssocial.lms.lti.platforms import Platform
from lmssocial.lms.lti.refusals import LaunchRefused
from lmssocial.lms.lti.signed import MAX_TOKEN
from lmssocial.lms.lti.way_back import way_back
from lmssocial.web import scope
from lmssocial.web.bearer import as_browser
from lmssocial.web.i18n import speak
from lmssocial.web.program import program
from lmssocial.web.security import frame_by

bp = Blueprint("launch", __name__, url_prefix="/lti")
bp.register_error_handler(LaunchRefused, refusal_page.answer_refusal)

MAX_FORM = MAX_TOKEN + 64_000
"""Bytes of a login or launch: the longest token, and its companions."""
KEYS_GOOD_FOR = 3600
"""Seconds an LMS may keep our keys without asking; a new key is published a day before it is used."""
LONGEST_QUERY = 4000
"""Characters of a query that any server in between passes on."""


@bp.route("/login", methods=["GET", "POST"])
@bp.route("/login/<public_key>", methods=["GET", "POST"])
def login(public_key: str | None = None) -> Response:
    """An LMS sends somebody: send them back to it, to prove who they are."""
    request.max_form_memory_size = MAX_FORM
    parameters = Parameters(_login_parameters())
    asked = read_login(parameters)
    platform = find_platform(Registrations(scope.session()), asked, public_key)
    refusal_page.let_lms_frame(platform)
    detour = _cookie_detour(platform, asked)
    if detour is not None:
        return detour
    frame = _storage_frame(platform, asked)
    departure = depart(
        parameters,
        platform,
        replace(asked, storage_target=frame),
        public_url=program().settings.public_url,
        remember=_remember,
    )
    if frame:
        again = {**asked.as_parameters(), "cookie": "asked", "storage": "scripts"}
        return storage.keeping_page(departure, frame, _login_address(platform, again))
    response = _go_to(departure.url, 302)
    browser.keep_login_secret(response, departure.secrets.state, departure.secrets.browser)
    return response


@bp.post("/launch")
def launch() -> Response:
    """The LMS's answer: check it, let the person in, and leave this address at once.

    The answer is a redirect whatever it leads to, because a reload would send the used-up token again. Only the script
    of a page whose browser keeps no cookies gets its token, and where to go on, to itself.
    """
    request.max_form_memory_size = MAX_FORM
    parameters = Parameters(request.form.items(multi=True))
    state = parameters.get_param("state")
    secret = browser.login_secret(state)
    got = storage.secret_of(request)
    if not secret and got is None:
        page = storage.fetching_page(state, parameters)
        if page is not None:
            return page
    begun, platform = _take(state)
    refusal_page.let_lms_frame(platform)
    by_storage = not secret and got is not None and begun.storage_target != ""
    message = _read(parameters, (got or "") if by_storage else secret, begun, platform)
    g.return_url = message.presentation.return_url
    traces.learned(message, way="storage" if by_storage else "cookie")
    token = new_token() if by_storage else ""
    try:
        destination = _destination(_arrive(message, as_browser(token) if token else browser.keep_token()))
    except LaunchRefused as refusal:
        refusal.registration_id = platform.registration_id
        raise
    if token:
        return jsonify(token=token, onward=destination)
    response = _go_to(destination, 303)
    browser.forget_login_secret(response, state)
    return response


@bp.get("/jwks.json")
def jwks() -> Response:
    """Our public keys (RFC 7517), for every platform the same."""
    keys = tool_keys.published_keys(scope.session())
    if not keys["keys"]:
        with unit_of_work(scope.session()) as session:
            tool_keys.ensure_key(session, program().secret_box)
            keys = tool_keys.published_keys(session)
    response = jsonify(keys)
    response.cache_control.public = True
    response.cache_control.max_age = KEYS_GOOD_FOR
    response.add_etag()
    response.make_conditional(request)
    return response


@bp.get("/activity/<int:link_id>")
def activity_detail(link_id: int) -> Response:
    """An activity that nobody has set up yet; once somebody has, a reload leads to it."""
    origins = waiting.origins_of_link(scope.session(), link_id)
    frame_by(*origins)
    found = waiting.look_behind(scope.session(), link_id, browser.token())
    speak(found.locale, found.person_locale, tenant=found.tenant_locale)
    if found.destination is not None:
        return _go_to(_home_of(found.destination), 303)
    back = way_back(found.return_url, origins, msg=_("This activity is not set up yet."))
    return make_response(render_template("launch/activity_detail.html", waiting=found, back_href=back))


def _login_parameters() -> Iterator[tuple[str, str]]:
    """What the LMS sent, in the query or in the form; the same thing said twice is said once."""
    return iter(dict.fromkeys([*request.args.items(multi=True), *request.form.items(multi=True)]))


def _cookie_detour(platform: Platform, asked: LoginRequest) -> Response | None:
    """In a frame, find out first whether the browser keeps cookies there; ``None`` to go on.

    An LMS's hint may be good for one authentication only (Moodle's is), so a new tab must be offered before it is
    used up, not when the answer comes back without our cookie.
    """
    if browser.token() or not browser.is_framed(request):
        return None
    if request.args.get("cookie") == "asked":
        return None
    address = _login_address(platform, {**asked.as_parameters(), "cookie": "asked"})
    if len(address) > LONGEST_QUERY:
        return None
    browser.keep_token()
    return _go_to(address, 303)


def _storage_frame(platform: Platform, asked: LoginRequest) -> str:
    """The frame of the LMS that keeps this login's secret, as the browser kept no cookie; empty if it did.

    :raises LaunchRefused: if neither keeps it, before the LMS's hint is used up.
    """
    if browser.token() or not browser.is_framed(request) or request.args.get("cookie") != "asked":
        return ""
    frame, failure = storage.frame_of(platform, asked), storage.failure_of(request)
    if frame and not failure:
        return frame
    g.restart_url = _login_address(platform, asked.as_parameters())
    raise LaunchRefused(
        causes.COOKIE_MISSING,
        f"asked before the login; the LMS's storage: {failure}" if failure else "asked before the login",
        registration_id=platform.registration_id,
    )


def _login_address(platform: Platform, parameters: Mapping[str, str]) -> str:
    """Where the same login begins again, by the registration's own address."""
    return f"{url_for('launch.login', public_key=platform.public_key)}?{urlencode(parameters)}"


def _go_to(url: str, status: int) -> Response:
    return make_response(redirect(url, code=status))


def _remember(platform: Platform, asked: LoginRequest) -> Secrets:
    with unit_of_work(scope.session()) as session:
        return pending.remember(session, platform, asked)


def _take(state: str) -> tuple[BegunLogin, Platform]:
    """Take the login this answer belongs to; whatever becomes of the answer, it is used up."""
    if not state:
        raise LaunchRefused(causes.STATE_MISSING)
    with unit_of_work(scope.session()) as session:
        begun = pending.take(session, state)
    if begun is None:
        raise LaunchRefused(causes.STATE_UNKNOWN)
    platform = Registrations(scope.session()).by_id(begun.registration_id)
    if platform is None:
        raise LaunchRefused(causes.PLATFORM_UNKNOWN, f"registration {begun.registration_id} is gone")
    return begun, platform


def _read(parameters: Parameters, secret: str, begun: BegunLogin, platform: Platform) -> Launch:
    try:
        if begun.storage_target:
            require(begun.is_browser(secret), causes.COOKIE_MISSING, "the LMS's storage had no such value")
        return read_message(
            parameters,
            login=begun,
            browser=secret,
            platform=platform,
            find_key=platform_keys().find,
        )
    except LaunchRefused as refusal:
        refusal.registration_id = platform.registration_id
        if refusal.cause is causes.COOKIE_MISSING:
            g.restart_url = _login_address(platform, begun.request(platform).as_parameters())
        raise


def _arrive(message: Launch, named: str) -> Arrival:
    """:param named: names the browser that is signed in."""
    speak(message.locale, message.person.locale)
    try:
        with unit_of_work(scope.session()) as session:
            arrival = arrive(
                session,
                message,
                browser=named,
                lasts=current_app.permanent_session_lifetime,
                kinds=program().widgets,
                box=program().secret_box,
            )
            traces.admitted(session, arrival)
            return arrival
    except NotApproved as refusal:
        if refusal.cause is DEPLOYMENT_UNKNOWN:
            with unit_of_work(scope.session()) as session:
                note_deployment(session, message)
        raise


def _destination(arrival: Arrival) -> str:
    if arrival.picker_key:
        return url_for("picker.picker_create_form", key=arrival.picker_key)
    if arrival.destination is None:
        return url_for("launch.activity_detail", link_id=arrival.resource_link_id)
    if arrival.destination.review_of is not None:
        return _home_of(arrival.destination)
    return browser.onward(arrival.destination.placement_id) or _home_of(arrival.destination)


def _home_of(placement: Destination) -> str:
    widget = program().widgets.get(placement.widget)
    if widget is None:
        raise LaunchRefused(WIDGET_MISSING, f"{placement.widget!r} of placement {placement.placement_id}")
    if placement.review_of is not None:
        return url_for("gradebook.review", placement_id=placement.placement_id, user_id=placement.review_of)
    return url_for(widget.home_endpoint, placement_id=placement.placement_id)
