"""Who may do what: each rule asked about every combination, and its WHERE clause beside it."""

import itertools
from dataclasses import replace

import pytest
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.discussion import access
from lmssocial.widgets.discussion.models import Post, Thread
from tests.support.people import Place, make_person, make_place

Row = tuple[Thread, Contribution]


@pytest.fixture
def elsewhere(session: Session, place: Place) -> Place:
    """Another course of the same customer."""
    return make_place(session, beside=place)


@pytest.fixture
def actors(session: Session, place: Place, elsewhere: Place, ana: Actor, ben: Actor) -> list[Actor]:
    """Every LMS role, authors of both kinds, people of another course and of another customer."""
    here = [make_person(session, place, role, role) for role in LmsRole]
    strangers = [make_person(session, elsewhere, "", role) for role in (LmsRole.LEARNER, LmsRole.INSTRUCTOR)]
    foreign = make_place(session)
    others = [make_person(session, foreign, "", LmsRole.ADMINISTRATOR)]
    forged = replace(ana, tenant_id=foreign.tenant.id, roles=frozenset({LmsRole.ADMINISTRATOR}))
    both = replace(ben, roles=frozenset({LmsRole.LEARNER, LmsRole.INSTRUCTOR}))
    return [ana, ben, both, *here, *strangers, *others, forged]


@pytest.fixture
def rows(session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor) -> list[Row]:
    """Every state of a thread and of a post in it: opening and answer, locked or not, once public or never."""
    return [
        make_row(session, place, ana, author, tom, thread_state, locked, state, public)
        for thread_state, locked, state, public, author in itertools.product(
            State, (False, True), State, (False, True), (ana, ben)
        )
    ]


def make_row(
    session: Session,
    place: Place,
    opener: Actor,
    author: Actor,
    remover: Actor,
    thread_state: State,
    locked: bool,  # noqa: FBT001 – a column of the table of cases
    state: State,
    public: bool,  # noqa: FBT001 – likewise
) -> Row:
    now = clock.now()

    def contribution(by: Actor, state: State, *, public: bool) -> Contribution:
        return Contribution(
            tenant_id=place.tenant.id,
            community_id=place.community.id,
            placement_id=place.placement.id,
            kind="discussion.reply",
            author_id=by.user_id,
            author_role="learner",
            state=state,
            source="s",
            html="s",
            cooked_version=1,
            created_at=now,
            published_at=now if public else None,
            removed_by_id=(remover if locked else by).user_id if state is State.REMOVED else None,
        )

    opening = contribution(opener, thread_state, public=public)
    words = contribution(author, state, public=public)
    session.add_all([opening, words])
    session.flush()
    thread = Thread(
        tenant_id=place.tenant.id,
        community_id=place.community.id,
        placement_id=place.placement.id,
        opening_id=opening.id,
        author_id=opener.user_id,
        title="T",
        state=thread_state,
        locked=locked,
        highest_number=2 if public else 0,
        created_at=now,
        last_activity_at=now,
        last_author_id=opener.user_id,
    )
    session.add(thread)
    session.flush()
    session.add(Post(contribution_id=words.id, thread_id=thread.id))
    session.flush()
    return thread, words


def test_every_where_clause_chooses_exactly_what_its_rule_allows(
    session: Session, actors: list[Actor], rows: list[Row]
) -> None:
    posts = (
        select(Post.contribution_id).join(Thread).join(Contribution, Contribution.id == Post.contribution_id)
    )
    for actor in actors:
        seen = set(session.scalars(select(Thread.id).where(access.threads_seen_by(actor))))
        assert seen == {thread.id for thread, _ in rows if access.sees_thread(actor, thread)}
        places = set(session.scalars(posts.where(access.posts_seen_by(actor))))
        assert places == {words.id for thread, words in rows if access.sees_post(actor, thread, words)}
        read = set(
            session.scalars(posts.where(and_(access.posts_seen_by(actor), access.words_read_by(actor))))
        )
        assert read == {words.id for thread, words in rows if access.reads_post(actor, thread, words)}


def test_nobody_from_elsewhere_gets_anything(actors: list[Actor], rows: list[Row], place: Place) -> None:
    outsiders = [
        actor
        for actor in actors
        if (actor.tenant_id, actor.community_id) != (place.tenant.id, place.community.id)
    ]
    assert len(outsiders) == 4
    rules = (
        access.sees_post,
        access.reads_post,
        access.may_reply,
        access.may_edit,
        access.may_see_history,
        access.may_remove,
        access.may_restore,
    )
    for actor, (thread, words) in itertools.product(outsiders, rows):
        assert not access.sees_thread(actor, thread)
        assert not access.may_moderate(actor, thread)
        assert not any(rule(actor, thread, words) for rule in rules)


def test_each_deed_is_allowed_to_exactly_these(actors: list[Actor], rows: list[Row], place: Place) -> None:
    """The same rules, written as a table by somebody who did not look at them."""
    members = [actor for actor in actors if actor.community_id == place.community.id]
    members = [actor for actor in members if actor.tenant_id == place.tenant.id]
    for actor, (thread, words) in itertools.product(members, rows):
        staff = bool(actor.roles & {LmsRole.INSTRUCTOR, LmsRole.ADMINISTRATOR})
        mine = words.author_id == actor.user_id
        open_thread = thread.state is State.PUBLISHED
        there = open_thread or (
            (staff or thread.author_id == actor.user_id)
            and not (thread.state is State.REMOVED and thread.highest_number == 0)
        )
        place_known = there and (
            words.published_at is not None
            or (words.state in {State.HELD, State.REJECTED} and (mine or staff))
        )
        unlocked = staff or not thread.locked
        assert access.may_reply(actor, thread, words) == (
            place_known and open_thread and words.state is State.PUBLISHED and unlocked
        )
        assert access.may_edit(actor, thread, words) == (
            place_known and mine and words.state is not State.REMOVED and unlocked
        )
        assert access.may_see_history(actor, thread, words) == (place_known and (mine or staff))
        undecided = words.state is State.HELD and words.published_at is None
        assert access.may_remove(actor, thread, words) == (
            place_known and words.state is not State.REMOVED and (mine or (staff and not undecided))
        )
        removed_by_self = mine and words.removed_by_id == actor.user_id
        assert access.may_restore(actor, thread, words) == (
            place_known and words.state is State.REMOVED and (staff or removed_by_self)
        )
        assert access.may_moderate(actor, thread) == (there and staff)


def test_a_teaching_assistant_and_a_mentor_are_not_staff_here(session: Session, place: Place) -> None:
    for role in (LmsRole.TEACHING_ASSISTANT, LmsRole.MENTOR, LmsRole.CONTENT_DEVELOPER, LmsRole.LEARNER):
        assert not make_person(session, place, "", role).moderates
