"""The desk: what waits and whose turn it is, and what stewards do with single questions."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.social.communities.models import Appointment
from lmssocial.widgets.experts.desk import deeds
from lmssocial.widgets.experts.desk.blocks import blocks
from lmssocial.widgets.experts.desk.lists import PAGE, Show, desk_page
from lmssocial.widgets.experts.invitation_models import Invitation, InvitationState, Source
from lmssocial.widgets.experts.models import Audience, Level, Question, State, Step
from lmssocial.widgets.experts.people_models import Expertise
from tests.support.discussion import let_pass
from tests.support.experts import (
    bring_together,
    make_answer,
    make_expert,
    make_invitation,
    make_question,
    make_topic,
)
from tests.support.people import Place, make_person, make_place
from tests.support.queries import Queries
from tests.support.seat import Seat, text_of
from tests.support.visitor import forms_of

Sit = Callable[[Actor], Seat]
Count = Callable[[], AbstractContextManager[Queries]]


@pytest.fixture
def stew(session: Session, place: Place) -> Actor:
    """A learner who is a steward of the community."""
    actor = make_person(session, place, "Stew Olsen")
    session.add(
        Appointment(
            user_id=actor.user_id,
            community_id=place.community.id,
            offices="steward",
            appointed_at=clock.now(),
        )
    )
    session.flush()
    return Actor(**{**vars(actor), "offices": frozenset({Office.STEWARD})})


def titles(session: Session, actor: Actor, show: Show = Show.ALL) -> list[str]:
    """What stands on the desk."""
    return [line.title for line in desk_page(session, actor, show).lines]


def test_the_oldest_stands_first_and_each_says_whose_turn_it_is(
    session: Session, place: Place, ana: Actor, ben: Actor, stew: Actor
) -> None:
    now = clock.now()
    make_question(session, place, ana, title="Newer one", at=now, level=Level.STEWARDS)
    old = now - timedelta(days=2)
    make_question(session, place, ana, title="Private one", at=old, audience=Audience.EXPERTS)
    asked_back = make_question(session, place, ana, title="Asked back", at=now - timedelta(days=1))
    asked_back.paused_at = now
    make_invitation(session, place, asked_back, ben)
    make_question(session, place, ana, title="Over", at=old, state=State.CLOSED)
    make_question(session, make_place(session, beside=place, widget="experts"), ana, title="Elsewhere")
    assert titles(session, stew) == ["Private one", "Asked back", "Newer one"]
    assert titles(session, stew, Show.ESCALATED) == titles(session, stew, Show.NOBODY) == ["Newer one"]
    assert titles(session, stew, Show.ASKER) == ["Asked back"]
    assert titles(session, stew, Show.PRIVATE) == ["Private one"]
    page = desk_page(session, stew, Show.ALL)
    assert page.counts == {
        Show.ALL: 3,
        Show.ESCALATED: 1,
        Show.NOBODY: 1,
        Show.ASKER: 1,
        Show.PRIVATE: 1,
    }
    assert all(line.next.sentence for line in page.lines)
    assert page.lines[2].next.sentence.startswith("This question is on your desk")


@pytest.mark.one_database
def test_a_long_desk_is_read_page_by_page_and_asks_as_much_for_many_as_for_few(
    session: Session, place: Place, ana: Actor, tom: Actor, count_queries: Count
) -> None:
    begin = clock.now() - timedelta(days=3)
    make_question(session, place, ana, at=begin)
    with count_queries() as few:
        desk_page(session, tom, Show.ALL)
    for number in range(PAGE + 4):
        make_question(session, place, ana, at=begin + timedelta(minutes=number // 2))
    with count_queries() as many:
        first = desk_page(session, tom, Show.ALL)
    assert len(many) == len(few)
    second = desk_page(session, tom, Show.ALL, first.after)
    ids = [line.id for line in (*first.lines, *second.lines)]
    assert len(ids) == len(set(ids)) == PAGE + 5
    assert (len(second.lines), second.after) == (5, "")


def test_only_those_who_look_after_questions_of_this_course_come_to_the_desk(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, seat: Sit
) -> None:
    there = make_place(session, widget="experts", beside=place)
    bring_together(session, place, there)
    question = make_question(session, there, make_person(session, there))
    make_invitation(session, place, question, tom)
    with pytest.raises(NotAllowed):
        deeds.open_up(session, tom, question.id)
    with pytest.raises(NotAllowed):
        desk_page(session, ben, Show.ALL)
    own = make_question(session, place, ana)
    for deed in (
        lambda: deeds.close(session, let_pass, ben, own.id, "No."),
        lambda: deeds.merge(session, ana, own.id, own.id),
        lambda: deeds.expert_invite(session, let_pass, ben, own.id, ana.user_id, ""),
        lambda: deeds.reassign(session, let_pass, ana, own.id, ben.user_id, ""),
    ):
        with pytest.raises(NotAllowed):
            deed()
    learner = seat(ben)
    for path in ("/desk", f"/questions/{own.id}/close", f"/questions/{own.id}/invite"):
        assert learner.open(path).status_code == 403


def test_a_steward_invites_somebody_by_name_with_a_note(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, stew: Actor, seat: Sit
) -> None:
    topic = make_topic(session, place, "Capability")
    make_expert(session, place, cleo, topic)
    question_id = make_question(session, place, ana, topic).id
    steward = seat(stew)
    assert "Cleo Maas – " in text_of(steward.open(f"/questions/{question_id}/invite")), "with reasons"
    page = steward.open(f"/questions/{question_id}/invite?q=okoro")
    assert "has not offered to be asked" in text_of(page)
    form = steward.form(page, "/invite?q=okoro")
    nobody = steward.send(form, words="You know gauges.")
    assert (nobody.status_code, "Choose somebody." in text_of(nobody)) == (422, True)
    sent = steward.send(form, person=str(ben.user_id), words="You know gauges.")
    assert sent.status_code == 303, text_of(sent)
    session.rollback()
    [invitation] = session.scalars(select(Invitation).where(Invitation.question_id == question_id))
    assert (invitation.user_id, invitation.source, invitation.note) == (
        ben.user_id,
        Source.STEWARD,
        "You know gauges.",
    )
    again = steward.send(form, person=str(ben.user_id), words="")
    assert (again.status_code, "asked already" in text_of(again)) == (422, True)


def test_handing_over_ends_what_somebody_had_accepted(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    question = make_question(
        session, place, ana, state=State.ACCEPTED, accepted_by_id=ben.user_id, accepted_at=clock.now()
    )
    held = make_invitation(session, place, question, ben, state=InvitationState.ACCEPTED)
    invitation = deeds.reassign(session, let_pass, tom, question.id, cleo.user_id, "")
    session.flush()
    assert (held.state, invitation.state) == (InvitationState.SUPERSEDED, InvitationState.SENT)
    assert (question.state, question.accepted_by_id) == (State.OPEN, None)
    assert question.next_at is not None


def test_a_question_is_closed_with_a_reason_that_its_asker_reads(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, seat: Sit
) -> None:
    question_id = make_question(session, place, ana).id
    invitation_id = make_invitation(session, place, session.get_one(Question, question_id), ben).id
    staff = seat(tom)
    form = staff.form(staff.open(f"/questions/{question_id}/close"), "/close")
    assert staff.send(form, reason=" ").status_code == 422
    assert staff.send(form, reason="It is answered in the script, page 3.").status_code == 303
    session.rollback()
    question = session.get_one(Question, question_id)
    assert (question.state, question.next_at) == (State.CLOSED, None)
    assert question.closed_because == "It is answered in the script, page 3."
    assert session.get_one(Invitation, invitation_id).state is InvitationState.SUPERSEDED
    assert session.scalars(select(Step.what).where(Step.question_id == question_id)).all() == ["closed"]
    assert "page 3" in text_of(seat(ana).open(f"/questions/{question_id}"))
    late = staff.send(form, reason="Again.")
    assert (late.status_code, "come to its end" in text_of(late)) == (422, True)
    assert staff.open(f"/questions/{question_id}/close").status_code == 303, "there is nothing to close"


def test_what_has_an_answer_is_not_closed_without_one(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    question = make_question(session, place, ana)
    make_answer(session, place, question, ben)
    with pytest.raises(Conflict):
        deeds.close(session, let_pass, tom, question.id, "Enough.")


def test_a_question_goes_on_only_where_its_asker_can_follow(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, seat: Sit
) -> None:
    topic = make_topic(session, place, "Capability")
    question = make_question(session, place, ana, topic)
    private = make_question(session, place, ben, topic, title="Hidden from Ana", audience=Audience.EXPERTS)
    closed = make_question(session, place, ben, title="Closed before", state=State.CLOSED)
    other = make_question(session, place, ben, topic, title="Is Cpk below one bad?")
    make_answer(session, place, other, tom)
    for wrong in (private, closed, question):
        with pytest.raises(Invalid):
            deeds.merge(session, tom, question.id, wrong.id)
    with pytest.raises(NotFound):
        deeds.merge(session, tom, question.id, 10**6)
    question_id, other_id = question.id, other.id
    staff = seat(tom)
    page = staff.open(f"/questions/{question_id}/merge")
    assert "Is Cpk below one bad?" in text_of(page)
    assert "Hidden from Ana" not in text_of(page)
    assert "Closed before" not in text_of(page)
    forms = forms_of(page.get_data(as_text=True), page.request.url)
    [form] = [one for one in forms if one.method == "post" and one.action.endswith("/merge")]
    assert staff.send(form, into=str(other_id)).status_code == 303
    session.rollback()
    merged = session.get_one(Question, question_id)
    assert (merged.state, merged.merged_into_id) == (State.MERGED, other_id)


def test_a_question_is_opened_early_unless_it_is_for_experts_only(
    session: Session, place: Place, ana: Actor, tom: Actor
) -> None:
    question = make_question(session, place, ana)
    assert deeds.open_up(session, tom, question.id) is True
    assert (question.level, deeds.open_up(session, tom, question.id)) == (Level.EVERYBODY, False)
    private = make_question(session, place, ana, audience=Audience.EXPERTS)
    with pytest.raises(NotAllowed):
        deeds.open_up(session, tom, private.id)


def test_the_desk_names_what_else_waits_and_the_page_of_a_question_its_tools(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor, seat: Sit
) -> None:
    topic = make_topic(session, place, "Capability")
    make_expert(session, place, ben, topic)
    session.get_one(Expertise, (topic.id, ben.user_id)).endorsements = 3
    gap = make_topic(session, place, "Gauges")
    question_id = make_question(session, place, ana, gap).id
    found = blocks(session, tom)
    assert [(one.name, one.topic) for one in found.to_confirm] == [("Ben Okoro", "Capability")]
    assert (found.confirmations, found.gaps, found.due) == (1, 1, 0)
    staff = seat(tom)
    page = text_of(staff.open("/desk"))
    for words in ("One endorsement to confirm", "One topic is asked for and has nobody", "All (1)"):
        assert words in page
    tools = staff.open(f"/questions/{question_id}")
    assert staff.follow(staff.send(staff.form(tools, "/open"))).status_code == 200
    session.rollback()
    assert session.get_one(Question, question_id).level is Level.EVERYBODY
    assert "Look after this question" not in text_of(seat(cleo).open(f"/questions/{question_id}"))
