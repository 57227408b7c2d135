"""The platform's key set, served while the tool is killed and started again."""

from collections.abc import Iterator

import pytest

from tests.fakes.platform import KeySetServer, key_sets


@pytest.fixture
def key_server() -> Iterator[KeySetServer]:
    """Answers with the platform's public key."""
    with key_sets() as server:
        yield server
