"""What stands under a post, and that what is kept in memory is never shown to the wrong person."""

import itertools
import re
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.discussion import access, moderating, service
from lmssocial.widgets.discussion.acts import acts_view
from lmssocial.widgets.discussion.fragments import Reader, rights
from lmssocial.widgets.discussion.models import Thread
from lmssocial.widgets.discussion.queries.posts import Window, posts, waiting_posts
from lmssocial.widgets.discussion.queries.threads import thread_head
from lmssocial.widgets.discussion.settings import DiscussionSettings
from tests.support.discussion import HOLD, PostThread, Reply, edit
from tests.support.people import Place
from tests.support.seat import Seat

SitDown = Callable[[Actor], Seat]


def every_state(
    session: Session, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> int:
    """A thread of Ana's with a post of Ben's in every state there is."""
    thread = post_thread(ana)
    reply(ben, thread.post_id)
    edit(session, ben, reply(ben, thread.post_id), "another wording")
    service.remove_post(session, ben, reply(ben, thread.post_id).post_id)
    service.remove_post(session, tom, reply(ben, thread.post_id).post_id)
    edit(session, ben, reply(ben, thread.post_id), "many links", screen=HOLD)
    reply(ben, thread.post_id, screen=HOLD)
    declined = reply(ben, thread.post_id, screen=HOLD)
    moderating.decline_held_post(session, tom, declined.post_id, "No.")
    return thread.thread_id


def test_the_links_under_a_post_are_what_access_allows(
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    tom: Actor,
    post_thread: PostThread,
    reply: Reply,
) -> None:
    thread_id = every_state(session, ana, ben, tom, post_thread, reply)
    seen = 0
    for locked, removed, actor in itertools.product((False, True), (False, True), (ana, ben, tom)):
        thread = session.scalars(select(Thread).where(Thread.id == thread_id)).one()
        thread.locked, thread.state = locked, State.REMOVED if removed else State.PUBLISHED
        session.flush()
        if not access.sees_thread(actor, thread):
            continue
        head = thread_head(session, actor, place.placement.id, thread_id)
        views = posts(session, actor, thread_id, Window()).posts + waiting_posts(session, actor, thread_id)
        for view in views:
            words = session.scalars(select(Contribution).where(Contribution.id == view.id)).one()
            reader = Reader(
                base="",
                moderation="",
                thread_id=thread_id,
                locale="en",
                zone="UTC",
                is_author=view.author_id == actor.user_id,
                moderates=actor.moderates,
                is_live=head.state is State.PUBLISHED,
                is_open=actor.moderates or not head.locked,
                is_unread=False,
                answers_here=True,
            )
            may = rights(view, reader)
            assert may.reply == access.may_reply(actor, thread, words)
            assert may.edit == access.may_edit(actor, thread, words)
            assert may.restore == access.may_restore(actor, thread, words)
            acts = acts_view(session, actor, place.placement.id, view.id, DiscussionSettings())
            assert acts.may_remove == access.may_remove(actor, thread, words)
            assert acts.may_report == moderating.may_flag(actor, thread, words)
            assert may.mark == acts.may_mark
            assert may.edit == acts.may_edit
            assert may.why == acts.may_ask_why
            assert (may.reply and bool(view.html)) == acts.may_quote
            assert bool(view.html) == bool(acts.html)
            assert may.why == moderating.may_ask_why(actor, thread, words)
            assert may.history == (
                access.may_see_history(actor, thread, words) and words.edited_at is not None
            )
            assert bool(view.html) == (
                access.reads_post(actor, thread, words) and words.state is not State.REMOVED
            )
            assert access.sees_post(actor, thread, words)
            seen += 1
    assert seen > 60


def test_what_one_person_may_do_is_not_shown_to_the_next(
    session: Session, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply, seat: SitDown
) -> None:
    thread_id = every_state(session, ana, ben, tom, post_thread, reply)
    pages = {}
    for _twice in range(2):
        for actor in (ana, ben, tom):
            html = seat(actor).open(f"/threads/{thread_id}").get_data(as_text=True)
            pages[actor.name] = html
    assert len(re.findall(r"/posts/\d+/edit", pages["Ana Ruiz"])) == 1
    assert len(re.findall(r'href="[^"]*/posts/\d+/edit', pages["Ben Okoro"])) == 5
    assert not re.findall(r"/posts/\d+/edit", pages["Tom Berg"])
    assert "many links" not in pages["Ana Ruiz"]
    assert "many links" in pages["Ben Okoro"]
    assert pages["Ana Ruiz"].count("is hidden until a moderator has looked at it.") == 1
    assert len(re.findall(r'formaction="[^"]*/posts/\d+/helpful"', pages["Ana Ruiz"])) == 2
    assert len(re.findall(r'formaction="[^"]*/posts/\d+/helpful"', pages["Ben Okoro"])) == 1
    assert pages["Ben Okoro"].count("Why, and what you can do") == 3
    assert "A moderator removed this post by Ben Okoro." in pages["Ana Ruiz"]


def test_a_name_that_changed_is_shown_at_once(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, seat: SitDown
) -> None:
    thread, at_bens = post_thread(ana), seat(ben)
    assert "Ana Ruiz" in at_bens.open(f"/threads/{thread.thread_id}").get_data(as_text=True)
    user = session.scalars(select(User).where(User.id == ana.user_id)).one()
    user.name = "Ana Ruiz-Ortega"
    session.commit()
    assert "Ana Ruiz-Ortega" in at_bens.open(f"/threads/{thread.thread_id}").get_data(as_text=True)


def test_lists_are_nested_two_steps_and_closed_again(
    ana: Actor, post_thread: PostThread, reply: Reply, seat: SitDown
) -> None:
    thread = post_thread(ana)
    last = thread
    for _ in range(6):
        last = reply(ana, last.post_id)
    reply(ana, thread.post_id)
    html = seat(ana).open(f"/threads/{thread.thread_id}").get_data(as_text=True)
    start = html.index('<ol class="posts">')
    part = html[start : html.index("<form", start)]
    assert part.count("<ol") == part.count("</ol>") == 3
    assert len(re.findall(r"<li>", part)) == len(re.findall(r"</li>", part)) == 8
    assert part.count("in reply to") == 5
