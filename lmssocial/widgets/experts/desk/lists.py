"""What waits in a community: its questions that are alive, the oldest first, each with whose turn it is."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

from lmssocial.core.db import LARGEST_ID
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.communities.models import Placement
from lmssocial.social.content.models import Contribution
from lmssocial.social.content.models import State as Visible
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.clockwork.facts import facts_of_all
from lmssocial.widgets.experts.clockwork.next_step import NextStep, Viewer, next_step, viewer_of
from lmssocial.widgets.experts.invitation_models import HOLDING, Invitation
from lmssocial.widgets.experts.models import ALIVE, Audience, Level, Question, State
from lmssocial.widgets.experts.questions import Asked
from lmssocial.widgets.experts.settings import ExpertSettings

PAGE = 25
"""Questions on a page."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Show(StrEnum):
    """Which questions."""

    ALL = "all"
    ESCALATED = "escalated"
    """Those that the clock, or nobody's being there, brought to the desk."""
    NOBODY = "nobody"
    """Those that nobody was asked for, or nobody is asked for any more."""
    ASKER = "asker"
    """Those whose asker was asked to say more."""
    PRIVATE = "private"
    """Those for experts only."""


@dataclass(frozen=True, kw_only=True)
class DeskLine:
    """A question that waits."""

    id: int
    title: str
    asker_name: str
    asker_role: str
    asked: Asked
    opened_at: datetime
    next: NextStep


@dataclass(frozen=True, kw_only=True)
class DeskPage:
    """Some of what waits."""

    lines: tuple[DeskLine, ...]
    counts: dict[Show, int]
    """How many there are of each."""
    after: str
    """What to hand in to get the next page; empty if there is none."""


def desk_page(session: Session, actor: Actor, show: Show, after: str = "") -> DeskPage:
    """The questions of the actor's community that are alive, the oldest first. Four queries.

    :param after: ``DeskPage.after`` of the page before; anything else begins at the beginning.
    :raises NotAllowed: unless the actor looks after questions.
    """
    access.require_looks_after(actor)
    statement = (
        select(Question, Contribution, Placement, User.name)
        .join(Contribution, Contribution.id == Question.contribution_id)
        .join(Placement, Placement.id == Question.placement_id)
        .join(User, User.id == Question.asker_id)
        .where(*_waits(actor), _shown(show))
        .order_by(Question.opened_at, Question.id)
        .limit(PAGE + 1)
    )
    if (place := _read_place(after)) is not None:
        statement = statement.where(tuple_(Question.opened_at, Question.id) > tuple_(*place))
    rows = session.execute(statement).all()
    return DeskPage(
        lines=_lines(session, actor, rows[:PAGE]),
        counts=_counts(session, actor),
        after=_write_place(rows[PAGE - 1][0]) if len(rows) > PAGE else "",
    )


def _lines(session: Session, actor: Actor, rows: Any) -> tuple[DeskLine, ...]:
    some = [
        (
            Asked(
                question=question,
                words=words,
                placement=placement,
                settings=ExpertSettings.read(placement.settings),
            ),
            name,
        )
        for question, words, placement, name in rows
    ]
    facts = facts_of_all(session, [asked for asked, _name in some]) if some else {}
    return tuple(_line(actor, asked, name, facts[asked.question.id]) for asked, name in some)


def _line(actor: Actor, asked: Asked, name: str, facts: Any) -> DeskLine:
    """What the desk says is for who sits at it, also if the question is their own, or they were asked."""
    own = viewer_of(actor, asked.question, facts)
    viewer = Viewer.STEWARD if own is Viewer.OTHER else own
    return DeskLine(
        id=asked.question.id,
        title=asked.words.title,
        asker_name=name,
        asker_role=asked.words.author_role,
        asked=asked,
        opened_at=asked.question.opened_at,
        next=next_step(asked, facts, viewer),
    )


def _counts(session: Session, actor: Actor) -> dict[Show, int]:
    columns = [func.count(Question.id).filter(_shown(show)).label(show.name) for show in Show]
    row = session.execute(
        select(*columns).join(Contribution, Contribution.id == Question.contribution_id).where(*_waits(actor))
    ).one()
    return dict(zip(Show, row, strict=True))


def _waits(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """What was rejected or removed waits for nobody here."""
    return (
        Question.tenant_id == actor.tenant_id,
        Question.community_id == actor.community_id,
        Question.state.in_(ALIVE),
        Contribution.state.in_([Visible.PUBLISHED, Visible.HELD]),
    )


def _shown(show: Show) -> ColumnElement[bool]:
    asked = (
        select(Invitation.id)
        .where(Invitation.question_id == Question.id, Invitation.state.in_(HOLDING))
        .correlate(Question)
        .exists()
    )
    nobody = (Question.state == State.OPEN) & (Question.level != Level.EXPERTS) & ~asked
    return {
        Show.ALL: Question.id.is_not(None),
        Show.ESCALATED: Question.level == Level.STEWARDS,
        Show.NOBODY: nobody,
        Show.ASKER: Question.paused_at.is_not(None),
        Show.PRIVATE: Question.audience == Audience.EXPERTS,
    }[show]


def _write_place(question: Question) -> str:
    return f"{(question.opened_at - _EPOCH) // _MICROSECOND}.{question.id}"


def _read_place(text: str) -> tuple[datetime, int] | None:
    try:
        at, question_id = map(int, text.split("."))
        place = _EPOCH + at * _MICROSECOND, question_id
    except (ValueError, OverflowError):
        return None
    return place if 0 < question_id <= LARGEST_ID else None
