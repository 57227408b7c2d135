"""What authors and askers hear of what others think of posts."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.engagement import mentioning, service
from lmssocial.social.notifications import queries, reading
from lmssocial.widgets.discussion import questions
from lmssocial.widgets.discussion.engaging import EngagedPosts
from lmssocial.widgets.discussion.models import Thread, ThreadKind
from lmssocial.widgets.discussion.service import Posted
from tests.support.discussion import PostThread, Reply
from tests.support.notices import REGISTRY, bell, notices_of, tell
from tests.support.people import Place, make_person

PORT = EngagedPosts()


def asked(session: Session, thread: Posted) -> Posted:
    """Let a thread be a question."""
    session.execute(update(Thread).where(Thread.id == thread.thread_id).values(kind=ThreadKind.QUESTION))
    session.expire_all()
    return thread


def test_helpful_is_one_quiet_notice_however_many_people_say_so(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread
) -> None:
    post_id = post_thread(ana).post_id
    tell(session)
    for person in (ben, tom, make_person(session, place, "Cem Kaya")):
        service.mark_helpful(session, person, PORT, post_id)
        tell(session)
    assert bell(session, ana) == 1
    assert notices_of(session, ana) == ["Cem Kaya and 2 others found your post helpful"]


def test_what_is_taken_back_is_no_news_and_done_again_neither(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread
) -> None:
    post_id = post_thread(ana).post_id
    tell(session)
    service.mark_helpful(session, ben, PORT, post_id)
    tell(session)
    service.unmark_helpful(session, ben, PORT, post_id)
    assert notices_of(session, ana) == []  # at once, whatever the worker knows
    tell(session)
    assert bell(session, ana) == 0

    service.mark_helpful(session, ben, PORT, post_id)
    tell(session)
    reading.mark_all_read(session, ana)
    service.unmark_helpful(session, ben, PORT, post_id)
    service.mark_helpful(session, ben, PORT, post_id)
    tell(session)
    assert bell(session, ana) == 0


def test_of_an_endorsement_hear_who_answered_and_who_asked(
    session: Session, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    answer = reply(ben, asked(session, post_thread(ana)).post_id)
    tell(session)
    reading.mark_all_read(session, ana)
    service.endorse(session, tom, PORT, answer.post_id, "For contracts.")
    tell(session)
    assert notices_of(session, ben) == ["Tom Berg endorsed your post"]
    assert notices_of(session, ana)[0] == "Tom Berg endorsed an answer to your question"
    service.unendorse(session, tom, PORT, answer.post_id)
    tell(session)
    assert notices_of(session, ben) == []
    assert (bell(session, ana), bell(session, ben)) == (0, 0)


def test_who_solved_a_question_hears_so_while_it_is_true(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply
) -> None:
    answer = reply(ben, asked(session, post_thread(ana)).post_id)
    tell(session)
    questions.solve(session, ana, answer.post_id)
    tell(session)
    assert notices_of(session, ben) == ["Ana Ruiz says that your answer solved the question"]
    assert notices_of(session, ana) == ["Ben Okoro replied to you"]
    questions.unsolve(session, ana, answer.post_id)
    assert notices_of(session, ben) == []


def test_a_special_mention_is_told_with_its_sentence(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread
) -> None:
    post_id = post_thread(ana).post_id
    tell(session)
    mentioning.mention_specially(session, ben, PORT, post_id, "It names the price of waiting.")
    tell(session)
    [notice] = queries.notice_page(session, REGISTRY, ana).notices
    assert notice.words.sentence == "Ben Okoro made a special mention of your post"
    assert notice.words.excerpt == "It names the price of waiting."
    mentioning.take_mention_back(session, ben, PORT, post_id)
    assert notices_of(session, ana) == []
