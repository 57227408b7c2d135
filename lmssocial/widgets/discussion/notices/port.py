"""Who is told of what happens in a discussion, and how that reads.

A post is told of once to each person, for the nearest reason: it is meant for them alone, it answers them, it names
them, it is for everybody, they watch its thread.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import ClassVar

from sqlalchemy.orm import Session

from lmssocial.core.kernel.events import Happened
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.markdown import plain_text
from lmssocial.social.content.text import excerpt
from lmssocial.social.engagement import following
from lmssocial.social.engagement.models import Because
from lmssocial.social.notifications.ports import Kind, Noted, Proposal, Withdrawal, Worded
from lmssocial.social.notifications.recipients import members, moderators
from lmssocial.widgets.discussion.models import Audience, ThreadKind
from lmssocial.widgets.discussion.notices import sentences
from lmssocial.widgets.discussion.notices.kinds import (
    ANNOUNCEMENT,
    BY_AUTHORS,
    ENDORSED,
    HELPFUL,
    KINDS,
    MENTION,
    PRIVATE,
    REMOVED,
    REPLY,
    SPECIAL,
    WATCHED,
)
from lmssocial.widgets.discussion.queries import noticed
from lmssocial.widgets.discussion.queries.noticed import Said, Written
from lmssocial.widgets.discussion.queries.threads import THREAD

EVENTS = (
    "discussion.thread_posted",
    "discussion.reply_posted",
    "discussion.post_edited",
    "discussion.post_removed",
    "discussion.question_solved",
    "engagement.endorsed",
    "engagement.unendorsed",
    "engagement.helpful_marked",
    "engagement.helpful_unmarked",
    "engagement.specially_mentioned",
)
"""The events that somebody is told of."""

Outcome = Sequence[Proposal | Withdrawal]

LENGTH = 160
"""Characters of an excerpt."""


class DiscussionNotices:
    """The discussion's side of notifications (:class:`~lmssocial.social.notifications.ports.Noticed`)."""

    kinds: ClassVar[Sequence[Kind]] = KINDS

    def told(self, session: Session, event: Happened) -> Outcome:
        """Who is told of an event."""
        post_id = _post_of(event)
        post = None if post_id is None else noticed.written(session, post_id)
        if post is None:
            return ()
        return _FOLLOWS.get(event.name, _appreciated)(session, event, post)

    def readers(self, session: Session, actors: Sequence[Actor], proposal: Proposal) -> set[int]:
        """Who may read the post."""
        if proposal.kind == REMOVED or proposal.about_id is None:
            return {actor.user_id for actor in actors}
        return noticed.readers_of(session, actors, proposal.about_id)

    def word(self, session: Session, actor: Actor, notices: Sequence[Noted]) -> dict[int, Worded]:
        """How notices about posts read. At most four queries."""
        open_ids = {one for notice in notices if notice.kind != REMOVED for one in notice.about}
        own_ids = {one for notice in notices if notice.kind == REMOVED for one in notice.about}
        special = {one for notice in notices if notice.kind == SPECIAL for one in notice.about}
        posts = noticed.readable_posts(session, actor, open_ids) if open_ids else {}
        if own_ids:
            posts = noticed.own_posts(session, actor, own_ids) | posts
        said = noticed.special_mentions(session, special) if special else {}
        marked = {one for notice in notices if notice.kind in _BY_MARKS for one in notice.about}
        marks = noticed.marks_on(session, marked) if marked else {}
        worded: dict[int, Worded] = {}
        for notice in notices:
            shown = [posts[one] for one in notice.about if one in posts]
            names = _names(notice, shown, marks, said) if shown else []
            if names or (shown and notice.kind == REMOVED):
                worded[notice.id] = _worded(actor, notice, shown, names, said)
        return worded


def _post_of(event: Happened) -> int | None:
    """The post an event is about: the answer, where a question was solved."""
    for name in ("post_id", "contribution_id"):
        found = event.payload.get(name)
        if isinstance(found, int):
            return found
    return None


def _posted(session: Session, event: Happened, post: Written) -> Outcome:
    if post.audience is Audience.PRIVATE:
        open_to = moderators(session, event.community_id or 0) | (
            {post.learner_id} if post.learner_id else set()
        )
        return [_proposal(post, PRIVATE, open_to, f"{PRIVATE}:{post.thread_id}")]
    proposals: list[Proposal | Withdrawal] = []
    parent_author = event.payload.get("parent_author_id")
    if isinstance(parent_author, int):
        proposals.append(_proposal(post, REPLY, {parent_author}, f"{REPLY}:{post.thread_id}"))
    proposals += _mentioned(session, event, post)
    if event.name == "discussion.thread_posted" and post.kind is ThreadKind.ANNOUNCEMENT:
        everybody = members(session, event.community_id or 0)
        proposals.append(_proposal(post, ANNOUNCEMENT, everybody, f"{ANNOUNCEMENT}:{post.id}"))
    watching = noticed.watchers_of(session, post.thread_id)
    proposals.append(_proposal(post, WATCHED, watching, f"{WATCHED}:{post.thread_id}"))
    return proposals


