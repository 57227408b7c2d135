"""New wordings."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import ReplyTo, Submission
from lmssocial.core.kernel.errors import Conflict, NotAllowed
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.composing.handing_in import Rejected
from lmssocial.social.content.models import Revision, State
from lmssocial.social.moderation.models import Case, CaseState
from lmssocial.social.moderation.screening import Screening
from lmssocial.widgets.discussion import moderating
from tests.conftest import TestClock
from tests.support.discussion import (
    HOLD,
    REJECT,
    PostThread,
    Reply,
    edit,
    events,
    place_of,
    thread_of,
    words_of,
)


def test_the_old_wording_is_kept_as_a_revision(
    session: Session, ana: Actor, post_thread: PostThread, clock: TestClock
) -> None:
    posted = post_thread(ana, "first", title="One")
    began = clock.now
    clock.tick(60)
    edit(session, ana, posted, "second", title="Two")
    clock.tick(60)
    edit(session, ana, posted, "third", title="Two")
    revisions = session.scalars(select(Revision).order_by(Revision.number)).all()
    assert [(r.number, r.title, r.source) for r in revisions] == [
        (1, "One", "first"),
        (2, "Two", "second"),
    ]
    assert revisions[0].created_at == began
    words = words_of(session, posted)
    assert (words.source, words.edit_count, words.edited_at) == ("third", 2, clock.now)
    assert thread_of(session, posted).title == "Two"
    assert [name for name, _, _ in events(session)][-1] == "discussion.post_edited"


def test_an_edit_that_changes_nothing_is_no_edit(
    session: Session, ana: Actor, post_thread: PostThread
) -> None:
    posted = post_thread(ana, "same", title="T")
    edit(session, ana, posted, "same \n", title=" T ")
    assert words_of(session, posted).edited_at is None
    assert session.scalar(select(func.count()).select_from(Revision)) == 0


def test_two_edits_at_once_do_not_overwrite_each_other(
    session: Session, ana: Actor, post_thread: PostThread
) -> None:
    posted = post_thread(ana, "first", title="T")
    seen = words_of(session, posted).version
    edit(session, ana, posted, "from one tab", title="T", seen_version=seen)
    with pytest.raises(Conflict):
        edit(session, ana, posted, "from the other", title="T", seen_version=seen)
    assert words_of(session, posted).source == "from one tab"


def test_nobody_changes_the_words_of_others_not_even_staff(
    session: Session, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread
) -> None:
    posted = post_thread(ana)
    for actor in (ben, tom):
        with pytest.raises(NotAllowed):
            edit(session, actor, posted, "words in her mouth")


def test_a_published_post_that_is_held_after_an_edit_keeps_its_number(
    session: Session, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    answer = reply(ben, thread.post_id)
    edit(session, ben, answer, "links links", screen=HOLD)
    assert words_of(session, answer).state is State.HELD
    assert thread_of(session, thread).reply_count == 0
    moderating.publish_held_post(session, tom, answer.post_id)
    assert place_of(session, answer).number == 2
    assert thread_of(session, thread).reply_count == 1
    assert thread_of(session, thread).highest_number == 2


def test_a_held_new_title_is_not_shown_before_it_is_published(
    session: Session, ana: Actor, tom: Actor, post_thread: PostThread
) -> None:
    posted = post_thread(ana, title="Harmless")
    edit(session, ana, posted, "x", title="Buy now", screen=HOLD)
    assert thread_of(session, posted).title == "Harmless"
    assert thread_of(session, posted).state is State.PUBLISHED
    moderating.publish_held_post(session, tom, posted.post_id)
    assert thread_of(session, posted).title == "Buy now"


def test_a_refused_edit_leaves_the_old_words(session: Session, ana: Actor, post_thread: PostThread) -> None:
    posted = post_thread(ana, "good")
    with pytest.raises(Rejected):
        edit(session, ana, posted, "bad", screen=REJECT)
    assert words_of(session, posted).source == "good"


def test_policies_are_told_that_it_is_an_edit(session: Session, ana: Actor, post_thread: PostThread) -> None:
    seen: list[bool] = []

    def look(submission: Submission) -> Screening:
        seen.append(submission.is_edit)
        return Screening()

    edit(session, ana, post_thread(ana, "a"), "b", screen=look)
    assert seen == [True]


def test_what_only_came_too_soon_is_published_with_the_same_words(
    session: Session, ana: Actor, post_thread: PostThread
) -> None:
    held = post_thread(ana, "So soon again.", title="Soon", screen=HOLD)
    still = edit(session, ana, held, "So soon again.", title="Soon", screen=HOLD)
    assert (still.state, len(session.scalars(select(Case)).all())) == (State.HELD, 1)
    later = edit(session, ana, held, "So soon again.", title="Soon")

    assert later.state is State.PUBLISHED
    assert session.scalars(select(Revision)).all() == []
    assert session.scalars(select(Case.state)).one() is CaseState.WITHDRAWN


def test_policies_see_what_an_edited_reply_answers_and_when_it_was_written(
    session: Session, clock: TestClock, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana)
    clock.tick(7)
    answer = reply(ben, thread.post_id)
    clock.tick(minutes=10)
    seen: list[Submission] = []

    def look(submission: Submission) -> Screening:
        seen.append(submission)
        return Screening()

    edit(session, ben, answer, "A better answer.", screen=look)

    assert seen[0].reply_to == ReplyTo(author_id=ana.user_id, author_role="learner", seconds_since=7.0)
    assert seen[0].previous != ""
