"""The settings of a community: where everything stands, ground rules, quality tier, people."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import NotFound
from lmssocial.lms.identity.actor import Office
from lmssocial.social.communities import appointments
from lmssocial.social.communities.models import Tier
from lmssocial.social.communities.pages import NavItem
from lmssocial.social.communities.scope import Here, here
from lmssocial.social.governance import (
    access,
    group_routes,
    people_routes,
    policy_routes,
    queries,
    service,
    span_routes,
)
from lmssocial.social.governance.forms import OfficeForm, RulesForm, TierForm
from lmssocial.social.moderation.models import Deed
from lmssocial.web import scope
from lmssocial.web.program import program

bp = Blueprint("governance", __name__, url_prefix="/w/<int:placement_id>/settings")
policy_routes.register(bp)
group_routes.register(bp)
people_routes.register(bp)
span_routes.register(bp)


def nav_item(place: Here) -> NavItem | None:
    """The entry in the bar, for those who may change something."""
    if not access.can_govern(place.actor):
        return None
    href = url_for("governance.settings", placement_id=place.placement_id)
    return NavItem(_("Settings"), href, (request.endpoint or "").startswith("governance."))


@bp.before_request
def arrive() -> None:
    """Find out who it is, before a form asks whom it was made for; nobody else has business here."""
    access.require_governor(here().actor)


@bp.get("/")
def settings(placement_id: int) -> str:
    """Where everything stands, and the way to each part."""
    del placement_id
    found = queries.overview(scope.session(), here().actor, program().host)
    return render_template(
        "governance/settings.html", overview=found, can_found=access.can_found(here().actor)
    )


@bp.get("/rules")
def rules(placement_id: int) -> str:
    """The ground rules, and the time in which moderators decide."""
    del placement_id
    found = queries.rules(scope.session(), here().actor)
    form = RulesForm(data={"rules": list(found.rules), "answer_hours": found.answer_hours})
    return render_template("governance/rules.html", form=form, rules=found, shown=found.rules)


@bp.post("/rules")
def rules_change(placement_id: int) -> Response | tuple[str, int]:
    """Save them, or show how they would look."""
    form = RulesForm(request.form)
    valid = form.validate()
    if not valid or request.form.get("preview"):
        found = queries.rules(scope.session(), here().actor)
        page = render_template("governance/rules.html", form=form, rules=found, shown=form.rules.data or ())
        return page, 200 if valid else 422
    with unit_of_work(scope.session()) as session:
        changed = service.change_rules(session, here().actor, form.draft())
    flash(
        _("Saved. They stand where people write from now on.") if changed else _("Nothing was different."),
        "good",
    )
    return redirect(url_for("governance.rules", placement_id=placement_id), code=303)


@bp.get("/tier")
def tier(placement_id: int) -> str:
    """What each quality tier means, and which one it is."""
    del placement_id
    actor = here().actor
    access.require_governor(actor)
    changed = queries.last_change(scope.session(), actor, Deed.TIER_CHANGED)
    return render_template("governance/tier.html", changed=changed, can_found=access.can_found(actor))


@bp.get("/tier/change")
def tier_confirm(placement_id: int) -> Response | str:
    """What changes with another tier, before it does."""
    place = here()
    access.require_founder(place.actor)
    chosen = request.args.get("tier", "")
    if chosen not in set(Tier) or chosen == place.tier:
        return redirect(url_for("governance.tier", placement_id=placement_id), code=303)
    return render_template(
        "governance/tier_confirm.html",
        form=TierForm(data={"tier": chosen, "was": place.tier.value}),
        to=Tier(chosen),
        waiting=queries.waiting(scope.session(), place.actor),
        waiting_on_stewards=place.tier is not Tier.ASSURED and chosen == Tier.ASSURED,
    )


@bp.post("/tier")
def tier_change(placement_id: int) -> Response:
    """Change the quality tier."""
    form = TierForm(request.form)
    back = redirect(url_for("governance.tier", placement_id=placement_id), code=303)
    if not form.validate():
        flash(_("This page had grown old, so nothing has changed. Please choose again."), "warn")
        return back
    with unit_of_work(scope.session()) as session:
        service.change_tier(session, here().actor, Tier(form.tier.data or ""), was=Tier(form.was.data or ""))
    flash(_("Changed. It counts from the next post on."), "good")
    return back


@bp.get("/people")
def people(placement_id: int) -> str:
    """Who looks after the community, and everybody who could."""
    actor = here().actor
    access.require_founder(actor)
    called, page = request.args.get("q", "").strip()[:100], request.args.get("page", 1, type=int)
    page = min(max(page, 1), 10_000)
    found, more = appointments.members(scope.session(), actor, called=called, page=page)
    return render_template(
        "governance/people.html",
        appointed=appointments.appointed(scope.session(), actor),
        members=found,
        called=called,
        page=page,
        next_page=url_for(
            "governance.people", placement_id=placement_id, q=called or None, page=page + 1, _anchor="members"
        )
        if more
        else None,
    )


@bp.post("/people/<int:user_id>")
def person_change(placement_id: int, user_id: int) -> Response:
    """Give somebody an office, or take it away."""
    actor, form = here().actor, OfficeForm(request.form)
    if not form.validate():
        flash(_("This page had grown old, so nothing has changed. Please choose again."), "warn")
    else:
        office = Office(form.office.data)
        name = appointments.name_of(scope.session(), actor, user_id)
        if not name:
            raise NotFound(_("This person is not in the course any more."))
        with unit_of_work(scope.session()) as session:
            if form.to.data == "appoint":
                service.appoint(session, actor, user_id, office)
            else:
                service.dismiss(session, actor, user_id, office)
        flash(_said(form.to.data == "appoint", office) % {"name": name}, "good")
    called = request.form.get("q", "")[:100]
    return redirect(url_for("governance.people", placement_id=placement_id, q=called or None), code=303)


def _said(appointed: bool, office: Office) -> str:  # noqa: FBT001 – a table of four sentences
    said = {
        (True, Office.STEWARD): _("%(name)s is a steward now. It counts from their next page on."),
        (True, Office.SME): _("%(name)s is an SME now. It counts from their next page on."),
        (False, Office.STEWARD): _("%(name)s is no longer a steward."),
        (False, Office.SME): _("%(name)s is no longer an SME."),
    }
    return str(said[appointed, office])
