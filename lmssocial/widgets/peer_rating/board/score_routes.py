"""Scores before and after their release: how sure they are, what disagrees, other points, and the release itself."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.kernel.words import ngettext
from lmssocial.social.communities.scope import Here
from lmssocial.social.gradebook import queries as gradebook
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.web.program import program
from lmssocial.widgets.peer_rating.activities import Running, locked
from lmssocial.widgets.peer_rating.blueprint import base
from lmssocial.widgets.peer_rating.board import lines
from lmssocial.widgets.peer_rating.board.board_routes import staff_here
from lmssocial.widgets.peer_rating.board.forms import OverrideForm, ReleaseForm
from lmssocial.widgets.peer_rating.board.preview import preview
from lmssocial.widgets.peer_rating.gates import SCORED
from lmssocial.widgets.peer_rating.models import Review
from lmssocial.widgets.peer_rating.releasing import service as releasing
from lmssocial.widgets.peer_rating.scoring import overriding, queries, reliability
from lmssocial.widgets.peer_rating.scoring.inputs import bounds, rubric_of
from lmssocial.widgets.peer_rating.scoring.queries import Sort, WorkScore
from lmssocial.widgets.peer_rating.scoring.working_out import work_out

View = Response | str | tuple[str, int]


def register(bp: Blueprint) -> None:
    """Put the pages of this module into the blueprint."""
    routes: tuple[tuple[str, str, Callable[..., Any]], ...] = (
        ("GET", "/scores", score_list),
        ("POST", "/scores/work-out", score_work_out),
        ("POST", "/scores/release", score_release),
        ("GET", "/scores/reviewers", reviewer_list),
        ("GET", "/works/<int:work_id>/score", score_override),
        ("POST", "/works/<int:work_id>/score", score_override_post),
    )
    for method, rule, view in routes:
        bp.add_url_rule(rule, view_func=view, methods=[method])


def score_list(placement_id: int) -> str:
    """All scores, those that reviewers disagree on first; how sure they are; and what a release does."""
    place, found = staff_here(placement_id)
    return _scores_page(place, found, ReleaseForm())


def _scores_page(place: Here, found: Running, form: ReleaseForm, *, problem: str = "") -> str:
    session = scope.session()
    wanted = request.args.get("sort", "")
    sort = Sort(wanted) if wanted in set(Sort) else Sort.DISAGREEMENT
    after = request.args.get("after", type=int)
    found_out = reliability.of(session, place.placement_id)
    seen = preview(session, found)
    form.reason.flags.required = seen.is_again
    return render_template(
        "peer_rating/score_list.html",
        **_common(place, found),
        preview=seen,
        reliability=found_out,
        said=reliability.wording(found_out),
        scores=queries.results_of(session, found, sort, after=after),
        sort=sort.value,
        is_first=after is None,
        tally=gradebook.tally(session, place.placement_id),
        form=form,
        problem=problem,
    )


def _common(place: Here, found: Running) -> dict[str, Any]:
    return {
        "activity": found,
        "settings": found.settings,
        "phase": found.phase.value,
        "base": base(place),
    }


def score_work_out(placement_id: int) -> Response:
    """Work the scores out now, instead of waiting until the clockwork does; what authors see already stays."""
    place, _found = staff_here(placement_id)
    if not ButtonForm(request.form).validate():
        flash(_("This page had grown old, so nothing has changed. Please press the button again."), "warn")
        return redirect(f"{base(place)}/scores", code=303)
    with unit_of_work(scope.session()) as session:
        here = locked(session, placement_id)
        if here.phase in SCORED:
            trouble = _("Scores are released, so they stay as authors see them until you release them again.")
        else:
            trouble = work_out(session, program().scorings, here).trouble
    flash(trouble or _("The scores are worked out anew."), "bad" if trouble else "good")
    return redirect(f"{base(place)}/scores", code=303)


def score_release(placement_id: int) -> View:
    """Show authors their scores, and send the grades."""
    place, found = staff_here(placement_id)
    form = ReleaseForm(request.form)
    if not form.validate():
        return _scores_page(place, found, form), 422
    try:
        with unit_of_work(scope.session()) as session:
            made = releasing.release(
                session,
                program().scorings,
                place.actor,
                placement_id,
                form.reason.data or "",
                others=bool(form.others.data),
            )
            shown = len(made.results)
    except (Conflict, Invalid) as problem:
        place, found = staff_here(placement_id)
        return _scores_page(place, found, form, problem=problem.message), problem.status
    flash(
        ngettext(
            "Released: one work has a score that its authors see now.",
            "Released: %(num)s works have a score that their authors see now.",
            shown,
        ),
        "good",
    )
    return redirect(f"{base(place)}/scores", code=303)


def reviewer_list(placement_id: int) -> str:
    """What is known of everybody's reviewing, in careful words."""
    place, found = staff_here(placement_id)
    rows, after = queries.reviewers_of(scope.session(), found, after=request.args.get("after", type=int))
    return render_template(
        "peer_rating/reviewer_list.html",
        **_common(place, found),
        reviewers=rows,
        after=after,
        most=bounds(scope.session(), found)[1],
    )


def score_override(placement_id: int, work_id: int) -> str:
    """The score of one work, with the reviews it rests on, and a form for other points."""
    place, found, score = _score(placement_id, work_id)
    return _score_page(
        place, found, score, OverrideForm(data={"points": score.override, "reason": score.override_reason})
    )


def score_override_post(placement_id: int, work_id: int) -> View:
    """Give the work other points, or take these back if that button was pressed."""
    place, found, score = _score(placement_id, work_id)
    back = "back" in request.form
    form = OverrideForm(request.form)
    if not (ButtonForm(request.form) if back else form).validate():
        return _score_page(place, found, score, form), 422
    try:
        with unit_of_work(scope.session()) as session:
            if back:
                overriding.withdraw_override(session, place.actor, work_id)
            else:
                points = float(form.points.data or 0)
                overriding.override(session, place.actor, work_id, points, form.reason.data or "")
    except (Conflict, Invalid, NotAllowed) as problem:
        return _score_page(place, found, score, form, problem=problem.message), problem.status
    said = _("The points that the reviews give count again.") if back else _("Saved.")
    flash(f"{said} {_('Its author sees it with the next release.')}", "good")
    return redirect(f"{base(place)}/works/{work_id}/score", code=303)


def _score(placement_id: int, work_id: int) -> tuple[Here, Running, WorkScore]:
    place, found = staff_here(placement_id)
    score = queries.result_of(scope.session(), found, work_id)
    if score is None:
        reason = f"work {work_id} gets no score at placement {placement_id}"
        raise NotFound(_("There is no such work here, or it gets no score."), reason=reason)
    return place, found, score


def _score_page(
    place: Here, found: Running, score: WorkScore, form: OverrideForm, *, problem: str = ""
) -> str:
    session = scope.session()
    return render_template(
        "peer_rating/score_override.html",
        **_common(place, found),
        score=score,
        rubric=rubric_of(session, found),
        most=bounds(session, found)[1],
        reviews=lines.lines(session, Review.work_id == score.work_id),
        form=form,
        problem=problem,
    )
