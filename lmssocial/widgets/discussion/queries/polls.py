"""A poll as a page shows it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.discussion.models import Poll, PollOption, PollVote

_AnyVote, _AnyOption = aliased(PollVote), aliased(PollOption)


@dataclass(frozen=True)
class OptionView:
    """One answer."""

    id: int
    text: str
    votes: int
    is_mine: bool
    """Whether the person chose it."""


@dataclass(frozen=True)
class PollView:
    """A poll, and how the person stands to it."""

    id: int
    question: str
    several: bool
    closes_at: datetime | None
    options: tuple[OptionView, ...]
    voters: int
    """How many people chose something."""

    @property
    def is_closed(self) -> bool:
        """Whether its time is over."""
        return self.closes_at is not None and self.closes_at <= clock.now()

    @property
    def has_voted(self) -> bool:
        """Whether the person chose something."""
        return any(option.is_mine for option in self.options)

    def percent(self, option: OptionView) -> int:
        """How many of a hundred voters chose an answer."""
        return round(100 * option.votes / self.voters) if self.voters else 0


def poll_of(session: Session, actor: Actor, thread_id: int) -> PollView | None:
    """The poll at the head of a thread that the actor sees, if it has one. One query."""
    voters = (
        select(func.count(_AnyVote.user_id.distinct()))
        .join(_AnyOption, _AnyOption.id == _AnyVote.option_id)
        .where(_AnyOption.poll_id == Poll.id)
        .correlate(Poll)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Poll.id,
            Poll.question,
            Poll.several,
            Poll.closes_at,
            voters.label("voters"),
            PollOption.id.label("option_id"),
            PollOption.text,
            PollOption.votes,
            PollVote.user_id.is_not(None).label("is_mine"),
        )
        .join(PollOption, PollOption.poll_id == Poll.id)
        .outerjoin(PollVote, and_(PollVote.option_id == PollOption.id, PollVote.user_id == actor.user_id))
        .where(Poll.thread_id == thread_id)
        .order_by(PollOption.position)
    ).all()
    if not rows:
        return None
    options = tuple(OptionView(row.option_id, row.text, row.votes, row.is_mine) for row in rows)
    first = rows[0]
    return PollView(first.id, first.question, first.several, first.closes_at, options, first.voters)
