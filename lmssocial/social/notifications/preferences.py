"""What somebody wants to be told of, kind by kind, in one community. Nothing commits."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import dialect_insert
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.notifications.models import How, Preference
from lmssocial.social.notifications.plugin_notices import PluginNotices
from lmssocial.social.notifications.ports import Kind, Registry


@dataclass(frozen=True)
class Wish:
    """A kind, and how somebody is told of it."""

    kind: Kind
    how: How

    @property
    def choices(self) -> tuple[How, ...]:
        """What they may choose."""
        return tuple(how for how in How if how is not How.OFF or self.kind.may_be_off)


def wishes(session: Session, registry: Registry, actor: Actor) -> tuple[Wish, ...]:
    """Every kind that concerns the actor, with what holds for them. One query, and one for each plugin that tells."""
    rows = session.execute(
        select(Preference.kind, Preference.how).where(
            Preference.user_id == actor.user_id, Preference.community_id == actor.community_id
        )
    )
    chosen = {row.kind: row.how for row in rows}
    quiet = _quiet(session, registry, actor)
    return tuple(
        Wish(kind, chosen.get(kind.name, kind.default))
        for kind in registry.kinds.values()
        if (actor.moderates or not kind.for_moderators) and kind.name not in quiet
    )


def _quiet(session: Session, registry: Registry, actor: Actor) -> set[str]:
    """The kinds of plugins that are not on where the actor is."""
    ports = {id(port): port for port in registry.by_kind.values() if isinstance(port, PluginNotices)}
    off = [port for port in ports.values() if not port.is_on(session, actor.tenant_id, actor.course_id)]
    return {kind.name for port in off for kind in port.kinds}


def choose(session: Session, registry: Registry, actor: Actor, chosen: Mapping[str, How]) -> None:
    """Remember what the actor wants: no row where it is as the default says. What is not theirs is ignored."""
    for wish in wishes(session, registry, actor):
        how = chosen.get(wish.kind.name, wish.how)
        if how is wish.how or how not in wish.choices:
            continue
        if how is wish.kind.default:
            session.execute(
                delete(Preference).where(
                    Preference.user_id == actor.user_id,
                    Preference.community_id == actor.community_id,
                    Preference.kind == wish.kind.name,
                )
            )
        else:
            _store(session, actor, wish.kind.name, how)


def _store(session: Session, actor: Actor, kind: str, how: How) -> None:
    values = {"user_id": actor.user_id, "community_id": actor.community_id, "kind": kind, "how": how}
    insert = dialect_insert(session, Preference).values(**values)
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["user_id", "community_id", "kind"], set_={"how": insert.excluded.how}
        )
    )
