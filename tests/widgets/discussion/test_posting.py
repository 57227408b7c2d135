"""Threads and replies."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Ruling, Submission
from lmssocial.core.kernel.errors import Gone, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.composing.handing_in import Rejected
from lmssocial.social.content.drafts import Unsent
from lmssocial.social.content.models import Contribution, Draft, State
from lmssocial.social.moderation.screening import Screening
from lmssocial.widgets.discussion import drafting, service
from lmssocial.widgets.discussion.drafts import ReplyDraft, ThreadDraft
from lmssocial.widgets.discussion.models import Post
from tests.conftest import TestClock
from tests.support.discussion import (
    REJECT,
    PostThread,
    Reply,
    events,
    let_pass,
    place_of,
    ruling,
    thread_of,
    words_of,
)
from tests.support.people import Place, make_person, make_place


def test_a_thread_is_published_with_its_opening_as_post_one(
    session: Session, place: Place, ana: Actor, post_thread: PostThread, clock: TestClock
) -> None:
    posted = post_thread(ana, "Which *limit*?", title="  Walk-away\n point ")
    thread, words, post = thread_of(session, posted), words_of(session, posted), place_of(session, posted)
    assert posted.number == post.number == thread.highest_number == 1
    assert (thread.title, thread.state, thread.reply_count) == ("Walk-away point", State.PUBLISHED, 0)
    assert (thread.placement_id, thread.community_id) == (place.placement.id, place.community.id)
    assert words.html == '<p dir="auto">Which <em>limit</em>?</p>'
    assert words.published_at == thread.last_activity_at == clock.now
    assert (words.kind, words.author_role) == ("discussion.thread", "learner")


def test_the_log_says_who_posted_what_where_and_no_words(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana, "Secret words")
    answer = reply(ben, thread.post_id, "More secret words")
    (first, ana_id, opened), (second, ben_id, answered) = events(session)
    assert (first, ana_id, second, ben_id) == (
        "discussion.thread_posted",
        ana.user_id,
        "discussion.reply_posted",
        ben.user_id,
    )
    assert opened["post_id"] == thread.post_id
    assert answered["parent_author_id"] == ana.user_id
    assert answered["number"] == answer.number == 2
    assert "secret" not in str(events(session)).lower()


def test_replies_are_numbered_as_they_come_and_sorted_as_a_tree(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply
) -> None:
    one = post_thread(ana)
    two = reply(ben, one.post_id)
    three = reply(ana, one.post_id)
    four = reply(ana, two.post_id)
    five = reply(ben, four.post_id)
    assert [p.number for p in (one, two, three, four, five)] == [1, 2, 3, 4, 5]
    in_order = session.scalars(
        select(Post.number).where(Post.thread_id == one.thread_id).order_by(Post.path)
    ).all()
    assert in_order == [1, 2, 4, 5, 3]
    assert [place_of(session, p).depth for p in (one, two, three, four, five)] == [0, 1, 1, 2, 3]


def test_a_chain_of_answers_may_be_very_deep(
    session: Session, ana: Actor, post_thread: PostThread, reply: Reply
) -> None:
    last = post_thread(ana)
    for _ in range(130):
        last = reply(ana, last.post_id)
    post = place_of(session, last)
    assert post.depth == 130
    assert post.path is not None
    assert len(post.path) == 600
    in_order = session.scalars(
        select(Post.number).where(Post.thread_id == last.thread_id).order_by(Post.path)
    ).all()
    assert in_order == list(range(1, 132))


def test_a_reply_moves_the_thread_up_and_is_counted(
    session: Session,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    clock: TestClock,
) -> None:
    posted = post_thread(ana)
    before = thread_of(session, posted).version
    clock.tick(minutes=5)
    reply(ben, posted.post_id)
    thread = thread_of(session, posted)
    assert (thread.reply_count, thread.last_activity_at, thread.last_author_id) == (
        1,
        clock.now,
        ben.user_id,
    )
    assert thread.version > before


def test_the_same_form_sent_twice_posts_once(session: Session, place: Place, ana: Actor, ben: Actor) -> None:
    draft = ThreadDraft(placement_id=place.placement.id, title="T", source="s", submission_key="k1")
    first, second = (service.post_thread(session, let_pass, ana, draft) for _ in range(2))
    assert (first.thread_id, first.post_id) == (second.thread_id, second.post_id)
    answer = ReplyDraft(parent_id=first.post_id, source="a", submission_key="k2")
    replies = [service.reply_to(session, let_pass, ana, answer) for _ in range(2)]
    assert replies[0].post_id == replies[1].post_id
    assert thread_of(session, first).reply_count == 1
    others = service.reply_to(session, let_pass, ben, answer)
    assert others.post_id != replies[0].post_id, "keys of two people never meet"


def test_other_words_from_a_form_that_was_sent_are_another_post(
    session: Session, place: Place, ana: Actor
) -> None:
    """Somebody goes back to the page, where the form still stands, and writes something else in it."""
    draft = ThreadDraft(placement_id=place.placement.id, title="T", source="s", submission_key="k1")
    first = service.post_thread(session, let_pass, ana, draft)
    other_title = service.post_thread(session, let_pass, ana, replace(draft, title="U"))
    assert other_title.thread_id != first.thread_id
    answer = ReplyDraft(parent_id=first.post_id, source="a", submission_key="k2")
    numbers = [
        service.reply_to(session, let_pass, ana, replace(answer, source=source)).number
        for source in ("a", "b", "a\r\n", "b")
    ]
    assert numbers == [2, 3, 2, 3]


def test_policies_see_plain_words_and_links(session: Session, place: Place, ana: Actor) -> None:
    seen: list[Submission] = []

    def look(submission: Submission) -> Screening:
        seen.append(submission)
        return Screening()

    draft = ThreadDraft(placement_id=place.placement.id, title="T", source="*Look* [here](https://x.example)")
    service.post_thread(session, look, ana, draft)
    assert (seen[0].kind, seen[0].text, seen[0].links) == (
        "discussion.thread",
        "Look here",
        ("https://x.example",),
    )
    assert (seen[0].author_role, seen[0].is_edit) == ("learner", False)


def test_what_a_policy_refuses_is_not_stored_and_says_why(
    session: Session, ana: Actor, post_thread: PostThread
) -> None:
    with pytest.raises(Rejected, match="refused by linklimit") as refusal:
        post_thread(ana, screen=REJECT)
    assert refusal.value.message == "Too many links."
    assert refusal.value.status == 422
    assert session.scalar(select(func.count()).select_from(Contribution)) == 0


def test_advice_is_published_and_told(ana: Actor, post_thread: PostThread) -> None:
    posted = post_thread(ana, screen=ruling(Ruling.ANNOTATE, "This looks like a telephone number."))
    assert posted.state is State.PUBLISHED
    assert posted.messages == ("This looks like a telephone number.",)


def test_nobody_posts_into_another_community_or_another_widget(
    session: Session, place: Place, ana: Actor
) -> None:
    elsewhere = make_place(session, beside=place)
    other_widget = make_place(session, beside=place, widget="library")
    for placement in (elsewhere.placement, other_widget.placement):
        draft = ThreadDraft(placement_id=placement.id, title="T", source="s")
        with pytest.raises(NotFound):
            service.post_thread(session, let_pass, ana, draft)


def test_nobody_answers_in_another_course(
    session: Session, place: Place, ana: Actor, post_thread: PostThread, reply: Reply
) -> None:
    stranger = make_person(session, make_place(session, beside=place))
    with pytest.raises(NotFound):
        reply(stranger, post_thread(ana).post_id)


def test_a_removed_post_cannot_be_answered_and_the_answer_says_so(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    answer = reply(ben, thread.post_id)
    service.remove_post(session, ben, answer.post_id)
    with pytest.raises(Gone, match="removed"):
        reply(ana, answer.post_id)


def test_posting_uses_up_the_draft(
    session: Session, place: Place, ana: Actor, post_thread: PostThread
) -> None:
    unsent = Unsent(target=f"thread:{place.placement.id}", title="T", source="half a", sequence=1)
    assert drafting.save_draft(session, ana, place.placement.id, unsent)
    post_thread(ana)
    assert session.scalar(select(func.count()).select_from(Draft)) == 0
