"""E-mail that puts meetings into calendars: at once, for who plans a day cannot wait for a digest.

A reader of the log, in the worker. What it says is how things stand when it looks, so a booking that was cancelled a
moment later is not announced any more. Notices in the bell are made from the same events elsewhere; as these are told
by mail already, their kinds are for the bell by default.
"""

from functools import partial

from sqlalchemy.orm import Session

from lmssocial.core.kernel.events import Happened
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.models import Community
from lmssocial.social.notifications.dispatch import Outgoing, Person, Saying
from lmssocial.social.notifications.letters import Item, Section
from lmssocial.social.notifications.outgoing import send_now
from lmssocial.social.notifications.reach import zone_named
from lmssocial.social.notifications.sections import Said
from lmssocial.widgets.experts.hours.entries import Meeting, meeting
from lmssocial.widgets.experts.hours.finding import zone_of
from lmssocial.widgets.experts.hours.icalendars import House, Method, calendar
from lmssocial.widgets.experts.hours.wording import spoken
from lmssocial.widgets.experts.hours_events import MeetingBooked, MeetingCancelled, MeetingChanged
from lmssocial.widgets.experts.hours_models import BookingState

READER = "calendars"
"""What it is called among the readers of the log."""


def follow(outgoing: Outgoing, event: Happened, session: Session) -> None:
    """Write to both when a meeting was booked, changed or cancelled."""
    if event.name not in {MeetingBooked.name, MeetingChanged.name, MeetingCancelled.name}:
        return
    found = meeting(session, int(event.payload["booking_id"]))
    if found is None or not _concerns(event, found.booking.state):
        return
    for user_id in (found.guest.id, found.host.id):
        send_now(
            session,
            outgoing,
            user_id,
            f"booking:{found.booking.uuid}:{found.booking.sequence}:{user_id}",
            partial(_say, session, outgoing, found, event),
            own_deed=event.actor_id == user_id,
        )


def _concerns(event: Happened, state: BookingState) -> bool:
    """Whether there is something to write: the booking is as the event left it, and somebody had a place."""
    if event.name == MeetingCancelled.name:
        return bool(event.payload.get("had_place", True))
    return state is BookingState.BOOKED


def _say(session: Session, outgoing: Outgoing, found: Meeting, event: Happened, person: Person) -> Saying:
    """The message for one of the two, in their language and by their clock."""
    booking, hour, reader_id = found.booking, found.hour, person.user.id
    host_zone = zone_of(hour)
    zone = zone_named(person.reach.zone) or host_zone
    when = spoken(booking.starts_at, booking.ends_at, zone, person.voice.locale).whole
    sentence = _sentence(found, event, is_host=reader_id == found.host.id)
    title = hour.title or _("Office hour")
    is_over = event.name == MeetingCancelled.name
    excerpt = booking.because if is_over else " · ".join(filter(None, (hour.place, booking.note)))
    entry = found.entry(reader_id, outgoing.public_url, person.user.email)
    house = House(public_url=outgoing.public_url, sender=outgoing.sender)
    item = Item(
        sentence=sentence.removesuffix("."),  # where it is follows after a colon
        where=f"{title}, {when}",
        href=found.href(outgoing.public_url),
        excerpt=excerpt,
    )
    community = session.get_one(Community, hour.community_id)
    section = Section(community.title or _("Your course"), [item])
    return Saying(
        title=f"{sentence} {when}",
        said=Said((section,), hour.placement_id),
        calendar=calendar(house, [entry], Method.CANCEL if is_over else Method.REQUEST),
    )


def _sentence(found: Meeting, event: Happened, *, is_host: bool) -> str:
    other = found.guest.name if is_host else found.host.name
    booked, changed = event.name == MeetingBooked.name, event.name == MeetingChanged.name
    called_off = bool(event.payload.get("by_host"))
    if changed:
        return _("The meeting with %(name)s was changed.", name=other)
    if is_host:
        said = (
            _("%(name)s has booked a meeting with you.", name=other),
            _("Your meeting with %(name)s is called off.", name=other),
            _("%(name)s cancelled the meeting.", name=other),
        )
    else:
        said = (
            _("You have a meeting with %(name)s.", name=other),
            _("%(name)s called the meeting off.", name=other),
            _("Your meeting with %(name)s is cancelled.", name=other),
        )
    return said[0] if booked else said[1] if called_off else said[2]
