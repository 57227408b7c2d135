"""Notices of platforms and our rows: what we want to be sent, and what a notice changes. Nothing here commits."""

from datetime import timedelta

from sqlalchemy import delete, select, tuple_
from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.kernel import clock
from lmssocial.lms.identity import refusals
from lmssocial.lms.identity.courses import course_called, note_origins
from lmssocial.lms.identity.models import Course, Deployment, Registration, Standing
from lmssocial.lms.identity.refusals import NotApproved
from lmssocial.lms.lti import causes
from lmssocial.lms.lti.launch import Launch
from lmssocial.lms.lti.models import Asking, NoticeSubscription, SeenNotice
from lmssocial.lms.lti.notices import WANTED, Notice
from lmssocial.lms.lti.refusals import LaunchRefused

KEPT = timedelta(days=30)
"""How long it is remembered that a notice came. No token is good for more than a day, so none comes later than that."""
ASK_AGAIN = timedelta(days=7)
"""A platform that refused to send notices is asked again by a launch after this; an administrator may have helped."""
RENEW = timedelta(days=30)
"""One that agreed is reminded after this, for nobody tells us when a tool is taken out and put in again."""
SWEEP_AT_MOST = 500
"""Rows removed at one sweep, so that it never takes long."""


def want_notices(session: Session, deployment: Deployment, launch: Launch) -> None:
    """Note what the platform of this launch can send us and does not yet; the worker asks for it."""
    service = launch.notices
    kinds = [kind for kind in WANTED if service is not None and kind in service.kinds]
    if service is None or not kinds:
        return
    known = {
        row.kind: row
        for row in session.scalars(
            select(NoticeSubscription).where(NoticeSubscription.deployment_id == deployment.id)
        )
    }
    now = clock.now()
    for kind in kinds:
        row = known.get(kind)
        if row is None:
            wish = {"service_url": service.url, "standing": Asking.WANTED, "attempts": 0, "last_error": ""}
            insert_if_absent(
                session,
                NoticeSubscription,
                {"deployment_id": deployment.id, "kind": kind, "next_at": now, "changed_at": now, **wish},
                [NoticeSubscription.deployment_id, NoticeSubscription.kind],
            )
        elif row.service_url != service.url or _is_stale(row):
            row.service_url = service.url
            _wish_anew(row)


def want_again(session: Session, registration_id: int) -> int:
    """Ask a platform for everything once more, because it was registered anew or somebody wants it; gives how much."""
    rows = session.scalars(
        select(NoticeSubscription)
        .join(Deployment, Deployment.id == NoticeSubscription.deployment_id)
        .where(Deployment.registration_id == registration_id)
    ).all()
    for row in rows:
        _wish_anew(row)
    return len(rows)


def take(session: Session, notice: Notice) -> bool:
    """Let a notice have its effect, once; of any number that come at the same time, one does.

    :returns: whether it is new; one that was seen before changes nothing.
    :raises LaunchRefused: if its registration is gone or switched off.
    :raises NotApproved: if its deployment is not approved. It is not remembered then and may come again.
    """
    registration = session.get(Registration, notice.registration_id)
    if registration is None:
        raise LaunchRefused(causes.PLATFORM_UNKNOWN, f"registration {notice.registration_id} is gone")
    if not registration.enabled:
        raise LaunchRefused(causes.PLATFORM_DISABLED, registration_id=registration.id)
    deployment = _approved_deployment(session, registration, notice)
    is_new = insert_if_absent(
        session,
        SeenNotice,
        {
            "registration_id": registration.id,
            "notice_id": notice.id,
            "kind": notice.kind[:64],
            "received_at": clock.now(),
        },
        [SeenNotice.registration_id, SeenNotice.notice_id],
    )
    if is_new and notice.origins and notice.context is not None:
        course = course_called(
            session,
            tenant_id=registration.tenant_id,
            deployment_id=deployment.id,
            context_id=notice.context.id,
            title=notice.context.title,
            label=notice.context.label,
        )
        _hold(session, course)
        note_origins(course, notice.origins)
    return is_new


def sweep(session: Session) -> int:
    """Forget notices that cannot come again, some hundreds at a time; give how many."""
    old = (
        select(SeenNotice.registration_id, SeenNotice.notice_id)
        .where(SeenNotice.received_at < clock.now() - KEPT)
        .limit(SWEEP_AT_MOST)
    )
    gone = session.execute(
        delete(SeenNotice)
        .where(tuple_(SeenNotice.registration_id, SeenNotice.notice_id).in_(old))
        .returning(SeenNotice.notice_id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())


def _approved_deployment(session: Session, registration: Registration, notice: Notice) -> Deployment:
    """The deployment it is about: of this registration, so that no customer reaches another's courses."""
    deployment = session.scalar(
        select(Deployment).where(
            Deployment.registration_id == registration.id, Deployment.deployment_id == notice.deployment_id
        )
    )
    if deployment is not None and deployment.standing is Standing.APPROVED:
        return deployment
    standing = None if deployment is None else deployment.standing
    cause = {None: refusals.DEPLOYMENT_UNKNOWN, Standing.PENDING: refusals.DEPLOYMENT_PENDING}.get(
        standing, refusals.DEPLOYMENT_DISABLED
    )
    raise NotApproved(
        cause,
        registration_id=registration.id,
        registration_name=registration.name,
        deployment_id=notice.deployment_id,
    )


def _hold(session: Session, course: Course) -> None:
    """Let nobody else change the course's origins until we have; two notices may tell of one course."""
    session.flush()
    session.refresh(course, ["origins"], with_for_update=True)


def _is_stale(row: NoticeSubscription) -> bool:
    after = {Asking.REFUSED: ASK_AGAIN, Asking.HELD: RENEW}.get(row.standing)
    return after is not None and row.changed_at < clock.now() - after


def _wish_anew(row: NoticeSubscription) -> None:
    row.standing, row.attempts, row.last_error = Asking.WANTED, 0, ""
    row.next_at = row.changed_at = clock.now()
