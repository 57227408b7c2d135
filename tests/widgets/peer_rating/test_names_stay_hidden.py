"""Where names are hidden, no page, notice or letter that an author or reviewer can get says them, or whose id it is.

All addresses of the application are tried with all ids there are, by people who may do little. The same walk through an
activity in which names are shown finds them: it would notice.
"""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lmssocial.core.activity import record
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.content.models import Contribution
from lmssocial.social.notifications import outgoing as the_post
from lmssocial.social.notifications.models import Delivery, Notice
from lmssocial.social.notifications.outgoing import schedule, write_for
from lmssocial.social.notifications.registry import everything
from lmssocial.widgets.peer_rating import events, score_events
from lmssocial.widgets.peer_rating.activities import enter, locked
from lmssocial.widgets.peer_rating.feedback import appealing, rating
from lmssocial.widgets.peer_rating.feedback.appealing import AppealDraft
from lmssocial.widgets.peer_rating.feedback.rating import RatingDraft
from lmssocial.widgets.peer_rating.models import Phase, Review, ReviewState, Work
from lmssocial.widgets.peer_rating.settings import Identity, Reveal
from lmssocial.widgets.peer_rating.wiring import lmssocial_register_widgets
from tests.support.discussion import let_pass
from tests.support.notices import tell
from tests.support.outgoing import outgoing
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.peer_scores import make_release, make_result
from tests.support.people import Place, make_person
from tests.support.seat import Seat

pytestmark = pytest.mark.one_database

FIRST_ID = 880_000
"""Ids of people are above this one, and those of nothing else: found anywhere, it is a person."""
ELSEWHERE = ("discussion.", "governance.")
"""Pages of other widgets, and the list of those who are in the course, which everybody in it may see."""
READ = {"home", "feedback", "rated_list", "work_detail", "review_detail", "review_read"}
"""Pages that somebody must have got, or the walk was none."""

Sit = Callable[[Actor], Seat]


@dataclass
class Cast:
    """People with names that stand nowhere else, and what they did."""

    place: Place
    people: dict[str, Actor]
    works: dict[str, Work] = field(default_factory=dict)
    reviews: list[Review] = field(default_factory=list)

    def hidden_from(self, viewer: str, identity: Identity) -> list[Actor]:
        """Everybody else; where only reviewers are hidden, without the authors of what the viewer reviews."""
        me = self.people[viewer]
        mine = {one.work_id for one in self.reviews if one.reviewer_id == me.user_id}
        seen = {name for name, work in self.works.items() if work.id in mine}
        known = set() if identity is Identity.DOUBLE_BLIND else seen
        return [one for name, one in self.people.items() if name not in known | {viewer}]


def play(session: Session, place: Place, **settings: Any) -> Cast:
    """Zora reviewed Quirin's work and holds Ludmila's; Milo and Ysolde reviewed hers, Ludmila that of Milo."""
    session.add(
        User(
            id=FIRST_ID,
            tenant_id=place.tenant.id,
            registration_id=place.registration.id,
            sub="nobody",
            name="Nobody",
            created_at=clock.now(),
            last_seen_at=clock.now(),
        )
    )
    session.flush()
    names = ("Zora Quill", "Milo Fenwick", "Ysolde Brandt", "Quirin Vasko", "Ludmila Ostrow")
    people = {name.split()[0]: make_person(session, place, name) for name in names}
    assert all(one.user_id > FIRST_ID for one in people.values())
    session.execute(update(User).where(User.id > FIRST_ID).values(email=User.sub + "@example.edu"))
    set_up(session, place, Phase.REVIEW, least=1, identity_reason="Fairness.", **settings)
    cast = Cast(place, people)
    for name in ("Zora", "Milo", "Quirin", "Ludmila"):
        cast.works[name] = make_work(session, place, people[name])
    for reviewer, author in (("Milo", "Zora"), ("Ysolde", "Zora"), ("Zora", "Quirin"), ("Ludmila", "Milo")):
        review = make_review(session, place, cast.works[author], people[reviewer])
        cast.reviews.append(review)
        told: dict[str, Any] = {"review_id": review.id, "work_id": review.work_id, "source": "pull"}
        told |= {"reviewer_id": review.reviewer_id, "author_ids": [people[author].user_id]}
        record(
            session,
            events.ReviewSubmitted(**people[reviewer].envelope, placement_id=place.placement.id, **told),
        )
    held = make_review(session, place, cast.works["Ludmila"], people["Zora"], state=ReviewState.STARTED)
    cast.reviews.append(held)
    _phase(session, cast, Phase.FEEDBACK)
    for author, review in (("Quirin", cast.reviews[2]), ("Zora", cast.reviews[0])):
        draft = RatingDraft(helpful=5, tags=("fair",), reply="Which page do you mean?")
        rating.rate(session, let_pass, people[author], place.placement.id, review.id, draft)
    tell(session, everything(lmssocial_register_widgets()))
    return cast


def _phase(session: Session, cast: Cast, phase: Phase) -> None:
    """The activity enters a phase, and everybody is told."""
    enter(session, locked(session, cast.place.placement.id), phase, actor=None)


