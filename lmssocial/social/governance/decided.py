"""What was decided about plugins in a course, by whom: the course itself, or somebody further up."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Level, Stance
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.moderation.trying_out import Spot
from lmssocial.social.plugin_settings.models import PluginSetting
from lmssocial.social.plugin_settings.service import ENABLED, STANCE, locks_of

_ORDER = {Level.INSTALLATION: 0, Level.TENANT: 1, Level.COURSE: 2}


@dataclass(frozen=True, kw_only=True)
class Decided:
    """One plugin in one course."""

    is_on: bool = False
    stance: Stance = Stance.SHADOW
    """How much its word counts, or would if it were on."""
    institution_stance: Stance = Stance.SHADOW
    """The same, had the course decided nothing."""
    has_own_stance: bool = False
    own_values: frozenset[str] = frozenset()
    """Names of the settings that the course has of its own, and that count."""
    locked: frozenset[str] = frozenset()
    """What the course cannot decide: names of settings, ``enabled``, ``stance``."""

    @property
    def has_own_values(self) -> bool:
        """Whether it is set otherwise than the institution's courses usually are."""
        return bool(self.own_values)


def spot_of(actor: Actor) -> Spot:
    """The actor's course as a place where plugins are set."""
    return Spot(level=Level.COURSE, place_id=actor.course_id, tenant_id=actor.tenant_id)


def decided_in(session: Session, actor: Actor) -> dict[str, Decided]:
    """What was decided in the actor's course, for every plugin about which anything was. One query."""
    rows = session.scalars(
        select(PluginSetting).where(
            or_(
                PluginSetting.level == Level.INSTALLATION,
                and_(PluginSetting.level == Level.TENANT, PluginSetting.place_id == actor.tenant_id),
                and_(PluginSetting.level == Level.COURSE, PluginSetting.place_id == actor.course_id),
            )
        )
    )
    by_plugin: dict[str, list[PluginSetting]] = {}
    for row in sorted(rows, key=lambda row: _ORDER[row.level]):
        by_plugin.setdefault(row.plugin, []).append(row)
    return {plugin: _resolved(found) for plugin, found in by_plugin.items()}


def _resolved(rows: Iterable[PluginSetting]) -> Decided:
    is_on, stance, institution = False, Stance.SHADOW, Stance.SHADOW
    own_stance, own_values = False, frozenset[str]()
    locked: frozenset[str] = frozenset()
    for row in rows:
        if row.enabled is not None and ENABLED not in locked:
            is_on = row.enabled
        counts = row.stance if STANCE not in locked else None
        stance = counts or stance
        if row.level is Level.COURSE:
            own_stance = counts is not None
            own_values = frozenset(row.values.keys() - locked)
        else:
            institution = stance
            locked |= locks_of(row)
    return Decided(
        is_on=is_on,
        stance=stance,
        institution_stance=institution,
        has_own_stance=own_stance,
        own_values=own_values,
        locked=locked,
    )
