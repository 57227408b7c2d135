"""What the marks on contributions add up to, changed by the statement that counts, never by reading first."""

from collections.abc import Sequence

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from lmssocial.core.db.upsert import dialect_insert
from lmssocial.social.engagement.models import Mark, Share, SpecialMention, Tally

COUNTERS = ("helpful", "saved", "endorsed", "stars_count", "stars_sum", "specially_mentioned", "shared")
"""Everything a tally counts."""

AT_ONCE = 200
"""Contributions that are reconciled in one statement."""


def add(session: Session, contribution_id: int, **by: int) -> None:
    """Count so many more (or fewer) of some :data:`COUNTERS`; one statement, so that nobody's mark is lost."""
    insert = dialect_insert(session, Tally).values(
        contribution_id=contribution_id, **{name: max(0, amount) for name, amount in by.items()}
    )
    session.execute(
        insert.on_conflict_do_update(
            index_elements=[Tally.contribution_id],
            set_={name: getattr(Tally, name) + amount for name, amount in by.items()},
        )
    )
    known = session.identity_map.get(identity_key(Tally, (contribution_id,)))
    if known is not None:
        session.expire(known)


def reconcile(session: Session) -> int:
    """Count everything anew, and mend the tallies that say something else. Says how many were wrong."""
    marked = union(
        select(Mark.contribution_id),
        select(SpecialMention.contribution_id),
        select(Share.contribution_id),
        select(Tally.contribution_id),
    ).subquery()
    ids = list(session.scalars(select(marked.c[0]).order_by(marked.c[0])))
    return sum(_mend(session, ids[start : start + AT_ONCE]) for start in range(0, len(ids), AT_ONCE))


def _mend(session: Session, ids: Sequence[int]) -> int:
    """Lock the tallies first, so that what is counted next holds every mark that was counted in them."""
    stored = {
        row.contribution_id: row
        for row in session.scalars(
            select(Tally)
            .where(Tally.contribution_id.in_(ids))
            .order_by(Tally.contribution_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    }
    wrong = 0
    for contribution_id, counted in counts(session, ids).items():
        tally = stored.get(contribution_id)
        if tally is None:
            session.add(Tally(contribution_id=contribution_id, **counted))
        elif any(getattr(tally, name) != number for name, number in counted.items()):
            for name, number in counted.items():
                setattr(tally, name, number)
        else:
            continue
        wrong += 1
    session.flush()
    return wrong


def counts(session: Session, ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """What the marks on some contributions really add up to, by :data:`COUNTERS`. Three queries."""
    found = {one: dict.fromkeys(COUNTERS, 0) for one in ids}
    rows = session.execute(
        select(
            Mark.contribution_id,
            func.count(Mark.helpful_at),
            func.count(Mark.saved_at),
            func.count(Mark.endorsed_at),
            func.count(Mark.stars),
            func.coalesce(func.sum(Mark.stars), 0),
        )
        .where(Mark.contribution_id.in_(ids))
        .group_by(Mark.contribution_id)
    )
    for contribution_id, *numbers in rows:
        found[contribution_id].update(zip(COUNTERS, (int(number or 0) for number in numbers), strict=False))
    for name, model in (("specially_mentioned", SpecialMention), ("shared", Share)):
        for contribution_id, number in session.execute(
            select(model.contribution_id, func.count())
            .where(model.contribution_id.in_(ids))
            .group_by(model.contribution_id)
        ):
            found[contribution_id][name] = int(number)
    return found
