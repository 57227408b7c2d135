"""A platform that tells us things: notices, as Canvas documents them."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from flask import Flask
from werkzeug.test import TestResponse

from lmssocial.core.kernel import clock
from lmssocial.lms.lti import claims
from lmssocial.lms.lti.notices import COPY
from tests.fakes.platform import LEFT_OUT, FakePlatform


def notice_claims(platform: FakePlatform, /, **changes: object) -> dict[str, Any]:
    """What a copy notice says; ``changes`` by claim name, ``LEFT_OUT`` removes one."""
    now = int(clock.now().timestamp())
    usual: dict[str, Any] = {
        "iss": platform.issuer,
        "aud": platform.client_id,
        "azp": platform.client_id,
        "iat": now,
        "exp": now + 3600,
        "nonce": str(uuid4()),
        claims.VERSION: "1.3.0",
        claims.DEPLOYMENT_ID: platform.deployment_id,
        claims.NOTICE: {"id": str(uuid4()), "timestamp": "2026-11-22T09:00:00Z", "type": COPY},
        claims.CONTEXT: {
            "id": "course-2",
            "label": "NEG102",
            "title": "Negotiation Skills, again",
            "type": ["http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"],
        },
        claims.ORIGIN_CONTEXTS: ["course-1"],
    }
    return {name: value for name, value in {**usual, **changes}.items() if value is not LEFT_OUT}


def bring(app: Flask, public_key: str, tokens: Iterable[str]) -> TestResponse:
    """Bring notices to our address, as a server does: without cookies."""
    body = json.dumps({"notices": [{"jwt": token} for token in tokens]})
    return app.test_client(use_cookies=False).post(
        f"/lti/notices/{public_key}", data=body, content_type="application/json"
    )
