"""What is not sent yet."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.drafts import Unsent
from lmssocial.social.content.models import Draft
from lmssocial.widgets.discussion import drafting
from tests.support.discussion import HOLD, PostThread
from tests.support.people import Place


def draft(session: Session, actor: Actor) -> tuple[str, int]:
    source, sequence = session.execute(
        select(Draft.source, Draft.sequence).where(Draft.user_id == actor.user_id)
    ).one()
    return source, sequence


def test_a_later_save_replaces_an_earlier_one_and_never_the_other_way(
    session: Session, place: Place, ana: Actor
) -> None:
    def save(text: str, sequence: int) -> bool:
        unsent = Unsent(target=f"thread:{place.placement.id}", source=text, sequence=sequence)
        return drafting.save_draft(session, ana, place.placement.id, unsent)

    assert save("one", 1)
    assert save("three", 3)
    assert not save("two, from an old tab", 2)
    assert not save("three again, from another tab", 3)
    assert draft(session, ana) == ("three", 3)


def test_drafts_of_two_people_for_one_post_do_not_meet(
    session: Session, place: Place, ana: Actor, ben: Actor, post_thread: PostThread
) -> None:
    target = f"reply:{post_thread(ana).post_id}"
    for actor in (ana, ben):
        unsent = Unsent(target=target, source=actor.name, sequence=1)
        assert drafting.save_draft(session, actor, place.placement.id, unsent)
    assert draft(session, ben) == ("Ben Okoro", 1)
    drafting.discard_draft(session, ana, place.placement.id, target)
    assert session.scalar(select(func.count()).select_from(Draft)) == 1


@pytest.mark.parametrize("target", ["reply:0", "reply:999999", "edit:1e3", "thread:0", "x:1", "", "reply:²"])
def test_nothing_is_kept_for_what_is_not_there(
    target: str, session: Session, place: Place, ana: Actor
) -> None:
    with pytest.raises(NotFound):
        drafting.save_draft(session, ana, place.placement.id, Unsent(target=target, source="x", sequence=1))


def test_no_draft_is_kept_for_a_post_one_cannot_see(
    session: Session, place: Place, ana: Actor, ben: Actor, post_thread: PostThread
) -> None:
    held = post_thread(ana, screen=HOLD)
    unsent = Unsent(target=f"reply:{held.post_id}", source="x", sequence=1)
    with pytest.raises(NotFound):
        drafting.save_draft(session, ben, place.placement.id, unsent)
