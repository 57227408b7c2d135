"""What may answer a question before it is sent: everything that resembles it, wherever it stands."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.knowledge import access
from lmssocial.social.knowledge.models import Item, Standing
from lmssocial.social.knowledge.ports import Findable, Found
from lmssocial.social.search import similar as search

MOST = 5
"""Things that are shown."""


def similar(session: Session, actor: Actor, known: Sequence[Findable], text: str) -> list[Found]:
    """What resembles ``text`` and the actor may read, the likeliest first; at most five.

    What is solved comes before what resembles it as much and is only answered, that before what nobody answered, and
    what is outdated last. At most two queries for the words of each of ``known``, what it asks itself, and one more.
    """
    weighed: list[tuple[float, Found]] = []
    for port in known:
        weights = {it.subject_id: it.weight for it in search.similar(session, actor, text, port.field(actor))}
        if weights:
            found = port.found(session, actor, list(weights))
            weighed += [(weights[subject_id], one) for subject_id, one in found.items()]
    outdated = _outdated(session, actor, [one.contribution_id for _weight, one in weighed])
    marked = [(weight, replace(one, is_outdated=one.contribution_id in outdated)) for weight, one in weighed]
    marked.sort(key=lambda pair: (-pair[0] * _worth(pair[1]), -pair[1].contribution_id))
    return [one for _weight, one in marked[:MOST]]


def _worth(one: Found) -> float:
    if one.is_outdated:
        return 0.5
    return 1.5 if one.is_solved else 1.2 if one.is_answered else 1.0


def _outdated(session: Session, actor: Actor, contribution_ids: Sequence[int]) -> set[int]:
    """Those of some contributions that carry the question of an outdated item; no query for none."""
    if not contribution_ids:
        return set()
    rows = session.scalars(
        select(Item.contribution_id).where(
            access.items_of(actor),
            Item.standing == Standing.OUTDATED,
            Item.contribution_id.in_(contribution_ids),
        )
    )
    return set(rows)
