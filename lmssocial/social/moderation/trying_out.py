"""Trying a policy out where it is set, for pages and for the command line: the one way to a backtest."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from sqlalchemy.orm import Session

from lmssocial.core.hooks import Answer, Level, Manifest, PluginHost, Reach, ReplyTo, Stance, Submission
from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.moderation import backtest
from lmssocial.social.moderation.backtest import Trial, jsonable
from lmssocial.social.moderation.models import Backtest
from lmssocial.social.moderation.ports import Moderated, ports_of
from lmssocial.social.moderation.request import version_of
from lmssocial.social.moderation.screening import HOOK
from lmssocial.social.plugin_settings import service as plugin_settings
from lmssocial.social.plugin_settings.sealing import without_secrets
from lmssocial.web.program import Program

SECONDS = 10.0
"""How long a trial may take: somebody waits for the page."""


class Policies(Protocol):
    """Asks policies in a process of their own."""

    def ask(
        self, hook: str, reach: Reach, names: Sequence[str], facts: Mapping[str, Any], locale: str = ""
    ) -> Iterable[Answer]:
        """Ask ``names`` about ``facts``; one answer for each that did not abstain."""


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What a trial needs of the program."""

    host: PluginHost
    policies: Policies
    ports: Mapping[str, Moderated]
    """Every widget's side of moderation, by the first part of its submission kinds."""


def parts_of(program: Program) -> Parts:
    """The parts of a running program."""
    ports = ports_of(program.widgets.values())
    return Parts(host=program.host, policies=program.policies, ports=ports)


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A place where a policy can be set."""

    level: Level
    place_id: int = 0
    """The id of the tenant or course; 0 for the installation."""
    tenant_id: int = 0
    """The tenant of the course, if the place is one."""


@dataclass(frozen=True, kw_only=True)
class Setup:
    """How a policy is set in one place: what a backtest speaks for."""

    settings: Any
    """Its settings dataclass; ``None`` if it has none."""
    version: str
    secrets: frozenset[str] = frozenset()
    """Those that are shown and kept nowhere else."""

    @property
    def values(self) -> dict[str, Any]:
        """The settings as JSON values, as :func:`lmssocial.social.moderation.stances.take` wants them."""
        return {} if self.settings is None else jsonable(without_secrets(self.secrets, asdict(self.settings)))


def setup_of(session: Session, manifest: Manifest, spot: Spot) -> Setup:
    """How a policy is set at ``spot``, on or not. One query."""
    settings = plugin_settings.settings_at(
        session, manifest, level=spot.level, place_id=spot.place_id, tenant_id=spot.tenant_id
    )
    return Setup(settings=settings, version=version_of(manifest.name), secrets=manifest.secrets)


def try_out(
    session: Session,
    parts: Parts,
    policy: str,
    spot: Spot,
    *,
    by_id: int | None = None,
    seconds: float = SECONDS,
) -> Backtest:
    """Ask ``policy``, as it is set at ``spot``, about the posts of the last 90 days there.

    Writes nothing, so that nobody waits for it: ``session.add`` what it gives within a unit of work.

    :param by_id: the user who wants to know, if it is one.
    :raises NotFound: if no policy of this name is loaded.
    """
    manifest = parts.host.manifests.get(policy)
    if manifest is None or not parts.host.is_policy(policy):
        raise NotFound(_("There is no policy of this name."), reason=f"{policy} is no loaded policy")
    setup = setup_of(session, manifest, spot)
    reach = Reach(frozenset({policy}), {policy: setup.settings}, {policy: Stance.ENFORCE})
    judges_words = HOOK in parts.host.hooks_of(policy)

    def ask(submission: Submission) -> Answer | None:
        if not judges_words:  # it looks at files only, which are not tried out
            return None
        return next(iter(parts.policies.ask(HOOK, reach, [policy], {"submission": submission})), None)

    def answered(ids: Sequence[int]) -> dict[int, ReplyTo]:
        return {
            key: reply for port in parts.ports.values() for key, reply in port.answered(session, ids).items()
        }

    trial = Trial(
        policy=policy,
        version=setup.version,
        level=spot.level,
        place_id=spot.place_id,
        settings=setup.settings,
        secrets=setup.secrets,
        needs=manifest.needs,
        seconds=seconds,
    )
    return backtest.run(session, ask, answered, trial, ran_by_id=by_id)
