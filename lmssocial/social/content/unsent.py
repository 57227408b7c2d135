"""Drafts: what somebody is writing is kept on the server, on whatever device they go on. Nothing here commits."""

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import dialect_insert
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.drafts import Unsent
from lmssocial.social.content.models import Draft


def save_draft(session: Session, actor: Actor, unsent: Unsent) -> bool:
    """Keep what ``actor`` has written so far; an empty text is kept as well, because it was emptied on purpose.

    Says whether it was stored: a save that comes from an older tab, or too late, changes nothing.
    """
    statement = dialect_insert(session, Draft).values(
        user_id=actor.user_id,
        community_id=actor.community_id,
        target=unsent.target,
        title=unsent.title,
        source=unsent.source,
        sequence=unsent.sequence,
        updated_at=clock.now(),
    )
    new = statement.excluded
    stored = session.execute(
        statement.on_conflict_do_update(
            index_elements=["user_id", "target"],
            set_={
                "title": new.title,
                "source": new.source,
                "sequence": new.sequence,
                "updated_at": new.updated_at,
            },
            where=Draft.sequence < new.sequence,
        ).returning(Draft.id)
    )
    return stored.first() is not None


def discard_draft(session: Session, actor: Actor, target: str) -> None:
    """Forget what ``actor`` was writing for ``target``, because it was sent or is not wanted."""
    session.connection().execute(_DISCARD, {"user": actor.user_id, "target_": target})


_DISCARD = delete(Draft).where(Draft.user_id == bindparam("user"), Draft.target == bindparam("target_"))
"""Built once; it runs for every post."""


def draft_for(session: Session, actor: Actor, target: str) -> Draft | None:
    """What ``actor`` was writing for ``target``."""
    return session.scalar(select(Draft).where(Draft.user_id == actor.user_id, Draft.target == target))
