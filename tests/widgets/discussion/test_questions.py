"""Questions: who says that they are solved, what becomes of that, and how it is read."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import Invalid, NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import State
from lmssocial.social.engagement.models import Tally
from lmssocial.widgets.discussion import moderating, questions, service
from lmssocial.widgets.discussion.drafts import ThreadDraft
from lmssocial.widgets.discussion.models import ThreadKind
from lmssocial.widgets.discussion.queries.posts import best_first
from lmssocial.widgets.discussion.service import Posted
from tests.support.discussion import HOLD, PostThread, Reply, events, let_pass, thread_of
from tests.support.people import Place, make_person, make_place
from tests.support.seat import Seat, text_of

SitDown = Callable[[Actor], Seat]


def names(session: Session) -> list[str]:
    return [name for name, _actor, _payload in events(session)]


@pytest.fixture
def question(session: Session, ana: Actor, place: Place) -> Posted:
    """Ana asks."""
    draft = ThreadDraft(
        placement_id=place.placement.id, title="How?", source="How do you do it?", kind="question"
    )
    return service.post_thread(session, let_pass, ana, draft)


def test_the_asker_says_what_solved_it_and_the_log_says_who_helped(
    session: Session, ana: Actor, ben: Actor, question: Posted, reply: Reply
) -> None:
    answer = reply(ben, question.post_id)
    version = thread_of(session, question).version
    questions.solve(session, ana, answer.post_id)
    assert thread_of(session, question).solved_id == answer.post_id
    assert thread_of(session, question).version == version + 1
    assert events(session)[-1] == (
        "discussion.question_solved",
        ana.user_id,
        {
            "placement_id": thread_of(session, question).placement_id,
            "thread_id": question.thread_id,
            "post_id": answer.post_id,
            "author_id": ben.user_id,
        },
    )


def test_saying_it_twice_changes_nothing_and_another_answer_takes_its_place(
    session: Session, ana: Actor, ben: Actor, question: Posted, reply: Reply
) -> None:
    first, second = reply(ben, question.post_id), reply(ana, question.post_id, "I found it out myself.")
    questions.solve(session, ana, first.post_id)
    questions.solve(session, ana, first.post_id)
    questions.solve(session, ana, second.post_id)
    assert thread_of(session, question).solved_id == second.post_id
    assert names(session).count("discussion.question_solved") == 2


def test_nobody_else_says_that_it_is_solved_not_even_staff(
    session: Session, ben: Actor, tom: Actor, question: Posted, reply: Reply
) -> None:
    answer = reply(ben, question.post_id)
    for other in (ben, tom):
        with pytest.raises(NotAllowed, match="Only who asked"):
            questions.solve(session, other, answer.post_id)
    assert thread_of(session, question).solved_id is None


def test_only_published_answers_to_questions_solve_anything(
    session: Session, ana: Actor, ben: Actor, question: Posted, reply: Reply, post_thread: PostThread
) -> None:
    with pytest.raises(NotAllowed, match="the question itself"):
        questions.solve(session, ana, question.post_id)
    with pytest.raises(NotAllowed, match="not a question"):
        questions.solve(session, ana, reply(ben, post_thread(ana).post_id).post_id)
    with pytest.raises(NotFound):
        questions.solve(session, ana, reply(ben, question.post_id, screen=HOLD).post_id)
    gone = reply(ben, question.post_id)
    service.remove_post(session, ben, gone.post_id)
    with pytest.raises(NotAllowed, match="cannot be read"):
        questions.solve(session, ana, gone.post_id)


def test_the_asker_and_moderators_open_it_again_and_nobody_else(
    session: Session, ana: Actor, ben: Actor, tom: Actor, question: Posted, reply: Reply
) -> None:
    answer = reply(ben, question.post_id)
    for who in (ana, tom):
        questions.solve(session, ana, answer.post_id)
        with pytest.raises(NotAllowed):
            questions.unsolve(session, ben, answer.post_id)
        questions.unsolve(session, who, answer.post_id)
        assert thread_of(session, question).solved_id is None
    assert names(session).count("discussion.question_unsolved") == 2


@pytest.mark.parametrize("how", ["removed by its author", "declined by a moderator"])
def test_a_question_is_open_again_when_its_solution_goes(
    how: str, session: Session, ana: Actor, ben: Actor, tom: Actor, question: Posted, reply: Reply
) -> None:
    answer = reply(ben, question.post_id)
    questions.solve(session, ana, answer.post_id)
    if how == "removed by its author":
        service.remove_post(session, ben, answer.post_id)
    else:
        moderating.hide_flagged_post(session, tom, answer.post_id, "Somebody should look.")
        assert thread_of(session, question).solved_id == answer.post_id, "it may come back as it was"
        moderating.decline_held_post(session, tom, answer.post_id, "No.")
    session.expire_all()
    assert thread_of(session, question).solved_id is None
    assert "discussion.question_unsolved" in names(session)


def test_another_course_knows_nothing_of_it(session: Session, question: Posted, place: Place) -> None:
    stranger = make_person(session, make_place(session, beside=place), "Zoe")
    with pytest.raises(NotFound):
        questions.unsolve(session, stranger, question.post_id)


def test_only_staff_announce_and_nobody_invents_a_kind(
    session: Session, ana: Actor, tom: Actor, place: Place
) -> None:
    def draft(kind: str, *, pinned: bool = False) -> ThreadDraft:
        return ThreadDraft(
            placement_id=place.placement.id, title=f"A {kind}", source="Read.", kind=kind, pinned=pinned
        )

    with pytest.raises(NotAllowed, match="Only instructors announce"):
        service.post_thread(session, let_pass, ana, draft("announcement"))
    with pytest.raises(NotAllowed):
        service.post_thread(session, let_pass, ana, draft("discussion", pinned=True))
    with pytest.raises(Invalid):
        service.post_thread(session, let_pass, ana, draft("rumour"))
    posted = service.post_thread(session, let_pass, tom, draft("announcement", pinned=True))
    thread = thread_of(session, posted)
    assert (thread.kind, thread.pinned, thread.state) == (ThreadKind.ANNOUNCEMENT, True, State.PUBLISHED)


def test_best_answers_come_solved_first_then_endorsed_then_by_how_many_they_helped(
    session: Session, ana: Actor, ben: Actor, question: Posted, reply: Reply
) -> None:
    plain, helpful, endorsed, solving = (reply(ben, question.post_id) for _ in range(4))
    session.add_all(
        [
            Tally(contribution_id=helpful.post_id, helpful=9),
            Tally(contribution_id=endorsed.post_id, helpful=1, endorsed=1),
        ]
    )
    questions.solve(session, ana, solving.post_id)
    session.flush()
    page = best_first(session, ana, question.thread_id)
    wanted = [question, solving, endorsed, helpful, plain]
    assert [post.id for post in page.posts] == [posted.post_id for posted in wanted]
    assert not page.has_later


def test_somebody_asks_gets_an_answer_and_says_so_without_scripts(
    ana: Actor, ben: Actor, seat: SitDown
) -> None:
    at_anas, at_bens = seat(ana), seat(ben)
    form = at_anas.form(at_anas.open("/threads/new?kind=question"), "/threads/new")
    assert dict(form.fields)["kind"] == "question"
    assert "announcement" not in at_anas.open("/threads/new").get_data(as_text=True).lower()
    page = at_anas.follow(at_anas.send(form, title="Which limit?", source="Which one is it?"))
    path = page.request.path.removeprefix(at_anas.base)
    page = at_bens.fill_in(path, "/reply", source="The second one.")
    assert "This solved it" not in text_of(page)

    page = at_anas.open(path)
    assert "This solved it" in text_of(page)
    html = page.get_data(as_text=True)
    (solve,) = re.findall(r'formaction="([^"]+/solve)"', html)
    token = html.split('id="deed"')[1].split('value="')[1].split('"')[0]
    page = at_anas.follow(at_anas.client.post(solve, data={"csrf_token": token}))
    assert "Solved by Ben Okoro in post 2" in text_of(page)
    assert "Not solved after all" in text_of(page)
    listed = text_of(at_bens.open("/?view=questions"))
    assert "Solved Which limit?" in listed
    assert "Which limit?" not in text_of(at_bens.open("/?view=unsolved"))
    assert "Not solved after all" not in text_of(at_bens.open(path))

    page = at_anas.follow(
        at_anas.client.post(solve.replace("/solve", "/unsolve"), data={"csrf_token": token})
    )
    assert "Solved by" not in text_of(page)
    assert "Which limit?" in text_of(at_bens.open("/?view=unsolved"))


def test_a_forged_solution_is_not_taken(
    session: Session, ana: Actor, ben: Actor, question: Posted, reply: Reply, seat: SitDown
) -> None:
    answer = reply(ben, question.post_id)
    at_anas = seat(ana)
    page = at_anas.follow(at_anas.client.post(at_anas.address(f"/posts/{answer.post_id}/solve")))
    assert "nothing was changed" in text_of(page)
    session.rollback()
    assert thread_of(session, question).solved_id is None
