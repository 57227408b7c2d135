"""The list of threads: every order page by page, every filter, and who sees what in it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock as the_clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Group
from lmssocial.social.content.connection_models import Tag, Tagging
from lmssocial.social.engagement.models import Because, Follow, Level, Mark
from lmssocial.widgets.discussion import questions, service
from lmssocial.widgets.discussion.drafts import ThreadDraft
from lmssocial.widgets.discussion.models import Audience, Thread
from lmssocial.widgets.discussion.queries import lists
from lmssocial.widgets.discussion.queries.choosing import Sort, View, Wanted
from lmssocial.widgets.discussion.queries.lists import ThreadList, thread_list
from lmssocial.widgets.discussion.queries.threads import THREAD
from lmssocial.widgets.discussion.service import Posted
from tests.conftest import TestClock
from tests.support.discussion import PostThread, Reply, let_pass
from tests.support.people import Place
from tests.support.queries import Queries
from tests.support.seat import Seat, text_of

SitDown = Callable[[Actor], Seat]
Listed = Callable[..., ThreadList]


@pytest.fixture
def begin(session: Session, place: Place) -> Callable[..., Posted]:
    """Begin a thread of a kind: ``begin(ana, "question")``."""

    def post(actor: Actor, kind: str = "discussion", title: str = "") -> Posted:
        draft = ThreadDraft(
            placement_id=place.placement.id, title=title or f"A {kind}", source="Words", kind=kind
        )
        return service.post_thread(session, let_pass, actor, draft)

    return post


@pytest.fixture
def listed(session: Session, ben: Actor, place: Place) -> Listed:
    """What Ben sees: ``listed(sort=Sort.NEW)``."""

    def look(actor: Actor = ben, **wanted: object) -> ThreadList:
        session.flush()
        return thread_list(session, actor, place.placement.id, Wanted(**wanted))  # type: ignore[arg-type]

    return look


def ids(page: ThreadList) -> list[int]:
    return [row.id for row in page.threads]


def follow(session: Session, actor: Actor, thread: Posted, level: Level) -> None:
    session.merge(
        Follow(
            user_id=actor.user_id,
            subject_kind=THREAD,
            subject_id=thread.thread_id,
            community_id=actor.community_id,
            level=level,
            because=Because.CHOSE,
            at=the_clock.now(),
        )
    )


@pytest.mark.parametrize("sort", Sort)
def test_every_order_is_read_page_by_page_without_repeats_or_gaps(
    sort: Sort,
    session: Session,
    ana: Actor,
    ben: Actor,
    listed: Listed,
    begin: Callable[..., Posted],
    reply: Reply,
    clock: TestClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(23):
        thread = begin(ana, "question" if number % 3 == 0 else "discussion", f"Thread {number}")
        if number % 4 == 0:
            reply(ben, thread.post_id)
        changed = {"heat": (number * 7 % 5) / 3, "pinned": number % 9 == 0}
        session.execute(update(Thread).where(Thread.id == thread.thread_id).values(**changed))
        if number % 2:
            clock.tick(hours=1)  # some at the same moment
    everything = ids(listed(sort=sort))
    monkeypatch.setattr(lists, "THREADS", 4)
    lists._statement.cache_clear()
    paged: list[int] = []
    after = ""
    for _ in range(10):
        page = listed(sort=sort, after=after)
        paged += ids(page)
        after = page.after
        if not after:
            break
    lists._statement.cache_clear()
    assert paged == everything
    assert len(set(everything)) == len(everything) > 12


def test_the_orders_are_what_they_say(
    session: Session,
    ana: Actor,
    ben: Actor,
    tom: Actor,
    listed: Listed,
    begin: Callable[..., Posted],
    reply: Reply,
    clock: TestClock,
) -> None:
    talk = begin(ana)
    clock.tick(hours=1)
    solved, answered, asked = (begin(ana, "question") for _ in range(3))
    clock.tick(hours=1)
    news, lonely = begin(tom, "announcement"), begin(ana)
    for thread in (talk, answered):
        clock.tick(minutes=1)
        reply(ben, thread.post_id)
    questions.solve(session, ana, reply(ben, solved.post_id).post_id)
    service.pin(session, tom, talk.thread_id)
    session.execute(update(Thread).where(Thread.id == lonely.thread_id).values(heat=2.5))
    session.execute(update(Thread).where(Thread.id == asked.thread_id).values(heat=0.5))

    def order(*threads: Posted) -> list[int]:
        return [thread.thread_id for thread in threads]

    assert ids(listed())[:2] == order(talk, answered)
    assert ids(listed(sort=Sort.NEW))[:2] == order(lonely, news)
    assert ids(listed(sort=Sort.UNANSWERED)) == order(asked, answered, lonely)
    assert ids(listed(sort=Sort.POPULAR))[:2] == order(lonely, asked)


def test_the_filters_are_what_they_say(
    session: Session,
    ana: Actor,
    ben: Actor,
    tom: Actor,
    place: Place,
    listed: Listed,
    begin: Callable[..., Posted],
    reply: Reply,
) -> None:
    talk, open_question, solved, news = (
        begin(ana),
        begin(ana, "question"),
        begin(ana, "question"),
        begin(tom, "announcement"),
    )
    questions.solve(session, ana, reply(tom, solved.post_id).post_id)
    written = reply(ben, talk.post_id)
    session.add(Mark(contribution_id=written.post_id, user_id=ben.user_id, saved_at=the_clock.now()))
    session.add(Mark(contribution_id=solved.post_id, user_id=ana.user_id, saved_at=the_clock.now()))
    follow(session, ben, news, Level.WATCH)
    follow(session, ben, talk, Level.FOLLOW)
    follow(session, ben, solved, Level.MUTE)
    tag = Tag(tenant_id=place.tenant.id, community_id=place.community.id, name="pricing", label="Pricing")
    session.add(tag)
    session.flush()
    session.add(Tagging(tag_id=tag.id, contribution_id=written.post_id))

    def shown(**wanted: object) -> set[int]:
        return set(ids(listed(**wanted)))

    assert shown(view=View.MINE) == {talk.thread_id}
    assert shown(view=View.FOLLOWING) == {talk.thread_id, news.thread_id}
    assert shown(view=View.SAVED) == {talk.thread_id}
    assert shown(view=View.QUESTIONS) == {open_question.thread_id, solved.thread_id}
    assert shown(view=View.UNSOLVED) == {open_question.thread_id}
    assert shown(view=View.ANNOUNCEMENTS) == {news.thread_id}
    assert shown(tag="pricing") == {talk.thread_id}
    assert shown(tag="other") == set()
    assert shown(view=View.QUESTIONS, sort=Sort.NEW, tag="pricing") == set()
    assert solved.thread_id not in shown(view=View.UNREAD), "muted threads do not call"
    assert open_question.thread_id in shown(view=View.UNREAD)
    service.remove_post(session, ben, written.post_id)
    assert shown(tag="pricing") == set()


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize(
    "after",
    [
        "x",
        "1_2_3_4",
        "1_99999999999999999999_1",
        "nan_1",
        "inf_2",
        "a_b_c",
        "-1_-1_-1",
        "1_1_99999999999999",
        "1.5_2",
    ],
)
def test_a_broken_page_mark_breaks_nothing(
    sort: Sort, after: str, ana: Actor, listed: Listed, begin: Callable[..., Posted]
) -> None:
    begin(ana)
    assert isinstance(listed(sort=sort, after=after), ThreadList)


def test_popular_threads_say_why_in_people_and_other_orders_do_not(
    session: Session,
    ana: Actor,
    ben: Actor,
    tom: Actor,
    begin: Callable[..., Posted],
    reply: Reply,
    seat: SitDown,
) -> None:
    thread = begin(ana)
    reply(ben, thread.post_id)
    reply(tom, thread.post_id)
    values = {"heat": 1.0, "helped_count": 1, "endorsed_count": 1}
    session.execute(update(Thread).where(Thread.id == thread.thread_id).values(**values))
    at_bens = seat(ben)
    assert "2 colleagues replied, it helped 1 person, 1 post endorsed" in text_of(
        at_bens.open("/?sort=popular")
    )
    assert "colleagues replied" not in text_of(at_bens.open("/"))


def test_rows_say_kind_due_date_and_mute(
    session: Session, ana: Actor, ben: Actor, tom: Actor, begin: Callable[..., Posted], seat: SitDown
) -> None:
    begin(tom, "announcement", "News")
    thread = begin(ana, "question", "Why?")
    follow(session, ben, thread, Level.MUTE)
    due = {"due_at": the_clock.now() + timedelta(days=2)}
    session.execute(update(Thread).where(Thread.id == thread.thread_id).values(**due))
    page = seat(ben).open("/")
    assert "Announcement News" in text_of(page)
    assert "Question Why?" in text_of(page)
    assert "take part until" in text_of(page)
    assert "is-muted" in page.get_data(as_text=True)


@pytest.mark.parametrize(
    "path",
    [
        "/?sort=popular&view=questions",
        "/?sort=nonsense&view=nonsense&group=x&tag=%23",
        "/?tag=%23Pricing",
        "/?group=7",
    ],
)
def test_the_page_of_a_choice_can_be_opened_and_left(
    path: str, ana: Actor, begin: Callable[..., Posted], seat: SitDown
) -> None:
    begin(ana)
    page = seat(ana).open(path)
    assert page.status_code == 200
    assert "Sort and filter" in text_of(page)
    if "Pricing" in path:
        assert "#pricing" in text_of(page)
        assert "No thread fits this choice" in text_of(page)


@pytest.mark.parametrize("query", [f"/?sort={sort}" for sort in Sort] + [f"/?view={view}" for view in View])
def test_every_order_and_filter_takes_four_statements_at_most(
    query: str,
    ana: Actor,
    begin: Callable[..., Posted],
    post_thread: PostThread,
    seat: SitDown,
    count_queries: Callable[[], AbstractContextManager[Queries]],
) -> None:
    begin(ana, "question")
    for _ in range(5):
        post_thread(ana)
    at_anas = seat(ana)
    at_anas.open(query)
    with count_queries() as queries:
        assert at_anas.open(query).status_code == 200
    assert len(queries) <= 4


def test_where_threads_belong_to_groups_the_list_can_be_narrowed_to_one(
    session: Session,
    tom: Actor,
    place: Place,
    begin: Callable[..., Posted],
    seat: SitDown,
    count_queries: Callable[[], AbstractContextManager[Queries]],
) -> None:
    place.placement.settings = {"groups": "visible"}
    group = Group(
        tenant_id=place.tenant.id, community_id=place.community.id, name="Red", created_at=the_clock.now()
    )
    session.add(group)
    session.flush()
    begin(tom, title="For everybody")
    red = begin(tom, title="Only red")
    values = {"group_id": group.id, "audience": Audience.VISIBLE}
    session.execute(update(Thread).where(Thread.id == red.thread_id).values(**values))
    at_toms = seat(tom)
    at_toms.open("/")
    with count_queries() as queries:
        page = at_toms.open("/")
    assert len(queries) <= 4
    assert f'<option value="{group.id}">Red</option>' in page.get_data(as_text=True)
    assert "<bdi>Red</bdi>" in page.get_data(as_text=True)
    narrowed = text_of(at_toms.open(f"/?group={group.id}"))
    assert "Only red" in narrowed
    assert "For everybody" not in narrowed
