"""Who is told of what happens in a peer rating, how it reads, and whose name stays hidden."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from lmssocial.core.activity import record
from lmssocial.core.activity.record import happened
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.notifications import making, queries
from lmssocial.social.notifications.registry import everything
from lmssocial.widgets.peer_rating import events, score_events
from lmssocial.widgets.peer_rating.activities import envelope, locked
from lmssocial.widgets.peer_rating.clockwork.extensions import extend
from lmssocial.widgets.peer_rating.clockwork.moving import move
from lmssocial.widgets.peer_rating.clockwork.owing import What
from lmssocial.widgets.peer_rating.clockwork.reminding import remind
from lmssocial.widgets.peer_rating.events import PeerRatingEvent
from lmssocial.widgets.peer_rating.models import Phase, ReviewState, Source
from lmssocial.widgets.peer_rating.scoring_models import Appeal, AppealState, Result
from lmssocial.widgets.peer_rating.wiring import lmssocial_register_widgets
from tests.conftest import TestClock
from tests.support.notices import bell
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import Place, make_person
from tests.support.queries import Queries
from tests.widgets.peer_rating.clockwork.conftest import DATES, DAY, MONDAY

REGISTRY = everything(lmssocial_register_widgets())
Count = Callable[[], AbstractContextManager[Queries]]


def tell(session: Session) -> None:
    """Read what was written into the log since, as the worker would."""
    session.flush()
    rows = session.info.pop("lmssocial_add_last", [])
    session.add_all(rows)
    session.flush()
    for row in rows:
        making.tell(REGISTRY, happened(row), session)
    session.flush()
    session.expire_all()


def heard(session: Session, actor: Actor) -> list[str]:
    """What somebody's page of notices says, the newest first."""
    return [one.words.sentence for one in queries.notice_page(session, REGISTRY, actor).notices]


def led_to(session: Session, actor: Actor) -> list[str]:
    """Where their notices lead, below the address of the activity."""
    pages = [one.words.path for one in queries.notice_page(session, REGISTRY, actor).notices]
    return [page.partition("/peer_rating")[2] for page in pages]


def happens(
    session: Session, place: Place, kind: type[PeerRatingEvent], actor: Actor | None = None, **payload: Any
) -> None:
    """Let something happen, and tell of it."""
    common = envelope(session, locked(session, place.placement.id), actor)
    record(session, kind(**common, placement_id=place.placement.id, **payload))
    tell(session)


def test_learners_hear_when_it_opens_and_staff_do_not(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.PUBLISHED)
    move(session, tom, place.placement.id, Phase.SUBMIT)
    tell(session)
    assert heard(session, ana) == heard(session, ben) == ["You can hand in your work now"]
    assert bell(session, tom) == 0


