"""What the moderators' desk shows."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Ruling, Span, Verdict
from lmssocial.core.kernel import clock as the_clock
from lmssocial.core.kernel.errors import NotAllowed
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities.models import Tier
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.moderation import appeals, cases, flags, logbook, queries
from lmssocial.social.moderation.choice import Choice, View
from lmssocial.social.moderation.decisions import Decision, decide
from lmssocial.social.moderation.models import Case, CaseState, Deed, FlagReason, Origin
from lmssocial.social.moderation.queries import DeskPage
from lmssocial.social.moderation.screening import Vote
from tests.social.moderation.conftest import Shelf, book, held, hold, submission_of
from tests.support.people import Place, make_person, make_place
from tests.support.queries import Queries

CountQueries = Callable[[], AbstractContextManager[Queries]]


def desk(session: Session, actor: Actor, shelf: Shelf, **choice: object) -> DeskPage:
    """The desk of a Reviewed community with one widget."""
    return queries.desk(session, actor, Tier.REVIEWED, {"shelf": shelf}, Choice(**choice))  # type: ignore[arg-type]


def titles(page: DeskPage) -> list[str]:
    """What the cases are about."""
    return [case.subject.title for case in page.cases if case.subject]


def close(session: Session, actor: Actor, shelf: Shelf, case: Case, deed: Deed, message: str = "No.") -> None:
    """Decide a case."""
    session.flush()
    decision = Decision(deed=deed, seen_version=case.version, message=message)
    decide(session, actor, shelf, case.id, decision)
    session.flush()


def test_what_waits_is_shown_oldest_first_with_its_reasons(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf
) -> None:
    held(session, author, place, 1)
    votes = (hold("a", "One."), hold("b", "Two."), hold("c", "One."), hold("d", ""))
    held(session, author, place, 2, "shelf.book", *votes)
    page = desk(session, moderator, shelf)

    assert titles(page) == ["Title 1", "Title 2"]
    assert [(one.message, one.policies) for one in page.cases[1].objections] == [
        ("One.", ("a", "c")),
        ("Two.", ("b",)),
    ]


def test_an_objection_quotes_words_rule_and_what_would_pass(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf
) -> None:
    words = book(session, author, place, "Call 0123 or 4567 now.")
    verdict = Verdict(
        ruling=Ruling.HOLD,
        reason="numbers",
        message="Numbers.",
        rule="Nothing private.",
        suggestion="Leave them out.",
        spans=(Span(5, 9), Span(13, 17)),
        confidence=0.8,
    )
    held(session, author, place, words.id, "shelf.book", Vote("personaldata", verdict), source=words.source)
    (case,) = desk(session, moderator, shelf).cases
    (one,) = case.objections

    assert one.words == ("0123", "4567")
    assert one.rules == ("Nothing private.",)
    assert one.suggestions == ("Leave them out.",)
    assert one.confidence == 0.8
    words.source = "Something else altogether."
    session.flush()
    (case,) = desk(session, moderator, shelf).cases
    assert case.objections[0].words == ()  # the places are those of another wording


def test_what_was_decided_or_withdrawn_no_longer_waits(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf
) -> None:
    for deed in (Deed.APPROVED, Deed.REJECTED, Deed.CHANGE_ASKED):
        words = book(session, author, place)
        close(session, moderator, shelf, held(session, author, place, words.id), deed)
    held(session, author, place, 3)
    cases.withdraw(session, author, 3)
    session.flush()

    assert desk(session, moderator, shelf).cases == ()
    assert queries.waiting_count(session, moderator, Tier.REVIEWED) == 0
    assert len(desk(session, moderator, shelf, view=View.DECIDED).cases) == 3


def test_only_what_somebody_may_decide_is_counted_as_waiting_for_them(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf
) -> None:
    words = book(session, author, place)
    refused = held(session, author, place, words.id)
    close(session, moderator, shelf, refused, Deed.REJECTED)
    appeals.appeal(session, author, refused.id, "Look again.")
    held(session, moderator, place, 2)
    session.flush()
    steward = replace(author, user_id=author.user_id + 1000, offices=frozenset({Office.STEWARD}))

    assert len(desk(session, moderator, shelf).cases) == 2
    assert queries.waiting_count(session, moderator, Tier.REVIEWED) == 0
    assert queries.waiting_count(session, steward, Tier.REVIEWED) == 2
    assert queries.waiting_count(session, steward, Tier.ASSURED) == 0


def test_what_comes_again_says_what_was_decided_before(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf
) -> None:
    for message in ("Leave the name out.", "And the price."):
        close(session, moderator, shelf, held(session, author, place, 1), Deed.REJECTED, message)
    held(session, author, place, 1)
    held(session, author, place, 2)

    again, new = desk(session, moderator, shelf).cases
    assert [past.message for past in again.pasts] == ["And the price.", "Leave the name out."]
    assert new.pasts == ()


def test_a_moderator_sees_the_cases_of_their_course_only(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf
) -> None:
    elsewhere = make_place(session, beside=place)
    held(session, make_person(session, elsewhere), elsewhere, 1)
    held(session, author, place, 2)

    stranger = make_person(session, elsewhere, "", LmsRole.ADMINISTRATOR)
    assert titles(desk(session, moderator, shelf)) == ["Title 2"]
    assert queries.waiting_count(session, moderator, Tier.REVIEWED) == 1
    assert queries.waiting_count(session, stranger, Tier.REVIEWED) == 1


def test_a_learner_sees_no_case_no_number_and_no_log(
    session: Session, place: Place, author: Actor, shelf: Shelf
) -> None:
    held(session, author, place)

    assert queries.waiting_count(session, author, Tier.REVIEWED) == 0
    for look in (
        lambda: desk(session, author, shelf),
        lambda: queries.counts(session, author),
        lambda: logbook.of_community(session, author),
        lambda: logbook.of_contribution(session, author, 1),
        lambda: logbook.moderators(session, author),
    ):
        with pytest.raises(NotAllowed):
            look()
    assert queries.case_view(session, author, Tier.OPEN, {"shelf": shelf}, 1) is None


def test_each_widget_is_asked_once_about_its_own(
    session: Session, place: Place, author: Actor, moderator: Actor
) -> None:
    shelf, board = Shelf(), Shelf()
    held(session, author, place, 1, "shelf.book")
    held(session, author, place, 2, "board.note")
    held(session, author, place, 3, "shelf.map")
    queries.desk(session, moderator, Tier.OPEN, {"shelf": shelf, "board": board}, Choice())

    assert shelf.asked == [(1, 3)]
    assert board.asked == [(2,)]


def test_what_is_gone_is_shown_as_gone_and_cannot_be_decided(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf
) -> None:
    held(session, author, place, 1)
    held(session, author, place, 2)
    held(session, author, place, 3, "uninstalled.thing")
    shelf.gone = {1}
    page = desk(session, moderator, shelf)

    assert [case.subject is not None for case in page.cases] == [False, True, False]
    assert [case.may_decide for case in page.cases] == [False, True, False]


def test_the_views_show_what_they_say_and_count_it(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf
) -> None:
    taken, appealed = held(session, author, place, 101), held(session, author, place, 102)
    cases.claim(session, moderator, taken.id)
    appealed.origin = Origin.APPEAL
    flagged = book(session, author, place)
    flags.flag(session, make_person(session, place), shelf, flagged.id, FlagReason.SPAM, "Look.")
    session.flush()

    assert titles(desk(session, moderator, shelf, view=View.MINE)) == ["Title 101"]
    assert titles(desk(session, moderator, shelf, view=View.APPEALS)) == ["Title 102"]
    (case,) = desk(session, moderator, shelf, view=View.FLAGGED).cases
    assert case.reasons == [(FlagReason.SPAM, 1)]
    assert [flag.note for flag in case.notes] == ["Look."]
    assert queries.counts(session, moderator) == {
        View.WAITING: 3,
        View.MINE: 1,
        View.APPEALS: 1,
        View.FLAGGED: 1,
    }
    assert len(desk(session, moderator, shelf, flag=FlagReason.SPAM).cases) == 1
    assert desk(session, moderator, shelf, flag=FlagReason.UNKIND).cases == ()
    assert len(desk(session, moderator, shelf, policy="linklimit").cases) == 2
    assert desk(session, moderator, shelf, policy="words").cases == ()
    assert desk(session, moderator, shelf, author_id=moderator.user_id).cases == ()
    assert desk(session, moderator, shelf, author_id=author.user_id).author_name == "Ben Okoro"


def many(session: Session, place: Place, author: Actor, number: int, **changes: object) -> None:
    """A number of cases, and of contributions that they are about."""
    now = the_clock.now()
    first = book(session, author, place)
    session.flush()
    words = {column.name: getattr(first, column.name) for column in Contribution.__table__.columns}
    del words["id"]
    rows = [{**words, "submission_key": None} for _one in range(number)]
    ids = session.scalars(insert(Contribution).returning(Contribution.id), rows).all()
    case = {
        "tenant_id": place.tenant.id,
        "community_id": place.community.id,
        "placement_id": place.placement.id,
        "kind": "shelf.book",
        "author_id": author.user_id,
        "origin": Origin.POLICY,
        "state": CaseState.OPEN,
        "verdicts": {"verdicts": []},
        "opened_at": now,
        "due_at": now + timedelta(hours=48),
        **changes,
    }
    session.execute(insert(Case), [{**case, "contribution_id": one} for one in ids])


def test_ten_thousand_cases_take_as_many_statements_as_one(
    session: Session,
    place: Place,
    author: Actor,
    moderator: Actor,
    shelf: Shelf,
    count_queries: CountQueries,
) -> None:
    many(session, place, author, 1)
    with count_queries() as one:
        desk(session, moderator, shelf)
        queries.counts(session, moderator)
    many(session, place, author, 10_000)
    with count_queries() as ten_thousand:
        page = desk(session, moderator, shelf)
        counts = queries.counts(session, moderator)

    assert len(one) == len(ten_thousand) == 5
    assert len(page.cases) == queries.PAGE
    assert counts[View.WAITING] == 10_001
    with count_queries() as later:
        following = desk(session, moderator, shelf, after=page.next_after)
    assert len(later) == 4
    assert following.cases[0].id > page.cases[-1].id


@pytest.mark.parametrize("view", [View.WAITING, View.DECIDED])
def test_the_pages_show_every_case_once(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf, view: View
) -> None:
    number = 2 * queries.PAGE + 5
    decided = {"state": CaseState.REJECTED, "decided_at": the_clock.now()} if view is View.DECIDED else {}
    many(session, place, author, number, **decided)
    seen: list[int] = []
    after: int | None = None
    for _page in range(3):
        page = desk(session, moderator, shelf, view=view, after=after)
        seen += [case.id for case in page.cases]
        after = page.next_after

    assert after is None
    assert len(seen) == len(set(seen)) == number


def test_the_log_goes_on_where_a_page_ends(
    session: Session, place: Place, author: Actor, moderator: Actor, count_queries: CountQueries
) -> None:
    for number in range(logbook.PAGE + 10):
        held(session, author, place, number + 1)
    with count_queries() as sent:
        first = logbook.of_community(session, moderator)
    rest = logbook.of_community(session, moderator, before=first[logbook.PAGE - 1].id)

    assert len(sent) == 1
    assert len(first) == logbook.PAGE + 1
    assert len({line.id for line in [*first[: logbook.PAGE], *rest]}) == logbook.PAGE + 10
    assert logbook.of_community(session, moderator, person_id=moderator.user_id) == []
    assert logbook.of_community(session, moderator, deed=Deed.CLAIMED) == []


def test_who_approved_already_is_told_that_somebody_else_has_to(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf
) -> None:
    two = Vote("approval", Verdict(ruling=Ruling.HOLD, reason="r", message="Two people.", approvals=2))
    case = held(session, author, place, 1, "shelf.book", two)
    close(session, moderator, shelf, case, Deed.APPROVED, "")
    (mine,) = desk(session, moderator, shelf).cases
    (theirs,) = desk(session, make_person(session, place, "", LmsRole.INSTRUCTOR), shelf).cases

    assert (mine.approvals, mine.approvals_needed) == (1, 2)
    assert mine.has_approved
    assert not theirs.has_approved


def test_in_assured_a_steward_reads_why_they_do_not_decide(
    session: Session, place: Place, author: Actor, shelf: Shelf
) -> None:
    held(session, author, place, 1)
    learner = make_person(session, place)
    steward = replace(learner, offices=frozenset({Office.STEWARD}))
    expert = replace(learner, offices=frozenset({Office.SME}))
    (theirs,) = queries.desk(session, steward, Tier.ASSURED, {"shelf": shelf}, Choice()).cases
    (experts,) = queries.desk(session, expert, Tier.ASSURED, {"shelf": shelf}, Choice()).cases

    assert "an SME or an instructor decides" in theirs.why_not
    assert not theirs.may_decide
    assert experts.may_decide


def test_a_restore_is_offered_while_the_words_stand_as_they_were_decided_about(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf
) -> None:
    words = book(session, author, place)
    case = held(session, author, place, words.id, source=words.source)
    close(session, moderator, shelf, case, Deed.REJECTED)
    words.state = State.REJECTED
    session.flush()
    assert desk(session, moderator, shelf, view=View.DECIDED).cases[0].may_restore
    words.source = "another wording"
    session.flush()
    assert not desk(session, moderator, shelf, view=View.DECIDED).cases[0].may_restore


def test_the_owner_of_a_case_is_told_to_its_moderators_only(
    session: Session, place: Place, author: Actor, moderator: Actor
) -> None:
    case = held(session, author, place, 1, "shelf.book")

    assert queries.kind_of(session, moderator, case.id) == "shelf"
    assert queries.kind_of(session, author, case.id) is None
    assert queries.kind_of(session, moderator, case.id + 1) is None
    assert submission_of(author).kind == "shelf.book"
