"""Real plugins on the import path, and a host that found them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lmssocial.core.hooks import Submission
from tests.support.plugins import Site, open_site


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Where plugins are installed."""
    site = open_site(tmp_path / "site", monkeypatch)
    yield site
    site.forget()


@pytest.fixture
def submission() -> Submission:
    """Something that is about to be published."""
    return Submission(
        kind="discussion.thread",
        tenant_id=1,
        community_id=2,
        author_id=3,
        author_role="learner",
        title="Where do I begin?",
        source="Where *do* I begin?",
        text="Where do I begin?",
    )
