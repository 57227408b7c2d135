"""What people did in a course, as its log tells it."""

from datetime import datetime

from sqlalchemy.orm import Session

from lmssocial.core.activity.models import ActivityEvent
from lmssocial.lms.identity.actor import Actor
from tests.support.people import Place


class Course:
    """A course in which people talk, as its log tells it."""

    def __init__(self, session: Session, place: Place) -> None:
        """``place`` is where it all happens."""
        self.session, self.place, self.posts = session, place, 0

    def tells(self, name: str, actor: Actor, at: datetime, **payload: object) -> int:
        """Write an event down; gives its number."""
        row = ActivityEvent(
            name=name,
            version=2,
            tenant_id=actor.tenant_id,
            course_id=self.place.course.id,
            community_id=self.place.community.id,
            actor_id=actor.user_id,
            actor_role="learner",
            payload={"placement_id": self.place.placement.id, "thread_id": 1, **payload},
            at=at,
        )
        self.session.add(row)
        self.session.commit()
        return row.id

    def replies(self, actor: Actor, other: Actor, at: datetime) -> int:
        """``actor`` answers ``other``; gives the number of the post."""
        self.posts += 1
        about = {"post_id": self.posts, "parent_id": 900, "parent_author_id": other.user_id, "length": 60}
        self.tells("discussion.reply_posted", actor, at, **about)
        return self.posts

    def posts_thread(self, actor: Actor, at: datetime) -> int:
        """``actor`` begins the thread; gives the number of the post."""
        self.posts += 1
        self.tells("discussion.thread_posted", actor, at, post_id=self.posts)
        return self.posts

    def reads(self, actor: Actor, post: int, author: Actor, at: datetime) -> None:
        """``actor`` reads what ``author`` wrote."""
        seen = {"count": 1, "post_ids": [post], "author_ids": [author.user_id], "via": ""}
        self.tells("discussion.posts_read", actor, at, **seen)

    def finds_helpful(self, actor: Actor, post: int, author: Actor, at: datetime) -> None:
        """``actor`` marks what ``author`` wrote."""
        about = {"contribution_id": post, "author_id": author.user_id}
        self.tells("engagement.helpful_marked", actor, at, **about)

    def is_withdrawn(self, post: int, author: Actor, by: Actor, at: datetime) -> None:
        """A moderator takes a post out of sight."""
        self.tells("discussion.post_removed", by, at, post_id=post, author_id=author.user_id)
