"""The demo's peer ratings as they stand after they were played: one is over, one goes on."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import PluginHost
from lmssocial.front.demo.cast import read_cast
from lmssocial.front.demo.house import House
from lmssocial.front.demo.lms.tools import Tool
from lmssocial.front.demo.peer_script import read_peer_scripts
from lmssocial.front.demo.registrar import introduce_to_tool
from lmssocial.front.demo.script import read_script
from lmssocial.front.demo.story import Scripts, tell
from lmssocial.front.demo.voices import read_people
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.gradebook.models import Column, Score
from lmssocial.widgets.peer_rating.models import Activity, Phase, Review, ReviewState, Source, Work
from lmssocial.widgets.peer_rating.releasing.service import reproduce
from lmssocial.widgets.peer_rating.scoring.catalogue import SCORINGS
from lmssocial.widgets.peer_rating.scoring_models import Appeal, AppealState, Rated, Release, Result
from tests.conftest import TestClock

pytestmark = pytest.mark.one_database  # the demo lives on SQLite

NOW = datetime(2026, 3, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def played(
    session: Session, clock: TestClock, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Activity, Activity]:
    """What is over, and what goes on: those parts of it that were written by hand."""
    clock.move_to(NOW)
    house = House(tmp_path_factory.mktemp("demo"), 8000, 8001)
    tool = Tool("client-1", "deployment-1", "lmssocial", "", "http://localhost:8000/lti/launch", (), "")
    made = introduce_to_tool(session, house, tool)
    scripts = read_peer_scripts(NOW, quick=True)
    moves = read_script(NOW)
    written = Scripts(moves=moves, peers=scripts)
    tell(session, PluginHost.load(), made, tool.deployment_id, read_cast(), written)
    session.flush()
    over, going_on = session.scalars(select(Activity).order_by(Activity.placement_id))
    return over, going_on


def test_one_is_over_with_every_work_scored_and_the_grades_on_their_way(
    session: Session, played: tuple[Activity, Activity]
) -> None:
    over, _going_on = played
    assert over.phase is Phase.RELEASED
    works = session.scalars(select(Work).where(Work.placement_id == over.placement_id)).all()
    assert [work.completed for work in works] == [3] * len(works)
    assert [work.is_late for work in works].count(True) == 1
    results = session.scalars(select(Result).where(Result.placement_id == over.placement_id)).all()
    assert all(result.released_points is not None for result in results)
    assert len({result.released_points for result in results}) > 5
    tags = session.scalars(select(Column.tag).where(Column.placement_id == over.placement_id)).all()
    assert sorted(tags) == ["", "reviewing"]
    of_works = (
        select(func.count(Score.id))
        .join(Column, Column.id == Score.column_id)
        .where(Column.tag == "", Column.placement_id == over.placement_id)
    )
    assert session.scalar(of_works) == len(works)
    release = session.scalars(select(Release)).one()
    assert reproduce(session, {one.name: one for one in SCORINGS}, release.id)


def test_people_did_more_than_review_there_and_no_policy_objected(
    session: Session, played: tuple[Activity, Activity]
) -> None:
    over, _going_on = played
    anchors = select(func.count(Review.id)).where(Review.source == Source.STAFF)
    assert session.scalar(anchors) == 1
    assert session.scalar(select(func.count()).select_from(Rated)) == 4
    appeal = session.scalars(select(Appeal).where(Appeal.placement_id == over.placement_id)).one()
    assert appeal.state is AppealState.OPEN
    held = select(Contribution.source).where(
        Contribution.kind.startswith("peer_rating."), Contribution.state != State.PUBLISHED
    )
    assert not session.scalars(held).all()


def test_the_other_goes_on_with_some_reviews_done_and_one_passed_on(
    session: Session, played: tuple[Activity, Activity]
) -> None:
    _over, going_on = played
    assert going_on.phase is Phase.REVIEW
    found = select(Review.state).where(Review.placement_id == going_on.placement_id)
    states = session.scalars(found).all()
    assert states.count(ReviewState.DECLINED) == 1
    done = states.count(ReviewState.SUBMITTED)
    works = session.scalars(select(Work).where(Work.placement_id == going_on.placement_id)).all()
    assert 3 < done < 3 * len(works)
    assert max(work.completed + work.live for work in works) <= 3


def test_the_many_hand_in_as_well_and_always_the_same() -> None:
    once, again = read_peer_scripts(NOW), read_peer_scripts(NOW)
    assert once == again
    many = {person.key for person in read_people()}
    for script in once:
        theirs = [work for work in script.works if work.by in many]
        assert len(theirs) > 20
        assert all(script.opens < work.at < script.submit_due for work in theirs)
        assert len({work.body for work in theirs}) > len(theirs) * 0.8
        for work in script.works:
            assert "{" not in work.body
            for said in work.reviews:
                assert "{" not in said.words
                assert all(
                    0 <= level < len(line.levels)
                    for level, line in zip(said.levels, script.rubric, strict=True)
                )
