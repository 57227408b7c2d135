"""Examples, as staff see them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.rubrics.criteria import Criterion
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.example_models import Example, Try
from lmssocial.widgets.peer_rating.examples.service import chosen


@dataclass(frozen=True, kw_only=True)
class ExampleView:
    """An example with what staff give it."""

    id: int
    html: str
    source: str
    version: int
    """Of the words."""
    levels: tuple[int, ...] | None
    """For each criterion; ``None`` if the rubric has changed since."""
    points: float
    explanation: str
    retired_at: datetime | None
    waits: bool
    """Whether a moderator has to let its words through first."""
    tries: int
    """How many people have tried it."""


def examples_of(
    session: Session, running: Running, rubric: tuple[Criterion, ...], example_id: int | None = None
) -> tuple[ExampleView, ...]:
    """The examples of an activity, those in use first, in their order. One query.

    :param rubric: what reviews are made by.
    :param example_id: only this one.
    """
    tries = select(func.count()).where(Try.example_id == Example.id).correlate(Example).scalar_subquery()
    wanted = (
        select(Example, Contribution, tries.label("tries"))
        .join(Contribution, Contribution.id == Example.contribution_id)
        .where(Example.placement_id == running.placement.id)
        .order_by(Example.retired_at.is_not(None), Example.position, Example.id)
    )
    if example_id is not None:
        wanted = wanted.where(Example.id == example_id)
    return tuple(
        ExampleView(
            id=row.Example.id,
            html=row.Contribution.html,
            source=row.Contribution.source,
            version=row.Contribution.version,
            levels=chosen(row.Example, rubric),
            points=row.Example.points,
            explanation=row.Example.explanation,
            retired_at=row.Example.retired_at,
            waits=row.Contribution.state is not State.PUBLISHED,
            tries=row.tries,
        )
        for row in session.execute(wanted)
    )


def example_of(
    session: Session, running: Running, rubric: tuple[Criterion, ...], example_id: int
) -> ExampleView:
    """One of them.

    :raises NotFound: if there is none.
    """
    found = examples_of(session, running, rubric, example_id)
    if not found:
        raise NotFound(_("There is no such example here."))
    return found[0]
