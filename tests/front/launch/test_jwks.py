"""Our key set, as platforms fetch it."""

import json
from collections.abc import Callable

from tests.front.launch.conftest import House


def test_the_first_request_makes_a_key_and_the_next_finds_it(build: Callable[..., House]) -> None:
    house = build()
    first, second = (house.browser().get("/lti/jwks.json") for _ in range(2))
    assert first.status_code == 200
    assert first.mimetype == "application/json"
    assert first.json == second.json
    (key,) = json.loads(first.data)["keys"]
    assert set(key) == {"kty", "n", "e", "kid", "use", "alg"}


def test_platforms_may_keep_it_for_an_hour_and_ask_whether_it_changed(house: House) -> None:
    response = house.browser().get("/lti/jwks.json")
    assert response.headers["Cache-Control"] == "public, max-age=3600"
    etag = response.headers["ETag"]
    again = house.browser().get("/lti/jwks.json", headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")


def test_it_sets_no_cookie(house: House) -> None:
    assert "Set-Cookie" not in house.browser().get("/lti/jwks.json").headers
