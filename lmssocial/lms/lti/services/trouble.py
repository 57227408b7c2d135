"""What can go wrong when an LMS is called, told apart by what there is to do about it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

from lmssocial.core.kernel import clock
from lmssocial.core.outbound import OutboundError, Reply, Trouble

SAYS = 500
"""Characters that are kept of what an LMS said."""
LONGEST_PAUSE = timedelta(days=1)
"""More than this is not believed of a ``Retry-After``."""


class Kind(StrEnum):
    """What went wrong, as far as a caller acts on it."""

    NO_TOKEN = "no_token"  # noqa: S105  # no secret
    """The platform does not give us a token: our registration there is not right."""
    UNAUTHORIZED = "unauthorized"
    """It gave us a token and does not take it, not even a fresh one."""
    FORBIDDEN = "forbidden"
    """It takes the token and does not allow this."""
    NOT_FOUND = "not_found"
    """It is not there, or not any more (404, 410)."""
    CONFLICT = "conflict"
    """It is as new there, or newer (409)."""
    TOO_MANY = "too_many"
    """We ask too often (429)."""
    REJECTED = "rejected"
    """It refuses what we ask for (any other 4xx), or we refuse to call that address. Trying again changes nothing."""
    AWAY = "away"
    """It does not answer, or with an error of its own (5xx). It may have done what it was asked to."""
    UNREADABLE = "unreadable"
    """It answers, and the answer makes no sense."""

    @property
    def passes(self) -> bool:
        """Whether waiting may be all it takes."""
        return self in {Kind.AWAY, Kind.TOO_MANY, Kind.UNAUTHORIZED, Kind.UNREADABLE}


class ServiceTrouble(Exception):
    """A call to an LMS that came to nothing."""

    def __init__(
        self,
        kind: Kind,
        says: str,
        *,
        status: int | None = None,
        retry_after: timedelta | None = None,
    ) -> None:
        """Name the trouble.

        :param says: English sentences for logs and administrators, with the LMS's own words; cut to 500 characters.
        :param status: the HTTP status, where there was one.
        :param retry_after: how long the LMS asks us to wait, where it said so.
        """
        self.kind = kind
        self.status = status
        self.retry_after = retry_after
        self.says = " ".join(says.replace("\x00", "").split())[:SAYS]
        super().__init__(f"{kind}: {self.says}")


_BY_STATUS = {
    401: Kind.UNAUTHORIZED,
    403: Kind.FORBIDDEN,
    404: Kind.NOT_FOUND,
    408: Kind.AWAY,
    409: Kind.CONFLICT,
    410: Kind.NOT_FOUND,
    425: Kind.AWAY,
    429: Kind.TOO_MANY,
}
_BY_TROUBLE = {
    Trouble.BAD_URL: Kind.REJECTED,
    Trouble.NOT_HTTPS: Kind.REJECTED,
    Trouble.FORBIDDEN_ADDRESS: Kind.REJECTED,
    Trouble.REDIRECT: Kind.UNREADABLE,
    Trouble.TOO_LARGE: Kind.UNREADABLE,
    Trouble.NOT_JSON: Kind.UNREADABLE,
}
"""Everything else means that the server is away."""


def trouble_of(error: OutboundError) -> ServiceTrouble:
    """The trouble behind a request that failed."""
    reply = error.reply
    if error.kind is not Trouble.STATUS or reply is None:
        kind = _BY_TROUBLE.get(error.kind, Kind.AWAY)
    elif reply.status >= 500:
        kind = Kind.AWAY
    elif reply.status == 403 and "rate limit exceeded" in reply.text.lower():
        kind = Kind.TOO_MANY  # as Canvas says it
    else:
        kind = _BY_STATUS.get(reply.status, Kind.REJECTED)
    said = f" It said: {reply.text[:SAYS]}" if reply is not None and reply.text else ""
    return ServiceTrouble(
        kind,
        f"{error}{said}",
        status=None if reply is None else reply.status,
        retry_after=None if reply is None else retry_after(reply.headers),
    )


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """How long to wait, from ``Retry-After`` in seconds or as a date (RFC 9110 §10.2.3); at most a day."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), LONGEST_PAUSE)
    until = _date(text)
    if until is None:
        return None
    told_at = _date(headers.get("date", "")) or clock.now()  # by its own clock, if it shows it
    return min(max(until - told_at, timedelta(0)), LONGEST_PAUSE)


def unreadable(reply: Reply | None, what: str) -> ServiceTrouble:
    """The trouble of an answer that makes no sense; ``what`` is a sentence."""
    return ServiceTrouble(Kind.UNREADABLE, what, status=None if reply is None else reply.status)


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
