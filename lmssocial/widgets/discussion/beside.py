"""What stands beside a post: private threads about it, what links to it, being late; that it is kept as knowledge."""

from collections.abc import Sequence

from flask import current_app
from markupsafe import Markup
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.knowledge.queries import noted
from lmssocial.social.knowledge.request import note_html
from lmssocial.widgets.discussion.queries.linked import links_to
from lmssocial.widgets.discussion.queries.posts import PostView
from lmssocial.widgets.discussion.queries.private import PrivateThread, private_threads
from lmssocial.widgets.discussion.queries.threads import ThreadHead


def beside_posts(
    session: Session, actor: Actor, head: ThreadHead, posts: Sequence[PostView], base: str
) -> dict[int, Markup]:
    """Id of a post → what stands beside it.

    One query for private threads, one for links and one for what is knowledge, each only if there is any.
    """
    threads: dict[int, list[PrivateThread]] = {}
    if head.has_private:
        threads = private_threads(session, actor, [post.id for post in posts])
    linked = [post.id for post in posts if post.is_linked]
    links = links_to(session, actor, linked) if linked else {}
    late = {post.id for post in posts if actor.moderates and _is_late(post, head)}
    # not render_template(): that would ask for everything that whole pages show, once for each post
    template = current_app.jinja_env.get_template("discussion/_beside.html")
    found = {
        post_id: Markup(  # noqa: S704 – the template escapes
            template.render(
                user_id=actor.user_id,
                threads=threads.get(post_id, ()),
                links=links.get(post_id, ()),
                thread_id=head.id,
                is_late=post_id in late,
                base=base,
            )
        )
        for post_id in threads.keys() | links.keys() | late
    }
    if head.known is not None and any(post.id == head.opening_id for post in posts):
        for post_id, note in noted(session, actor, [head.opening_id]).items():
            found[post_id] = note_html(note, head.placement_id) + found.get(post_id, "")
    return found


def _is_late(post: PostView, head: ThreadHead) -> bool:
    return head.due_at is not None and post.depth > 0 and post.number is not None and post.at > head.due_at
