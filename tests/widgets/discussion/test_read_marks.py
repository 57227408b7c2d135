"""Read marks."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.discussion import marking
from lmssocial.widgets.discussion.models import ReadMark
from lmssocial.widgets.discussion.service import Posted
from tests.support.discussion import HOLD, PostThread, Reply, events
from tests.support.people import Place


def mark(session: Session, actor: Actor, posted: Posted) -> tuple[int, str]:
    row = session.scalars(
        select(ReadMark)
        .where(ReadMark.user_id == actor.user_id, ReadMark.thread_id == posted.thread_id)
        .execution_options(populate_existing=True)
    ).one()
    return row.last_read_number, row.read_ahead


def test_ones_own_words_are_read(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply
) -> None:
    posted = post_thread(ana)
    reply(ben, posted.post_id)
    assert mark(session, ana, posted) == (1, "")
    assert mark(session, ben, posted) == (0, "2")


def test_a_mark_never_goes_back(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply
) -> None:
    posted = post_thread(ana)
    for _ in range(4):
        reply(ana, posted.post_id)
    marking.mark_read(session, ben, posted.thread_id, [1, 2, 3, 5])
    assert mark(session, ben, posted) == (3, "5")
    marking.mark_read(session, ben, posted.thread_id, [1])
    assert mark(session, ben, posted) == (3, "5")
    marking.mark_read(session, ben, posted.thread_id, [4])
    assert mark(session, ben, posted) == (5, "")


def test_numbers_that_do_not_exist_are_not_read(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread
) -> None:
    posted = post_thread(ana)
    assert marking.mark_read(session, ben, posted.thread_id, [-1, 0, 1, 2, 99]).last == 1


def test_the_log_says_how_many_were_read_for_the_first_time(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply
) -> None:
    posted = post_thread(ana)
    reply(ana, posted.post_id)
    marking.mark_read(session, ben, posted.thread_id, [1, 2])
    marking.mark_read(session, ben, posted.thread_id, [1, 2])
    read = [payload["count"] for name, _, payload in events(session) if name == "discussion.posts_read"]
    assert read == [2]


def test_everything_can_be_taken_as_read_at_once(
    session: Session, place: Place, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply
) -> None:
    threads = [post_thread(ana) for _ in range(3)]
    reply(ana, threads[0].post_id)
    held = post_thread(ana, screen=HOLD)
    marking.mark_read(session, ben, threads[1].thread_id, [1])
    marking.mark_all_read(session, ben, place.placement.id)
    marking.mark_all_read(session, ben, place.placement.id)
    marks = session.execute(
        select(ReadMark.thread_id, ReadMark.last_read_number).where(ReadMark.user_id == ben.user_id)
    ).all()
    assert sorted(map(tuple, marks)) == sorted(
        [(threads[0].thread_id, 2), (threads[1].thread_id, 1), (threads[2].thread_id, 1)]
    )
    assert held.thread_id not in {thread_id for thread_id, _ in marks}
