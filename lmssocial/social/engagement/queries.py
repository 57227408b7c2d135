"""Who said what about a contribution, and what somebody saved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, literal, select, tuple_
from sqlalchemy.orm import Session

from lmssocial.core.db import LARGEST_ID
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.content.models import Contribution
from lmssocial.social.engagement.models import Mark, Share, SpecialMention
from lmssocial.social.engagement.ports import Engaged, Subject

PEOPLE = 200
"""People that a list names; it says how many more there are."""

PAGE = 20
"""Saved items on a page."""


@dataclass(frozen=True)
class Person:
    """Somebody who said something."""

    user_id: int
    name: str
    role: str
    at: datetime
    sentence: str = ""


@dataclass(frozen=True)
class People:
    """Who said what about a contribution; everybody who reads it sees this. Nobody sees who saved it."""

    helpful: tuple[Person, ...]
    helpful_count: int
    endorsed: tuple[Person, ...]
    mentions: tuple[Person, ...]
    shared: tuple[Person, ...]


def people(session: Session, actor: Actor, contribution_id: int) -> People:
    """Who said what about a contribution that the actor reads, the newest first. Five queries."""
    helpful = _marked(session, actor, contribution_id, Mark.helpful_at)
    count = session.scalar(select(func.count(Mark.helpful_at)).where(Mark.contribution_id == contribution_id))
    return People(
        helpful=helpful,
        helpful_count=count or 0,
        endorsed=_marked(session, actor, contribution_id, Mark.endorsed_at),
        mentions=_listed(session, actor, SpecialMention, contribution_id, SpecialMention.sentence),
        shared=_listed(session, actor, Share, contribution_id),
    )


def _marked(session: Session, actor: Actor, contribution_id: int, at: Any) -> tuple[Person, ...]:
    endorsement = Mark.endorsement if at is Mark.endorsed_at else literal("")
    rows = session.execute(
        select(User.id, User.name, func.coalesce(Membership.lead_role, ""), at, endorsement)
        .join(User, User.id == Mark.user_id)
        .outerjoin(Membership, _member(actor))
        .where(Mark.contribution_id == contribution_id, at.is_not(None))
        .order_by(at.desc(), User.id)
        .limit(PEOPLE)
    )
    return tuple(Person(*row) for row in rows)


def _listed(
    session: Session,
    actor: Actor,
    model: type[SpecialMention] | type[Share],
    contribution_id: int,
    *more: Any,
) -> tuple[Person, ...]:
    rows = session.execute(
        select(User.id, User.name, func.coalesce(Membership.lead_role, ""), model.at, *more)
        .join(User, User.id == model.user_id)
        .outerjoin(Membership, _member(actor))
        .where(model.contribution_id == contribution_id)
        .order_by(model.at.desc(), User.id)
        .limit(PEOPLE)
    )
    return tuple(Person(*row) for row in rows)


def _member(actor: Actor) -> Any:
    return and_(Membership.user_id == User.id, Membership.course_id == actor.course_id)


@dataclass(frozen=True)
class Own:
    """What the actor themselves said about a contribution."""

    helpful: bool = False
    saved: bool = False
    stars: int = 0
    endorsed: bool = False
    endorsement: str = ""
    mention: str = ""
    """The sentence of their special mention; empty if they made none."""


def own(session: Session, actor: Actor, contribution_id: int) -> Own:
    """What the actor said about a contribution. Two queries."""
    mark = session.execute(
        select(Mark.helpful_at, Mark.saved_at, Mark.stars, Mark.endorsed_at, Mark.endorsement).where(
            Mark.contribution_id == contribution_id, Mark.user_id == actor.user_id
        )
    ).first()
    mention = session.scalar(
        select(SpecialMention.sentence).where(
            SpecialMention.contribution_id == contribution_id, SpecialMention.user_id == actor.user_id
        )
    )
    if mark is None:
        return Own(mention=mention or "")
    return Own(
        helpful=mark.helpful_at is not None,
        saved=mark.saved_at is not None,
        stars=mark.stars or 0,
        endorsed=mark.endorsed_at is not None,
        endorsement=mark.endorsement,
        mention=mention or "",
    )


@dataclass(frozen=True)
class SavedItem:
    """Something somebody put aside."""

    subject: Subject
    saved_at: datetime


@dataclass(frozen=True)
class SavedList:
    """A page of what somebody put aside."""

    items: tuple[SavedItem, ...]
    after: str
    """What to hand in to get the next page; empty if there is none."""


def saved(session: Session, actor: Actor, ports: Mapping[str, Engaged], after: str = "") -> SavedList:
    """What the actor saved in their community and may still read, the newest first. Two queries for each widget.

    :param after: :attr:`SavedList.after` of the page before; anything else begins at the beginning.
    """
    statement = (
        select(Mark.contribution_id, Mark.saved_at, Contribution.kind)
        .join(Contribution, Contribution.id == Mark.contribution_id)
        .where(
            Mark.user_id == actor.user_id,
            Mark.saved_at.is_not(None),
            Contribution.tenant_id == actor.tenant_id,
            Contribution.community_id == actor.community_id,
        )
        .order_by(Mark.saved_at.desc(), Mark.contribution_id.desc())
        .limit(PAGE + 1)
    )
    if (place := _read_place(after)) is not None:
        statement = statement.where(tuple_(Mark.saved_at, Mark.contribution_id) < place)
    rows = session.execute(statement).all()
    subjects: dict[int, Subject] = {}
    for kind, port in ports.items():
        ids = [row.contribution_id for row in rows[:PAGE] if row.kind.partition(".")[0] == kind]
        if ids:
            subjects |= port.subjects(session, actor, ids)
    items = tuple(
        SavedItem(subjects[row.contribution_id], row.saved_at)
        for row in rows[:PAGE]
        if row.contribution_id in subjects
    )
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return SavedList(items, _write_place(last.saved_at, last.contribution_id) if last else "")


_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


def _write_place(saved_at: datetime, contribution_id: int) -> str:
    """Where a page ended, as text for an address."""
    return f"{(saved_at - _EPOCH) // _MICROSECOND}_{contribution_id}"


def _read_place(text: str) -> tuple[datetime, int] | None:
    """What :func:`_write_place` wrote; ``None`` if it is anything else."""
    moment, _line, number = text.partition("_")
    try:
        place = _EPOCH + int(moment) * _MICROSECOND, int(number)
    except (ValueError, OverflowError):
        return None
    return place if 0 <= place[1] <= LARGEST_ID else None
