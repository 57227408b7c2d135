"""Signed addresses of files: good for some minutes, for one file as it is now, and for whoever has them.

A post links to ``/w/<placement>/files/<id>``. That address asks for the reader's sign-in and the rights of the post,
and then leads on to a signed one, which needs no cookie: so a file opens in a frame whose cookies a download does not
carry, in a player that asks for parts of it, and from a bucket that knows nothing of our sign-ins.

An address made within the same :data:`WINDOW` is the same, so a browser that has the file does not fetch it again.
Ours also names the wording of the post it was made for: once that is edited or removed, the address is good no more.
One that leads to a bucket is good until it ends; nobody can call it back.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer

WINDOW = timedelta(minutes=10)
"""How long the same file gets the same address."""
LASTS = 2 * WINDOW
"""How long an address is good from the beginning of its window on: 10 to 20 minutes."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """What a signed address says."""

    file_id: int
    stamp: str
    """How the file and its post stood; see :func:`lmssocial.social.content.attachments.stamped`."""
    until: datetime


def window(moment: datetime) -> datetime:
    """When the window began in which ``moment`` lies."""
    return _EPOCH + (moment - _EPOCH) // WINDOW * WINDOW


def sign(secret: str, file_id: int, stamp: str, moment: datetime) -> str:
    """The signed part of the address of a file, made at ``moment``."""
    until = window(moment) + LASTS
    return str(_signer(secret).dumps([file_id, stamp, int(until.timestamp())]))


def read(secret: str, token: str, moment: datetime) -> Ticket | None:
    """What was signed; ``None`` if it was not signed by us, or is over."""
    try:
        file_id, stamp, until = _signer(secret).loads(token)
    except (BadSignature, ValueError):
        return None
    ticket = Ticket(file_id=file_id, stamp=stamp, until=datetime.fromtimestamp(until, UTC))
    return ticket if moment < ticket.until else None


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="file")
