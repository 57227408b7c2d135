"""Calls with tokens: asked for properly, kept, shared, replaced; and every way in which a call can fail."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jwt
import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.front.demo.lms.tools import save_tool
from lmssocial.lms.identity.endpoints import endpoint_of
from lmssocial.lms.lti.models import AccessToken, ToolKey
from lmssocial.lms.lti.services.roster import fetch_page
from lmssocial.lms.lti.services.trouble import Kind, ServiceTrouble
from tests.fakes.hostile_lms import HostileLms, Seen, brightspace, canvas, moodle, plain
from tests.fakes.registered import make_tenant
from tests.lms.lti.services.conftest import Line

Connect = Callable[..., Line]


def read(line: Line) -> int:
    """Read the first page of the roster; how many members it has."""
    return len(fetch_page(line.caller, line.endpoint, line.lms.memberships_url).members)


def rows(engine: Engine) -> list[AccessToken]:
    """The tokens that are kept."""
    with Session(engine) as session:
        return list(session.scalars(select(AccessToken)))


def age(engine: Engine, **left: float) -> None:
    """Let all kept tokens run out in that time."""
    with Session(engine) as session, unit_of_work(session):
        session.execute(update(AccessToken).values(expires_at=clock.now() + timedelta(**left)))


def test_one_token_serves_many_calls_and_processes_and_is_kept_sealed(line: Connect, engine: Engine) -> None:
    here = line(plain())
    bearers = set()
    for caller in (here.caller, here.caller, here.lms.caller(engine)):
        fetch_page(caller, here.endpoint, here.lms.memberships_url)
        bearers.add(here.lms.seen[-1].headers["authorization"].removeprefix("Bearer "))
    assert len(here.lms.asked("token")) == 1
    assert len(bearers) == 1
    [row] = rows(engine)
    assert bearers.pop() not in row.sealed_token


def test_threads_that_need_a_token_at_once_ask_for_one(line: Connect) -> None:
    here = line(plain())
    here.lms.slow("token", 0.3)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: read(here), range(8))) == [12] * 8
    assert len(here.lms.asked("token")) == 1


def test_a_token_is_replaced_in_the_last_minute_of_its_life(line: Connect, engine: Engine) -> None:
    here = line(plain())
    read(here)
    age(engine, seconds=70)
    read(here)
    assert len(here.lms.asked("token")) == 1
    age(engine, seconds=50)
    read(here)
    assert len(here.lms.asked("token")) == 2


def test_a_token_that_was_taken_back_is_replaced_and_the_call_made_once_more(line: Connect) -> None:
    here = line(plain())
    read(here)
    here.lms.revoke_tokens()
    assert read(here) == 12
    assert [one.status for one in here.lms.asked("roster")] == [200, 401, 200]
    assert read(here) == 12
    assert len(here.lms.asked("token")) == 2


def test_a_platform_that_takes_no_token_is_asked_twice_and_not_for_ever(
    line: Connect, engine: Engine
) -> None:
    here = line(plain())
    here.lms.fail("roster", 401)
    with pytest.raises(ServiceTrouble) as caught:
        read(here)
    assert caught.value.kind is Kind.UNAUTHORIZED
    assert len(here.lms.asked("roster")) == 2
    assert rows(engine) == []


def test_two_customers_of_one_issuer_never_share_a_token(line: Connect, engine: Engine) -> None:
    here = line(plain())
    with Session(engine) as session, unit_of_work(session):
        other = here.lms.connect(
            session, tenant=make_tenant(session, "Another customer"), client_id="client-2"
        )
        theirs = endpoint_of(session, other.id)
    with here.lms.store() as db:
        save_tool(db, replace(here.lms.tool, client_id="client-2"))
    read(here)
    fetch_page(here.caller, theirs, here.lms.memberships_url)
    first, second = (one.headers["authorization"] for one in here.lms.asked("roster"))
    assert first != second
    assert {row.registration_id for row in rows(engine)} == {
        here.endpoint.registration_id,
        theirs.registration_id,
    }


def test_a_renewed_registration_leaves_the_token_of_its_former_client_alone(
    line: Connect, engine: Engine
) -> None:
    here = line(plain())
    read(here)
    with here.lms.store() as db:
        save_tool(db, replace(here.lms.tool, client_id="renewed"))
    renewed = replace(here.endpoint, client_id="renewed")
    fetch_page(here.caller, renewed, here.lms.memberships_url)
    former, present = (one.headers["authorization"] for one in here.lms.asked("roster"))
    assert former != present
    fetch_page(here.caller, renewed, here.lms.memberships_url)
    assert len(here.lms.asked("token")) == 2
    age(engine, seconds=-1)
    fetch_page(here.caller, renewed, here.lms.memberships_url)
    assert len(rows(engine)) == 1, "what ran out is not kept"


def test_nothing_is_open_in_the_database_while_a_server_is_waited_for(line: Connect, engine: Engine) -> None:
    here, open_connections = line(plain()), list[int]()
    inner = here.lms.gate.app

    def watching(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        open_connections.append(engine.pool.checkedout())  # type: ignore[attr-defined]
        return inner(environ, start)

    here.lms.keys.engine = None  # the platform must not read this database itself
    published = _as_published(engine)
    here.lms.keys.key_of = published  # type: ignore[method-assign,assignment]
    here.lms.gate.app = watching
    read(here)
    assert open_connections == [0, 0]


def _as_published(engine: Engine) -> Callable[[str, str], jwt.PyJWK]:
    """The tool's only key, read on a connection of its own."""

    def key_of(_token: str, _url: str) -> jwt.PyJWK:
        with engine.connect() as connection:
            return jwt.PyJWK(connection.execute(select(ToolKey.public_jwk)).scalar_one(), algorithm="RS256")

    return key_of


