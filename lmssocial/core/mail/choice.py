"""Which mailer an installation has."""

from pathlib import Path

from lmssocial.core.mail.folder import MailFolder
from lmssocial.core.mail.port import Mailer
from lmssocial.core.mail.smtp import SmtpMailer


def mailer_at(smtp_url: str, folder: Path, sender: str) -> Mailer:
    """The mail server at ``smtp_url``; without one, the folder.

    :param sender: whom mail comes from.
    :raises ValueError: if the address names no server.
    """
    return SmtpMailer(smtp_url, sender) if smtp_url else MailFolder(folder, sender)
