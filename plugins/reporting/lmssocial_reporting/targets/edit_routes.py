"""The views for those who set a target: writing it, naming who sets it, and putting it to the members."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from lmssocial.plugin import Conflict, Invalid, NotAllowed, NotFound
from lmssocial.plugin import gettext as _
from lmssocial.plugin_data import enrolled, names
from lmssocial.plugin_pages import current_session, unit_of_work
from lmssocial_reporting.blueprint import Frame, bp, frame, posted
from lmssocial_reporting.buttons import pairs, pressed
from lmssocial_reporting.scope import Scope, Wide, looks_after, require_writer, scope_key, today
from lmssocial_reporting.targets import life, service
from lmssocial_reporting.targets.forms import ConsultForm, SetterForm, TargetForm, filled_from
from lmssocial_reporting.targets.page import render, scope_of_target
from lmssocial_reporting.targets.people import reads_across
from lmssocial_reporting.targets.starting import STARTS
from lmssocial_reporting.targets.values import Stage, Target
from lmssocial_reporting.targets.wanted import Asked, Whereabouts, said_by


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
    form = _read_form(here)
    try:
        found, scope = _shaped_by(here, target_id)
    except NotFound:
        if not looks_after(here.actor):
            raise
        return _thrown_away(here, form)
    if found.stage is not Stage.DRAFT:
        return _overtaken(here, target_id, form, _asked_meanwhile())
    start = STARTS.get(request.form.get("start", ""))
    if start is not None:
        form.fill(dict(start.bands))
        return _form(here, scope, form, found)
    if not form.validate():
        return _form(here, scope, form, found), 422
    try:
        with unit_of_work(current_session()) as session:
            seen = form.seen.data or ""
            life.change(session, here.actor, target_id, form.wanted(), today(here.settings), seen=seen)
    except Conflict as problem:
        return _overtaken(here, target_id, form, problem.message)
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


@posted("/target/<int:target_id>/setters/<int:user_id>/drop", ".target_setter_list", "target_id")
def target_setter_drop(placement_id: int, target_id: int, user_id: int) -> Response:
    """Name somebody no longer."""
    here = frame()
    _draft_of(here, target_id)
    pressed()
    with unit_of_work(current_session()) as session:
        life.drop_setter(session, here.actor, target_id, user_id)
    return redirect(url_for(".target_setter_list", placement_id=placement_id, target_id=target_id), 303)


@posted("/target/<int:target_id>/discard", ".target_past_detail", "target_id")
def target_discard(placement_id: int, target_id: int) -> Response:
    """Throw a draft away."""
    here = frame()
    pressed()
    try:
        _found, scope = _draft_of(here, target_id)
    except NotFound:  # pressed before
        flash(_("It was thrown away already."))
        return redirect(url_for(".target_detail", placement_id=placement_id), 303)
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
    found, scope = _shaped_by(here, target_id)
    if found.stage is Stage.CONSULTED:  # sent before
        flash(_("Members are asked of it already."))
        return _back(placement_id, scope)
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


def _form(
    here: Frame, scope: Scope, form: TargetForm, target: Target | None = None, theirs: Target | None = None
) -> str:
    """:param theirs: what somebody else saved meanwhile."""
    return render("target_edit", here, scope, form=form, target=target, theirs=theirs, starts=STARTS.values())


def _overtaken(here: Frame, target_id: int, form: TargetForm, said: str) -> tuple[str, int]:
    """Give back what they wrote, beside what the target says now."""
    found, scope = _shaped_by(here, target_id)
    form.form_errors.append(said if found.stage is Stage.DRAFT else _asked_meanwhile())
    form.seen.data = said_by(found).fingerprint
    return _form(here, scope, form, found, found), 409


def _thrown_away(here: Frame, form: TargetForm) -> tuple[str, int]:
    """Give back what they wrote for a draft that is no more, as the beginning of another one."""
    scope = here.scope()
    form.form_errors.append(
        _(
            "Somebody threw this draft away while you were writing. Your text is still here: "
            "saved, it becomes a new draft."
        )
    )
    return _form(here, scope, form), 409


def _asked_meanwhile() -> str:
    return _(
        "Members have been asked of this draft meanwhile, so it stays as it is, and nothing of yours was saved. "
        "Your text is still here to be copied."
    )


def _target_of(here: Frame, target_id: int) -> Target:
    found = service.target(here.session, here.actor.tenant_id, target_id)
    scope_of_target(here, found)
    return found


def _shaped_by(here: Frame, target_id: int) -> tuple[Target, Scope]:
    """A target, for those who wrote on it.

    :raises NotAllowed: for everybody else.
    """
    found = service.target(here.session, here.actor.tenant_id, target_id)
    scope = scope_of_target(here, found)
    if not life.may_shape(here.actor, found.scope, found.setter_ids):
        raise NotAllowed(_("That is for those who set the target and look after the community."))
    return found, scope


def _draft_of(here: Frame, target_id: int) -> tuple[Target, Scope]:
    """A target that is written on, for those who may.

    :raises NotAllowed: for everybody else.
    :raises Conflict: if it is no draft any more.
    """
    found, scope = _shaped_by(here, target_id)
    if found.stage is not Stage.DRAFT:
        raise Conflict(_("Members have been asked of it, so it stays as it is. Write another one."))
    return found, scope


def _set_by(here: Frame, scope: Scope) -> Scope:
    if not looks_after(here.actor):
        raise NotAllowed(_("That is for those who look after the community."))
    require_writer(here.actor, scope_key(here.actor, scope))
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
