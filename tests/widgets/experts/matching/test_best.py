"""Who is invited: what excludes somebody, who comes first, and what plugins may say about it."""

import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Level
from lmssocial.core.hooks.routing import Candidate, Ranking, Wanted
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.plugin_settings import service as plugin_settings
from lmssocial.widgets.experts.indexing import service as indexing
from lmssocial.widgets.experts.invitation_models import InvitationState, Source
from lmssocial.widgets.experts.matching.ranked import RANKINGS
from lmssocial.widgets.experts.matching.reasons import worded
from lmssocial.widgets.experts.matching.service import Chosen, best
from lmssocial.widgets.experts.models import Question, Reach
from lmssocial.widgets.experts.people_models import Block, Expertise, Person, Profile
from lmssocial.widgets.experts.questions import locked_by_clock
from lmssocial.widgets.experts.topic_models import Topic
from tests.support.experts import (
    bring_together,
    make_answer,
    make_expert,
    make_invitation,
    make_question,
    make_topic,
)
from tests.support.people import Place, make_person, make_place
from tests.support.queries import counted_queries

OURS = {"experts": RANKINGS}


def choose(session: Session, question: Question, most: int = 5, **more: object) -> list[Chosen]:
    """Who is invited to a question."""
    session.flush()
    arguments: dict[str, object] = {"most": most, "now": clock.now(), **more}
    return best(session, arguments.pop("rankings", OURS), locked_by_clock(session, question.id), **arguments)  # type: ignore[arg-type]


def names(chosen: list[Chosen]) -> list[int]:
    """Who they are."""
    return [one.user_id for one in chosen]


def answer(
    session: Session, place: Place, asker: Actor, author: Actor, topic: Topic | None, source: str
) -> None:
    """Somebody answered something before."""
    topics = [topic] if topic else []
    question = make_question(session, place, asker, *topics, title="Earlier", source="Something earlier.")
    indexing.answered(session, make_answer(session, place, question, author, source).contribution_id)


@pytest.fixture
def topic(session: Session, place: Place) -> Topic:
    """What it is about."""
    return make_topic(session, place, "Capability")


@pytest.fixture
def dora(session: Session, place: Place, topic: Topic) -> Actor:
    """Somebody who says that they know about it."""
    dora = make_person(session, place, "Dora Lind")
    make_expert(session, place, dora, topic)
    return dora


@pytest.fixture
def question(session: Session, place: Place, ana: Actor, topic: Topic) -> Question:
    """What Ana asks."""
    return make_question(session, place, ana, topic, title="Reading a histogram", source="Cpk and the tails?")


def test_who_answered_its_like_comes_before_who_says_so_and_both_hear_why(
    session: Session, place: Place, ana: Actor, ben: Actor, dora: Actor, topic: Topic, question: Question
) -> None:
    make_expert(session, place, ben)
    for words in ("The tails of a histogram matter.", "Cpk needs a normal shape."):
        answer(session, place, ana, ben, topic, words)
    first, second = sorted(choose(session, question), key=lambda one: one.user_id != ben.user_id)
    assert worded(first.reasons) == [
        "answered 2 questions about Capability",
        "answered something like this",
        "hardly ever asked before",
    ]
    assert worded(second.reasons) == ["says that they know about Capability", "hardly ever asked before"]
    assert first.signals["score"] > second.signals["score"]
    assert (first.community_id, first.placement_id) == (place.community.id, place.placement.id)
    assert choose(session, question) == choose(session, question)
    assert names(choose(session, question, exclude={ben.user_id})) == [dora.user_id]


Harm = Callable[[Session, Place, Actor, Question], None]


def _row(session: Session, dora: Actor) -> Person:
    return session.get_one(Person, dora.user_id)


def _no_reach(session: Session, place: Place, dora: Actor, _question: Question) -> None:
    session.get_one(Profile, (place.community.id, dora.user_id)).reach = Reach.NONE


def _left(session: Session, _place: Place, dora: Actor, _question: Question) -> None:
    membership = session.query(Membership).filter_by(user_id=dora.user_id).one()
    membership.active = False


def _is_test(session: Session, _place: Place, dora: Actor, _question: Question) -> None:
    session.get_one(User, dora.user_id).is_test = True


def _former(session: Session, _place: Place, dora: Actor, _question: Question) -> None:
    session.get_one(User, dora.user_id).is_former = True


