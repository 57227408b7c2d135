"""E-mail: a message as a value, and where it goes: to a mail server, or into a folder that people can look into."""

from lmssocial.core.mail.choice import mailer_at
from lmssocial.core.mail.folder import MailFolder
from lmssocial.core.mail.port import Letter, MailDown, Mailer, MailLater, MailRefused
from lmssocial.core.mail.smtp import SmtpMailer

__all__ = [
    "Letter",
    "MailDown",
    "MailFolder",
    "MailLater",
    "MailRefused",
    "Mailer",
    "SmtpMailer",
    "mailer_at",
]
