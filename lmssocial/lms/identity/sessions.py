"""Browsers signed in to courses: a row for each, made by a launch, ended by time."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.secrets import token_hash
from lmssocial.lms.identity.admission import Admission
from lmssocial.lms.identity.models import WebSession
from lmssocial.lms.lti.launch import Launch

MAX_RETURN_URL = 2000
"""Characters of a return address that is kept."""
SWEEP_AT_MOST = 500
"""Rows removed at one sweep, so that it never takes long."""


def open_session(
    session: Session, admission: Admission, launch: Launch, *, browser: str, lasts: timedelta
) -> WebSession:
    """Sign ``browser`` in to the course as the person who launched.

    The same person's row is renewed, so the forms they have open stay good. Another person's row in the same browser
    and course goes, and with it every form made for them.

    :param browser: the token in the browser's cookie.
    """
    which = select(WebSession).where(
        WebSession.browser_hash == token_hash(browser), WebSession.course_id == admission.course.id
    )
    row, now = session.scalar(which), clock.now()
    if row is not None and row.membership_id != admission.membership.id:
        session.delete(row)
        session.flush()  # the new row takes the place of this one
        row = None
    if row is None:
        insert_if_absent(
            session,
            WebSession,
            {
                "browser_hash": token_hash(browser),
                "course_id": admission.course.id,
                "membership_id": admission.membership.id,
                "registration_id": admission.registration.id,
                "locale": "",
                "return_url": "",
                "created_at": now,
                "expires_at": now + lasts,
            },
            [WebSession.browser_hash, WebSession.course_id],
        )
        row = session.scalars(which).one()
    back = launch.presentation.return_url
    row.membership_id = admission.membership.id
    row.locale = launch.locale
    row.return_url = back if len(back) <= MAX_RETURN_URL else ""
    row.expires_at = now + lasts
    return row


def sweep(session: Session) -> int:
    """Remove sign-ins that are over, some hundreds at a time; give how many."""
    over = (
        select(WebSession.id)
        .where(WebSession.expires_at <= clock.now())
        .limit(SWEEP_AT_MOST)
        .with_for_update(skip_locked=True)  # two sweepers at once do not wait for each other (PostgreSQL)
    )
    swept = session.execute(
        delete(WebSession)
        .where(WebSession.id.in_(over))
        .returning(WebSession.id)
        .execution_options(synchronize_session=False)
    )
    return len(swept.all())
