"""The views for those who set a target: writing it, naming who sets it, and putting it to the members."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lmssocial.plugin import Conflict, Invalid, NotAllowed
from lmssocial.plugin import gettext as _
from lmssocial.plugin_data import enrolled, names
from lmssocial.plugin_pages import current_session, unit_of_work
from lmssocial_reporting.blueprint import Frame, bp, frame
from lmssocial_reporting.buttons import pairs, pressed
from lmssocial_reporting.scope import Scope, Wide, looks_after, scope_key, today
from lmssocial_reporting.targets import life, service
from lmssocial_reporting.targets.forms import ConsultForm, SetterForm, TargetForm, filled_from
from lmssocial_reporting.targets.page import render, scope_of_target
from lmssocial_reporting.targets.people import reads_across
from lmssocial_reporting.targets.starting import STARTS
from lmssocial_reporting.targets.values import Stage, Target
from lmssocial_reporting.targets.wanted import Asked, Whereabouts


@bp.get("/target/new")
def target_create(placement_id: int) -> str:
    """Write a target down. Nothing is filled in, unless it begins with one that was."""
    del placement_id  # the frame knows
    here = frame()
    scope = _set_by(here, here.scope())
    before = request.args.get("from", type=int)
    shown = {} if before is None else filled_from(_target_of(here, before))
    shown.pop("review_on", None)
    return _form(here, scope, TargetForm(data=shown))


@bp.post("/target/new")
def target_create_post(placement_id: int) -> str | tuple[str, int] | Response:
    """The same, filled in; or let some numbers to start from be filled in."""
    here = frame()
    scope = _set_by(here, here.scope())
    form = _read_form(here)
    start = STARTS.get(request.form.get("start", ""))
    if start is not None:
        form.fill(dict(start.bands))
        return _form(here, scope, form)
    if not form.validate():
        return _form(here, scope, form), 422
    where = Whereabouts(scope_key(here.actor, scope), placement_id)
    try:
        with unit_of_work(current_session()) as session:
            life.draft(session, here.actor, where, form.wanted(), today(here.settings))
    except Conflict as problem:
        form.form_errors.append(problem.message)
        return _form(here, scope, form), problem.status
    return _back(placement_id, scope)


@bp.get("/target/<int:target_id>/edit")
def target_edit(placement_id: int, target_id: int) -> str:
    """Write a draft anew."""
    del placement_id  # the frame knows
    here = frame()
    found, scope = _draft_of(here, target_id)
    return _form(here, scope, TargetForm(data=filled_from(found)), found)


@bp.post("/target/<int:target_id>/edit")
def target_edit_post(placement_id: int, target_id: int) -> str | tuple[str, int] | Response:
    """The same, filled in."""
    here = frame()
    found, scope = _draft_of(here, target_id)
    form = _read_form(here)
    start = STARTS.get(request.form.get("start", ""))
    if start is not None:
        form.fill(dict(start.bands))
        return _form(here, scope, form, found)
    if not form.validate():
        return _form(here, scope, form, found), 422
    with unit_of_work(current_session()) as session:
        life.change(session, here.actor, target_id, form.wanted(), today(here.settings))
    return _back(placement_id, scope)


@bp.get("/target/<int:target_id>/setters")
def target_setter_list(placement_id: int, target_id: int) -> str:
    """Who sets a draft."""
    del placement_id  # the frame knows
    here = frame()
    found, scope = _draft_of(here, target_id)
    return _setters(here, scope, found, SetterForm())


@bp.post("/target/<int:target_id>/setters")
def target_setter_add(placement_id: int, target_id: int) -> tuple[str, int] | Response:
    """Let somebody set it with the others."""
    here = frame()
    found, scope = _draft_of(here, target_id)
    form = SetterForm(request.form)
    form.user_id.choices = pairs(_candidates(here, scope, found))
    if not form.validate():
        return _setters(here, scope, found, form), 422
    with unit_of_work(current_session()) as session:
        life.name_setter(session, here.actor, target_id, form.user_id.data)
    return redirect(url_for(".target_setter_list", placement_id=placement_id, target_id=target_id), 303)


@bp.post("/target/<int:target_id>/setters/<int:user_id>/drop")
def target_setter_drop(placement_id: int, target_id: int, user_id: int) -> Response:
    """Name somebody no longer."""
    here = frame()
    _draft_of(here, target_id)
    pressed()
    with unit_of_work(current_session()) as session:
        life.drop_setter(session, here.actor, target_id, user_id)
    return redirect(url_for(".target_setter_list", placement_id=placement_id, target_id=target_id), 303)


@bp.post("/target/<int:target_id>/discard")
def target_discard(placement_id: int, target_id: int) -> Response:
    """Throw a draft away."""
    here = frame()
    _found, scope = _draft_of(here, target_id)
    pressed()
    with unit_of_work(current_session()) as session:
        life.discard(session, here.actor, target_id)
    return _back(placement_id, scope)


@bp.get("/target/<int:target_id>/consult")
def target_consult(placement_id: int, target_id: int) -> str:
    """Ask the members: say until when."""
    del placement_id  # the frame knows
    here = frame()
    found, scope = _draft_of(here, target_id)
    form = ConsultForm()
    form.today = today(here.settings)
    form.suggest()
    return render("target_consult", here, scope, form=form, target=found)


@bp.post("/target/<int:target_id>/consult")
def target_consult_post(placement_id: int, target_id: int) -> tuple[str, int] | Response:
    """The same, filled in."""
    here = frame()
    found, scope = _draft_of(here, target_id)
    form = ConsultForm(request.form)
    form.today = today(here.settings)
    if form.validate() and form.ends_on.data is not None:
        try:
            with unit_of_work(current_session()) as session:
                asked = Asked(form.ends_on.data, scope.course_ids, _who(scope))
                life.consult(session, here.actor, target_id, asked, form.today)
        except Invalid as problem:
            form.ends_on.errors = [problem.message]
        else:
            return _back(placement_id, scope)
    return render("target_consult", here, scope, form=form, target=found), 422


def _read_form(here: Frame) -> TargetForm:
    form = TargetForm(request.form)
    form.today = today(here.settings)
    return form


def _form(here: Frame, scope: Scope, form: TargetForm, target: Target | None = None) -> str:
    return render("target_edit", here, scope, form=form, target=target, starts=STARTS.values())


def _target_of(here: Frame, target_id: int) -> Target:
    found = service.target(here.session, here.actor.tenant_id, target_id)
    scope_of_target(here, found)
    return found


def _draft_of(here: Frame, target_id: int) -> tuple[Target, Scope]:
    """A target that is written on, for those who may.

    :raises NotAllowed: for everybody else.
    :raises Conflict: if it is no draft any more.
    """
    found = service.target(here.session, here.actor.tenant_id, target_id)
    scope = scope_of_target(here, found)
    if not life.may_shape(here.actor, found.setter_ids):
        raise NotAllowed(_("That is for those who set the target and look after the community."))
    if found.stage is not Stage.DRAFT:
        raise Conflict(_("Members have been asked of it, so it stays as it is. Write another one."))
    return found, scope


def _set_by(here: Frame, scope: Scope) -> Scope:
    if not looks_after(here.actor):
        raise NotAllowed(_("That is for those who look after the community."))
    return scope


def _setters(here: Frame, scope: Scope, target: Target, form: SetterForm) -> str:
    called = names(here.session, here.actor.tenant_id, target.setter_ids)
    form.user_id.choices = pairs(_candidates(here, scope, target))
    return render(
        "target_setter_list",
        here,
        scope,
        form=form,
        target=target,
        setters=sorted(called.items(), key=lambda one: one[1].casefold()),
    )


def _candidates(here: Frame, scope: Scope, target: Target) -> dict[int, str]:
    """Who may be named: members of the course; across courses, those who look after one."""
    people = {
        person.user_id
        for person in enrolled(here.session, scope.course_ids)
        if person.left_at is None and (scope.wide is Wide.COURSE or reads_across(person))
    }
    called = names(here.session, here.actor.tenant_id, people - target.setter_ids)
    return dict(sorted(called.items(), key=lambda one: one[1].casefold()))


def _who(scope: Scope) -> str:
    return scope.settings.readers if scope.wide is Wide.COURSE else "stewards"


def _back(placement_id: int, scope: Scope) -> Response:
    return redirect(url_for(".target_detail", placement_id=placement_id, of=scope.key), 303)
