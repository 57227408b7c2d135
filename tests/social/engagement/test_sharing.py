"""Bringing a post to another course: who may, where to, what people there see of it, and only once."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Ruling
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership
from lmssocial.social.communities.models import Placement
from lmssocial.social.content.models import Contribution
from lmssocial.social.engagement import sharing
from lmssocial.social.engagement.models import Share
from lmssocial.social.engagement.ports import Destination, Telling
from lmssocial.social.engagement.tallies import reconcile
from lmssocial.widgets.discussion import service
from lmssocial.widgets.discussion.engaging import EngagedPosts
from lmssocial.widgets.discussion.models import Audience, Thread
from lmssocial.widgets.discussion.service import Posted
from lmssocial.widgets.discussion.settings import DiscussionSettings, Groups, Starters
from tests.support.discussion import events, let_pass, ruling, thread_of
from tests.support.people import Place, make_person, make_place

PORT, WIDGET = EngagedPosts(), "discussion"
TELLING = Telling(title="Know your walk-away point", sentence="We lacked exactly this.")


@pytest.fixture
def other(session: Session, place: Place) -> Place:
    """Another course of the tenant."""
    return make_place(session, beside=place)


def join(session: Session, actor: Actor, place: Place, *, active: bool = True) -> None:
    """Let somebody belong to one more course."""
    now = session.scalars(select(Membership.joined_at).where(Membership.user_id == actor.user_id)).first()
    session.add(
        Membership(
            course_id=place.course.id,
            user_id=actor.user_id,
            roles="learner",
            active=active,
            joined_at=now,
            last_launch_at=now,
        )
    )
    session.flush()


Carry = Callable[[Actor, int], sharing.Carried | None]


def places(session: Session, actor: Actor, post_id: int) -> list[Destination]:
    """Where they may bring it."""
    with_url = sharing.places_for(session, actor, PORT, WIDGET, post_id)
    assert [there.actor.user_id for there in with_url] == [actor.user_id] * len(with_url)
    return with_url


def share(session: Session, actor: Actor, post_id: int, there: Destination) -> int:
    """Bring it there."""
    return sharing.share(session, let_pass, actor, PORT, post_id, there, TELLING).contribution_id


@pytest.fixture
def carried(app: Flask, session: Session) -> Carry:
    """What somebody sees of the original: ``carried(mei, post_id)``; within a request, where there are addresses."""

    def look(actor: Actor, post_id: int) -> sharing.Carried | None:
        with app.test_request_context():
            return sharing.carried(session, actor, PORT, WIDGET, post_id)

    return look


def test_only_discussions_of_other_courses_one_belongs_to_are_offered(
    session: Session, place: Place, other: Place, ben: Actor, thread: Posted
) -> None:
    assert places(session, ben, thread.post_id) == []
    left, elsewhere = make_place(session, beside=place), make_place(session)
    join(session, ben, other)
    join(session, ben, left, active=False)
    join(session, ben, elsewhere)  # of another tenant, which cannot be, and is not offered all the same
    assert [there.placement_id for there in places(session, ben, thread.post_id)] == [other.placement.id]


@pytest.mark.parametrize(
    "settings", [DiscussionSettings(starters=Starters.STAFF), DiscussionSettings(groups=Groups.SEPARATE)]
)
def test_where_they_may_start_nothing_is_not_offered(
    settings: DiscussionSettings, session: Session, other: Place, ben: Actor, thread: Posted
) -> None:
    join(session, ben, other)
    there = places(session, ben, thread.post_id)[0]
    session.execute(
        update(Placement).where(Placement.id == other.placement.id).values(settings=settings.as_json())
    )
    session.expire_all()
    assert places(session, ben, thread.post_id) == []
    with pytest.raises(NotFound):
        sharing.require_place(session, ben, PORT, WIDGET, thread.post_id, there.placement_id)


def test_a_shared_post_becomes_a_thread_of_who_shares_it_with_the_original_beside_it(
    session: Session, place: Place, other: Place, ana: Actor, ben: Actor, thread: Posted, carried: Carry
) -> None:
    join(session, ben, other)
    post_id = share(session, ben, thread.post_id, places(session, ben, thread.post_id)[0])
    there = session.scalars(select(Thread).where(Thread.opening_id == post_id)).one()
    words = session.scalars(select(Contribution).where(Contribution.id == post_id)).one()
    assert (there.community_id, there.author_id, there.about_id) == (
        other.community.id,
        ben.user_id,
        thread.post_id,
    )
    assert (there.title, words.source) == (TELLING.title, TELLING.sentence)
    assert "yours" not in words.html, "the words of the original stay where they are"
    told = [payload for name, _who, payload in events(session) if name == "engagement.shared"]
    assert told == [
        {
            "contribution_id": thread.post_id,
            "author_id": ana.user_id,
            "to_community_id": other.community.id,
            "as_contribution_id": post_id,
            "words": len(TELLING.sentence),
        }
    ]
    reader = make_person(session, other, "Mei Ono")
    seen = carried(reader, thread.post_id)
    assert seen is not None
    assert "<em>yours</em>" in seen.original.html
    assert (seen.original.author_name, seen.original.community_title) == ("Ana Ruiz", place.community.title)
    assert seen.href == "", "whoever is not in the other course is not led there"
    assert not seen.is_from_here


def test_members_of_both_courses_are_led_back(
    session: Session, place: Place, other: Place, ben: Actor, thread: Posted, carried: Carry
) -> None:
    join(session, ben, other)
    at_others = replace(ben, course_id=other.course.id, community_id=other.community.id)
    seen = carried(at_others, thread.post_id)
    assert seen is not None
    assert seen.href == f"/w/{place.placement.id}/discussion/posts/{thread.post_id}?via=shared"


def test_what_not_everybody_reads_is_shared_without_its_words(
    session: Session, other: Place, ben: Actor, ana: Actor, thread: Posted, carried: Carry
) -> None:
    join(session, ben, other)
    there = places(session, ben, thread.post_id)[0]
    share(session, ben, thread.post_id, there)
    reader = make_person(session, other, "Mei Ono")
    session.execute(update(Thread).where(Thread.id == thread.thread_id).values(audience=Audience.GROUP))
    seen = carried(reader, thread.post_id)
    assert seen is not None
    assert seen.original.html == ""
    at_others = replace(ben, course_id=other.course.id, community_id=other.community.id)
    assert carried(at_others, thread.post_id).href == "", "they are in no group there"  # type: ignore[union-attr]
    session.execute(update(Thread).where(Thread.id == thread.thread_id).values(audience=Audience.EVERYBODY))
    session.expire_all()
    service.remove_post(session, ana, thread.post_id)
    assert carried(reader, thread.post_id) is None


def test_what_was_written_in_private_stays_where_it_is(
    session: Session, other: Place, ana: Actor, thread: Posted, carried: Carry
) -> None:
    join(session, ana, other)
    there = places(session, ana, thread.post_id)[0]
    session.execute(
        update(Thread)
        .where(Thread.id == thread.thread_id)
        .values(audience=Audience.PRIVATE, learner_id=ana.user_id)
    )
    with pytest.raises(NotAllowed, match="private"):
        share(session, ana, thread.post_id, there)
    assert carried(make_person(session, other), thread.post_id) is None


def test_each_community_gets_it_once(
    session: Session, other: Place, ben: Actor, tom: Actor, thread: Posted
) -> None:
    for actor in (ben, tom):
        join(session, actor, other)
    there = places(session, tom, thread.post_id)[0]
    share(session, ben, thread.post_id, places(session, ben, thread.post_id)[0])
    assert places(session, tom, thread.post_id) == []
    with pytest.raises(Conflict, match="already"):
        sharing.require_place(session, tom, PORT, WIDGET, thread.post_id, there.placement_id)
    with pytest.raises(Conflict, match="already"):
        share(session, tom, thread.post_id, there)
    assert session.scalar(select(func.count()).select_from(Share)) == 1
    assert reconcile(session) == 0


def test_the_policies_of_the_other_course_decide(
    session: Session, other: Place, ben: Actor, thread: Posted
) -> None:
    join(session, ben, other)
    there = places(session, ben, thread.post_id)[0]
    with pytest.raises(Invalid):
        sharing.share(session, ruling(Ruling.REJECT), ben, PORT, thread.post_id, there, TELLING)
    brought = sharing.share(session, ruling(Ruling.HOLD), ben, PORT, thread.post_id, there, TELLING)
    assert not brought.is_published
    assert thread_of(session, thread).version > 1
