"""The many of the demo course: two hundred people and three thousand posts that could have been written."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import PluginHost
from lmssocial.front.demo.crowd import read_gatherings, read_talk
from lmssocial.front.demo.house import House
from lmssocial.front.demo.lms.tools import Tool
from lmssocial.front.demo.registrar import introduce_to_tool
from lmssocial.front.demo.script import Appreciate, OpenThread, ReadOn, Reply, Solve, Vote, read_script
from lmssocial.front.demo.story import Scripts, tell
from lmssocial.front.demo.term import read_term
from lmssocial.front.demo.voices import read_everybody, read_people
from lmssocial.lms.identity.models import User
from lmssocial.social.content.models import Contribution
from lmssocial.widgets.discussion.models import Thread
from tests.conftest import TestClock

pytestmark = pytest.mark.one_database  # the demo lives on SQLite

NOW = datetime(2026, 3, 23, 9, 0, tzinfo=UTC)


def test_nobody_is_there_twice_and_everybody_can_be_addressed() -> None:
    people = read_everybody().people
    assert len(people) == 200
    assert len({person.name for person in people}) == 200
    assert all(re.fullmatch(r"[a-z]+(\.[a-z]+)?", person.key) for person in read_people())


def test_all_of_it_is_said_in_order_by_people_who_are_there_and_leaves_no_gap() -> None:
    moves = read_talk(NOW)
    people = {person.key for person in read_everybody().people}
    there: set[str] = set()
    for move in moves:
        assert move.by in people
        assert move.at < NOW
        assert isinstance(move, OpenThread | Reply | Appreciate | Solve | Vote)
        if isinstance(move, OpenThread | Reply):
            assert not re.search(r"[{}]", move.body)
            assert isinstance(move, OpenThread) or move.to in there
            there.add(move.key)
        assert move.key in there
    assert moves == read_talk(NOW)
    assert {move.place for move in moves if isinstance(move, OpenThread)} == {
        gathering.key for gathering in read_gatherings()
    }


def test_few_posts_are_alike() -> None:
    texts = [move.body for move in read_talk(NOW) if isinstance(move, Reply)]
    assert len(set(texts)) > 0.8 * len(texts)


def test_the_course_is_as_full_as_the_demo_says(session: Session, clock: TestClock) -> None:
    clock.move_to(NOW)
    tool = Tool("client-1", "deployment-1", "lmssocial", "", "http://localhost:8000/lti/launch", (), "")
    house = House(None, 8000, 8001)  # type: ignore[arg-type]  # nothing is kept
    registration = introduce_to_tool(session, house, tool)
    moves = [*read_script(NOW), *read_talk(NOW)]
    tell(session, PluginHost.load(), registration, tool.deployment_id, read_everybody(), Scripts(moves=moves))
    session.flush()
    assert (session.scalar(select(func.count()).select_from(Contribution)) or 0) >= 3000
    assert session.scalar(select(func.count(Thread.placement_id.distinct()))) == 5
    assert (session.scalar(select(func.max(Thread.highest_number))) or 0) > 400
    assert 170 < (session.scalar(select(func.count()).select_from(User)) or 0) <= 200


def test_the_talk_of_the_term_is_long_in_order_and_never_ahead_of_itself() -> None:
    moves = read_term(NOW)
    assert moves == read_term(NOW)
    assert NOW - moves[0].at > timedelta(weeks=12)
    there: set[str] = set()
    for move in moves:
        if isinstance(move, OpenThread | Reply):
            assert set(move.links) <= there  # nobody points to what is not written yet
            assert isinstance(move, OpenThread) or move.to in there
            there.add(move.key)
        elif isinstance(move, Appreciate | Solve | ReadOn):
            assert move.key in there
    weeks = {(NOW - move.at).days // 7 for move in moves if isinstance(move, ReadOn)}
    assert len(weeks) >= 12  # somebody reads in every week
