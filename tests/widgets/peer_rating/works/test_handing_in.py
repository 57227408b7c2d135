"""Handing in: once, late, in another wording, withdrawn and again."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities.models import Group, GroupMember
from lmssocial.social.composing.handing_in import Rejected
from lmssocial.social.content.attachment_models import Attachment, FileState
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.peer_rating.models import Extension, Phase, ReviewState, Source, Work, WorkState
from lmssocial.widgets.peer_rating.pair_models import Comparison, ComparisonState
from lmssocial.widgets.peer_rating.settings import Late, Mode
from lmssocial.widgets.peer_rating.works import aliases, service
from lmssocial.widgets.peer_rating.works.desk import TooLate
from lmssocial.widgets.peer_rating.works.drafts import Sent, WorkDraft
from lmssocial.widgets.peer_rating.works.entering import Overtaken
from lmssocial.widgets.peer_rating.works.queries import author_ids, files_of, own_work
from tests.conftest import TestClock
from tests.support.discussion import HOLD, REJECT, events, let_pass
from tests.support.peer_rating import make_review, make_work, set_up
from tests.support.people import Place, make_person

DAY = timedelta(days=1)


def send(session: Session, place: Place, actor: Actor, source: str = "My work.", **more: Any) -> Sent:
    """Hand in; ``screen`` is that of the policies."""
    screen = more.pop("screen", let_pass)
    return service.hand_in(session, screen, actor, place.placement.id, WorkDraft(source=source, **more))


def seen(session: Session, place: Place, actor: Actor) -> int:
    """The version of the words that the actor's page shows."""
    own = own_work(session, actor, place.placement.id)
    assert own is not None
    return own.seen_version


def team_of(session: Session, place: Place, *members: Actor, name: str = "Team 1") -> list[Actor]:
    """A course group; gives its members as they are with the next request."""
    group = Group(
        tenant_id=place.tenant.id, community_id=place.community.id, name=name, created_at=clock.now()
    )
    session.add(group)
    session.flush()
    session.add_all(GroupMember(group_id=group.id, user_id=member.user_id) for member in members)
    session.flush()
    return [replace(member, groups=member.groups | {group.id}) for member in members]


def test_work_is_handed_in_by_its_author_and_told_of(session: Session, place: Place, ana: Actor) -> None:
    set_up(session, place)

    sent = send(session, place, ana, "My *work*.", title="A walk")

    own = own_work(session, ana, place.placement.id)
    assert own is not None
    assert (own.id, own.title, own.authors, own.is_late) == (sent.work_id, "A walk", ("Ana Ruiz",), False)
    assert "<em>work</em>" in own.html
    (name, actor_id, payload) = events(session)[-1]
    assert (name, actor_id, payload["author_ids"]) == (
        "peer_rating.work_submitted",
        ana.user_id,
        [ana.user_id],
    )


def test_the_same_form_sent_twice_hands_in_once(session: Session, place: Place, ana: Actor) -> None:
    set_up(session, place)
    first = send(session, place, ana, submission_key="form-1")
    assert send(session, place, ana, submission_key="form-1").work_id == first.work_id
    assert session.scalar(select(func.count(Work.id))) == 1


def test_staff_and_test_users_hand_nothing_in(session: Session, place: Place, ana: Actor, tom: Actor) -> None:
    set_up(session, place)
    for actor in (tom, replace(ana, is_test=True)):
        with pytest.raises(NotAllowed, match="Only learners"):
            send(session, place, actor)


def test_what_comes_after_the_date_is_late_or_refused(
    session: Session, place: Place, ana: Actor, ben: Actor, clock: TestClock
) -> None:
    set_up(session, place, submit_due_at=clock.now)
    clock.tick(minutes=5)
    assert send(session, place, ana).is_late

    set_up(session, place, submit_due_at=clock.now - DAY, late=Late.REFUSED)
    with pytest.raises(TooLate, match="What you wrote is kept"):
        send(session, place, ben)

    extension = Extension(
        placement_id=place.placement.id,
        user_id=ben.user_id,
        submit_due_at=clock.now + DAY,
        given_by_id=ana.user_id,
        given_at=clock.now,
    )
    session.add(extension)
    session.flush()
    assert not send(session, place, ben).is_late


