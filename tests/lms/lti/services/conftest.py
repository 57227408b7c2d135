"""A hostile LMS and a caller on the database under test, connected."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, inspect, select
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.secrets import SecretBox
from lmssocial.front.demo.lms.quirks import Quirks
from lmssocial.lms.identity.endpoints import endpoint_of
from lmssocial.lms.lti.models import ToolKey
from lmssocial.lms.lti.services.calling import Caller, Endpoint
from lmssocial.lms.lti.tool_keys import ensure_key
from tests.fakes.hostile_lms import HostileLms, hostile_lms
from tests.fakes.hostile_lms.server import SECRET


@dataclass
class Line:
    """A platform, and how it is called."""

    lms: HostileLms
    caller: Caller
    endpoint: Endpoint


_made: list[dict[str, Any]] = []


def _give_key(session: Session) -> None:
    """The key we sign with; making one takes longer than most of these tests, so it is made once."""
    if session.scalar(select(ToolKey.kid)) is not None:
        return
    if not _made:
        ensure_key(session, SecretBox(SECRET))
        row = session.scalars(select(ToolKey)).one()
        _made.append({column.key: getattr(row, column.key) for column in inspect(ToolKey).columns})
        return
    session.add(ToolKey(**_made[0]))


@pytest.fixture
def line(engine: Engine, tmp_path: Path) -> Iterator[Callable[..., Line]]:
    """Connect to a platform: ``line(moodle(), members=30)``."""
    with ExitStack() as stack:

        def connected(
            quirks: Quirks, *, seconds: float = 5.0, user_agent: str = "lmssocial/test", **more: Any
        ) -> Line:
            lms = stack.enter_context(hostile_lms(tmp_path, quirks, **more))
            with Session(engine) as session, unit_of_work(session):
                _give_key(session)
                endpoint = endpoint_of(session, lms.connect(session).id)
            return Line(lms, lms.caller(engine, seconds=seconds, user_agent=user_agent), endpoint)

        yield connected
