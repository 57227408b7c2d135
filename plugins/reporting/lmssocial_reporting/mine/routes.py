"""The views of one's own part. They take nobody's id: everybody sees themselves, and nobody else."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lmssocial.plugin import Invalid, NotFound
from lmssocial.plugin_pages import current_session, unit_of_work
from lmssocial_reporting.blueprint import Frame, bp, frame, posted
from lmssocial_reporting.buttons import pressed
from lmssocial_reporting.mine import assess_routes, withholding
from lmssocial_reporting.mine.forms import ReadingForm, WithholdForm
from lmssocial_reporting.mine.reading import EARLIER, own_line, own_part
from lmssocial_reporting.roles.words import kind_words
from lmssocial_reporting.scope import require_steward
from lmssocial_reporting.store.choice import store_of

__all__ = ["assess_routes"]


@bp.get("/mine")
def mine_detail(placement_id: int) -> str:
    """What is kept of who asks, and what it says."""
    del placement_id  # the frame knows
    here = frame()
    return render_template(
        "lmssocial_reporting/mine_detail.html",
        frame=here,
        part=own_part(here, _back()),
        day_words=format_date,
    )


@bp.get("/mine/withhold")
def mine_withhold(placement_id: int) -> str | Response:
    """Leave a line out, and say whether it is wrong. An address that names none leads to all lines."""
    if "kind" not in request.args:
        return redirect(url_for(".mine_detail", placement_id=placement_id, back=_back()), 303)
    here, form = frame(), WithholdForm(data=request.args.to_dict())
    if withholding.left_out_before(here.session, here.actor, form.which()) is not None:
        return _left_out_already(placement_id)
    return _withhold(here, form)


@bp.post("/mine/withhold")
def mine_withhold_post(placement_id: int) -> tuple[str, int] | Response:
    """The same, filled in."""
    here = frame()
    form = WithholdForm(request.form)
    which = form.which()
    again = withholding.left_out_before(here.session, here.actor, which) is not None
    contested, words = bool(form.contested.data), form.words.data or ""
    if again and not words.strip():
        return _left_out_already(placement_id)
    if not form.validate():
        return _withhold(here, form), 422
    if not again:
        own_line(here, which)
    try:
        with unit_of_work(current_session()) as session:
            withholding.leave_out(session, here.actor, which, contested=contested, words=words)
    except Invalid as problem:
        form.words.errors = [problem.message]
        return _withhold(here, form), 422
    return _left_out_already(placement_id) if again else _left_out(placement_id)


@posted("/mine/withhold/<int:withheld_id>/undo", ".mine_detail")
def mine_withhold_undo(placement_id: int, withheld_id: int) -> Response:
    """Have it counted again."""
    here = frame()
    pressed()
    try:
        with unit_of_work(current_session()) as session:
            withholding.count_again(session, store_of(session, here.settings), here.actor, withheld_id)
    except NotFound as problem:  # pressed before
        flash(problem.message)
    return _left_out(placement_id)


@posted("/mine/reading", ".mine_detail")
def mine_reading(placement_id: int) -> Response:
    """Have all of one's reading counted, or none."""
    here = frame()
    pressed()
    with unit_of_work(current_session()) as session:
        counted = ReadingForm(request.form).counted.data == "yes"
        withholding.count_reading(session, store_of(session, here.settings), here.actor, counted=counted)
    return redirect(url_for(".mine_detail", placement_id=placement_id) + "#reading", 303)


@bp.get("/contested")
def contested_list(placement_id: int) -> str:
    """What members say is wrong, without who says it: for those who look after the community."""
    del placement_id  # the frame knows
    here = frame()
    require_steward(here.actor)
    window, least = here.scope().window(), here.settings.least_cell
    return render_template(
        "lmssocial_reporting/contested_list.html",
        frame=here,
        contested=withholding.contested_in(here.session, here.actor.course_id, window, least=least),
        kind_words=kind_words,
        least=least,
    )


def _left_out_already(placement_id: int) -> Response:
    flash(_("It is left out already."))
    return _left_out(placement_id)


def _left_out(placement_id: int) -> Response:
    return redirect(url_for(".mine_detail", placement_id=placement_id, back=_back()) + "#left-out", 303)


def _withhold(here: Frame, form: WithholdForm) -> str:
    which = form.which()
    form.explain(here.settings.least_cell)
    return render_template(
        "lmssocial_reporting/mine_withhold.html",
        frame=here,
        form=form,
        line=own_line(here, which),
        back=_back(),
        day_words=format_date,
    )


def _back() -> int:
    asked = request.values.get("back", 0, type=int)
    return min(max(asked, 0), EARLIER)
