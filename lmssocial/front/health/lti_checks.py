"""What can be wrong between this installation and the LMSs: clocks, rosters, grades, notices, what may be called."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.outbound import AllowList
from lmssocial.front.health.finding import Finding
from lmssocial.lms.identity import launch_health
from lmssocial.lms.lti.models import Asking, NoticeSubscription, ToolKey
from lmssocial.lms.roster import overview as rosters
from lmssocial.settings import Settings
from lmssocial.social.gradebook import overview as grades

LATE = timedelta(hours=1)
"""How long a grade may wait that was never tried, before somebody should ask whether a worker runs."""
TOLD = 5
"""Platforms that a finding names; the pages have them all."""
INWARD = tuple(ip_network(net) for net in ("127.0.0.0/8", "::1/128", "169.254.0.0/16", "fe80::/10"))
"""The machine itself, and where clouds keep the passwords of their machines: no LMS of an open server is there."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What a monitor wants to know of the LMS side, as numbers."""

    signing_keys: int
    grades_waiting: int
    grades_given_up: int
    grades_oldest_s: float
    """Age of the oldest grade on its way, in seconds; 0 if there is none."""
    rosters_failing: int
    clocks_off: int
    subscriptions_refused: int


def standing(session: Session) -> Standing:
    """The LMS side as numbers. Five queries."""
    counted = grades.by_platform(session)
    oldest = min((one.oldest for one in counted if one.oldest is not None), default=None)
    found = rosters.counts(session)
    return Standing(
        signing_keys=_signing_keys(session),
        grades_waiting=sum(one.waiting for one in counted),
        grades_given_up=sum(one.given_up for one in counted),
        grades_oldest_s=0.0 if oldest is None else (clock.now() - oldest).total_seconds(),
        rosters_failing=found.failing,
        clocks_off=len(launch_health.skewed(session)),
        subscriptions_refused=_refused(session),
    )


def grades_arrive(engine: Engine) -> Finding:
    """Whether grades reach the LMSs."""
    with Session(engine) as session:
        counted = grades.by_platform(session)
    dead = [one for one in counted if one.given_up]
    late = [one for one in counted if one.oldest is not None and one.oldest < clock.now() - LATE]
    trouble = [f"{one.platform}: {one.given_up} grade(s) were given up." for one in dead]
    trouble += [
        f"{one.platform}: the oldest grade waits since {one.oldest:%Y-%m-%d %H:%M} UTC." for one in late
    ]
    if trouble:
        more = f" And {len(trouble) - TOLD} more." if len(trouble) > TOLD else ""
        says = (
            f"{' '.join(trouble[:TOLD])}{more} See Grades in the administration; is lmssocial worker running?"
        )
        return Finding("grades", ok=False, grave=False, says=says)
    return Finding("grades", ok=True, says=f"{sum(one.waiting for one in counted)} grade(s) on their way")


def rosters_are_read(engine: Engine) -> Finding:
    """Whether rosters can be read."""
    with Session(engine) as session:
        found = rosters.counts(session)
    if found.failing or found.doubted:
        says = (
            f"{found.failing} of {found.all} roster(s) cannot be read, {found.doubted} would have put out most of "
            "their course. See Rosters in the administration."
        )
        return Finding("rosters", ok=False, grave=False, says=says)
    return Finding("rosters", ok=True, says=f"{found.all} roster(s), none in trouble")


def clocks_agree(engine: Engine) -> Finding:
    """Whether the clocks of LMSs agree with ours."""
    with Session(engine) as session:
        found = launch_health.skewed(session)
    if found:
        said = ", ".join(
            f"{one.platform} is {abs(one.skew.seconds):.0f} s {'ahead' if one.skew.seconds > 0 else 'behind'}"
            for one in found[:TOLD]
        )
        says = f"Clocks do not agree: {said}. From 60 s on launches are refused. Set both clocks by NTP."
        return Finding("clocks", ok=False, grave=False, says=says)
    return Finding("clocks", ok=True, says="no LMS's clock is more than 10 s from ours")


def notices_come(engine: Engine) -> Finding:
    """Whether platforms agreed to send the notices they offer."""
    with Session(engine) as session:
        refused = _refused(session)
    if refused:
        says = (
            f"{refused} kind(s) of notices were refused by their platforms, so copied courses may have to ask their "
            "instructor. See the platform in the administration."
        )
        return Finding("notices", ok=False, grave=False, says=says)
    return Finding("notices", ok=True, says="no platform refuses its notices")


def calls_stay_outside(settings: Settings) -> Finding:
    """Whether an installation that the internet reaches may be made to call itself (server-side request forgery)."""
    allowed = AllowList.parse(settings.outbound_allow)
    sockets = {f"{host}:{port}": host for host, port in allowed.sockets}
    plain = [*allowed.hosts, *map(str, allowed.networks)]
    entries = [*plain, *sockets]
    inward = sorted(
        {entry for entry in plain if _is_inward(entry)}
        | {entry for entry in sockets if _is_inward(sockets[entry])}
    )
    if inward and urlsplit(settings.public_url).scheme == "https":
        says = (
            f"LMSSOCIAL_OUTBOUND_ALLOW names {', '.join(inward)}: whoever may register a platform can make this tool "
            "call its own machine. That is for development; take it out."
        )
        return Finding("outbound", ok=False, grave=False, says=says)
    if entries:
        return Finding(
            "outbound", ok=True, says=f"besides public addresses may be called: {', '.join(entries)}"
        )
    return Finding("outbound", ok=True, says="only public addresses may be called, over https")


CHECKS: tuple[tuple[str, Callable[[Engine], Finding]], ...] = (
    ("grades", grades_arrive),
    ("rosters", rosters_are_read),
    ("clocks", clocks_agree),
    ("notices", notices_come),
)
"""Those that ask the database."""


def _is_inward(entry: str) -> bool:
    if entry == "localhost" or entry.endswith(".localhost"):
        return True
    try:
        network = ip_network(entry) if "/" in entry else ip_network(ip_address(entry.strip("[]")))
    except ValueError:
        return False
    return any(one.version == network.version and one.overlaps(network) for one in INWARD)


def _signing_keys(session: Session) -> int:
    now = clock.now()
    alive = select(func.count(ToolKey.kid)).where((ToolKey.retired_at.is_(None)) | (ToolKey.retired_at > now))
    return session.scalar(alive) or 0


def _refused(session: Session) -> int:
    refused = select(func.count()).where(NoticeSubscription.standing == Asking.REFUSED)
    return session.scalar(refused) or 0
