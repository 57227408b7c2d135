"""Moderation of what people write in a peer rating: who reads it, who is named, and what follows from a decision."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.moderation import flags
from lmssocial.social.moderation.models import CaseState, FlagReason
from lmssocial.widgets.peer_rating.models import Activity, Phase, Review, ReviewState, Work
from lmssocial.widgets.peer_rating.moderating.port import ModeratedWords
from lmssocial.widgets.peer_rating.moderating.reading import readable, reads
from lmssocial.widgets.peer_rating.settings import Identity
from tests.support.discussion import events
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import Place
from tests.support.queries import counted_queries
from tests.support.seat import Seat, text_of

PORT = ModeratedWords()


def words_of(session: Session, owner: Work | Review) -> Contribution:
    """What stands behind a work or a review."""
    assert owner.contribution_id is not None
    return session.get_one(Contribution, owner.contribution_id)


@pytest.fixture
def blind(session: Session, place: Place) -> Activity:
    """An activity whose reviews are read, and whose names are hidden for good."""
    return set_up(
        session,
        place,
        Phase.FEEDBACK,
        identity=Identity.DOUBLE_BLIND,
        identity_reason="Fair.",
        reveal="never",
    )


def test_a_work_is_read_by_its_authors_its_reviewers_and_moderators_and_its_review_by_them_in_time(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    activity = set_up(session, place, Phase.REVIEW)
    work = make_work(session, place, ana)
    review = make_review(session, place, work, ben)
    mine, theirs = words_of(session, work).id, words_of(session, review).id

    def seen() -> list[set[int]]:
        session.flush()
        return [readable(session, actor, [mine, theirs]) for actor in (ana, ben, cleo, tom)]

    assert seen() == [{mine}, {mine, theirs}, set(), {mine, theirs}]
    activity.phase = Phase.FEEDBACK
    assert seen() == [{mine, theirs}, {mine, theirs}, set(), {mine, theirs}]
    words_of(session, work).state = words_of(session, review).state = State.HELD
    assert seen() == [{mine}, {theirs}, set(), {mine, theirs}]


@pytest.mark.parametrize("phase", [Phase.REVIEW, Phase.FEEDBACK, Phase.RELEASED])
@pytest.mark.parametrize("state", [State.PUBLISHED, State.HELD])
def test_a_review_is_read_by_who_wrote_it_and_by_the_author_once_reviews_are_read(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, phase: Phase, state: State
) -> None:
    set_up(session, place, phase)
    review = make_review(session, place, make_work(session, place, ana), ben)
    words_of(session, review).state = state
    session.flush()
    by_author = phase is not Phase.REVIEW and state is State.PUBLISHED
    words_id = words_of(session, review).id
    assert [reads(session, actor, words_id) for actor in (ana, ben, cleo)] == [by_author, True, False]


def test_an_author_reports_a_review_without_learning_whose_it_is(
    session: Session, place: Place, blind: Activity, ana: Actor, ben: Actor, seat: Callable[[Actor], Seat]
) -> None:
    del blind
    review = make_review(session, place, make_work(session, place, ana), ben)
    path = f"/w/{place.placement.id}/moderation/posts/{review.contribution_id}/flag"
    at = seat(ana)

    page = at.open(path)

    assert f"Reviewer {review.alias}" in text_of(page)
    assert "Ben Okoro" not in page.get_data(as_text=True)
    assert f"users/{ben.user_id}" not in page.get_data(as_text=True)


def test_flags_that_weigh_enough_keep_a_review_from_its_author_and_leave_its_points(
    session: Session, place: Place, blind: Activity, ana: Actor, ben: Actor, tom: Actor
) -> None:
    review = make_review(session, place, make_work(session, place, ana), ben)
    words, before = words_of(session, review), review.points
    blind.scores_stale = False

    flags.flag(session, ana, PORT, words.id, FlagReason.OTHER, "It insults me.")
    assert reads(session, ana, words.id)
    case = flags.flag(session, tom, PORT, words.id, FlagReason.OTHER, "It does.")
    case.score = flags.HIDE_AT
    PORT.hide(session, tom, words.id, "Reported.")

    assert (case.state, words.state) == (CaseState.OPEN, State.HELD)
    assert not reads(session, ana, words.id)
    PORT.decline(session, tom, words.id, "Say it without insults.")
    assert (words.state, words.note) == (State.REJECTED, "Say it without insults.")
    assert (review.state, review.points, blind.scores_stale) == (ReviewState.SUBMITTED, before, False)


def test_a_held_work_that_is_published_counts_as_handed_in_by_its_author(
    session: Session, place: Place, ana: Actor, tom: Actor
) -> None:
    set_up(session, place)
    work = make_work(session, place, ana)
    words = words_of(session, work)
    words.state, words.published_at = State.HELD, None
    session.flush()

    PORT.publish(session, tom, words.id)
    PORT.publish(session, tom, words.id)

    told = [(name, actor_id) for name, actor_id, _ in events(session)]
    assert told == [("peer_rating.work_submitted", ana.user_id)]
    assert words.state is State.PUBLISHED


def test_who_reviews_a_work_that_a_moderator_declines_gets_another(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    activity = set_up(session, place, Phase.REVIEW)
    work = make_work(session, place, ana)
    review = make_review(session, place, work, ben, state=ReviewState.STARTED)

    PORT.decline(session, tom, work.contribution_id, "Not fit to be shown.")

    assert (review.state, work.live, activity.scores_stale) == (ReviewState.REVOKED, 0, True)
    assert not reads(session, ben, work.contribution_id)


def test_only_moderators_of_this_community_decide(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.REVIEW)
    work = make_work(session, place, ana)
    with pytest.raises(NotAllowed):
        PORT.decline(session, ben, work.contribution_id, "No.")
    with pytest.raises(NotFound):
        PORT.decline(session, replace(tom, community_id=0), work.contribution_id, "No.")
    with pytest.raises(NotFound):
        PORT.hide(session, ben, work.contribution_id, "No.")


@pytest.mark.parametrize(
    ("identity", "names"),
    [
        (Identity.NAMED, ["Ana Ruiz", "Ben Okoro"]),
        (Identity.SINGLE_BLIND, ["Ana Ruiz", "Reviewer"]),
        (Identity.DOUBLE_BLIND, ["Submission", "Reviewer"]),
    ],
)
def test_names_are_hidden_as_the_activity_says_and_shown_to_staff(
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    tom: Actor,
    identity: Identity,
    names: list[str],
    app: Any,
) -> None:
    set_up(session, place, Phase.FEEDBACK, identity=identity, identity_reason="Fair.", reveal="never")
    work = make_work(session, place, ana)
    review = make_review(session, place, work, ben)
    ids = [words_of(session, work).id, words_of(session, review).id]

    with app.test_request_context(), counted_queries() as asked:
        to_reviewer = PORT.subjects(session, ben, ids)[ids[0]]
        to_author = PORT.subjects(session, ana, ids)[ids[1]]
        to_staff = PORT.subjects(session, tom, ids)

    assert to_reviewer.author_name.startswith(names[0])
    assert to_author.author_name.startswith(names[1])
    assert [to_staff[one].author_name for one in ids] == ["Ana Ruiz", "Ben Okoro"]
    assert len(asked) == 9
