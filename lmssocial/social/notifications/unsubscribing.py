"""Stopping mail from within a mail program: no sign-in, no session, only the signed address that the mail carried.

The address says who, and what it stops, and nothing else can be done with it. It never expires, for people unsubscribe
from old mail, too; it is good for as long as the installation keeps its secret.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import delete
from sqlalchemy.orm import Session

from lmssocial.core.db import LARGEST_ID
from lmssocial.core.db.upsert import dialect_insert
from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.models import User
from lmssocial.social.communities.models import Community
from lmssocial.social.notifications.models import Condition, Delivery, How, Preference, Rhythm
from lmssocial.social.notifications.reaching import own_row

_PURPOSE = "lmssocial mail unsubscribe"
"""Binds the signature: an address made for anything else stops nothing, and the other way round."""

ALL, DIGEST, KIND = "all", "digest", "kind"


@dataclass(frozen=True)
class Stop:
    """What one address stops, and for whom."""

    user_id: int
    what: str = ALL
    """``all`` mail, the ``digest``, or one ``kind`` of notice in one community."""
    community_id: int = 0
    kind: str = ""


class Unsubscribing:
    """Makes and reads the addresses of one installation."""

    def __init__(self, secret: str, public_url: str) -> None:
        """:param public_url: the tool's address without a path."""
        self._serializer = URLSafeSerializer(secret, salt=_PURPOSE)
        self._public_url = public_url

    def address(self, stop: Stop) -> str:
        """The address that stops it, for a mail program and for people."""
        values = [stop.user_id, stop.what]
        if stop.what == KIND:
            values += [stop.community_id, stop.kind]
        return f"{self._public_url}/mail/unsubscribe/{quote(self._serializer.dumps(values))}"

    def read(self, token: str) -> Stop:
        """What an address stops.

        :raises NotFound: if we did not make it.
        """
        try:
            values: Any = self._serializer.loads(token)
            return _stop(values)
        except (BadSignature, TypeError, ValueError) as error:
            raise NotFound(
                _(
                    "This address is not complete. Copy all of it from the e-mail, or open the activity in your "
                    "course: the bell there leads to “What I am told of”."
                ),
                title=_("Nothing was changed"),
                reason=f"unsubscribe: {type(error).__name__}",
            ) from error


def _stop(values: Any) -> Stop:
    stop = Stop(*values)
    if not 0 < stop.user_id <= LARGEST_ID or stop.what not in {ALL, DIGEST, KIND}:
        raise ValueError("no such person or thing")
    return stop


def stop_mail(session: Session, stop: Stop) -> None:
    """Do what an address says; doing it again changes nothing. What waits to be sent of it goes out no more.

    :raises NotFound: if the person is not known here any more.
    """
    user = session.get(User, stop.user_id)
    if user is None:
        raise NotFound(_("You are not known here any more, so no mail is sent to you."))
    if stop.what == KIND:
        _only_in_the_bell(session, stop)
        return
    row = own_row(session, stop.user_id)
    row.next_digest_at = None
    waiting = delete(Delivery).where(
        Delivery.user_id == stop.user_id, Delivery.condition == Condition.WAITING
    )
    if stop.what == DIGEST:
        row.rhythm = Rhythm.NEVER
        waiting = waiting.where(Delivery.key.contains(f":{DIGEST}:"))
    else:
        row.mail = False
    session.execute(waiting.execution_options(synchronize_session=False))


def _only_in_the_bell(session: Session, stop: Stop) -> None:
    if session.get(Community, stop.community_id) is None:
        return
    values = {"user_id": stop.user_id, "community_id": stop.community_id, "kind": stop.kind, "how": How.BELL}
    insert = dialect_insert(session, Preference).values(**values)
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["user_id", "community_id", "kind"], set_={"how": insert.excluded.how}
        )
    )
