"""``kill -9`` of the worker in the middle of releases: nothing is half there, and in the end each is there once."""

import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.activity.models import ActivityEvent
from lmssocial.core.kernel import clock
from lmssocial.widgets.peer_rating.models import Activity, Edge, Phase
from lmssocial.widgets.peer_rating.scoring_models import Release, Result
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import make_person, make_place

WORKER = Path(__file__).with_name("moves_activities.py")
ACTIVITIES, WORKS, DEATHS = 4, 5, 3
PATIENCE = 60.0


def test_every_release_is_there_once_although_workers_are_killed_in_the_middle_of_them(
    engine: Engine, db_url: str
) -> None:
    sessions = sessionmaker(engine)
    with sessions() as session:
        fill(session)
        session.commit()

    for _death in range(DEATHS):
        before = released(sessions)
        die_in_the_middle(db_url)
        assert released(sessions) == before, "what was not finished left nothing behind"
        with sessions() as session:
            session.execute(Activity.__table__.update().values(next_at=clock.now()))  # type: ignore[attr-defined]
            session.commit()

    running = subprocess.Popen([sys.executable, str(WORKER), db_url], stdout=subprocess.DEVNULL)
    try:
        end = time.monotonic() + PATIENCE
        while len(released(sessions)) < ACTIVITIES:
            assert time.monotonic() < end
            time.sleep(0.1)
    finally:
        running.kill()
        running.wait()

    assert set(released(sessions).values()) == {1}
    with sessions() as session:
        assert set(session.scalars(select(Activity.phase))) == {Phase.RELEASED}
        told = session.scalars(select(ActivityEvent.name)).all()
        assert Counter(told)["peer_rating.scores_released"] == ACTIVITIES
        edges = session.scalars(select(Edge.edge).where(Edge.edge == "evaluate-released")).all()
        assert len(edges) == ACTIVITIES
        points = session.scalars(select(Result.released_points)).all()
        assert points == [7.0] * (ACTIVITIES * WORKS)


def fill(session: Session) -> None:
    """Activities whose scores are released by themselves now."""
    place = None
    for _number in range(ACTIVITIES):
        place = make_place(session, widget="peer_rating", beside=place)
        activity = set_up(session, place, Phase.EVALUATE, least=1, release_by_itself=True)
        activity.next_at, activity.scores_stale = clock.now(), True
        people = [make_person(session, place) for _one in range(WORKS)]
        for number, author in enumerate(people):
            make_review(session, place, make_work(session, place, author), people[number - 1])


def die_in_the_middle(db_url: str) -> None:
    """Let a worker live until it has half of a release written."""
    running = subprocess.Popen([sys.executable, str(WORKER), db_url], stdout=subprocess.PIPE)
    try:
        assert running.stdout is not None
        assert running.stdout.readline() == b"releasing\n"
    finally:
        running.kill()
        running.wait()
        if running.stdout is not None:
            running.stdout.close()


def released(sessions: sessionmaker[Session]) -> Counter[int]:
    """How many releases each activity has."""
    with sessions() as session:
        return Counter(session.scalars(select(Release.placement_id)))
