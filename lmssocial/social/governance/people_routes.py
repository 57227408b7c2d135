"""Who is in the course, how the LMS's roster of it stands, and a button to have it read now."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lmssocial.core.db import LARGEST_ID, unit_of_work
from lmssocial.core.kernel.errors import Conflict
from lmssocial.lms.roster import schedule
from lmssocial.lms.roster.standing import standing
from lmssocial.social.communities.scope import here
from lmssocial.social.governance import access
from lmssocial.social.governance.people import Show, people
from lmssocial.web import scope
from lmssocial.web.forms import ButtonForm
from lmssocial.web.program import program


def register(bp: Blueprint) -> None:
    """Give the blueprint of the settings the addresses of this module."""
    bp.add_url_rule("/members", view_func=member_list, methods=["GET"])
    bp.add_url_rule("/members/read", view_func=roster_read, methods=["POST"])


def member_list(placement_id: int) -> str:
    """Who is in the course."""
    del placement_id
    actor, session = here().actor, scope.session()
    access.require_founder(actor)
    show = request.args.get("show", "")
    shown = Show(show) if show in set(Show) else Show.HERE
    called = request.args.get("q", "").strip()[:100]
    after = min(max(request.args.get("after", 0, type=int), 0), LARGEST_ID)
    return render_template(
        "governance/member_list.html",
        people=people(session, actor, show=shown, called=called, after=after),
        roster=standing(session, actor.course_id),
        shown=shown.value,
        called=called,
        after=after,
    )


def roster_read(placement_id: int) -> Response:
    """Have the roster read now, at most once a minute."""
    actor = here().actor
    access.require_founder(actor)
    back = redirect(url_for("governance.member_list", placement_id=placement_id), code=303)
    if not ButtonForm(request.form).validate():
        flash(_("This page had grown old, so nothing has changed. Please press the button again."), "warn")
        return back
    if not standing(scope.session(), actor.course_id).is_offered:
        raise Conflict(_("Your LMS does not tell this tool who is in the course."))
    with unit_of_work(scope.session()) as session:
        is_begun = schedule.ask(session, actor.course_id)
    if is_begun:
        program().jobs.soon("rosters")
        flash(_("The list is being read. Load this page again in a moment."), "good")
    else:
        flash(
            _("The list is being read just now, or was less than a minute ago. Load this page again."), "warn"
        )
    return back
