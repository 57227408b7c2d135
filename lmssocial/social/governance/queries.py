"""What the pages of a community's settings show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Level, Manifest, PluginHost, Stance
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.lms.identity.models import User
from lmssocial.social.communities import appointments
from lmssocial.social.communities.models import Community, Tier
from lmssocial.social.content.models import Contribution
from lmssocial.social.governance import access
from lmssocial.social.governance.decided import Decided, decided_in, spot_of
from lmssocial.social.governance.evidence import evidence
from lmssocial.social.governance.noted import Noted, noted
from lmssocial.social.governance.people import number_of_people
from lmssocial.social.moderation.models import Backtest, Case, CaseState, Deed, Entry
from lmssocial.social.moderation.ports import Moderated, Subject
from lmssocial.social.moderation.screening import HOOK
from lmssocial.social.moderation.trying_out import Setup, setup_of
from lmssocial.social.plugin_settings.service import ENABLED, reach


@dataclass(frozen=True)
class Change:
    """Who changed something last, and when."""

    name: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The ground rules, and the time in which moderators decide."""

    rules: tuple[str, ...]
    answer_hours: int
    changed: Change | None


@dataclass(frozen=True, kw_only=True)
class Line:
    """One plugin that is on in the course, or may be switched on there."""

    name: str
    title: str
    summary: str
    is_policy: bool
    is_set_here: bool
    """Whether the course may set it; else its institution does."""
    is_absent: bool
    """On here, and not to be asked: broken, not loaded, or switched off because it failed too often."""
    decided: Decided
    noted: Noted

    @property
    def can_switch(self) -> bool:
        """Whether the course may switch it on and off."""
        return self.is_set_here and ENABLED not in self.decided.locked


@dataclass(frozen=True, kw_only=True)
class Trial:
    """The last time a policy was tried out in the course."""

    result: Backtest
    is_fresh: bool
    """Whether it speaks for the policy as it is set now."""
    examples: tuple[Subject, ...]


@dataclass(frozen=True, kw_only=True)
class Detail:
    """One plugin with everything that can be decided about it."""

    line: Line
    manifest: Manifest
    setup: Setup
    judges_words: bool
    why_not_enforce: str
    """Why nobody may enforce it now; empty if they may."""
    trial: Trial | None


@dataclass(frozen=True, kw_only=True)
class Overview:
    """Where everything stands."""

    rules: int
    answer_hours: int
    tier: Tier
    policies_on: int
    enforced: int
    others: int
    """Plugins that are no policies, and are on here or may be switched on."""
    others_on: tuple[str, ...]
    """The titles of those that are on."""
    stewards: int
    smes: int
    members: int
    """Everybody in the course."""
    not_here_yet: int
    """How many of them never opened an activity."""


def overview(session: Session, actor: Actor, host: PluginHost) -> Overview:
    """Where everything stands in the actor's community. A constant number of queries."""
    access.require_governor(actor)
    community = session.get_one(Community, actor.community_id)
    decided = decided_in(session, actor)
    on = [
        decided[name]
        for name in host.manifests
        if name in decided and decided[name].is_on and host.is_policy(name)
    ]
    others = {
        name: decided.get(name, Decided())
        for name in sorted(host.manifests.keys() - host.builtin)
        if not host.is_policy(name)
    }
    others_on = [name for name, one in others.items() if one.is_on]
    people = appointments.appointed(session, actor)
    members, not_here_yet = number_of_people(session, actor)
    return Overview(
        rules=len(community.ground_rules.splitlines()),
        answer_hours=community.answer_hours,
        tier=community.tier,
        policies_on=len(on),
        enforced=sum(one.stance is Stance.ENFORCE for one in on),
        others=sum(
            one.is_on or (host.manifests[name].configured_per is Level.COURSE and ENABLED not in one.locked)
            for name, one in others.items()
        ),
        others_on=tuple(str(host.manifests[name].title) for name in others_on),
        stewards=sum(Office.STEWARD in one.offices for one in people),
        smes=sum(Office.SME in one.offices for one in people),
        members=members,
        not_here_yet=not_here_yet,
    )


