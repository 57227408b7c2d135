"""Who somebody is for a receiver: the same person the same letters, and no way back to them without the salt."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lmssocial_reporting.sending.models import Salt


@dataclass(frozen=True)
class Pseudonyms:
    """The pseudonyms of one tenant."""

    salt: str

    def of(self, user_id: int) -> str:
        """32 letters and digits."""
        return self.of_words(f"person:{user_id}")[:32]

    def of_words(self, words: str) -> str:
        """64 letters and digits that nobody can turn back into ``words``."""
        return hmac.new(self.salt.encode(), words.encode(), hashlib.sha256).hexdigest()


def pseudonyms(session: Session, tenant_id: int) -> Pseudonyms:
    """Those of a tenant; the first time, their salt is drawn."""
    row = session.get(Salt, tenant_id)
    if row is None:
        try:
            with session.begin_nested():
                row = Salt(tenant_id=tenant_id, salt=secrets.token_hex(32))
                session.add(row)
        except IntegrityError:  # somebody else drew it at the same moment
            row = session.get_one(Salt, tenant_id, populate_existing=True)
    return Pseudonyms(row.salt)
