"""The discussion's side of engagement: who may mark a post, and what changes when somebody does."""

from collections.abc import Sequence

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import State
from lmssocial.social.engagement.ports import Brought, Destination, Original, Subject, Telling
from lmssocial.social.moderation.screening import Screen
from lmssocial.widgets.discussion import access, numbering, popularity, service
from lmssocial.widgets.discussion.drafts import ThreadDraft
from lmssocial.widgets.discussion.fragments import row_html
from lmssocial.widgets.discussion.models import Audience, Post, Thread
from lmssocial.widgets.discussion.queries.engaged import (
    EngagedPost,
    engaged_posts,
    original_post,
    settings_of,
)
from lmssocial.widgets.discussion.queries.posts import one_post
from lmssocial.widgets.discussion.queries.threads import thread_head
from lmssocial.widgets.discussion.settings import DiscussionSettings, Groups


class EngagedPosts:
    """What engagement asks about posts (:class:`~lmssocial.social.engagement.ports.Engaged`)."""

    def readable(self, session: Session, actor: Actor, contribution_ids: Sequence[int]) -> set[int]:
        """Those of some posts whose words the actor may read. One query."""
        return {post.id for post in engaged_posts(session, actor, contribution_ids)}

    def subjects(self, session: Session, actor: Actor, contribution_ids: Sequence[int]) -> dict[int, Subject]:
        """Those of some posts that the actor may read. One query."""
        return {post.id: _subject(post) for post in engaged_posts(session, actor, contribution_ids)}

    def touched(self, session: Session, contribution_id: int) -> None:
        """Count anew whom the thread helped, and tell its page that it changed."""
        thread = session.scalars(
            select(Thread)
            .join(Post, Post.thread_id == Thread.id)
            .where(Post.contribution_id == contribution_id)
        ).one()
        numbering.change(
            session,
            thread,
            helped_count=popularity.helped_count(),
            endorsed_count=popularity.endorsed_count(),
        )

    def acts(self, session: Session, actor: Actor, contribution_id: int) -> str:
        """The row under a post that the actor reads. Three queries."""
        post = engaged_posts(session, actor, [contribution_id])[0]
        head = thread_head(session, actor, post.placement_id, post.thread_id)
        return row_html(one_post(session, actor, post.thread_id, post.id), actor, head, _base(post))

    def original(self, session: Session, user_id: int, contribution_id: int) -> Original | None:
        """What somebody elsewhere sees of a post: its words, if everybody in its own community reads them."""
        found = original_post(session, user_id, contribution_id)
        if found is None:
            return None
        post, community_title, is_member = found
        return Original(
            contribution_id=post.id,
            placement_id=post.placement_id,
            community_id=post.community_id,
            community_title=community_title,
            author_name=post.author_name,
            author_role=post.author_role,
            at=post.at,
            html=post.html if post.is_public else "",
            href=_href(post),
            is_member=is_member,
        )

    def places(self, session: Session, destinations: Sequence[Destination]) -> list[Destination]:
        """The discussions where their actor starts threads for everybody. One query."""
        if not destinations:
            return []
        stored = settings_of(session, [there.placement_id for there in destinations])
        return [
            there
            for there in destinations
            if there.placement_id in stored
            and _takes_for_all(there.actor, DiscussionSettings.read(stored[there.placement_id]))
        ]

    def bring(
        self,
        session: Session,
        screen: Screen,
        destination: Destination,
        contribution_id: int,
        telling: Telling,
    ) -> Brought:
        """Open a thread there, with the sentence as its first post; its page shows the original beside it."""
        actor = destination.actor
        place = access.require_place(session, actor, destination.placement_id)
        access.require_may_start(session, actor, place)
        draft = ThreadDraft(placement_id=place.id, title=telling.title, source=telling.sentence)
        start = access.Start(audience=Audience.EVERYBODY, about_id=contribution_id)
        posted = service.open_thread(session, screen, actor, draft, start, target=f"share:{contribution_id}")
        return Brought(contribution_id=posted.post_id, is_published=posted.state is State.PUBLISHED)


def _takes_for_all(actor: Actor, settings: DiscussionSettings) -> bool:
    """Whether the actor starts threads there that are for everybody; where threads belong to groups, moderators do."""
    return access.may_start(actor, settings) and (settings.groups is Groups.NONE or actor.moderates)


def _subject(post: EngagedPost) -> Subject:
    return Subject(
        contribution_id=post.id,
        title=post.title,
        author_id=post.author_id,
        author_name=post.author_name,
        author_role=post.author_role,
        at=post.at,
        html=post.html,
        leads=lambda: _href(post),
        is_published=post.is_published,
        is_public=post.is_public,
        is_private=post.audience is Audience.PRIVATE,
        takes_stars=DiscussionSettings.read(post.settings).stars,
    )


def _href(post: EngagedPost) -> str:
    return url_for("discussion.post_detail", placement_id=post.placement_id, post_id=post.id)


def _base(post: EngagedPost) -> str:
    return url_for("discussion.thread_list", placement_id=post.placement_id).rstrip("/")