def _paused(session: Session, _place: Place, dora: Actor, _question: Question) -> None:
    _row(session, dora).paused_until = clock.now() + timedelta(days=1)


def _asks(_session: Session, _place: Place, dora: Actor, question: Question) -> None:
    question.asker_id = dora.user_id


def _blocks(session: Session, place: Place, dora: Actor, question: Question) -> None:
    session.add(
        Block(
            user_id=dora.user_id,
            asker_id=question.asker_id,
            community_id=place.community.id,
            at=clock.now(),
        )
    )


def _declined(session: Session, place: Place, dora: Actor, question: Question) -> None:
    make_invitation(session, place, question, dora, state=InvitationState.DECLINED)


def _speaks(session: Session, _place: Place, dora: Actor, question: Question) -> None:
    _row(session, dora).languages, question.language = "fr it", "de"


def _not_this(session: Session, _place: Place, dora: Actor, _question: Question) -> None:
    session.query(Expertise).filter_by(user_id=dora.user_id).one().suspended_at = clock.now()


def _holds(session: Session, place: Place, dora: Actor, _question: Question) -> None:
    """Two invitations wait for them, in another course."""
    other = make_place(session, widget="experts", beside=place)
    asker = make_person(session, other)
    for _ in range(2):
        make_invitation(session, other, make_question(session, other, asker), dora)


def _has_had_a_week(session: Session, place: Place, dora: Actor, _question: Question) -> None:
    for days in (1, 4, 6):
        another = make_question(session, place, make_person(session, place))
        sent = clock.now() - timedelta(days=days)
        make_invitation(session, place, another, dora, state=InvitationState.SUPERSEDED, sent_at=sent)


HARMS: list[Harm] = [
    _no_reach,
    _left,
    _is_test,
    _former,
    _paused,
    _asks,
    _blocks,
    _declined,
    _speaks,
    _not_this,
    _holds,
    _has_had_a_week,
]


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__.strip("_"))
def test_what_excludes_somebody_no_score_brings_back(
    session: Session, place: Place, dora: Actor, question: Question, harm: Harm
) -> None:
    assert names(choose(session, question)) == [dora.user_id]
    harm(session, place, dora, question)
    assert choose(session, question) == []


def test_who_is_only_active_is_not_invited(
    session: Session, place: Place, ana: Actor, cleo: Actor, question: Question
) -> None:
    make_expert(session, place, cleo)
    for _ in range(3):
        answer(session, place, ana, cleo, None, "Lunch is served downstairs.")
    assert choose(session, question) == []


def test_one_word_that_both_happen_to_use_invites_nobody(
    session: Session, place: Place, ana: Actor, cleo: Actor
) -> None:
    make_expert(session, place, cleo)
    asked = make_question(
        session,
        place,
        ana,
        title="Withholding taxes in licences",
        source="The vendor abroad writes net prices; eleven per cent is lost. Who carries them usually?",
    )
    answer(session, place, ana, cleo, None, "Lunch is served downstairs, usually after eleven.")
    assert choose(session, asked) == []
    answer(session, place, ana, cleo, None, "Taxes that are withheld in licences are carried by the vendor.")
    assert names(choose(session, asked)) == [cleo.user_id]


def test_instructors_are_asked_only_where_there_is_nobody_else(
    session: Session, place: Place, tom: Actor, dora: Actor, topic: Topic, question: Question
) -> None:
    make_expert(session, place, tom, topic, sme=True)
    assert names(choose(session, question)) == [dora.user_id]
    assert names(choose(session, question, exclude={dora.user_id})) == [tom.user_id]


