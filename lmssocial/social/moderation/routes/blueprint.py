"""The blueprint, the entry in the bar, and what all the views need."""

from enum import Enum
from typing import Any, TypeVar

from flask import Blueprint, request, url_for
from flask_babel import ngettext

from lmssocial.core.db import LARGEST_ID
from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.pages import NavItem
from lmssocial.social.communities.scope import Here
from lmssocial.social.moderation import queries, wording
from lmssocial.social.moderation.forms import FLAG_REASONS
from lmssocial.social.moderation.ports import Moderated, ports_of
from lmssocial.web import scope
from lmssocial.web.program import program

bp = Blueprint("moderation", __name__, url_prefix="/w/<int:placement_id>/moderation")

Kind = TypeVar("Kind", bound=Enum)


@bp.context_processor
def words() -> dict[str, Any]:
    """States and reasons in words, for every template of this blueprint."""
    return {
        "origin_words": wording.ORIGINS,
        "state_words": wording.STATES,
        "deed_words": wording.DEEDS,
        "ruling_words": wording.RULINGS,
        "decider_words": wording.DECIDERS,
        "flag_words": dict(FLAG_REASONS),
        "policy_titles": policy_titles(),
    }


def nav_item(place: Here) -> NavItem | None:
    """The entry in the bar, for moderators only: how many posts wait for them."""
    if not place.actor.moderates:
        return None
    waiting = queries.waiting_count(scope.session(), place.actor, place.tier)
    label = ngettext("%(num)d waits for you", "%(num)d wait for you", waiting) if waiting else _("Moderation")
    href = url_for("moderation.case_list", placement_id=place.placement_id)
    return NavItem(label, href, (request.endpoint or "").startswith("moderation."))


def policy_titles() -> dict[str, str]:
    """The installed policies' names for people, by their names."""
    return {name: str(manifest.title) for name, manifest in program().host.manifests.items()}


def policy_choices() -> list[tuple[str, str]]:
    """Name and title of each policy that looks at what people write or attach, by title."""
    host, titles = program().host, policy_titles()
    return sorted(((name, titles[name]) for name in titles if host.is_policy(name)), key=lambda one: one[1])


def ports() -> dict[str, Moderated]:
    """Every widget's side of moderation, by the first part of its submission kinds."""
    return ports_of(program().widgets.values())


def port_of_case(place: Here, case_id: int) -> Moderated:
    """The side of moderation of the widget that a case belongs to.

    :raises NotFound: if the person sees no such case, or the widget is gone.
    """
    port = ports().get(queries.kind_of(scope.session(), place.actor, case_id) or "")
    if port is None:
        raise NotFound(_("This case does not exist, or it is not yours to decide."))
    return port


def port_of_contribution(place: Here, contribution_id: int) -> Moderated:
    """The side of moderation of the widget that a contribution belongs to.

    :raises NotFound: if there is none in the person's community, or the widget is gone.
    """
    port = ports().get(queries.owner_of(scope.session(), place.actor, contribution_id) or "")
    if port is None:
        raise NotFound(_("This post does not exist, or it is not open to you."))
    return port


def number(name: str) -> int | None:
    """A number from the address, if it is one that rows can have."""
    found = request.args.get(name, type=int)
    return found if found is not None and 0 <= found <= LARGEST_ID else None


def one_of(kind: type[Kind], value: str) -> Kind | None:
    """The member of ``kind`` with that value, if there is one."""
    return next((member for member in kind if member.value == value), None)
