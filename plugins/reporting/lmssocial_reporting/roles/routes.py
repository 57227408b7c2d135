"""The pages about the five roles. They speak of roles, never of who acts in them."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lmssocial.plugin import NotFound
from lmssocial.plugin import gettext as _
from lmssocial.plugin_pages import current_session, unit_of_work
from lmssocial_reporting.blueprint import Frame, bp, frame, posted
from lmssocial_reporting.buttons import pressed
from lmssocial_reporting.definition import AWAITS, ROLE_OF, RULE, WEAK, Role
from lmssocial_reporting.roles import resources
from lmssocial_reporting.roles.forms import ResourceForm
from lmssocial_reporting.roles.looks import looks_like
from lmssocial_reporting.roles.words import kind_words, role_sentence, role_title, skills_of
from lmssocial_reporting.scope import looks_after, require_steward


@bp.get("/roles")
def role_list(placement_id: int) -> str:
    """The five, each in a sentence."""
    del placement_id  # the frame knows
    here = frame()
    return render_template(
        "lmssocial_reporting/role_list.html",
        frame=here,
        roles=list(Role),
        title=role_title,
        sentence=role_sentence,
        skills=skills_of,
        counts=resources.counts(here.session, here.actor),
        looks_after=looks_after(here.actor),
    )


@bp.get("/roles/<role>")
def role_detail(placement_id: int, role: str) -> str:
    """One of them: what it looks like here, what it takes, what counts for it, and what helps with it."""
    del placement_id  # the frame knows
    return _page(frame(), _role(role), ResourceForm())


@posted("/roles/<role>/resources", ".role_detail", "role")
def resource_create(placement_id: int, role: str) -> tuple[str, int] | Response:
    """Add something that helps with it."""
    here, wanted = frame(), _role(role)
    require_steward(here.actor)
    form = ResourceForm(request.form)
    if not form.validate():
        return _page(here, wanted, form), 422
    with unit_of_work(current_session()) as session:
        resources.add(session, here.actor, wanted, form.new())
    return _back(placement_id, wanted)


@posted("/resources/<int:resource_id>/remove", ".role_list")
def resource_remove(placement_id: int, resource_id: int) -> Response:
    """Take it out of the list."""
    here = frame()
    pressed()
    try:
        with unit_of_work(current_session()) as session:
            role = resources.remove(session, here.actor, resource_id)
    except NotFound as problem:
        return _gone(placement_id, problem)
    return _back(placement_id, role)


@posted("/resources/<int:resource_id>/up", ".role_list")
def resource_move(placement_id: int, resource_id: int) -> Response:
    """Let it stand one place earlier."""
    here = frame()
    pressed()
    try:
        with unit_of_work(current_session()) as session:
            role = resources.move_up(session, here.actor, resource_id)
    except NotFound as problem:
        return _gone(placement_id, problem)
    return _back(placement_id, role)


def _role(named: str) -> Role:
    """The role of this name.

    :raises NotFound: if there is none.
    """
    if named not in set(Role):
        raise NotFound(_("There is no such role."))
    return Role(named)


def _page(here: Frame, role: Role, form: ResourceForm) -> str:
    return render_template(
        "lmssocial_reporting/role_detail.html",
        frame=here,
        form=form,
        role=role,
        title=role_title(role),
        sentence=role_sentence(role),
        looks=looks_like(role),
        skills=skills_of(role),
        kinds=[(kind_words(kind), kind in AWAITS, kind in WEAK) for kind in ROLE_OF if ROLE_OF[kind] is role],
        bar=RULE.bars[role],
        sustained=RULE.sustained,
        resources=resources.resources_for(here.session, here.actor, role),
        looks_after=looks_after(here.actor),
    )


def _gone(placement_id: int, problem: NotFound) -> Response:
    """Lead back to the list in which it stood, and say that it does not stand there any more."""
    flash(problem.message)
    stood = request.form.get("role", "")
    if stood not in set(Role):
        return redirect(url_for(".role_list", placement_id=placement_id), 303)
    return _back(placement_id, Role(stood))


def _back(placement_id: int, role: Role) -> Response:
    return redirect(url_for(".role_detail", placement_id=placement_id, role=role.value) + "#resources", 303)
