"""Introductions as those concerned see them. A constant number of statements."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.content.models import Contribution
from lmssocial.social.content.models import State as Visible
from lmssocial.widgets.experts.introducing import rules
from lmssocial.widgets.experts.introducing.finding import no_introduction
from lmssocial.widgets.experts.introducing.rules import Standing
from lmssocial.widgets.experts.models import Introduction, Message

_By, _First, _Second = aliased(User), aliased(User), aliased(User)

PAGE = 25


class Show(StrEnum):
    """Which introductions are listed."""

    TO_ANSWER = "to-answer"
    """Those about the reader that are not over."""
    MET = "met"
    MADE = "made"
    """Those the reader made."""


@dataclass(frozen=True, kw_only=True)
class IntroductionView:
    """An introduction, with no more than the reader may know of it."""

    id: int
    by_name: str
    first_name: str
    second_name: str
    other_name: str
    """The other one of the two; empty for whoever made it."""
    why: str
    made_at: datetime
    ends_at: datetime
    standing: Standing
    met_at: datetime | None
    is_about_me: bool
    i_say: bool | None
    """What the reader said, if it is about them."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """Something one of the two wrote to the other."""

    contribution_id: int
    author_name: str
    is_own: bool
    html: str
    at: datetime
    state: Visible
    note: str


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some introductions, the newest first."""

    lines: list[IntroductionView]
    before: int | None
    """From where the next page goes on."""


def page(session: Session, actor: Actor, show: Show, before: int | None = None) -> Page:
    """Introductions that concern the actor, the newest first. One query."""
    statement = _statement().where(_shown(actor, show), Introduction.community_id == actor.community_id)
    if before is not None:
        statement = statement.where(Introduction.id < before)
    rows = session.execute(statement.order_by(Introduction.id.desc()).limit(PAGE + 1)).all()
    lines = [_view(actor, row) for row in rows[:PAGE]]
    return Page(lines=lines, before=lines[-1].id if len(rows) > PAGE else None)


def introduction(session: Session, actor: Actor, introduction_id: int) -> IntroductionView:
    """One introduction that concerns the actor. One query.

    :raises NotFound: if it does not.
    """
    concerns = or_(_about(actor), Introduction.by_id == actor.user_id)
    row = session.execute(
        _statement().where(
            Introduction.id == introduction_id, Introduction.community_id == actor.community_id, concerns
        )
    ).first()
    if row is None:
        raise no_introduction(actor, introduction_id)
    return _view(actor, row)


def written(session: Session, actor: Actor, introduction_id: int) -> list[Written]:
    """What the two wrote to each other, as one of them reads it; nothing for anybody else. One query."""
    rows = session.execute(
        select(Contribution, User.name)
        .join(Message, Message.contribution_id == Contribution.id)
        .join(Introduction, Introduction.id == Message.introduction_id)
        .join(User, User.id == Contribution.author_id)
        .where(
            Introduction.id == introduction_id,
            _about(actor),
            or_(
                Contribution.state == Visible.PUBLISHED,
                and_(Contribution.author_id == actor.user_id, Contribution.state != Visible.REMOVED),
            ),
        )
        .order_by(Contribution.id)
    )
    return [
        Written(
            contribution_id=words.id,
            author_name=name,
            is_own=words.author_id == actor.user_id,
            html=words.html,
            at=words.published_at or words.created_at,
            state=words.state,
            note=words.note,
        )
        for words, name in rows
    ]


def _shown(actor: Actor, show: Show) -> ColumnElement[bool]:
    if show is Show.MADE:
        return Introduction.by_id == actor.user_id
    if show is Show.MET:
        return and_(_about(actor), Introduction.met_at.is_not(None))
    return and_(_about(actor), _open())


def _open() -> ColumnElement[bool]:
    return and_(
        Introduction.met_at.is_(None),
        Introduction.ended_at.is_(None),
        Introduction.made_at > clock.now() - rules.LASTS,
    )


def _about(actor: Actor) -> ColumnElement[bool]:
    return or_(Introduction.first_id == actor.user_id, Introduction.second_id == actor.user_id)


def _statement() -> Any:
    return (
        select(
            Introduction,
            _By.name.label("by_name"),
            _First.name.label("first_name"),
            _Second.name.label("second_name"),
        )
        .join(_By, _By.id == Introduction.by_id)
        .join(_First, _First.id == Introduction.first_id)
        .join(_Second, _Second.id == Introduction.second_id)
    )


def _view(actor: Actor, row: Any) -> IntroductionView:
    one: Introduction = row.Introduction
    mine = rules.is_between(one, actor.user_id)
    names = {one.first_id: row.first_name, one.second_id: row.second_name}
    return IntroductionView(
        id=one.id,
        by_name=row.by_name,
        first_name=row.first_name,
        second_name=row.second_name,
        other_name=names[rules.other_of(one, actor.user_id)] if mine else "",
        why=one.why,
        made_at=one.made_at,
        ends_at=one.made_at + rules.LASTS,
        standing=rules.standing_of(one, clock.now()),
        met_at=one.met_at,
        is_about_me=mine,
        i_say=rules.says(one, actor.user_id) if mine else None,
    )
