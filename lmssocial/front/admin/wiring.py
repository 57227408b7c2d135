"""Putting the administrators' pages together: the gate, the pages behind it, the navigation beside them."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, request, url_for
from flask_babel import lazy_gettext as _l

from lmssocial.front.admin import (
    account_routes,
    delivery_routes,
    event_routes,
    gate,
    invitation_routes,
    launch_routes,
    legacy_routes,
    limits,
    log_routes,
    my_routes,
    overview_routes,
    platform_routes,
    platform_state_routes,
    plugin_routes,
    plugin_stance_routes,
    roster_routes,
    score_routes,
    sign_in_routes,
    system_routes,
    tenant_routes,
)
from lmssocial.web.program import program

ROUTES = (
    account_routes,
    delivery_routes,
    event_routes,
    invitation_routes,
    launch_routes,
    legacy_routes,
    log_routes,
    my_routes,
    overview_routes,
    platform_routes,
    platform_state_routes,
    plugin_routes,
    plugin_stance_routes,
    roster_routes,
    score_routes,
    sign_in_routes,
    system_routes,
    tenant_routes,
)
"""Every module that hangs its pages on the blueprint by being imported."""

ASK_FOR_SECRETS = (
    "admin.sign_in",
    "admin.sign_in_code",
    "admin.my_password",
    "admin.my_recovery_codes_renew",
    "admin.my_second_step",
    "admin.my_second_step_off",
)
"""The endpoints that tell whether a password or a code is right, and so must not be asked often."""

NAVIGATION = (
    ("overview", _l("Overview")),
    ("tenant_list", _l("Tenants")),
    ("platform_list", _l("Platforms")),
    ("invitation_list", _l("Invitations")),
    ("launch_list", _l("Launches")),
    ("roster_list", _l("Rosters")),
    ("score_list", _l("Grades")),
    ("plugin_list", _l("Plugins")),
    ("event_list", _l("Events")),
    ("delivery_list", _l("Mail")),
    ("health", _l("Health")),
    ("key_list", _l("Keys")),
    ("account_list", _l("Administrators")),
    ("log_list", _l("Log")),
)


@dataclass(frozen=True)
class NavItem:
    """One entry of the navigation."""

    label: str
    href: str
    current: bool


def init_app(app: Flask) -> None:
    """Serve ``/admin/``."""
    app.register_blueprint(gate.bp)
    with app.app_context():
        limits.init_app(app, program().settings.redis_url, ASK_FOR_SECRETS)


@gate.bp.context_processor
def _surroundings() -> dict[str, Any]:
    admin = gate.signed_in()
    if admin is None:
        return {}
    here = (request.endpoint or "").partition(".")[2].partition("_")[0]
    return {
        "viewer": admin,
        "admin_nav": [
            NavItem(str(label), url_for(f"admin.{name}"), name.partition("_")[0] == here)
            for name, label in NAVIGATION
        ],
    }
