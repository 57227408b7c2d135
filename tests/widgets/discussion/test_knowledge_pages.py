"""Knowledge in a browser: beside its question, in the list, and looked at again."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy.orm import Session

from lmssocial.core.hooks import Submission
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.moderation.screening import Screening
from lmssocial.widgets.discussion.models import Post
from tests.conftest import TestClock
from tests.support.discussion import HOLD, PostThread, let_pass
from tests.support.knowledge import TITLE, publish
from tests.support.people import Place
from tests.support.queries import Queries
from tests.support.seat import Seat, text_of

Count = Callable[[], AbstractContextManager[Queries]]
SitDown = Callable[[Actor], Seat]


def thread_path(session: Session, contribution_id: int) -> str:
    """The address of its thread, below the discussion."""
    return f"/threads/{session.get_one(Post, contribution_id).thread_id}"


def test_a_question_that_is_kept_says_where_it_comes_from(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, seat: SitDown
) -> None:
    at_anas, at_toms = seat(ana), seat(tom)
    assert f"/w/{place.placement.id}/knowledge" not in at_anas.open("/").get_data(as_text=True)
    session.rollback()  # what was read before is old by now
    item = publish(session, place, ana, ben).item
    path = thread_path(session, item.contribution_id)
    session.commit()
    page = at_anas.open(path)
    assert "From Expert connect: asked by Ana Ruiz, answered by Ben Okoro." in text_of(page)
    assert f'href="{item.origin_path}"' in page.get_data(as_text=True)
    assert "Does it still hold?" not in text_of(page)
    page = at_toms.open(path)
    assert "Does it still hold?" in text_of(page)
    review = f"/w/{place.placement.id}/knowledge/{item.contribution_id}"
    etag = at_anas.open(path).headers["ETag"]
    said = at_toms.follow(
        at_toms.send(at_toms.form(at_toms.open(review), "/outdate"), note="We use Ppk <now>.")
    )
    assert "readers are told that it is outdated" in text_of(said)
    page = at_anas.open(path, If_None_Match=etag)
    assert page.status_code == 200
    assert "We use Ppk &lt;now&gt;." in page.get_data(as_text=True)
    assert "Said by Tom Berg" in text_of(page)


def test_the_note_costs_one_statement_and_other_threads_none(
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    post_thread: PostThread,
    seat: SitDown,
    count_queries: Count,
) -> None:
    kept = thread_path(session, publish(session, place, ana, ben).item.contribution_id)
    other = f"/threads/{post_thread(ana).thread_id}"
    at_anas = seat(ana)
    counts = []
    for path in (kept, other):
        at_anas.open(path)
        with count_queries() as seen:
            assert at_anas.open(path).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] + 1
    assert counts[1] <= 4


def test_the_list_shows_what_holds_and_moderators_what_is_due(
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    tom: Actor,
    clock: TestClock,
    seat: SitDown,
) -> None:
    at_bens = seat(ben)
    address = f"/w/{place.placement.id}/knowledge"
    assert "Nothing is kept here yet" in text_of(at_bens.open(address))
    session.rollback()  # what was read before is old by now
    publish(session, place, ana, ben, months=1)
    session.commit()
    shown = text_of(at_bens.open(address))
    assert TITLE in shown
    assert "To look at again" not in shown
    clock.tick(days=40)
    at_toms = seat(tom)
    page = at_toms.open(address)
    assert TITLE in text_of(page)
    assert "To look at again" in text_of(page)
    assert f"/w/{place.placement.id}/discussion/search" in page.get_data(as_text=True)
    after = at_toms.follow(at_toms.send(at_toms.form(page, "/confirm"), months="24"))
    assert "it still holds" in text_of(after)
    assert "To look at again" not in text_of(after)
    assert address in at_toms.open("/").get_data(as_text=True)


def test_an_empty_sentence_comes_back_and_learners_review_nothing(
    session: Session, place: Place, ana: Actor, ben: Actor, seat: SitDown
) -> None:
    item = publish(session, place, ana, ben).item
    review = f"/w/{place.placement.id}/knowledge/{item.contribution_id}"
    at_bens, at_anas = seat(ben), seat(ana)
    answer = at_bens.send(at_bens.form(at_bens.open(review), "/outdate"), note=" ")
    assert answer.status_code == 422
    assert "Say in a sentence what has changed" in text_of(answer)
    assert at_anas.open(review).status_code == 404
    token = at_anas.form(at_anas.open("/"), "/handover").fields[0]
    refused = at_anas.client.post(f"{review}/outdate", data=dict([token]) | {"note": "No."})
    assert refused.status_code == 403


def test_the_list_takes_as_many_statements_for_twenty_items_as_for_two(
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    tom: Actor,
    seat: SitDown,
    count_queries: Count,
) -> None:
    address = f"/w/{place.placement.id}/knowledge"
    for number in range(2):
        publish(session, place, ana, ben, row_id=number, months=1)
    at_toms = seat(tom)

    def statements() -> int:
        at_toms.open(address)
        with count_queries() as seen:
            assert at_toms.open(address).status_code == 200
        return len(seen)

    few = statements()
    for number in range(2, 30):
        publish(session, place, ana, ben, row_id=number, months=1)
    session.commit()
    assert statements() == few
    assert few <= 8
    page = at_toms.open(address).get_data(as_text=True)
    assert "knowledge?after=" in page


def test_moderators_read_the_answer_beside_the_question_that_waits(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, seat: SitDown
) -> None:
    def hold_threads(submission: Submission) -> Screening:
        return HOLD(submission) if submission.kind == "discussion.thread" else let_pass(submission)

    path = thread_path(session, publish(session, place, ana, ben, screen=hold_threads).item.contribution_id)
    at_toms, at_bens = seat(tom), seat(ben)
    waiting = text_of(at_toms.open(path))
    assert "The report says Cpk 0.8" in waiting
    assert "Below 1 it is" in waiting
    assert "This appears together with its question" in waiting
    assert at_bens.open(path).status_code == 404
