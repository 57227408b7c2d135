"""How much the word of each policy counts in a place: off, shadow, advise, enforce. Nothing here commits."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Level, Stance
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.moderation.backtest import jsonable
from lmssocial.social.moderation.models import Backtest
from lmssocial.social.plugin_settings import service as plugin_settings

FRESH = timedelta(days=7)
"""How long a backtest speaks for a policy."""


def take(
    session: Session,
    policy: str,
    stance: Stance,
    *,
    level: Level,
    place_id: int,
    values: dict[str, Any],
    version: str,
) -> None:
    """Let the word of ``policy`` count as ``stance`` in one place.

    :param values: its settings there, as JSON values.
    :raises Conflict: if it is to be enforced and was not tried out with these settings lately.
    """
    if stance is Stance.ENFORCE:
        require_backtest(session, policy, level=level, place_id=place_id, values=values, version=version)
    plugin_settings.take_stance(session, policy, stance, level=level, place_id=place_id)


def latest_backtest(
    session: Session, policy: str, *, level: Level, place_id: int, values: dict[str, Any], version: str
) -> Backtest | None:
    """The newest backtest of ``policy`` in one place that still speaks for it: same settings, same version, not old."""
    found = session.scalar(
        select(Backtest)
        .where(
            Backtest.policy == policy,
            Backtest.level == level,
            Backtest.place_id == place_id,
            Backtest.version == version,
            Backtest.at > clock.now() - FRESH,
        )
        .order_by(Backtest.id.desc())
        .limit(1)
    )
    return found if found is not None and found.values == jsonable(values) else None


def require_backtest(
    session: Session, policy: str, *, level: Level, place_id: int, values: dict[str, Any], version: str
) -> Backtest:
    """The backtest that lets ``policy`` be enforced in one place.

    :raises Conflict: if there is none, or it failed on everything.
    """
    found = latest_backtest(session, policy, level=level, place_id=place_id, values=values, version=version)
    if found is None:
        raise Conflict(
            _(
                "Before a policy is enforced, see what it would have done: try it out on the posts of the last 90 days "
                "with these settings."
            )
        )
    if found.failed and found.failed == found.looked_at:
        raise Conflict(_("This policy failed on every post it was tried out on, so it cannot be enforced."))
    return found
