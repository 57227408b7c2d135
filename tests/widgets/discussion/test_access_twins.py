"""Every rule and its WHERE clause choose the same, whoever asks about whatever there is."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities.models import Group, GroupMember
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.discussion import access
from lmssocial.widgets.discussion.models import Audience, Post, Thread
from tests.support.people import Place, make_person, make_place

ROLES = (
    frozenset({LmsRole.LEARNER}),
    frozenset({LmsRole.TEACHING_ASSISTANT}),
    frozenset({LmsRole.INSTRUCTOR}),
    frozenset({LmsRole.LEARNER, LmsRole.ADMINISTRATOR}),
)
PEOPLE, GROUPS = 4, 2

someone = st.integers(0, PEOPLE - 1)
moments = st.sampled_from([None, timedelta(hours=-1), timedelta(0), timedelta(hours=1)])


@dataclass(frozen=True)
class MadePost:
    """A post to be made."""

    author: int
    state: State
    public: bool
    is_reply: bool


@dataclass(frozen=True)
class MadeThread:
    """A thread to be made; numbers point into the people and groups of the example."""

    author: int
    state: State
    audience: Audience
    group: int | None
    learner: int | None
    post_first: bool
    locked: bool
    locks_in: timedelta | None
    numbered: bool
    posts: tuple[MadePost, ...]


posts = st.builds(MadePost, someone, st.sampled_from(State), st.booleans(), st.booleans())
threads = st.builds(
    MadeThread,
    someone,
    st.sampled_from(State),
    st.sampled_from(Audience),
    st.none() | st.integers(0, GROUPS - 1),
    st.none() | someone,
    st.booleans(),
    st.booleans(),
    moments,
    st.booleans(),
    st.lists(posts, max_size=5).map(tuple),
)
people = st.lists(
    st.tuples(st.sampled_from(ROLES), st.sets(st.integers(0, GROUPS - 1)), st.sets(st.sampled_from(Office))),
    min_size=PEOPLE,
    max_size=PEOPLE,
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(who=people, what=st.lists(threads, min_size=1, max_size=6))
def test_every_rule_and_its_clause_choose_the_same(
    session: Session,
    who: list[tuple[frozenset[LmsRole], set[int], set[Office]]],
    what: list[MadeThread],
) -> None:
    nested = session.begin_nested()
    try:
        place = make_place(session)
        groups = _groups(session, place)
        actors = _actors(session, place, groups, who)
        now = clock.now()
        for made in what:
            _store(session, place, actors, groups, made, now)
        session.flush()
        everybody = [*actors, *_strangers(session, place, actors[0])]
        for actor in everybody:
            _compare(session, actor, now)
    finally:
        nested.rollback()
        session.expunge_all()


def _compare(session: Session, actor: Actor, now: datetime) -> None:
    rows = session.execute(
        select(Thread, Contribution)
        .join(Post, Post.thread_id == Thread.id)
        .join(Contribution, Contribution.id == Post.contribution_id)
    ).all()
    all_threads = list(session.scalars(select(Thread)))
    posts_of = (
        select(Post.contribution_id)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Contribution, Contribution.id == Post.contribution_id)
    )

    def chosen(clause: object) -> set[int]:
        return set(session.scalars(select(Thread.id).where(clause)))  # type: ignore[arg-type]

    assert chosen(access.threads_seen_by(actor)) == {
        thread.id for thread in all_threads if access.sees_thread(actor, thread)
    }
    assert chosen(access.locked_at(now)) == {thread.id for thread in all_threads if access.is_locked(thread)}
    assert chosen(access.threads_written_in_by(actor, now)) == {
        thread.id for thread in all_threads if access.writes_in(actor, thread)
    }
    assert chosen(access.answers_open(actor)) == {
        thread.id for thread in all_threads if access.answers_open_to(actor, thread)
    }
    assert set(session.scalars(posts_of.where(access.posts_seen_by(actor)))) == {
        words.id for thread, words in rows if access.sees_post(actor, thread, words)
    }
    assert set(
        session.scalars(posts_of.where(and_(access.posts_seen_by(actor), access.words_read_by(actor))))
    ) == {words.id for thread, words in rows if access.reads_post(actor, thread, words)}


def _groups(session: Session, place: Place) -> list[Group]:
    made = [
        Group(
            tenant_id=place.tenant.id,
            community_id=place.community.id,
            name=f"Group {number}",
            created_at=clock.now(),
        )
        for number in range(GROUPS)
    ]
    session.add_all(made)
    session.flush()
    return made


def _actors(
    session: Session,
    place: Place,
    groups: list[Group],
    who: list[tuple[frozenset[LmsRole], set[int], set[Office]]],
) -> list[Actor]:
    actors = []
    for roles, memberships, offices in who:
        ids = frozenset(groups[number].id for number in memberships)
        actor = replace(make_person(session, place, "", *roles), offices=frozenset(offices), groups=ids)
        session.add_all(GroupMember(group_id=group, user_id=actor.user_id) for group in ids)
        actors.append(actor)
    return actors


def _strangers(session: Session, place: Place, somebody: Actor) -> list[Actor]:
    """An instructor of another course, and the ids of somebody here within another customer."""
    elsewhere, abroad = make_place(session, beside=place), make_place(session)
    return [
        make_person(session, elsewhere, "", LmsRole.INSTRUCTOR),
        replace(somebody, tenant_id=abroad.tenant.id, roles=frozenset({LmsRole.ADMINISTRATOR})),
        replace(somebody, community_id=elsewhere.community.id),
    ]


def _store(
    session: Session, place: Place, actors: list[Actor], groups: list[Group], made: MadeThread, now: datetime
) -> None:
    opener = actors[made.author]
    public = made.numbered
    opening = _words(place, opener, made.state, now, public=public)
    session.add(opening)
    session.flush()
    thread = Thread(
        tenant_id=place.tenant.id,
        community_id=place.community.id,
        placement_id=place.placement.id,
        opening_id=opening.id,
        author_id=opener.user_id,
        title="T",
        state=made.state,
        audience=made.audience,
        group_id=None if made.group is None else groups[made.group].id,
        learner_id=None if made.learner is None else actors[made.learner].user_id,
        post_first=made.post_first,
        locked=made.locked,
        locks_at=None if made.locks_in is None else now + made.locks_in,
        highest_number=len(made.posts) + 1 if public else 0,
        created_at=now,
        last_activity_at=now,
        last_author_id=opener.user_id,
    )
    session.add(thread)
    session.flush()
    session.add(Post(contribution_id=opening.id, thread_id=thread.id))
    session.flush()
    for post in made.posts:
        words = _words(place, actors[post.author], post.state, now, public=post.public)
        session.add(words)
        session.flush()
        session.add(
            Post(
                contribution_id=words.id,
                thread_id=thread.id,
                parent_id=opening.id if post.is_reply else None,
            )
        )
    session.flush()


def _words(place: Place, author: Actor, state: State, now: datetime, *, public: bool) -> Contribution:
    return Contribution(
        tenant_id=place.tenant.id,
        community_id=place.community.id,
        placement_id=place.placement.id,
        kind="discussion.reply",
        author_id=author.user_id,
        author_role=author.lead_role,
        state=state,
        source="s",
        html="s",
        cooked_version=1,
        created_at=now,
        published_at=now if public else None,
    )
