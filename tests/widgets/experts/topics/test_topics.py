"""Topics are found by any of their names, kept in order by stewards, and never two for one thing."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lmssocial.core.activity.models import ActivityEvent
from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.connection_models import Tag, Tagging
from lmssocial.widgets.experts.models import QuestionTopic
from lmssocial.widgets.experts.people_models import Endorsement, Expertise, Person
from lmssocial.widgets.experts.topic_models import Topic
from lmssocial.widgets.experts.topics import gaps, merging, naming, queries, service
from tests.support.experts import make_answer, make_expert, make_question, make_topic, words_of
from tests.support.people import Place, make_place
from tests.support.queries import counted_queries
from tests.support.seat import Seat, text_of

Sit = Callable[[Actor], Seat]


def endorse(session: Session, topic: Topic, whom: Actor, by: Actor, weight: float = 1.0) -> None:
    """Somebody endorsed somebody; counted nowhere yet."""
    session.add(
        Endorsement(
            tenant_id=topic.tenant_id,
            community_id=topic.community_id,
            topic_id=topic.id,
            user_id=whom.user_id,
            by_id=by.user_id,
            why="She showed me.",
            weight=weight,
            at=clock.now(),
        )
    )
    session.flush()


def test_a_topic_is_found_by_any_of_its_names_whatever_the_case(
    session: Session, place: Place, ana: Actor
) -> None:
    capability = make_topic(session, place, "Process capability", "Cpk")

    found = service.resolve(session, ana, ["#CPK", " process  Capability ", "Takt time"])

    assert found[0] == capability.id
    assert len(found) == 2
    assert queries.labels(session, found) == {found[0]: "Process capability", found[1]: "Takt time"}
    with unit_of_work(session):
        pass  # which writes down what happened
    assert session.scalars(select(ActivityEvent.name)).all() == ["experts.topic_made"]


def test_a_merged_topic_is_found_as_what_it_became_and_a_retired_one_takes_nothing_new(
    session: Session, place: Place, ana: Actor, tom: Actor
) -> None:
    short, long = make_topic(session, place, "SPC"), make_topic(session, place, "Statistical process control")
    merging.merge(session, tom, short.id, long.id)

    assert service.resolve(session, ana, ["spc"]) == [long.id]
    assert queries.labels(session, [short.id]) == {short.id: "Statistical process control"}
    service.retire(session, tom, long.id, retired=True)
    with pytest.raises(Invalid, match="not used here any more"):
        service.resolve(session, ana, ["spc"])
    service.retire(session, tom, long.id, retired=False)
    assert service.resolve(session, ana, ["SPC"]) == [long.id]


def test_a_question_has_at_most_five_topics_with_short_names(session: Session, ana: Actor) -> None:
    with pytest.raises(Invalid, match="At most 5"):
        service.resolve(session, ana, list("abcdef"))
    with pytest.raises(Invalid, match="60 characters"):
        service.resolve(session, ana, ["x" * 61])


def test_two_who_make_the_same_topic_at_once_get_one(
    engine: Engine, session: Session, ana: Actor, ben: Actor
) -> None:
    session.commit()
    ready = Barrier(2)
    found: list[int] = []

    def make(actor: Actor) -> None:
        with Session(engine) as own:
            ready.wait(timeout=30)
            with unit_of_work(own):
                found.extend(service.resolve(own, actor, ["Kanban", "Heijunka"]))

    threads = [Thread(target=make, args=(actor,)) for actor in (ana, ben)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert len(found) == 4
    assert len(set(found)) == 2
    assert len(session.scalars(select(Topic.id)).all()) == 2


def test_a_name_belongs_to_one_topic(session: Session, place: Place, tom: Actor) -> None:
    make_topic(session, place, "Kaizen", "Continuous improvement")
    other = service.create(session, tom, "5S", "Order at the workplace", ["Five S"])

    with pytest.raises(Conflict, match="is a name of another topic"):
        service.edit(session, tom, other.id, "5S", "", ["continuous IMPROVEMENT"])
    service.edit(session, tom, other.id, "5s method", "", ["5S"])

    names = naming.called(session, place.community.id, ["5s method", "5s", "five s"])
    assert names == {"5s method": other.id, "5s": other.id}


def test_merging_brings_everything_along_and_counts_it_once(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    gone, kept = make_topic(session, place, "SMED", "Quick changeover"), make_topic(session, place, "Setup")
    make_expert(session, place, ben, gone, kept)
    make_expert(session, place, cleo, gone)
    both = make_question(session, place, ana, gone, kept)
    one = make_question(session, place, ana, gone)
    for topic, by, weight in ((gone, ana, 1.0), (kept, ana, 1.0), (gone, cleo, 1.5), (kept, tom, 2.0)):
        endorse(session, topic, ben, by, weight)
    early = clock.now() - timedelta(days=30)
    mine = session.get_one(Expertise, (gone.id, ben.user_id))
    mine.declared_at, mine.evidence, mine.answers = early, 2, 3
    session.get_one(Expertise, (kept.id, ben.user_id)).evidence = 1

    merging.merge(session, tom, gone.id, kept.id)

    row = session.get_one(Expertise, (kept.id, ben.user_id), populate_existing=True)
    assert (row.declared_at, row.evidence, row.answers) == (early, 3, 3)
    assert (row.endorsements, row.weight) == (3, 4.5)
    assert session.get(Expertise, (kept.id, cleo.user_id)) is not None
    assert not session.scalars(select(Expertise).where(Expertise.topic_id == gone.id)).all()
    asked = session.execute(select(QuestionTopic.question_id, QuestionTopic.topic_id)).all()
    assert sorted(map(tuple, asked)) == [(both.id, kept.id), (one.id, kept.id)]
    assert set(
        naming.called(session, place.community.id, ["smed", "quick changeover", "setup"]).values()
    ) == {kept.id}
    with pytest.raises(Invalid):
        merging.merge(session, tom, gone.id, kept.id)


def test_sums_kept_as_logarithms_are_added_as_sums() -> None:
    assert merging.added(3.0, 3.0) == 4.0
    assert merging.added(None, 5.0) == 5.0
    assert merging.added(None, None) is None


def test_only_those_who_look_after_topics_keep_them_in_order(
    session: Session, place: Place, ana: Actor, tom: Actor
) -> None:
    topic, elsewhere = make_topic(session, place, "Kaizen"), make_place(session, widget="experts")
    stranger = make_topic(session, elsewhere, "Kaizen")

    for deed in (
        lambda: service.create(session, ana, "5S", ""),
        lambda: service.edit(session, ana, topic.id, "5S", "", []),
        lambda: service.retire(session, ana, topic.id, retired=True),
        lambda: merging.merge(session, ana, topic.id, stranger.id),
        lambda: gaps.gaps(session, ana),
    ):
        with pytest.raises(NotAllowed):
            deed()
    for refused in (
        lambda: service.edit(session, tom, stranger.id, "5S", "", []),
        lambda: merging.merge(session, tom, topic.id, stranger.id),
        lambda: queries.found(session, tom, stranger.id),
    ):
        with pytest.raises(NotFound):
            refused()


def test_a_gap_is_a_topic_that_is_asked_for_and_that_nobody_active_knows(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    known, paused, old, wanted = (
        make_topic(session, place, label) for label in ("Known", "Paused", "Old", "Wanted")
    )
    make_expert(session, place, ben, known)
    make_expert(session, place, cleo, paused)
    now = clock.now()
    long_ago = now - timedelta(days=100)
    make_question(session, place, ana, known, paused, wanted)
    make_question(session, place, ana, wanted)
    make_question(session, place, ana, old, at=long_ago)
    answered = make_question(session, place, ana, wanted)
    make_answer(session, place, answered, tom)

    assert [gap.label for gap in gaps.gaps(session, tom)] == ["Wanted"]
    gap = gaps.gaps(session, tom)[0]
    assert (gap.asked, gap.unanswered, [one.name for one in gap.people]) == (3, 2, ["Tom Berg"])
    with clock.at(now):
        session.get_one(Person, cleo.user_id).paused_until = now + timedelta(days=3)
        session.flush()
        assert [gap.label for gap in gaps.gaps(session, tom)] == ["Wanted", "Paused"]


def test_stewards_keep_topics_in_order_on_their_pages(
    session: Session, place: Place, seat: Sit, ana: Actor, ben: Actor, tom: Actor
) -> None:
    smed = make_topic(session, place, "SMED")
    make_expert(session, place, ben, smed)
    make_question(session, place, ana, smed, title="How quick is a quick changeover?")
    at, learner = seat(tom), seat(ana)

    refused = at.send(at.form(at.open("/topics/new"), "/topics/new"), label=" ")
    made = at.fill_in("/topics/new", "/topics/new", label="Setup", about="Changing over", synonyms="Rüsten")
    setup = int(made.request.path.rpartition("/")[2])
    merged = at.fill_in(f"/topics/{smed.id}/merge", "/merge", into=str(setup))
    old = at.open(f"/topics/{smed.id}")

    assert refused.status_code == 422
    assert "Rüsten" in text_of(made)
    assert "Ben Okoro" in text_of(merged)
    assert "How quick is a quick changeover?" in text_of(merged)
    assert (old.status_code, old.headers["Location"].endswith(f"/topics/{setup}")) == (302, True)
    edited = at.fill_in(f"/topics/{setup}/edit", "/edit", label="Changeover")
    assert "SMED" in text_of(edited)
    retired = at.follow(at.send(at.form(edited, "/retire")))
    assert "Nothing new is put under this topic" in text_of(retired)
    assert "Changeover" not in text_of(learner.open("/topics"))
    assert learner.open("/topics/gaps").status_code == 403


def test_the_list_of_topics_takes_as_many_statements_for_many_as_for_few(
    session: Session, place: Place, seat: Sit, ana: Actor, ben: Actor
) -> None:
    make_expert(session, place, ben, make_topic(session, place, "Aaa", "Bbb"))
    at = seat(ana)
    at.open("/topics")
    with counted_queries() as few:
        at.open("/topics")
    for number in range(30):
        make_topic(session, place, f"Topic {number:02}", f"Synonym {number}")
    session.commit()
    with counted_queries() as many:
        page = at.open("/topics")

    assert len(many) == len(few)
    assert "Topic 23" in text_of(page)
    assert "Topic 24" not in text_of(page)
    last = session.scalar(select(Topic.id).where(Topic.label == "Topic 23"))
    assert "Topic 24" in text_of(at.open(f"/topics?after={last}"))
    assert "1 person knows it" in text_of(page)


def test_the_first_topics_come_from_tags_that_people_use(
    session: Session, place: Place, seat: Sit, ana: Actor, tom: Actor
) -> None:
    tag = Tag(tenant_id=place.tenant.id, community_id=place.community.id, name="lean", label="Lean")
    session.add(tag)
    session.flush()
    words = words_of(session, place, ana, "experts.answer", "Something lean")
    session.add(Tagging(tag_id=tag.id, contribution_id=words.id))
    at, learner = seat(tom), seat(ana)

    begun = at.fill_in("/topics", "/topics/start", tags="Lean")

    assert "1 topic is there now" in text_of(begun)
    session.commit()
    assert queries.names(session, ana) == ["Lean"]
    assert not gaps.first_topics(session, tom)
    assert "tags that people here use" not in text_of(learner.open("/topics"))
