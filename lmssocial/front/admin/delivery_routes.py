"""Mail: what is on its way to people, what was given up and why, and having it tried again.

What messages say is not shown: it is between people and their course.
"""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from lmssocial.core.db import unit_of_work
from lmssocial.core.mail import MailDown
from lmssocial.front.admin.gate import bp, me, pressed
from lmssocial.front.admin.log import note
from lmssocial.lms.identity.models import Tenant
from lmssocial.social.notifications import deliveries
from lmssocial.social.notifications.models import Condition, Delivery
from lmssocial.web import scope
from lmssocial.web.program import program

SHOWN = 50
"""Messages of each sort on the page."""


@bp.get("/mail")
def delivery_list() -> str:
    """How many messages are where, and those that are in trouble."""
    session = scope.session()
    return render_template(
        "admin/delivery_list.html",
        counts=deliveries.counts(session),
        given_up=_some(Condition.GIVEN_UP),
        waiting=_some(Condition.WAITING),
        channels=program().channels,
        days=deliveries.FOR.days,
        attempts=deliveries.MAX_ATTEMPTS,
    )


@bp.post("/mail/look")
def delivery_look() -> Response:
    """Ask the mail server how it is; it may take seconds, so nobody is made to wait for it unasked."""
    if pressed():
        try:
            flash(program().mailer.look(), "good")
        except MailDown as error:
            flash(str(error), "bad")
    return redirect(url_for("admin.delivery_list"), code=303)


@bp.post("/mail/<int:delivery_id>/retry")
def delivery_retry(delivery_id: int) -> Response:
    """Have one message tried again, from the beginning."""
    if pressed():
        with unit_of_work(scope.session()) as session:
            found = deliveries.retry(session, delivery_id)
            if found:
                note(session, me().by, "delivery.retried", str(delivery_id))
        if found:
            flash(_("It is tried again in a moment."), "good")
        else:
            flash(_("This message was sent meanwhile."), "warn")
    return redirect(url_for("admin.delivery_list"), code=303)


@bp.post("/mail/retry")
def delivery_list_retry() -> Response:
    """Have everything tried again that was not sent."""
    if pressed():
        with unit_of_work(scope.session()) as session:
            count = deliveries.retry_all(session)
            if count:
                note(session, me().by, "delivery.retried", f"{count} messages")
        flash(
            ngettext(
                "%(num)s message is tried again in a moment.",
                "%(num)s messages are tried again in a moment.",
                count,
            ),
            "good",
        )
    return redirect(url_for("admin.delivery_list"), code=303)


def _some(condition: Condition) -> list[tuple[Delivery, str]]:
    """The newest messages in a condition, each with the name of its tenant; those that failed first."""
    rows = scope.session().execute(
        select(Delivery, Tenant.name)
        .join(Tenant, Tenant.id == Delivery.tenant_id)
        .where(Delivery.condition == condition)
        .order_by(Delivery.attempts.desc(), Delivery.id.desc())
        .limit(SHOWN)
    )
    return [(row.Delivery, row.name) for row in rows]
