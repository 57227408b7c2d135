"""The demo's expert connect as it stands after it was played."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import PluginHost
from lmssocial.front.demo.cast import read_cast
from lmssocial.front.demo.experts_script import read_expert_script
from lmssocial.front.demo.house import House
from lmssocial.front.demo.lms.tools import Tool
from lmssocial.front.demo.registrar import introduce_to_tool
from lmssocial.front.demo.script import read_script
from lmssocial.front.demo.story import Scripts, tell
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.knowledge.models import Item
from lmssocial.widgets.experts.hours_models import OfficeHour
from lmssocial.widgets.experts.invitation_models import Invitation, InvitationState
from lmssocial.widgets.experts.models import ALIVE, Introduction, Level, Question, Rating
from lmssocial.widgets.experts.models import State as Stage
from lmssocial.widgets.experts.people_models import Person
from tests.conftest import TestClock

pytestmark = pytest.mark.one_database  # the demo lives on SQLite

NOW = datetime(2026, 3, 23, 9, 0, tzinfo=UTC)


def test_questions_were_asked_answered_passed_on_and_kept_and_none_was_lost(
    session: Session, clock: TestClock, tmp_path_factory: pytest.TempPathFactory
) -> None:
    clock.move_to(NOW)
    house = House(tmp_path_factory.mktemp("demo"), 8000, 8001)
    tool = Tool("client-1", "deployment-1", "lmssocial", "", "http://localhost:8000/lti/launch", (), "")
    made = introduce_to_tool(session, house, tool)
    written = Scripts(moves=read_script(NOW), experts=read_expert_script(NOW))
    tell(session, PluginHost.load(), made, tool.deployment_id, read_cast(), written)
    session.flush()

    questions = session.scalars(select(Question)).all()
    states = Counter(question.state for question in questions)
    assert len(questions) == 12
    assert states[Stage.RESOLVED] == 5
    assert states[Stage.ANSWERED] == states[Stage.ACCEPTED] == 1
    assert all(question.next_at is not None for question in questions if question.state in ALIVE)
    assert {question.level for question in questions} == set(Level)
    declined = select(func.count()).where(Invitation.state == InvitationState.DECLINED)
    assert session.scalar(declined)
    assert session.scalar(select(func.count()).where(Person.paused_until.is_not(None))) == 0
    assert session.scalar(select(func.count(Item.contribution_id))) == 1
    assert session.scalar(select(func.count()).select_from(Rating)) == 4
    met = session.scalars(select(Introduction).order_by(Introduction.id)).all()
    assert [one.met_at is not None for one in met] == [True, False]
    assert session.scalar(select(func.count(OfficeHour.id))) == 2
    held = select(Contribution.source).where(
        Contribution.kind.startswith("experts."), Contribution.state != State.PUBLISHED
    )
    assert session.scalars(held).all() == []
