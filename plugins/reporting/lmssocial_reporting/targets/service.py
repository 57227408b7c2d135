"""Reading targets: the one in force, the one that is being agreed on, and those that were."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.plugin import NotFound, gettext
from lmssocial.plugin_data import names
from lmssocial_reporting.definition import Role
from lmssocial_reporting.targets.models import TargetBand, TargetRemark, TargetRow, TargetSetter, TargetVote
from lmssocial_reporting.targets.values import Band, Remark, Stage, Target


def in_force(session: Session, tenant_id: int, scope_key: str) -> Target | None:
    """The target that a scope has agreed on; ``None`` if there is none. Five queries, one if there is none."""
    rows = session.scalars(
        select(TargetRow).where(
            TargetRow.tenant_id == tenant_id,
            TargetRow.scope == scope_key,
            TargetRow.stage == Stage.RATIFIED,
        )
    ).all()
    return next(iter(_targets(session, rows)), None)


def targets_of(session: Session, tenant_id: int, scope_key: str) -> list[Target]:
    """All targets of a scope, the newest first. Five queries."""
    rows = session.scalars(
        select(TargetRow)
        .where(TargetRow.tenant_id == tenant_id, TargetRow.scope == scope_key)
        .order_by(TargetRow.id.desc())
    ).all()
    return _targets(session, rows)


def target(session: Session, tenant_id: int, target_id: int) -> Target:
    """One target. Five queries.

    :raises NotFound: if the tenant has none of this id.
    """
    (found,) = _targets(session, [row_of(session, tenant_id, target_id)])
    return found


def row_of(session: Session, tenant_id: int, target_id: int) -> TargetRow:
    """The row of one target.

    :raises NotFound: if the tenant has none of this id.
    """
    row = session.scalar(select(TargetRow).where(TargetRow.tenant_id == tenant_id, TargetRow.id == target_id))
    if row is None:
        raise NotFound(gettext("There is no such target."))
    return row


def own_vote(session: Session, target_id: int, user_id: int) -> bool | None:
    """What somebody voted; ``None`` if they did not."""
    return session.scalar(
        select(TargetVote.agrees).where(TargetVote.target_id == target_id, TargetVote.user_id == user_id)
    )


def remarks_on(session: Session, tenant_id: int, target_id: int) -> list[Remark]:
    """What was said of a target, the oldest first. Two queries."""
    rows = session.execute(
        select(TargetRemark.user_id, TargetRemark.words, TargetRemark.at)
        .where(TargetRemark.target_id == target_id)
        .order_by(TargetRemark.id)
    ).all()
    called = names(session, tenant_id, {row.user_id for row in rows})
    return [Remark(called.get(row.user_id, _former()), row.words, row.at) for row in rows]


def _targets(session: Session, rows: Sequence[TargetRow]) -> list[Target]:
    if not rows:
        return []
    ids = [row.id for row in rows]
    bands: dict[int, dict[Role, Band]] = {}
    for band in session.scalars(select(TargetBand).where(TargetBand.target_id.in_(ids))):
        bands.setdefault(band.target_id, {})[Role(band.role)] = Band(band.low, band.high)
    setters: dict[int, list[int]] = {}
    for setter in session.scalars(
        select(TargetSetter).where(TargetSetter.target_id.in_(ids)).order_by(TargetSetter.user_id)
    ):
        setters.setdefault(setter.target_id, []).append(setter.user_id)
    votes = votes_on(session, ids)
    whom = {one for some in setters.values() for one in some}
    whom |= {by for row in rows for by in (row.ratified_by, row.retired_by) if by}
    called = names(session, rows[0].tenant_id, whom)
    return [_target(row, bands[row.id], setters.get(row.id, []), votes, called) for row in rows]


def votes_on(session: Session, ids: Sequence[int]) -> dict[tuple[int, bool], int]:
    """How many members are for and against some targets, by target and whether they agree. One query."""
    counted = session.execute(
        select(TargetVote.target_id, TargetVote.agrees, func.count())
        .where(TargetVote.target_id.in_(ids))
        .group_by(TargetVote.target_id, TargetVote.agrees)
    )
    return {(target_id, agrees): number for target_id, agrees, number in counted}


def _target(
    row: TargetRow,
    bands: dict[Role, Band],
    setters: Sequence[int],
    votes: dict[tuple[int, bool], int],
    called: dict[int, str],
) -> Target:
    first = sorted(setters, key=lambda one: (one != row.written_by, called.get(one, "")))
    return Target(
        id=row.id,
        stage=Stage(row.stage),
        purpose=row.purpose,
        speaks_of=row.speaks_of,
        bands={role: bands[role] for role in Role},
        setters=tuple(called.get(one, _former()) for one in first),
        votes_for=votes.get((row.id, True), 0) + row.kept_for,
        votes_against=votes.get((row.id, False), 0) + row.kept_against,
        review_on=row.review_on,
        ratified_at=row.ratified_at,
        scope=row.scope,
        setter_ids=frozenset(setters),
        created_at=row.created_at,
        consulted_at=row.consulted_at,
        ends_on=row.ends_on,
        ratified_by=_name(row.ratified_by, called),
        despite=row.despite,
        retired_at=row.retired_at,
        retired_by=_name(row.retired_by, called),
        retired_why=row.retired_why,
        successor_id=row.successor_id,
    )


def _name(user_id: int | None, called: dict[int, str]) -> str:
    return "" if user_id is None else called.get(user_id, _former())


def _former() -> str:
    return gettext("Former member")
