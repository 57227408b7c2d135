"""Two customers on one issuer, with the same ids for everything: what their people and their LMSs do, mixed."""

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from io import BytesIO
from typing import Any

from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from lmssocial.core.activity.relay import relay
from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.lms.identity import notices as platform_notices
from lmssocial.lms.identity.invitations import invite
from lmssocial.lms.identity.launch_models import LegacyConsumer
from lmssocial.lms.identity.models import Course, Membership, Tenant, User
from lmssocial.lms.lti import claims
from lmssocial.lms.lti.launch import Context
from lmssocial.lms.lti.notices import Notice
from lmssocial.lms.lti.roles import parse_roles
from lmssocial.lms.lti.services.roster import Member
from lmssocial.lms.roster import ending
from lmssocial.lms.roster.applying import apply_members
from lmssocial.lms.roster.models import RosterRun
from lmssocial.lms.roster.persons import Where
from lmssocial.lms.roster.schedule import source_of
from lmssocial.social.communities.lms_groups import HOOKS
from lmssocial.social.communities.models import Placement
from lmssocial.social.gradebook import service as gradebook
from lmssocial.social.notifications import making
from lmssocial.social.notifications.models import Delivery
from lmssocial.social.search import vocabulary
from lmssocial.timers import SUBSCRIBERS
from lmssocial.widgets.discussion.models import Import
from tests.fakes.platform import INSTRUCTOR, LEARNER, FakePlatform
from tests.support.notices import REGISTRY
from tests.support.people import make_placement
from tests.support.visitor import Form, forms_of
from tests.tenancy.asking import Rows, ask
from tests.tenancy.owners import Owners
from tests.tenancy.ratings import people_of, place_of, rate
from tests.tenancy.reports import report

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
IDS: Mapping[str, tuple[str, str]] = {
    "account_id": ("admin_account", "id"),
    "answer_id": ("experts_answer", "contribution_id"),
    "appeal_id": ("peer_rating_appeal", "id"),
    "assessment_id": ("reporting__assessment", "id"),
    "booking_id": ("experts_booking", "id"),
    "case_id": ("moderation_case", "id"),
    "comparison_id": ("peer_rating_comparison", "id"),
    "consumer_id": ("identity_legacy_consumer", "id"),
    "contribution_id": ("content_contribution", "id"),
    "course_id": ("identity_course", "id"),
    "delivery_id": ("notifications_delivery", "id"),
    "deployment": ("identity_deployment", "id"),
    "endorsement_id": ("experts_endorsement", "id"),
    "example_id": ("peer_rating_example", "id"),
    "file_id": ("content_attachment", "id"),
    "group_id": ("communities_group", "id"),
    "import_id": ("discussion_import", "id"),
    "introduction_id": ("experts_introduction", "id"),
    "invitation_id": ("identity_invitation", "id"),
    "link_id": ("identity_resource_link", "id"),
    "notice_id": ("notifications_notice", "id"),
    "number": ("content_contribution", "id"),
    "office_hour_id": ("experts_office_hour", "id"),
    "parked_id": ("activity_parked", "id"),
    "placement_id": ("communities_placement", "id"),
    "platform_id": ("identity_registration", "id"),
    "post_id": ("content_contribution", "id"),
    "public_key": ("identity_registration", "public_key"),
    "question_id": ("experts_question", "id"),
    "release_id": ("peer_rating_release", "id"),
    "report_id": ("reporting__report", "id"),
    "resource_id": ("reporting__resource", "id"),
    "review_id": ("peer_rating_review", "id"),
    "score_id": ("gradebook_score", "id"),
    "span_id": ("communities_span", "community_id"),
    "target_id": ("reporting__target", "id"),
    "tenant_id": ("identity_tenant", "id"),
    "thread_id": ("discussion_thread", "id"),
    "topic_id": ("experts_topic", "id"),
    "user_id": ("identity_user", "id"),
    "withheld_id": ("reporting__withheld", "id"),
    "work_id": ("peer_rating_work", "id"),
}
"""Parts of addresses that name a row."""
WORDS = {
    "code": "unknown",
    "deed": "helpful",
    "file": "unknown",
    "key": "unknown",
    "kind": "thread",
    "name": "lmssocial_words",
    "stars": 4,
    "starts": "20990105T0900",
    "target": "reply:{post}",
    "token": "unknown",
}
"""Parts of addresses that name none; what is a secret is nobody's to know."""
WORDS_OF = {
    "peer_rating": {"deed": "down", "form": "csv", "target": "work:{placement}"},
    "experts": {"target": "ask:{placement}"},
    "plugin_reporting": {"key": "shares", "kind": "pdf", "role": "connector", "section": "findings"},
}
"""The same, in widgets that have others."""
WIDGETS = ("discussion", "experts", "peer_rating")
"""Whose addresses are asked for with placements of their own."""


