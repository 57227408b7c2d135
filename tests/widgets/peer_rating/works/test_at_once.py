"""Several people, or one twice, handing in at the same moment."""

import threading
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Group, GroupMember
from lmssocial.widgets.peer_rating.models import Author, Work
from lmssocial.widgets.peer_rating.works import service
from lmssocial.widgets.peer_rating.works.drafts import Sent, WorkDraft
from lmssocial.widgets.peer_rating.works.entering import Overtaken
from tests.support.discussion import let_pass
from tests.support.peer_rating import set_up
from tests.support.people import make_person, make_place


def at_once(*deeds: Callable[[], Sent]) -> list[Sent | Exception]:
    """Do all of them in threads of their own that begin together."""
    ready, found = threading.Barrier(len(deeds)), list[Sent | Exception]()

    def run(deed: Callable[[], Sent]) -> None:
        ready.wait(10)
        try:
            found.append(deed())
        except Exception as refusal:  # noqa: BLE001 – what came of each is what the test asks
            found.append(refusal)

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def test_two_of_a_team_at_once_hand_in_one_work_and_the_second_hears_of_the_first(engine: Engine) -> None:
    with Session(engine) as session, unit_of_work(session):
        place = make_place(session, widget="peer_rating")
        set_up(session, place, teams=True)
        group = Group(
            tenant_id=place.tenant.id, community_id=place.community.id, name="Team", created_at=clock.now()
        )
        session.add(group)
        session.flush()
        team = [replace(make_person(session, place), groups=frozenset({group.id})) for _ in range(2)]
        session.add_all(GroupMember(group_id=group.id, user_id=one.user_id) for one in team)
        placement_id = place.placement.id

    def send(actor: Actor) -> Sent:
        draft = WorkDraft(source=f"By {actor.user_id}", submission_key=str(actor.user_id))
        with Session(engine) as session, unit_of_work(session):
            return service.hand_in(session, let_pass, actor, placement_id, draft)

    found = at_once(*(lambda actor=actor: send(actor) for actor in (*team, team[0])))

    with Session(engine) as session:
        works = session.scalars(select(Work)).all()
        authors = session.scalars(select(Author.user_id)).all()
    assert len(works) == 1
    assert sorted(authors) == sorted(one.user_id for one in team)
    sent = [one for one in found if isinstance(one, Sent)]
    assert {one.work_id for one in sent} == {works[0].id}
    assert all(isinstance(one, Sent | Overtaken) for one in found)
    assert any(isinstance(one, Overtaken) for one in found)
