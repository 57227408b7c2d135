"""Comparing two works: getting a pair, saying which is better, passing, and what the authors read of it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.hooks.rating import GroupScope
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Gone, Invalid, NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.peer_rating import access
from lmssocial.widgets.peer_rating.activities import locked
from lmssocial.widgets.peer_rating.models import Phase, Work, WorkState
from lmssocial.widgets.peer_rating.pair_models import Comparison, ComparisonState
from lmssocial.widgets.peer_rating.pairs import keeping, service
from lmssocial.widgets.peer_rating.pairs.drafts import PairDraft, Saved
from lmssocial.widgets.peer_rating.pairs.queries import received
from lmssocial.widgets.peer_rating.settings import Identity, Mode
from tests.support.discussion import HOLD, let_pass
from tests.support.peer_rating import make_work, set_up
from tests.support.people import Place, make_person
from tests.support.queries import counted_queries
from tests.support.seat import Seat, text_of

WORDS = "The first one names a price and a date; the second one asks better questions."


@pytest.fixture
def works(session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor) -> list[Work]:
    """Work of Ana, Ben and Cleo, to be compared."""
    set_up(session, place, Phase.REVIEW, mode=Mode.PAIRS, comparisons=3)
    return [make_work(session, place, one, source=f"The work of {one.name}.") for one in (ana, ben, cleo)]


def take(session: Session, actor: Actor, place: Place) -> Comparison:
    """The next pair; there is one."""
    found = service.next_for(session, actor, place.placement.id)
    assert found is not None
    return found


def send(session: Session, actor: Actor, place: Place, pair: Comparison, better: int) -> None:
    """Find one of the two better."""
    draft = PairDraft(better_id=better, criteria={0: better}, words=WORDS)
    service.compare(session, let_pass, actor, place.placement.id, pair.id, draft)


def test_somebody_compares_the_works_of_two_others_and_then_there_is_nothing_left(
    session: Session, place: Place, works: list[Work], ana: Actor
) -> None:
    pair = take(session, ana, place)
    assert {pair.low_id, pair.high_id} == {works[1].id, works[2].id}
    assert take(session, ana, place).id == pair.id  # one at a time

    send(session, ana, place, pair, works[1].id)

    assert service.next_for(session, ana, place.placement.id) is None
    assert locked(session, place.placement.id).activity.scores_stale


def test_what_is_sent_twice_is_one_comparison(
    session: Session, place: Place, works: list[Work], ana: Actor
) -> None:
    pair = take(session, ana, place)
    send(session, ana, place, pair, works[1].id)
    send(session, ana, place, pair, works[1].id)
    with pytest.raises(Gone, match="says otherwise"):
        send(session, ana, place, pair, works[2].id)

    assert session.get_one(Comparison, pair.id).better_id == works[1].id
    made = select(func.count(Contribution.id)).where(Contribution.kind == service.COMPARISON)
    assert session.scalar(made) == 1


def test_whoever_sends_a_held_comparison_again_hears_again_that_it_waits(
    session: Session, place: Place, works: list[Work], ana: Actor
) -> None:
    pair, draft = take(session, ana, place), PairDraft(better_id=works[1].id, words=WORDS)
    for _time in range(2):
        sent = service.compare(session, HOLD, ana, place.placement.id, pair.id, draft)
        assert sent.state is State.HELD


def test_a_comparison_needs_one_of_the_two_and_words(
    session: Session, place: Place, works: list[Work], ana: Actor
) -> None:
    pair = take(session, ana, place)
    for draft in (
        PairDraft(better_id=works[0].id, words=WORDS),
        PairDraft(better_id=works[1].id, criteria={0: works[0].id}, words=WORDS),
        PairDraft(better_id=works[1].id, words="Good."),
    ):
        with pytest.raises(Invalid):
            service.compare(session, let_pass, ana, place.placement.id, pair.id, draft)


def test_a_pair_that_was_passed_on_does_not_come_back_and_one_that_lapsed_does(
    session: Session, place: Place, works: list[Work], ana: Actor, ben: Actor
) -> None:
    pair = take(session, ana, place)
    assert keeping.skip(session, ana, place.placement.id, pair.id)
    assert service.next_for(session, ana, place.placement.id) is None

    lapsed = take(session, ben, place)
    later = clock.now() + timedelta(hours=25)
    assert service.expire_due(session, locked(session, place.placement.id), later) == 1
    assert lapsed.state is ComparisonState.EXPIRED
    again = take(session, ben, place)
    assert (again.id, again.state) == (lapsed.id, ComparisonState.OFFERED)
    assert {again.low_id, again.high_id} == {works[0].id, works[2].id}


def test_what_is_saved_is_found_again_and_an_older_tab_changes_nothing(
    session: Session, place: Place, works: list[Work], ana: Actor
) -> None:
    pair, at = take(session, ana, place), place.placement.id
    newer = Saved(sequence=2, better_id=works[1].id, words="Half a thought")
    assert keeping.save(session, ana, at, pair.id, newer)
    assert not keeping.save(session, ana, at, pair.id, Saved(sequence=1, words="Older"))
    assert Saved.read(session.get_one(Comparison, pair.id).answers) == newer


def test_nobody_compares_before_they_hand_in_or_when_it_is_not_open(
    session: Session, place: Place, works: list[Work], ana: Actor
) -> None:
    del works
    late = make_person(session, place, "Lea Late")
    with pytest.raises(NotAllowed) as early:
        service.next_for(session, late, place.placement.id)
    assert early.value.message == "Hand in your own work first."
    set_up(session, place, Phase.EVALUATE, mode=Mode.PAIRS)
    with pytest.raises(NotAllowed) as over:
        service.next_for(session, ana, place.placement.id)
    assert over.value.message == "Comparing is not open now."


def test_work_of_ones_own_group_is_left_out_where_groups_are_kept_apart(
    session: Session, place: Place, works: list[Work], ana: Actor
) -> None:
    del works
    set_up(session, place, Phase.REVIEW, mode=Mode.PAIRS, groups=GroupScope.WITHIN)
    assert service.next_for(session, ana, place.placement.id) is None


def test_a_comparison_of_a_work_that_went_is_not_needed_any_more(
    session: Session, place: Place, works: list[Work], ana: Actor
) -> None:
    pair = take(session, ana, place)
    works[1].state = WorkState.CANCELLED
    with pytest.raises(Gone) as gone:
        send(session, ana, place, pair, works[2].id)
    assert "not there any more" in gone.value.message


def test_a_judge_sees_the_two_works_and_no_others_in_both_forms_of_the_rule(
    session: Session, place: Place, works: list[Work], ana: Actor
) -> None:
    def seen() -> set[int]:
        return set(session.scalars(select(Work.id).where(access.works_seen_by(ana))))

    assert seen() == {works[0].id}
    pair = take(session, ana, place)
    session.flush()
    assert seen() == {one.id for one in works}
    assert access.sees_work(ana, works[1], {0}, None, compares=True)
    keeping.skip(session, ana, place.placement.id, pair.id)
    session.flush()
    assert seen() == {works[0].id}
    assert not access.sees_work(ana, works[1], {0}, None, compares=False)


def test_authors_read_what_was_said_once_reviews_are_read_and_no_names_where_these_are_hidden(
    session: Session, place: Place, works: list[Work], ana: Actor, ben: Actor
) -> None:
    send(session, ana, place, take(session, ana, place), works[1].id)
    assert received(session, ben, place.placement.id) == ()

    set_up(session, place, Phase.FEEDBACK, mode=Mode.PAIRS)
    (named,) = received(session, ben, place.placement.id)
    assert (named.by, named.was_better, named.criteria) == ("Ana Ruiz", True, ("Argument",))

    set_up(session, place, Phase.FEEDBACK, mode=Mode.PAIRS, identity=Identity.SINGLE_BLIND)
    (hidden,) = received(session, ben, place.placement.id)
    assert hidden.by == ""

    words = session.scalars(select(Contribution).where(Contribution.kind == service.COMPARISON)).one()
    words.state = State.REJECTED
    session.flush()
    assert received(session, ben, place.placement.id) == ()


def test_nobody_opens_the_comparison_of_somebody_else(
    session: Session, place: Place, works: list[Work], ana: Actor, ben: Actor
) -> None:
    pair = take(session, ana, place)
    with pytest.raises(NotFound):
        send(session, ben, place, pair, works[2].id)


def test_the_next_pair_takes_as_many_statements_among_forty_works_as_among_three(
    session: Session, place: Place, works: list[Work], ana: Actor, ben: Actor
) -> None:
    del works
    session.flush()
    with counted_queries() as few:
        take(session, ana, place)
    for number in range(37):
        make_work(session, place, make_person(session, place, f"Person {number}"))
    session.flush()
    with counted_queries() as many:
        take(session, ben, place)
    assert len(many) == len(few)


def test_a_learner_compares_two_works_on_the_page(
    session: Session, place: Place, works: list[Work], ana: Actor, seat: Callable[[Actor], Seat]
) -> None:
    pair = take(session, ana, place)
    judge, address = seat(ana), f"/pairs/{pair.id}"
    page = judge.open(address)
    assert "The work of Ben Okoro." in text_of(page)
    form = judge.form(page, address)
    two = {str(work.id) for work in works[1:]}
    assert set(form.choices["better"]) == two
    assert set(form.choices["criterion_0"]) == {*two, "0"}
    for words in ("The first", "The second", "I cannot tell"):
        assert re.search(rf"<label[^>]*><input[^>]*><div>{words}</div>", page.get_data(as_text=True))
    assert "(optional)" not in text_of(page)

    refused = judge.send(form, better=str(works[1].id), words="Short")
    assert refused.status_code == 422
    assert "Short" in refused.get_data(as_text=True)

    sent = judge.follow(judge.send(form, better=str(works[1].id), words=WORDS))
    assert "Your comparison is in" in text_of(sent)

    other_tab = judge.send(form, better=str(works[2].id), words=WORDS)
    assert other_tab.status_code == 410
    assert "in another tab or on another device, and that stands" in text_of(other_tab)
