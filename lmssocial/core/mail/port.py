"""What the rest of the program knows of e-mail: a letter, a mailer that takes it, and three ways to fail."""

from dataclasses import dataclass
from typing import Protocol


class MailLater(Exception):
    """This letter was not taken now, and may be later; others may be taken all the same."""


class MailDown(Exception):
    """Nothing can be sent at present: the server is away, refuses us, or is not set up as it should be."""


class MailRefused(Exception):
    """This letter will never be taken: there is no such address, or what it says is not wanted there."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One e-mail to one person."""

    key: str
    """Names it. A letter that is sent twice has one Message-ID, so that mail programs can show it once."""
    to: str
    """The address alone: ``ana@example.edu``."""
    title: str
    text: str
    html: str
    """The same as a page, with everything it needs inside of it."""
    unsubscribe: str = ""
    """An https address that stops letters like it by a POST (RFC 8058); empty where there is nothing to stop."""
    language: str = "en"
    """What it is written in (BCP 47)."""
    calendar: str = ""
    """An iCalendar object with a METHOD (RFC 5546), which mail programs put into calendars; empty if there is none."""


class Mailer(Protocol):
    """Somewhere to hand letters to."""

    def send(self, letter: Letter) -> None:
        """Hand over ``letter``; on return it is the other side's responsibility.

        :raises MailLater: if it is not taken now.
        :raises MailDown: if nothing is.
        :raises MailRefused: if it never will be.
        """

    def look(self) -> str:
        """Where letters go and how it is there, in one sentence for the administrator. Sends nothing.

        :raises MailDown: if nothing can be sent at present; the message is such a sentence, too.
        """
