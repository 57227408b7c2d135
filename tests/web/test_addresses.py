"""Numbers in addresses that no database could hold."""

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize(
    "address",
    [
        "/w/99999999999999999999/discussion/",
        "/w/1/discussion/threads/99999999999999999999",
        "/w/1/discussion/posts/2147483648",
    ],
)
def test_a_number_too_large_to_be_an_id_is_no_address(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404
