"""What plugins tell people of: only where they are on, only in their own name, and never in the way of others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog
from sqlalchemy.orm import Session

from lmssocial.core.hooks import PluginHost
from lmssocial.core.kernel.events import Happened
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.notifications.ports import Kind, Noted, Noticed, Proposal, Withdrawal, Worded
from lmssocial.social.plugin_settings.service import reach

log = structlog.get_logger(__name__)

HOOK = "lmssocial_register_notices"


@dataclass(frozen=True, kw_only=True)
class PluginNotices:
    """:class:`~.ports.Noticed` of a plugin. What it raises is left out and noted in the log."""

    plugin: str
    port: Noticed
    host: PluginHost

    @property
    def kinds(self) -> Sequence[Kind]:
        """What it tells of."""
        return self.port.kinds

    def told(self, session: Session, event: Happened) -> Sequence[Proposal | Withdrawal]:
        """What follows from ``event``, where the plugin is on. What it wrote before it failed is undone."""
        if not self.is_on(session, event.tenant_id, event.course_id):
            return ()
        try:
            with session.begin_nested():
                return self._own(self.port.told(session, event))
        except Exception:  # a plugin may raise anything
            log.exception("plugin failed", plugin=self.plugin, hook=HOOK, event_id=event.id)
            return ()

    def readers(self, session: Session, actors: Sequence[Actor], proposal: Proposal) -> set[int]:
        """Who of ``actors`` may read it."""
        try:
            with session.begin_nested():
                return set(self.port.readers(session, actors, proposal))
        except Exception:  # see above
            log.exception("plugin failed", plugin=self.plugin, hook=HOOK, kind=proposal.kind)
            return set()

    def word(self, session: Session, actor: Actor, notices: Sequence[Noted]) -> dict[int, Worded]:
        """How they read, where the plugin is still on; without those that lead out of a course."""
        if not self.is_on(session, actor.tenant_id, actor.course_id):
            return {}
        try:
            worded = self.port.word(session, actor, notices)
            return {one: words for one, words in worded.items() if words.path.startswith("/w/")}
        except Exception:  # see above
            log.exception("plugin failed", plugin=self.plugin, hook=HOOK)
            return {}

    def is_on(self, session: Session, tenant_id: int, course_id: int | None) -> bool:
        """Whether the plugin is on there. One query."""
        return self.plugin in reach(session, self.host, tenant_id=tenant_id, course_id=course_id).enabled

    def _own(self, outcomes: Iterable[Any]) -> list[Proposal | Withdrawal]:
        """Nothing of what others tell; what is said of kinds it never named is left out.

        :raises TypeError: if it is neither a proposal nor a withdrawal.
        """
        names = frozenset(kind.name for kind in self.kinds)
        found: list[Proposal | Withdrawal] = []
        for one in outcomes:
            match one:
                case Withdrawal():
                    if own := (one.kinds & names) if one.kinds else names:  # no kinds would mean all of them
                        found.append(replace(one, kinds=own))
                case Proposal() if one.kind in names:
                    found.append(one)
                case Proposal():
                    log.error("plugin tells of a kind that is not its own", plugin=self.plugin, kind=one.kind)
                case _:
                    raise TypeError(f"{one!r} is neither a Proposal nor a Withdrawal")
        return found


def notices_of(host: PluginHost) -> list[tuple[str, PluginNotices]]:
    """Names of events, and what plugins tell of them. A plugin whose notices cannot be used is dropped and shown."""
    found: list[tuple[str, PluginNotices]] = []
    for answer in list(host.collect(HOOK)):
        if answer.error is not None:
            host.drop(answer.plugin, f"{HOOK} raised: {answer.error}", answer.error)
            continue
        try:
            found += _pairs(host, answer.plugin, answer.value)
        except Exception as error:  # noqa: BLE001 – whatever its ports raise when they are looked at
            host.drop(answer.plugin, f"{HOOK}: {error}", error)
    return found


def _pairs(host: PluginHost, plugin: str, offered: Any) -> list[tuple[str, PluginNotices]]:
    """What one plugin offers, with one guard for each port.

    :raises TypeError: if it is no mapping from names of events.
    :raises ValueError: if a kind is not named after the plugin.
    """
    if not isinstance(offered, Mapping) or not all(isinstance(name, str) for name in offered):
        raise TypeError("it must return a mapping from names of events.")
    guards: dict[int, PluginNotices] = {}
    for port in offered.values():
        for kind in port.kinds:
            if not isinstance(kind, Kind) or not kind.name.startswith(f"{plugin}."):
                raise ValueError(f"the kinds of its notices must be named {plugin}.<something>.")
        guards.setdefault(id(port), PluginNotices(plugin=plugin, port=port, host=host))
    return [(event, guards[id(port)]) for event, port in offered.items()]
