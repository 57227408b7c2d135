"""An actor who stands for anybody, in statements that are built once and run for everybody.

Building a statement of SQLAlchemy takes longer than running it. So pages that are asked for often build theirs once,
from the same rules as everything else, with places where the actor's ids belong.
"""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Integer, bindparam

from lmssocial.lms.identity.actor import Actor


@dataclass(frozen=True)
class AnyActor:
    """Has what rules about rows ask of an actor; its ids are given when the statement runs, by :func:`ids_of`."""

    moderates: bool
    user_id: Any = field(default_factory=lambda: bindparam("actor_user", type_=Integer))
    tenant_id: Any = field(default_factory=lambda: bindparam("actor_tenant", type_=Integer))
    community_id: Any = field(default_factory=lambda: bindparam("actor_community", type_=Integer))


def ids_of(actor: Actor) -> dict[str, int]:
    """The values of the places that :class:`AnyActor` leaves open."""
    return {
        "actor_user": actor.user_id,
        "actor_tenant": actor.tenant_id,
        "actor_community": actor.community_id,
    }