def _mentioned(session: Session, event: Happened, post: Written) -> Outcome:
    """Whoever is named is told, once, and follows the thread from then on."""
    if post.audience is Audience.PRIVATE:
        return []
    named = noticed.mentioned_in(session, post.id) - {post.author_id}
    for user_id in sorted(named):
        following.unless_chosen(
            session, user_id, event.community_id or 0, THREAD, post.thread_id, Because.MENTIONED
        )
    return [_proposal(post, MENTION, named, f"{MENTION}:{post.id}", once=True)]


def _proposal(
    post: Written, kind: str, recipients: Collection[int], merge_key: str, *, once: bool = False
) -> Proposal:
    return Proposal(
        kind=kind,
        recipients=recipients,
        merge_key=merge_key,
        placement_id=post.placement_id,
        actor_id=post.author_id,
        about_id=post.id,
        follows=(THREAD, post.thread_id),
        once=once,
    )


def _appreciated(_session: Session, event: Happened, post: Written) -> Outcome:
    """A post was found helpful, endorsed, specially mentioned, or solved its question."""

    def of(kind: str, recipient: int, key: str, what: str) -> Proposal:
        return Proposal(
            kind=kind,
            recipients={recipient},
            merge_key=key,
            placement_id=post.placement_id,
            actor_id=event.actor_id,
            about_id=post.id,
            follows=(THREAD, post.thread_id),
            subject={"what": what},
            once=True,
        )

    if event.name == "engagement.helpful_marked":
        return [of(HELPFUL, post.author_id, f"{HELPFUL}:{post.id}", "helpful")]
    if event.name == "engagement.specially_mentioned":
        return [of(SPECIAL, post.author_id, f"{SPECIAL}:{post.id}", "special")]
    if event.name == "discussion.question_solved":
        return [of(ENDORSED, post.author_id, f"{ENDORSED}:solved:{post.id}", "solved")]
    proposals = [of(ENDORSED, post.author_id, f"{ENDORSED}:{post.id}", "endorsed")]
    if post.kind is ThreadKind.QUESTION and post.author_id != post.thread_author_id:
        key = f"{ENDORSED}:answer:{post.id}"
        proposals.append(of(ENDORSED, post.thread_author_id, key, "answer_endorsed"))
    return proposals


_TAKEN_BACK = {
    "engagement.helpful_unmarked": (HELPFUL, "helpful"),
    "engagement.unendorsed": (ENDORSED, "endorsed"),
}


def _taken_back(session: Session, event: Happened, post: Written) -> Outcome:
    """Once nobody stands by it any more, nobody is told of it."""
    kind, what = _TAKEN_BACK[event.name]
    if noticed.marks_on(session, [post.id]).get((post.id, what)):
        return []
    return [Withdrawal(about_id=post.id, kinds=frozenset({kind}))]


def _removed(_session: Session, event: Happened, post: Written) -> Outcome:
    """Nobody is told of it any more. Its author is told if somebody else removed it; not who, as moderators decide."""
    gone = Withdrawal(about_id=post.id)
    if post.author_id == event.actor_id:
        return [gone]
    by_moderator = Proposal(
        kind=REMOVED,
        recipients={post.author_id},
        merge_key=f"{REMOVED}:{post.id}",
        placement_id=post.placement_id,
        actor_id=None,
        about_id=post.id,
    )
    return [gone, by_moderator]


_FOLLOWS: dict[str, Callable[[Session, Happened, Written], Outcome]] = {
    "discussion.thread_posted": _posted,
    "discussion.reply_posted": _posted,
    "discussion.post_edited": _mentioned,
    "discussion.post_removed": _removed,
    "engagement.helpful_unmarked": _taken_back,
    "engagement.unendorsed": _taken_back,
}
"""What follows from an event; from all others of :data:`EVENTS`, that an author is told."""

_BY_MARKS = frozenset({HELPFUL, ENDORSED})
"""Kinds that tell of marks: who did it is who stands by their mark now."""


def _names(
    notice: Noted,
    shown: Sequence[Written],
    marks: Mapping[tuple[int, str], list[str]],
    said: Mapping[int, Said],
) -> list[str]:
    """Who did it, the newest first; nobody if it was taken back."""
    if notice.kind in BY_AUTHORS:
        return list(dict.fromkeys(post.author_name for post in shown))
    if notice.kind == SPECIAL:
        return said[shown[0].id].names if shown[0].id in said else []
    what = notice.subject.get("what")
    if what == "solved":
        return list(notice.people) if shown[0].is_solution else []
    return marks.get((shown[0].id, "helpful" if what == "helpful" else "endorsed"), [])


def _worded(
    actor: Actor, notice: Noted, shown: Sequence[Written], names: Sequence[str], said: Mapping[int, Said]
) -> Worded:
    newest = shown[0]
    count = notice.count - (len(notice.about) - len(shown))  # without what is out of sight by now
    leads_to = shown[-1] if notice.is_unread else newest  # where they have not been yet begins the reading
    quoted = said[newest.id].sentence if notice.kind == SPECIAL else plain_text(newest.source)
    return Worded(
        sentence=sentences.sentence(notice, names, count, is_to_them=newest.learner_id == actor.user_id),
        where=newest.thread_title,
        path=f"/w/{leads_to.placement_id}/discussion/posts/{leads_to.id}",
        excerpt=excerpt(quoted, LENGTH),
    )
