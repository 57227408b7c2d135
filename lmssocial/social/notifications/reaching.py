"""What somebody says of when and how they may be reached. It holds in every community they are in. Nothing commits."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.models import User
from lmssocial.social.notifications.models import Notice, Reachability, Rhythm
from lmssocial.social.notifications.ports import GRACE
from lmssocial.social.notifications.reach import Reach, next_digest, reach_of


def own_row(session: Session, user_id: int) -> Reachability:
    """Somebody's row, made with the defaults if there is none, and held until the end of the transaction."""
    values = {"user_id": user_id, "mail": True, "rhythm": Rhythm.DAILY, "digest_hour": 7, "digest_day": 0}
    insert_if_absent(session, Reachability, {**values, "zone": ""}, [Reachability.user_id])
    return session.get_one(Reachability, user_id, with_for_update=True, populate_existing=True)


def reach_for(session: Session, user_id: int) -> Reach:
    """How somebody may be reached; the defaults, if they said nothing."""
    return reach_of(session.get(Reachability, user_id))


def address_of(session: Session, user_id: int) -> str:
    """The e-mail address that the LMS gave; empty if it gave none."""
    return session.scalar(select(User.email).where(User.id == user_id)) or ""


def save(session: Session, user_id: int, reach: Reach) -> None:
    """Remember what somebody said; what waits for a digest of theirs, or for quiet hours to end, goes by it as well."""
    row = own_row(session, user_id)
    row.mail, row.rhythm, row.zone = reach.mail, reach.rhythm, reach.zone
    row.digest_hour, row.digest_day = reach.hour, reach.day
    row.quiet_from, row.quiet_until = reach.quiet_from, reach.quiet_until
    row.next_digest_at = next_digest(reach, clock.now()) if reach.mail else None
    session.execute(
        update(Notice)
        .where(
            Notice.user_id == user_id,
            Notice.mailed.is_(False),
            Notice.mail_at > clock.now() + GRACE,  # others have not come due at all yet
        )
        .values(mail_at=clock.now())
        .execution_options(synchronize_session=False)
    )
