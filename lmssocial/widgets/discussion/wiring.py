"""The discussion as a plugin: what it offers to the house, and its side of moderation."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Level, Manifest, ReplyTo, Span, Widget, hookimpl
from lmssocial.core.kernel.events import Event
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.moderation.ports import Subject
from lmssocial.social.notifications import grade_trouble
from lmssocial.widgets.discussion import handing_in, moderating, persons
from lmssocial.widgets.discussion.access import WIDGET
from lmssocial.widgets.discussion.copying import bring_prompts
from lmssocial.widgets.discussion.engaging import EngagedPosts
from lmssocial.widgets.discussion.events import EVENT_TYPES
from lmssocial.widgets.discussion.exporting import routes as exporting_routes
from lmssocial.widgets.discussion.grading import in_lms
from lmssocial.widgets.discussion.grading import notices as grading_notices
from lmssocial.widgets.discussion.grading import routes as grading_routes
from lmssocial.widgets.discussion.importing import routes as importing_routes
from lmssocial.widgets.discussion.knowing import KnownPosts
from lmssocial.widgets.discussion.notices.followed import FollowedThreads
from lmssocial.widgets.discussion.notices.port import EVENTS, DiscussionNotices
from lmssocial.widgets.discussion.queries.single import held_posts, reads_post
from lmssocial.widgets.discussion.routes import bp

manifest = Manifest(
    name=WIDGET,
    title="Discussion",
    summary="Threads and replies in a course, with unread marks, drafts, search and moderation.",
    configured_per=Level.INSTALLATION,
)

grading_routes.register(bp)
importing_routes.register(bp)
exporting_routes.register(bp)


class HeldPosts:
    """The discussion's side of moderation (:class:`~lmssocial.social.moderation.ports.Moderated`)."""

    def publish(self, session: Session, actor: Actor, contribution_id: int) -> None:
        """Publish a held post; its author reads that a moderator did."""
        moderating.publish_held_post(session, actor, contribution_id)

    def decline(self, session: Session, actor: Actor, contribution_id: int, message: str) -> None:
        """Keep a held post from being published; its author reads why, beside their text."""
        moderating.decline_held_post(session, actor, contribution_id, message)

    def hide(self, session: Session, actor: Actor, contribution_id: int, message: str) -> None:
        """Let a post wait for a moderator because of its flags."""
        moderating.hide_flagged_post(session, actor, contribution_id, message)

    def redact(
        self, session: Session, actor: Actor, contribution_id: int, spans: Sequence[Span], message: str
    ) -> None:
        """Take words out of a post and let everybody read the rest."""
        moderating.redact_post(session, actor, contribution_id, spans, message)

    def put_back(self, session: Session, actor: Actor, contribution_id: int, spans: Sequence[Span]) -> None:
        """Let everybody read the words again that were taken out."""
        moderating.put_words_back(session, actor, contribution_id, spans)

    def answered(self, session: Session, contribution_ids: Sequence[int]) -> dict[int, ReplyTo]:
        """What each of some posts answers. One query."""
        return handing_in.answered_by(session, contribution_ids)

    def readable(self, session: Session, actor: Actor, contribution_ids: Sequence[int]) -> set[int]:
        """Those of some posts whose words the actor may read. One query."""
        return {post.id for post in held_posts(session, actor, contribution_ids)}

    def subjects(self, session: Session, actor: Actor, contribution_ids: Sequence[int]) -> dict[int, Subject]:
        """What a moderator has to see of held posts. One query."""
        return {
            post.id: Subject(
                contribution_id=post.id,
                title=post.title,
                author_name=post.author_name,
                author_role=post.author_role,
                html=post.html,
                href=url_for("discussion.post_detail", placement_id=post.placement_id, post_id=post.id),
                edit_href=url_for("discussion.post_edit", placement_id=post.placement_id, post_id=post.id),
            )
            for post in held_posts(session, actor, contribution_ids)
        }


@hookimpl
def lmssocial_register_widgets() -> Sequence[Widget]:
    """The discussion."""
    return [
        Widget(
            kind=WIDGET,
            title=_l("Discussion"),
            summary=_l("Threads and replies: good for questions, and for working out loud."),
            home_endpoint="discussion.thread_list",
            blueprint=bp,
            nav_label=_l("Discussion"),
            moderated={WIDGET: HeldPosts()},
            reads=reads_post,
            engaged={WIDGET: EngagedPosts()},
            followed=FollowedThreads(),
            knowledge=KnownPosts(),
            copied=bring_prompts,
            line_item=in_lms.line_item,
            graded=in_lms.graded,
            review=in_lms.review_path,
            notices=dict.fromkeys(EVENTS, DiscussionNotices())
            | dict.fromkeys(grading_notices.EVENTS, grading_notices.GradeNotices())
            | dict.fromkeys(grade_trouble.EVENTS, grade_trouble.GradeTroubleNotices(in_lms.graders)),
        )
    ]


@hookimpl
def lmssocial_register_event_types() -> Sequence[type[Event]]:
    """What happens in discussions."""
    return EVENT_TYPES


@hookimpl
def lmssocial_export_person(user_id: int, session: Session) -> Mapping[str, Any]:
    """Everything that is kept about somebody, beside what they wrote."""
    return persons.export(session, user_id)


@hookimpl
def lmssocial_erase_person(user_id: int, session: Session, with_words: bool) -> None:  # noqa: FBT001 – by name
    """Forget somebody."""
    persons.erase(session, user_id, with_words=with_words)
