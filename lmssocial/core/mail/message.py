"""A letter as it travels (RFC 5322)."""

import hashlib
import re
from email.errors import HeaderParseError
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, parseaddr

from lmssocial.core.kernel import clock
from lmssocial.core.mail.port import Letter, MailRefused

_METHOD = re.compile(r"^METHOD:([A-Z]+)\r?$", re.MULTILINE)
_LANGUAGE = re.compile(r"[A-Za-z0-9-]{2,35}")

LONGEST_TITLE = 200
"""Characters of a subject; mail programs show fewer."""


class _Unbroken(UnstructuredHeader, BaseHeader):
    """A header on one line. The library would write a long word as an encoded one, in which nobody reads an address."""

    def fold(self, *, policy: Policy) -> str:
        """The line as it travels; an address is far below the 998 characters of RFC 5322 §2.1.1."""
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Unbroken)
_POLICY = SMTP.clone(header_factory=_HEADERS)


def compose(letter: Letter, sender: str) -> EmailMessage:
    """``letter`` with all its headers, as plain text and as a page.

    :param sender: ``Name <address>`` or an address.
    :raises MailRefused: if an address is none, or an address would smuggle in headers of its own.
    """
    name, address = parseaddr(sender)
    message = EmailMessage(policy=_POLICY)
    try:
        message["From"] = Address(name, addr_spec=_plain(address))
        message["To"] = Address(addr_spec=_plain(letter.to))
        message["Subject"] = _one_line(letter.title)[:LONGEST_TITLE]
        message["Date"] = format_datetime(clock.now())
        message["Message-ID"] = f"<{digest_of(letter.key)}@{domain_of(sender)}>"
        # Nobody answers a machine with a machine: RFC 3834 §5, what came before it, and Exchange's own word.
        message["Auto-Submitted"] = "auto-generated"
        message["Precedence"] = "bulk"
        message["X-Auto-Response-Suppress"] = "All"
        if letter.unsubscribe:
            message["List-Unsubscribe"] = f"<{_plain(letter.unsubscribe)}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058 §3.1
    except (ValueError, IndexError, HeaderParseError) as error:
        raise MailRefused(f"{letter.to!r} is no address that mail can be sent to") from error
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    if letter.calendar:
        _add_calendar(message, letter.calendar)
    message["Content-Language"] = letter.language if _LANGUAGE.fullmatch(letter.language) else "en"
    return message


def _add_calendar(message: EmailMessage, calendar: str) -> None:
    """Say it for calendars, too: as one more way to read the letter, which Gmail and Outlook look for, and as a file.

    The method stands in the header as well as in the object (RFC 6047 §2.4).
    """
    found = _METHOD.search(calendar)
    parts = {"method": found.group(1) if found else "PUBLISH"}
    message.add_alternative(calendar, subtype="calendar", params=parts, cte="base64")
    message.add_attachment(
        calendar.encode(),
        maintype="application",
        subtype="ics",
        filename="invite.ics",
        params={"name": "invite.ics"},
    )


def domain_of(sender: str) -> str:
    """The host in a sender's address."""
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"


def digest_of(key: str) -> str:
    """A letter's key as a word that says nothing about it, the same each time."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _plain(text: str) -> str:
    """``text``, if nothing in it can end a header or begin another."""
    if not text or not text.isprintable() or " " in text or any(mark in text for mark in "<>,;"):
        raise ValueError(f"{text!r} cannot stand in a header")
    return text


def _one_line(text: str) -> str:
    """``text`` without line ends and other characters that nobody sees."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
