"""What waits for a moderator."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import State
from lmssocial.social.moderation.models import Case, CaseState
from lmssocial.widgets.discussion import marking, moderating, service
from tests.support.discussion import (
    HOLD,
    PostThread,
    Reply,
    edit,
    events,
    place_of,
    thread_of,
    words_of,
)


def test_a_held_reply_has_no_number_no_place_and_nobody_is_told(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    version = thread_of(session, thread).version
    held = reply(ben, thread.post_id, screen=HOLD)
    assert (held.number, held.state, held.messages) == (None, State.HELD, ("Too many links.",))
    assert thread_of(session, thread).reply_count == 0
    assert thread_of(session, thread).highest_number == 1
    assert words_of(session, held).note == "Too many links."
    assert "discussion.reply_posted" not in [name for name, _, _ in events(session)]
    assert thread_of(session, thread).version > version, "its author's page shows it"


def test_a_case_opens_for_the_moderators(session: Session, ana: Actor, post_thread: PostThread) -> None:
    held = post_thread(ana, screen=HOLD)
    case = session.scalars(select(Case)).one()
    assert (case.contribution_id, case.state, case.kind) == (
        held.post_id,
        CaseState.OPEN,
        "discussion.thread",
    )
    assert thread_of(session, held).state is State.HELD


def test_a_published_one_gets_the_next_number_then_and_its_author_is_the_actor(
    session: Session, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    held = reply(ben, thread.post_id, screen=HOLD)
    later = reply(ana, thread.post_id)
    moderating.publish_held_post(session, tom, held.post_id)
    assert later.number == 2
    assert place_of(session, held).number == 3
    assert thread_of(session, thread).reply_count == 2
    name, actor_id, payload = events(session)[-1]
    assert (name, actor_id, payload["number"]) == ("discussion.reply_posted", ben.user_id, 3)
    assert "moderator" in words_of(session, held).note


def test_a_held_thread_becomes_visible_when_published(
    session: Session, ana: Actor, tom: Actor, post_thread: PostThread
) -> None:
    held = post_thread(ana, screen=HOLD)
    moderating.publish_held_post(session, tom, held.post_id)
    thread = thread_of(session, held)
    assert (thread.state, thread.highest_number) == (State.PUBLISHED, 1)


def test_a_declined_one_tells_its_author_why(
    session: Session, ana: Actor, tom: Actor, post_thread: PostThread
) -> None:
    held = post_thread(ana, screen=HOLD)
    moderating.decline_held_post(session, tom, held.post_id, "Please leave the customer out.")
    words = words_of(session, held)
    assert (words.state, words.note) == (State.REJECTED, "Please leave the customer out.")
    assert thread_of(session, held).state is State.REJECTED


def test_only_staff_decide(session: Session, ana: Actor, post_thread: PostThread) -> None:
    held = post_thread(ana, screen=HOLD)
    with pytest.raises(NotAllowed):
        moderating.publish_held_post(session, ana, held.post_id)
    with pytest.raises(NotAllowed):
        moderating.decline_held_post(session, ana, held.post_id, "")


def test_its_author_may_mend_it_so_that_the_policy_is_content(
    session: Session, ana: Actor, post_thread: PostThread
) -> None:
    held = post_thread(ana, "many links", screen=HOLD)
    mended = edit(session, ana, held, "no links", title="T")
    assert (mended.state, mended.number) == (State.PUBLISHED, 1)
    assert session.scalars(select(Case)).one().state is CaseState.WITHDRAWN
    assert thread_of(session, held).state is State.PUBLISHED


def test_what_a_moderator_declined_goes_to_a_moderator_again(
    session: Session, ana: Actor, tom: Actor, post_thread: PostThread
) -> None:
    held = post_thread(ana, screen=HOLD)
    moderating.decline_held_post(session, tom, held.post_id, "No.")
    again = edit(session, ana, held, "other words", title="T")
    assert again.state is State.HELD
    assert "moderator" in again.messages[0]
    assert session.scalar(select(func.count()).where(Case.state == CaseState.OPEN)) == 1
    assert thread_of(session, held).state is State.HELD


def test_withdrawing_a_held_thread_leaves_nothing_to_see(
    session: Session, ana: Actor, tom: Actor, post_thread: PostThread
) -> None:
    held = post_thread(ana, screen=HOLD)
    service.remove_post(session, ana, held.post_id)
    assert session.scalars(select(Case)).one().state is CaseState.WITHDRAWN
    for actor in (ana, tom):
        with pytest.raises(NotFound):
            marking.mark_read(session, actor, held.thread_id, [1])


def test_publishing_twice_gives_one_number(
    session: Session, ana: Actor, tom: Actor, post_thread: PostThread
) -> None:
    held = post_thread(ana, screen=HOLD)
    for _ in range(2):
        moderating.publish_held_post(session, tom, held.post_id)
    assert thread_of(session, held).highest_number == 1


def test_staff_decide_about_what_waits_and_do_not_just_take_it_away(
    session: Session, ana: Actor, tom: Actor, post_thread: PostThread
) -> None:
    held = post_thread(ana, screen=HOLD)
    with pytest.raises(NotAllowed, match="publish it, or decline it"):
        service.remove_post(session, tom, held.post_id)
    moderating.decline_held_post(session, tom, held.post_id, "No.")
    assert service.remove_post(session, tom, held.post_id).state is State.REMOVED
