"""Grades on their way to LMSs: how many are where, which are in trouble and why, and having them sent again."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from lmssocial.core.db import LARGEST_ID, unit_of_work
from lmssocial.front.admin.gate import bp, me, pressed
from lmssocial.front.admin.log import note
from lmssocial.lms.identity.models import Registration
from lmssocial.social.gradebook import overview
from lmssocial.social.gradebook.overview import PAGE
from lmssocial.web import scope


@bp.get("/grades")
def score_list() -> str:
    """Platforms with grades that have not arrived, and those in trouble, the newest first."""
    session = scope.session()
    platform_id, before = _id(request.args.get("platform", "")), _id(request.args.get("before", ""))
    found = overview.stuck_page(session, platform_id=platform_id, before=before)
    return render_template(
        "admin/score_list.html",
        platforms=overview.by_platform(session),
        stuck=found[:PAGE],
        next_before=found[PAGE - 1].id if len(found) > PAGE else None,
        platform_id=platform_id,
    )


@bp.post("/grades/<int:score_id>/retry")
def score_retry(score_id: int) -> Response:
    """Have one grade sent again, from the beginning."""
    if pressed():
        with unit_of_work(scope.session()) as session:
            found = overview.retry(session, score_id)
            if found:
                note(session, me().by, "grade.retried", str(score_id))
        if found:
            flash(_("The grade is sent again in a moment."), "good")
        else:
            flash(_("This grade is in no trouble any more, or just being sent."), "warn")
    return _back()


@bp.post("/grades/retry")
def score_list_retry() -> Response:
    """Have everything in trouble sent again, of one platform or of all."""
    if pressed():
        platform_id = _id(request.form.get("platform", ""))
        with unit_of_work(scope.session()) as session:
            count = overview.retry_all(session, platform_id=platform_id)
            if count:
                chosen = None if platform_id is None else session.get(Registration, platform_id)
                subject = f"{count} grades" if chosen is None else f"{count} grades, {chosen.name}"
                note(session, me().by, "grade.retried", subject)
        said = ngettext(
            "%(num)s grade is sent again in a moment.", "%(num)s grades are sent again in a moment.", count
        )
        flash(said, "good")
    return _back()


def _back() -> Response:
    platform_id = _id(request.form.get("platform", ""))
    return redirect(url_for("admin.score_list", platform=platform_id), code=303)


def _id(text: str) -> int | None:
    return max(0, min(int(text), LARGEST_ID)) if text.isdecimal() and text.isascii() else None
