"""Letters handed to a mail server (RFC 5321), over TLS wherever the server offers it."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from smtplib import (
    SMTP,
    SMTP_SSL,
    SMTPDataError,
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)
from typing import Any
from urllib.parse import unquote, urlsplit

from lmssocial.core.mail.message import compose, domain_of
from lmssocial.core.mail.port import Letter, MailDown, MailLater, MailRefused

TIMEOUT = 15.0
"""Seconds that one answer of the server may take."""
LOOK = 5.0
"""The same, when somebody only wants to know how it is."""
SUBMISSION, SUBMISSIONS = 587, 465
"""The ports for handing in mail (RFC 6409, RFC 8314)."""
TOO_LARGE = 552
CLOSING = 421
"""The server ends the conversation, whatever was said in it (RFC 5321 §3.8)."""


@dataclass(frozen=True)
class Server:
    """A mail server and who we are there."""

    host: str
    port: int
    tls: bool
    """Whether the conversation begins with TLS (``smtps://``)."""
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def parse(cls, url: str) -> "Server":
        """Read ``smtp://user:password@host:587`` or ``smtps://…``; what is special in a password is %-encoded.

        :raises ValueError: if it names no host, or a port that is none.
        """
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError("must name a host, such as smtp://mail.example.edu:587")
        tls = parts.scheme == "smtps"
        return cls(
            host=parts.hostname,
            port=parts.port or (SUBMISSIONS if tls else SUBMISSION),
            tls=tls,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )

    @property
    def is_here(self) -> bool:
        """Whether it is on this very machine, so that nobody listens in between."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


class _LetsGo(SMTP):
    """Closes its connection when it is interrupted while it still waits for the greeting."""

    def connect(
        self, host: str = "localhost", port: int = 0, source_address: Any = None
    ) -> tuple[int, bytes]:
        """Connect, and read the greeting."""
        try:
            return super().connect(host, port, source_address)
        except BaseException:
            self.close()
            raise


class _Private(_LetsGo, SMTP_SSL):
    """A conversation that begins with TLS."""


class SmtpMailer:
    """Hands each letter to a mail server, in a conversation of its own."""

    def __init__(
        self, url: str, sender: str, *, context: ssl.SSLContext | None = None, timeout: float = TIMEOUT
    ) -> None:
        """:param context: whom to trust; the authorities of this machine if none is given.

        :raises ValueError: if ``url`` names no server.
        """
        self._server, self._sender = Server.parse(url), sender
        self._context = context or ssl.create_default_context()
        self._timeout = timeout

    def send(self, letter: Letter) -> None:
        """See :meth:`~lmssocial.core.mail.port.Mailer.send`."""
        message = compose(letter, self._sender)
        with self._conversation(self._timeout) as server:
            try:
                server.send_message(message)
            except SMTPRecipientsRefused as error:
                code, says = next(iter(error.recipients.values()))
                raise _of(code, says) from error
            except SMTPSenderRefused as error:
                if error.smtp_code == TOO_LARGE:
                    raise MailRefused(_sentence(error.smtp_code, error.smtp_error)) from error
                raise MailDown(
                    f"The server does not let us send as {self._sender}: "
                    f"{_sentence(error.smtp_code, error.smtp_error)}"
                ) from error
            except SMTPDataError as error:
                raise _of(error.smtp_code, error.smtp_error) from error
            except SMTPNotSupportedError as error:  # an address beyond ASCII, and a server without SMTPUTF8
                raise MailRefused(f"The server cannot send to {letter.to}: {error}") from error

    def look(self) -> str:
        """See :meth:`~lmssocial.core.mail.port.Mailer.look`."""
        with self._conversation(min(self._timeout, LOOK)) as server:
            safe = "over TLS" if isinstance(server.sock, ssl.SSLSocket) else "without TLS"
        return f"the mail server {self._server.host}:{self._server.port} answers {safe}"

    @contextmanager
    def _conversation(self, timeout: float) -> Iterator[SMTP]:
        """Greet the server, make it private, say who we are; and say good-bye."""
        try:
            server = self._connected(timeout)
        except SMTPResponseException as error:
            raise MailDown(self._trouble(_sentence(error.smtp_code, error.smtp_error))) from error
        except (SMTPException, OSError) as error:
            raise MailDown(self._trouble(str(error) or type(error).__name__)) from error
        try:
            yield server
            with suppress(SMTPException, OSError):  # what was accepted is accepted, however badly it ends
                server.quit()
        except (SMTPException, OSError) as error:
            raise MailDown(self._trouble(str(error) or type(error).__name__)) from error
        finally:
            server.close()

    def _connected(self, timeout: float) -> SMTP:
        at, name = self._server, domain_of(self._sender)
        if at.tls:
            server: SMTP = _Private(at.host, at.port, name, timeout=timeout, context=self._context)
        else:
            server = _LetsGo(at.host, at.port, name, timeout=timeout)
        try:
            server.ehlo_or_helo_if_needed()
            if not at.tls and server.has_extn("starttls"):
                server.starttls(context=self._context)
                server.ehlo_or_helo_if_needed()
            if at.user:
                self._sign_in(server)
        except BaseException:
            server.close()
            raise
        return server

    def _sign_in(self, server: SMTP) -> None:
        if not isinstance(server.sock, ssl.SSLSocket) and not self._server.is_here:
            raise MailDown(
                self._trouble("it offers no TLS, and the password is not sent where others can read it")
            )
        server.login(self._server.user, self._server.password)

    def _trouble(self, says: str) -> str:
        return f"The mail server {self._server.host}:{self._server.port} does not take mail: {says}"


def _of(code: int, says: bytes | str) -> Exception:
    """What an answer means: 4 is not now, 5 is never (RFC 5321 §4.2.1)."""
    sentence = _sentence(code, says)
    if code == CLOSING:
        return MailDown(sentence)
    return MailRefused(sentence) if code >= 500 else MailLater(sentence)


def _sentence(code: int, says: bytes | str) -> str:
    text = says.decode("utf-8", "replace") if isinstance(says, bytes) else str(says)
    return f"{code} {' '.join(text.split())}"[:500]
