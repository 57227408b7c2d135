"""Plugins: how much the word of a policy counts, what it would have done, what is locked, and beginning anew."""

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.hooks import Manifest, Stance
from lmssocial.core.kernel.errors import Conflict, NotFound
from lmssocial.front.admin import plugin_stances, plugins
from lmssocial.front.admin.gate import bp, me, pressed
from lmssocial.front.admin.log import note
from lmssocial.front.admin.plugin_forms import lock_form
from lmssocial.front.admin.plugin_routes import back_to, card_of, place_of
from lmssocial.front.admin.plugins import Card, Place
from lmssocial.lms.identity.models import Tenant
from lmssocial.social.moderation.trying_out import parts_of, try_out
from lmssocial.social.plugin_settings import breaker
from lmssocial.social.plugin_settings.service import STANCE
from lmssocial.social.plugin_settings.timing import forget_failures
from lmssocial.web import scope
from lmssocial.web.program import program


@bp.post("/plugins/<name>/stance")
def plugin_stance(name: str) -> Response:
    """Let the word of a policy count at one place (``?tenant=``), or as further up."""
    card, manifest, place = _policy(name)
    asked = request.form.get("stance", "")
    follow = bool(request.form.get("follow")) and bool(place.place_id)
    if not pressed() or not (follow or asked in set(Stance)):
        return back_to(name, place, "stance")
    if STANCE in place.locked:
        flash(_("This is locked for the whole installation, so nothing has changed."), "warn")
        return back_to(name, place, "stance")
    try:
        with unit_of_work(scope.session()) as session:
            stance = None if follow else Stance(asked)
            plugin_stances.take(
                session, me().by, manifest, place.spot, stance, plugins.subject(card.name, place)
            )
    except Conflict as conflict:
        flash(conflict.message, "warn")
        return back_to(name, place, "trial")
    flash(_("Saved. It counts from the next post on."), "good")
    return back_to(name, place, "stance")


@bp.post("/plugins/<name>/try")
def plugin_try(name: str) -> Response:
    """Ask a policy about the posts of the last 90 days at one place, before anything begins to be written."""
    card, _manifest, place = _policy(name)
    if pressed():
        found = try_out(scope.session(), parts_of(program()), name, place.spot)
        with unit_of_work(scope.session()) as session:
            session.add(found)
            note(session, me().by, "plugin.tried_out", plugins.subject(card.name, place))
    return back_to(name, place, "trial")


@bp.post("/plugins/<name>/locks")
def plugin_lock(name: str) -> Response:
    """Replace what nobody below a place may decide otherwise."""
    card = card_of(name)
    place = place_of(card, request.args.get("tenant", 0, type=int))
    form = lock_form(card, place, None, request.form)
    if form is None:
        raise NotFound(reason=f"nobody below could decide about {name}")
    if pressed() and form.validate():
        with unit_of_work(scope.session()) as session:
            plugins.lock(session, me().by, name, place, frozenset(form.locked.data or ()) | _hidden(place))
        flash(_("Saved."), "good")
    return back_to(name, place, "locks")


@bp.post("/plugins/<name>/reset")
def plugin_reset(name: str) -> Response:
    """Forget how a plugin failed at a tenant; where it was switched off for that, it is on again."""
    card = card_of(name)
    tenant_id = request.form.get("tenant", 0, type=int)
    if pressed():
        with unit_of_work(scope.session()) as session:
            breaker.clear(session, name, tenant_id)
            tenant = session.get(Tenant, tenant_id)
            note(session, me().by, "plugin.reset", f"{name}, {tenant.name if tenant else tenant_id}")
        flash(_("%(title)s is asked again from the next post on.", title=card.title), "good")
    return back_to(name, place_of(card, 0), "failures")


@bp.post("/plugins/<name>/timer")
def plugin_timer(name: str) -> Response:
    """Let a timer that waits because it failed have its next turn at once."""
    card = card_of(name)
    timer = request.form.get("timer", "")
    if pressed():
        with unit_of_work(scope.session()) as session:
            if forget_failures(session, name, timer):
                note(session, me().by, "plugin.timer_reset", f"{name}, {timer}")
        flash(_("It is called again in a few seconds."), "good")
    return back_to(name, place_of(card, 0), "timers")


def _policy(name: str) -> tuple[Card, Manifest, Place]:
    """The policy of this name, and the place that the address names.

    :raises NotFound: if there is none, or it judges nothing.
    """
    card = card_of(name)
    if card.manifest is None or not card.is_policy or not card.can_be_switched:
        raise NotFound(reason=f"{name} is no policy that can be asked")
    return card, card.manifest, place_of(card, request.args.get("tenant", 0, type=int))


def _hidden(place: Place) -> frozenset[str]:
    """What is locked here and, locked further up as well, has no box to untick."""
    return place.locks & place.locked
