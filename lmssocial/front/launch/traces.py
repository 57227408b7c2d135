"""What every login and launch leaves for administrators, however it ends: one row of the list of launches."""

import time
from dataclasses import replace
from datetime import timedelta

import structlog
from flask import g
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.front.launch.arrival import Arrival
from lmssocial.lms.identity import launches
from lmssocial.lms.identity.launches import What
from lmssocial.lms.identity.models import Registration
from lmssocial.lms.identity.refusals import NotApproved
from lmssocial.lms.lti import causes
from lmssocial.lms.lti.launch import Launch
from lmssocial.lms.lti.refusals import LaunchRefused
from lmssocial.web import scope

log = structlog.get_logger(__name__)

PERSONAL = frozenset({causes.PERSON_UNUSABLE.code, causes.REVIEW_UNUSABLE.code})
"""Causes whose detail repeats what the LMS calls somebody; it stays in the log of the server."""


def learned(launch: Launch, *, way: str) -> None:
    """Remember what this request's launch says, as soon as it is believed.

    :param way: how the browser proved that it began the login: ``cookie`` or ``storage``.
    """
    ahead = None if launch.issued_at is None else launch.issued_at - clock.now()
    g.launch_so_far = What(
        registration_id=launch.registration_id,
        deployment_id=launch.deployment_id,
        message_type=launch.message_type.value,
        way=way,
        skew_ms=None if ahead is None else round(ahead / timedelta(milliseconds=1)),
    )


def admitted(session: Session, arrival: Arrival) -> None:
    """Write down that somebody is let in, in the transaction that lets them in."""
    found = replace(
        _so_far(),
        tenant_id=arrival.tenant_id,
        course_id=arrival.course_id,
        detail=arrival.remark,
        took_ms=_milliseconds(),
    )
    g.launch_row = launches.record(session, found)


def refused(refusal: LaunchRefused, reference: str) -> None:
    """Write down why somebody is not let in, in a transaction of its own.

    A refusal is told to the person even if it cannot be written down.
    """
    try:
        with unit_of_work(scope.session()) as session:
            _refused(session, refusal, reference)
    except SQLAlchemyError:
        log.exception("refusal not written down", reference=reference)


def _refused(session: Session, refusal: LaunchRefused, reference: str) -> None:
    cause = refusal.cause.code
    detail = "" if cause in PERSONAL else refusal.detail
    if "launch_row" in g and launches.refuse(session, g.launch_row, cause, detail, reference):
        return  # it was let in, and then there was nothing to show: still one launch
    registration = (
        session.get(Registration, refusal.registration_id) if refusal.registration_id is not None else None
    )
    found = replace(
        _so_far(),
        tenant_id=registration.tenant_id if registration else None,
        registration_id=registration.id if registration else None,
        cause=cause,
        detail=detail,
        reference=reference,
        took_ms=_milliseconds(),
    )
    if refusal.ahead is not None:
        found = replace(found, skew_ms=round(refusal.ahead * 1000))
    if isinstance(refusal, NotApproved):
        found = replace(found, deployment_id=refusal.deployment_id)
    launches.record_refused(session, found)


def _so_far() -> What:
    known: What = g.get("launch_so_far", What())
    return known


def _milliseconds() -> int:
    began = g.get("began_at")
    return 0 if began is None else round((time.perf_counter() - began) * 1000)
