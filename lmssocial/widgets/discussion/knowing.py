"""The discussion's side of knowledge: threads that answer a question already, and answers that become threads."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import url_for
from sqlalchemy.orm import Session

from lmssocial.core.hooks import ReplyTo
from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Placement
from lmssocial.social.composing import handing_in as composing
from lmssocial.social.composing.handing_in import HandedIn
from lmssocial.social.content import connections, writing
from lmssocial.social.content.drafts import Writing
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.knowledge.ports import Entry, Evidence, Found, Home, Published, Searching, Text
from lmssocial.social.moderation.screening import Screen
from lmssocial.social.search.queries import Field
from lmssocial.widgets.discussion import access, handing_in, numbering, publishing, service
from lmssocial.widgets.discussion.drafts import ThreadDraft
from lmssocial.widgets.discussion.models import Post, Thread, ThreadKind
from lmssocial.widgets.discussion.queries.found import openings
from lmssocial.widgets.discussion.queries.known import (
    KnownThread,
    discussions,
    good_answers,
    known_threads,
    tags_of,
)
from lmssocial.widgets.discussion.settings import DiscussionSettings, Groups


class KnownPosts:
    """What knowledge asks about threads (:class:`~lmssocial.social.knowledge.ports.Known`)."""

    def field(self, actor: Actor) -> Field:
        """What opened the threads that the actor may read, in all discussions of their community."""
        return openings(actor)

    def found(self, session: Session, actor: Actor, subject_ids: Sequence[int]) -> dict[int, Found]:
        """Those of some openings that the actor may read. One query."""
        return {thread.opening_id: _found(thread) for thread in known_threads(session, actor, subject_ids)}

    def searching(self, session: Session, actor: Actor) -> Searching | None:
        """The search of the first discussion, which looks through all of them. One query."""
        places = discussions(session, actor)
        if not places:
            return None
        href = url_for("discussion.post_search", placement_id=places[0].id)
        return Searching(href=href, fields=(("where", "everywhere"),))

    def homes(self, session: Session, actor: Actor) -> list[Home]:
        """The discussions in which the actor starts threads that everybody reads. One query."""
        return [
            Home(placement_id=place.id, title=place.title)
            for place in discussions(session, actor)
            if _takes_knowledge(actor, DiscussionSettings.read(place.settings))
        ]

    def consider(self, session: Session, screen: Screen, home: Home, entry: Entry) -> None:
        """Let the policies look at both texts before a transaction begins.

        :raises Rejected: if a policy refuses one of the two.
        """
        handing_in.consider_thread(session, screen, entry.question.author, _thread(home.placement_id, entry))
        _understood(session, screen, home.placement_id, entry.answer)

    def publish(self, session: Session, screen: Screen, actor: Actor, home: Home, entry: Entry) -> Published:
        """Open a question in the name of who asked, answered by who did; that answer solved it.

        Where the question waits for a moderator, the answer waits with it, whatever the policies say of it.

        :raises NotFound: if the actor publishes nothing in that discussion.
        :raises Rejected: if a policy refuses one of the two.
        """
        place = access.require_place(session, actor, home.placement_id)
        settings = DiscussionSettings.read(place.settings)
        if not _takes_knowledge(actor, settings):
            raise NotFound(_("Nothing can be published there at the moment. Choose another place."))
        asked = _ask(session, screen, place, entry, access.Start(locks_at=settings.locks_at))
        answer = _answer(session, screen, place, asked, entry.answer)
        is_visible = answer.state is State.PUBLISHED
        if is_visible:
            numbering.change(session, asked.thread, solved_id=answer.id)
        return Published(question_id=asked.words.id, answer_id=answer.id, is_visible=is_visible)

    def evidence(self, session: Session, contribution_ids: Sequence[int]) -> list[Evidence]:
        """Those of some posts that answered something everybody reads, and good by somebody's word. Two queries."""
        answers = good_answers(session, contribution_ids)
        if not answers:
            return []
        tags = tags_of(session, [it for answer in answers for it in (answer.id, answer.opening_id)])
        return [
            Evidence(
                contribution_id=answer.id,
                community_id=answer.community_id,
                author_id=answer.author_id,
                title=answer.title,
                question=answer.question,
                text=answer.text,
                tags=tuple(dict.fromkeys((*tags.get(answer.opening_id, ()), *tags.get(answer.id, ())))),
                accepted=answer.accepted,
                at=answer.at,
            )
            for answer in answers
        ]


def _takes_knowledge(actor: Actor, settings: DiscussionSettings) -> bool:
    """Whether threads are for everybody there, it is open, and the actor may start some."""
    return (
        settings.groups is Groups.NONE
        and not access.is_closed(settings)
        and access.may_start(actor, settings)
    )


def _found(thread: KnownThread) -> Found:
    return Found(
        contribution_id=thread.opening_id,
        title=thread.title,
        excerpt=" ".join(thread.words.split()),
        href=url_for("discussion.thread_detail", placement_id=thread.placement_id, thread_id=thread.id),
        is_solved=thread.is_solved,
        is_answered=thread.reply_count > 0,
    )


class _Asked(NamedTuple):
    """A question that was opened just now."""

    thread: Thread
    post: Post
    words: Contribution


def _ask(session: Session, screen: Screen, place: Placement, entry: Entry, start: access.Start) -> _Asked:
    draft = _thread(place.id, entry)
    target = f"knowledge:{place.id}"  # nobody's draft: what its author is writing there stays
    posted = service.open_thread(session, screen, entry.question.author, draft, start, target=target)
    return _Asked(
        session.get_one(Thread, posted.thread_id),
        session.get_one(Post, posted.post_id),
        session.get_one(Contribution, posted.post_id),
    )


def _thread(placement_id: int, entry: Entry) -> ThreadDraft:
    source = entry.question.source
    return ThreadDraft(placement_id=placement_id, title=entry.title, source=source, kind=ThreadKind.QUESTION)


def _understood(
    session: Session, screen: Screen, placement_id: int, answer: Text, replies: ReplyTo | None = None
) -> HandedIn:
    """An answer, after the policies have looked at it.

    :param replies: to what, once that is known.
    """
    author, text = answer.author, Writing(source=answer.source)
    files = composing.files_in(session, author, text)
    known = connections.known_to(session, author, text.source, placement_id)
    return composing.hand_in(screen, author, handing_in.REPLY, text, files, known, reply_to=replies)


def _answer(session: Session, screen: Screen, place: Placement, asked: _Asked, answer: Text) -> Contribution:
    """The answer below its question; it waits with it, though nobody has to decide about the answer itself."""
    author = answer.author
    replies = handing_in.answer_to(asked.words.author_id, asked.words.author_role, asked.words.published_at)
    handed_in = _understood(session, screen, place.id, answer, replies)
    waits = asked.words.state is not State.PUBLISHED and handed_in.held_because is None
    words = writing.add(
        session,
        author,
        handing_in.REPLY,
        handed_in.text,
        handed_in.cooked,
        placement_id=place.id,
        held_because=(publishing.with_its_question(),) if waits else handed_in.held_because,
    )
    post = Post(
        contribution_id=words.id,
        thread_id=asked.thread.id,
        parent_id=asked.post.contribution_id,
        depth=asked.post.depth + 1,
    )
    publishing.settle(session, author, publishing.Entry(asked.thread, post, words), handed_in, waits=waits)
    return words
