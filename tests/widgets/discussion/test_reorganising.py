"""Moving, splitting and merging threads: everything that hangs on a post comes along, and nothing is counted twice."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.connection_models import Reference
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.engagement.models import Because, Follow, Level, Mark
from lmssocial.social.search.models import SearchDocument
from lmssocial.widgets.discussion import marks, reorganising, service
from lmssocial.widgets.discussion.models import Audience, Choice, Poll, Post, Thread
from lmssocial.widgets.discussion.queries.posts import Window, posts
from lmssocial.widgets.discussion.reading import Progress
from lmssocial.widgets.discussion.service import Posted
from tests.support.discussion import HOLD, PostThread, Reply, events, place_of, thread_of, words_of
from tests.support.people import Place, make_placement

HREF = "/w/1/discussion/posts/9"


def version(session: Session, thread_id: int) -> int:
    """The version of a thread, as its page would have shown it."""
    return session.scalars(select(Thread.version).where(Thread.id == thread_id)).one()


def split(session: Session, actor: Actor, posted: Posted, title: str = "Apart", **more: Any) -> Thread:
    """Split a post off, with the version of its thread in mind."""
    session.flush()
    seen = more.pop("seen", None) or version(session, place_of(session, posted).thread_id)
    return reorganising.split(session, actor, posted.post_id, title, seen=seen, **more)


def merge(session: Session, actor: Actor, thread_id: int, into_id: int) -> Thread:
    """Merge a thread into another, with its version in mind."""
    session.flush()
    return reorganising.merge(session, actor, thread_id, into_id, seen=version(session, thread_id))


def outline(session: Session, actor: Actor, thread_id: int) -> list[tuple[int | None, int, str]]:
    """Number, depth and words of each post of a thread, in reading order."""
    session.flush()
    session.expire_all()
    page = posts(session, actor, thread_id, Window())
    names = {row.id: row.source for row in session.execute(select(Contribution.id, Contribution.source))}
    return [(post.number, post.depth, names[post.id][:12]) for post in page.posts]


def counted(session: Session, thread_id: int) -> tuple[int, int]:
    """Highest number and replies, as they are stored; asserts that they are true and that numbers have no gaps."""
    session.expire_all()
    thread = session.scalars(select(Thread).where(Thread.id == thread_id)).one()
    numbers = session.scalars(
        select(Post.number).where(Post.thread_id == thread_id, Post.number.is_not(None)).order_by(Post.number)
    ).all()
    replies = session.scalar(
        select(func.count())
        .select_from(Post)
        .join(Contribution, Contribution.id == Post.contribution_id)
        .where(
            Post.thread_id == thread_id, Post.parent_id.is_not(None), Contribution.state == State.PUBLISHED
        )
    )
    assert list(numbers) == list(range(1, len(numbers) + 1))
    assert (thread.highest_number, thread.reply_count) == (len(numbers), replies)
    return thread.highest_number, thread.reply_count


class Tree:
    """A thread: 1 opening, 2 A, 3 B, 4 A's answer, 5 B's answer, 6 answer to 4, 7 C."""

    def __init__(self, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply) -> None:
        """Let it grow."""
        self.opening = post_thread(ana, "opening", title="Old thread")
        self.a = reply(ben, self.opening.post_id, "A")
        self.b = reply(ana, self.opening.post_id, "B")
        self.a1 = reply(ana, self.a.post_id, "A1")
        self.b1 = reply(ben, self.b.post_id, "B1")
        self.a11 = reply(ben, self.a1.post_id, "A11")
        self.c = reply(ana, self.opening.post_id, "C")
        self.thread_id = self.opening.thread_id

    @property
    def all(self) -> Sequence[Posted]:
        """Its posts."""
        return (self.opening, self.a, self.b, self.a1, self.b1, self.a11, self.c)


@pytest.fixture
def tree(ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply) -> Tree:
    """A thread with branches."""
    return Tree(ana, ben, post_thread, reply)


def test_a_branch_becomes_a_thread_and_both_are_numbered_without_gaps(
    session: Session, tom: Actor, tree: Tree
) -> None:
    new = split(session, tom, tree.a)
    assert outline(session, tom, tree.thread_id) == [
        (1, 0, "opening"),
        (2, 1, "B"),
        (3, 2, "B1"),
        (4, 1, "C"),
    ]
    assert outline(session, tom, new.id) == [(1, 0, "A"), (2, 1, "A1"), (3, 2, "A11")]
    assert counted(session, tree.thread_id) == (4, 3)
    assert counted(session, new.id) == (3, 2)
    assert (new.title, new.author_id) == ("Apart", words_of(session, tree.a).author_id)
    assert new.created_at == words_of(session, tree.a).published_at
    assert words_of(session, tree.a).kind == "discussion.thread"


def test_a_line_in_the_old_place_leads_to_the_new_one_and_is_unread_only_for_who_had_not_read_that_post(
    session: Session, ana: Actor, ben: Actor, tom: Actor, tree: Tree
) -> None:
    marks.store(session, ana.user_id, tree.thread_id, Progress(4))
    marks.store(session, ben.user_id, tree.thread_id, Progress(1, frozenset({3, 5})))
    new = split(session, tom, tree.a, "A *title* [with] marks", href=HREF)
    line = outline(session, tom, tree.thread_id)[1]
    assert line[:2] == (2, 1)
    words = session.scalars(select(Contribution).where(Contribution.author_id == tom.user_id)).one()
    assert f'href="{HREF}"' in words.html
    assert ">A *title* [with] marks</a>" in words.html
    assert session.scalars(select(Reference)).one().to_id == tree.a.post_id
    assert marks.progress_of(session, ana.user_id, tree.thread_id).unread_count(5) == 2  # B1 and C
    assert marks.progress_of(session, ana.user_id, new.id) == Progress(2)  # all but A11
    ben_here = marks.progress_of(session, ben.user_id, tree.thread_id)
    assert [number for number in range(1, 6) if not ben_here.has_read(number)] == [2, 5]  # the line, C
    assert counted(session, tree.thread_id) == (5, 4)


def test_what_waits_goes_with_its_branch(
    session: Session, ana: Actor, tom: Actor, tree: Tree, reply: Reply
) -> None:
    waiting = reply(ana, tree.a11.post_id, "later", screen=HOLD)
    new = split(session, tom, tree.a)
    place = place_of(session, waiting)
    session.refresh(place)
    assert (place.thread_id, place.number, place.path, place.depth) == (new.id, None, None, 3)


def test_a_removed_post_keeps_its_place_in_the_count(
    session: Session, ana: Actor, tom: Actor, tree: Tree
) -> None:
    service.remove_post(session, ana, tree.a1.post_id)
    new = split(session, tom, tree.a)
    assert counted(session, new.id) == (3, 1)


def test_merged_posts_stand_below_the_others_in_order(
    session: Session, ana: Actor, ben: Actor, tom: Actor, tree: Tree, post_thread: PostThread, reply: Reply
) -> None:
    other = post_thread(ben, "other", title="New home")
    reply(ana, other.post_id, "O")
    marks.store(session, ana.user_id, other.thread_id, Progress(2))
    marks.store(session, ana.user_id, tree.thread_id, Progress(3))
    marks.store(session, ben.user_id, tree.thread_id, Progress(7))
    into = merge(session, tom, tree.thread_id, other.thread_id)
    assert outline(session, tom, into.id) == [
        (1, 0, "other"),
        (2, 1, "O"),
        (3, 1, "opening"),
        (4, 2, "A"),
        (6, 3, "A1"),
        (8, 4, "A11"),
        (5, 2, "B"),
        (7, 3, "B1"),
        (9, 2, "C"),
    ]
    assert counted(session, into.id) == (9, 8)
    assert marks.progress_of(session, ana.user_id, into.id) == Progress(5)
    assert marks.progress_of(session, ben.user_id, into.id).unread_count(9) == 1  # his own is read, O is not
    old = thread_of(session, tree.opening)
    session.refresh(old)
    assert (old.merged_into_id, old.highest_number, old.state) == (into.id, 0, State.REMOVED)
    with pytest.raises(NotFound):
        service.pin(session, tom, tree.thread_id)


def test_splitting_a_merged_thread_off_again_brings_it_back_under_its_old_number(
    session: Session, ben: Actor, tom: Actor, tree: Tree, post_thread: PostThread
) -> None:
    before = outline(session, tom, tree.thread_id)
    other = post_thread(ben, "other")
    merge(session, tom, tree.thread_id, other.thread_id)
    again = split(session, tom, tree.opening, "Old thread")
    assert again.id == tree.thread_id
    assert outline(session, tom, tree.thread_id) == before
    assert counted(session, other.thread_id) == (1, 0)
    assert (again.merged_into_id, again.state) == (None, State.PUBLISHED)


def test_follows_go_along(
    session: Session, ana: Actor, ben: Actor, tom: Actor, tree: Tree, post_thread: PostThread
) -> None:
    def follow(actor: Actor, thread_id: int, level: Level) -> None:
        session.merge(
            Follow(
                user_id=actor.user_id,
                subject_kind="discussion.thread",
                subject_id=thread_id,
                community_id=actor.community_id,
                level=level,
                because=Because.CHOSE,
                at=clock.now(),
            )
        )
        session.flush()

    def levels(thread_id: int) -> dict[int, Level]:
        rows = session.execute(
            select(Follow.user_id, Follow.level).where(
                Follow.subject_kind == "discussion.thread", Follow.subject_id == thread_id
            )
        )
        return dict(rows.all())

    follow(ana, tree.thread_id, Level.MUTE)
    follow(ben, tree.thread_id, Level.FOLLOW)
    follow(tom, tree.thread_id, Level.FOLLOW)
    new = split(session, tom, tree.c)  # ben and tom wrote nothing in it
    assert levels(new.id) == {ana.user_id: Level.MUTE}
    other = post_thread(ben, "other")
    follow(ben, other.thread_id, Level.WATCH)
    merge(session, tom, tree.thread_id, other.thread_id)
    assert levels(other.thread_id) == {
        ana.user_id: Level.MUTE,
        ben.user_id: Level.WATCH,
        tom.user_id: Level.FOLLOW,
    }
    assert levels(tree.thread_id) == {}


def test_tallies_saved_posts_and_the_index_stay_with_their_posts(
    session: Session, tom: Actor, tree: Tree
) -> None:
    now = clock.now()
    marked = {"helpful_at": now, "saved_at": now, "endorsed_at": now}
    session.add(Mark(contribution_id=tree.a1.post_id, user_id=tom.user_id, **marked))
    new = split(session, tom, tree.a, "Unheard-of title")
    session.refresh(new)
    assert (new.helped_count, new.endorsed_count, new.people_count) == (1, 1, 1)
    assert new.heat > 0
    old = session.get_one(Thread, tree.thread_id, populate_existing=True)
    assert (old.helped_count, old.endorsed_count, old.people_count) == (0, 0, 1)
    titles = session.scalars(select(SearchDocument.title).where(SearchDocument.subject_id == tree.a.post_id))
    assert titles.all() == ["Unheard-of title"]


def test_the_mark_solved_goes_only_with_its_answer(session: Session, tom: Actor, tree: Tree) -> None:
    session.get_one(Thread, tree.thread_id).solved_id = tree.b1.post_id
    split(session, tom, tree.a)
    assert session.get_one(Thread, tree.thread_id, populate_existing=True).solved_id == tree.b1.post_id
    split(session, tom, tree.b)
    assert session.get_one(Thread, tree.thread_id, populate_existing=True).solved_id is None


def test_a_moved_thread_takes_its_posts_along_and_gives_up_what_was_chosen_for_the_old_place(
    session: Session, place: Place, ana: Actor, tom: Actor, tree: Tree
) -> None:
    there = make_placement(session, place.community)
    chosen = {"user_id": ana.user_id, "contribution_id": tree.b.post_id, "chosen_at": clock.now()}
    session.add(Choice(placement_id=place.placement.id, **chosen))
    session.flush()
    seen = version(session, tree.thread_id)
    thread = reorganising.move(session, tom, tree.thread_id, there.id, seen=seen)
    assert thread.placement_id == there.id
    placements = session.scalars(
        select(Contribution.placement_id).where(Contribution.id.in_([one.post_id for one in tree.all]))
    )
    assert set(placements) == {there.id}
    assert session.scalars(select(Choice)).all() == []
    back = reorganising.move(
        session, tom, tree.thread_id, place.placement.id, seen=version(session, tree.thread_id)
    )
    assert back.placement_id == place.placement.id


def test_each_leaves_one_event(
    session: Session, place: Place, ben: Actor, tom: Actor, tree: Tree, post_thread: PostThread
) -> None:
    there = make_placement(session, place.community)
    new = split(session, tom, tree.a)
    other = post_thread(ben, "other")
    merge(session, tom, new.id, other.thread_id)
    seen = version(session, other.thread_id)
    reorganising.move(session, tom, other.thread_id, there.id, seen=seen)
    done = [(name, actor) for name, actor, _ in events(session) if name.split("_")[-1] in DONE]
    assert done == [
        ("discussion.thread_split", tom.user_id),
        ("discussion.thread_merged", tom.user_id),
        ("discussion.thread_moved", tom.user_id),
    ]


DONE = {"split", "merged", "moved"}


def test_members_do_none_of_it(
    session: Session, place: Place, ana: Actor, tree: Tree, post_thread: PostThread
) -> None:
    other = post_thread(ana, "other")
    session.flush()
    with pytest.raises(NotAllowed):
        split(session, ana, tree.a)
    with pytest.raises(NotAllowed):
        merge(session, ana, tree.thread_id, other.thread_id)
    with pytest.raises(NotAllowed):
        reorganising.move(session, ana, tree.thread_id, place.placement.id, seen=1)


def test_nothing_happens_to_a_thread_that_changed_meanwhile(
    session: Session, ana: Actor, tom: Actor, tree: Tree, reply: Reply
) -> None:
    seen = version(session, tree.thread_id)
    reply(ana, tree.b.post_id, "one more")
    with pytest.raises(Conflict, match="is at version"):
        split(session, tom, tree.a, seen=seen)


def test_threads_for_different_readers_stay_apart(
    session: Session, ben: Actor, tom: Actor, tree: Tree, post_thread: PostThread
) -> None:
    private = post_thread(ben, "between us")
    row = thread_of(session, private)
    row.audience, row.learner_id = Audience.PRIVATE, ben.user_id
    with pytest.raises(Invalid, match="same readers"):
        merge(session, tom, private.thread_id, tree.thread_id)
    with pytest.raises(Invalid, match="same readers"):
        merge(session, tom, tree.thread_id, private.thread_id)
    with pytest.raises(Invalid, match="itself"):
        merge(session, tom, tree.thread_id, tree.thread_id)


def test_a_branch_of_a_private_thread_stays_private(
    session: Session, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    private = post_thread(ben, "between us")
    row = thread_of(session, private)
    row.audience, row.learner_id = Audience.PRIVATE, ben.user_id
    answer = reply(tom, private.post_id, "yes")
    new = split(session, tom, answer)
    assert (new.audience, new.learner_id) == (Audience.PRIVATE, ben.user_id)


def test_a_thread_with_a_poll_is_not_merged_away(
    session: Session, ben: Actor, tom: Actor, tree: Tree, post_thread: PostThread
) -> None:
    other = post_thread(ben, "other")
    session.add(Poll(thread_id=tree.thread_id, question="Which?"))
    session.flush()
    with pytest.raises(Invalid, match="poll"):
        merge(session, tom, tree.thread_id, other.thread_id)
    merge(session, tom, other.thread_id, tree.thread_id)


def test_an_opening_and_what_nobody_reads_cannot_be_split_off(
    session: Session, ana: Actor, tom: Actor, tree: Tree, reply: Reply
) -> None:
    with pytest.raises(Invalid, match="opens its thread"):
        split(session, tom, tree.opening)
    waiting = reply(ana, tree.a.post_id, "later", screen=HOLD)
    with pytest.raises(Invalid, match="everybody can read"):
        split(session, tom, waiting)
