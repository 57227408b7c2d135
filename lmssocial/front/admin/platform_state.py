"""How a platform is: launches, clock, rosters, grades, notices, keys. Reads; mends two things. Nothing here commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.front.admin.log import By, note
from lmssocial.front.admin.platforms import platform
from lmssocial.lms.identity import launch_health, notices
from lmssocial.lms.identity.launch_health import PlatformLaunches
from lmssocial.lms.identity.models import Deployment, Registration
from lmssocial.lms.identity.refusal_words import RefusalWords, refusal_words
from lmssocial.lms.lti.models import KeySet, NoticeSubscription
from lmssocial.lms.roster import overview as rosters
from lmssocial.lms.roster.overview import RosterCounts
from lmssocial.social.gradebook import overview as grades
from lmssocial.social.gradebook.overview import PlatformGrades


@dataclass(frozen=True, kw_only=True)
class KeysKnown:
    """The keys of a platform as we last saw them."""

    count: int
    fetched_at: datetime | None
    failure: str
    """Why the last attempt failed; empty if it did not."""
    is_elsewhere: bool
    """Whether they come from an address that the platform does not have any more, and so are worth nothing."""


@dataclass(frozen=True, kw_only=True)
class State:
    """How a platform is."""

    launches: PlatformLaunches
    rosters: RosterCounts
    grades: PlatformGrades | None
    """``None`` if every grade has arrived."""
    subscriptions: Sequence[tuple[NoticeSubscription, str]]
    """Each with the deployment it is for, as the platform names that; those in trouble first."""
    keys: KeysKnown | None
    """``None`` if they were never asked for."""

    @property
    def refusals(self) -> list[tuple[str, RefusalWords, int]]:
        """Causes of refusals, in words, and how often lately."""
        return [(code, refusal_words(code), count) for code, count in self.launches.refused]


def state_of(session: Session, registration: Registration) -> State:
    """How a platform is. A constant number of queries."""
    counted = grades.by_platform(session, platform_id=registration.id)
    return State(
        launches=launch_health.of_platform(session, registration.id),
        rosters=rosters.counts(session, platform_id=registration.id),
        grades=counted[0] if counted else None,
        subscriptions=_subscriptions(session, registration.id),
        keys=_keys(session, registration),
    )


def ask_for_notices(session: Session, by: By, registration_id: int) -> int:
    """Have a platform asked once more for all the notices it offers; gives how many kinds."""
    found = platform(session, registration_id)
    count = notices.want_again(session, registration_id)
    if count:
        note(session, by, "subscription.asked", found.name)
    return count


def _subscriptions(session: Session, registration_id: int) -> Sequence[tuple[NoticeSubscription, str]]:
    rows = session.execute(
        select(NoticeSubscription, Deployment.deployment_id)
        .join(Deployment, Deployment.id == NoticeSubscription.deployment_id)
        .where(Deployment.registration_id == registration_id)
        .order_by((NoticeSubscription.last_error == ""), NoticeSubscription.kind, Deployment.id)
    )
    return [(row.NoticeSubscription, row.deployment_id) for row in rows]


def _keys(session: Session, registration: Registration) -> KeysKnown | None:
    row = session.get(KeySet, registration.id)
    if row is None:
        return None
    return KeysKnown(
        count=len(row.keys.get("keys", [])),
        fetched_at=row.fetched_at,
        failure=row.failure,
        is_elsewhere=row.url != registration.jwks_url,
    )
