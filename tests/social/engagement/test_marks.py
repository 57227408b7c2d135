"""Marks of one person on one post: who may make them, that they count once, and that they can be taken back."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.social.communities.models import Placement
from lmssocial.social.engagement import mentioning
from lmssocial.social.engagement import service as marks
from lmssocial.social.engagement.models import Mark, SpecialMention, Tally
from lmssocial.social.engagement.tallies import COUNTERS, reconcile
from lmssocial.widgets.discussion import service
from lmssocial.widgets.discussion.engaging import EngagedPosts
from lmssocial.widgets.discussion.models import Audience, Thread
from lmssocial.widgets.discussion.service import Posted
from lmssocial.widgets.discussion.settings import DiscussionSettings
from tests.support.discussion import events, thread_of
from tests.support.people import Place, make_person, make_place

PORT = EngagedPosts()

Deed = Callable[..., None]


@pytest.fixture
def rated(session: Session, place: Place) -> None:
    """Stars are given in the discussion."""
    settings = DiscussionSettings(stars=True).as_json()
    session.execute(update(Placement).where(Placement.id == place.placement.id).values(settings=settings))


def tally(session: Session, post_id: int) -> dict[str, int]:
    """What is counted of a post, without zeros."""
    row = session.scalar(select(Tally).where(Tally.contribution_id == post_id))
    return {name: getattr(row, name) for name in COUNTERS if row is not None and getattr(row, name)}


def rate_four(session: Session, actor: Actor, port: EngagedPosts, post_id: int) -> None:
    """Four stars."""
    marks.rate(session, actor, port, post_id, 4)


def mention(session: Session, actor: Actor, port: EngagedPosts, post_id: int) -> None:
    """A special mention."""
    mentioning.mention_specially(session, actor, port, post_id, "The table in it saves an hour.")


DEEDS = [
    (marks.mark_helpful, marks.unmark_helpful, {"helpful": 1}, "engagement.helpful_marked"),
    (marks.save, marks.unsave, {"saved": 1}, "engagement.saved"),
    (marks.endorse, marks.unendorse, {"endorsed": 1}, "engagement.endorsed"),
    (rate_four, marks.unrate, {"stars_count": 1, "stars_sum": 4}, "engagement.rated"),
    (mention, mentioning.take_mention_back, {"specially_mentioned": 1}, "engagement.specially_mentioned"),
]
BY_OTHERS = [deed for deed, _undo, _counted, _event in DEEDS if deed is not marks.save]


@pytest.mark.usefixtures("rated")
@pytest.mark.parametrize(("deed", "undo", "counted", "event"), DEEDS)
def test_a_mark_counts_once_however_often_it_is_sent_and_can_be_taken_back(
    deed: Deed,
    undo: Deed,
    counted: dict[str, int],
    event: str,
    session: Session,
    tom: Actor,
    thread: Posted,
) -> None:
    before = thread_of(session, thread).version
    for _twice in range(2):
        deed(session, tom, PORT, thread.post_id)
        assert tally(session, thread.post_id) == counted
    recorded = [payload for name, actor_id, payload in events(session) if name == event]
    assert len(recorded) == 1
    assert recorded[0]["contribution_id"] == thread.post_id
    assert thread_of(session, thread).version == before + 1, "its page has changed, once"
    for _twice in range(2):
        undo(session, tom, PORT, thread.post_id)
        assert tally(session, thread.post_id) == {}
    kept = [name for name, _who, _payload in events(session) if name == "engagement.unsaved"]
    assert len(kept) == (deed is marks.save)
    deed(session, tom, PORT, thread.post_id)
    assert tally(session, thread.post_id) == counted
    assert reconcile(session) == 0


@pytest.mark.usefixtures("rated")
@pytest.mark.parametrize("deed", BY_OTHERS)
def test_nobody_marks_their_own(deed: Deed, session: Session, ana: Actor, thread: Posted) -> None:
    expert = replace(ana, offices=frozenset({Office.SME}))
    with pytest.raises(NotAllowed, match="your own"):
        deed(session, expert, PORT, thread.post_id)
    marks.save(session, ana, PORT, thread.post_id)
    assert tally(session, thread.post_id) == {"saved": 1}


@pytest.mark.usefixtures("rated")
@pytest.mark.parametrize("deed", [deed for deed, *_rest in DEEDS])
def test_only_what_is_read_and_published_is_marked(
    deed: Deed, session: Session, place: Place, ben: Actor, tom: Actor, ana: Actor, thread: Posted
) -> None:
    stranger = make_person(session, make_place(session, beside=place), "Stranger")
    with pytest.raises(NotFound):
        deed(session, stranger, PORT, thread.post_id)
    session.execute(
        update(Thread)
        .where(Thread.id == thread.thread_id)
        .values(audience=Audience.PRIVATE, learner_id=ana.user_id)
    )
    with pytest.raises(NotFound):
        deed(session, ben, PORT, thread.post_id)
    service.remove_post(session, ana, thread.post_id)
    with pytest.raises((NotFound, Conflict)):
        deed(session, tom, PORT, thread.post_id)
    assert session.scalar(select(func.count()).select_from(Mark)) == 0


def test_what_waits_for_a_moderator_is_not_marked(session: Session, tom: Actor, thread: Posted) -> None:
    session.execute(update(Thread).where(Thread.id == thread.thread_id).values(state="held"))
    with pytest.raises(Conflict):
        marks.mark_helpful(session, tom, PORT, thread.post_id)


def test_only_experts_and_instructors_endorse(
    session: Session, ben: Actor, tom: Actor, thread: Posted
) -> None:
    for actor in (ben, replace(ben, offices=frozenset({Office.STEWARD}))):
        with pytest.raises(NotAllowed, match="subject-matter experts"):
            marks.endorse(session, actor, PORT, thread.post_id)
    marks.endorse(
        session, replace(ben, offices=frozenset({Office.SME})), PORT, thread.post_id, "The figures."
    )
    marks.endorse(session, tom, PORT, thread.post_id)
    assert tally(session, thread.post_id) == {"endorsed": 2}
    assert thread_of(session, thread).endorsed_count == 1
    marks.unendorse(session, ben, PORT, thread.post_id)
    assert tally(session, thread.post_id) == {"endorsed": 1}, "whoever lost the office can take it back"


def test_another_sentence_takes_the_place_of_the_first(session: Session, tom: Actor, thread: Posted) -> None:
    marks.endorse(session, tom, PORT, thread.post_id, "The figures.")
    version = thread_of(session, thread).version
    marks.endorse(session, tom, PORT, thread.post_id, "The method.")
    mentioning.mention_specially(session, tom, PORT, thread.post_id, "Read it.")
    mentioning.mention_specially(session, tom, PORT, thread.post_id, "Read it twice.")
    assert session.scalars(select(Mark.endorsement)).one() == "The method."
    assert session.scalars(select(SpecialMention.sentence)).one() == "Read it twice."
    assert tally(session, thread.post_id) == {"endorsed": 1, "specially_mentioned": 1}
    assert thread_of(session, thread).version == version + 3, "each new sentence is seen at once"


def test_stars_are_given_only_where_these_are_wanted(session: Session, tom: Actor, thread: Posted) -> None:
    with pytest.raises(NotAllowed, match="not rated"):
        marks.rate(session, tom, PORT, thread.post_id, 3)


@pytest.mark.usefixtures("rated")
def test_other_stars_take_the_place_of_the_first(
    session: Session, ben: Actor, tom: Actor, thread: Posted
) -> None:
    marks.rate(session, tom, PORT, thread.post_id, 2)
    marks.rate(session, tom, PORT, thread.post_id, 5)
    marks.rate(session, ben, PORT, thread.post_id, 1)
    assert tally(session, thread.post_id) == {"stars_count": 2, "stars_sum": 6}
    for wrong in (0, 6, -1):
        with pytest.raises(Invalid):
            marks.rate(session, tom, PORT, thread.post_id, wrong)
    stars = [payload["stars"] for name, _who, payload in events(session) if name == "engagement.rated"]
    assert stars == [2, 5, 1]


def test_a_special_mention_needs_a_sentence_of_at_most_300_characters(
    session: Session, tom: Actor, thread: Posted
) -> None:
    for sentence in ("", "x" * 301):
        with pytest.raises(Invalid):
            mentioning.mention_specially(session, tom, PORT, thread.post_id, sentence)
    mentioning.mention_specially(session, tom, PORT, thread.post_id, "x" * 300)


def test_a_moderator_takes_away_what_somebody_wrote_and_nobody_else_does(
    session: Session, place: Place, ben: Actor, tom: Actor, thread: Posted
) -> None:
    mentioning.mention_specially(session, ben, PORT, thread.post_id, "Look at this.")
    with pytest.raises(NotAllowed):
        mentioning.take_mention_back(
            session, make_person(session, place, "Mei Ono"), PORT, thread.post_id, ben.user_id
        )
    stranger = replace(tom, community_id=make_place(session, beside=place).community.id)
    with pytest.raises(NotFound):
        mentioning.take_mention_back(session, stranger, PORT, thread.post_id, ben.user_id)
    mentioning.take_mention_back(session, tom, PORT, thread.post_id, ben.user_id)
    assert tally(session, thread.post_id) == {}


def test_the_thread_counts_people_and_not_marks(
    session: Session, ben: Actor, tom: Actor, thread: Posted, reply: Callable[..., Posted]
) -> None:
    answers = [reply(ben, thread.post_id) for _ in range(3)]
    for answer in answers:
        marks.mark_helpful(session, tom, PORT, answer.post_id)
    assert thread_of(session, thread).helped_count == 1
    marks.unmark_helpful(session, tom, PORT, answers[0].post_id)
    assert thread_of(session, thread).helped_count == 1
    for answer in answers[1:]:
        marks.unmark_helpful(session, tom, PORT, answer.post_id)
    assert thread_of(session, thread).helped_count == 0


def test_what_was_counted_wrongly_is_counted_anew(
    session: Session, ben: Actor, tom: Actor, thread: Posted, reply: Callable[..., Posted]
) -> None:
    answer = reply(ben, thread.post_id)
    for actor in (ben, tom):
        marks.mark_helpful(session, actor, PORT, thread.post_id)
    mention(session, tom, PORT, answer.post_id)
    session.execute(update(Tally).values(helpful=41, shared=3, stars_sum=-2))
    session.expire_all()
    assert reconcile(session) == 2
    assert tally(session, thread.post_id) == {"helpful": 2}
    assert tally(session, answer.post_id) == {"specially_mentioned": 1}
    assert reconcile(session) == 0
