"""Screens for tests of the discussion, and the types of its fixtures."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.activity import ActivityEvent
from lmssocial.core.hooks import Ruling, Submission, Verdict
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution
from lmssocial.social.moderation.screening import Screen, Screening, Vote
from lmssocial.widgets.discussion import service
from lmssocial.widgets.discussion.drafts import EditDraft
from lmssocial.widgets.discussion.models import Post, Thread
from lmssocial.widgets.discussion.service import Posted

PostThread = Callable[..., Posted]
"""The fixture ``post_thread``: ``post_thread(ana, "words", title="…", screen=HOLD)``."""

Reply = Callable[..., Posted]
"""The fixture ``reply``: ``reply(ben, thread.post_id, "words", screen=HOLD)``."""


def let_pass(_submission: Submission) -> Screening:
    """No policy objects."""
    return Screening()


def ruling(which: Ruling, message: str = "Too many links.") -> Screen:
    """A screen that always rules the same."""
    verdict = Verdict(ruling=which, reason="too-many-links", message=message)
    return lambda _submission: Screening((Vote("linklimit", verdict),))


HOLD = ruling(Ruling.HOLD)
REJECT = ruling(Ruling.REJECT)


def thread_of(session: Session, posted: Posted) -> Thread:
    """The thread it stands in."""
    return session.scalars(select(Thread).where(Thread.id == posted.thread_id)).one()


def words_of(session: Session, posted: Posted) -> Contribution:
    """Its words."""
    return session.scalars(select(Contribution).where(Contribution.id == posted.post_id)).one()


def place_of(session: Session, posted: Posted) -> Post:
    """Its place in the thread."""
    return session.scalars(select(Post).where(Post.contribution_id == posted.post_id)).one()


def events(session: Session) -> list[tuple[str, int | None, dict[str, Any]]]:
    """Everything recorded so far, as it would be written at commit."""
    rows = session.info.get("lmssocial_add_last", [])
    assert all(isinstance(row, ActivityEvent) for row in rows)
    return [(row.name, row.actor_id, row.payload) for row in rows]


def edit(session: Session, actor: Actor, posted: Posted, source: str, **more: Any) -> Posted:
    """Give a post a new wording."""
    seen = more.pop("seen_version", None) or words_of(session, posted).version
    screen = more.pop("screen", let_pass)
    draft = EditDraft(post_id=posted.post_id, source=source, seen_version=seen, **more)
    return service.edit_post(session, screen, actor, draft)
