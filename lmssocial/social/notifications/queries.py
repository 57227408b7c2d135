"""The page of notices, and what the channels take out of the house: stored rows and how they read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from lmssocial.core.db import LARGEST_ID
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.communities.models import Placement
from lmssocial.social.notifications.models import Notice
from lmssocial.social.notifications.ports import Noted, Registry, Worded
from lmssocial.social.notifications.reading import own

NOTICES = 30
"""Notices on a page."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class NoticeView:
    """A notice as the page shows it."""

    id: int
    kind: str
    words: Worded
    placement_title: str
    """The activity it happened in."""
    at: datetime
    is_unread: bool


@dataclass(frozen=True)
class NoticePage:
    """Some notices, the newest first."""

    notices: tuple[NoticeView, ...]
    after: str
    """What to hand in to get the next page; empty if there is none."""
    over: tuple[int, ...]
    """Unread ones that are not shown: what they tell of is out of sight."""


def notice_page(session: Session, registry: Registry, actor: Actor, after: str = "") -> NoticePage:
    """The actor's notices. Three queries, and those of the ports.

    :param after: ``NoticePage.after`` of the page before; anything else begins at the beginning.
    """
    statement = (
        select(Notice, Placement.title)
        .join(Placement, Placement.id == Notice.placement_id)
        .where(own(actor))
        .order_by(Notice.changed_at.desc(), Notice.id.desc())
        .limit(NOTICES + 1)
    )
    if (begin := _read_place(after)) is not None:
        statement = statement.where(tuple_(Notice.changed_at, Notice.id) < tuple_(*begin))
    rows = session.execute(statement.execution_options(populate_existing=True)).all()
    shown = rows[:NOTICES]
    words = worded(session, registry, actor, [row.Notice for row in shown])
    views = tuple(
        NoticeView(
            id=row.Notice.id,
            kind=row.Notice.kind,
            words=words[row.Notice.id],
            placement_title=row.title,
            at=row.Notice.changed_at,
            is_unread=row.Notice.generation == 0,
        )
        for row in shown
        if row.Notice.id in words
    )
    over = tuple(row.Notice.id for row in shown if row.Notice.generation == 0 and row.Notice.id not in words)
    return NoticePage(views, _write_place(shown[-1].Notice) if len(rows) > NOTICES else "", over)


def worded(
    session: Session, registry: Registry, actor: Actor, notices: Sequence[Notice]
) -> dict[int, Worded]:
    """How notices read for ``actor``, whose they are; without those whose target they may not read (any more).

    One query for names, and a constant number for each port, however many notices there are.
    """
    ids = {one for notice in notices for one in notice.people.get("ids", [])}
    names: dict[int, str] = {}
    if ids:
        rows = session.execute(
            select(User.id, User.name).where(User.id.in_(ids), User.tenant_id == actor.tenant_id)
        )
        names = {row.id: row.name for row in rows}
    return registry.word(session, actor, [_noted(notice, names) for notice in notices])


def _noted(notice: Notice, names: dict[int, str]) -> Noted:
    return Noted(
        id=notice.id,
        kind=notice.kind,
        placement_id=notice.placement_id,
        about=tuple(notice.subject.get("about", [])),
        subject=notice.subject,
        people=tuple(names[one] for one in notice.people.get("ids", []) if one in names),
        count=notice.count,
        changed_at=notice.changed_at,
        is_unread=notice.generation == 0,
    )


def one_notice(session: Session, actor: Actor, notice_id: int) -> Notice | None:
    """One of the actor's notices."""
    return session.scalar(select(Notice).where(Notice.id == notice_id, own(actor)))


def _write_place(notice: Notice) -> str:
    return f"{(notice.changed_at - _EPOCH) // _MICROSECOND}.{notice.id}"


def _read_place(text: str) -> tuple[datetime, int] | None:
    try:
        at, notice_id = map(int, text.split("."))
        place = _EPOCH + at * _MICROSECOND, notice_id
    except (ValueError, OverflowError):
        return None
    return place if 0 < notice_id <= LARGEST_ID else None
