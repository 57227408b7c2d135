"""Out of sight and back."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.discussion import marking, moderating, service
from lmssocial.widgets.discussion.models import Post
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


def test_answers_keep_their_place_when_what_they_answer_is_removed(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    middle = reply(ben, thread.post_id)
    below = reply(ana, middle.post_id)
    service.remove_post(session, ben, middle.post_id)
    assert words_of(session, middle).state is State.REMOVED
    assert words_of(session, middle).removed_by_id == ben.user_id
    assert place_of(session, middle).number == 2
    assert words_of(session, below).state is State.PUBLISHED
    assert thread_of(session, thread).reply_count == 1


def test_its_author_and_staff_may_remove_and_nobody_else(
    session: Session, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    one, two = reply(ana, thread.post_id), reply(ana, thread.post_id)
    with pytest.raises(NotAllowed):
        service.remove_post(session, ben, one.post_id)
    service.remove_post(session, ana, one.post_id)
    service.remove_post(session, tom, two.post_id)
    with pytest.raises(NotAllowed, match="already"):
        service.remove_post(session, ana, one.post_id)


def test_an_unanswered_thread_goes_with_its_opening(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread
) -> None:
    posted = post_thread(ana)
    assert service.remove_post(session, ana, posted.post_id).state is State.REMOVED
    with pytest.raises(NotFound):
        marking.mark_read(session, ben, posted.thread_id, [1])


def test_an_answered_thread_stays_when_its_author_removes_the_opening(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply
) -> None:
    posted = post_thread(ana)
    reply(ben, posted.post_id)
    assert service.remove_post(session, ana, posted.post_id).state is State.PUBLISHED


def test_staff_remove_a_whole_thread_with_its_opening(
    session: Session, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    posted = post_thread(ana)
    answer = reply(ben, posted.post_id)
    assert service.remove_post(session, tom, posted.post_id).state is State.REMOVED
    with pytest.raises(NotFound):
        edit(session, ben, answer, "x")
    assert service.restore_post(session, tom, posted.post_id).state is State.PUBLISHED
    edit(session, ben, answer, "x")


def test_a_restored_reply_is_counted_again_at_its_old_place(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    answer = reply(ben, thread.post_id)
    service.remove_post(session, ben, answer.post_id)
    service.restore_post(session, ben, answer.post_id)
    assert thread_of(session, thread).reply_count == 1
    assert place_of(session, answer).number == 2
    assert words_of(session, answer).removed_by_id is None
    assert [name for name, _, _ in events(session)][-2:] == [
        "discussion.post_removed",
        "discussion.post_restored",
    ]


def test_what_a_moderator_removed_only_a_moderator_restores(
    session: Session, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    answer = reply(ben, thread.post_id)
    service.remove_post(session, tom, answer.post_id)
    with pytest.raises(NotAllowed, match="moderator"):
        service.restore_post(session, ben, answer.post_id)
    service.restore_post(session, tom, answer.post_id)
    with pytest.raises(NotAllowed, match="not removed"):
        service.restore_post(session, tom, answer.post_id)


def test_counters_are_what_counting_gives_after_any_history(
    session: Session, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    answers = [reply(ben, thread.post_id) for _ in range(5)]
    held = reply(ben, thread.post_id, screen=HOLD)
    edit(session, ben, answers[0], "held now", screen=HOLD)
    service.remove_post(session, ben, answers[0].post_id)
    service.remove_post(session, tom, answers[1].post_id)
    service.restore_post(session, tom, answers[1].post_id)
    moderating.publish_held_post(session, tom, held.post_id)
    service.restore_post(session, ben, answers[0].post_id)
    counted = session.scalar(
        select(func.count())
        .select_from(Post)
        .join(Contribution, Contribution.id == Post.contribution_id)
        .where(
            Post.thread_id == thread.thread_id,
            Post.parent_id.is_not(None),
            Contribution.state == State.PUBLISHED,
        )
    )
    assert thread_of(session, thread).reply_count == counted
    numbers = session.scalars(select(Post.number).where(Post.thread_id == thread.thread_id)).all()
    assert sorted(n for n in numbers if n) == list(range(1, thread_of(session, thread).highest_number + 1))
