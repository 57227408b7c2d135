"""Who is told of what happens around questions: endorsements, appointments, introductions and office hours."""

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy.orm import Session

from lmssocial.core.kernel.events import Happened
from lmssocial.social.notifications.recipients import moderators
from lmssocial.widgets.experts import hours_events, people_events
from lmssocial.widgets.experts.models import Reach
from lmssocial.widgets.experts.notices import kinds
from lmssocial.widgets.experts.notices.proposing import Told, proposal
from lmssocial.widgets.experts.people.levels import TO_CONFIRM


def _opted(_session: Session, event: Happened) -> Told:
    """Only who did not do it themselves: nobody becomes an expert without knowing it."""
    said = event.payload
    if said["reach"] == Reach.NONE:
        return []
    return [proposal(event, kinds.NAMED, {said["user_id"]}, "opted", by=event.actor_id, what="opted")]


def _endorsed(session: Session, event: Happened) -> Told:
    """The person, by whom; and stewards once there are enough endorsements to look at them."""
    said = event.payload
    if said["withdrawn"]:
        return []
    topic_id, user_id = said["topic_id"], said["user_id"]
    told: Told = [
        proposal(
            event,
            kinds.THANKS,
            {user_id},
            f"endorsed:{topic_id}",
            by=event.actor_id,
            what="endorsed",
            topic_id=topic_id,
        )
    ]
    if said["count"] >= TO_CONFIRM:
        staff = moderators(session, event.community_id or 0)
        told.append(
            proposal(
                event,
                kinds.STEWARDS,
                staff,
                f"confirm:{topic_id}:{user_id}",
                what="endorsements",
                topic_id=topic_id,
                expert_id=user_id,
            )
        )
    return told


def _confirmed(_session: Session, event: Happened) -> Told:
    said = event.payload
    topic_id, whom = said["topic_id"], {said["user_id"]}
    key = f"confirmed:{topic_id}"
    return [proposal(event, kinds.THANKS, whom, key, what="confirmed", topic_id=topic_id)]


def _appointed(_session: Session, event: Happened) -> Told:
    said = event.payload
    what = "sme-ended" if said["withdrawn"] else "sme"
    topic_id, whom = said["topic_id"], {said["user_id"]}
    return [
        proposal(event, kinds.NAMED, whom, f"sme:{topic_id}", by=event.actor_id, what=what, topic_id=topic_id)
    ]


def _introduced(_session: Session, event: Happened) -> Told:
    said = event.payload
    return _of_introduction(event, {said["first_id"], said["second_id"]}, "asked", by=said["by_id"])


def _met(_session: Session, event: Happened) -> Told:
    said = event.payload
    return _of_introduction(event, {said["first_id"], said["second_id"], said["by_id"]}, "met")


def _came_to_nothing(_session: Session, event: Happened) -> Told:
    """Whoever thought of it; that one of the two did not want to is nobody else's business."""
    return _of_introduction(event, {event.payload["by_id"]}, "ended-introduction")


def _wrote(_session: Session, event: Happened) -> Told:
    said = event.payload
    pair = {said["first_id"], said["second_id"]}
    return _of_introduction(event, pair, "wrote", by=event.actor_id, about=said["message_id"])


def _of_introduction(
    event: Happened, whom: Collection[int], what: str, *, by: int | None = None, about: int | None = None
) -> Told:
    number = event.payload["introduction_id"]
    return [
        proposal(event, kinds.INTRODUCED, whom, number, by=by, about=about, what=what, introduction_id=number)
    ]


def _booked(_session: Session, event: Happened) -> Told:
    said = event.payload
    return [
        *_of_meeting(event, {said["host_id"]}, "booked", by=said["user_id"], kind=kinds.BOOKING),
        *_of_meeting(event, {said["user_id"]}, "seat", kind=kinds.BOOKING),
    ]


def _waited(_session: Session, event: Happened) -> Told:
    said = event.payload
    return _of_meeting(event, {said["host_id"]}, "waits", by=said["user_id"])


def _seat_offered(_session: Session, event: Happened) -> Told:
    return _of_meeting(event, {event.payload["user_id"]}, "offered", until=event.payload["until"])


def _changed(_session: Session, event: Happened) -> Told:
    return _of_meeting(event, {event.payload["user_id"]}, "changed", kind=kinds.BOOKING)


def _cancelled(_session: Session, event: Happened) -> Told:
    said = event.payload
    if said["by_host"]:
        only_waited = not said["had_place"]  # then no mail with a calendar entry goes out
        kind = kinds.MEETING if only_waited else kinds.BOOKING
        return _of_meeting(event, {said["user_id"]}, "called-off", kind=kind)
    if not said["had_place"]:
        return []
    return _of_meeting(event, {said["host_id"]}, "cancelled", by=said["user_id"], kind=kinds.BOOKING)


def _near(_session: Session, event: Happened) -> Told:
    said = event.payload
    return _of_meeting(event, {said["user_id"], said["host_id"]}, "near", hours=said["hours"])


def _of_meeting(
    event: Happened,
    whom: Collection[int],
    what: str,
    *,
    by: int | None = None,
    kind: str = kinds.MEETING,
    **more: Any,
) -> Told:
    number = event.payload["booking_id"]
    return [proposal(event, kind, whom, number, by=by, what=what, booking_id=number, **more)]


FOLLOWS: dict[str, Callable[[Session, Happened], Told]] = {
    people_events.ExpertOpted.name: _opted,
    people_events.ExpertEndorsed.name: _endorsed,
    people_events.EndorsementsConfirmed.name: _confirmed,
    people_events.SmeAppointed.name: _appointed,
    people_events.IntroductionMade.name: _introduced,
    people_events.IntroductionMet.name: _met,
    people_events.IntroductionEnded.name: _came_to_nothing,
    people_events.IntroductionWritten.name: _wrote,
    hours_events.MeetingBooked.name: _booked,
    hours_events.MeetingWaited.name: _waited,
    hours_events.SeatOffered.name: _seat_offered,
    hours_events.MeetingChanged.name: _changed,
    hours_events.MeetingCancelled.name: _cancelled,
    hours_events.MeetingNear.name: _near,
}
"""What follows from which event."""
