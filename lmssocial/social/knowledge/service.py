"""Publishing an answer as knowledge, and looking at it again. Nothing here commits."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.engagement import sentences
from lmssocial.social.knowledge import access
from lmssocial.social.knowledge.events import ItemConfirmed, ItemEvent, ItemOutdated, ItemPublished
from lmssocial.social.knowledge.models import Item, Standing
from lmssocial.social.knowledge.ports import Entry, Home, Known
from lmssocial.social.moderation.screening import Screen

MONTHS = (1, 60)
"""After how many months somebody may look at an item again."""
NOTE = "knowledge.outdated"
"""What policies call the sentence that stands beside an outdated item."""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What an entry came from."""

    kind: str
    """In the words of the widget that owns it: ``experts.question``."""
    row_id: int
    path: str
    """The way back, below the tool's address: ``/w/7/experts/questions/12``."""
    is_open: bool = True
    """Whether everybody in the community may read it."""
    months: int = 12
    """After how many somebody looks at the answer again, as it is set where it comes from."""


@dataclass(frozen=True)
class Publication:
    """What became of an entry."""

    item: Item
    is_visible: bool
    """Whether everybody reads it already; else a moderator decides first."""


def publish(
    session: Session,
    screen: Screen,
    port: Known,
    actor: Actor,
    home: Home,
    entry: Entry,
    origin: Origin,
) -> Publication:
    """Publish an entry in the actor's community, once for each origin.

    Whether the actor may is for whoever calls this to ask, and to hold what it came from, so that two at once publish
    it once.

    :param screen: asks the policies of that community.
    :raises NotFound: if nothing can be published at ``home``.
    :raises Conflict: if it was published before.
    :raises Invalid: if a policy refuses it.
    """
    home = access.require_home(session, actor, port, home.placement_id)
    before = select(Item.contribution_id).where(
        access.items_of(actor), Item.origin_kind == origin.kind, Item.origin_id == origin.row_id
    )
    if session.scalar(before.limit(1)) is not None:
        raise Conflict(_("This was published before. Nothing has changed."))
    published, now = port.publish(session, screen, actor, home, entry), clock.now()
    item = Item(
        contribution_id=published.question_id,
        answer_id=published.answer_id,
        tenant_id=actor.tenant_id,
        community_id=actor.community_id,
        origin_kind=origin.kind,
        origin_id=origin.row_id,
        origin_path=origin.path,
        origin_is_open=origin.is_open,
        asker_id=entry.question.author.user_id,
        answerer_id=entry.answer.author.user_id,
        published_by_id=actor.user_id,
        published_at=now,
        review_at=months_after(now, origin.months),
        standing=Standing.CURRENT,
    )
    session.add(item)
    session.flush()
    _tell(session, actor, item, ItemPublished, origin_kind=origin.kind, origin_id=origin.row_id)
    return Publication(item, published.is_visible)


def confirm(session: Session, actor: Actor, contribution_id: int, months: int) -> Item:
    """Somebody who may looked at an item: it holds, also if it was said to be outdated before.

    :param contribution_id: of its question or of its answer.
    :param months: after how many somebody looks at it again.
    :raises NotFound: if the actor's community has no such item.
    :raises NotAllowed: unless they moderate or gave the answer.
    :raises Invalid: if the months are out of bounds.
    """
    item = access.require_review(session, actor, contribution_id)
    if not MONTHS[0] <= months <= MONTHS[1]:
        raise Invalid(_("From %(least)d to %(most)d months, please.", least=MONTHS[0], most=MONTHS[1]))
    now = clock.now()
    item.standing, item.note = Standing.CURRENT, ""
    item.reviewed_by_id, item.reviewed_at, item.review_at = actor.user_id, now, months_after(now, months)
    _tell(session, actor, item, ItemConfirmed, months=months)
    return item


def consider_outdated(
    session: Session, screen: Screen, actor: Actor, contribution_id: int, note: str
) -> None:
    """Let the policies look at what readers will be told before a transaction begins.

    :raises NotFound: as :func:`outdate`, as are the others.
    """
    access.require_review(session, actor, contribution_id, lock=False)
    sentences.fit(screen, actor, NOTE, note)


def outdate(session: Session, screen: Screen, actor: Actor, contribution_id: int, note: str) -> Item:
    """Somebody who may looked at an item: it does not hold any more. It stays, and says so.

    :param contribution_id: of its question or of its answer.
    :param note: what readers are told: what has changed, or where to look instead.
    :raises NotFound: if the actor's community has no such item.
    :raises NotAllowed: unless they moderate or gave the answer.
    :raises Invalid: if the note is blank or too long, or a policy refuses it.
    """
    item = access.require_review(session, actor, contribution_id)
    item.note = sentences.fit(screen, actor, NOTE, note)
    item.standing = Standing.OUTDATED
    item.reviewed_by_id, item.reviewed_at = actor.user_id, clock.now()
    _tell(session, actor, item, ItemOutdated)
    return item


def months_after(moment: datetime, months: int) -> datetime:
    """The same day so many months later; the last day of a month that has no such day."""
    years, month = divmod(moment.month - 1 + months, 12)
    year, month = moment.year + years, month + 1
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))


def _tell(session: Session, actor: Actor, item: Item, kind: type[ItemEvent], **more: str | int) -> None:
    activity.record(
        session,
        kind(
            **actor.envelope,
            contribution_id=item.contribution_id,
            answer_id=item.answer_id,
            asker_id=item.asker_id,
            answerer_id=item.answerer_id,
            **more,  # type: ignore[arg-type]  # the fields that this kind has besides
        ),
    )
