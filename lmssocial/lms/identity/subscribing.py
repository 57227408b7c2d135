"""Asking platforms to send us notices: one call for each deployment and type, repeated until it is answered.

A claim is committed before the platform is called, so that two workers never ask for the same at the same time and no
transaction is open meanwhile. Asking twice does no harm: a platform keeps one handler for each type.
"""

from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import NotFound
from lmssocial.lms.identity.endpoints import endpoint_of
from lmssocial.lms.identity.models import Deployment, Registration, Standing
from lmssocial.lms.lti.models import Asking, NoticeSubscription
from lmssocial.lms.lti.services.calling import Caller, Endpoint
from lmssocial.lms.lti.services.subscriptions import subscribe
from lmssocial.lms.lti.services.trouble import Kind, ServiceTrouble

log = structlog.get_logger(__name__)

PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
"""What is waited after the first failures."""
THEN = timedelta(hours=6)
"""What is waited after each that follows."""
MAX_ATTEMPTS = 12
"""After these, two days in all, the platform counts as one that refuses; a launch in a week asks again."""
CLAIM = timedelta(minutes=5)
"""How long a wish belongs to whoever is asking; longer than any call takes."""
AT_MOST = 50
"""Calls of one round, so that other work of the worker takes turns with it."""


@dataclass(frozen=True, kw_only=True)
class _Claimed:
    deployment_id: int
    kind: str
    service_url: str
    attempts: int
    registration_id: int
    public_key: str
    endpoint: Endpoint | None


def subscribe_due(make_session: sessionmaker[Session], caller: Caller, public_url: str) -> int:
    """Ask for what is wanted and due; says how many platforms agreed.

    :param public_url: scheme, host and port under which platforms reach us.
    """
    agreed = 0
    for _turn in range(AT_MOST):
        with make_session() as session, unit_of_work(session):
            claimed = _claim(session)
        if claimed is None:
            break
        trouble = _ask(caller, claimed, public_url)
        with make_session() as session, unit_of_work(session):
            _note(session, claimed, trouble)
        agreed += trouble is None
    return agreed


def _claim(session: Session) -> _Claimed | None:
    """Take the wish that has been due longest, so that nobody else does for a while."""
    row = session.execute(
        select(NoticeSubscription, Registration.id, Registration.public_key)
        .join(Deployment, Deployment.id == NoticeSubscription.deployment_id)
        .join(Registration, Registration.id == Deployment.registration_id)
        .where(
            NoticeSubscription.standing == Asking.WANTED,
            NoticeSubscription.next_at <= clock.now(),
            Deployment.standing == Standing.APPROVED,
            Registration.enabled,
        )
        .order_by(NoticeSubscription.next_at, NoticeSubscription.deployment_id, NoticeSubscription.kind)
        .limit(1)
        .with_for_update(of=NoticeSubscription, skip_locked=True)
    ).first()
    if row is None:
        return None
    wish, registration_id, public_key = row
    wish.attempts += 1
    wish.next_at = clock.now() + CLAIM
    try:
        endpoint = endpoint_of(session, registration_id)
    except NotFound:  # switched off this moment; the next round does not see it
        endpoint = None
    return _Claimed(
        deployment_id=wish.deployment_id,
        kind=wish.kind,
        service_url=wish.service_url,
        attempts=wish.attempts,
        registration_id=registration_id,
        public_key=public_key,
        endpoint=endpoint,
    )


def _ask(caller: Caller, claimed: _Claimed, public_url: str) -> ServiceTrouble | None:
    if claimed.endpoint is None:
        return ServiceTrouble(Kind.AWAY, "The platform is switched off here.")
    handler = f"{public_url}/lti/notices/{claimed.public_key}"
    try:
        subscribe(caller, claimed.endpoint, claimed.service_url, claimed.kind, handler)
    except ServiceTrouble as trouble:
        log.warning(
            "notices refused to us",
            registration_id=claimed.registration_id,
            kind=claimed.kind,
            attempts=claimed.attempts,
            says=trouble.says,
        )
        return trouble
    return None


def _note(session: Session, claimed: _Claimed, trouble: ServiceTrouble | None) -> None:
    """Write down what became of it. Nothing, if a launch or an administrator wished anew meanwhile."""
    values: dict[str, object]
    now = clock.now()
    if trouble is None:
        values = {"standing": Asking.HELD, "last_error": "", "changed_at": now}
    elif not trouble.kind.passes or claimed.attempts >= MAX_ATTEMPTS:
        values = {"standing": Asking.REFUSED, "last_error": trouble.says, "changed_at": now}
    else:
        pause = PAUSES[claimed.attempts - 1] if claimed.attempts <= len(PAUSES) else THEN
        values = {
            "last_error": trouble.says,
            "next_at": now + max(pause, trouble.retry_after or pause),
            "changed_at": now,
        }
    session.execute(
        update(NoticeSubscription)
        .where(
            NoticeSubscription.deployment_id == claimed.deployment_id,
            NoticeSubscription.kind == claimed.kind,
            NoticeSubscription.service_url == claimed.service_url,
            NoticeSubscription.attempts == claimed.attempts,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
