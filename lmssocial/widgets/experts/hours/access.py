"""Who offers office hours, who books, and who sees a booking."""

from sqlalchemy import ColumnElement, and_, or_, select

from lmssocial.core.kernel.errors import NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.lms.identity.roles import STAFF
from lmssocial.social.communities.models import Appointment, Community
from lmssocial.widgets.experts.hours_models import Booking, OfficeHour
from lmssocial.widgets.experts.models import Reach
from lmssocial.widgets.experts.people_models import Profile


def offers(actor: Actor, reach: Reach | None) -> bool:
    """Whether somebody offers office hours: experts who said so, staff, stewards and SMEs.

    :param reach: of their profile here; ``None`` if they have none.
    """
    is_expert = reach is not None and reach is not Reach.NONE
    return not actor.is_test and (actor.moderates or is_expert)


def still_hosts() -> ColumnElement[bool]:
    """:func:`offers` as a WHERE clause on OfficeHour, of its host, who has to be in the course, too."""
    is_staff = or_(*(Membership.roles.contains(role.value) for role in sorted(STAFF)))
    appointed = (
        select(Appointment.user_id)
        .where(Appointment.community_id == OfficeHour.community_id, Appointment.user_id == OfficeHour.host_id)
        .correlate(OfficeHour)
        .exists()
    )
    is_expert = (
        select(Profile.user_id)
        .where(
            Profile.community_id == OfficeHour.community_id,
            Profile.user_id == OfficeHour.host_id,
            Profile.reach != Reach.NONE,
        )
        .correlate(OfficeHour)
        .exists()
    )
    return (
        select(Membership.id)
        .join(Community, Community.course_id == Membership.course_id)
        .join(User, User.id == Membership.user_id)
        .where(
            Community.id == OfficeHour.community_id,
            Membership.user_id == OfficeHour.host_id,
            Membership.active.is_(True),
            User.is_former.is_(False),
            User.is_test.is_(False),
            or_(is_staff, appointed, is_expert),
        )
        .correlate(OfficeHour)
        .exists()
    )


def still_comes() -> ColumnElement[bool]:
    """A WHERE clause on Booking: whoever booked is still in the course."""
    return (
        select(Membership.id)
        .join(Community, Community.course_id == Membership.course_id)
        .join(User, User.id == Membership.user_id)
        .where(
            Community.id == Booking.community_id,
            Membership.user_id == Booking.user_id,
            Membership.active.is_(True),
            User.is_former.is_(False),
        )
        .correlate(Booking)
        .exists()
    )


def require_offers(actor: Actor, reach: Reach | None) -> None:
    """Go on only for those who offer office hours.

    :raises NotAllowed: for everybody else.
    """
    if not offers(actor, reach):
        raise NotAllowed(
            _(
                "Office hours are offered by instructors, stewards, subject-matter experts, and by whoever said "
                "that they can be asked. You can say so on the page of what you know."
            )
        )


def books(actor: Actor, hour: OfficeHour) -> bool:
    """Whether somebody may come to an office hour: everybody of its community but its host."""
    return hour.community_id == actor.community_id and hour.host_id != actor.user_id and not actor.is_test


def require_books(actor: Actor, hour: OfficeHour) -> None:
    """Go on only for those who may come.

    :raises NotAllowed: for everybody else.
    """
    if actor.is_test:
        raise NotAllowed(_("A test user of the LMS books nothing."))
    if not books(actor, hour):
        raise NotAllowed(_("This is your own office hour. Others book it."))


def is_host(actor: Actor, hour: OfficeHour) -> bool:
    """Whether it is theirs."""
    return hour.host_id == actor.user_id and hour.community_id == actor.community_id


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """The bookings that somebody sees, as a WHERE clause on Booking joined with OfficeHour: the two concerned do."""
    return and_(
        Booking.community_id == actor.community_id,
        or_(Booking.user_id == actor.user_id, OfficeHour.host_id == actor.user_id),
    )
