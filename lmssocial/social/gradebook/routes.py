"""The page on which those who grade see how grades get into the LMS, and have them tried again."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel.errors import NotAllowed, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.kernel.words import ngettext
from lmssocial.social.communities.scope import here
from lmssocial.social.gradebook import access, queries, retrying
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.web.program import program

bp = Blueprint("gradebook", __name__, url_prefix="/w/<int:placement_id>/gradebook")


@bp.get("")
def score_list(placement_id: int) -> str:
    """How many grades are in the LMS, and which are not and why."""
    actor, session = here().actor, scope.session()
    access.require_grader(session, actor, placement_id)
    found = queries.troubled(
        session, actor, placement_id, after=max(request.args.get("after", 0, type=int), 0)
    )
    return render_template(
        "gradebook/score_list.html",
        tally=queries.tally(session, placement_id),
        troubled=found[: queries.PAGE],
        after=found[queries.PAGE - 1].id if len(found) > queries.PAGE else None,
        delayed=queries.delayed(session, actor, placement_id),
    )


@bp.get("/review/<int:user_id>")
def review(placement_id: int, user_id: int) -> Response:
    """Where the LMS's gradebook leads (LtiSubmissionReviewRequest): one person's work, for graders and for themselves.

    :raises NotFound: if nothing is graded here, or the person was never here.
    :raises NotAllowed: if it is not the reader's to look at.
    """
    actor = here().actor
    widget = program().widgets.get(here().widget)
    if widget is None or widget.review is None:
        raise NotFound(
            _("Nothing is graded in this activity, so there is nothing to look at."),
            title=_("No grades here"),
            reason=f"{here().widget} of placement {placement_id} has no pages of grades",
        )
    if not user_id:
        raise NotFound(
            _(
                "The person whose grade you opened in your LMS has not been here, so there is nothing to look at."
            ),
            title=_("Nothing to look at yet"),
            reason="a review of somebody who never launched",
        )
    path = widget.review(actor, placement_id, user_id)
    if not path:
        raise NotAllowed(_("Only the instructors of this course and the person themselves look at this."))
    return redirect(path, code=303)


@bp.post("/retry")
def score_list_retry(placement_id: int) -> Response:
    """Have everything tried again that failed."""
    actor = here().actor
    access.require_grader(scope.session(), actor, placement_id)
    if not ButtonForm(request.form).validate():
        return _too_old(placement_id)
    with unit_of_work(scope.session()) as session:
        number = retrying.retry_all(session, actor, placement_id)
    if number:
        flash(
            ngettext("One grade is tried again now.", "%(num)s grades are tried again now.", number), "good"
        )
    else:
        flash(_("There is nothing to try again any more."))
    return _back(placement_id)


@bp.post("/<int:score_id>/retry")
def score_retry(placement_id: int, score_id: int) -> Response:
    """Have one grade tried again."""
    actor = here().actor
    access.require_grader(scope.session(), actor, placement_id)
    if not ButtonForm(request.form).validate():
        return _too_old(placement_id)
    with unit_of_work(scope.session()) as session:
        is_tried = retrying.retry(session, actor, placement_id, score_id)
    if is_tried:
        flash(_("The grade is tried again now."), "good")
    else:
        flash(_("This grade is on its way already."))
    return _back(placement_id)


def _too_old(placement_id: int) -> Response:
    flash(_("This page had grown old, so nothing has changed. Please press the button again."), "warn")
    return _back(placement_id)


def _back(placement_id: int) -> Response:
    return redirect(url_for("gradebook.score_list", placement_id=placement_id), code=303)
