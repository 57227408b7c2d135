"""How much the word of a policy counts for the installation or a tenant, and what it would have done."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Manifest, Stance
from lmssocial.core.kernel.errors import Conflict
from lmssocial.front.admin.log import By, note
from lmssocial.social.moderation import stances
from lmssocial.social.moderation.models import Backtest
from lmssocial.social.moderation.trying_out import Spot, setup_of
from lmssocial.social.plugin_settings import service


@dataclass(frozen=True, kw_only=True)
class Trial:
    """The last time a policy was tried out at a place."""

    result: Backtest
    is_fresh: bool
    """Whether it speaks for the policy as it is set now."""
    examples: tuple[object, ...] = ()
    """Posts are read in their community, not here."""


@dataclass(frozen=True, kw_only=True)
class Trials:
    """What is known of a policy before it is enforced at a place."""

    last: Trial | None
    why_not_enforce: str
    """Why nobody may enforce it there now; empty if they may."""


def trials(session: Session, manifest: Manifest, spot: Spot) -> Trials:
    """The last trial of a policy at ``spot``, and whether it is enough to enforce it."""
    last = session.scalar(
        select(Backtest)
        .where(
            Backtest.policy == manifest.name, Backtest.level == spot.level, Backtest.place_id == spot.place_id
        )
        .order_by(Backtest.id.desc())
        .limit(1)
    )
    setup = setup_of(session, manifest, spot)
    fresh = stances.latest_backtest(
        session,
        manifest.name,
        level=spot.level,
        place_id=spot.place_id,
        values=setup.values,
        version=setup.version,
    )
    why_not = ""
    try:
        stances.require_backtest(
            session,
            manifest.name,
            level=spot.level,
            place_id=spot.place_id,
            values=setup.values,
            version=setup.version,
        )
    except Conflict as conflict:
        why_not = conflict.message
    trial = None if last is None else Trial(result=last, is_fresh=fresh is not None and fresh.id == last.id)
    return Trials(last=trial, why_not_enforce=why_not)


def take(
    session: Session, by: By, manifest: Manifest, spot: Spot, stance: Stance | None, subject: str
) -> None:
    """Let the word of a policy count as ``stance`` at ``spot``; ``None`` lets it count as further up.

    :raises Conflict: if it is to be enforced and was not tried out there with its settings lately.
    """
    if stance is None:
        service.take_stance(session, manifest.name, None, level=spot.level, place_id=spot.place_id)
    else:
        setup = setup_of(session, manifest, spot)
        stances.take(
            session,
            manifest.name,
            stance,
            level=spot.level,
            place_id=spot.place_id,
            values=setup.values,
            version=setup.version,
        )
    note(session, by, f"plugin.stance_{stance or 'inherit'}", subject)


def step_back(
    session: Session, by: By, manifest: Manifest, spot: Spot, own_stance: Stance | None, subject: str
) -> bool:
    """Let a policy that was enforced at ``spot`` only be noted if nobody tried it out with its present settings.

    :param own_stance: what was decided at ``spot`` itself.
    :return: whether that happened.
    """
    if own_stance is not Stance.ENFORCE:
        return False
    session.flush()
    if not trials(session, manifest, spot).why_not_enforce:
        return False
    take(session, by, manifest, spot, Stance.SHADOW, subject)
    return True
