"""What introductions do by themselves: those that came to nothing end, fourteen days after they were made."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.jobs.rounds import run_due as run
from lmssocial.core.kernel import clock
from lmssocial.widgets.experts.introducing import rules, service
from lmssocial.widgets.experts.models import Introduction

AT_ONCE = 200
"""Introductions that are looked at in one round."""
ROUND_SECONDS = 5.0
"""After this no other one is begun."""


def run_due(sessions: sessionmaker[Session]) -> int:
    """End what came to nothing, each in a transaction of its own; says how many. Safe in several processes."""
    return run(sessions, due(), service.end, _nothing, what="introductions", seconds=ROUND_SECONDS)


def due() -> Select[int]:
    """The ids of those whose time is over."""
    return (
        select(Introduction.id)
        .where(
            Introduction.met_at.is_(None),
            Introduction.ended_at.is_(None),
            Introduction.made_at <= clock.now() - rules.LASTS,
        )
        .order_by(Introduction.id)
        .limit(AT_ONCE)
    )


def _nothing(session: Session, introduction_id: int) -> None:
    """One that could not be ended is looked at again with the next round."""
    del session, introduction_id
