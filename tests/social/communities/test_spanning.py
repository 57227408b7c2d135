"""Courses that work together: founded, joined by a code, left; and never across customers."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities import copies, spanning
from lmssocial.social.communities.models import Affiliation, Community, Kind, Span
from lmssocial.social.communities.span_codes import MOST_WRONG, WrongCodes, hash_of, new_code
from lmssocial.social.communities.span_views import spans_of
from lmssocial.social.communities.spanning import SpanDraft
from tests.conftest import TestClock
from tests.support.discussion import events
from tests.support.people import Place, make_person, make_place

LEAN = SpanDraft(title="Lean practice", about="Continuous improvement", kind="horizontal")


@pytest.fixture(autouse=True)
def nobody_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong codes of other tests, entered by people with the same ids, do not count."""
    monkeypatch.setattr(spanning, "WRONG_CODES", WrongCodes())


@pytest.fixture
def here(session: Session) -> Place:
    """A course."""
    return make_place(session)


@pytest.fixture
def there(session: Session, here: Place) -> Place:
    """Another course of the same customer."""
    return make_place(session, beside=here)


@pytest.fixture
def tom(session: Session, here: Place) -> Actor:
    """Who teaches the one."""
    return make_person(session, here, "Tom Berg", LmsRole.INSTRUCTOR)


@pytest.fixture
def uma(session: Session, there: Place) -> Actor:
    """Who teaches the other."""
    return make_person(session, there, "Uma Lind", LmsRole.INSTRUCTOR)


def test_two_courses_are_together_once_the_second_entered_the_code_of_the_first(
    session: Session, here: Place, there: Place, tom: Actor, uma: Actor
) -> None:
    founded = spanning.found(session, tom, LEAN)
    assert spanning.together(session, here.community.id) == {}
    typed = founded.code.replace("-", " ").lower()
    assert spanning.join(session, uma, typed).title == "Lean practice"
    assert spanning.together(session, here.community.id) == {there.community.id: "Lean practice"}
    assert spanning.together(session, there.community.id) == {here.community.id: "Lean practice"}
    assert spanning.titles(session, there.community.id) == {founded.span_id: "Lean practice"}
    assert [name for name, _who, _what in events(session)] == [
        "communities.span_founded",
        "communities.span_joined",
    ]
    stored = session.get_one(Community, founded.span_id)
    assert (stored.course_id, stored.kind, stored.tenant_id) == (None, Kind.HORIZONTAL, tom.tenant_id)
    assert founded.code not in session.get_one(Span, founded.span_id).code_hash
    with pytest.raises(Conflict, match="already"):
        spanning.join(session, uma, founded.code)


def test_only_the_same_customers_codes_open_anything(session: Session, tom: Actor) -> None:
    elsewhere = make_place(session)
    stranger = make_person(session, elsewhere, "", LmsRole.INSTRUCTOR)
    code = spanning.found(session, stranger, LEAN).code
    with pytest.raises(Invalid, match="No community of courses has this code"):
        spanning.join(session, tom, code)
    with pytest.raises(Invalid):
        spanning.join(session, tom, "")
    assert session.scalar(select(func.count()).select_from(Affiliation)) == 1


def test_a_code_that_was_renewed_or_switched_off_opens_nothing(
    session: Session, tom: Actor, uma: Actor
) -> None:
    founded = spanning.found(session, tom, LEAN)
    newer = spanning.renew_code(session, tom, founded.span_id)
    with pytest.raises(Invalid):
        spanning.join(session, uma, founded.code)
    spanning.close(session, tom, founded.span_id)
    with pytest.raises(Invalid):
        spanning.join(session, uma, newer)
    assert [span.has_code for span in spans_of(session, tom)] == [False]
    spanning.join(session, uma, spanning.renew_code(session, tom, founded.span_id))
    assert [course.title for course in spans_of(session, uma)[0].courses] == [
        session.get_one(Community, tom.community_id).title,
        session.get_one(Community, uma.community_id).title,
    ]


def test_the_last_course_that_leaves_ends_it(session: Session, here: Place, tom: Actor, uma: Actor) -> None:
    founded = spanning.found(session, tom, LEAN)
    spanning.join(session, uma, founded.code)
    assert not spanning.leave(session, tom, founded.span_id).ended
    assert spanning.together(session, here.community.id) == {}
    with pytest.raises(NotFound):
        spanning.renew_code(session, tom, founded.span_id)
    assert spanning.leave(session, uma, founded.span_id).ended
    assert session.get(Span, founded.span_id) is None
    assert session.get(Community, founded.span_id) is None


def test_learners_and_strangers_decide_nothing(session: Session, here: Place, tom: Actor, uma: Actor) -> None:
    founded = spanning.found(session, tom, LEAN)
    ana = make_person(session, here, "Ana Ruiz")
    for deed in (
        lambda: spanning.found(session, ana, LEAN),
        lambda: spanning.join(session, ana, founded.code),
        lambda: spanning.leave(session, ana, founded.span_id),
        lambda: spanning.renew_code(session, ana, founded.span_id),
        lambda: spanning.close(session, ana, founded.span_id),
        lambda: spans_of(session, ana),
    ):
        with pytest.raises(NotAllowed):
            deed()
    for deed in (
        lambda: spanning.leave(session, uma, founded.span_id),
        lambda: spanning.close(session, uma, founded.span_id),
    ):
        with pytest.raises(NotFound):
            deed()


@pytest.mark.parametrize(
    "draft",
    [
        SpanDraft(title=" ", about="", kind="vertical"),
        SpanDraft(title="x" * 121, about="", kind="vertical"),
        SpanDraft(title="Lean", about="x" * 501, kind="vertical"),
        SpanDraft(title="Lean", about="", kind="course"),
    ],
)
@pytest.mark.one_database
def test_a_title_and_a_kind_are_asked_for(session: Session, tom: Actor, draft: SpanDraft) -> None:
    with pytest.raises(Invalid):
        spanning.found(session, tom, draft)


def test_nobody_founds_the_same_twice_by_sending_a_form_again(session: Session, tom: Actor) -> None:
    spanning.found(session, tom, LEAN)
    with pytest.raises(Conflict):
        spanning.found(session, tom, LEAN)


def test_a_copy_of_a_course_does_not_join_by_itself(
    session: Session, here: Place, there: Place, tom: Actor, uma: Actor
) -> None:
    spanning.found(session, tom, LEAN)
    copies.copy_of(session, uma, here.placement)
    assert spanning.titles(session, there.community.id) == {}


def test_who_tries_many_codes_has_to_wait(clock: TestClock) -> None:
    wrong = WrongCodes()
    for _ in range(MOST_WRONG):
        wrong.require_few(1)
        wrong.note(1)
    wrong.require_few(2)
    with pytest.raises(Invalid, match="Wait 15 minutes"):
        wrong.require_few(1)
    clock.tick(minutes=15)
    wrong.require_few(1)


def test_codes_differ_and_are_read_as_they_are_typed() -> None:
    codes = {new_code() for _ in range(50)}
    assert len(codes) == 50
    code = codes.pop()
    assert hash_of(code) == hash_of(f" {code.lower().replace('-', '')} ") != hash_of(codes.pop())
