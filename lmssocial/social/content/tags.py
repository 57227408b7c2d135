"""Words that contributions are collected under: ``#experience``."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import delete, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import dialect_insert
from lmssocial.core.kernel.errors import Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.connection_models import Tag, Tagging
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.content.named import fold_name

MAX_TAGS = 10
"""How many tags one post carries."""


def fold(word: str) -> str:
    """How a tag is kept: ``#Kürzen`` and ``#kürzen`` are one."""
    return fold_name(word)


def require_few(tags: Collection[str]) -> None:
    """Go on only if a post is not under every heading there is.

    :raises Invalid: if it carries more than :data:`MAX_TAGS` tags.
    """
    if len(tags) > MAX_TAGS:
        raise Invalid(
            _(
                "A post carries at most %(max)d tags; yours carries %(num)d. Take away the # before some words.",
                max=MAX_TAGS,
                num=len(tags),
            )
        )


def put(session: Session, contribution: Contribution, tags: Mapping[str, str], *, new: bool) -> None:
    """Let a contribution carry ``tags`` (folded name → as written), and no others.

    :param new: whether it carries none yet.
    """
    if not new:
        session.execute(
            delete(Tagging)
            .where(Tagging.contribution_id == contribution.id)
            .execution_options(synchronize_session=False)
        )
    if not tags:
        return
    rows = [
        {
            "tenant_id": contribution.tenant_id,
            "community_id": contribution.community_id,
            "name": name,
            "label": label,
        }
        for name, label in sorted(
            tags.items()
        )  # in one order, so that two at once do not wait for each other
    ]
    insert: postgresql.Insert | sqlite.Insert = dialect_insert(session, Tag).values(rows)
    session.execute(insert.on_conflict_do_nothing(index_elements=["community_id", "name"]))
    ids = select(Tag.id, literal(contribution.id)).where(
        Tag.community_id == contribution.community_id,
        Tag.name.in_(tags),
    )
    session.execute(dialect_insert(session, Tagging).from_select(["tag_id", "contribution_id"], ids))


def completions(
    session: Session, actor: Actor, begun: str, readable: Any, limit: int = 8
) -> list[tuple[str, int]]:
    """Tags that begin with ``begun``, the most used first, each with how many contributions carry it. One query.

    :param readable: a ``SELECT`` of the ids of what the actor may read: what others say among themselves stays there.
    """
    wanted = fold(begun)[:60].replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    used = func.count().label("used")
    rows = session.execute(
        select(Tag.label, used)
        .join(Tagging, Tagging.tag_id == Tag.id)
        .join(Contribution, Contribution.id == Tagging.contribution_id)
        .where(
            Tag.community_id == actor.community_id,
            Tag.tenant_id == actor.tenant_id,
            Tag.name.like(f"{wanted}%", escape="\\"),
            Contribution.state == State.PUBLISHED,
            Contribution.id.in_(readable),
        )
        .group_by(Tag.id, Tag.label)
        .order_by(used.desc(), Tag.label)
        .limit(limit)
    )
    return [(row.label, row.used) for row in rows]
