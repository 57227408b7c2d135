"""The migration claim, with the numbers of the standard's own example (LTI 1.3 Migration Guide §2.1)."""

from typing import Any

import pytest

from lmssocial.lms.lti import claims
from lmssocial.lms.lti.migration import is_signed_with, read_migration
from lmssocial.lms.lti.platforms import Platform

SECRET = "my-lti11-secret"
PLATFORM = Platform(
    registration_id=1,
    public_key="k",
    issuer="https://lmsvendor.com",
    client_id="PM48OJSfGDTAzAo",
    auth_login_url="https://lmsvendor.com/auth",
    jwks_url="https://lmsvendor.com/jwks",
)
CLAIM = {
    "oauth_consumer_key": "179248902",
    "oauth_consumer_key_sign": "lWd54kFo5qU7xshAna6v8BwoBm6tmUjc6GTax6+12ps=",
    "user_id": "34212",
}
TOKEN = {
    "sub": "person-7",
    "exp": 1551290856,
    "nonce": "172we8671fd8z",
    claims.DEPLOYMENT_ID: "689302",
    claims.CONTEXT: {"id": "course-1"},
    claims.RESOURCE_LINK: {"id": "link-1"},
    claims.LTI1P1: CLAIM,
}


def test_what_the_platform_proves_is_read() -> None:
    read = read_migration(TOKEN, PLATFORM)
    assert read is not None
    assert is_signed_with(read, SECRET)
    assert not is_signed_with(read, "another secret")
    assert (read.user_id, read.context_id, read.resource_link_id) == ("34212", "course-1", "link-1"), (
        "what is left out is called as in LTI 1.3"
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": 1551290857},
        {"nonce": "172we8671fd8y"},
        {claims.DEPLOYMENT_ID: "689303"},
        {claims.LTI1P1: CLAIM | {"oauth_consumer_key": "179248903"}},
        {claims.LTI1P1: CLAIM | {"oauth_consumer_key_sign": "lWd54kFo5qU7xshAna6v8BwoBm6tmUjc6GTax6"}},
        {claims.LTI1P1: CLAIM | {"oauth_consumer_key_sign": "ü"}},
    ],
)
def test_nothing_signed_may_be_changed(changed: dict[str, Any]) -> None:
    read = read_migration(TOKEN | changed, PLATFORM)
    assert read is not None
    assert not is_signed_with(read, SECRET)


@pytest.mark.parametrize(
    "claim",
    [
        None,
        "text",
        [],
        {},
        {"oauth_consumer_key": "179248902", "user_id": "34212"},
        CLAIM | {"oauth_consumer_key_sign": None},
        CLAIM | {"oauth_consumer_key": 179248902},
        CLAIM | {"oauth_consumer_key_sign": "x" * 300},
    ],
)
def test_a_claim_that_proves_nothing_is_none(claim: Any) -> None:
    assert read_migration(TOKEN | {claims.LTI1P1: claim}, PLATFORM) is None
