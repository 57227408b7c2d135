"""The best answers first: what helped most of those who read it, and not only what stands there longest."""

from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.engagement import service as marks
from lmssocial.widgets.discussion import marking
from lmssocial.widgets.discussion.engaging import EngagedPosts
from lmssocial.widgets.discussion.queries.posts import best_first
from tests.support.discussion import PostThread, Reply
from tests.support.people import Place, make_person

PORT = EngagedPosts()


def test_a_late_answer_that_helped_all_its_readers_stands_before_an_early_one_that_helped_some(
    session: Session, place: Place, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    early, late, unmarked = (reply(ben, thread.post_id) for _ in range(3))
    people = [make_person(session, place) for _ in range(12)]
    for number, person in enumerate(people):
        read = (1, 2, 3) if number < 3 else (1, 2)
        marking.mark_read(session, person, thread.thread_id, read)
    for person in people[:3]:
        marks.mark_helpful(session, person, PORT, late.post_id)
    for person in people[3:7]:
        marks.mark_helpful(session, person, PORT, early.post_id)
    found = [post.id for post in best_first(session, ana, thread.thread_id).posts]
    assert found == [thread.post_id, late.post_id, early.post_id, unmarked.post_id]
    for person in people[3:]:
        marking.mark_read(session, person, thread.thread_id, (3,))
    found = [post.id for post in best_first(session, ana, thread.thread_id).posts]
    assert found == [thread.post_id, early.post_id, late.post_id, unmarked.post_id]
