"""The demo LMS without the tool: a campus in a temporary folder, and a tool's keys on a port of this machine."""

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from jwt.algorithms import RSAAlgorithm
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from lmssocial.front.demo.lms.activities import Activity, place
from lmssocial.front.demo.lms.app import create_lms
from lmssocial.front.demo.lms.campus import Campus, open_campus
from lmssocial.front.demo.lms.keys import kept_key
from lmssocial.front.demo.lms.store import connect
from lmssocial.front.demo.lms.tools import Tool, save_tool
from tests.front.demo.academy import ISSUER, Browser, Service, ToolSide, token_for


@pytest.fixture(scope="session")
def tool_key() -> rsa.RSAPrivateKey:
    """A tool's signing key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="session")
def jwks_url(tool_key: rsa.RSAPrivateKey) -> Iterator[str]:
    """Where that tool publishes it."""
    public = json.loads(RSAAlgorithm.to_jwk(tool_key.public_key()))
    body = json.dumps({"keys": [{**public, "kid": "tool-key", "use": "sig", "alg": "RS256"}]})

    @Request.application
    def answer(_request: Request) -> Response:
        return Response(body, content_type="application/json")

    server = make_server("127.0.0.1", 0, answer, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}/jwks.json"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def platform_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A platform's key file; making one takes longer than any test here."""
    path = tmp_path_factory.mktemp("platform") / "key.pem"
    kept_key(path)
    return path


@pytest.fixture
def campus(tmp_path: Path, platform_key: Path) -> Campus:
    """Northfield Academy in a folder that holds nothing but its key."""
    (tmp_path / "lms").mkdir()
    shutil.copy(platform_key, tmp_path / "lms" / "northfield_key.pem")
    return open_campus(ISSUER, tmp_path / "lms", outbound_allow=("127.0.0.1",))


@pytest.fixture
def tool_side(campus: Campus, tool_key: rsa.RSAPrivateKey, jwks_url: str) -> ToolSide:
    """A registered tool, with one activity in Week 2."""
    tool = Tool(
        client_id="client-1",
        deployment_id="deployment-1",
        name="A tool",
        login_url="http://localhost:8000/lti/login",
        launch_url="http://localhost:8000/lti/launch",
        redirect_uris=("http://localhost:8000/lti/launch",),
        jwks_url=jwks_url,
    )
    db = connect(campus.store)
    save_tool(db, tool)
    save_tool(db, replace(tool, client_id="client-2", name="Another tool"))
    place(db, Activity("link-1", "client-1", 2, "Week 2 discussion", custom={"widget": "discussion"}))
    db.close()
    return ToolSide(tool_key, "tool-key", tool)


@pytest.fixture
def lms(campus: Campus, tool_side: ToolSide) -> Flask:  # noqa: ARG001  # the tool is registered first
    """The platform's application."""
    return create_lms(campus)


@pytest.fixture
def browser_of(lms: Flask) -> Callable[[str], Browser]:
    """A fresh browser, as the named person."""
    return lambda person: Browser(lms.test_client()).be(person)


@pytest.fixture
def service_for(lms: Flask, tool_side: ToolSide) -> Callable[[str], Service]:
    """The services, with a token of the given scope."""
    return lambda scope: Service(lms.test_client(), token_for(lms, tool_side, scope))