def test_experts_of_other_courses_are_asked_as_far_as_both_sides_want_it(
    session: Session, place: Place, question: Question
) -> None:
    beside, away = (make_place(session, widget="experts", beside=place) for _ in range(2))
    bring_together(session, place, beside)
    beside.placement.settings = away.placement.settings = {"reach": Reach.ORGANISATION.value}
    people = {}
    for there in (beside, away):
        same = make_topic(session, there, "capability")
        for reach in (Reach.COURSE, Reach.COMMUNITY, Reach.ORGANISATION):
            person = make_person(session, there)
            make_expert(session, there, person, same, reach=reach)
            people[there.community.id, reach] = person.user_id

    def asked(reach: Reach) -> set[int]:
        place.placement.settings = {"reach": reach.value}
        return set(names(choose(session, question, 9)))

    near = {people[beside.community.id, Reach.COMMUNITY], people[beside.community.id, Reach.ORGANISATION]}
    assert asked(Reach.COURSE) == set()
    assert asked(Reach.COMMUNITY) == near
    assert asked(Reach.ORGANISATION) == near | {people[away.community.id, Reach.ORGANISATION]}
    place.placement.settings = {"reach": Reach.COMMUNITY.value}
    [told] = {one.placement_id for one in choose(session, question)}
    assert told == beside.placement.id
    beside.placement.settings = {"reach": Reach.COURSE.value}  # their staff set it nearer since
    assert choose(session, question) == []


def test_one_of_five_invitations_goes_to_who_was_hardly_ever_asked(
    session: Session, place: Place, ana: Actor, dora: Actor, cleo: Actor, topic: Topic
) -> None:
    make_expert(session, place, cleo, topic)
    for _ in range(3):
        answer(session, place, ana, dora, topic, "A histogram of parts.")
    past = clock.now() - timedelta(days=60)
    for _ in range(3):
        asked = make_question(session, place, ana)
        make_invitation(session, place, asked, dora, state=InvitationState.SUPERSEDED, sent_at=past)
    found = {}
    for _ in range(5):
        question = make_question(session, place, ana, topic, title="Histogram")
        [first] = choose(session, question, 1)
        found[question.id % 5] = (first.user_id, first.source)
    assert found.pop(0) == (cleo.user_id, Source.EXPLORE)
    assert set(found.values()) == {(dora.user_id, Source.MATCH)}


def test_plugins_are_summed_within_limits_and_left_out_where_they_fail_or_are_off(
    session: Session, place: Place, dora: Actor, cleo: Actor, topic: Topic, question: Question
) -> None:
    make_expert(session, place, cleo, topic)

    def prefers(_wanted: Wanted, candidates: list[Candidate]) -> dict[int, float]:
        assert _wanted.topics == ("Capability",)
        return {one.user_id: 1e9 * (one.user_id == cleo.user_id) for one in candidates} | {0: 1.0}

    def fails(_wanted: Wanted, _candidates: list[Candidate]) -> dict[int, float]:
        raise RuntimeError("no")

    def hangs(_wanted: Wanted, _candidates: list[Candidate]) -> dict[int, float]:
        until = time.monotonic() + 20
        while time.monotonic() < until:
            pass
        return {}

    def lies(_wanted: Wanted, candidates: list[Candidate]) -> dict[int, object]:
        return {one.user_id: float("nan") for one in candidates}

    plugins = {
        "kind": (Ranking(name="prefers", rank=prefers, most=2.0),),  # type: ignore[arg-type]
        "odd": tuple(Ranking(name=rank.__name__, rank=rank) for rank in (fails, hangs, lies)),  # type: ignore[arg-type]
    }

    def first() -> Chosen:
        return choose(session, question, rankings=OURS | plugins, exclude={0})[0]

    without = names(choose(session, question))
    assert first().signals["parts"].keys() == {"experts.answers", "experts.standing"}  # they are off
    for plugin in plugins:
        plugin_settings.switch(session, plugin, on=True, level=Level.COURSE, place_id=place.course.id)
    assert first().user_id == cleo.user_id
    parts = first().signals["parts"]
    assert parts.keys() == {"experts.answers", "experts.standing", "kind.prefers"}
    assert parts["kind.prefers"] == 2.0
    assert set(without) == {dora.user_id, cleo.user_id}


@pytest.mark.usefixtures("dora")
def test_finding_people_takes_as_many_statements_for_many_as_for_one(
    session: Session, place: Place, ana: Actor, topic: Topic, question: Question
) -> None:
    def statements() -> int:
        asked = locked_by_clock(session, question.id)
        session.flush()
        with counted_queries() as seen:
            assert best(session, OURS, asked, most=3, now=clock.now())
        return len(seen)

    few = statements()
    for number in range(12):
        expert = make_person(session, place)
        make_expert(session, place, expert, topic)
        answer(session, place, ana, expert, topic, f"Tails of histogram {number}")
    assert statements() <= few + 2  # there are words to look for now
    assert asdict(choose(session, question)[0])["reasons"]