def test_what_came_in_time_stays_as_it_is_after_the_date_and_what_came_late_may_change(
    session: Session, place: Place, ana: Actor, ben: Actor, clock: TestClock
) -> None:
    set_up(session, place, submit_due_at=clock.now)
    send(session, place, ana)
    clock.tick(days=1)
    with pytest.raises(TooLate, match="stays as it is"):
        send(session, place, ana, "Better.", seen_version=seen(session, place, ana))
    send(session, place, ben)
    send(session, place, ben, "Better.", seen_version=seen(session, place, ben))
    own = own_work(session, ben, place.placement.id)
    assert own is not None
    assert (own.source, own.is_late) == ("Better.", True)


def test_a_new_wording_replaces_the_old_one_until_somebody_has_reviewed_it(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    set_up(session, place, rolling=True)
    sent = send(session, place, ana)
    work = session.get_one(Work, sent.work_id)
    make_review(session, place, work, ben, state=ReviewState.STARTED)

    send(session, place, ana, "Better.", seen_version=seen(session, place, ana))
    assert events(session)[-1][0] == "peer_rating.work_revised"
    assert session.get_one(Work, sent.work_id).live == 1

    make_review(session, place, work, cleo)
    with pytest.raises(Conflict, match="has reviewed"):
        send(session, place, ana, "Best.", seen_version=seen(session, place, ana))


def test_two_tabs_do_not_overwrite_each_other(session: Session, place: Place, ana: Actor) -> None:
    set_up(session, place)
    send(session, place, ana)
    before = seen(session, place, ana)
    send(session, place, ana, "From one tab.", seen_version=before)
    with pytest.raises(Overtaken):
        send(session, place, ana, "From the other.", seen_version=before)


def test_a_refused_text_is_not_handed_in_and_a_held_one_is_told_of_when_it_is_let_through(
    session: Session, place: Place, ana: Actor
) -> None:
    set_up(session, place)
    with pytest.raises(Rejected):
        send(session, place, ana, screen=REJECT)
    assert own_work(session, ana, place.placement.id) is None

    sent = send(session, place, ana, screen=HOLD)
    assert sent.state is State.HELD
    assert "peer_rating.work_submitted" not in [name for name, _, _ in events(session)]

    send(session, place, ana, "Better.", seen_version=seen(session, place, ana))
    assert events(session)[-1][0] == "peer_rating.work_submitted"


def test_work_is_withdrawn_with_its_open_reviews_and_handed_in_again(
    session: Session, place: Place, ana: Actor, ben: Actor, clock: TestClock
) -> None:
    set_up(session, place, submit_due_at=clock.now + DAY, rolling=True)
    sent = send(session, place, ana)
    review = make_review(session, place, session.get_one(Work, sent.work_id), ben, state=ReviewState.OFFERED)

    service.withdraw(session, ana, place.placement.id)

    work = session.get_one(Work, sent.work_id)
    assert (work.state, work.live, review.state) == (WorkState.WITHDRAWN, 0, ReviewState.REVOKED)
    assert "peer_rating.review_revoked" in [name for name, _, _ in events(session)]

    clock.tick(days=2)
    again = send(session, place, ana, "Once more.", submission_key="form-2")
    assert (again.work_id, again.is_late, work.state) == (sent.work_id, True, WorkState.SUBMITTED)
    assert work.submitted_at == clock.now


def test_reviewed_work_is_not_withdrawn(session: Session, place: Place, ana: Actor, ben: Actor) -> None:
    set_up(session, place, Phase.REVIEW)
    make_review(session, place, make_work(session, place, ana), ben)
    with pytest.raises(Conflict, match="cannot be withdrawn"):
        service.withdraw(session, ana, place.placement.id)


def test_a_team_hands_in_one_work_and_all_are_its_authors(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    set_up(session, place, teams=True)
    ana, ben = team_of(session, place, ana, ben)

    sent = send(session, place, ana, "Ours.")
    with pytest.raises(Overtaken, match="somebody of your team"):
        send(session, place, ben, "Mine.")
    with pytest.raises(NotAllowed, match="in no group"):
        send(session, place, cleo)

    assert author_ids(session, sent.work_id) == sorted([ana.user_id, ben.user_id])
    send(session, place, ben, "Ours, better.", seen_version=seen(session, place, ben))
    own = own_work(session, ana, place.placement.id)
    assert own is not None
    assert (own.source, own.group_name) == ("Ours, better.", "Team 1")


def test_who_is_in_several_groups_chooses_and_stays_with_the_choice(
    session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    set_up(session, place, teams=True)
    (ana,) = team_of(session, place, ana)
    ana, ben = team_of(session, place, ana, ben, name="Team 2")
    one, two = sorted(ana.groups)

    with pytest.raises(Invalid, match="Choose the group"):
        send(session, place, ana)
    sent = send(session, place, ana, group_id=one)
    assert send(session, place, ana, "Again.", seen_version=seen(session, place, ana)).work_id == sent.work_id
    theirs = send(session, place, ben, group_id=two)
    assert author_ids(session, theirs.work_id) == [ben.user_id]


def test_who_came_to_a_team_later_becomes_an_author_with_their_first_change(
    session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    set_up(session, place, teams=True)
    (ana,) = team_of(session, place, ana)
    sent = send(session, place, ana)
    (group_id,) = ana.groups
    session.add(GroupMember(group_id=group_id, user_id=ben.user_id))
    session.flush()
    ben = replace(ben, groups=ana.groups)
    words = session.get_one(Contribution, session.get_one(Work, sent.work_id).contribution_id)

    send(session, place, ben, words.source, seen_version=words.version)

    assert author_ids(session, sent.work_id) == sorted([ana.user_id, ben.user_id])


def test_who_changes_teams_after_their_work_was_cancelled_becomes_an_author_of_the_other_one(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    set_up(session, place, teams=True)
    (ana,) = team_of(session, place, ana, name="One")
    (before,) = team_of(session, place, ben, name="Two")
    sent, cancelled = send(session, place, ana), send(session, place, before)
    service.take_out(session, tom, cancelled.work_id, WorkState.CANCELLED, "They work with the others now.")
    (group_id,) = ana.groups
    session.add(GroupMember(group_id=group_id, user_id=ben.user_id))
    session.flush()

    send(session, place, ana, "With Ben.", seen_version=seen(session, place, ana))

    assert author_ids(session, sent.work_id) == sorted([ana.user_id, ben.user_id])
    own = own_work(session, ben, place.placement.id)
    assert own is not None
    assert own.id == sent.work_id


def test_staff_take_work_out_and_put_it_back_and_finished_reviews_stay(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    activity = set_up(session, place, Phase.REVIEW)
    work = make_work(session, place, ana)
    done = make_review(session, place, work, ben)
    begun = make_review(session, place, work, cleo, state=ReviewState.STARTED)

    with pytest.raises(Invalid, match="Write to its author why"):
        service.take_out(session, tom, work.id, WorkState.CANCELLED, " ")
    with pytest.raises(NotAllowed):
        service.take_out(session, ben, work.id, WorkState.CANCELLED, "No.")
    service.take_out(session, tom, work.id, WorkState.CANCELLED, "It is the work of another course.")

    assert (work.state, work.live, work.completed) == (WorkState.CANCELLED, 0, 1)
    assert (done.state, begun.state) == (ReviewState.SUBMITTED, ReviewState.REVOKED)
    assert activity.scores_stale
    service.take_back_in(session, tom, work.id)
    assert (work.state, work.note) == (WorkState.SUBMITTED, "")


def test_after_a_cancelled_work_another_is_handed_in_and_the_first_stays_out(
    session: Session, place: Place, ana: Actor, tom: Actor
) -> None:
    set_up(session, place)
    first = send(session, place, ana)
    service.take_out(session, tom, first.work_id, WorkState.CANCELLED, "Empty.")

    second = send(session, place, ana, "Now with words.")

    assert second.work_id != first.work_id
    own = own_work(session, ana, place.placement.id)
    assert own is not None
    assert own.id == second.work_id
    with pytest.raises(Conflict, match="something else since"):
        service.take_back_in(session, tom, first.work_id)
    service.take_out(session, tom, second.work_id, WorkState.CANCELLED, "Empty, too.")
    with pytest.raises(Conflict, match="something else since"):
        service.take_back_in(session, tom, first.work_id)
    service.take_back_in(session, tom, second.work_id)
    own = own_work(session, ana, place.placement.id)
    assert own is not None
    assert own.is_in


def test_an_excluded_work_keeps_what_staff_began(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    set_up(session, place, Phase.REVIEW)
    work = make_work(session, place, ana)
    from_peer = make_review(session, place, work, ben, state=ReviewState.OFFERED)
    from_staff = make_review(session, place, work, tom, state=ReviewState.STARTED, source=Source.STAFF)
    service.take_out(session, tom, work.id, WorkState.EXCLUDED, "I review this one.")
    assert (from_peer.state, from_staff.state) == (ReviewState.REVOKED, ReviewState.STARTED)


def test_somebody_of_another_course_takes_nothing_out(session: Session, place: Place, ana: Actor) -> None:
    set_up(session, place)
    work = make_work(session, place, ana)
    stranger = replace(
        make_person(session, place, "Nora Lind", LmsRole.INSTRUCTOR), community_id=place.community.id + 1
    )
    with pytest.raises(NotFound, match="sees no work"):
        service.take_out(session, stranger, work.id, WorkState.CANCELLED, "Not mine.")


@pytest.mark.one_database
def test_numbers_are_random_and_never_taken() -> None:
    few = set(range(100, 549))
    assert aliases.among(few) not in few
    assert 100 <= aliases.among(few) < 1000
    many = set(range(100, 550))
    assert 1000 <= aliases.among(many) < 10_000


def test_files_of_every_member_stay_in_what_a_team_hands_in(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    set_up(session, place, teams=True)
    ana, ben = team_of(session, place, ana, ben)
    first, second, strange = (a_file(session, place, actor) for actor in (ana, ben, cleo))
    send(session, place, ana, f"![]({first})")

    send(
        session,
        place,
        ben,
        f"![]({first})\n\n![]({second})\n\n![]({strange})",
        seen_version=seen(session, place, ben),
    )

    own = own_work(session, ana, place.placement.id)
    assert own is not None
    assert own.html.count("<img") == 2
    words = session.get_one(Contribution, own.contribution_id)
    assert [file.name for file in files_of(session, words)] == [
        f"{actor.user_id}.png" for actor in (ana, ben)
    ]
    assert session.scalars(select(Attachment.contribution_id).order_by(Attachment.id)).all() == [
        words.id,
        words.id,
        None,
    ]


def a_file(session: Session, place: Place, actor: Actor) -> str:
    """A picture that the actor has uploaded; its address in Markdown."""
    row = Attachment(
        tenant_id=place.tenant.id,
        community_id=place.community.id,
        placement_id=place.placement.id,
        uploader_id=actor.user_id,
        name=f"{actor.user_id}.png",
        media_type="image/png",
        size=10,
        digest="0" * 64,
        width=1,
        height=1,
        storage_key=f"key-{actor.user_id}",
        state=FileState.WAITING,
        verdicts={"verdicts": []},
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return f"attachment:{row.id}"


def test_a_compared_work_stays_and_a_withdrawn_one_is_not_compared(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    set_up(session, place, Phase.REVIEW, mode=Mode.PAIRS)
    first, second = make_work(session, place, ana), make_work(session, place, ben)
    comparison = Comparison(
        tenant_id=place.tenant.id,
        community_id=place.community.id,
        placement_id=place.placement.id,
        judge_id=cleo.user_id,
        low_id=first.id,
        high_id=second.id,
        offered_at=clock.now(),
        leased_until=clock.now() + DAY,
    )
    session.add(comparison)
    session.flush()

    service.withdraw(session, ana, place.placement.id)
    session.refresh(comparison)
    assert comparison.state is ComparisonState.EXPIRED

    comparison.state = ComparisonState.SUBMITTED
    session.flush()
    with pytest.raises(Conflict, match="cannot be withdrawn"):
        service.withdraw(session, ben, place.placement.id)
