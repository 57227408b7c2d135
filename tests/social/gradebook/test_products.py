"""Grades of a discussion on their way into LMSs with the habits of real ones, from the launch to the gradebook."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.db import unit_of_work
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.lms.lti import claims
from lmssocial.social.communities.models import Community, Placement
from lmssocial.social.gradebook import queries, retrying
from lmssocial.social.gradebook.models import Column, Condition, Score
from lmssocial.social.gradebook.sending import send_due
from lmssocial.social.gradebook.service import Mark, column, put
from lmssocial.web.program import program
from tests.conftest import TestClock
from tests.fakes.hostile_lms import HostileLms, blackboard, brightspace, canvas, hostile_lms, moodle
from tests.fakes.platform import INSTRUCTOR, LEARNER

LINK = "link-1"
CASES = (
    pytest.param(moodle, True, id="moodle, the link has a column"),
    pytest.param(moodle, False, id="moodle, no column"),
    pytest.param(canvas, False, id="canvas, no column"),
    pytest.param(blackboard, True, id="blackboard, the link has a column"),
    pytest.param(brightspace, False, id="brightspace, no column"),
)


def launched(app: Flask, lms: HostileLms, sub: str, *roles: str) -> None:
    """Somebody opens the activity in the LMS."""
    response = lms.platform().launch(
        app.test_client(),
        **lms.claims(LINK),
        **{claims.CUSTOM: {"widget": "discussion"}, claims.ROLES: list(roles), "sub": sub, "name": sub},
    )
    assert response.status_code == 303, response.text


def give(sessions: sessionmaker[Session], points: dict[str, float]) -> None:
    with sessions() as session, unit_of_work(session):
        placement_id = session.scalars(select(Placement.id)).one()
        for sub, given in points.items():
            user_id = session.scalars(select(User.id).where(User.sub == sub)).one()
            put(session, column(session, placement_id, maximum=9).id, user_id, Mark(given=given, maximum=9))


@pytest.mark.parametrize(("product", "has_column"), CASES)
def test_grades_arrive_change_and_survive_the_loss_of_the_column(
    app: Flask,
    sessions: sessionmaker[Session],
    clock: TestClock,
    tmp_path: Path,
    product: Callable[..., object],
    has_column: bool,  # noqa: FBT001  # a parameter of the test
) -> None:
    with hostile_lms(tmp_path, product(), members=6, clock=clock) as lms, app.app_context():  # type: ignore[arg-type]
        caller = program().caller
        with sessions() as session, unit_of_work(session):
            lms.connect(session)
        lms.add_link(LINK)
        if has_column:
            lms.open_column(LINK, maximum=20)
        launched(app, lms, lms.instructor, INSTRUCTOR)
        learners = lms.learners[:4]
        for sub in learners:
            launched(app, lms, sub, LEARNER)
        give(sessions, dict.fromkeys(learners, 4.5))
        assert send_due(sessions, caller) == 4
        clock.tick(2)
        give(sessions, {learners[0]: 9.0})
        lms.fail("scores", 401, times=1)
        assert send_due(sessions, caller) == 1
        assert len(lms.columns()) == 1
        url = stored_url(sessions)
        maximum = lms.columns()[0].score_maximum
        assert maximum == (20 if has_column else 9), "ours is out of 9, and the LMS scales it"
        wanted = dict.fromkeys(learners, maximum / 2) | {learners[0]: maximum}
        assert lms.grades(url) == pytest.approx(wanted)

        lms.lose(url)
        clock.tick(2)
        give(sessions, {learners[1]: 0.0})
        for _round in range(3):
            send_due(sessions, caller)
            clock.tick(2)
        again = stored_url(sessions)
        full = lms.columns()[0].score_maximum
        wanted = dict.fromkeys(learners, full / 2) | {learners[0]: full, learners[1]: 0.0}
        assert lms.grades(again) == pytest.approx(wanted), "also of those whose grade had arrived before"

        lms.leave(learners[2])
        clock.tick(2)
        give(sessions, {learners[2]: 8.0, learners[3]: 7.0})
        assert send_due(sessions, caller) == 1
        with app.test_request_context():  # whoever reads the words has a language
            check_the_one_who_left(sessions)


def stored_url(sessions: sessionmaker[Session]) -> str:
    with sessions() as session:
        return session.scalars(select(Column.line_item_url)).one()


def check_the_one_who_left(sessions: sessionmaker[Session]) -> None:
    """Their grade is the one in trouble, with words; it does not come to anything by being tried again."""
    with sessions() as session, unit_of_work(session):
        placement = session.scalars(select(Placement)).one()
        community = session.get_one(Community, placement.community_id)
        teacher = Actor(
            user_id=0,
            name="",
            tenant_id=placement.tenant_id,
            course_id=community.course_id or 0,
            community_id=community.id,
            roles=frozenset({LmsRole.INSTRUCTOR}),
        )
        assert queries.tally(session, placement.id) == queries.Tally(there=3, in_trouble=1)
        [one] = queries.troubled(session, teacher, placement.id)
        assert one.why
        assert one.says
        assert retrying.retry(session, teacher, placement.id, one.id)
        score = session.get_one(Score, one.id, populate_existing=True)
        assert score.condition is Condition.WAITING
