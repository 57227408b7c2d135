"""What staff choose from when they give out reviews by hand: works for a person, people for a work."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.kernel.words import ngettext
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.peer_rating.access import taking_part
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.board import columns, lines
from lmssocial.widgets.peer_rating.board.works import GONE
from lmssocial.widgets.peer_rating.models import HANDED_IN, Author, Review, Work, WorkState

MOST = 500
"""So many are offered; those that need it most."""


def works_for(session: Session, running: Running, user_id: int) -> list[tuple[int, str]]:
    """Works that somebody may be asked to review, those with the fewest reviews first. One statement."""
    own = select(Author.work_id).where(Author.user_id == user_id)
    had = select(Review.work_id).where(Review.reviewer_id == user_id, Review.state.not_in(GONE))
    rows = session.execute(
        select(Work.id, Work.alias, Work.completed, Work.live, lines.authors_of(Work.id).label("authors"))
        .join(Contribution, Contribution.id == Work.contribution_id)
        .where(
            Work.placement_id == running.placement.id,
            Work.state == WorkState.SUBMITTED,
            Contribution.state == State.PUBLISHED,
            Work.id.not_in(own),
            Work.id.not_in(had),
        )
        .order_by(Work.completed + Work.live, Work.id)
        .limit(MOST)
    )
    return [
        (
            row.id,
            _(
                "%(authors)s, submission %(alias)s: %(reviews)s",
                authors=row.authors or "–",
                alias=row.alias,
                reviews=_reviews(row.completed, row.live),
            ),
        )
        for row in rows
    ]


def people_for(session: Session, actor: Actor, running: Running, work_id: int) -> list[tuple[int, str]]:
    """People who may be asked to review a work: those who handed in first, and of them who reviewed least.

    One statement.
    """
    handed_in = (
        select(Author.user_id)
        .join(Work, Work.id == Author.work_id)
        .where(Author.placement_id == running.placement.id, Work.state.in_(HANDED_IN))
    )
    authors = select(Author.user_id).where(Author.work_id == work_id)
    had = select(Review.reviewer_id).where(Review.work_id == work_id, Review.state.not_in(GONE))
    gave = columns.given(running)
    done, open_ = func.coalesce(gave.c.done, 0), func.coalesce(gave.c.open, 0)
    rows = session.execute(
        select(User.id, User.name, done.label("done"), open_.label("open"))
        .join(Membership, Membership.user_id == User.id)
        .outerjoin(gave, gave.c.user_id == User.id)
        .where(taking_part(actor.course_id), User.id.not_in(authors), User.id.not_in(had))
        .order_by(User.id.in_(handed_in).desc(), done + open_, User.name, User.id)
        .limit(MOST)
    )
    return [
        (
            row.id,
            _(
                "%(name)s: %(done)s written, %(open)s under way",
                name=row.name,
                done=row.done,
                open=row.open,
            ),
        )
        for row in rows
    ]


def _reviews(completed: int, live: int) -> str:
    said = ngettext("one review", "%(num)s reviews", completed)
    return f"{said}, {ngettext('one under way', '%(num)s under way', live)}" if live else said
