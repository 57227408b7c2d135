"""Everything that somebody may do with one post, for the page and the panel that list it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.engagement.access import endorses
from lmssocial.social.engagement.models import Mark, SpecialMention, Tally
from lmssocial.widgets.discussion import access, moderating
from lmssocial.widgets.discussion.models import Audience, Post, Thread
from lmssocial.widgets.discussion.settings import DiscussionSettings


@dataclass(frozen=True, kw_only=True)
class ActsView:
    """A post, and what the person who looks at it may do. Each act is one field; a template shows what is true."""

    id: int
    number: int | None
    """``None`` while it waits."""
    is_opening: bool
    thread_id: int
    thread_title: str
    author_name: str
    author_role: str
    at: Any
    """When it was published or written."""
    html: str
    """Empty if the person may not read the words."""

    may_quote: bool
    may_mark: bool
    """Whether they may say that it helped them, and mention it specially."""
    says_helpful: bool
    may_save: bool
    saves: bool
    may_rate: bool
    stars: int
    """The person's own; 0 if they gave none."""
    may_endorse: bool
    endorses: bool
    mentions: bool
    """Whether they mentioned it specially."""
    may_share: bool
    has_people: bool
    """Whether there is anybody to show who marked it."""

    may_reply_privately: bool
    may_split: bool
    """Whether they may make it, and what is below it, a thread of its own."""
    may_choose: bool
    """Whether they may choose it to be graded by."""
    may_edit: bool
    may_see_history: bool
    may_remove: bool
    may_restore: bool
    may_report: bool
    may_decide: bool
    """Whether it waits for their decision as a moderator."""
    may_ask_why: bool


def acts_view(
    session: Session, actor: Actor, placement_id: int, post_id: int, settings: DiscussionSettings
) -> ActsView:
    """What the actor may do with a post that they see. One query, and one more where one has to answer first.

    :raises NotFound: if they do not see it, or it is not in that placement.
    """
    mentions = exists().where(
        SpecialMention.contribution_id == Contribution.id, SpecialMention.user_id == actor.user_id
    )
    own_mark = and_(Mark.contribution_id == Contribution.id, Mark.user_id == actor.user_id)
    row = session.execute(
        select(Thread, Post, Contribution, User.name, Tally, Mark, mentions.label("mentions"))
        .join(Post, Post.thread_id == Thread.id)
        .join(Contribution, Contribution.id == Post.contribution_id)
        .join(User, User.id == Contribution.author_id)
        .outerjoin(Tally, Tally.contribution_id == Contribution.id)
        .outerjoin(Mark, own_mark)
        .where(Contribution.id == post_id, Thread.placement_id == placement_id, access.posts_seen_by(actor))
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound(
            _("This post does not exist, or it is not open to you."),
            reason=f"user {actor.user_id} sees no post {post_id} in placement {placement_id}",
        )
    thread, post, words = row.Thread, row.Post, row.Contribution
    return ActsView(
        id=words.id,
        number=post.number,
        is_opening=post.parent_id is None,
        thread_id=thread.id,
        thread_title=thread.title,
        author_name=row.name,
        author_role=words.author_role,
        at=words.published_at or words.created_at,
        html=words.html if _shows_words(actor, thread, words) else "",
        **_marks(actor, thread, words, settings, row),
        **_deeds(actor, thread, post, words, settings),
    )


def _shows_words(actor: Actor, thread: Thread, words: Contribution) -> bool:
    return words.state is not State.REMOVED and access.reads_post(actor, thread, words)


def _marks(
    actor: Actor, thread: Thread, words: Contribution, settings: DiscussionSettings, row: Any
) -> dict[str, Any]:
    """What they said about it, and what they may say."""
    mark, tally = row.Mark, row.Tally
    is_live = thread.state is State.PUBLISHED and words.state is State.PUBLISHED
    may_mark = is_live and words.author_id != actor.user_id
    return {
        "may_mark": may_mark,
        "says_helpful": mark is not None and mark.helpful_at is not None,
        "may_save": is_live,
        "saves": mark is not None and mark.saved_at is not None,
        "may_rate": may_mark and settings.stars,
        "stars": (mark.stars or 0) if mark is not None else 0,
        "may_endorse": may_mark and endorses(actor),
        "endorses": mark is not None and mark.endorsed_at is not None,
        "mentions": row.mentions,
        "may_share": is_live and thread.audience is not Audience.PRIVATE,
        "has_people": tally is not None
        and bool(tally.helpful or tally.endorsed or tally.specially_mentioned or tally.shared),
    }


def _deeds(
    actor: Actor, thread: Thread, post: Post, words: Contribution, settings: DiscussionSettings
) -> dict[str, bool]:
    """What they may do with it."""
    reads = _shows_words(actor, thread, words)
    return {
        "may_quote": reads and access.may_reply(actor, thread, words),
        "may_reply_privately": settings.private_questions
        and access.may_answer_privately(actor, thread, words),
        "may_split": actor.moderates and post.number is not None and post.parent_id is not None,
        "may_choose": settings.choose > 0
        and words.author_id == actor.user_id
        and actor.lead_role is LmsRole.LEARNER
        and words.state is State.PUBLISHED
        and thread.state is State.PUBLISHED
        and thread.audience is not Audience.PRIVATE,
        "may_edit": access.may_edit(actor, thread, words),
        "may_see_history": words.edited_at is not None and access.may_see_history(actor, thread, words),
        "may_remove": access.may_remove(actor, thread, words),
        "may_restore": access.may_restore(actor, thread, words),
        "may_report": moderating.may_flag(actor, thread, words),
        "may_decide": words.state in access.WAITING
        and access.may_moderate(actor, thread)
        and words.author_id != actor.user_id,
        "may_ask_why": moderating.may_ask_why(actor, thread, words),
    }
