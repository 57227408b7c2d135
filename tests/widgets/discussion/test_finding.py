"""Finding posts, and threads like the one that is being written: by the rules of reading, in few statements."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.connection_models import Tag, Tagging
from lmssocial.social.search import vocabulary
from lmssocial.widgets.discussion import questions, service
from lmssocial.widgets.discussion.drafts import ThreadDraft
from lmssocial.widgets.discussion.models import Audience, Thread
from lmssocial.widgets.discussion.queries.found import FoundPosts, Narrowing, found_posts, like_threads
from lmssocial.widgets.discussion.service import Posted
from tests.conftest import TestClock
from tests.support.discussion import HOLD, PostThread, Reply, let_pass
from tests.support.people import Place, make_person, make_placement
from tests.support.queries import Queries
from tests.support.seat import Seat, text_of

SitDown = Callable[[Actor], Seat]
Find = Callable[..., FoundPosts]


@pytest.fixture
def find(session: Session, ana: Actor, place: Place) -> Find:
    """What Ana finds: ``find("words", author="ben")``."""

    def ask(query: str = "", *, actor: Actor = ana, **narrowing: object) -> FoundPosts:
        wanted = Narrowing(**narrowing)  # type: ignore[arg-type]
        return found_posts(session, actor, place.placement.id, query, wanted)

    return ask


def ids(found: FoundPosts) -> list[int]:
    return [post.id for post in found.posts]


def question(
    session: Session, actor: Actor, place: Place, title: str, source: str = "Please help."
) -> Posted:
    draft = ThreadDraft(placement_id=place.placement.id, title=title, source=source, kind="question")
    return service.post_thread(session, let_pass, actor, draft)


def test_authors_are_found_by_the_beginnings_of_their_names_without_accents(
    session: Session, ana: Actor, place: Place, find: Find, post_thread: PostThread
) -> None:
    jose = make_person(session, place, "José Núñez")
    by_jose, by_ana = post_thread(jose, "A limit is a limit."), post_thread(ana, "No limit at all.")
    assert ids(find("limit author:jose")) == [by_jose.post_id]
    assert ids(find('author:"nunez jo"')) == [by_jose.post_id]
    assert ids(find("limit", author="NÚÑ")) == [by_jose.post_id]
    assert ids(find(author="ana")) == [by_ana.post_id]
    assert ids(find("author:nobody limit")) == []
    assert not find().asked


def test_tags_kinds_solutions_and_time_narrow_it_down(
    session: Session,
    ana: Actor,
    ben: Actor,
    place: Place,
    find: Find,
    post_thread: PostThread,
    reply: Reply,
    clock: TestClock,
) -> None:
    old = post_thread(ana, "Freight is late.")
    clock.tick(days=40)
    open_question, solved = (question(session, ana, place, f"Freight {n}") for n in range(2))
    answer = reply(ben, solved.post_id, "Ask about freight early.")
    questions.solve(session, ana, answer.post_id)
    tag = Tag(tenant_id=place.tenant.id, community_id=place.community.id, name="rates", label="Rates")
    session.add(tag)
    session.flush()
    session.add(Tagging(tag_id=tag.id, contribution_id=answer.post_id))
    session.flush()
    assert set(ids(find("freight"))) == {old.post_id, open_question.post_id, solved.post_id, answer.post_id}
    assert set(ids(find("freight", questions=True))) == {
        open_question.post_id,
        solved.post_id,
        answer.post_id,
    }
    assert set(ids(find("freight", solved=True))) == {solved.post_id, answer.post_id}
    assert old.post_id not in ids(find("freight", days=30))
    assert ids(find("freight #RATES")) == ids(find("#rates")) == [answer.post_id]
    (found,) = find("#rates").posts
    assert found.solves
    assert ids(find("#other")) == []


def test_everywhere_means_the_discussions_of_this_community_and_what_one_may_read_there(
    session: Session, ben: Actor, place: Place, find: Find, post_thread: PostThread
) -> None:
    other = make_placement(session, place.community)
    other.title = "Second room"
    here = post_thread(ben, "A needle here")

    def elsewhere(source: str) -> Posted:
        draft = ThreadDraft(placement_id=other.id, title="There", source=source)
        return service.post_thread(session, let_pass, ben, draft)

    there, private = elsewhere("A needle there"), elsewhere("A needle for few")
    values = {"audience": Audience.PRIVATE, "learner_id": ben.user_id}
    session.execute(update(Thread).where(Thread.id == private.thread_id).values(**values))
    assert ids(find("needle")) == [here.post_id]
    assert set(ids(find("needle", everywhere=True))) == {here.post_id, there.post_id}
    assert private.post_id in ids(find("needle", actor=ben, everywhere=True))
    (found,) = (post for post in find("needle", everywhere=True).posts if post.id == there.post_id)
    assert (found.placement_id, found.placement_title) == (other.id, "Second room")


def test_what_waits_is_private_or_comes_after_ones_own_answer_is_not_found(
    session: Session, ana: Actor, ben: Actor, find: Find, post_thread: PostThread, reply: Reply
) -> None:
    thread = post_thread(ana, "Only hay")
    reply(ben, thread.post_id, "A needle that waits", screen=HOLD)
    first = post_thread(ben, "Say what you think first.")
    session.execute(update(Thread).where(Thread.id == first.thread_id).values(post_first=True))
    reply(ben, first.post_id, "A needle for those who answered")
    assert ids(find("needle")) == []
    reply(ana, first.post_id, "My own thought")
    assert len(ids(find("needle"))) == 1


def test_a_misspelt_search_shows_what_was_probably_meant(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, seat: SitDown
) -> None:
    post_thread(ben, "The negotiation about freight")
    vocabulary.learn(session)
    at_anas = seat(ana)
    page = at_anas.open("/search?q=negociation")
    assert "Nothing has the words you typed. This is what was found for: negotiation" in text_of(page)
    assert "<mark>negotiation</mark>" in page.get_data(as_text=True)
    assert "Nothing found" in text_of(at_anas.open("/search?q=xylophone"))


def test_the_choices_beside_a_search_travel_with_it(
    session: Session, ana: Actor, ben: Actor, post_thread: PostThread, reply: Reply, seat: SitDown
) -> None:
    thread = post_thread(ben)
    for _ in range(25):
        reply(ben, thread.post_id, "needle")
    session.flush()
    page = seat(ana).open("/search?q=needle&author=ben&days=7&where=everywhere&only=")
    html = page.get_data(as_text=True)
    assert 'value="ben"' in html
    more = html.split('class="more"')[1].split('href="')[1].split('"')[0]
    for part in ("q=needle", "author=ben", "days=7", "where=everywhere", "after="):
        assert part in more


@pytest.mark.parametrize(
    ("query", "most"),
    [
        ("q=needle", 3),
        ("q=needle+author:ben", 4),
        ("q=&only=questions", 3),
        ("q=nedle", 6),
        ("q=xylophone", 4),
    ],
)
def test_a_search_takes_a_fixed_number_of_statements(
    query: str,
    most: int,
    session: Session,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    reply: Reply,
    seat: SitDown,
    count_queries: Callable[[], AbstractContextManager[Queries]],
) -> None:
    thread = post_thread(ben, "needle")
    vocabulary.learn(session)
    at_anas = seat(ana)

    def statements() -> int:
        at_anas.open(f"/search?{query}")
        with count_queries() as queries:
            assert at_anas.open(f"/search?{query}").status_code == 200
        return len(queries)

    few = statements()
    for _ in range(30):
        reply(ben, thread.post_id, "needle in hay")
    session.commit()
    assert statements() == few <= most


def test_similar_threads_are_readable_ones_the_solved_first(
    session: Session, ana: Actor, ben: Actor, place: Place, reply: Reply, post_thread: PostThread
) -> None:
    plain, solved = (
        question(session, ben, place, "How do I prepare an invoice for freight?") for _ in range(2)
    )
    hidden = question(session, ben, place, "How do I prepare an invoice in private?")
    post_thread(ben, "Nothing to do with it", title="Silence in a negotiation")
    values = {"audience": Audience.PRIVATE, "learner_id": ben.user_id}
    session.execute(update(Thread).where(Thread.id == hidden.thread_id).values(**values))
    questions.solve(session, ben, reply(ana, solved.post_id).post_id)
    vocabulary.learn(session)
    found = like_threads(session, ana, place.placement.id, "Which invoice must I prepare?")
    assert [thread.id for thread in found] == [solved.thread_id, plain.thread_id]
    assert found[0].is_solved
    assert like_threads(session, ana, place.placement.id, "Something about gardens") == ()


def test_at_most_five_similar_threads_in_few_statements(
    session: Session,
    ana: Actor,
    ben: Actor,
    place: Place,
    count_queries: Callable[[], AbstractContextManager[Queries]],
) -> None:
    for _ in range(12):
        question(session, ben, place, "How do I prepare an invoice?")
    session.flush()
    with count_queries() as queries:
        assert len(like_threads(session, ana, place.placement.id, "Prepare an invoice")) == 5
    assert len(queries) <= 3


def test_similar_threads_appear_while_typing_and_without_scripts_when_the_form_comes_back(
    session: Session, ana: Actor, ben: Actor, place: Place, seat: SitDown
) -> None:
    question(session, ben, place, "How do I prepare <b>an</b> invoice?")
    at_anas = seat(ana)
    fragment = at_anas.open("/similar?title=prepare+invoice", HX_Request="true")
    assert "There is a thread like this already:" in text_of(fragment)
    assert "&lt;b&gt;" in fragment.get_data(as_text=True)
    assert "<html" not in fragment.get_data(as_text=True)
    assert text_of(at_anas.open("/similar?title=in")) == ""
    form = at_anas.open("/threads/new")
    assert "/similar" in form.get_data(as_text=True)
    assert "like this already" not in text_of(form)
    begun = at_anas.form(form, "/threads/new")
    again = at_anas.send(begun, button="preview", title="How to prepare an invoice", source="I need one.")
    assert "like this already" in text_of(again)
    missing = at_anas.send(begun, title="How to prepare an invoice", source="")
    assert missing.status_code == 422
    assert "like this already" in text_of(missing)
