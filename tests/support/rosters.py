"""A course whose LMS has a roster, and what it takes to read it."""

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.kernel.secrets import SecretBox
from lmssocial.core.outbound import AllowList, Outbound
from lmssocial.lms.identity.launch_models import CourseServices
from lmssocial.lms.identity.models import Membership, User
from lmssocial.lms.lti.services.calling import Caller
from lmssocial.lms.lti.services.scopes import GROUPS
from lmssocial.lms.roster import schedule
from tests.fakes.rosters import RosterLms
from tests.support.people import Place, make_place

SECRET = "a secret for tests, of forty characters."


def caller_of(sessions: sessionmaker[Session], *, secret: str = SECRET) -> Caller:
    """Who calls an LMS on this machine.

    :param secret: the installation's, if the database has keys of it.
    """
    return Caller(Outbound("tests", AllowList.parse(["127.0.0.1"])), SecretBox(secret), sessions)


def course_at(session: Session, lms: RosterLms) -> Place:
    """A course of this LMS, whose roster is due. Flushed, not committed."""
    place = make_place(session)
    place.registration.token_url = f"{lms.url}/token"
    session.add(
        CourseServices(
            course_id=place.course.id,
            memberships_url=lms.roster_url,
            groups_url=f"{lms.url}/groups" if lms.groups is not None else "",
            group_scopes=GROUPS if lms.groups is not None else "",
            noted_at=place.course.created_at,
        )
    )
    schedule.came(session, place.course.id)
    session.flush()
    return place


def active_in(session: Session, place: Place) -> set[str]:
    """The LMS's names for everybody who is in a course."""
    return set(
        session.scalars(
            select(User.sub)
            .join(Membership, Membership.user_id == User.id)
            .where(Membership.course_id == place.course.id, Membership.active.is_(True))
        )
    )
