"""Attacks that spammers really ran against a learning platform, against a running lmssocial with its own policies.

They wrote two hundred posts an hour, called themselves after instructors, answered new threads within seconds, and went
from chat invitations to short links to shared documents whenever one was stopped: Open edX wrote down how. The tests of
the policies try many variations; here, the policies run in their process, know what the database knows, and are
enforced in one course.
"""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Level, Stance
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities import appointments
from lmssocial.social.communities.models import Tier
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.moderation.models import Case
from lmssocial.social.plugin_settings import service as plugin_settings
from lmssocial.widgets.discussion.models import Thread
from tests.support.people import Place, make_person, make_place, sign_in
from tests.support.seat import Seat, text_of

_numbers = itertools.count(1)

OPENINGS = (
    "Photosynthesis turns light into sugar.",
    "Has anybody seen last week's recording?",
    "The formula on page nine lacks a square.",
    "My group meets on Thursdays in the library.",
    "Which of the two readings comes first?",
    "Here is what our tutor said about citations.",
)


class Course:
    """A Reviewed course, its people's browsers, and what became of what they wrote."""

    def __init__(self, app: Flask, session: Session) -> None:
        """:param session: to look with; what is prepared in it is committed when somebody sits down."""
        self.app, self.session = app, session
        self.place: Place = make_place(session)
        self.place.community.tier = Tier.REVIEWED

    def enforce(self, policy: str, **values: Any) -> None:
        """Switch a policy on and let it count."""
        at: dict[str, Any] = {"level": Level.COURSE, "place_id": self.place.course.id}
        plugin_settings.switch(self.session, policy, on=True, **at)
        plugin_settings.take_stance(self.session, policy, Stance.ENFORCE, **at)
        if values:
            plugin_settings.configure(self.session, policy, values, **at)

    def person(self, name: str = "", *roles: LmsRole) -> Actor:
        """Somebody in the course."""
        return make_person(self.session, self.place, name, *roles)

    def seats(self, *actors: Actor) -> list[Seat]:
        """Their browsers. Nothing can be prepared afterwards."""
        seats = []
        for actor in actors:
            browser = f"attack-{next(_numbers)}"
            sign_in(self.session, self.place, actor, browser)
            seats.append(Seat(self.app, browser, f"/w/{self.place.placement.id}/discussion"))
        self.session.commit()
        return seats

    def newest_thread(self) -> int:
        """Its id."""
        self.session.rollback()
        return self.session.scalars(select(Thread.id).order_by(Thread.id.desc())).first() or 0

    def states(self, actor: Actor) -> list[State]:
        """What became of what they wrote, oldest first."""
        self.session.rollback()
        written = select(Contribution.state).where(Contribution.author_id == actor.user_id)
        return list(self.session.scalars(written.order_by(Contribution.id)))

    def reasons(self) -> set[str]:
        """Why cases were opened: the reason codes of all verdicts."""
        self.session.rollback()
        found = self.session.scalars(select(Case.verdicts)).all()
        return {vote["reason"] for verdicts in found for vote in verdicts["verdicts"]}


@pytest.fixture
def course(app: Flask, session: Session) -> Course:
    """The course."""
    return Course(app, session)


def opens(seat: Seat, source: str, title: str = "Something new") -> str:
    """Open a thread, and read what comes."""
    return text_of(seat.fill_in("/threads/new", "/threads/new", title=title, source=source))


def answers(seat: Seat, thread: int, source: str) -> str:
    """Answer in a thread, and read what comes."""
    return text_of(seat.fill_in(f"/threads/{thread}", "/reply", source=source))


def test_the_attack_of_a_flood_is_held_and_says_when_it_will_pass(course: Course) -> None:
    course.enforce("pacing", burst_posts=3, burst_minutes=10)
    spammer = course.person("Mallory Finch")
    [seat] = course.seats(spammer)
    pages = [opens(seat, text, f"Thread {n}") for n, text in enumerate(OPENINGS)]

    assert course.states(spammer) == [State.PUBLISHED] * 3 + [State.HELD] * 3
    assert course.reasons() == {"burst"}
    assert "3 in 10 min" in pages[-1]


def test_the_attack_of_one_text_everywhere_is_held_from_the_third_on(course: Course) -> None:
    course.enforce("pacing")
    spammer = course.person("Mallory Finch")
    [seat] = course.seats(spammer)
    for number in range(4):
        opens(
            seat, f"Our experts finish your assignments, write to us today. Offer {number}", f"Offer {number}"
        )

    assert course.states(spammer) == [State.PUBLISHED] * 2 + [State.HELD] * 2
    assert course.reasons() == {"repeated"}


