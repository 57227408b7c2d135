"""What instructors and stewards decide about their community; each is written to the log. Nothing here commits."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.core.db import JsonObject
from lmssocial.core.hooks import Level, Manifest, PluginHost, Stance
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.social.communities import appointments
from lmssocial.social.communities.models import Community, Tier
from lmssocial.social.governance import access
from lmssocial.social.governance.decided import Decided, decided_in, spot_of
from lmssocial.social.governance.drafts import HOURS, LONGEST, RULES, RulesDraft
from lmssocial.social.governance.events import CommunityConfigured
from lmssocial.social.governance.evidence import evidence
from lmssocial.social.moderation import journal, stances
from lmssocial.social.moderation.models import Deed
from lmssocial.social.moderation.trying_out import setup_of
from lmssocial.social.plugin_settings import service as plugin_settings
from lmssocial.social.plugin_settings.service import ENABLED, STANCE


def change_rules(session: Session, actor: Actor, draft: RulesDraft) -> bool:
    """Give the community other ground rules, or another time to answer in; gives whether anything is different.

    :raises NotAllowed: unless the actor keeps the rules.
    :raises Invalid: if there are too many of them, or the time is out of bounds.
    """
    access.require_governor(actor)
    if not HOURS[0] <= draft.answer_hours <= HOURS[1]:
        raise Invalid(_("From %(least)d to %(most)d hours, please.", least=HOURS[0], most=HOURS[1]))
    if len(draft.rules) > RULES or any(len(rule) > LONGEST for rule in draft.rules):
        raise Invalid(
            _("At most %(most)d rules, each of %(longest)d characters.", most=RULES, longest=LONGEST)
        )
    community = _locked(session, actor)
    rules = "\n".join(draft.rules)
    wanted = {"ground_rules": rules, "answer_hours": draft.answer_hours}
    changed = [name for name, value in wanted.items() if getattr(community, name) != value]
    if not changed:
        return False
    community.ground_rules, community.answer_hours = rules, draft.answer_hours
    journal.write(session, actor, Deed.RULES_CHANGED, note=f"{draft.answer_hours} h\n{rules}")
    _tell(session, actor, *changed)
    return True


def change_tier(session: Session, actor: Actor, tier: Tier, *, was: Tier) -> None:
    """Give the community another quality tier.

    :param was: the tier that was before the actor's eyes.
    :raises NotAllowed: unless the actor may.
    :raises Conflict: if somebody changed it meanwhile.
    """
    access.require_founder(actor)
    community = _locked(session, actor)
    if community.tier is not was:
        raise Conflict(
            _("Somebody else changed the quality tier meanwhile. Nothing has changed: look again, please.")
        )
    if tier is not was:
        community.tier = tier
        journal.write(session, actor, Deed.TIER_CHANGED, note=f"{was} → {tier}")
        _tell(session, actor, "tier")


def appoint(session: Session, actor: Actor, user_id: int, office: Office) -> bool:
    """:func:`lmssocial.social.communities.appointments.appoint`, written to the log."""
    access.require_founder(actor)
    new = appointments.appoint(session, actor, user_id, office)
    if new:
        journal.write(session, actor, Deed.APPOINTED, note=f"{office}: {user_id}")
        _tell(session, actor, "offices")
    return new


def dismiss(session: Session, actor: Actor, user_id: int, office: Office) -> bool:
    """:func:`lmssocial.social.communities.appointments.dismiss`, written to the log."""
    access.require_founder(actor)
    gone = appointments.dismiss(session, actor, user_id, office)
    if gone:
        journal.write(session, actor, Deed.DISMISSED, note=f"{office}: {user_id}")
        _tell(session, actor, "offices")
    return gone


def switch(session: Session, actor: Actor, host: PluginHost, plugin: str, *, on: bool) -> None:
    """Switch a plugin on or off for the actor's course.

    :raises NotAllowed: unless the actor may, and nobody further up decided it.
    :raises NotFound: if there is no such plugin for courses.
    """
    access.require_founder(actor)
    settable(host, plugin)
    _require_open(session, actor, plugin, ENABLED)
    plugin_settings.switch(session, plugin, on=on, level=Level.COURSE, place_id=actor.course_id)
    journal.write(
        session, actor, Deed.STANCE_CHANGED, note=f"{plugin}: {'switched on' if on else 'switched off'}"
    )
    _tell(session, actor, "plugins")


def take_stance(session: Session, actor: Actor, host: PluginHost, policy: str, stance: Stance | None) -> None:
    """Let the word of a policy count as ``stance`` in the actor's course; ``None`` follows the institution.

    :raises NotAllowed: unless the actor may, and nobody further up decided it.
    :raises NotFound: if there is no such policy for courses.
    :raises Conflict: if it is to be enforced and was not tried out with its settings lately.
    """
    access.require_governor(actor)
    manifest = settable(host, policy)
    if not host.is_policy(policy):
        raise NotFound(reason=f"{policy} judges nothing")
    _require_open(session, actor, policy, STANCE)
    decided = _decided(session, actor, policy)
    before = decided.stance
    if stance is before and decided.has_own_stance:
        return
    if stance is None:
        plugin_settings.take_stance(session, policy, None, level=Level.COURSE, place_id=actor.course_id)
    else:
        setup = setup_of(session, manifest, spot_of(actor))
        if stance is Stance.ENFORCE and (why_not := evidence(session, actor, policy, setup).why_not):
            raise Conflict(why_not)
        stances.take(
            session,
            policy,
            stance,
            level=Level.COURSE,
            place_id=actor.course_id,
            values=setup.values,
            version=setup.version,
        )
    session.flush()
    after = _decided(session, actor, policy).stance
    if after is not before:
        journal.write(session, actor, Deed.STANCE_CHANGED, note=f"{policy}: {before} → {after}")
        _tell(session, actor, "plugins")


def configure(
    session: Session,
    actor: Actor,
    host: PluginHost,
    plugin: str,
    values: JsonObject,
    *,
    keep: frozenset[str] = frozenset(),
) -> bool:
    """Set a plugin for the actor's course; empty ``values`` follow the institution.

    A policy that was enforced with other settings is only noted from then on, until it was tried out with these.

    :param keep: secrets that stay as they are.
    :returns: whether that happened.
    :raises NotAllowed: unless the actor may.
    :raises NotFound: if there is no such plugin for courses, or nothing to set.
    """
    access.require_governor(actor)
    manifest = settable(host, plugin)
    if manifest.settings is None:
        raise NotFound(reason=f"{plugin} has no settings")
    plugin_settings.configure(
        session,
        plugin,
        values,
        level=Level.COURSE,
        place_id=actor.course_id,
        secrets=manifest.secrets,
        keep=keep,
    )
    session.flush()
    said = "own settings" if values else "settings of the institution"
    journal.write(session, actor, Deed.STANCE_CHANGED, note=f"{plugin}: {said}")
    _tell(session, actor, "plugins")
    return host.is_policy(plugin) and _step_back(session, actor, host, plugin)


def _step_back(session: Session, actor: Actor, host: PluginHost, policy: str) -> bool:
    """Enforce no settings that nobody tried out, unless somebody further up decided that the policy is enforced."""
    decided = _decided(session, actor, policy)
    if decided.stance is not Stance.ENFORCE or STANCE in decided.locked:
        return False
    setup = setup_of(session, host.manifests[policy], spot_of(actor))
    if not evidence(session, actor, policy, setup).why_not:
        return False
    plugin_settings.take_stance(session, policy, Stance.SHADOW, level=Level.COURSE, place_id=actor.course_id)
    note = f"{policy}: {Stance.ENFORCE} → {Stance.SHADOW}, its settings changed"
    journal.write(session, actor, Deed.STANCE_CHANGED, note=note)
    return True


def settable(host: PluginHost, plugin: str) -> Manifest:
    """The manifest of a plugin that is set for each course.

    :raises NotFound: if none of this name is loaded.
    """
    manifest = host.manifests.get(plugin)
    if manifest is None or plugin in host.builtin or manifest.configured_per is not Level.COURSE:
        raise NotFound(_("There is nothing of this name that could be set for this course."))
    return manifest


def _tell(session: Session, actor: Actor, *changed: str) -> None:
    activity.record(session, CommunityConfigured(**actor.envelope, changed=changed))


def _require_open(session: Session, actor: Actor, plugin: str, name: str) -> None:
    if name in _decided(session, actor, plugin).locked:
        raise NotAllowed(_("Your institution has decided this for all of its courses."))


def _decided(session: Session, actor: Actor, plugin: str) -> Decided:
    return decided_in(session, actor).get(plugin, Decided())


def _locked(session: Session, actor: Actor) -> Community:
    return session.scalars(
        select(Community)
        .where(Community.id == actor.community_id, Community.tenant_id == actor.tenant_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