def test_whoever_can_review_hears_when_it_begins(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    set_up(session, place)
    for actor in (ana, ben):
        make_work(session, place, actor)
    move(session, tom, place.placement.id, Phase.REVIEW)
    tell(session)
    assert heard(session, ana) == heard(session, ben) == ["You can review now"]
    assert heard(session, cleo) == []  # handed nothing in


def test_works_that_were_given_out_are_one_notice_that_counts(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    set_up(session, place, Phase.REVIEW)
    for author in (ben, cleo):
        work = make_work(session, place, author)
        review = make_review(session, place, work, ana, state=ReviewState.OFFERED, source=Source.BATCH)
        happens(
            session,
            place,
            events.ReviewOffered,
            review_id=review.id,
            work_id=work.id,
            reviewer_id=ana.user_id,
            source="batch",
        )
    assert heard(session, ana) == ["2 works wait for your review"]


def test_a_near_date_is_told_to_those_who_owe_by_that_date(
    session: Session, place: Place, clock: TestClock, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    set_up(session, place, **DATES)
    make_work(session, place, ana)
    later = DATES["submit_due_at"] + 2 * DAY
    extend(session, tom, place.placement.id, cleo.user_id, later, None)
    tell(session)
    clock.move_to(DATES["submit_due_at"] - timedelta(hours=5))
    for due in (DATES["submit_due_at"], later):
        happens(session, place, events.DueSoon, what="work", due_at=due.isoformat())
    assert heard(session, ana) == []
    assert heard(session, ben) == ["You have 5 hours left to hand in your work"]
    assert heard(session, cleo) == [
        "You have 53 hours left to hand in your work",
        "You have other dates than before",
    ]
    clock.tick(days=1)
    assert heard(session, ben) == ["The time for handing in your work is over, or nearly"]


def test_only_those_who_are_reminded_hear_it(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    set_up(session, place)
    remind(session, tom, place.placement.id, What.WORK, [ben.user_id])
    tell(session)
    assert heard(session, ben) == ["Your instructor reminds you to hand in your work"]
    assert heard(session, ana) == []


def test_authors_hear_that_reviews_can_be_read_as_long_as_they_can(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.REVIEW)
    make_review(session, place, make_work(session, place, ana), ben)
    make_work(session, place, ben)
    move(session, tom, place.placement.id, Phase.EVALUATE)
    tell(session)
    assert heard(session, ana) == ["You can read the reviews of your work"]
    assert led_to(session, ana) == ["/feedback"]
    assert heard(session, ben) == []  # nobody reviewed theirs
    move(session, tom, place.placement.id, Phase.REVIEW, "Too early.")
    assert heard(session, ana) == []


def test_scores_are_announced_and_never_said(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, clock: TestClock
) -> None:
    set_up(session, place, Phase.RELEASED)
    works = [make_work(session, place, actor) for actor in (ana, ben)]
    for work in works:
        session.add(
            Result(
                work_id=work.id,
                placement_id=place.placement.id,
                points=7.25,
                computed_at=clock.now,
                released_points=7.25,
                released_at=clock.now,
            )
        )
    happens(session, place, score_events.ScoresReleased, tom, release_id=1, number=1)
    happens(
        session, place, score_events.ScoresReleased, tom, release_id=2, number=2, changed_ids=[works[1].id]
    )
    assert heard(session, ana) == ["The score of your work is released"]
    assert heard(session, ben) == ["The score of your work has changed"]
    assert "7" not in "".join(heard(session, ana) + heard(session, ben))


@pytest.mark.parametrize(
    ("identity", "says"),
    [
        ("named", "Ana Ruiz answered your review"),
        ("single-blind", "Ana Ruiz answered your review"),
        ("double-blind", "An author answered your review"),
    ],
)
def test_an_answer_names_its_author_only_where_authors_are_shown(
    session: Session, place: Place, ana: Actor, ben: Actor, identity: Any, says: str
) -> None:
    set_up(session, place, Phase.FEEDBACK, identity=identity, identity_reason="Fairness for everybody.")
    work = make_work(session, place, ana)
    review = make_review(session, place, work, ben)
    happens(
        session,
        place,
        events.ReviewRated,
        ana,
        review_id=review.id,
        work_id=work.id,
        reviewer_id=ben.user_id,
        helpful=4,
        replied=True,
    )
    assert heard(session, ben) == [says]
    assert led_to(session, ben) == [f"/said#review-{review.id}"]


def test_no_learner_reads_the_name_of_who_took_something_out(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.REVIEW)
    work = make_work(session, place, ana)
    held = make_review(session, place, work, ben, state=ReviewState.STARTED)
    about: dict[str, Any] = {"review_id": held.id, "work_id": work.id, "reviewer_id": ben.user_id}
    happens(
        session, place, events.WorkTakenOut, tom, work_id=work.id, author_ids=[ana.user_id], state="cancelled"
    )
    happens(session, place, events.ReviewRevoked, tom, **about)
    assert heard(session, ana) == ["An instructor took your work out. Why stands on its page"]
    assert heard(session, ben) == ["A work that you had to review was taken back. You need not review it"]
    happens(session, place, events.ReviewRevoked, **about)  # by the clock: they left the course
    assert bell(session, ben) == 1


def test_an_appeal_goes_to_those_who_decide_until_it_is_decided(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.RELEASED)
    work = make_work(session, place, ana)
    appeal = Appeal(
        tenant_id=place.tenant.id,
        community_id=place.community.id,
        placement_id=place.placement.id,
        work_id=work.id,
        author_id=ana.user_id,
        criteria={"criteria": [0]},
        text="The second source was overlooked; it stands on page three.",
        made_at=MONDAY,
    )
    session.add(appeal)
    session.flush()
    about = {"appeal_id": appeal.id, "work_id": work.id, "author_id": ana.user_id}
    happens(session, place, score_events.AppealMade, ana, **about)
    assert heard(session, tom) == ["Ana Ruiz asks for another look at a score"]
    assert led_to(session, tom) == [f"/appeals/{about['appeal_id']}"]
    assert heard(session, ben) == []
    session.get_one(Appeal, about["appeal_id"]).state = AppealState.REJECTED
    happens(session, place, score_events.AppealDecided, tom, **about, upheld=False)
    assert heard(session, tom) == []
    assert heard(session, ana) == ["Your appeal is answered: the score stays"]


@pytest.mark.parametrize(
    ("why", "count", "says", "to"),
    [
        ("too-few-works", 0, "Nobody handed in", "/board"),
        ("too-few-works", 1, "Only one work", "/board"),
        ("reviews-missing", 3, "3 works have too few reviews", "/board"),
        ("scores-ready", 4, "then release them", "/scores"),
        ("scoring-failed", 0, "another scoring", "/board"),
        ("allocator-failed", 0, "Nobody has to wait", "/board"),
    ],
)
def test_staff_hear_what_to_do_and_nobody_else(
    session: Session, place: Place, ana: Actor, tom: Actor, why: str, count: int, says: str, to: str
) -> None:
    set_up(session, place)
    happens(session, place, events.StaffNeeded, why=why, count=count)
    [said] = heard(session, tom)
    assert says in said
    assert led_to(session, tom) == [to]
    assert heard(session, ana) == []


@pytest.mark.parametrize(("because", "is_told"), [("technical", True), ("conflict", False)])
def test_staff_hear_of_what_does_not_open_and_of_no_other_reason(
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    tom: Actor,
    because: str,
    is_told: bool,  # noqa: FBT001 – what is expected
) -> None:
    set_up(session, place, Phase.REVIEW)
    work = make_work(session, place, ana)
    review = make_review(session, place, work, ben, levels=None, state=ReviewState.DECLINED)
    facts: dict[str, Any] = {
        "review_id": review.id,
        "work_id": work.id,
        "reviewer_id": ben.user_id,
        "because": because,
    }
    happens(session, place, events.ReviewDeclined, **facts)
    assert led_to(session, tom) == ([f"/works/{work.id}"] if is_told else [])
    assert heard(session, ana) == []


def test_calling_it_off_is_one_notice_for_everybody(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.REVIEW)
    make_review(session, place, make_work(session, place, ana), ben, state=ReviewState.STARTED)
    move(session, tom, place.placement.id, Phase.CANCELLED, "The course ends early.")
    tell(session)
    assert heard(session, ana) == heard(session, ben)
    assert heard(session, ben) == ["An instructor called off this activity. There is nothing more to do"]


def test_every_event_that_is_told_of_has_a_port_and_every_kind_a_sentence() -> None:
    [widget] = lmssocial_register_widgets()
    names = {kind.name for kind in (*events.EVENT_TYPES, *score_events.EVENT_TYPES)}
    assert {name for name in widget.notices if name.startswith("peer_rating.")} <= names


def test_wording_asks_as_much_for_many_as_for_few(
    session: Session, place: Place, ana: Actor, tom: Actor, count_queries: Count
) -> None:
    set_up(session, place, Phase.FEEDBACK)
    others = [make_person(session, place, f"Person {number}", LmsRole.LEARNER) for number in range(9)]

    def hear(authors: Sequence[Actor]) -> int:
        for author in authors:
            work = make_work(session, place, author)
            review = make_review(session, place, work, ana)
            about: dict[str, Any] = {"review_id": review.id, "work_id": work.id, "reviewer_id": ana.user_id}
            happens(session, place, events.ReviewRated, author, **about, helpful=4, replied=False)
            happens(session, place, events.ReviewVoided, tom, **about)
        with count_queries() as seen:
            heard(session, ana)
        return len(seen)

    assert hear(others[:1]) == hear(others[1:])
