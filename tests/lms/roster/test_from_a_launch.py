"""From the first launch to everybody in the course: what the claims of a launch set going."""

from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.activity import ActivityEvent
from lmssocial.lms.identity.events import CourseJoined
from lmssocial.lms.identity.models import Membership, User
from lmssocial.lms.lti import claims
from lmssocial.lms.roster.models import Outcome, RosterRun
from lmssocial.lms.roster.runs import read_due
from lmssocial.social.communities.lms_groups import HOOKS
from lmssocial.social.communities.models import Group, GroupMember
from lmssocial.web.program import program
from tests.fakes.hostile_lms import hostile_lms, moodle
from tests.fakes.platform import INSTRUCTOR, LEARNER


def test_a_launch_has_the_roster_read_and_names_the_groups_of_who_came(
    app: Flask, client: FlaskClient, session: Session, tmp_path: Path
) -> None:
    with hostile_lms(tmp_path, moodle(), members=30) as lms:
        lms.connect(session)
        session.commit()

        def launch(sub: str, role: str, groups: str) -> None:
            said = {claims.CUSTOM: {"widget": "discussion", "group_ids": groups}}
            answer = lms.platform().launch(
                client, **{**lms.claims("link-1"), **said}, sub=sub, **{claims.ROLES: [role]}
            )
            assert answer.status_code == 303, answer.text

        launch(lms.instructor, INSTRUCTOR, "")
        sessions = sessionmaker(session.get_bind())
        with app.app_context():
            caller = program().caller
        read_due(sessions, caller, HOOKS)

        session.rollback()
        assert session.scalar(select(RosterRun.outcome)) is Outcome.COMPLETE
        assert len(session.scalars(select(Membership.id).where(Membership.active.is_(True))).all()) == 32
        assert session.scalars(select(Group.id)).all() == []

        learner = lms.learners[0]
        launch(learner, LEARNER, "4,12")
        launch(learner, LEARNER, "12")

    session.rollback()
    assert sorted(session.scalars(select(Group.name))) == ["Group 12", "Group 4"]
    found = session.execute(
        select(Group.name, User.sub)
        .join(GroupMember, GroupMember.group_id == Group.id)
        .join(User, User.id == GroupMember.user_id)
    )
    assert [tuple(row) for row in found] == [("Group 12", learner)]
    joined = session.scalars(select(ActivityEvent.actor_id).where(ActivityEvent.name == CourseJoined.name))
    assert len(joined.all()) == 2, "who is known from the roster joins with their first launch, and once"