def nobody(cast: Cast) -> dict[str, Any]:
    return {**cast.people["Zora"].envelope, "actor_id": None, "actor_role": ""}


def release(session: Session, cast: Cast) -> None:
    """Scores are shown, and Zora appeals."""
    made = make_release(session, cast.place)
    for work in cast.works.values():
        make_result(session, work, 7)
    _phase(session, cast, Phase.RELEASED)
    shown = score_events.ScoresReleased(
        **nobody(cast), placement_id=cast.place.placement.id, release_id=made.id, number=1
    )
    record(session, shown)
    text = "One of them read another work than mine, I am quite sure of that."
    appealing.appeal(
        session, cast.people["Zora"], cast.place.placement.id, AppealDraft(criteria=(0,), text=text)
    )
    tell(session, everything(lmssocial_register_widgets()))


def addresses(
    app: Flask, placement_id: int, known: Mapping[str, Iterable[object]]
) -> Iterator[tuple[str, str]]:
    """Endpoint and path of everything that can be opened below a placement, with every id that there is."""
    build = app.url_map.bind("localhost").build
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/w/<int:placement_id>") or "GET" not in (rule.methods or ()):
            continue
        if rule.endpoint.startswith(ELSEWHERE):
            continue
        names = sorted(rule.arguments - {"placement_id"})
        for values in itertools.product(*(known.get(name, (1,)) for name in names)):
            found = dict(zip(names, values, strict=True))
            yield rule.endpoint, build(rule.endpoint, {"placement_id": placement_id, **found})


def walk(app: Flask, seat: Seat, cast: Cast, session: Session) -> dict[str, str]:
    """Everything the application gives one person, headers and all, by address."""
    known = {
        "user_id": [cast.people["Zora"].user_id, cast.people["Milo"].user_id],
        "work_id": [one.id for one in cast.works.values()],
        "review_id": [one.id for one in cast.reviews],
        "contribution_id": session.scalars(select(Contribution.id)).all(),
        "notice_id": session.scalars(select(Notice.id)).all(),
        "form": ("csv", "json"),
        "deed": ("up",),
        "target": (f"work:{cast.place.placement.id}",),
    }
    session.rollback()
    got: dict[str, str] = {}
    endpoints = set()
    for endpoint, path in addresses(app, cast.place.placement.id, known):
        answer = seat.client.get(path)
        assert answer.status_code < 500, path
        got[path] = f"{answer.headers}\n{answer.get_data(as_text=True)}"
        if answer.status_code == 200:
            endpoints.add(endpoint.removeprefix("peer_rating."))
    assert endpoints >= READ, f"not walked: {sorted(READ - endpoints)}"
    return got


def said_of(people: Iterable[Actor], text: str) -> set[str]:
    """What of ``text`` says who one of ``people`` is."""
    parts = {part for one in people for part in one.name.split()}
    words = "|".join([*sorted(parts), *(str(one.user_id) for one in people)])
    return set(re.findall(rf"(?<!\d)({words})(?!\d)", text))


def letters(session: Session, viewer: Actor) -> list[str]:
    """What is written to somebody outside of the LMS."""
    session.execute(update(Notice).values(mail_at=Notice.created_at))
    session.flush()
    widgets = lmssocial_register_widgets()
    out = outgoing(registry=everything(widgets))
    schedule(session)
    session.flush()
    for user_id in the_post.due(session):
        write_for(session, out, user_id)
        session.flush()
    rows = session.scalars(select(Delivery).where(Delivery.user_id == viewer.user_id))
    return [f"{row.title}\n{row.text}\n{row.html}" for row in rows]


@pytest.mark.parametrize(
    ("phase", "identity"),
    [
        (Phase.REVIEW, Identity.DOUBLE_BLIND),
        (Phase.FEEDBACK, Identity.SINGLE_BLIND),
        (Phase.FEEDBACK, Identity.DOUBLE_BLIND),
        (Phase.RELEASED, Identity.SINGLE_BLIND),
        (Phase.RELEASED, Identity.DOUBLE_BLIND),
    ],
)
def test_no_page_notice_or_letter_says_whose_a_hidden_name_is(
    app: Flask, session: Session, place: Place, seat: Sit, identity: Identity, phase: Phase
) -> None:
    cast = play(session, place, identity=identity, reveal=Reveal.NEVER)
    if phase is Phase.RELEASED:
        release(session, cast)
    viewer, hidden = cast.people["Zora"], cast.hidden_from("Zora", identity)
    assert len(hidden) >= 2
    written = letters(session, viewer)
    assert written
    assert [said_of(hidden, text) for text in written] == [set()] * len(written)

    locked(session, place.placement.id).activity.phase = phase
    leaks = {path: said_of(hidden, text) for path, text in walk(app, seat(viewer), cast, session).items()}
    assert {path: said for path, said in leaks.items() if said} == {}


def test_the_walk_would_find_a_name(app: Flask, session: Session, place: Place, seat: Sit) -> None:
    cast = play(session, place)
    browser = seat(cast.people["Zora"])
    found = {
        part
        for text in walk(app, browser, cast, session).values()
        for part in said_of(cast.people.values(), text)
    }
    assert {"Milo", "Ysolde", "Quirin"} <= found
