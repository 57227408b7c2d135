"""How closely people follow things, and what changes that."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.engagement import following
from lmssocial.social.engagement.following import Followable
from lmssocial.social.engagement.models import Because, Follow, Level
from tests.support.discussion import events
from tests.support.people import make_person, make_place

KIND = "shelf.book"


@pytest.fixture
def ana(session: Session) -> Actor:
    """A learner."""
    return make_person(session, make_place(session), "Ana Ruiz")


def took_part(session: Session, actor: Actor, because: Because) -> None:
    """What follows from a deed of theirs."""
    following.unless_chosen(session, actor.user_id, actor.community_id, KIND, 7, because)


def test_somebody_who_said_nothing_follows_nothing(session: Session, ana: Actor) -> None:
    assert following.level_of(session, ana, KIND, 7) is None
    assert following.followers(session, KIND, 7, list(Level)) == {}


def test_taking_part_makes_follow(session: Session, ana: Actor) -> None:
    took_part(session, ana, Because.REPLIED)
    assert following.level_of(session, ana, KIND, 7) == (Level.FOLLOW, Because.REPLIED)


def test_the_strongest_reason_stays(session: Session, ana: Actor) -> None:
    for because, stays in (
        (Because.MENTIONED, Because.MENTIONED),
        (Because.REPLIED, Because.REPLIED),
        (Because.MENTIONED, Because.REPLIED),
        (Because.STARTED, Because.STARTED),
        (Because.REPLIED, Because.STARTED),
    ):
        took_part(session, ana, because)
        assert following.level_of(session, ana, KIND, 7) == (Level.FOLLOW, stays)
    assert session.scalar(select(func.count()).select_from(Follow)) == 1


@pytest.mark.parametrize("level", list(Level))
def test_what_somebody_chose_stays_when_they_take_part(session: Session, ana: Actor, level: Level) -> None:
    following.follow(session, ana, KIND, 7, level)
    for because in (Because.MENTIONED, Because.REPLIED, Because.STARTED):
        took_part(session, ana, because)
    assert following.level_of(session, ana, KIND, 7) == (level, Because.CHOSE)


def test_choosing_takes_the_place_of_any_reason_and_of_an_earlier_choice(
    session: Session, ana: Actor
) -> None:
    took_part(session, ana, Because.STARTED)
    following.follow(session, ana, KIND, 7, Level.MUTE)
    row = session.scalars(select(Follow)).one()
    assert (row.level, row.because) == (Level.MUTE, Because.CHOSE)
    following.follow(session, ana, KIND, 7, Level.WATCH)
    assert (row.level, row.because) == (Level.WATCH, Because.CHOSE), "what the session knew is read again"


def test_followers_are_asked_by_level_and_by_subject(session: Session, ana: Actor) -> None:
    place = make_place(session)
    ben, tom = make_person(session, place, "Ben Okoro"), make_person(session, place, "Tom Berg")
    following.follow(session, ana, KIND, 7, Level.WATCH)
    following.follow(session, ben, KIND, 7, Level.MUTE)
    following.follow(session, tom, KIND, 8, Level.WATCH)
    took_part(session, tom, Because.REPLIED)
    assert following.followers(session, KIND, 7, [Level.WATCH]) == {ana.user_id: Level.WATCH}
    assert following.followers(session, KIND, 7, [Level.WATCH, Level.FOLLOW]) == {
        ana.user_id: Level.WATCH,
        tom.user_id: Level.FOLLOW,
    }
    assert following.followers(session, "shelf.box", 7, list(Level)) == {}


def test_stopping_leaves_nothing_behind(session: Session, ana: Actor) -> None:
    following.follow(session, ana, KIND, 7, Level.MUTE)
    following.stop(session, ana, KIND, 7)
    assert following.level_of(session, ana, KIND, 7) is None
    took_part(session, ana, Because.REPLIED)
    assert following.level_of(session, ana, KIND, 7) == (Level.FOLLOW, Because.REPLIED)


def test_the_log_hears_of_what_somebody_chose_themselves_and_only_of_a_change(
    session: Session, ana: Actor
) -> None:
    book = Followable(kind=KIND, id=7, author_id=99)
    took_part(session, ana, Because.REPLIED)
    assert events(session) == [], "it follows from a deed"
    for level in (Level.FOLLOW, Level.WATCH, Level.MUTE, Level.MUTE, Level.WATCH, None, None):
        following.choose(session, ana, book, level)
    assert [name for name, _who, _payload in events(session)] == [
        "engagement.followed",
        "engagement.unfollowed",
        "engagement.followed",
        "engagement.unfollowed",
    ]
    about = {"subject_kind": KIND, "subject_id": 7, "author_id": 99}
    assert all(told == about and who == ana.user_id for _name, who, told in events(session))
    assert following.level_of(session, ana, KIND, 7) is None
