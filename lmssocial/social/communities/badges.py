"""Badges beside people's names: whoever has some for people of a course is asked once for a page."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import nullcontext

import structlog
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Badge, Badges
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.shelf import shelf
from lmssocial.web.program import program

log = structlog.get_logger(__name__)

MOST = 4
"""Badges of one person that are shown; more would hide the name."""
LONGEST = 40
"""Characters of a badge."""


def badges_of(session: Session, actor: Actor, user_ids: Collection[int]) -> dict[int, tuple[Badge, ...]]:
    """The badges that some people have in the actor's community, by their ids.

    Only plugins that are on there are asked. One that fails is left out of this page, and noted in the log.
    """
    suppliers = program().badges
    if not suppliers or not user_ids:
        return {}
    on = shelf().on(actor)
    wanted = sorted(set(user_ids))
    found: dict[int, tuple[Badge, ...]] = {}
    for plugin, offered in sorted(suppliers.items()):
        for supplier in offered if plugin in on else ():
            said = _asked(session, plugin, supplier, actor.community_id, wanted)
            for user_id, badges in said.items():
                found[user_id] = (*found.get(user_id, ()), *badges)[:MOST]
    return found


def _asked(
    session: Session, plugin: str, supplier: Badges, community_id: int, user_ids: Sequence[int]
) -> dict[int, tuple[Badge, ...]]:
    """What one supplier says of the people it was asked about; nothing if it fails.

    What somebody else's code breaks in the database is undone, so that the rest of the page can be read.
    """
    ours = plugin in program().host.builtin
    try:
        with nullcontext() if ours else session.begin_nested():
            return _understood(supplier.of(session, community_id, user_ids), user_ids)
    except Exception:  # whatever somebody else's code raises
        log.exception("badges left out", plugin=plugin, supplier=supplier.name, community=community_id)
        return {}


def _understood(said: Mapping[int, Iterable[Badge]], user_ids: Sequence[int]) -> dict[int, tuple[Badge, ...]]:
    """Badges that can be shown, as they are shown.

    :raises TypeError: if it is anything but badges.
    """
    found: dict[int, tuple[Badge, ...]] = {}
    for user_id in user_ids:
        badges = tuple(said.get(user_id, ()))
        if any(not isinstance(badge, Badge) for badge in badges):
            raise TypeError(f"{badges!r} are no badges")
        if badges:
            found[user_id] = tuple(
                Badge(label=str(badge.label)[:LONGEST], why=str(badge.why)) for badge in badges if badge.label
            )
    return found
