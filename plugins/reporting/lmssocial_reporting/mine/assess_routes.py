"""The views of what one says of one's own skills, and what colleagues say who were asked.

The ids in the addresses are those of assessments; whoever is neither asked nor asked about finds nothing there.
"""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lmssocial.plugin import Invalid, NotFound
from lmssocial.plugin_pages import current_session, unit_of_work
from lmssocial_reporting.blueprint import Frame, bp, frame, posted
from lmssocial_reporting.buttons import pairs, pressed
from lmssocial_reporting.definition import Role
from lmssocial_reporting.mine import assessing, choosing
from lmssocial_reporting.mine.beside import beside_each_other
from lmssocial_reporting.mine.forms import AskForm, LevelForm
from lmssocial_reporting.roles.words import SKILLS, role_title, skills_of

LONGEST_ID = 9
"""Digits of the number of a person."""


@bp.get("/mine/assess")
def assessment_list(placement_id: int) -> str:
    """One's own skills: what one says oneself, what colleagues say, and what acts say."""
    del placement_id  # the frame knows
    here = frame()
    form = AskForm()
    return _show(here, form)


@bp.get("/mine/assess/new")
def assessment_create(placement_id: int) -> str:
    """Say how far one's own skills go; what one said last is chosen."""
    del placement_id  # the frame knows
    here = frame()
    own = assessing.own_assessments(here.session, here.actor).own
    last = {key: str(level) for key, level in own[0].levels.items()} if own else {}
    return _edit(here, LevelForm(data=last))


@bp.post("/mine/assess/new")
def assessment_create_post(placement_id: int) -> tuple[str, int] | Response:
    """The same, filled in."""
    here = frame()
    form = LevelForm(request.form)
    if not form.validate():
        return _edit(here, form), 422
    try:
        with unit_of_work(current_session()) as session:
            assessing.assess_oneself(session, here.actor, form.levels())
    except Invalid as problem:
        return _edit(here, form, wrong=problem.message), 422
    return redirect(url_for(".assessment_list", placement_id=placement_id), 303)


@posted("/mine/assess/ask", ".assessment_list")
def assessment_ask(placement_id: int) -> tuple[str, int] | Response:
    """Ask a colleague."""
    here = frame()
    form = AskForm(request.form)
    form.colleague.choices = pairs(_chosen(here))
    if not form.validate():
        return _show(here, form), 422
    with unit_of_work(current_session()) as session:
        assessing.ask(session, here.actor, form.colleague.data, placement_id)
    return redirect(url_for(".assessment_list", placement_id=placement_id) + "#colleagues", 303)


@bp.get("/mine/assess/<int:assessment_id>")
def assessment_edit(placement_id: int, assessment_id: int) -> str:
    """Answer a colleague who asked."""
    del placement_id  # the frame knows
    here = frame()
    return _edit(here, LevelForm(), assessing.asked_of(here.session, here.actor, assessment_id))


@bp.post("/mine/assess/<int:assessment_id>")
def assessment_edit_post(placement_id: int, assessment_id: int) -> tuple[str, int] | Response:
    """The same, filled in."""
    here = frame()
    form = LevelForm(request.form)
    try:
        asks = assessing.asked_of(here.session, here.actor, assessment_id)
    except NotFound:
        return _too_late(here, form, assessment_id)
    if not form.validate():
        return _edit(here, form, asks), 422
    said = (form.words.data or "", placement_id)
    try:
        with unit_of_work(current_session()) as session:
            assessing.give(session, here.actor, assessment_id, form.levels(), said)
    except NotFound:
        return _too_late(here, form, assessment_id)
    except Invalid as problem:
        return _edit(here, form, asks, wrong=problem.message), 422
    return redirect(url_for(".assessment_list", placement_id=placement_id), 303)


@posted("/mine/assess/<int:assessment_id>/decline", ".assessment_list")
def assessment_decline(placement_id: int, assessment_id: int) -> Response:
    """Rather not answer."""
    here = frame()
    pressed()
    try:
        with unit_of_work(current_session()) as session:
            assessing.decline(session, here.actor, assessment_id)
    except NotFound as problem:  # pressed before, or answered in another tab
        flash(problem.message)
    return redirect(url_for(".assessment_list", placement_id=placement_id), 303)


@posted("/mine/assess/<int:assessment_id>/remove", ".assessment_list")
def assessment_remove(placement_id: int, assessment_id: int) -> Response:
    """Delete what is said of oneself, or take back what one asked."""
    here = frame()
    pressed()
    try:
        with unit_of_work(current_session()) as session:
            assessing.take_away(session, here.actor, assessment_id)
    except NotFound as problem:  # pressed before
        flash(problem.message)
    return redirect(url_for(".assessment_list", placement_id=placement_id), 303)


def _chosen(here: Frame) -> Mapping[int, str]:
    """Who was chosen, whether they stood in the list or not; nobody, if they cannot be asked from here."""
    number = request.form.get("colleague", "")
    if not (number.isascii() and number.isdigit()) or len(number) > LONGEST_ID:
        return {}
    return choosing.colleague(here.session, here.actor, int(number))


def _show(here: Frame, form: AskForm) -> str:
    found = assessing.own_assessments(here.session, here.actor)
    part = request.args.get("q", "")[:100]
    colleagues = choosing.colleagues(here.session, here.actor, part)
    form.colleague.choices = pairs(colleagues.found)
    return render_template(
        "lmssocial_reporting/assessment_list.html",
        frame=here,
        found=found,
        form=form,
        part=part,
        colleagues=colleagues,
        levels=assessing.LEVELS,
        rows=beside_each_other(here, found),
    )


def _edit(here: Frame, form: LevelForm, asks: assessing.Asked | None = None, wrong: str = "") -> str:
    return render_template(
        "lmssocial_reporting/assessment_edit.html",
        frame=here,
        form=form,
        asks=asks,
        wrong=wrong,
        roles=list(Role),
        title=role_title,
        skills=skills_of,
    )


def _too_late(here: Frame, form: LevelForm, assessment_id: int) -> tuple[str, int]:
    """Give back what they wrote: nobody waits for it any more."""
    answered = assessing.was_answered(here.session, here.actor, assessment_id)
    page = render_template(
        "lmssocial_reporting/assessment_late.html",
        frame=here,
        answered=answered,
        words=form.words.data or "",
        said=[(SKILLS[key].title, assessing.LEVELS[level]) for key, level in form.levels().items()]
        if form.validate()
        else [],
    )
    return page, 409 if answered else 404