def rules(session: Session, actor: Actor) -> Rules:
    """The ground rules as they stand. Two queries."""
    access.require_governor(actor)
    community = session.get_one(Community, actor.community_id)
    lines = tuple(line.strip() for line in community.ground_rules.splitlines() if line.strip())
    return Rules(
        rules=lines,
        answer_hours=community.answer_hours,
        changed=last_change(session, actor, Deed.RULES_CHANGED),
    )


def last_change(session: Session, actor: Actor, deed: Deed) -> Change | None:
    """Who did something to the actor's community last. One query."""
    row = session.execute(
        select(User.name, Entry.at)
        .join(User, User.id == Entry.actor_id)
        .where(Entry.community_id == actor.community_id, Entry.deed == deed)
        .order_by(Entry.id.desc())
        .limit(1)
    ).first()
    return None if row is None else Change(row.name, row.at)


def waiting(session: Session, actor: Actor) -> int:
    """How many cases wait for a decision in the actor's community."""
    found = session.scalar(
        select(func.count(Case.id)).where(
            Case.community_id == actor.community_id, Case.state == CaseState.OPEN
        )
    )
    return found or 0


def lines(session: Session, actor: Actor, host: PluginHost) -> list[Line]:
    """Every plugin that is on in the actor's course or may be switched on there: policies first, then by title.

    A constant number of queries.
    """
    access.require_governor(actor)
    decided = decided_in(session, actor)
    absent = reach(session, host, tenant_id=actor.tenant_id, course_id=actor.course_id).absent
    counts = noted(session, actor)
    names = (host.manifests.keys() | absent) - host.builtin
    found = [_line(host, name, decided.get(name, Decided()), absent, counts) for name in names]
    shown = [line for line in found if line.decided.is_on or line.can_switch]
    return sorted(shown, key=lambda line: (not line.is_policy, line.title.lower()))


def _line(
    host: PluginHost, name: str, decided: Decided, absent: frozenset[str], counts: Mapping[str, Noted]
) -> Line:
    manifest = host.manifests.get(name)
    return Line(
        name=name,
        title=str(manifest.title) if manifest else name,
        summary=str(manifest.summary) if manifest else "",
        is_policy=manifest is not None and host.is_policy(name),
        is_set_here=manifest is not None and manifest.configured_per is Level.COURSE,
        is_absent=name in absent,
        decided=decided,
        noted=counts.get(name, Noted()),
    )


def detail(
    session: Session, actor: Actor, host: PluginHost, ports: Mapping[str, Moderated], name: str
) -> Detail | None:
    """One of :func:`lines` with everything about it. A constant number of queries."""
    line = next((one for one in lines(session, actor, host) if one.name == name), None)
    manifest = host.manifests.get(name)
    if line is None or manifest is None:
        return None
    setup = setup_of(session, manifest, spot_of(actor))
    known = evidence(session, actor, name, setup)
    return Detail(
        line=line,
        manifest=manifest,
        setup=setup,
        judges_words=HOOK in host.hooks_of(name),
        why_not_enforce=known.why_not,
        trial=_trial(session, actor, ports, name, known.backtest),
    )


def _subjects(
    session: Session, actor: Actor, ports: Mapping[str, Moderated], ids: Sequence[int]
) -> dict[int, Subject]:
    """Those of some contributions that the actor may see; each widget is asked only for its own."""
    if not ids:
        return {}
    owned: dict[str, list[int]] = {}
    for row in session.execute(select(Contribution.id, Contribution.kind).where(Contribution.id.in_(ids))):
        owned.setdefault(row.kind.partition(".")[0], []).append(row.id)
    seen: dict[int, Subject] = {}
    for owner, some in owned.items():
        if owner in ports:
            seen.update(ports[owner].subjects(session, actor, some))
    return seen


def _trial(
    session: Session, actor: Actor, ports: Mapping[str, Moderated], name: str, fresh: Backtest | None
) -> Trial | None:
    result = fresh or session.scalar(
        select(Backtest)
        .where(Backtest.policy == name, Backtest.level == Level.COURSE, Backtest.place_id == actor.course_id)
        .order_by(Backtest.id.desc())
        .limit(1)
    )
    if result is None:
        return None
    ids = [int(one) for one in result.examples.get("ids", [])]
    seen = _subjects(session, actor, ports, ids)
    return Trial(
        result=result,
        is_fresh=fresh is not None,
        examples=tuple(seen[one] for one in ids if one in seen),
    )
