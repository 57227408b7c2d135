"""Learners choose the posts they are graded by."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock as the_clock
from lmssocial.core.kernel.errors import Invalid, NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.widgets.discussion import service as discussion
from lmssocial.widgets.discussion.grading import service
from lmssocial.widgets.discussion.grading.drafts import GradeDraft, SetupDraft
from lmssocial.widgets.discussion.grading.mine import Mine, mine
from lmssocial.widgets.discussion.grading.rubric import starting_points
from lmssocial.widgets.discussion.grading.seen import seen
from lmssocial.widgets.discussion.models import Audience, Choice
from lmssocial.widgets.discussion.settings import DiscussionSettings
from tests.conftest import TestClock
from tests.support.discussion import HOLD, PostThread, Reply, thread_of
from tests.support.people import Place, make_person


def chosen(session: Session, place: Place, who: Actor) -> set[int]:
    session.flush()
    found = select(Choice.contribution_id).where(
        Choice.placement_id == place.placement.id, Choice.user_id == who.user_id
    )
    return set(session.scalars(found))


def page_of(session: Session, place: Place, who: Actor) -> Mine:
    session.flush()
    return mine(session, who, place.placement)


def test_a_choice_replaces_the_one_before(
    session: Session, place: Place, ana: Actor, post_thread: PostThread
) -> None:
    one, two, three = (post_thread(ana).post_id for _ in range(3))
    service.choose(session, ana, place.placement.id, [one, two])
    service.choose(session, ana, place.placement.id, [two, three])

    assert chosen(session, place, ana) == {two, three}
    service.choose(session, ana, place.placement.id, [])
    assert chosen(session, place, ana) == set()


def test_nobody_chooses_more_than_they_may(
    session: Session, place: Place, ana: Actor, post_thread: PostThread
) -> None:
    one, two, three = (post_thread(ana).post_id for _ in range(3))
    with pytest.raises(Invalid, match="2 posts"):
        service.choose(session, ana, place.placement.id, [one, two, three])
    service.choose(session, ana, place.placement.id, [one, two])
    with pytest.raises(Invalid, match="2 posts"):
        service.choose_also(session, ana, place.placement.id, three)

    assert chosen(session, place, ana) == {one, two}


def test_only_own_published_posts_that_others_read_can_be_chosen(
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
) -> None:
    bens = post_thread(ben)
    held = reply(ana, bens.post_id, screen=HOLD)
    removed = reply(ana, bens.post_id)
    discussion.remove_post(session, ana, removed.post_id)
    private = post_thread(ana)
    thread = thread_of(session, private)
    thread.audience, thread.learner_id = Audience.PRIVATE, ana.user_id
    in_group = post_thread(ana)
    thread_of(session, in_group).audience = Audience.GROUP
    for post in (bens, held, removed, private):
        with pytest.raises(Invalid, match="cannot be chosen"):
            service.choose(session, ana, place.placement.id, [post.post_id])

    service.choose(session, ana, place.placement.id, [in_group.post_id])
    assert [post.id for post in page_of(session, place, ana).posts] == [in_group.post_id]


def test_a_post_of_another_discussion_cannot_be_chosen(
    session: Session, place: Place, ana: Actor, post_thread: PostThread
) -> None:
    elsewhere = post_thread(ana)
    other = type(place.placement)(
        uuid="1" * 36,
        community_id=place.community.id,
        tenant_id=place.tenant.id,
        widget="discussion",
        title="Another",
        settings={},
        created_at=the_clock.now(),
    )
    session.add(other)
    session.flush()
    thread_of(session, elsewhere).placement_id = other.id
    with pytest.raises(Invalid):
        service.choose(session, ana, place.placement.id, [elsewhere.post_id])
    with pytest.raises(NotFound):
        service.choose(session, ana, other.id, [])


def test_a_chosen_post_that_was_removed_says_so_and_makes_room(
    session: Session, place: Place, ana: Actor, post_thread: PostThread
) -> None:
    one, two, three = (post_thread(ana).post_id for _ in range(3))
    service.choose(session, ana, place.placement.id, [one, two])
    discussion.remove_post(session, ana, one)
    shown = {post.id: post for post in page_of(session, place, ana).posts}

    assert shown[one].is_chosen
    assert not shown[one].can_be_chosen
    assert (shown[one].html, shown[one].words) == ("", "")
    service.choose_also(session, ana, place.placement.id, three)
    assert chosen(session, place, ana) == {two, three}


def test_a_choice_stands_once_the_discussion_is_closed(
    session: Session,
    place: Place,
    ana: Actor,
    graded: DiscussionSettings,
    post_thread: PostThread,
    clock: TestClock,
) -> None:
    post = post_thread(ana).post_id
    closing = replace(graded, locks_at=the_clock.now() + timedelta(hours=1))
    place.placement.settings = closing.as_json()
    service.choose(session, ana, place.placement.id, [post])
    clock.tick(hours=1)
    with pytest.raises(NotAllowed, match="closed"):
        service.choose(session, ana, place.placement.id, [])
    with pytest.raises(NotAllowed, match="closed"):
        service.choose_also(session, ana, place.placement.id, post)

    assert not page_of(session, place, ana).may_choose


def test_a_choice_stands_once_it_was_graded(
    session: Session,
    place: Place,
    ana: Actor,
    tom: Actor,
    graded: DiscussionSettings,
    post_thread: PostThread,
) -> None:
    post = post_thread(ana).post_id
    service.choose(session, ana, place.placement.id, [post])
    session.flush()
    draft = GradeDraft(
        user_id=ana.user_id,
        levels=(0, 0, 0),
        comment="",
        seen=seen(0, [post], graded.rubric),
        give_back=False,
    )
    service.grade(session, tom, place.placement.id, draft)
    with pytest.raises(NotAllowed, match="graded"):
        service.choose(session, ana, place.placement.id, [])


def test_only_learners_choose_and_only_where_it_is_graded(
    session: Session, place: Place, ana: Actor, tom: Actor
) -> None:
    assistant = make_person(session, place, "Tia", LmsRole.TEACHING_ASSISTANT)
    for person in (tom, assistant):
        with pytest.raises(NotAllowed, match="as a learner"):
            service.choose(session, person, place.placement.id, [])
    service.set_up(session, tom, place.placement.id, SetupDraft(choose=0, rubric=starting_points()))
    with pytest.raises(NotFound, match="not graded"):
        service.choose(session, ana, place.placement.id, [])
