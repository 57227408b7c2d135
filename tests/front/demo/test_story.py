"""The demo's history as it stands in the database after it was played through the services."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.orm import Session

from lmssocial.core.activity.models import ActivityEvent
from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import PluginHost
from lmssocial.core.kernel import clock as the_clock
from lmssocial.front.demo.cast import read_cast
from lmssocial.front.demo.house import House
from lmssocial.front.demo.lms.tools import Tool
from lmssocial.front.demo.registrar import introduce_to_tool
from lmssocial.front.demo.script import read_script
from lmssocial.front.demo.stage import TITLE
from lmssocial.front.demo.story import Scripts, is_told, tell
from lmssocial.lms.identity.models import Membership, Registration, User
from lmssocial.social.communities.models import Placement
from lmssocial.social.content.models import Contribution, Revision, State
from lmssocial.social.moderation.models import Case, CaseState, Origin
from lmssocial.widgets.discussion.models import Post, ReadMark, Thread

pytestmark = pytest.mark.one_database  # the demo lives on SQLite

NOW = datetime(2026, 3, 23, 9, 0, tzinfo=UTC)
TOOL = Tool("client-1", "deployment-1", "lmssocial", "", "http://localhost:8000/lti/launch", (), "")
"""The tool as the demo LMS knows it."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A demo on two ports."""
    return House(tmp_path_factory.mktemp("demo"), 8000, 8001)


@pytest.fixture(scope="module")
def told(shared_engine: Engine, house: House) -> Iterator[Connection]:
    """The platform with its history, in a transaction that is rolled back; telling it takes seconds."""
    with shared_engine.connect() as connection, the_clock.at(NOW):
        outer = connection.begin()
        with inside(connection) as session, unit_of_work(session):
            made = introduce_to_tool(session, house, TOOL)
            written = Scripts(moves=read_script(NOW))
            tell(session, PluginHost.load(), made, TOOL.deployment_id, read_cast(), written)
        yield connection
        outer.rollback()


def inside(connection: Connection) -> Session:
    """A session whose commits stay in the transaction of the connection."""
    return Session(connection, join_transaction_mode="create_savepoint", info={"outer_transaction": True})


@pytest.fixture
def session(told: Connection) -> Iterator[Session]:
    """The history as it was told, whatever other tests did to it."""
    mine = told.begin_nested()
    with inside(told) as session:
        yield session
    mine.rollback()


@pytest.fixture
def registration(session: Session) -> Registration:
    """The platform."""
    return session.scalars(select(Registration)).one()


def threads(session: Session) -> Sequence[Thread]:
    """Every thread, the first opened first."""
    return session.scalars(select(Thread).order_by(Thread.created_at)).all()


def contribution_with(session: Session, words: str) -> Contribution:
    """The one contribution that says ``words``."""
    return session.scalars(select(Contribution).where(Contribution.source.contains(words))).one()


def test_five_threads_stand_in_one_placement_with_their_replies(session: Session) -> None:
    found = threads(session)
    assert len(found) == 5
    placed = session.scalars(select(Placement).where(Placement.title == TITLE)).one()
    assert {thread.placement_id for thread in found} == {placed.id}
    assert all(8 <= thread.reply_count <= 20 for thread in found)
    assert [thread.pinned for thread in found].count(True) == 1
    assert [thread.locked for thread in found].count(True) == 1
    deepest = session.scalar(select(func.max(Post.depth)))
    assert deepest is not None
    assert deepest >= 3


def test_everything_happened_at_its_own_time(session: Session) -> None:
    times = session.scalars(select(Contribution.created_at)).all()
    assert min(times) == datetime(2026, 3, 2, 8, 50, tzinfo=UTC)
    assert max(times) == NOW - timedelta(minutes=50)
    assert len({moment.date() for moment in times}) > 15


def test_the_log_tells_the_history_in_order(session: Session) -> None:
    events = session.scalars(select(ActivityEvent).order_by(ActivityEvent.id)).all()
    # Plugins tell theirs afterwards.
    own = [event.at for event in events if not event.name.startswith("reporting.")]
    assert own == sorted(own)
    names = {event.name for event in events}
    assert {"identity.course_joined", "discussion.thread_posted", "discussion.reply_posted"} <= names


def test_something_of_each_kind_waits_for_the_moderators(session: Session) -> None:
    found = session.scalars(select(Case).order_by(Case.opened_at)).all()
    assert [(case.origin, case.state) for case in found] == [
        (Origin.POLICY, CaseState.REJECTED),
        (Origin.POLICY, CaseState.OPEN),
        (Origin.APPEAL, CaseState.OPEN),
        (Origin.FLAG, CaseState.OPEN),
    ]
    case = found[1]
    assert case.verdicts["verdicts"][0]["policy"] == "linklimit"
    held = session.scalars(select(Contribution).where(Contribution.state == State.HELD)).one()
    assert held.id == case.contribution_id
    assert held.source.count("https://") == 4


def test_edits_have_revisions_and_the_restored_post_is_back(session: Session) -> None:
    edited = contribution_with(session, "the sheet is for your side only")
    revision = session.scalars(select(Revision).where(Revision.contribution_id == edited.id)).one()
    assert "for your side only" not in revision.source
    restored = contribution_with(session, "two letters are enough")
    assert restored.state is State.PUBLISHED
    assert restored.removed_at is None


def test_tables_formulas_quotes_and_code_are_cooked(session: Session) -> None:
    html = "".join(session.scalars(select(Contribution.html)))
    for mark in ("<table", "<math", "<blockquote", "<pre", "<ol", "<em>"):
        assert mark in html
    assert "$V" not in html


def test_people_have_read_up_to_different_days(session: Session) -> None:
    unread = (
        select(User.name, func.sum(Thread.highest_number - ReadMark.last_read_number))
        .join(ReadMark, ReadMark.user_id == User.id)
        .join(Thread, Thread.id == ReadMark.thread_id)
        .group_by(User.name)
    )
    counts = {name: int(count) for name, count in session.execute(unread)}
    assert counts["Ana Ruiz"] > 0
    assert counts["Marta Kowalczyk"] > counts["Ana Ruiz"]
    assert len(set(counts.values())) > 4


def test_only_those_who_opened_the_discussion_have_come(session: Session) -> None:
    came = set(session.scalars(select(User.name)))
    assert {"Ana Ruiz", "Tom Berg", "Sukarni"} <= came
    assert "Meiling Wang" not in came
    assert len(came) == session.scalar(select(func.count(Membership.id)))


def test_the_history_is_told_once(session: Session, registration: Registration) -> None:
    assert is_told(session, registration)


def test_a_fresh_registration_has_no_history(engine: Engine, house: House) -> None:
    with Session(engine) as session, the_clock.at(NOW):
        assert not is_told(session, introduce_to_tool(session, house, TOOL))


def test_a_demo_on_other_ports_keeps_its_registration(
    session: Session, registration: Registration, house: House
) -> None:
    moved = introduce_to_tool(session, House(house.data_dir, 9000, 9001), TOOL)
    assert moved.id == registration.id
    assert moved.issuer == "http://localhost:9001"
    assert moved.token_url == "http://localhost:9001/lti/token"
    assert is_told(session, moved)
    assert session.scalar(select(func.count(Registration.id))) == 1
