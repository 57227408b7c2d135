"""A gradebook to send from, for tests: a course, learners, a column, and what somebody gives them."""

from dataclasses import dataclass, replace
from datetime import timedelta

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.secrets import SecretBox
from lmssocial.core.outbound import AllowList, Outbound
from lmssocial.lms.identity.launch_models import CourseServices
from lmssocial.lms.identity.models import Registration, ResourceLink, User
from lmssocial.lms.lti.models import ToolKey
from lmssocial.lms.lti.services import scopes
from lmssocial.lms.lti.services.calling import Caller
from lmssocial.social.communities.models import PlacementLink
from lmssocial.social.gradebook import service
from lmssocial.social.gradebook.models import Column, Score
from lmssocial.social.gradebook.sending import send_due
from lmssocial.social.gradebook.service import Mark
from tests.fakes.grade_service import GradeService
from tests.fakes.platform import private_key, public_jwk
from tests.support.people import Place, make_person, make_place

ALL_SCOPES = f"{scopes.LINE_ITEM} {scopes.LINE_ITEM_READONLY} {scopes.RESULT_READONLY} {scopes.SCORE}"
SECRET = "a secret for tests, of forty characters."
LINK = "link-1"


def caller_of(sessions: sessionmaker[Session], *, seconds: float = 5.0, secret: str = SECRET) -> Caller:
    """A caller that may call the loopback address."""
    outbound = Outbound("lmssocial tests", AllowList.parse(("127.0.0.1",)))
    return Caller(outbound, SecretBox(secret), sessions, seconds=seconds)


@dataclass(frozen=True)
class Gradebook:
    """A placement with its own column and some learners."""

    sessions: sessionmaker[Session]
    caller: Caller
    lms: GradeService
    place: Place
    placement_id: int
    column_id: int
    link_id: int
    """Our row of the link."""
    subs: tuple[str, ...]
    user_ids: tuple[int, ...]

    def give(self, number: int, points: float | None, *, comment: str = "", maximum: float = 100) -> bool:
        """Have a learner's grade be ``points``."""
        with self.sessions() as session, unit_of_work(session):
            mark = Mark(given=points, maximum=maximum, comment=comment)
            return service.put(session, self.column_id, self.user_ids[number], mark)

    def give_all(self, points: float) -> None:
        """Have everybody's grade be ``points``."""
        with self.sessions() as session, unit_of_work(session):
            for user_id in self.user_ids:
                service.put(session, self.column_id, user_id, Mark(given=points, maximum=100))

    def send(self) -> int:
        """One round of the worker."""
        return send_due(self.sessions, self.caller)

    def score(self, number: int = 0) -> Score:
        """The row of a learner's score."""
        with self.sessions() as session:
            return session.scalars(
                select(Score).where(Score.column_id == self.column_id, Score.user_id == self.user_ids[number])
            ).one()

    def column(self) -> Column:
        """The row of the column."""
        with self.sessions() as session:
            return session.get_one(Column, self.column_id)

    def hurry(self) -> None:
        """Let the time pass that every score waits for."""
        with self.sessions() as session, unit_of_work(session):
            session.execute(update(Score).values(next_at=clock.now() - timedelta(seconds=1)))

    def launch_says(self, *, line_item: str | None = None, **services: str) -> None:
        """Let the course's last launch have said something else about its services."""
        with self.sessions() as session, unit_of_work(session):
            if services:
                session.execute(
                    update(CourseServices)
                    .where(CourseServices.course_id == self.place.course.id)
                    .values(**services)
                )
            if line_item is not None:
                session.execute(
                    update(ResourceLink)
                    .where(ResourceLink.id == self.link_id)
                    .values(line_item_url=line_item)
                )

    def of_another_tool(self, caller: Caller) -> "Gradebook":
        """The same with another caller."""
        return replace(self, caller=caller)


def open_gradebook(
    sessions: sessionmaker[Session],
    caller: Caller,
    lms: GradeService,
    *,
    learners: int = 3,
    family: str = "",
    line_item: str = "",
    tag: str = "",
    secret: str = SECRET,
) -> Gradebook:
    """A placement behind a link, in a course whose launches named ``lms``."""
    with sessions() as session, unit_of_work(session):
        _have_a_key(session, secret)
        place = make_place(session)
        registration = session.get_one(Registration, place.registration.id)
        registration.token_url, registration.family = f"{lms.url}/token", family
        people = [make_person(session, place, f"Learner {number}") for number in range(learners)]
        link = ResourceLink(
            course_id=place.course.id,
            resource_link_id=LINK,
            title="Discussion",
            line_item_url=line_item,
            created_at=clock.now(),
        )
        session.add(link)
        session.flush()
        session.add(
            PlacementLink(resource_link_id=link.id, placement_id=place.placement.id, linked_at=clock.now())
        )
        session.add(
            CourseServices(
                course_id=place.course.id,
                memberships_url="",
                line_items_url=lms.container(),
                grade_scopes=ALL_SCOPES,
                groups_url="",
                group_sets_url="",
                group_scopes="",
                noted_at=clock.now(),
            )
        )
        column = service.column(session, place.placement.id, tag=tag, label=tag)
        session.flush()
        subs = tuple(_subs(session, [person.user_id for person in people]))
        made = Gradebook(
            sessions,
            caller,
            lms,
            place,
            place.placement.id,
            column.id,
            link.id,
            subs,
            tuple(person.user_id for person in people),
        )
        for row in (place.course, place.placement, place.registration, place.tenant, place.community):
            session.refresh(row)
            session.expunge(row)
    return made


def _have_a_key(session: Session, secret: str) -> None:
    """The tool's key, made once for all tests: making one takes longer than most of them."""
    if session.scalar(select(ToolKey.kid)) is None:
        private = private_key("tool")
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        session.add(
            ToolKey(
                kid="tool",
                sealed_private_pem=SecretBox(secret).seal(pem),
                public_jwk=public_jwk(private, "tool"),
                created_at=clock.now(),
                retired_at=None,
            )
        )


def _subs(session: Session, user_ids: list[int]) -> list[str]:
    from_id = {
        row.id: row.sub for row in session.execute(select(User.id, User.sub).where(User.id.in_(user_ids)))
    }
    return [from_id[user_id] for user_id in user_ids]
