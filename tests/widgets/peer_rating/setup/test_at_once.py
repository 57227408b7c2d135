"""Two instructors who change the settings of one activity in the same moment."""

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Conflict
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.widgets.peer_rating.activities import running
from lmssocial.widgets.peer_rating.setup import service
from lmssocial.widgets.peer_rating.setup.drafts import SetupDraft, fingerprint
from lmssocial.widgets.peer_rating.setup.service import Configured
from tests.support.peer_rating import set_up
from tests.support.people import make_person, make_place


def test_who_waited_for_another_to_save_settings_overwrites_nothing(engine: Engine) -> None:
    with Session(engine) as session, unit_of_work(session):
        place = make_place(session, widget="peer_rating")
        set_up(session, place)
        tom, uma = (make_person(session, place, name, LmsRole.INSTRUCTOR) for name in ("Tom", "Uma"))
        placement_id = place.placement.id
        before = running(session, tom, placement_id).settings
        title = place.placement.title

    def save(session: Session, actor: Actor, minutes: int) -> Configured:
        settings = replace(before, minutes=minutes)
        draft = SetupDraft(title=title, settings=settings, seen=fingerprint(title, before))
        return service.configure(session, actor, placement_id, draft)

    def second() -> Configured:
        with Session(engine) as session, unit_of_work(session):
            return save(session, uma, 10)

    with ThreadPoolExecutor(1) as others:
        with Session(engine) as session, unit_of_work(session):
            save(session, tom, 45)
            waits = others.submit(second)
            assert not wait([waits], timeout=1).done, "they wait until the first has saved"
        with pytest.raises(Conflict, match="Somebody else changed these settings"):
            waits.result(timeout=30)
    with Session(engine) as session:
        assert running(session, tom, placement_id).settings.minutes == 45
