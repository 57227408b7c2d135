"""Bringing what waits to its receivers: in batches, again and again, with the same ids, until it has arrived.

A receiver that does not answer is left alone for a while, a longer one each time, and nothing is thrown away meanwhile.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lmssocial.plugin import Work, now
from lmssocial.plugin_data import address_of, courses
from lmssocial_reporting.sending import caliper, xapi
from lmssocial_reporting.sending.models import Outgoing, Receiver
from lmssocial_reporting.sending.outbox import CALIPER, REFUSED, SENT, WAITING, XAPI
from lmssocial_reporting.settings import Settings

BATCH = 500
"""Statements in one request, at most."""
GRACE = timedelta(minutes=15)
"""How long a statement waits at least: what is taken back meanwhile never leaves."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360))
"""How long a receiver is left alone after it failed once, twice, …; the last one from then on."""
TAKEN = frozenset({200, 201, 202, 204})
WRONG = frozenset({400, 413, 422})
"""Says that something about the statements is not right, or that there are too many."""
THERE = 409
"""Says that one of them is there already, with other words: the answer to an earlier request was lost on its way."""
SECONDS = 20.0


@dataclass(frozen=True)
class _Address:
    url: str
    headers: Mapping[str, str]
    pack: Callable[[Sequence[dict[str, Any]]], object]
    """Some bodies as one request."""


@dataclass(frozen=True)
class _Waiting:
    id: int
    body: dict[str, Any]


def send(work: Work) -> bool:
    """Send one batch to each receiver that has something to get; says whether one of them may get more at once.

    :raises ConnectionError: never: that a receiver does not answer is noted, and others get theirs.
    """
    more = [
        _send_one(work, tenant_id, standard, settings)
        for tenant_id, settings in _tenants(work).items()
        for standard in (XAPI, CALIPER)
    ]
    return any(more)


def _tenants(work: Work) -> dict[int, Settings]:
    """The tenants in which the report is on, and their settings."""
    on = work.courses_on()
    if not on:
        return {}
    with work.reading() as session:
        one = {course.tenant_id: course.id for course in courses(session, ids=on)}
    return {
        tenant_id: work.settings(tenant_id=tenant_id, course_id=course_id) or Settings()
        for tenant_id, course_id in sorted(one.items())
    }


def _send_one(work: Work, tenant_id: int, standard: str, settings: Settings) -> bool:
    address = _address(standard, settings)
    if address is None:
        return False
    with work.reading() as session:
        if not _is_due(session, tenant_id, standard):
            return False
        waiting = _next(session, tenant_id, standard)
    if not waiting:
        return False
    went = _deliver(work, address, waiting)
    with work.unit_of_work() as session:
        _note(session, tenant_id, standard, went)
    return not went.trouble and len(waiting) == BATCH


def _address(standard: str, settings: Settings) -> _Address | None:
    if standard == XAPI and settings.lrs_url:
        login = base64.b64encode(f"{settings.lrs_key}:{settings.lrs_secret}".encode()).decode()
        headers = {"Authorization": f"Basic {login}", "X-Experience-API-Version": xapi.VERSION}
        return _Address(f"{settings.lrs_url.rstrip('/')}/statements", headers, list)
    if standard == CALIPER and settings.caliper_url:
        headers = {"Authorization": f"Bearer {settings.caliper_key}"} if settings.caliper_key else {}
        return _Address(
            settings.caliper_url, headers, lambda bodies: caliper.envelope(address_of("/"), bodies, now())
        )
    return None


def _is_due(session: Session, tenant_id: int, standard: str) -> bool:
    receiver = session.get(Receiver, (tenant_id, standard))
    return receiver is None or receiver.retry_at is None or receiver.retry_at <= now()


def _next(session: Session, tenant_id: int, standard: str) -> list[_Waiting]:
    rows = session.execute(
        select(Outgoing.id, Outgoing.body)
        .where(
            Outgoing.tenant_id == tenant_id,
            Outgoing.standard == standard,
            Outgoing.state == WAITING,
            Outgoing.at <= now() - GRACE,
        )
        .order_by(Outgoing.id)
        .limit(BATCH)
    )
    return [_Waiting(row.id, row.body) for row in rows]


@dataclass(frozen=True)
class _Went:
    """What became of some statements."""

    sent: tuple[int, ...] = ()
    refused: tuple[tuple[int, str], ...] = ()
    """Which the receiver will never take, and why."""
    trouble: str = ""
    """What was in the way of the rest; empty if nothing was."""


def _deliver(work: Work, address: _Address, waiting: Sequence[_Waiting]) -> _Went:
    """Send some statements. Who refuses a batch refuses one of them, mostly: halves are tried until it is found."""
    bodies = [one.body for one in waiting]
    try:
        status = work.post_json(
            address.url, address.pack(bodies), headers=dict(address.headers), seconds=SECONDS
        )
    except ConnectionError as error:
        return _Went(trouble=str(error) or "There was no answer.")
    if status in TAKEN or (status == THERE and len(waiting) == 1):
        return _Went(sent=tuple(one.id for one in waiting))
    said = f"The receiver answered {status}."
    if status not in {*WRONG, THERE}:
        return _Went(trouble=said)
    if len(waiting) == 1:
        return _Went(refused=((waiting[0].id, said),))
    half = len(waiting) // 2
    first = _deliver(work, address, waiting[:half])
    rest = _Went() if first.trouble else _deliver(work, address, waiting[half:])
    return _Went(first.sent + rest.sent, first.refused + rest.refused, first.trouble or rest.trouble)


def _note(session: Session, tenant_id: int, standard: str, went: _Went) -> None:
    receiver = session.get(Receiver, (tenant_id, standard), with_for_update=True)
    if receiver is None:
        receiver = Receiver(tenant_id=tenant_id, standard=standard, failures=0, last_error="", sent=0)
        session.add(receiver)
    if went.sent:
        session.execute(
            update(Outgoing)
            .where(Outgoing.id.in_(went.sent))
            .values(state=SENT, body={})
            .execution_options(synchronize_session=False)
        )
        receiver.sent, receiver.sent_at = receiver.sent + len(went.sent), now()
    for row_id, why in went.refused:
        session.execute(
            update(Outgoing)
            .where(Outgoing.id == row_id)
            .values(state=REFUSED, why=why)
            .execution_options(synchronize_session=False)
        )
    receiver.last_error = went.trouble[:2000]
    receiver.failures = receiver.failures + 1 if went.trouble else 0
    pause = PAUSES[min(receiver.failures, len(PAUSES)) - 1]
    receiver.retry_at = now() + pause if went.trouble else None
