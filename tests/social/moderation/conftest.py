"""A course with an author and a moderator, and a widget's side of moderation that keeps what it is told."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Level, ReplyTo, Ruling, Span, Stance, Submission, Verdict
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities.models import Tier
from lmssocial.social.content import writing
from lmssocial.social.content.drafts import Writing
from lmssocial.social.content.markdown import render
from lmssocial.social.content.models import Contribution
from lmssocial.social.moderation.cases import settle
from lmssocial.social.moderation.models import Case
from lmssocial.social.moderation.ports import Subject
from lmssocial.social.moderation.screening import Screening, Vote
from lmssocial.social.plugin_settings import service as plugin_settings
from tests.social.moderation.desk import Desk, SitDown
from tests.support.people import Place, make_person, make_place, sign_in
from tests.support.seat import Seat

_numbers = itertools.count(1)


@pytest.fixture
def place(session: Session) -> Place:
    """A course."""
    return make_place(session)


@pytest.fixture
def author(session: Session, place: Place) -> Actor:
    """A learner."""
    return make_person(session, place, "Ben Okoro")


@pytest.fixture
def moderator(session: Session, place: Place) -> Actor:
    """An instructor."""
    return make_person(session, place, "Iris Prado", LmsRole.INSTRUCTOR)


@pytest.fixture
def sit(app: Flask, session: Session, place: Place) -> SitDown:
    """Sign somebody in to the course of ``place``: it is Reviewed, and the policy for links is enforced in it."""
    course = place.course.id
    place.community.tier = Tier.REVIEWED
    plugin_settings.switch(session, "linklimit", on=True, level=Level.COURSE, place_id=course)
    plugin_settings.take_stance(session, "linklimit", Stance.ENFORCE, level=Level.COURSE, place_id=course)

    def sit(actor: Actor) -> Desk:
        browser = f"browser-{next(_numbers)}"
        sign_in(session, place, actor, browser)
        session.commit()
        return Desk(Seat(app, browser, f"/w/{place.placement.id}/discussion"), place.placement.id)

    return sit


@dataclass
class Shelf:
    """A widget that has contributions and is told what was decided about them."""

    decided: list[tuple[str, int, str]] = field(default_factory=list)
    gone: set[int] = field(default_factory=set)
    asked: list[tuple[int, ...]] = field(default_factory=list)

    def publish(self, session: Session, actor: Actor, contribution_id: int) -> None:
        """Publish what was held."""
        del session
        self.decided.append(("published", contribution_id, actor.name))

    def decline(self, session: Session, actor: Actor, contribution_id: int, message: str) -> None:
        """Keep it from being published."""
        del session, actor
        self.decided.append(("declined", contribution_id, message))

    def hide(self, session: Session, actor: Actor, contribution_id: int, message: str) -> None:
        """Let it wait because of its flags."""
        del session, actor
        self.decided.append(("hidden", contribution_id, message))

    def redact(
        self, session: Session, actor: Actor, contribution_id: int, spans: Sequence[Span], message: str
    ) -> None:
        """Take words out."""
        del session, actor
        places = " ".join(f"{span.start}-{span.end}" for span in spans)
        self.decided.append((f"redacted {places}", contribution_id, message))

    def put_back(self, session: Session, actor: Actor, contribution_id: int, spans: Sequence[Span]) -> None:
        """Put words back."""
        del session, actor
        places = " ".join(f"{span.start}-{span.end}" for span in spans)
        self.decided.append((f"put back {places}", contribution_id, ""))

    def answered(self, session: Session, contribution_ids: Sequence[int]) -> dict[int, ReplyTo]:
        """Books answer nothing."""
        del session, contribution_ids
        return {}

    def readable(self, session: Session, actor: Actor, contribution_ids: Sequence[int]) -> set[int]:
        """What somebody may read."""
        del session, actor
        return set(contribution_ids) - self.gone

    def subjects(self, session: Session, actor: Actor, contribution_ids: Sequence[int]) -> dict[int, Subject]:
        """What the moderator sees."""
        del session, actor
        self.asked.append(tuple(contribution_ids))
        return {
            one: Subject(
                contribution_id=one,
                title=f"Title {one}",
                author_name="Ben Okoro",
                author_role="learner",
                html=f"<p>Words {one}</p>",
                href=f"/shelf/{one}",
                edit_href=f"/shelf/{one}/edit",
            )
            for one in contribution_ids
            if one not in self.gone
        }


@pytest.fixture
def shelf() -> Shelf:
    """A widget's side."""
    return Shelf()


def submission_of(actor: Actor, kind: str = "shelf.book", **changes: object) -> Submission:
    """Something ``actor`` hands in."""
    values: dict[str, object] = {
        "kind": kind,
        "tenant_id": actor.tenant_id,
        "community_id": actor.community_id,
        "author_id": actor.user_id,
        "author_role": actor.lead_role,
        "title": "",
        "source": "words",
        "text": "words",
    }
    return Submission(**{**values, **changes})  # type: ignore[arg-type]


def hold(policy: str, message: str = "A moderator looks first.", ruling: Ruling = Ruling.HOLD) -> Vote:
    """One policy's vote."""
    return Vote(policy, Verdict(ruling=ruling, reason=f"{policy}-reason", message=message))


def book(session: Session, actor: Actor, place: Place, source: str = "words") -> Contribution:
    """Something ``actor`` published."""
    return writing.add(
        session,
        actor,
        "shelf.book",
        Writing(source=source),
        render(source),
        placement_id=place.placement.id,
    )


def held(
    session: Session,
    actor: Actor,
    place: Place,
    contribution_id: int = 1,
    kind: str = "shelf.book",
    *votes: Vote,
    **changes: object,
) -> Case:
    """A case about something ``actor`` wrote."""
    case = settle(
        session,
        actor,
        submission_of(actor, kind, **changes),
        Screening(votes or (hold("linklimit"),)),
        placement_id=place.placement.id,
        contribution_id=contribution_id,
        held=True,
    )
    assert case is not None
    session.flush()
    return case
