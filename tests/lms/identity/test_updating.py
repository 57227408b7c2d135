"""Telling an LMS that registered us what has changed: our part is renewed, what its administrator narrowed stays."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.kernel.errors import Invalid, Problem
from lmssocial.core.kernel.secrets import SecretBox
from lmssocial.core.outbound import AllowList, Outbound
from lmssocial.lms.identity.models import Registration
from lmssocial.lms.identity.updating import Ways, update_in_lms
from lmssocial.lms.lti.registration_document import TOOL_CONFIGURATION, ToolDescription
from lmssocial.lms.lti.services import scopes
from lmssocial.lms.lti.services.calling import Caller
from tests.fakes.platform import FakePlatform
from tests.fakes.registered import register
from tests.support.loopback import Loopback, listening, says

BOX = SecretBox("a secret for tests, of forty characters.")
TOOL = ToolDescription(
    public_url="https://new.example.edu", name="lmssocial", summary="Learn together.", picker_label="Add"
)
PRESENT = {
    "client_id": "client-1",
    "application_type": "web",
    "initiate_login_uri": "https://old.example.edu/lti/login/known",
    "redirect_uris": ["https://old.example.edu/lti/launch"],
    "scope": f"{scopes.SCORE} openid",
    "registration_client_uri": "https://lms.example.edu/registrations/123",
    "contacts": ["whoever@example.edu"],
    TOOL_CONFIGURATION: {
        "domain": "old.example.edu",
        "deployment_id": "1:abc",
        "messages": [{"type": "LtiDeepLinkingRequest", "placements": ["link_selection"]}],
    },
}


@dataclass
class Keeper:
    """An LMS that keeps our registration at an address of its own."""

    server: Loopback = field(default_factory=Loopback)
    put: list[dict[str, Any]] = field(default_factory=list)
    bearers: set[str] = field(default_factory=set)
    scopes_asked: bytes = b""
    refuses: bool = False

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        if handler.path == "/token":
            self.scopes_asked = handler.sent  # type: ignore[attr-defined]
            says(b'{"access_token": "of-a-service", "expires_in": 3600}')(handler)
            return
        self.bearers.add(str(handler.headers.get("Authorization")))
        if handler.command == "GET":
            says(json.dumps(PRESENT).encode())(handler)
        elif self.refuses:
            says(b'{"errors": ["scope is not allowed"]}', status=422)(handler)
        else:
            self.put.append(json.loads(handler.sent))  # type: ignore[attr-defined]
            says(handler.sent)(handler)  # type: ignore[attr-defined]


@pytest.fixture
def keeper() -> Iterator[Keeper]:
    """A running one."""
    keeper = Keeper()
    with listening(keeper.answer) as server:
        keeper.server = server
        yield keeper


def update(session: Session, engine: Engine, keeper: Keeper, **changes: Any) -> Registration:
    """Register a platform that gave an address, and tell it what is new."""
    platform = FakePlatform(
        jwks_url="https://lms.example.edu/jwks", token_url=keeper.server.url(path="/token")
    )
    usual = {"public_key": "known", "management_url": keeper.server.url(path="/registrations/123")}
    registration = register(session, platform, **(usual | changes))
    session.commit()
    outbound = Outbound("tests", AllowList.parse(["127.0.0.1"]))
    make_session = sessionmaker(engine)
    ways = Ways(caller=Caller(outbound, BOX, make_session), outbound=outbound, box=BOX)
    update_in_lms(make_session, ways, TOOL, registration.id)
    return registration


def test_our_part_is_renewed_and_the_rest_is_as_it_was(
    session: Session, engine: Engine, keeper: Keeper
) -> None:
    update(session, engine, keeper, family="canvas")
    (document,) = keeper.put
    assert document["initiate_login_uri"] == "https://new.example.edu/lti/login/known"
    assert document["client_id"] == "client-1"
    assert document["contacts"] == ["whoever@example.edu"]
    assert "registration_client_uri" not in document
    tool = document[TOOL_CONFIGURATION]
    assert tool["domain"] == "new.example.edu"
    assert tool["messages"][0]["placements"] == ["link_selection"]
    assert tool["custom_parameters"]["section_ids"] == "$Canvas.course.sectionIds"
    assert scopes.NOTICE_HANDLERS in document["scope"].split(), (
        "what a Canvas is known to have is asked for anew"
    )
    assert keeper.bearers == {"Bearer of-a-service"}
    assert b"lti-reg" in keeper.scopes_asked


def test_another_lms_is_asked_for_no_more_than_it_granted(
    session: Session, engine: Engine, keeper: Keeper
) -> None:
    update(session, engine, keeper, family="somebody")
    assert keeper.put[0]["scope"].split() == [scopes.SCORE]


def test_a_token_for_this_alone_is_used_where_there_is_one(
    session: Session, engine: Engine, keeper: Keeper
) -> None:
    update(session, engine, keeper, sealed_management_token=BOX.seal(b"for-this-alone"))
    assert keeper.bearers == {"Bearer for-this-alone"}
    assert keeper.scopes_asked == b""


def test_a_refusal_is_told_in_the_words_of_the_lms(session: Session, engine: Engine, keeper: Keeper) -> None:
    keeper.refuses = True
    with pytest.raises(Problem, match="scope is not allowed"):
        update(session, engine, keeper)


def test_who_gave_no_address_is_registered_again(session: Session, engine: Engine, keeper: Keeper) -> None:
    with pytest.raises(Invalid, match="Register it again"):
        update(session, engine, keeper, management_url="")
