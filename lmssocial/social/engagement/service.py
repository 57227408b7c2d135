"""What one person thinks of one contribution. Nothing here commits; doing it twice is doing it once.

Each deed locks the one row of that person and contribution, changes it, counts the difference and tells whoever owns
the contribution, in one transaction. To take something back needs nothing but to have said it.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Invalid, NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution
from lmssocial.social.engagement import access, tallies
from lmssocial.social.engagement.events import (
    Endorsed,
    EngagementEvent,
    HelpfulMarked,
    HelpfulUnmarked,
    Rated,
    Saved,
    Unendorsed,
    Unsaved,
)
from lmssocial.social.engagement.models import Mark
from lmssocial.social.engagement.ports import Engaged

STARS = range(1, 6)
"""What may be given."""

Deed = Callable[[Session, Actor, Engaged, int], None]
"""Something done with one press."""


def mark_helpful(session: Session, actor: Actor, port: Engaged, contribution_id: int) -> None:
    """Say that it helped.

    :raises NotFound: if the actor does not read it.
    :raises NotAllowed: if they wrote it.
    :raises Conflict: if it is not published.
    """
    subject = access.require_markable(session, actor, port, contribution_id)
    mark = _own_mark(session, actor, contribution_id)
    if mark.helpful_at is None:
        mark.helpful_at = clock.now()
        _count(session, port, contribution_id, helpful=1)
        _tell(session, actor, HelpfulMarked, contribution_id, subject.author_id)


def unmark_helpful(session: Session, actor: Actor, port: Engaged, contribution_id: int) -> None:
    """Take that back."""
    mark = access.own_mark(session, actor, contribution_id)
    if mark is not None and mark.helpful_at is not None:
        mark.helpful_at = None
        _count(session, port, contribution_id, helpful=-1)
        _tell(session, actor, HelpfulUnmarked, contribution_id, _author_of(session, contribution_id))


def rate(session: Session, actor: Actor, port: Engaged, contribution_id: int, stars: int) -> None:
    """Give it 1 to 5 stars, instead of those given before.

    :raises NotFound: if the actor does not read it.
    :raises NotAllowed: if they wrote it, or nothing is rated where it stands.
    :raises Conflict: if it is not published.
    :raises Invalid: if there are no such stars.
    """
    subject = access.require_markable(session, actor, port, contribution_id)
    if not subject.takes_stars:
        raise NotAllowed(_("Posts are not rated with stars in this discussion."))
    if stars not in STARS:
        raise Invalid(_("Give one to five stars."))
    mark = _own_mark(session, actor, contribution_id)
    if mark.stars != stars:
        before, mark.stars, mark.rated_at = mark.stars, stars, clock.now()
        more = 1 if before is None else 0
        _count(session, port, contribution_id, stars_count=more, stars_sum=stars - (before or 0))
        _tell(session, actor, Rated, contribution_id, subject.author_id, stars=stars)


def unrate(session: Session, actor: Actor, port: Engaged, contribution_id: int) -> None:
    """Take the stars back."""
    mark = access.own_mark(session, actor, contribution_id)
    if mark is not None and mark.stars is not None:
        before, mark.stars, mark.rated_at = mark.stars, None, None
        _count(session, port, contribution_id, stars_count=-1, stars_sum=-before)
        _tell(session, actor, Rated, contribution_id, _author_of(session, contribution_id), stars=0)


def endorse(session: Session, actor: Actor, port: Engaged, contribution_id: int, sentence: str = "") -> None:
    """Say, as SME or instructor, that it is right.

    :param sentence: for what; it takes the place of an earlier one.
    :raises NotFound: if the actor does not read it.
    :raises NotAllowed: if they wrote it, or are neither SME nor instructor.
    :raises Conflict: if it is not published.
    """
    subject = access.require_markable(session, actor, port, contribution_id)
    if not access.endorses(actor):
        raise NotAllowed(_("Only instructors and subject-matter experts of this course endorse posts."))
    mark = _own_mark(session, actor, contribution_id)
    first = mark.endorsed_at is None
    if first:
        mark.endorsed_at = clock.now()
        _tell(session, actor, Endorsed, contribution_id, subject.author_id)
    if first or mark.endorsement != sentence:
        mark.endorsement = sentence
        _count(session, port, contribution_id, endorsed=int(first))


def unendorse(session: Session, actor: Actor, port: Engaged, contribution_id: int) -> None:
    """Take that back, with its sentence."""
    mark = access.own_mark(session, actor, contribution_id)
    if mark is not None and mark.endorsed_at is not None:
        mark.endorsed_at, mark.endorsement = None, ""
        _count(session, port, contribution_id, endorsed=-1)
        _tell(session, actor, Unendorsed, contribution_id, _author_of(session, contribution_id))


def save(session: Session, actor: Actor, port: Engaged, contribution_id: int) -> None:
    """Put it aside; nobody else sees that.

    :raises NotFound: if the actor does not read it.
    :raises Conflict: if it is not published.
    """
    subject = access.require_published(session, actor, port, contribution_id)
    mark = _own_mark(session, actor, contribution_id)
    if mark.saved_at is None:
        mark.saved_at = clock.now()
        _count(session, port, contribution_id, saved=1)
        _tell(session, actor, Saved, contribution_id, subject.author_id)


def unsave(session: Session, actor: Actor, port: Engaged, contribution_id: int) -> None:
    """Do not keep it any longer."""
    mark = access.own_mark(session, actor, contribution_id)
    if mark is not None and mark.saved_at is not None:
        mark.saved_at = None
        _count(session, port, contribution_id, saved=-1)
        _tell(session, actor, Unsaved, contribution_id, _author_of(session, contribution_id))


def _own_mark(session: Session, actor: Actor, contribution_id: int) -> Mark:
    """The actor's row for it, made if there is none, locked until the transaction ends."""
    values = {"contribution_id": contribution_id, "user_id": actor.user_id, "endorsement": ""}
    insert_if_absent(session, Mark, values, [Mark.contribution_id, Mark.user_id])
    mark = access.own_mark(session, actor, contribution_id)
    if mark is None:
        raise RuntimeError("the row was inserted in this transaction, or was there before")
    return mark


def _author_of(session: Session, contribution_id: int) -> int:
    return session.scalars(select(Contribution.author_id).where(Contribution.id == contribution_id)).one()


def _count(session: Session, port: Engaged, contribution_id: int, **by: int) -> None:
    session.flush()
    tallies.add(session, contribution_id, **by)
    port.touched(session, contribution_id)


def _tell(
    session: Session,
    actor: Actor,
    happened: type[EngagementEvent],
    contribution_id: int,
    author_id: int,
    **more: Any,
) -> None:
    event = happened(**actor.envelope, contribution_id=contribution_id, author_id=author_id, **more)
    activity.record(session, event)
