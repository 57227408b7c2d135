"""What people in the demo do with what others wrote: find it helpful, endorse, mention, solve and vote."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.front.demo.script import Appreciate, Solve, Vote
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.engagement import mentioning
from lmssocial.social.engagement import service as engagement
from lmssocial.widgets.discussion import polls, questions
from lmssocial.widgets.discussion.engaging import EngagedPosts
from lmssocial.widgets.discussion.models import Poll, PollOption


def appreciate(
    session: Session,
    actor: Actor,
    move: Appreciate | Solve | Vote,
    posts: Mapping[str, int],
    threads: Mapping[str, int],
) -> None:
    """Make one such move.

    :param posts: contributions by the keys of the script; :param threads: threads likewise.
    """
    port = EngagedPosts()
    match move:
        case Solve():
            questions.solve(session, actor, posts[move.key])
        case Vote():
            polls.vote(session, actor, threads[move.key], [_option(session, threads[move.key], move.choice)])
        case Appreciate(how="helpful"):
            engagement.mark_helpful(session, actor, port, posts[move.key])
        case Appreciate(how="endorsed"):
            engagement.endorse(session, actor, port, posts[move.key], move.sentence)
        case Appreciate(how="special"):
            mentioning.mention_specially(session, actor, port, posts[move.key], move.sentence)
        case _:
            raise ValueError(f"nobody can do this: {move}")


def _option(session: Session, thread_id: int, choice: int) -> int:
    found = (
        select(PollOption.id)
        .join(Poll, Poll.id == PollOption.poll_id)
        .where(Poll.thread_id == thread_id)
        .order_by(PollOption.position)
        .offset(choice)
        .limit(1)
    )
    return session.scalars(found).one()
