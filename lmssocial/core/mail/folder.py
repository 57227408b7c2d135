"""Letters kept in a folder, one file each: what an installation without a mail server does."""

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

from lmssocial.core.kernel import clock
from lmssocial.core.mail.message import compose, digest_of
from lmssocial.core.mail.port import Letter, MailDown

KEPT = 500
"""Letters that are kept; the oldest make room."""
ENDING = ".eml"


@dataclass(frozen=True, kw_only=True)
class KeptLetter:
    """A letter that was kept, as it would have arrived."""

    name: str
    """Of its file, without the ending."""
    to: str
    title: str
    at: datetime | None
    text: str
    html: str


class MailFolder:
    """Writes letters as ``.eml`` files, which every mail program opens. A file is there whole, or not at all."""

    def __init__(self, home: Path, sender: str, kept: int = KEPT) -> None:
        """:param home: the folder; made when the first letter comes."""
        self._home, self._sender, self._kept = home, sender, kept

    def send(self, letter: Letter) -> None:
        """See :meth:`~lmssocial.core.mail.port.Mailer.send`. The same letter is kept once."""
        data = compose(letter, self._sender).as_bytes()
        digest = digest_of(letter.key)
        try:
            self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
            if any(self._home.glob(f"*-{digest}{ENDING}")):
                return
            place = self._home / f"{clock.now():%Y%m%dT%H%M%S%f}-{digest}{ENDING}"
            aside = place.with_suffix(".part")
            with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(place)
        except OSError as error:
            raise MailDown(f"{self._home} cannot be written: {error.strerror or error}") from error
        self._make_room()

    def look(self) -> str:
        """See :meth:`~lmssocial.core.mail.port.Mailer.look`."""
        if self._home.exists() and not os.access(self._home, os.W_OK):
            raise MailDown(f"Mail goes to the folder {self._home}, which cannot be written.")
        count = len(names(self._home))
        return (
            f"no mail server is set, so mail stays in {self._home} ({count} kept); "
            "LMSSOCIAL_SMTP_URL names a server"
        )

    def _make_room(self) -> None:
        for name in names(self._home)[self._kept :]:
            with suppress(OSError):
                (self._home / f"{name}{ENDING}").unlink()


def names(home: Path) -> list[str]:
    """The names of the letters in a folder, the newest first."""
    return sorted((path.stem for path in home.glob(f"*{ENDING}")), reverse=True)


def read(home: Path, name: str) -> KeptLetter | None:
    """A letter by its name; ``None`` if there is none of it."""
    if name not in names(home):
        return None
    try:
        data = (home / f"{name}{ENDING}").read_bytes()
    except OSError:
        return None
    message = message_from_bytes(data, policy=default)
    return KeptLetter(
        name=name,
        to=str(message["To"] or ""),
        title=str(message["Subject"] or ""),
        at=parsedate_to_datetime(str(message["Date"])) if message["Date"] else None,
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return "" if body is None else str(body.get_content())
