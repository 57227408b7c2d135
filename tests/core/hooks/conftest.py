"""Real plugins on the import path, and a host that found them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lmssocial.core.hooks import Submission
from lmssocial.core.hooks.runner import IsolatedRunner
from tests.support.plugins import Site, open_site
from tests.support.policies import Make, runner_of


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


@pytest.fixture
def make(site: Site) -> Iterator[Make]:
    """Makes a runner for everything installed in the site."""
    made: list[IsolatedRunner] = []

    def runner(**more: Any) -> IsolatedRunner:
        made.append(runner_of(site, **more))
        return made[-1]

    yield runner
    for one in made:
        one.close()