@dataclass
class Person:
    """Somebody in front of a browser."""

    side: "Side"
    browser: Any
    placement_id: int
    is_staff: bool

    @property
    def base(self) -> str:
        """What the addresses of the discussion begin with."""
        return f"/w/{self.placement_id}/discussion/"

    def token(self) -> str:
        """What makes a form of theirs valid."""
        page = self.browser.get(f"{self.base}threads/new").get_data(as_text=True)
        found = TOKEN.search(page)
        assert found, page[:300]
        return found[1].replace("&amp;", "&")

    def send(self, path: str, **values: Any) -> TestResponse:
        """Send a valid form."""
        response: TestResponse = self.browser.post(path, data={"csrf_token": self.token(), **values})
        return response


@dataclass
class Side:
    """One of the two customers."""

    word: str
    """Stands in everything that is written there and nowhere else."""
    platform: FakePlatform
    tenant_id: int
    registration_id: int
    people: list[Person] = field(default_factory=list)

    @property
    def instructor(self) -> Person:
        """Who teaches."""
        return self.people[0]


class Town:
    """The tool, and both sides."""

    def __init__(self, app: Flask, engine: Engine, seed: int) -> None:
        """:param seed: what is done in which order depends on it alone."""
        self.app, self.engine = app, engine
        self.chance = random.Random(seed)  # noqa: S311 -- the same mixture each time
        self.sides: list[Side] = []
        self.after_deeds: Owners | None = None
        """What there was before people began to do things by chance, some of which undo others."""
        self.sessions = sessionmaker(engine)

    def owners(self) -> Owners:
        """Whose everything is now."""
        with self.engine.connect() as connection:
            return Owners(connection)

    def arrive(self, side: Side, number: int, *roles: str, **changes: object) -> Person:
        """Launch: the same ids on both sides, and the words of one."""
        browser = self.app.test_client()
        usual: dict[str, object] = {
            "sub": f"person-{number}",
            "name": f"{side.word.capitalize()} Person {number}",
            "email": "same@example.edu",
            claims.ROLES: list(roles) or [LEARNER],
            claims.CONTEXT: {"id": "course-1", "title": f"Course of {side.word}"},
            claims.RESOURCE_LINK: {"id": "link-1", "title": f"Link of {side.word}"},
            claims.CUSTOM: {"widget": "discussion"},
            claims.GRADES: {"lineitems": "https://lms.example.edu/items", "scope": []},
            claims.NAMES_AND_ROLES: {"context_memberships_url": "https://lms.example.edu/members"},
        }
        response = side.platform.launch(browser, **{**usual, **changes})
        assert response.status_code == 303, response.text
        placement = re.match(r"/(?:w|lti/onward)/(\d+)", response.location)
        assert placement, response.location
        person = Person(side, browser, int(placement[1]), INSTRUCTOR in roles)
        side.people.append(person)
        return person

    def read_roster(self, side: Side) -> None:
        """Read a page of a roster that names the same people and groups on both sides, and end the run."""
        with self.sessions() as session, unit_of_work(session):
            course = self._course(session, side)
            source_of(session, course.id)
            run = RosterRun(course_id=course.id, began_at=clock.now(), next_url="", next_at=clock.now())
            session.add(run)
            session.flush()
            where = Where(
                tenant_id=side.tenant_id,
                registration_id=side.registration_id,
                course_id=course.id,
                tells_groups=True,
            )
            members = [
                Member(
                    sub=f"person-{number}",
                    roles=parse_roles([LEARNER if number > 1 else INSTRUCTOR]),
                    name=f"{side.word.capitalize()} Person {number}",
                    email="same@example.edu",
                    groups=("group-1",),
                    sections=("section-1",),
                )
                for number in range(1, 7)
            ]
            applied = apply_members(session, where, run, members)
            HOOKS.belong(session, course.id, applied.belongings)
            ending.complete(session, run, HOOKS)

    def take_notice(self, side: Side) -> None:
        """The LMS of a side says that a course was copied; the notice has the same id on both."""
        with self.sessions() as session, unit_of_work(session):
            platform_notices.take(
                session,
                Notice(
                    registration_id=side.registration_id,
                    deployment_id=side.platform.deployment_id,
                    id="notice-1",
                    kind="LtiContextCopyNotice",
                    context=Context(id="course-2", title=f"Copy of {side.word}"),
                    origins=("course-1",),
                ),
            )

    def grade(self, side: Side) -> None:
        """Let a grade go out for everybody on a side."""
        with self.sessions() as session, unit_of_work(session):
            course = self._course(session, side)
            column = gradebook.column(session, side.instructor.placement_id, label=side.word)
            for user_id in session.scalars(
                select(Membership.user_id).where(Membership.course_id == course.id)
            ):
                gradebook.put(session, column.id, user_id, gradebook.Mark(given=7, maximum=10))

    def furnish(self, side: Side) -> None:
        """Rows that administrators and the worker make: an invitation, a key of LTI 1.1, mail, an import."""
        now = clock.now()
        with self.sessions() as session, unit_of_work(session):
            user_id = session.scalars(select(User.id).where(User.tenant_id == side.tenant_id)).first()
            place = session.scalars(select(Placement).where(Placement.tenant_id == side.tenant_id)).first()
            assert user_id is not None
            assert place is not None
            invite(session, session.get_one(Tenant, side.tenant_id), name=side.word)
            session.add_all(
                [
                    LegacyConsumer(
                        registration_id=side.registration_id,
                        consumer_key=side.word,
                        sealed_secret=side.word,
                        created_at=now,
                    ),
                    Delivery(
                        tenant_id=side.tenant_id,
                        user_id=user_id,
                        channel="email",
                        key=side.word,
                        address="same@example.edu",
                        title=side.word,
                        text=side.word,
                        html=side.word,
                        created_at=now,
                        next_at=now,
                    ),
                    Import(
                        tenant_id=side.tenant_id,
                        community_id=place.community_id,
                        placement_id=place.id,
                        source="moodle",
                        file_name=f"{side.word}.mbz",
                        digest=side.word,
                        report={},
                        made_by_id=user_id,
                        uploaded_at=now,
                    ),
                ]
            )

    def rate(self, side: Side) -> None:
        """Leave two peer ratings behind, as people would have after weeks."""
        with self.sessions() as session, unit_of_work(session):
            rate(session, side.word, side.tenant_id, side.registration_id)

    def ask(self, side: Side) -> Rows:
        """Leave an expert connect behind in which somebody asked and was answered; says which rows there are."""
        with self.sessions() as session, unit_of_work(session):
            place = place_of(session, side.tenant_id, side.registration_id)
            here = replace(place, placement=make_placement(session, place.community, widget="experts"))
            return ask(session, here, people_of(session, here)[:3], side.word)

    def report(self, side: Side) -> None:
        """Leave a report behind: targets, words, lines that were left out, things that were sent."""
        with self.sessions() as session, unit_of_work(session):
            place = place_of(session, side.tenant_id, side.registration_id)
            report(session, place, people_of(session, place)[:3], side.word)

    def work(self) -> None:
        """What the worker does: count, tell people, learn words."""
        relay(self.sessions, SUBSCRIBERS | {"notifications": partial(making.tell, REGISTRY)})
        with self.sessions() as session, unit_of_work(session):
            vocabulary.learn(session)

    def wander(self, person: Person, owners: Owners) -> None:
        """Open a page of one's own and send one of its forms, filled in."""
        rules = [rule for rule in self.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
        own = [rule for rule in rules if "placement_id" in rule.arguments and "handover" not in rule.endpoint]
        path = next(self.addresses(self.chance.choice(own), person.side, owners), "")
        if not path:
            return
        page = person.browser.get(path.replace("reply:", "thread:"))
        forms = forms_of(page.get_data(as_text=True), path) if page.mimetype == "text/html" else []
        forms = [form for form in forms if form.method == "post" and "csrf_token" in form.names()]
        if forms:
            form = self.chance.choice(forms)
            person.browser.post(form.action, data=self._filled(form, person.side.word))

    def addresses(self, rule: Rule, side: Side, owners: Owners) -> Iterator[str]:
        """The addresses of a route, made of rows of one side: one, and in some widgets one for each activity.

        None if the side has no row of a kind.
        """
        widget = rule.endpoint.partition(".")[0]
        if widget not in WIDGETS or "placement_id" not in rule.arguments:
            yield from self._address(rule, side, owners)
            return
        places = [
            row for row in owners.of(side.tenant_id, "communities_placement") if row["widget"] == widget
        ]
        if widget == "discussion":
            places = [self.chance.choice(places)]
        for place in places:
            yield from self._address(rule, side, owners, place["id"])

    def _address(self, rule: Rule, side: Side, owners: Owners, placement_id: int = 0) -> Iterator[str]:
        widget = rule.endpoint.partition(".")[0]
        values: dict[str, Any] = {}
        for name in rule.arguments:
            if name == "placement_id" and placement_id:
                values[name] = placement_id
            elif name in IDS:
                table, column = IDS[name]
                rows = owners.of(side.tenant_id, table)
                if widget == "peer_rating":  # what is in one activity is not in the other
                    rows = [row for row in rows if row.get("placement_id", placement_id) == placement_id]
                if not rows:
                    return
                values[name] = self.chance.choice(rows)[column]
            else:
                words = WORDS | WORDS_OF.get(widget, {})
                values[name] = str(words[name]).replace("{placement}", str(placement_id))
        with self.app.test_request_context():
            built = self.app.url_map.bind("localhost").build(rule.endpoint, values)
        post = next(iter(owners.of(side.tenant_id, "content_contribution")), {"id": 0})
        yield built.replace("%7Bpost%7D", str(post["id"])).replace("{post}", str(post["id"]))

    def _filled(self, form: Form, word: str) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for name, value in form.fields:
            data[name] = value or f"{word} {self.chance.randrange(1000)}"
        for name, choices in form.choices.items():
            data[name] = self.chance.choice(choices)
        if form.buttons:
            name, value = self.chance.choice(form.buttons)
            data |= {name: value} if name else {}
        return data

    def _course(self, session: Session, side: Side) -> Course:
        return session.scalars(
            select(Course).where(Course.tenant_id == side.tenant_id, Course.context_id == "course-1")
        ).one()


def publish(teacher: Person) -> None:
    """Publish what stands in the draft of the report."""
    path = f"/w/{teacher.placement_id}/x/reporting/reports/publish"
    page = teacher.browser.get(path).get_data(as_text=True)
    (form,) = [form for form in forms_of(page, path) if form.method == "post" and "seen" in form.names()]
    response = teacher.browser.post(form.action, data=dict(form.fields))
    assert response.status_code == 303, response.get_data(as_text=True)[:2000]


def deeds(town: Town, side: Side) -> list[Callable[[], object]]:
    """What people of a side do that leaves rows in many tables, in an order that makes sense."""
    teacher, ana, ben = side.people[:3]
    word = side.word

    def posts() -> list[int]:
        return [row["id"] for row in town.owners().of(side.tenant_id, "content_contribution")]

    def threads() -> list[int]:
        return [row["id"] for row in town.owners().of(side.tenant_id, "discussion_thread")]

    def to_first(person: Person, path: str, **values: Any) -> Callable[[], object]:
        return lambda: person.send(path.format(post=posts()[0], thread=threads()[0]), **values)

    engage = f"/w/{ana.placement_id}/engagement/posts/{{post}}"
    talk = f"{ana.base}posts/{{post}}"
    return [
        lambda: ana.send(
            f"{ana.base}threads/new", title=f"{word} begins", source=f"The secret of {word} #{word}"
        ),
        to_first(ben, f"{talk}/reply", source=f"An answer of {word}"),
        to_first(ben, f"{engage}/helpful"),
        to_first(ben, f"{engage}/save"),
        to_first(teacher, f"{engage}/stars/4"),
        to_first(teacher, f"{engage}/endorse", reason=f"{word} is right"),
        to_first(teacher, f"{engage}/mention", reason=f"{word} is good"),
        lambda: town.read_roster(side),
        to_first(
            ben, f"/w/{ben.placement_id}/moderation/posts/{{post}}/flag", reason="other", note=f"{word} flag"
        ),
        lambda: ben.send(
            f"{ben.base}threads/ask", title=f"{word} asks", source=f"A private matter of {word}"
        ),
        to_first(ben, f"{ben.base}threads/{{thread}}/follow"),
        lambda: town.take_notice(side),
        lambda: teacher.send(f"/w/{teacher.placement_id}/settings/groups", name=f"Group {word}"),
        lambda: teacher.send(
            f"/w/{teacher.placement_id}/settings/courses", title=f"Span {word}", kind="horizontal"
        ),
        lambda: ben.send(
            f"{ben.base}drafts/thread:{ben.placement_id}",
            title=f"{word} draft",
            source=f"Draft of {word}",
            seq=1,
        ),
        lambda: ana.browser.post(
            f"{ana.base}drafts/thread:{ana.placement_id}/files",
            data={"csrf_token": ana.token(), "file": (BytesIO(word.encode()), f"{word}.txt")},
        ),
        lambda: town.furnish(side),
        lambda: town.rate(side),
        lambda: town.ask(side),
        lambda: town.report(side),
        lambda: publish(teacher),
        lambda: town.grade(side),
        town.work,
    ]