def test_the_attack_of_instant_replies_to_newcomers_is_held(course: Course) -> None:
    course.enforce("pacing")
    spammer = course.person("Mallory Finch")
    at_spammers, *newcomers = course.seats(spammer, *(course.person() for _ in range(4)))
    for seat, text in zip(newcomers, OPENINGS, strict=False):
        opens(seat, text)
        answers(at_spammers, course.newest_thread(), f"I can help you with this: {text[::-1]}")

    assert course.states(spammer) == [State.PUBLISHED] * 2 + [State.HELD] * 2
    assert course.reasons() == {"instant-replies"}


@pytest.mark.parametrize("tier", [Tier.OPEN, Tier.REVIEWED])
def test_the_attack_of_names_made_of_instructors_names_is_held_in_every_tier(
    course: Course, tier: Tier
) -> None:
    course.place.community.tier = tier
    course.enforce("lookalikes")
    course.person("Tom Berg", LmsRole.INSTRUCTOR)
    names = ("Tom Berg Staff", "Prof. Tom Berg", "Tоm Bеrg", "Tom Berg", "Course Support", "Ana Ruiz")
    people = [course.person(name) for name in names]
    for seat in course.seats(*people):
        opens(seat, "Pay the certificate fee here.")

    assert [course.states(person) for person in people] == [[State.HELD]] * 5 + [[State.PUBLISHED]]


def test_the_attack_of_invitations_then_short_links_then_documents_is_held(course: Course) -> None:
    course.enforce("linklimit")
    attack = {
        "Join us: https://chat.whatsapp.com/AbC123": "chat-invitation",
        "Join us: [here](https://bit.ly/x7)": "short-link",
        "Join us: bit (dot) ly / x7": "short-link",
        "Join us: hxxps://tinyurl.com/x7": "short-link",
        "Join us: <https://docs.google.com/document/d/1>": "shared-document",
    }
    spammers = [course.person() for _ in attack]
    for seat, source in zip(course.seats(*spammers), attack, strict=True):
        assert "a moderator reads it before others see it" in opens(seat, source)

    assert [course.states(spammer) for spammer in spammers] == [[State.HELD]] * len(attack)
    assert course.reasons() == set(attack.values())


def test_the_attack_of_a_mention_storm_is_held(course: Course) -> None:
    course.enforce("pacing")
    spammer = course.person("Mallory Finch")
    [seat] = course.seats(spammer)
    opens(seat, "@ana @ben @carla @dora @erik @femi look at this")

    assert course.states(spammer) == [State.HELD]
    assert course.reasons() == {"mention-storm"}


def test_the_attack_of_fresh_accounts_waits_and_honest_newcomers_wait_once(course: Course) -> None:
    course.enforce("firstposts")
    newcomer, tom = course.person("Ana Ruiz"), course.person("Tom Berg", LmsRole.INSTRUCTOR)
    at_anas, at_toms = course.seats(newcomer, tom)
    moderation = f"/w/{course.place.placement.id}/moderation/"
    page = opens(at_anas, "Hello everybody.")
    assert "Welcome. A moderator reads" in page
    assert course.states(newcomer) == [State.HELD]

    desk = at_toms.open(moderation)
    at_toms.follow(at_toms.send(at_toms.form(desk, "/decide"), button="approved"))
    opens(at_anas, "Now I am known.", "The second")
    assert course.states(newcomer) == [State.PUBLISHED, State.PUBLISHED]


@pytest.fixture
def expert(course: Course) -> Callable[[str], Actor]:
    """Appoint somebody as a subject-matter expert of the course."""
    tom = course.person("Tom Berg", LmsRole.INSTRUCTOR)

    def appoint(name: str) -> Actor:
        actor = course.person(name)
        assert appointments.appoint(course.session, tom, actor.user_id, Office.SME)
        return actor

    return appoint


def test_in_an_assured_community_questions_flow_and_answers_wait_also_those_of_experts(
    course: Course, expert: Callable[[str], Actor]
) -> None:
    course.place.community.tier = Tier.ASSURED
    course.enforce("approval")
    learner, lars = course.person("Ana Ruiz"), expert("Lars Holm")
    at_learners, at_experts = course.seats(learner, lars)
    opens(at_learners, "I cannot find it.", "How much is too much?")
    answers(at_experts, course.newest_thread(), "Half of it.")

    assert course.states(learner) == [State.PUBLISHED]
    assert course.states(lars) == [State.HELD]
    assert course.reasons() == {"needs-approval"}


def test_a_procedure_asks_for_two_approvals(course: Course, expert: Callable[[str], Actor]) -> None:
    course.place.community.tier = Tier.ASSURED
    course.enforce("approval")
    lars = expert("Lars Holm")
    [seat] = course.seats(lars)
    opens(seat, "1. Open.\n2. Turn.\n3. Wait.\n4. Close.\n5. Sign.", "Changing the valve")

    assert course.reasons() == {"procedure-needs-two"}
    assert course.session.scalars(select(Case.approvals_needed)).one() == 2
