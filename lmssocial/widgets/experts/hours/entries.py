"""Bookings as entries of somebody's calendar. Reads only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.communities.models import Community
from lmssocial.widgets.experts.hours.finding import zone_of
from lmssocial.widgets.experts.hours.icalendars import Entry, Party
from lmssocial.widgets.experts.hours.wording import summary_for_guest, summary_for_host
from lmssocial.widgets.experts.hours_models import TAKES_A_SEAT, Booking, BookingState, OfficeHour

AT_MOST = 500
"""Bookings of one feed."""


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """A booking with its office hour and the two who meet."""

    booking: Booking
    hour: OfficeHour
    host: User
    guest: User

    def href(self, public_url: str) -> str:
        """Where its page is."""
        return f"{public_url}/w/{self.hour.placement_id}/experts/bookings/{self.booking.id}"

    def entry(self, reader_id: int, public_url: str, address: str = "") -> Entry:
        """It as an entry in the calendar of one of the two. Words are said in the present language.

        :param address: the reader's own.
        """
        is_host = reader_id == self.host.id
        booking, hour = self.booking, self.hour
        is_cancelled = booking.state not in TAKES_A_SEAT
        summary = (
            summary_for_host(hour.title, self.guest.name)
            if is_host
            else summary_for_guest(hour.title, self.host.name)
        )
        href = self.href(public_url)
        change = _("See, move or cancel it: %(address)s", address=href)
        said = [booking.note, "" if is_host else hour.about, booking.because, change]
        return Entry(
            uuid=booking.uuid,
            sequence=booking.sequence,
            starts_at=booking.starts_at,
            ends_at=booking.ends_at,
            zone=zone_of(hour),
            summary=summary,
            description="\n\n".join(part for part in said if part),
            place="" if is_cancelled else hour.place,  # a room is for those who come
            href=href,
            made_at=booking.made_at,
            changed_at=booking.changed_at,
            is_cancelled=is_cancelled,
            host=Party(user_id=self.host.id, name=self.host.name, address=address if is_host else ""),
            guest=Party(user_id=self.guest.id, name=self.guest.name, address="" if is_host else address),
        )


def meeting(session: Session, booking_id: int) -> Meeting | None:
    """One booking, whoever asks; ``None`` if it is not there any more. One query."""
    row = session.execute(_meetings().where(Booking.id == booking_id)).first()
    return None if row is None else Meeting(booking=row[0], hour=row[1], host=row[2], guest=row[3])


def meetings_of(session: Session, user_id: int, since: datetime) -> list[Meeting]:
    """What somebody has booked, and what is booked with them, in all courses in which they still are. One query."""
    still_there = (
        select(Membership.id)
        .join(Community, Community.course_id == Membership.course_id)
        .where(
            Community.id == Booking.community_id,
            Membership.user_id == user_id,
            Membership.active.is_(True),
        )
        .correlate(Booking)
        .exists()
    )
    rows = session.execute(
        _meetings()
        .where(
            or_(Booking.user_id == user_id, OfficeHour.host_id == user_id),
            Booking.state.in_((BookingState.BOOKED, BookingState.MISSED)),
            Booking.starts_at > since,
            still_there,
        )
        .order_by(Booking.starts_at, Booking.id)
        .limit(AT_MOST)
    )
    return [Meeting(booking=row[0], hour=row[1], host=row[2], guest=row[3]) for row in rows]


_Host, _Guest = aliased(User), aliased(User)


def _meetings() -> Any:
    return (
        select(Booking, OfficeHour, _Host, _Guest)
        .join(OfficeHour, OfficeHour.id == Booking.office_hour_id)
        .join(_Host, _Host.id == OfficeHour.host_id)
        .join(_Guest, _Guest.id == Booking.user_id)
    )
