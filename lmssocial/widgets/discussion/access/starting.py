"""Who opens a thread, and for whom: everybody, a group, or the moderators alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Invalid, NotAllowed, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.lms.identity.roles import STAFF
from lmssocial.social.communities.models import Group, Placement
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.discussion.access.requirements import require_post, require_thread
from lmssocial.widgets.discussion.access.rules import reads_post, sees_thread
from lmssocial.widgets.discussion.models import Audience, Thread, ThreadKind
from lmssocial.widgets.discussion.settings import DiscussionSettings, Groups, Starters


class Choice(NamedTuple):
    """A group somebody may open a thread in."""

    id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class Start:
    """The columns that a new thread gets from who opens it and from the settings of its discussion."""

    audience: Audience = Audience.EVERYBODY
    group_id: int | None = None
    learner_id: int | None = None
    about_id: int | None = None
    post_first: bool = False
    due_at: datetime | None = None
    locks_at: datetime | None = None


def is_closed(settings: DiscussionSettings) -> bool:
    """Whether the whole discussion is closed for new posts."""
    return settings.locks_at is not None and settings.locks_at <= clock.now()


def may_start(actor: Actor, settings: DiscussionSettings) -> bool:
    """Everybody, unless the discussion is closed or its instructor keeps this to those who moderate."""
    return actor.moderates or (settings.starters is Starters.EVERYBODY and not is_closed(settings))


def needs_group(actor: Actor, settings: DiscussionSettings) -> bool:
    """Whether threads belong to groups here and the actor, a member, is in none: they may only answer."""
    return settings.groups is not Groups.NONE and not actor.moderates and not actor.groups


def require_may_post(actor: Actor, kind: str, *, pinned: bool = False) -> ThreadKind:
    """The kind of thread that ``kind`` names, which the actor may open.

    :param pinned: whether it is to stand at the top of the list from the beginning.
    :raises Invalid: if there is no such kind.
    :raises NotAllowed: if it is for staff and they are not.
    """
    if kind not in set(ThreadKind):
        raise Invalid(_("Say whether this is a discussion or a question."))
    if kind == ThreadKind.ANNOUNCEMENT and not actor.is_staff:
        raise NotAllowed(
            _("Only instructors announce something to the whole course. Your text was not sent.")
        )
    if pinned and not actor.moderates:
        raise NotAllowed(_("Only moderators of this course can do this."))
    return ThreadKind(kind)


def groups_to_write_in(session: Session, actor: Actor) -> tuple[Choice, ...]:
    """The groups whose threads ``actor`` may open, by name: their own, and for moderators all. One query."""
    statement = (
        select(Group.id, Group.name)
        .where(Group.community_id == actor.community_id, Group.tenant_id == actor.tenant_id)
        .order_by(func.lower(Group.name), Group.id)
    )
    if not actor.moderates:
        statement = statement.where(Group.id.in_(actor.groups))
    return tuple(Choice(*row) for row in session.execute(statement))


def require_may_start(
    session: Session, actor: Actor, placement: Placement, group_id: int | None = None
) -> Start:
    """What a thread of the actor's is to be.

    :param group_id: the group that was chosen for it; moderators choose none for everybody.
    :raises NotAllowed: if members start no threads here, the discussion is closed, or they are in no group.
    :raises Invalid: if they have to choose one of their groups.
    """
    settings = DiscussionSettings.read(placement.settings)
    if not may_start(actor, settings):
        if is_closed(settings):
            raise NotAllowed(
                _("This discussion is closed, so it takes no new threads. Your text was not sent.")
            )
        raise NotAllowed(
            _(
                "Here only instructors and moderators start threads; you can reply to theirs. Your text was not sent."
            )
        )
    audience, group = whom_for(session, actor, settings, group_id)
    return Start(
        audience=audience,
        group_id=group,
        post_first=settings.post_first,
        due_at=settings.due_at,
        locks_at=settings.locks_at,
    )


def whom_for(
    session: Session, actor: Actor, settings: DiscussionSettings, group_id: int | None
) -> tuple[Audience, int | None]:
    """The audience and the group of what the actor wants everybody, or this group, to read.

    :raises NotAllowed: if they are a member and in no group, where threads belong to groups.
    :raises Invalid: if they have to choose one of their groups, or chose one that is not theirs.
    """
    if settings.groups is Groups.NONE:
        return Audience.EVERYBODY, None
    if group_id is None and actor.moderates:
        return Audience.EVERYBODY, None
    choices = [choice.id for choice in groups_to_write_in(session, actor)]
    if not choices:
        raise NotAllowed(
            _(
                "Threads belong to groups here, and you are in none yet. You can read and answer what is for "
                "everybody. Ask your instructor to put you into a group."
            )
        )
    chosen = choices[0] if group_id is None and len(choices) == 1 else group_id
    if chosen not in choices:
        raise Invalid(_("Choose which of your groups this thread is for."))
    return audience_for(settings.groups), chosen


def audience_for(groups: Groups) -> Audience:
    """Who finds a thread that belongs to a group."""
    return {
        Groups.NONE: Audience.EVERYBODY,
        Groups.VISIBLE: Audience.VISIBLE,
        Groups.SEPARATE: Audience.GROUP,
    }[groups]


def may_ask_privately(actor: Actor, settings: DiscussionSettings) -> bool:
    """Members, if the instructor lets them; moderators would ask themselves."""
    return settings.private_questions and not actor.moderates


def require_may_ask(actor: Actor, placement: Placement) -> Start:
    """What a private question of the actor's is to be.

    :raises NotAllowed: if the discussion takes none, or the actor moderates.
    """
    if not may_ask_privately(actor, DiscussionSettings.read(placement.settings)):
        raise NotAllowed(
            _("You moderate here, so a private question would come to yourself.")
            if actor.moderates
            else _("This discussion takes no private questions. Your text was not sent.")
        )
    return Start(audience=Audience.PRIVATE, learner_id=actor.user_id)


def may_answer_privately(actor: Actor, thread: Thread, contribution: Contribution) -> bool:
    """Members to the moderators about any post they read; moderators to the member who wrote it.

    Whether the discussion takes private words at all is a matter of its settings.
    """
    return (
        thread.audience is not Audience.PRIVATE
        and thread.state is State.PUBLISHED
        and contribution.state is State.PUBLISHED
        and reads_post(actor, thread, contribution)
        and (
            not actor.moderates
            or (contribution.author_id != actor.user_id and contribution.author_role not in STAFF)
        )
    )


def require_may_answer_privately(
    session: Session, actor: Actor, placement: Placement, post_id: int
) -> tuple[Thread, Contribution, Start]:
    """The post to say something about in private, its thread, and what the private thread is to be.

    :raises NotFound: if the actor does not see the post, or it is not in this discussion.
    :raises NotAllowed: if nobody would be there to read it, or the discussion takes no private words.
    """
    thread, _post, words = require_post(session, actor, post_id)
    if thread.placement_id != placement.id:
        raise NotFound(_("This post does not exist, or it is not open to you."))
    takes_any = DiscussionSettings.read(placement.settings).private_questions
    if not (takes_any and may_answer_privately(actor, thread, words)):
        raise NotAllowed(_("This post takes no private replies. Your text was not sent."))
    learner_id = words.author_id if actor.moderates else actor.user_id
    if session.scalar(select(User.is_former).where(User.id == learner_id)):
        raise NotAllowed(_("Whoever wrote this was never here, so nobody would read your reply."))
    return thread, words, Start(audience=Audience.PRIVATE, learner_id=learner_id, about_id=words.id)


def may_make_public(actor: Actor, thread: Thread) -> bool:
    """Only who asked in private; nobody else takes their words to others."""
    return (
        sees_thread(actor, thread)
        and thread.audience is Audience.PRIVATE
        and thread.state is State.PUBLISHED
        and thread.author_id == thread.learner_id == actor.user_id
    )


def require_may_make_public(session: Session, actor: Actor, thread_id: int) -> Thread:
    """The private question to make public.

    :raises NotFound: if the actor does not see it.
    :raises NotAllowed: if they did not ask it, or it is not private.
    """
    thread = require_thread(session, actor, thread_id)
    if not may_make_public(actor, thread):
        raise NotAllowed(_("Only who asked a private question can make it public."))
    return thread
