"""Registrations as services are called under them."""

import pytest
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import NotFound
from lmssocial.lms.identity.endpoints import endpoint_of
from lmssocial.lms.lti.profiles import BRIGHTSPACE, MOODLE
from tests.fakes.platform import FakePlatform
from tests.fakes.registered import register

PLATFORM = FakePlatform(jwks_url="https://lms.example.edu/jwks", issuer="https://school.brightspace.com")


def test_what_an_administrator_noted_goes_before_what_the_product_is_known_for(session: Session) -> None:
    usual = register(session, PLATFORM)
    noted = register(
        session, PLATFORM, client_id="client-2", family="moodle", token_audience="https://x.edu/aud"
    )
    assert endpoint_of(session, usual.id).token_audience == "https://api.brightspace.com/auth/token"
    assert endpoint_of(session, usual.id).profile is BRIGHTSPACE
    assert endpoint_of(session, noted.id).token_audience == "https://x.edu/aud"
    assert endpoint_of(session, noted.id).profile is MOODLE


def test_a_platform_that_is_switched_off_or_gone_is_not_called(session: Session) -> None:
    off = register(session, PLATFORM, enabled=False)
    for number in (off.id, off.id + 1):
        with pytest.raises(NotFound):
            endpoint_of(session, number)
