"""Telling a platform that registered us by itself what has changed with us (LTI Dynamic Registration 1.0 §3.7).

The platform gave an address for our registration. What stands there is fetched, what is ours in it is renewed, and the
whole is put back: an administrator of the platform may have narrowed it, and that is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.kernel.errors import Invalid, Problem
from lmssocial.core.kernel.secrets import SecretBox
from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.outbound import Outbound, OutboundError
from lmssocial.lms.identity.endpoints import endpoint_of
from lmssocial.lms.identity.models import Registration
from lmssocial.lms.lti.profiles import CANVAS
from lmssocial.lms.lti.registration import placements_of
from lmssocial.lms.lti.registration_document import (
    CANVAS_SCOPES,
    TOOL_CONFIGURATION,
    ToolDescription,
    client_metadata,
)
from lmssocial.lms.lti.services import scopes
from lmssocial.lms.lti.services.calling import Caller, Endpoint
from lmssocial.lms.lti.services.trouble import ServiceTrouble

OF_THE_LMS = ("registration_client_uri", "registration_access_token", "client_id_issued_at", "deployment_id")
"""What stands in a registration and is not ours to send (RFC 7592 §2.2)."""


@dataclass(frozen=True, kw_only=True)
class Ways:
    """The ways to a platform: with the token it gave for this alone, or with one like those for its services."""

    caller: Caller
    outbound: Outbound
    box: SecretBox


@dataclass(frozen=True, kw_only=True)
class _Registered:
    endpoint: Endpoint
    url: str
    token: str
    public_key: str


def update_in_lms(
    make_session: sessionmaker[Session], ways: Ways, tool: ToolDescription, registration_id: int
) -> None:
    """Renew what the platform knows of us. Some (Canvas) take it as a request that their administrator accepts.

    :raises NotFound: if there is no such platform, or it is switched off.
    :raises Invalid: if it gave no address for that; then it is registered again, or changed by hand.
    :raises Problem: if the platform does not take it, with its own words.
    """
    with make_session() as session:
        known = _registered(session, ways.box, registration_id)
    try:
        present = _get(ways, known)
        _put(ways, known, renewed(present, known.endpoint, tool, known.public_key))
    except (ServiceTrouble, OutboundError) as error:
        says = error.says if isinstance(error, ServiceTrouble) else str(error)
        raise Problem(
            _("The LMS did not take the update. It said: %(says)s", says=says), reason=says
        ) from error


def renewed(
    present: Mapping[str, Any], endpoint: Endpoint, tool: ToolDescription, public_key: str
) -> dict[str, Any]:
    """What is put back: all that stood there, with our part as it is now.

    A scope that the platform granted stays asked for; new ones are asked of a platform only that is known to have them.
    """
    configuration = present.get(TOOL_CONFIGURATION)
    was = configuration if isinstance(configuration, dict) else {}
    granted = set(str(present.get("scope", "")).split())
    if endpoint.profile.name == CANVAS.name:
        granted |= CANVAS_SCOPES | {scopes.REGISTRATION}
    now = client_metadata(
        tool,
        public_key=public_key,
        profile=endpoint.profile,
        scopes_supported=granted,
        placements=placements_of(was.get("messages")),
    )
    ours = {**was, **now[TOOL_CONFIGURATION]}
    kept = {name: value for name, value in present.items() if name not in OF_THE_LMS}
    return {**kept, **now, TOOL_CONFIGURATION: ours, "client_id": endpoint.client_id}


def _registered(session: Session, box: SecretBox, registration_id: int) -> _Registered:
    endpoint = endpoint_of(session, registration_id)
    row = session.get_one(Registration, registration_id)
    if not row.management_url:
        raise Invalid(
            _(
                "%(name)s gave no address at which its registration can be changed. Register it again with a new "
                "link, or change it there by hand.",
                name=row.name,
            )
        )
    sealed = row.sealed_management_token
    return _Registered(
        endpoint=endpoint,
        url=row.management_url,
        token=box.open(sealed).decode() if sealed else "",
        public_key=row.public_key,
    )


def _get(ways: Ways, known: _Registered) -> Mapping[str, Any]:
    if known.token:
        reply = ways.outbound.get_json(known.url, headers={"Authorization": f"Bearer {known.token}"})
    else:
        reply = ways.caller.get(known.endpoint, [scopes.REGISTRATION], known.url)
    return reply.data if isinstance(reply.data, dict) else {}


def _put(ways: Ways, known: _Registered, document: Mapping[str, Any]) -> None:
    if known.token:
        ways.outbound.put_json(known.url, document, headers={"Authorization": f"Bearer {known.token}"})
    else:
        ways.caller.put(known.endpoint, [scopes.REGISTRATION], known.url, document)
