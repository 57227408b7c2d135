"""Arriving at a served tool from the fake platform, over real HTTP."""

from urllib.parse import parse_qs, urlsplit

from lmssocial.lms.lti import claims
from tests.fakes.platform import FakePlatform
from tests.support.visitor import Page, Visitor

DISCUSSION = {claims.CUSTOM: {"widget": "discussion"}}
"""What a link says that shall be a discussion at once."""


def arrive(visitor: Visitor, platform: FakePlatform, **changes: object) -> Page:
    """Let ``visitor`` launch from ``platform``; ``changes`` by the name of the claim. Answers the page they land on."""
    login = visitor.http.get(
        f"{platform.public_url}{platform.login_path}", params=platform.login_request(), follow_redirects=False
    )
    asked = {name: values[0] for name, values in parse_qs(urlsplit(login.headers["location"]).query).items()}
    token = platform.sign(platform.payload(asked["nonce"], **{**DISCUSSION, **changes}))
    return visitor.post(platform.target, {"state": asked["state"], "id_token": token})
