"""The policies of a request: which are on where it is, and what they have to know."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from flask_babel import get_locale

from lmssocial.core.hooks import Answer, Moment, Need, Stance, Submission
from lmssocial.core.hooks.host import installed
from lmssocial.core.hooks.runner import Runner
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Tier
from lmssocial.social.communities.scope import Here, here
from lmssocial.social.moderation.attachment_screening import HOOK as FILE_HOOK
from lmssocial.social.moderation.attachment_screening import ScreenFile, screen_file_with
from lmssocial.social.moderation.context import enriched
from lmssocial.social.moderation.screening import HOOK, Circle, Screen, screen_with
from lmssocial.social.plugin_settings.service import reach
from lmssocial.web import scope
from lmssocial.web.program import program


def screen_here(moment: Moment = Moment.CREATE) -> Screen:
    """Asks the policies that are on in this request's course. At most two queries, and four with the first question.

    :param moment: DRAFT leaves out what the policies have to know of the author, so that writing stays fast.
    """
    place = here()
    return screen_at(place.actor, place.tier, place.ground_rules, moment)


def screen_at(
    actor: Actor, tier: Tier, ground_rules: tuple[str, ...], moment: Moment = Moment.CREATE
) -> Screen:
    """:func:`screen_here` for a course that is not this request's, in which ``actor`` writes."""
    circle = circle_at(actor, tier, HOOK)
    needs = frozenset[Need]() if moment is Moment.DRAFT else needs_of(circle.policies)

    def enrich(submission: Submission) -> Submission:
        return enriched(scope.session(), actor, tier, ground_rules, needs, submission)

    return screen_with(asker(circle), circle, enrich)


def screen_file_here() -> ScreenFile:
    """Asks the policies that judge files in this request's course. One query."""
    circle = circle_of(here(), FILE_HOOK)
    return screen_file_with(asker(circle, program().file_policies), circle)


def circle_of(place: Here, hook: str) -> Circle:
    """The policies that judge something at ``place``, and what their word counts there."""
    return circle_at(place.actor, place.tier, hook)


def circle_at(actor: Actor, tier: Tier, hook: str) -> Circle:
    """:func:`circle_of` for the course that ``actor`` acts in."""
    host = program().host
    found = reach(scope.session(), host, tenant_id=actor.tenant_id, course_id=actor.course_id)
    asked = tuple(
        name
        for name in sorted(found.enabled - host.builtin)
        if found.stance(name) is not Stance.OFF and hook in host.hooks_of(name)
    )
    return Circle(found, tier, asked, {name: version_of(name) for name in asked})


def needs_of(policies: Iterable[str]) -> frozenset[Need]:
    """What any of ``policies`` has to know beyond the words."""
    manifests = program().host.manifests
    return frozenset[Need]().union(*(manifests[name].needs for name in policies))


def asker(circle: Circle, runner: Runner | None = None) -> Any:
    """Asks policies of ``circle`` through the program's runner, in the language of this request.

    :param runner: another one than that for submissions.
    """
    through = runner or program().policies

    def ask(hook: str, names: Sequence[str], facts: Mapping[str, Any]) -> list[Answer]:
        return through.ask(hook, circle.reach, names, facts, locale=str(get_locale() or ""))

    return ask


def version_of(plugin: str) -> str:
    """The version of the distribution ``plugin`` comes from; empty if it comes from none."""
    return _versions().get(plugin, "")


@cache
def _versions() -> dict[str, str]:
    return {point.name: point.dist.version if point.dist else "" for point in installed()}
