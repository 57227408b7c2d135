"""A discussion in a copied course: settings and prompts, never people's posts."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities import copies
from lmssocial.social.content.models import Contribution
from lmssocial.widgets.discussion import service
from lmssocial.widgets.discussion.copying import bring_prompts
from lmssocial.widgets.discussion.drafts import PollDraft, ThreadDraft
from lmssocial.widgets.discussion.models import Poll, PollOption, Thread
from lmssocial.widgets.discussion.settings import DiscussionSettings, Groups
from tests.support.discussion import PostThread, Reply, let_pass
from tests.support.people import Place, make_person, make_place


def test_a_copy_keeps_the_settings_without_their_dates(session: Session, place: Place) -> None:
    place.placement.settings = {
        "groups": "separate",
        "stars": True,
        "due_at": "2026-01-01T00:00:00+00:00",
        "locks_at": "2026-02-01T00:00:00+00:00",
    }
    elsewhere = make_place(session, beside=place)
    una = make_person(session, elsewhere, "Una", LmsRole.INSTRUCTOR)
    copy = copies.placement_for_uuid(session, una, place.placement.uuid)
    assert copy is not None
    assert DiscussionSettings.read(copy.settings) == DiscussionSettings(groups=Groups.SEPARATE, stars=True)
    assert copies.adopt(session, una, copy) == place.placement.id
    assert copies.adopt(session, una, copy) is None


def test_prompts_come_along_in_the_name_of_the_new_instructor_and_answers_never(
    session: Session, place: Place, ana: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    prompt = service.post_thread(
        session,
        let_pass,
        tom,
        ThreadDraft(
            placement_id=place.placement.id,
            title="Introduce yourself",
            source="Who are **you**?",
            pinned=True,
            poll=PollDraft(question="Where?", options=("Here", "There")),
        ),
    )
    reply(ana, prompt.post_id, "I am Ana.")
    post_thread(tom, "not pinned")
    learners = post_thread(ana, "of a learner")
    service.pin(session, tom, learners.thread_id)
    removed = post_thread(tom, "removed")
    service.pin(session, tom, removed.thread_id)
    service.remove_post(session, tom, removed.post_id)
    elsewhere = make_place(session, beside=place)
    una = make_person(session, elsewhere, "Una", LmsRole.INSTRUCTOR)
    bring_prompts(session, una, place.placement.id, elsewhere.placement.id)
    session.flush()
    thread = session.scalars(select(Thread).where(Thread.placement_id == elsewhere.placement.id)).one()
    assert (thread.title, thread.author_id, thread.pinned, thread.reply_count) == (
        "Introduce yourself",
        una.user_id,
        True,
        0,
    )
    words = session.scalars(
        select(Contribution).where(Contribution.placement_id == elsewhere.placement.id)
    ).one()
    assert "<strong>you</strong>" in words.html
    poll = session.scalars(select(Poll).where(Poll.thread_id == thread.id)).one()
    assert set(session.scalars(select(PollOption.text).where(PollOption.poll_id == poll.id))) == {
        "Here",
        "There",
    }


def test_nothing_comes_along_from_another_customer(
    session: Session, place: Place, tom: Actor, post_thread: PostThread
) -> None:
    service.pin(session, tom, post_thread(tom).thread_id)
    abroad = make_place(session)
    una = make_person(session, abroad, "Una", LmsRole.INSTRUCTOR)
    bring_prompts(session, una, place.placement.id, abroad.placement.id)
    found = session.scalars(select(Thread).where(Thread.placement_id == abroad.placement.id)).all()
    assert found == []
