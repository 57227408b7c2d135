"""Appeals, as their authors and as staff read them. A constant number of statements each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.communities.models import Community
from lmssocial.social.rubrics.criteria import Criterion
from lmssocial.widgets.peer_rating import access
from lmssocial.widgets.peer_rating.feedback.views import AppealRead
from lmssocial.widgets.peer_rating.models import Work
from lmssocial.widgets.peer_rating.scoring_models import UNDECIDED, Appeal, AppealState

PAGE = 50

_assigned, _decider, _author = aliased(User), aliased(User), aliased(User)


@dataclass(frozen=True, kw_only=True)
class AppealRow:
    """An appeal in the list of staff."""

    id: int
    state: AppealState
    author: str
    work_alias: int
    made_at: datetime
    due_at: datetime
    assigned_to: str
    decided_by: str
    points_before: float | None
    points_after: float | None

    @property
    def is_open(self) -> bool:
        """Whether its author waits for it."""
        return self.state in UNDECIDED


def due_at(made_at: datetime, answer_hours: int) -> datetime:
    """By when an appeal shall be decided: within the time that the community gives its moderators for answers."""
    return made_at + timedelta(hours=answer_hours)


def own_appeal(
    session: Session, actor: Actor, placement_id: int, rubric: Sequence[Criterion]
) -> AppealRead | None:
    """The actor's last appeal of an activity. One query."""
    row = session.execute(
        select(Appeal, _assigned.name, _decider.name, Community.answer_hours)
        .join(Community, Community.id == Appeal.community_id)
        .outerjoin(_assigned, _assigned.id == Appeal.assigned_to_id)
        .outerjoin(_decider, _decider.id == Appeal.decided_by_id)
        .where(Appeal.placement_id == placement_id, Appeal.author_id == actor.user_id)
        .order_by(Appeal.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    appeal, assigned_to, decided_by, hours = row
    return as_read(appeal, rubric, hours, assigned_to=assigned_to or "", decided_by=decided_by or "")


def as_read(
    appeal: Appeal, rubric: Sequence[Criterion], answer_hours: int, *, assigned_to: str, decided_by: str
) -> AppealRead:
    """An appeal as a value."""
    chosen = appeal.criteria.get("criteria", [])
    return AppealRead(
        id=appeal.id,
        state=appeal.state,
        text=appeal.text,
        criteria=tuple(line.title for index, line in enumerate(rubric) if index in chosen),
        made_at=appeal.made_at,
        due_at=due_at(appeal.made_at, answer_hours),
        assigned_to=assigned_to,
        decided_by=decided_by,
        decided_at=appeal.decided_at,
        decision=appeal.decision,
        points_before=appeal.points_before,
        points_after=appeal.points_after,
    )


def looked_at_by(actor: Actor) -> ColumnElement[bool]:
    """The appeals that somebody who moderates sees: staff all, others those they were asked to look at; a clause."""
    return true() if access.runs(actor) else Appeal.assigned_to_id == actor.user_id


def appeals(
    session: Session, actor: Actor, placement_id: int, *, after: int = 0
) -> tuple[tuple[AppealRow, ...], bool]:
    """A page of the appeals of an activity, those that wait first, and whether there are more. One query.

    :param after: how many to leave out.
    """
    waits = case((Appeal.state.in_(UNDECIDED), 0), else_=1)
    rows = session.execute(
        select(Appeal, Work.alias, _author.name, _assigned.name, _decider.name, Community.answer_hours)
        .join(Work, Work.id == Appeal.work_id)
        .join(_author, _author.id == Appeal.author_id)
        .join(Community, Community.id == Appeal.community_id)
        .outerjoin(_assigned, _assigned.id == Appeal.assigned_to_id)
        .outerjoin(_decider, _decider.id == Appeal.decided_by_id)
        .where(
            Appeal.placement_id == placement_id,
            Appeal.community_id == actor.community_id,
            looked_at_by(actor),
        )
        .order_by(waits, Appeal.made_at, Appeal.id)
        .offset(after)
        .limit(PAGE + 1)
    ).all()
    found = tuple(
        AppealRow(
            id=appeal.id,
            state=appeal.state,
            author=author,
            work_alias=alias,
            made_at=appeal.made_at,
            due_at=due_at(appeal.made_at, hours),
            assigned_to=assigned_to or "",
            decided_by=decided_by or "",
            points_before=appeal.points_before,
            points_after=appeal.points_after,
        )
        for appeal, alias, author, assigned_to, decided_by, hours in rows[:PAGE]
    )
    return found, len(rows) > PAGE


def appeal_at(
    session: Session, actor: Actor, placement_id: int, appeal_id: int, *, lock: bool = False
) -> Appeal:
    """An appeal that the actor looks at.

    :param lock: to change it.
    :raises NotFound: if there is none, or it is not theirs to look at.
    """
    wanted = select(Appeal).where(
        Appeal.id == appeal_id,
        Appeal.placement_id == placement_id,
        Appeal.community_id == actor.community_id,
        looked_at_by(actor),
    )
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(wanted) if actor.moderates else None
    if found is None:
        raise NotFound(_("There is no appeal at this address."), reason=f"appeal {appeal_id} is not theirs")
    return found


def waiting(session: Session, placement_id: int) -> int:
    """How many appeals of an activity wait for a decision. One query."""
    number = select(func.count(Appeal.id)).where(
        Appeal.placement_id == placement_id, or_(*(Appeal.state == state for state in UNDECIDED))
    )
    return session.scalar(number) or 0
