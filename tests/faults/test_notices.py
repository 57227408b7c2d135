"""A platform tells of a copy, over real HTTP from beginning to end, while it stumbles."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.kernel import clock
from lmssocial.core.outbound import OutboundError
from lmssocial.lms.identity.models import Course
from lmssocial.lms.identity.subscribing import subscribe_due
from lmssocial.lms.lti.models import NoticeSubscription
from lmssocial.lms.lti.notices import COPY, HELLO
from tests.fakes.hostile_lms import HostileLms, canvas, hostile_lms
from tests.support.arrival import arrive
from tests.support.servers import LiveTool
from tests.support.visitor import Visitor


@pytest.fixture
def lms(tmp_path: Path) -> Iterator[HostileLms]:
    """A Canvas with its habits."""
    with hostile_lms(tmp_path / "lms", canvas(), members=3) as lms:
        yield lms


def origins(session: Session, context_id: str) -> list[str] | None:
    """What a course is known to be copied from; ``None`` if there is no such course."""
    session.rollback()
    course = session.scalar(select(Course).where(Course.context_id == context_id))
    return None if course is None else course.origins.get("contexts", [])


def test_a_copy_is_known_from_the_launch_that_offered_notices_to_the_notice_that_came(
    live_tool: Callable[..., LiveTool], session: Session, engine: Engine, lms: HostileLms
) -> None:
    tool = live_tool()
    lms.served_at(tool.url)
    registration = lms.connect(session)
    session.commit()
    visitor = Visitor()
    arrive(visitor, lms.platform(tool.url), **lms.claims("link-1"))
    visitor.http.close()

    lms.fail("notices", 503, times=1)
    caller = lms.caller(engine)
    assert subscribe_due(sessionmaker(engine), caller, tool.url) == 1, "one stumbled, the other did not"
    session.execute(update(NoticeSubscription).values(next_at=clock.now() - timedelta(minutes=1)))
    session.commit()
    assert subscribe_due(sessionmaker(engine), caller, tool.url) == 1
    address = f"{tool.url}/lti/notices/{registration.public_key}"
    assert lms.subscriptions() == {COPY: address, HELLO: address}

    copied = lms.notice(origins=["spring", "winter"], course="autumn")
    assert lms.send(copied, lms.notice(HELLO)).status == 200
    assert origins(session, "autumn") == ["spring", "winter"]
    assert lms.send(copied).status == 200, "again, because our answer may have been lost"

    forged = lms.notice(origins=["spring"], course="stolen", forged=True)
    with pytest.raises(OutboundError, match="401"):
        lms.send(forged, lms.notice(origins=["spring"], course="summer"))
    assert (origins(session, "stolen"), origins(session, "summer")) == (None, ["spring"])
