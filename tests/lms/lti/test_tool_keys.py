"""The keys we sign with."""

import threading
from concurrent.futures import ThreadPoolExecutor

import jwt
import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.secrets import SealBroken, SecretBox
from lmssocial.lms.lti import tool_keys
from lmssocial.lms.lti.models import ToolKey
from tests.conftest import TestClock

BOX = SecretBox("the secret of an installation, for tests")


def published(session: Session) -> list[str]:
    """The ids of the keys that platforms see."""
    return [key["kid"] for key in tool_keys.published_keys(session)["keys"]]


def test_the_first_key_is_made_when_it_is_needed(session: Session) -> None:
    assert published(session) == []
    kid = tool_keys.signing_key(session, BOX).kid
    assert published(session) == [kid]
    assert tool_keys.signing_key(session, BOX).kid == kid


def test_what_we_sign_verifies_with_what_we_publish(session: Session) -> None:
    token = tool_keys.signer(session, BOX)({"iss": "client-1"})
    jwk = next(iter(tool_keys.published_keys(session)["keys"]))
    assert jwt.get_unverified_header(token) == {"alg": "RS256", "typ": "JWT", "kid": jwk["kid"]}
    assert jwt.decode(token, jwt.PyJWK(jwk).key, algorithms=["RS256"]) == {"iss": "client-1"}


def test_only_the_public_half_is_published_and_the_private_one_is_sealed(session: Session) -> None:
    tool_keys.ensure_key(session, BOX)
    (jwk,) = tool_keys.published_keys(session)["keys"]
    assert set(jwk) == {"kty", "n", "e", "kid", "use", "alg"}
    assert (jwk["kty"], jwk["use"], jwk["alg"]) == ("RSA", "sig", "RS256")
    sealed = session.scalars(select(ToolKey.sealed_private_pem)).one()
    assert "PRIVATE KEY" not in sealed
    assert b"PRIVATE KEY" in BOX.open(sealed)


def test_a_rotation_fails_no_platform_that_remembers_our_keys_for_a_day(
    session: Session, clock: TestClock
) -> None:
    old = tool_keys.signing_key(session, BOX).kid
    new = tool_keys.rotate(session, BOX)
    remembered = published(session)
    for _ in range(23):
        clock.tick(hours=1)
        assert tool_keys.signing_key(session, BOX).kid == old
        assert tool_keys.signing_key(session, BOX).kid in remembered
    clock.tick(hours=1)
    assert tool_keys.signing_key(session, BOX).kid == new
    clock.tick(hours=23)
    assert set(published(session)) == {old, new}, "what was signed yesterday can still be verified"
    clock.tick(hours=2)
    assert published(session) == [new]
    assert tool_keys.forget_retired(session) == 1
    assert [key.kid for key in tool_keys.list_keys(session)] == [new]


def test_rotations_in_a_row_take_their_turns(session: Session, clock: TestClock) -> None:
    kids = [tool_keys.signing_key(session, BOX).kid]
    for _ in range(2):
        kids.append(tool_keys.rotate(session, BOX))
        clock.tick(hours=6)
    signs = []
    for _ in range(8):
        signs.append(tool_keys.signing_key(session, BOX).kid)
        clock.tick(hours=6)
    assert signs == [kids[0]] * 2 + [kids[1]] + [kids[2]] * 5
    assert len(published(session)) >= 1


def test_there_is_always_a_key_that_signs_and_is_published(session: Session, clock: TestClock) -> None:
    for _ in range(10):
        assert tool_keys.signing_key(session, BOX).kid in published(session)
        tool_keys.rotate(session, BOX)
        clock.tick(hours=30)
        tool_keys.forget_retired(session)


def test_when_a_key_leaked_every_old_one_is_gone_at_once(session: Session) -> None:
    tool_keys.signing_key(session, BOX)
    tool_keys.rotate(session, BOX)
    new = tool_keys.replace_all(session, BOX)
    assert published(session) == [new]
    assert tool_keys.signing_key(session, BOX).kid == new


def test_another_secret_key_opens_nothing_and_replacing_helps(session: Session) -> None:
    tool_keys.signing_key(session, BOX)
    other = SecretBox("another secret of an installation here")
    with pytest.raises(SealBroken):
        tool_keys.signing_key(session, other)
    new = tool_keys.replace_all(session, other)
    assert tool_keys.signing_key(session, other).kid == new


def test_processes_that_start_together_make_one_key(engine: Engine) -> None:
    together = threading.Barrier(4)

    def need_a_key(_: int) -> str:
        together.wait(timeout=30)
        with Session(engine) as session, unit_of_work(session):
            return tool_keys.signing_key(session, BOX).kid

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(need_a_key, range(4)))) == 1
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(ToolKey)) == 1
