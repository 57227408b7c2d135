"""Polls: asking, choosing, choosing otherwise, closing, and what is seen of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Ruling, Submission
from lmssocial.core.kernel import clock as the_clock
from lmssocial.core.kernel.errors import Invalid, NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.composing.handing_in import Rejected
from lmssocial.social.content.models import State
from lmssocial.social.moderation.screening import Screen, Screening
from lmssocial.widgets.discussion import polls, service
from lmssocial.widgets.discussion.drafts import PollDraft, ThreadDraft
from lmssocial.widgets.discussion.models import Poll, PollOption, PollVote
from lmssocial.widgets.discussion.queries.polls import PollView, poll_of
from lmssocial.widgets.discussion.service import Posted
from tests.conftest import TestClock
from tests.support.discussion import PostThread, events, let_pass, ruling, thread_of
from tests.support.people import Place, make_person, make_place
from tests.support.seat import Seat, text_of

SitDown = Callable[[Actor], Seat]
Ask = Callable[..., Posted]

WHEN = ("Monday", "Tuesday", "Friday")


@pytest.fixture
def ask(session: Session, ana: Actor, place: Place) -> Ask:
    """Ana begins a thread with a poll: ``ask(several=True)``."""

    def begin(*, screen: Screen = let_pass, options: tuple[str, ...] = WHEN, **more: object) -> Posted:
        poll = PollDraft(question="When do we meet?", options=options, **more)  # type: ignore[arg-type]
        draft = ThreadDraft(
            placement_id=place.placement.id, title="Meeting", source="Please choose.", poll=poll
        )
        return service.post_thread(session, screen, ana, draft)

    return begin


def seen(session: Session, actor: Actor, thread: Posted) -> PollView:
    poll = poll_of(session, actor, thread.thread_id)
    assert poll is not None
    return poll


def options(session: Session, thread: Posted) -> list[int]:
    return list(
        session.scalars(
            select(PollOption.id)
            .join(Poll, Poll.id == PollOption.poll_id)
            .where(Poll.thread_id == thread.thread_id)
            .order_by(PollOption.position)
        )
    )


def counts_are_true(session: Session) -> bool:
    counted = select(func.count()).where(PollVote.option_id == PollOption.id).scalar_subquery()
    return not session.execute(select(PollOption.id).where(PollOption.votes != counted)).all()


def test_a_vote_counts_once_and_can_be_changed(session: Session, ana: Actor, ben: Actor, ask: Ask) -> None:
    thread = ask()
    monday, tuesday, _friday = options(session, thread)
    polls.vote(session, ben, thread.thread_id, [monday])
    polls.vote(session, ben, thread.thread_id, [monday])
    polls.vote(session, ana, thread.thread_id, [monday])
    assert [option.votes for option in seen(session, ben, thread).options] == [2, 0, 0]
    polls.vote(session, ben, thread.thread_id, [tuesday])
    view = seen(session, ben, thread)
    assert [(option.votes, option.is_mine) for option in view.options] == [(1, False), (1, True), (0, False)]
    assert (view.voters, [view.percent(option) for option in view.options]) == (2, [50, 50, 0])
    assert counts_are_true(session)
    assert [name for name, _who, _what in events(session)].count("discussion.poll_voted") == 2


def test_several_answers_are_taken_only_where_they_are_asked_for(
    session: Session, ben: Actor, ask: Ask
) -> None:
    one, several = ask(), None
    monday, tuesday, friday = options(session, one)
    with pytest.raises(Invalid, match="one answer only"):
        polls.vote(session, ben, one.thread_id, [monday, tuesday])
    several = ask(several=True, options=("a", "b", "c"))
    a, b, c = options(session, several)
    polls.vote(session, ben, several.thread_id, [a, b])
    polls.vote(session, ben, several.thread_id, [b, c])
    view = seen(session, ben, several)
    assert [option.votes for option in view.options] == [0, 1, 1]
    assert view.voters == 1
    assert counts_are_true(session)
    with pytest.raises(Invalid, match="not part of this poll"):
        polls.vote(session, ben, several.thread_id, [friday])
    with pytest.raises(Invalid, match="Choose an answer"):
        polls.vote(session, ben, several.thread_id, [])


def test_a_poll_closes_by_the_clock_and_by_hand(
    session: Session, ana: Actor, ben: Actor, tom: Actor, ask: Ask, clock: TestClock
) -> None:
    thread = ask(closes_at=the_clock.now() + timedelta(days=1))
    monday, *_ = options(session, thread)
    clock.tick(days=1)
    assert seen(session, ben, thread).is_closed
    with pytest.raises(NotAllowed, match="closed"):
        polls.vote(session, ben, thread.thread_id, [monday])
    other = ask(options=("x", "y"))
    with pytest.raises(NotAllowed, match="Only who began"):
        polls.close(session, ben, other.thread_id)
    polls.close(session, ana, other.thread_id)
    polls.close(session, tom, other.thread_id)
    assert seen(session, ben, other).is_closed
    assert [name for name, _who, _what in events(session)].count("discussion.poll_closed") == 1


def test_nobody_votes_in_a_locked_thread_but_moderators(
    session: Session, ben: Actor, tom: Actor, ask: Ask
) -> None:
    thread = ask()
    monday, *_ = options(session, thread)
    service.lock(session, tom, thread.thread_id)
    with pytest.raises(NotAllowed):
        polls.vote(session, ben, thread.thread_id, [monday])
    polls.vote(session, tom, thread.thread_id, [monday])
    assert thread_of(session, thread).version > 1


def test_strangers_see_no_poll_and_threads_without_one_have_none(
    session: Session, ana: Actor, place: Place, ask: Ask, post_thread: PostThread
) -> None:
    thread = ask()
    stranger = make_person(session, make_place(session, beside=place), "Zoe")
    with pytest.raises(NotFound):
        polls.vote(session, stranger, thread.thread_id, options(session, thread))
    plain = post_thread(ana)
    assert poll_of(session, ana, plain.thread_id) is None
    with pytest.raises(NotFound, match="no poll"):
        polls.vote(session, ana, plain.thread_id, [1])


@pytest.mark.parametrize("answers", [("one",), ("same", "same"), tuple(f"answer {n}" for n in range(11))])
def test_a_poll_without_a_choice_or_with_too_much_of_it_is_not_begun(
    answers: tuple[str, ...], session: Session, ask: Ask
) -> None:
    with pytest.raises(Invalid, match="2 to 10"):
        ask(options=answers)
    assert session.scalar(select(func.count(Poll.id))) == 0


def about_polls(rule: Ruling) -> Screen:
    """A policy that minds what polls say."""

    def screen(submission: Submission) -> Screening:
        return ruling(rule)(submission) if "Friday" in submission.source else Screening()

    return screen


def test_policies_look_at_polls_as_well(session: Session, ask: Ask) -> None:
    with pytest.raises(Rejected, match="linklimit"):
        ask(screen=about_polls(Ruling.REJECT))
    held = ask(screen=about_polls(Ruling.HOLD))
    assert thread_of(session, held).state is State.HELD
    cannot_be_cut = ask(screen=about_polls(Ruling.REDACT), options=("Friday", "never"))
    assert thread_of(session, cannot_be_cut).state is State.HELD


def test_people_ask_vote_and_read_the_result_without_scripts(ana: Actor, ben: Actor, seat: SitDown) -> None:
    at_anas, at_bens = seat(ana), seat(ben)
    page = at_anas.fill_in(
        "/threads/new",
        "/threads/new",
        title="Meeting",
        source="Please choose.",
        poll_question="When <b>do</b> we meet?",
        poll_options="Monday\n Tuesday\n\nMonday",
        poll_days="7",
    )
    assert "When <b>do</b> we meet?" not in page.get_data(as_text=True)
    path = page.request.path.removeprefix(at_anas.base)
    page = at_bens.open(path)
    assert "nobody has voted yet" in text_of(page)
    assert "<meter" not in page.get_data(as_text=True)
    form = at_bens.form(page, "/poll")
    page = at_bens.follow(at_bens.send(form))
    assert "Choose an answer first." in text_of(page)
    monday = page.get_data(as_text=True).split('name="option"')[1].split('value="')[1].split('"')[0]
    page = at_bens.follow(
        at_bens.client.post(f"{at_bens.base}{path}/poll", data={**dict(form.fields), "option": monday})
    )
    assert "Your vote is counted." in text_of(page)
    assert "Monday Your choice 1, 100 %" in text_of(page)
    assert "<meter" in page.get_data(as_text=True)
    assert "Close the poll" not in text_of(page)
    assert "Close the poll" in text_of(at_anas.open(path))


def test_a_half_written_poll_is_given_back_with_what_is_missing(ana: Actor, seat: SitDown) -> None:
    at_anas = seat(ana)
    form = at_anas.form(at_anas.open("/threads/new"), "/threads/new")
    page = at_anas.send(form, title="Meeting", source="Words that stay", poll_question="When?")
    assert page.status_code == 422
    assert "Write at least two answers" in text_of(page)
    assert "Words that stay" in text_of(page)
    page = at_anas.send(form, title="Meeting", source="Words that stay", poll_options="a\nb")
    assert "Write the question of your poll" in text_of(page)
