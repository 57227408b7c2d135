"""What a community knows: shown beside posts, listed, and what somebody has to look at again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.knowledge import access
from lmssocial.social.knowledge.models import Item, Standing
from lmssocial.social.knowledge.ports import Findable, Found

_Asker, _Answerer, _Reviewer, _Answer = aliased(User), aliased(User), aliased(User), aliased(Contribution)

PAGE = 25
"""Items on a page."""
SOON = timedelta(days=30)
"""How long before its date somebody is asked to look at an item again."""

Statement = Any
"""A ``Select``: its type parameters are written differently in SQLAlchemy 2.0 and 2.1."""


@dataclass(frozen=True, kw_only=True)
class Note:
    """What stands beside an item."""

    contribution_id: int
    """What carries the question."""
    title: str
    """Of the question."""
    kind: str
    """What it came from, in the words of the widget that owns it: ``experts.question``."""
    asked_by: str
    answered_by: str
    published_at: datetime
    review_at: datetime
    """When somebody looks at it again."""
    reviewed_by: str
    """Who did so last; empty if nobody has."""
    reviewed_at: datetime | None
    is_outdated: bool
    text: str
    """Why, if it is outdated."""
    way_back: str
    """The path of what it came from; empty for those who do not read that."""
    may_review: bool
    """Whether the reader says whether it still holds."""

    @property
    def is_due(self) -> bool:
        """Whether somebody should have looked at it by now."""
        return self.review_at <= clock.now()


@dataclass(frozen=True)
class Line:
    """An item in the list."""

    note: Note
    found: Found


@dataclass(frozen=True)
class Page:
    """Part of the list."""

    lines: tuple[Line, ...]
    after: int | None
    """What to hand in to get the next page; ``None`` if there is none."""


def noted(session: Session, actor: Actor, contribution_ids: Sequence[int]) -> dict[int, Note]:
    """What stands beside some contributions that carry questions of items, for those that do. One query."""
    rows = session.execute(_items(actor).where(Item.contribution_id.in_(contribution_ids)))
    return {row.Item.contribution_id: _note(actor, row) for row in rows}


def listed(session: Session, actor: Actor, known: Sequence[Findable], *, after: int | None = None) -> Page:
    """What the actor's community knows and what holds, the newest first.

    What the actor does not read where it stands is left out. One query, and a constant number for each of ``known``.

    :param after: ``Page.after`` of the page before.
    """
    statement = _read(_items(actor)).where(Item.standing == Standing.CURRENT)
    if after is not None:
        statement = statement.where(Item.contribution_id < after)
    rows = session.execute(statement.order_by(Item.contribution_id.desc()).limit(PAGE + 1)).all()
    notes = [_note(actor, row) for row in rows[:PAGE]]
    found = found_in(session, actor, known, [note.contribution_id for note in notes])
    lines = tuple(Line(note, found[note.contribution_id]) for note in notes if note.contribution_id in found)
    return Page(lines, notes[-1].contribution_id if len(rows) > PAGE else None)


def found_in(
    session: Session, actor: Actor, known: Sequence[Findable], contribution_ids: Sequence[int]
) -> dict[int, Found]:
    """Where some contributions stand that the actor reads, by their ids. A constant number of queries."""
    found: dict[int, Found] = {}
    for port in known if contribution_ids else ():
        there = port.found(session, actor, contribution_ids)
        found |= {one.contribution_id: one for one in there.values()}
    return found


def due(session: Session, actor: Actor) -> list[Note]:
    """What the actor has to look at again: outdated, or due within 30 days; the longest overdue first, 25 at most.

    For moderators what the community has, for others what they answered themselves. One query.
    """
    when = or_(Item.standing == Standing.OUTDATED, Item.review_at <= clock.now() + SOON)
    statement = _read(_items(actor)).where(access.reviewed_by(actor), when)
    rows = session.execute(statement.order_by(Item.review_at, Item.contribution_id).limit(PAGE))
    return [_note(actor, row) for row in rows]


def reviewable(session: Session, actor: Actor, contribution_id: int) -> Note:
    """An item that the actor may look at again. One query.

    :raises NotFound: if there is none of that id in their community, or it is not theirs to say.
    """
    of_it = or_(Item.contribution_id == contribution_id, Item.answer_id == contribution_id)
    row = session.execute(_read(_items(actor)).where(access.reviewed_by(actor), of_it)).first()
    if row is None:
        raise NotFound(
            _("There is nothing here to look at again, or it is not yours to say."),
            reason=f"user {actor.user_id} reviews no item {contribution_id}",
        )
    return _note(actor, row)


def knows_anything(session: Session, actor: Actor) -> bool:
    """Whether anything was ever published as knowledge in the actor's community. One query."""
    statement = select(Item.contribution_id).where(access.items_of(actor)).limit(1)
    return session.scalar(statement) is not None


def _items(actor: Actor) -> Statement:
    return (
        select(
            Item,
            Contribution.title,
            _Asker.name.label("asked_by"),
            _Answerer.name.label("answered_by"),
            _Reviewer.name.label("reviewed_by"),
        )
        .join(Contribution, Contribution.id == Item.contribution_id)
        .join(_Asker, _Asker.id == Item.asker_id)
        .join(_Answerer, _Answerer.id == Item.answerer_id)
        .outerjoin(_Reviewer, _Reviewer.id == Item.reviewed_by_id)
        .where(access.items_of(actor))
    )


def _read(statement: Statement) -> Statement:
    """Those whose question and answer are both published: what was removed is no knowledge any more."""
    return statement.where(Contribution.state == State.PUBLISHED, _answer_is_published())


def _answer_is_published() -> ColumnElement[bool]:
    return (
        select(_Answer.id)
        .where(_Answer.id == Item.answer_id, _Answer.state == State.PUBLISHED)
        .correlate(Item)
        .exists()
    )


def _note(actor: Actor, row: Any) -> Note:
    item: Item = row.Item
    return Note(
        contribution_id=item.contribution_id,
        title=row.title,
        kind=item.origin_kind,
        asked_by=row.asked_by,
        answered_by=row.answered_by,
        published_at=item.published_at,
        review_at=item.review_at,
        reviewed_by=row.reviewed_by or "",
        reviewed_at=item.reviewed_at,
        is_outdated=item.standing is Standing.OUTDATED,
        text=item.note,
        way_back=item.origin_path if access.knows_origin(actor, item) else "",
        may_review=access.may_review(actor, item),
    )