def test_an_assertion_is_addressed_to_the_token_endpoint_and_good_for_a_minute(line: Connect) -> None:
    here = line(moodle())
    read(here)
    claims = assertion(here.lms.asked("token")[0])
    assert claims["aud"] == f"{here.lms.url}/lti/token"
    assert claims["iss"] == claims["sub"] == here.endpoint.client_id
    assert claims["exp"] - claims["iat"] <= 120
    assert 55 < claims["exp"] - clock.now().timestamp() <= 60


@pytest.mark.parametrize("seconds", [45, -45])
def test_a_clock_that_is_45_seconds_off_costs_no_token(line: Connect, seconds: int) -> None:
    here = line(moodle())
    with clock.at(clock.now() + timedelta(seconds=seconds)):
        assert read(here) == 12
    assert [one.status for one in here.lms.asked("token")] == [200]


def test_an_assertion_for_brightspace_is_addressed_to_its_constant_alone(
    line: Connect, engine: Engine
) -> None:
    here = line(brightspace())
    with Session(engine) as session, unit_of_work(session):
        unset = here.lms.connect(session, tenant=make_tenant(session, "By hand"), token_audience="")
        endpoint = endpoint_of(session, unset.id)
    fetch_page(here.caller, endpoint, here.lms.memberships_url)
    assert assertion(here.lms.asked("token")[-1])["aud"] == "https://api.brightspace.com/auth/token"


def assertion(asked: Seen) -> dict[str, Any]:
    """The claims of the assertion in a token request."""
    fields = dict(pair.split("=", 1) for pair in asked.body.decode().split("&"))
    claims: dict[str, Any] = jwt.decode(fields["client_assertion"], options={"verify_signature": False})
    return claims


def test_canvas_lets_nobody_in_who_does_not_say_who_they_are(line: Connect) -> None:
    assert read(line(canvas())) == 10
    with pytest.raises(ServiceTrouble) as caught:
        read(line(canvas(), user_agent=""))
    assert caught.value.kind is Kind.NO_TOKEN
    assert "User-Agent" in caught.value.says


def test_a_refused_token_is_told_in_the_platforms_words(line: Connect) -> None:
    here = line(plain())
    here.lms.answer("token", b'{"error": "invalid_client", "error_description": "Unknown key"}', status=400)
    with pytest.raises(ServiceTrouble) as caught:
        read(here)
    assert (caught.value.kind, caught.value.status) == (Kind.NO_TOKEN, 400)
    assert "Unknown key" in caught.value.says


@pytest.mark.parametrize(
    "body",
    [b"{}", b"[]", b'{"access_token": ""}', b'{"access_token": 7}', '{"access_token": "a b\u00e9"}'.encode()],
)
def test_an_answer_without_a_token_is_unreadable(line: Connect, body: bytes) -> None:
    here = line(plain())
    here.lms.answer("token", body)
    with pytest.raises(ServiceTrouble) as caught:
        read(here)
    assert caught.value.kind is Kind.UNREADABLE
    assert here.lms.asked("roster") == []


def test_a_broken_token_endpoint_is_away_and_not_a_refusal(line: Connect) -> None:
    here = line(plain())
    here.lms.fail("token", 503, retry_after="12", times=1)
    with pytest.raises(ServiceTrouble) as caught:
        read(here)
    assert (caught.value.kind, caught.value.retry_after) == (Kind.AWAY, timedelta(seconds=12))
    assert read(here) == 12


def test_a_slow_platform_holds_nobody_up_for_long(line: Connect) -> None:
    here = line(plain(), seconds=0.5)
    here.lms.slow("roster", 1.0)
    with pytest.raises(ServiceTrouble) as caught:
        read(here)
    assert caught.value.kind is Kind.AWAY


@pytest.mark.parametrize(
    ("harm", "kind"),
    [
        (lambda lms: lms.fail("roster", 429, retry_after="30"), Kind.TOO_MANY),
        (lambda lms: lms.fail("roster", 503), Kind.AWAY),
        (lambda lms: lms.fail("roster", 302), Kind.UNREADABLE),
        (lambda lms: lms.fail("roster", 404), Kind.NOT_FOUND),
        (lambda lms: lms.answer_html("roster"), Kind.UNREADABLE),
        (lambda lms: lms.drop("roster"), Kind.AWAY),
        (lambda lms: lms.drop("token", before=True), Kind.AWAY),
    ],
)
def test_every_fault_is_one_kind_of_trouble(
    line: Connect, harm: Callable[[HostileLms], object], kind: Kind
) -> None:
    here = line(plain())
    harm(here.lms)
    with pytest.raises(ServiceTrouble) as caught:
        read(here)
    assert caught.value.kind is kind
