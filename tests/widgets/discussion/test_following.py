"""Who follows a thread without having said so: those who write in it."""

from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.engagement import following
from lmssocial.social.engagement.models import Because, Level
from lmssocial.widgets.discussion import moderating
from tests.support.discussion import HOLD, PostThread, Reply

THREAD = "discussion.thread"


def test_authors_follow_the_threads_they_write_in(
    session: Session, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    reply(ben, reply(ana, thread.post_id).post_id)
    assert following.level_of(session, ana, THREAD, thread.thread_id) == (Level.FOLLOW, Because.STARTED)
    assert following.level_of(session, ben, THREAD, thread.thread_id) == (Level.FOLLOW, Because.REPLIED)
    assert following.level_of(session, tom, THREAD, thread.thread_id) is None


def test_whoever_muted_a_thread_is_not_brought_back_by_answering(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    following.follow(session, ben, THREAD, thread.thread_id, Level.MUTE)
    reply(ben, thread.post_id)
    assert following.level_of(session, ben, THREAD, thread.thread_id) == (Level.MUTE, Because.CHOSE)


def test_the_author_follows_and_not_the_moderator_who_lets_it_through(
    session: Session, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    held = reply(ben, thread.post_id, screen=HOLD)
    assert following.level_of(session, ben, THREAD, thread.thread_id) is None
    moderating.publish_held_post(session, tom, held.post_id)
    assert following.level_of(session, ben, THREAD, thread.thread_id) == (Level.FOLLOW, Because.REPLIED)
    assert following.level_of(session, tom, THREAD, thread.thread_id) is None
