"""What an administrator may allow one registration, and nobody else gets."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from lmssocial.lms.identity.models import User
from lmssocial.lms.lti import causes
from lmssocial.lms.lti.refusals import Cause
from tests.fakes.platform import LEFT_OUT, FakePlatform
from tests.fakes.registered import register
from tests.front.launch.conftest import House
from tests.front.launch.outcomes import assert_let_in, assert_refused, outcome


@pytest.fixture(scope="module")
def lenient(build: Callable[..., House]) -> tuple[House, FakePlatform]:
    """A second platform that may name another audience and send anonymous people."""
    house = build()
    platform = house.another(client_id="client-2", deployment_id="2")
    with house.rows() as session:
        register(
            session,
            platform,
            trusted_audiences={"audiences": ["https://hub.example.edu"]},
            allow_anonymous=True,
        )
    return house, platform


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"aud": ["client-2", "https://hub.example.edu"], "azp": "client-2"}, None),
        ({"aud": ["https://hub.example.edu", "client-2"], "azp": "client-2"}, None),
        ({"aud": ["client-2", "https://hub.example.edu"]}, causes.PARTY_WRONG),
        (
            {"aud": ["client-2", "https://hub.example.edu"], "azp": "https://hub.example.edu"},
            causes.PARTY_WRONG,
        ),
        ({"aud": "https://hub.example.edu"}, causes.AUDIENCE_WRONG),
        ({"aud": ["client-2", "https://evil.example"], "azp": "client-2"}, causes.AUDIENCE_WRONG),
        ({"sub": LEFT_OUT}, None),
        ({"sub": ""}, causes.PERSON_UNUSABLE),
    ],
    ids=[
        "a trusted audience",
        "a trusted audience first",
        "no authorised party",
        "another authorised party",
        "only the trusted audience",
        "an audience that is not trusted",
        "nobody",
        "a person without characters",
    ],
)
def test_trusted_audiences_and_anonymous_people(
    lenient: tuple[House, FakePlatform], changes: Mapping[str, Any], cause: Cause | None
) -> None:
    house, platform = lenient
    found = outcome(lambda: platform.launch(house.browser(), **changes))
    if cause is None:
        assert_let_in(found)
    else:
        assert_refused(found, cause)


def test_what_one_registration_may_another_may_not(lenient: tuple[House, FakePlatform]) -> None:
    house, _ = lenient
    for changes, cause in (
        ({"aud": ["client-1", "https://hub.example.edu"], "azp": "client-1"}, causes.AUDIENCE_WRONG),
        ({"sub": LEFT_OUT}, causes.PERSON_MISSING),
    ):
        assert_refused(outcome(partial(house.platform.launch, house.browser(), **changes)), cause)


def test_an_anonymous_person_gets_a_pseudonym_and_is_nobody_else(lenient: tuple[House, FakePlatform]) -> None:
    house, platform = lenient
    nobody = {"sub": LEFT_OUT, "name": LEFT_OUT, "given_name": LEFT_OUT, "family_name": LEFT_OUT}
    with house.rows() as session:
        before = set(session.scalars(select(User.id)))
    for _ in range(2):
        assert_let_in(outcome(lambda: platform.launch(house.browser(), **nobody)))
    with house.rows() as session:
        new = [user for user in session.scalars(select(User)) if user.id not in before]
    assert len({user.name for user in new}) == 2
    assert all(user.name.startswith("Participant ") for user in new)
