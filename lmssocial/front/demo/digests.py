"""The first digests of the demo: due at once, so that nobody has to wait for tomorrow morning to see one."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.front.demo.cast import Cast, read_cast
from lmssocial.lms.identity.models import Registration, User
from lmssocial.social.notifications.models import Rhythm
from lmssocial.social.notifications.reaching import own_row

READERS = ("ana.ruiz", "tom.berg", "iris.vogel")
"""Who gets one."""


def ask_for_digests(session: Session, registration: Registration, cast: Cast | None = None) -> None:
    """Let some people have a weekly digest that is due now; it tells of the last seven days."""
    known = cast or read_cast()
    subs = [known.person(key).sub for key in READERS]
    people = session.scalars(
        select(User.id).where(User.registration_id == registration.id, User.sub.in_(subs)).order_by(User.id)
    )
    for user_id in people.all():
        row = own_row(session, user_id)
        row.rhythm, row.digest_day = Rhythm.WEEKLY, clock.now().weekday()
        row.next_digest_at = clock.now()
