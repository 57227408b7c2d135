"""Several people press at the same moment: nobody's mark is lost, and none counts twice."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.engagement import service as marks
from lmssocial.social.engagement.models import Tally
from lmssocial.social.engagement.tallies import counts, reconcile
from lmssocial.widgets.discussion.engaging import EngagedPosts
from lmssocial.widgets.discussion.service import Posted
from tests.support.people import Place, make_person

PORT, PEOPLE = EngagedPosts(), 6


def together(engine: Engine, deeds: list[Callable[[Session], None]]) -> None:
    """Do everything at the same moment, each in a session of its own; raises what any of them raised."""
    start, errors = threading.Barrier(len(deeds)), list[BaseException]()

    def do(deed: Callable[[Session], None]) -> None:
        try:
            with Session(engine) as session:
                start.wait(timeout=30)
                deed(session)
        except BaseException as error:  # noqa: BLE001 – handed to the test
            errors.append(error)

    threads = [threading.Thread(target=do, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not errors, errors


def press(actor: Actor, post_id: int, deed: marks.Deed = marks.mark_helpful) -> Callable[[Session], None]:
    """One press of a button."""

    def do(session: Session) -> None:
        with unit_of_work(session):
            deed(session, actor, PORT, post_id)

    return do


def helpful(session: Session, post_id: int) -> int:
    """What the tally says."""
    session.rollback()
    return session.scalar(select(Tally.helpful).where(Tally.contribution_id == post_id)) or 0


@pytest.mark.usefixtures("db_url")
def test_marks_of_many_at_once_all_count_and_a_double_press_counts_once(
    engine: Engine, session: Session, place: Place, thread: Posted
) -> None:
    people = [make_person(session, place) for _ in range(PEOPLE)]
    session.commit()
    together(engine, [press(actor, thread.post_id) for actor in people for _twice in range(2)])
    assert helpful(session, thread.post_id) == PEOPLE
    undone = [press(actor, thread.post_id, marks.unmark_helpful) for actor in people[:3] for _ in range(2)]
    together(engine, [*undone, *(press(actor, thread.post_id, marks.save) for actor in people)])
    assert helpful(session, thread.post_id) == PEOPLE - 3
    assert counts(session, [thread.post_id])[thread.post_id]["saved"] == PEOPLE
    assert reconcile(session) == 0


@pytest.mark.usefixtures("db_url")
def test_counting_by_reading_first_would_lose_marks(engine: Engine, session: Session, thread: Posted) -> None:
    """The negative control: what the tally is not allowed to do goes wrong under the same load."""
    session.add(Tally(contribution_id=thread.post_id, helpful=0))
    session.commit()
    everybody_has_read = threading.Barrier(PEOPLE)

    def naive(own: Session) -> None:
        seen = own.scalars(select(Tally.helpful)).one()
        own.rollback()
        everybody_has_read.wait(timeout=30)
        with unit_of_work(own):
            own.scalars(select(Tally)).one().helpful = seen + 1

    together(engine, [naive] * PEOPLE)
    assert helpful(session, thread.post_id) < PEOPLE
