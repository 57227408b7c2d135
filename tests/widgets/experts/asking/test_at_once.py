"""One person asking many times at the same moment."""

import threading

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.widgets.experts.asking import service
from lmssocial.widgets.experts.asking.drafts import QuestionDraft
from lmssocial.widgets.experts.asking.limits import TooMany
from lmssocial.widgets.experts.models import Question
from tests.support.discussion import let_pass
from tests.support.people import make_person, make_place

POSTS = 8


def test_no_more_questions_come_through_at_once_than_one_person_may_have(engine: Engine) -> None:
    with Session(engine, expire_on_commit=False) as session, unit_of_work(session):
        place = make_place(session, widget="experts")
        ana = make_person(session, place)
    ready, refused, strange = threading.Barrier(POSTS), list[TooMany](), list[Exception]()

    def send(number: int) -> None:
        draft = QuestionDraft(title=f"What about number {number}?", source="I wonder.")
        ready.wait(10)
        try:
            with Session(engine) as session, unit_of_work(session):
                service.ask(session, let_pass, ana, place.placement.id, draft)
        except TooMany as full:
            refused.append(full)
        except Exception as other:  # noqa: BLE001 – what came of each is what the test asks
            strange.append(other)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(POSTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert not strange
    assert len(refused) == POSTS - 3
    with Session(engine) as session:
        assert len(session.scalars(select(Question.id)).all()) == 3
