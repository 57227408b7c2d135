"""What staff set for a whole discussion, and moderators for one of its threads. Nothing here commits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.core.kernel.errors import Conflict, NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Placement
from lmssocial.widgets.discussion import access, numbering, publishing
from lmssocial.widgets.discussion.events import DiscussionConfigured, ThreadConfigured
from lmssocial.widgets.discussion.models import Audience, Thread
from lmssocial.widgets.discussion.settings import DiscussionSettings, Groups


@dataclass(frozen=True, kw_only=True)
class PlaceDraft:
    """What an instructor sets for a discussion."""

    title: str
    intro: str
    settings: DiscussionSettings
    opens_groups: bool = False
    """Whether it was confirmed that threads of groups become readable to everybody."""


@dataclass(frozen=True, kw_only=True)
class ThreadSettingsDraft:
    """What a moderator sets for one thread."""

    due_at: datetime | None
    locks_at: datetime | None
    post_first: bool
    group_id: int | None
    """``None``: for everybody. Private threads and discussions without groups have no choice."""


def require_configured_by(actor: Actor) -> None:
    """Go on only for staff.

    :raises NotAllowed: for everybody else.
    """
    if not actor.is_staff:
        raise NotAllowed(_("Only instructors of this course change the settings of a discussion."))


def threads_of_groups(session: Session, placement_id: int) -> int:
    """How many threads of a discussion only their groups read."""
    found = session.scalar(
        select(func.count(Thread.id)).where(
            Thread.placement_id == placement_id, Thread.audience == Audience.GROUP
        )
    )
    return found or 0


def configure(session: Session, actor: Actor, placement_id: int, draft: PlaceDraft) -> bool:
    """Set a discussion; its threads follow in one statement. Says whether anything was different.

    :raises NotFound: if the actor's community has no discussion there.
    :raises NotAllowed: unless they are staff.
    :raises Conflict: if threads of groups would become readable to everybody, and nobody confirmed that.
    """
    require_configured_by(actor)
    place = session.scalars(
        select(Placement)
        .where(Placement.id == access.require_place(session, actor, placement_id).id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    before, after = DiscussionSettings.read(place.settings), draft.settings
    opens = before.groups is Groups.SEPARATE is not after.groups
    if opens and not draft.opens_groups and threads_of_groups(session, placement_id):
        raise Conflict(
            _("Threads that only their groups read would become readable to everybody. Confirm that first.")
        )
    if (place.title, place.intro, before) == (draft.title, draft.intro, after):
        return False
    place.title, place.intro = draft.title, draft.intro
    place.settings = {**place.settings, **after.as_json()}
    _let_threads_follow(session, placement_id, before, after)
    activity.record(
        session,
        DiscussionConfigured(
            **actor.envelope,
            placement_id=placement_id,
            changed=[name for name, value in after.as_json().items() if value != before.as_json()[name]],
        ),
    )
    return True


def _let_threads_follow(
    session: Session, placement_id: int, before: DiscussionSettings, after: DiscussionSettings
) -> None:
    """One statement. Threads with dates of their own keep them; private ones are nobody else's business."""
    changes: dict[str, Any] = {}
    if before.groups is not after.groups:
        changes["audience"] = case(
            (Thread.group_id.is_not(None), access.audience_for(after.groups).value), else_=Thread.audience
        )
    for name in ("due_at", "locks_at"):
        was, to = getattr(before, name), getattr(after, name)
        if was != to:
            column = getattr(Thread, name)
            same = column.is_(None) if was is None else column == was
            changes[name] = case((same, to), else_=column)
    if changes:
        session.execute(
            update(Thread)
            .where(Thread.placement_id == placement_id, Thread.audience != Audience.PRIVATE)
            .values(version=Thread.version + 1, **changes)
            .execution_options(synchronize_session=False)
        )
        session.expire_all()


def configure_thread(session: Session, actor: Actor, thread_id: int, draft: ThreadSettingsDraft) -> Thread:
    """Set dates, group and order of writing and reading of one thread.

    :raises NotFound: if the actor does not see it.
    :raises NotAllowed: if they do not moderate.
    :raises Invalid: if there is no such group.
    """
    thread = access.require_moderated_thread(session, actor, thread_id)
    settings = DiscussionSettings.read(access.require_place(session, actor, thread.placement_id).settings)
    changes: dict[str, Any] = {"due_at": draft.due_at, "locks_at": draft.locks_at}
    if thread.audience is not Audience.PRIVATE:
        changes["post_first"] = draft.post_first
        if settings.groups is not Groups.NONE:
            changes["audience"], changes["group_id"] = access.whom_for(
                session, actor, settings, draft.group_id
            )
    changed = [name for name, value in changes.items() if getattr(thread, name) != value]
    if changed:
        numbering.change(session, thread, **{name: changes[name] for name in changed})
        activity.record(session, ThreadConfigured(**publishing.envelope(actor, thread), changed=changed))
    return thread
