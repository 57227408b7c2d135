"""People say themselves whether they are asked; others see what they may, and each thing as what it is."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.activity.models import ActivityEvent
from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.composing.handing_in import Rejected
from lmssocial.social.content.models import State
from lmssocial.widgets.experts.inviting.room import leave_alone
from lmssocial.widgets.experts.models import Reach
from lmssocial.widgets.experts.people import badges, endorsing, persons, profiles, service
from lmssocial.widgets.experts.people.directory import directory
from lmssocial.widgets.experts.people.drafts import ProfileDraft
from lmssocial.widgets.experts.people.levels import Known, Standing
from lmssocial.widgets.experts.people.queries import cards
from lmssocial.widgets.experts.people.seeing import Circle
from lmssocial.widgets.experts.people_models import Block, Expertise, Pause, Person, Profile
from tests.support.discussion import HOLD, REJECT, let_pass
from tests.support.experts import bring_together, make_expert, make_topic
from tests.support.people import Place, make_person, make_place
from tests.support.queries import counted_queries
from tests.support.seat import Seat, text_of

Sit = Callable[[Actor], Seat]
HOME = Circle(reach=Reach.COURSE, together={})
WHY = "She explained it to our whole group."


def offer(session: Session, place: Place, actor: Actor, **said: object) -> service.Saved:
    """Somebody hands their profile in."""
    draft = ProfileDraft(**{"reach": Reach.COURSE, **said})  # type: ignore[arg-type]
    return service.opt_in(session, let_pass, actor, place.placement.id, draft)


def events(session: Session) -> list[str]:
    """What was recorded so far."""
    with unit_of_work(session):
        pass  # which writes them down
    return list(session.scalars(select(ActivityEvent.name).order_by(ActivityEvent.id)))


def test_nobody_is_asked_who_did_not_say_so(session: Session, place: Place, ana: Actor, ben: Actor) -> None:
    make_topic(session, place, "Takt time")

    assert not profiles.own(session, ana).is_listed
    assert not directory(session, ben, HOME).people
    with pytest.raises(NotFound):
        persons.person(session, ben, HOME, ana.user_id)


def test_somebody_offers_themselves_for_topics_and_leaves_again(
    session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    make_topic(session, place, "Takt time", "Takt")
    offer(session, place, ana, topics=("takt", "Line balancing"), languages=("de", "en"), most_week=1)

    found = directory(session, ben, HOME).people
    assert [(one.name, [topic.label for topic in one.topics]) for one in found] == [
        ("Ana Ruiz", ["Line balancing", "Takt time"])
    ]
    assert cards(session, ben, [ana.user_id, ben.user_id]).keys() == {ana.user_id}
    offer(session, place, ana, topics=("Takt time",))
    assert [one.label for one in persons.person(session, ben, HOME, ana.user_id).topics] == ["Takt time"]
    assert service.leave(session, ana)
    assert not directory(session, ben, HOME).people
    assert events(session).count("experts.expert_opted") == 2
    assert events(session).count("experts.expertise_declared") == 3


def test_learners_offer_themselves_only_where_that_is_set_and_never_further_than_the_activity_goes(
    session: Session, place: Place, ana: Actor, tom: Actor
) -> None:
    with pytest.raises(Invalid, match="does not go that far"):
        offer(session, place, ana, reach=Reach.ORGANISATION)
    place.placement.settings = {"volunteers": False}
    session.flush()

    with pytest.raises(NotAllowed, match="instructors choose"):
        offer(session, place, ana)
    offer(session, place, ana, reach=Reach.NONE, connects=True)
    offer(session, place, tom)
    endorsing.appoint(session, tom, place.placement.id, "Takt time", ana.user_id)
    assert offer(session, place, ana).reach is Reach.COURSE


@pytest.mark.parametrize(
    "said",
    [{"zone": "Mars/Olympus"}, {"opens": 20, "closes": 8}, {"days": ""}, {"days": "8"}, {"most_week": 0}],
)
@pytest.mark.one_database
def test_what_nobody_could_ever_be_asked_by_is_refused(
    session: Session, place: Place, ana: Actor, said: dict[str, object]
) -> None:
    with pytest.raises(Invalid):
        offer(session, place, ana, **said)


def test_two_forms_of_one_profile_notice_each_other(session: Session, place: Place, ana: Actor) -> None:
    first = profiles.own(session, ana).draft.seen
    offer(session, place, ana, seen=first, bio="I balance lines.")

    with pytest.raises(Conflict, match="Nothing was saved"):
        offer(session, place, ana, seen=first, bio="I do not.")
    session.flush()
    own = profiles.own(session, ana)
    offer(session, place, ana, seen=own.draft.seen, bio=own.draft.bio, most_open=5)
    assert (profiles.own(session, ana).draft.bio, profiles.own(session, ana).draft.most_open) == (
        "I balance lines.",
        5,
    )


def test_staff_let_staff_and_smes_be_asked_and_these_leave_for_good(
    session: Session, place: Place, ana: Actor, tom: Actor
) -> None:
    eva = make_person(session, place, "Eva Lind", LmsRole.TEACHING_ASSISTANT)
    at = place.placement.id
    with pytest.raises(Invalid, match="Learners offer themselves"):
        service.opt_in_for(session, tom, at, ana.user_id)
    with pytest.raises(NotAllowed):
        service.opt_in_for(session, ana, at, eva.user_id)

    assert service.opt_in_for(session, tom, at, eva.user_id, ["Takt time"])
    assert profiles.own(session, eva).opted_by == "Tom Berg"
    assert service.leave(session, eva)
    with pytest.raises(Conflict, match="do not want to be asked"):
        service.opt_in_for(session, tom, at, eva.user_id)
    assert events(session).count("experts.expert_opted") == 2
    opted = session.scalars(select(ActivityEvent).where(ActivityEvent.name == "experts.expert_opted"))
    assert {row.payload["user_id"] for row in opted} == {eva.user_id}


def test_a_break_ends_on_its_day_or_when_they_come_back(
    session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    make_expert(session, place, ana)
    now = clock.now()
    for wrong in (now - timedelta(minutes=1), now + timedelta(days=400)):
        with pytest.raises(Invalid):
            service.pause(session, ana, place.placement.id, wrong)

    service.pause(session, ana, place.placement.id, now + timedelta(days=3))
    assert session.get_one(Person, ana.user_id).paused_by is Pause.SELF
    assert directory(session, ben, HOME).people[0].is_paused
    with clock.at(now + timedelta(days=4)):
        assert not directory(session, ben, HOME).people[0].is_paused
    service.pause(session, ana, place.placement.id, None)
    assert not directory(session, ben, HOME).people[0].is_paused


def test_whoever_does_not_want_to_be_asked_about_a_topic_is_not_shown_under_it(
    session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    takt, kanban = make_topic(session, place, "Takt"), make_topic(session, place, "Kanban")
    make_expert(session, place, ana, takt, kanban)

    service.suspend(session, ana, takt.id, suspended=True)

    assert [one.label for one in persons.person(session, ben, HOME, ana.user_id).topics] == ["Kanban"]
    assert [one.suspended for one in persons.person(session, ana, HOME, ana.user_id).topics] == [False, True]
    assert not directory(session, ben, HOME, topic_id=takt.id).people
    service.suspend(session, ana, takt.id, suspended=False)
    assert directory(session, ben, HOME, topic_id=takt.id).people


@pytest.mark.parametrize(
    ("facts", "standing", "weight"),
    [
        ({}, Standing.NONE, 1.0),
        ({"declared": True}, Standing.EMERGING, 1.0),
        ({"endorsements": 9}, Standing.EMERGING, 1.0),
        ({"evidence": 2}, Standing.EMERGING, 1.5),
        ({"evidence": 3}, Standing.ACTIVE, 1.5),
        ({"confirmed": True, "endorsements": 3}, Standing.ACTIVE, 1.5),
        ({"sme": True}, Standing.SME, 2.0),
    ],
)
def test_how_well_something_is_known_is_a_word(
    facts: dict[str, bool], standing: Standing, weight: float
) -> None:
    plain = {"declared": False, "sme": False, "endorsements": 0, "confirmed": False, "evidence": 0}
    known = Known(**{**plain, **facts})  # type: ignore[arg-type]

    assert (known.standing, known.weight) == (standing, weight)


def test_endorsements_are_named_weighed_and_confirmed_by_a_steward_from_three_on(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor, tom: Actor
) -> None:
    takt, at = make_topic(session, place, "Takt"), place.placement.id
    make_expert(session, place, ana)
    make_expert(session, place, ben, takt, sme=True)
    for by in (ben, cleo):
        endorsing.endorse(session, let_pass, by, at, ana.user_id, "takt", WHY)
    with pytest.raises(Conflict, match="already"):
        endorsing.endorse(session, let_pass, ben, at, ana.user_id, "Takt", WHY)
    with pytest.raises(Conflict, match="fewer than 3"):
        endorsing.confirm(session, tom, at, takt.id, ana.user_id)
    endorsing.endorse(session, let_pass, tom, at, ana.user_id, "takt", WHY)

    assert [(one[1], one[2].label) for one in persons.to_confirm(session, tom)] == [("Ana Ruiz", "Takt")]
    endorsing.confirm(session, tom, at, takt.id, ana.user_id)
    shown = persons.person(session, cleo, HOME, ana.user_id).topics[0]
    assert [(one.by_name, one.why) for one in shown.said] == [
        ("Ben Okoro", WHY),
        ("Cleo Maas", WHY),
        ("Tom Berg", WHY),
    ]
    assert (shown.confirmed_by, shown.standing) == ("Tom Berg", Standing.ACTIVE)
    assert session.get_one(Expertise, (takt.id, ana.user_id)).weight == 4.0
    with pytest.raises(NotAllowed):
        endorsing.take_back(session, ben, at, shown.said[1].id)
    endorsing.take_back(session, cleo, at, shown.said[1].id)
    shown = persons.person(session, cleo, HOME, ana.user_id).topics[0]
    assert (shown.known.endorsements, shown.known.confirmed) == (2, False)
    assert not persons.to_confirm(session, tom)


def test_nobody_endorses_themselves_strangers_or_six_times_a_day(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    at = place.placement.id
    make_expert(session, place, ana)
    with pytest.raises(Invalid, match="Others say it of you"):
        endorsing.endorse(session, let_pass, ana, at, ana.user_id, "Takt", WHY)
    with pytest.raises(NotFound):
        endorsing.endorse(session, let_pass, ben, at, cleo.user_id, "Takt", WHY)
    for topic in "abcde":
        endorsing.endorse(session, let_pass, ben, at, ana.user_id, topic, WHY)

    with pytest.raises(Invalid, match="5 times today"):
        endorsing.endorse(session, let_pass, ben, at, ana.user_id, "f", WHY)
    with clock.at(clock.now() + timedelta(days=1, seconds=1)):
        endorsing.endorse(session, let_pass, ben, at, ana.user_id, "f", WHY)


def test_people_of_other_courses_are_seen_where_both_sides_want_that_and_show_no_course(
    session: Session, place: Place, ana: Actor, tom: Actor
) -> None:
    there = make_place(session, widget="experts", beside=place)
    far = make_place(session, widget="experts", beside=place)
    foreign = make_place(session, widget="experts")
    takt, same = make_topic(session, place, "Takt"), make_topic(session, there, "takt")
    una, fay, zoe = (
        make_person(session, where, name) for where, name in ((there, "Una"), (far, "Fay"), (foreign, "Zoe"))
    )
    make_expert(session, there, una, same, reach=Reach.COMMUNITY)
    make_expert(session, far, fay, reach=Reach.ORGANISATION)
    make_expert(session, foreign, zoe, reach=Reach.ORGANISATION)
    bring_together(session, place, there, title="Lean practice")
    together = {there.community.id: "Lean practice"}

    def names(reach: Reach) -> list[str]:
        return [one.name for one in directory(session, ana, Circle(reach=reach, together=together)).people]

    assert names(Reach.COMMUNITY) == []
    for where in (there, far, foreign):
        where.placement.settings = {"reach": "organisation"}
    session.flush()
    assert (names(Reach.COURSE), names(Reach.COMMUNITY), names(Reach.ORGANISATION)) == (
        [],
        ["Una"],
        ["Fay", "Una"],
    )
    wide = Circle(reach=Reach.ORGANISATION, together=together)
    assert [one.name for one in directory(session, ana, wide, topic_id=takt.id).people] == ["Una"]
    peer = make_person(session, there, "Peer of Una")
    endorsing.endorse(session, let_pass, peer, there.placement.id, una.user_id, "takt", WHY)
    page = persons.person(session, ana, wide, una.user_id)
    assert (page.whence, page.is_here, page.topics[0].said) == ("Lean practice", False, ())
    assert page.topics[0].known.endorsements == 1
    assert persons.person(session, ana, wide, fay.user_id).whence == "your organisation"
    for circle, hidden in ((wide, zoe), (HOME, una)):
        with pytest.raises(NotFound):
            persons.person(session, tom, circle, hidden.user_id)
    with pytest.raises(NotFound):
        endorsing.endorse(session, let_pass, ana, place.placement.id, una.user_id, "takt", WHY)


def test_what_somebody_says_of_themselves_is_read_by_others_once_it_may_be(
    session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    at = place.placement.id
    draft = ProfileDraft(reach=Reach.COURSE, bio="Buy my **course**.")
    with pytest.raises(Rejected):
        service.opt_in(session, REJECT, ana, at, draft)

    assert service.opt_in(session, HOLD, ana, at, draft).bio_waits
    own = profiles.own(session, ana)
    assert (own.bio_state, own.bio_note) == (State.HELD, "Too many links.")
    assert not persons.person(session, ben, HOME, ana.user_id).bio_html
    offer(session, place, ana, bio="I balance **lines**.")
    assert "<strong>lines</strong>" in persons.person(session, ben, HOME, ana.user_id).bio_html
    offer(session, place, ana, bio="")
    assert not persons.person(session, ben, HOME, ana.user_id).bio_html
    assert profiles.own(session, ana).draft.bio == ""


def test_the_page_of_somebody_of_another_course_names_what_joins_them_and_no_course(
    session: Session, place: Place, seat: Sit, ana: Actor
) -> None:
    there = make_place(session, widget="experts", beside=place)
    there.community.title = "Confidential course"
    place.placement.settings = there.placement.settings = {"reach": "community"}
    una = make_person(session, there, "Una Far")
    make_expert(session, there, una, make_topic(session, there, "Takt"), reach=Reach.COMMUNITY)
    bring_together(session, place, there, title="Lean practice")
    at = seat(ana)

    for path in ("/people", f"/people/{una.user_id}"):
        page = text_of(at.open(path))
        assert "Una Far Lean practice" in page
        assert "Confidential course" not in page
    assert at.open(f"/people/{una.user_id}/endorse").status_code == 404


def test_whoever_left_the_course_is_no_expert_there(
    session: Session, place: Place, ana: Actor, ben: Actor
) -> None:
    make_expert(session, place, ana, make_topic(session, place, "Takt"), sme=True)
    assert badges.of(session, place.community.id, [ana.user_id])
    session.scalars(select(Membership).where(Membership.user_id == ana.user_id)).one().active = False
    session.flush()

    assert not directory(session, ben, HOME).people
    assert not cards(session, ben, [ana.user_id])
    assert not badges.of(session, place.community.id, [ana.user_id])


def test_badges_say_what_is_backed_and_only_of_those_who_can_be_asked(
    session: Session, place: Place, ana: Actor, ben: Actor, cleo: Actor
) -> None:
    long = make_topic(session, place, "Statistical process control in manufacturing")
    takt, kanban, declared = (make_topic(session, place, name) for name in ("Takt", "Kanban", "Declared"))
    make_expert(session, place, ana, long, takt, kanban, declared)
    make_expert(session, place, ben, declared)
    make_expert(session, place, cleo, takt, sme=True, reach=Reach.NONE)
    session.get_one(Expertise, (takt.id, ana.user_id)).appointed_at = clock.now()
    for topic in (long, kanban):
        session.get_one(Expertise, (topic.id, ana.user_id)).evidence = 2
    session.flush()
    everybody = [ana.user_id, ben.user_id, cleo.user_id]

    with counted_queries() as queries:
        found = badges.of(session, place.community.id, everybody)
    session.get_one(Expertise, (takt.id, ana.user_id)).suspended_at = clock.now()
    session.flush()
    after = badges.of(session, place.community.id, everybody)

    assert len(queries) == 1
    assert found.keys() == {ana.user_id}
    assert [badge.label for badge in found[ana.user_id]] == ["SME in Takt", "helps with Kanban"]
    assert "2 answers about it resolved something" in found[ana.user_id][1].why
    assert [len(badge.label) <= 40 for badge in after[ana.user_id]] == [True, True]
    assert after[ana.user_id][1].label.startswith("helps with Stat")


def test_the_profile_is_filled_in_without_scripts(
    session: Session, place: Place, seat: Sit, ana: Actor, ben: Actor
) -> None:
    make_topic(session, place, "Takt")
    session.add(
        Block(user_id=ana.user_id, asker_id=ben.user_id, community_id=place.community.id, at=clock.now())
    )
    at, other = seat(ana), seat(ben)
    page = at.open("/me")

    refused = at.send(
        at.form(page, "/me"),
        reach="course",
        opens="20",
        closes="8",
        bio="I balance lines.",
        other_topics="5S",
    )
    saved = at.fill_in(
        "/me", "/me", reach="course", known_topics="Takt", other_topics="5S, Kaizen", bio="I balance *lines*."
    )
    seen = text_of(other.open(f"/people/{ana.user_id}"))

    assert refused.status_code == 422
    assert "I balance lines." in refused.get_data(as_text=True)
    assert "You are asked when somebody needs what you know" in text_of(saved)
    for words in ("I balance lines .", "Takt", "5S", "Kaizen", "Says so"):
        assert words in seen
    paused = at.fill_in("/me", "/me/pause", until=(clock.now() + timedelta(days=9)).date().isoformat())
    assert "You have a break until" in text_of(paused)
    assert "has a break" in text_of(other.open("/people"))
    back = at.follow(at.send(at.form(paused, "/me/pause"), button="back"))
    assert "Welcome back" in text_of(back)
    assert "Ben Okoro" in text_of(back)
    unblocked = at.follow(at.send(at.form(back, f"/me/unblock/{ben.user_id}")))
    assert "Ben Okoro" not in text_of(unblocked)
    left = at.follow(at.send(at.form(unblocked, "/me/leave")))
    assert "You are asked nothing any more" in text_of(left)
    assert other.open(f"/people/{ana.user_id}").status_code == 404


@pytest.mark.one_database
def test_who_is_left_in_peace_reads_how_and_others_read_a_break_like_any_other(
    session: Session, place: Place, seat: Sit, ana: Actor, ben: Actor
) -> None:
    make_expert(session, place, ana)
    service.pause(session, ana, place.placement.id, clock.now() + timedelta(days=3))
    other = seat(ben)
    chosen = [text_of(other.open(path)) for path in ("/people", f"/people/{ana.user_id}")]
    leave_alone(session.get_one(Person, ana.user_id), clock.now())
    session.commit()

    assert "left in peace until you say that you are back" in text_of(seat(ana).open("/me"))
    assert [text_of(other.open(path)) for path in ("/people", f"/people/{ana.user_id}")] == chosen
    assert "has a break" in chosen[0]
    assert "Has a break" in chosen[1]


def test_what_others_say_is_said_and_taken_back_on_pages(
    session: Session, place: Place, seat: Sit, ana: Actor, ben: Actor, tom: Actor
) -> None:
    make_expert(session, place, ana, make_topic(session, place, "Takt"))
    at, staff, path = seat(ben), seat(tom), f"/people/{ana.user_id}"

    refused = at.send(at.form(at.open(f"{path}/endorse"), "/endorse"), topic="Takt", why=" ")
    said = at.fill_in(f"{path}/endorse", "/endorse", topic="Takt", why=WHY)
    again = at.send(at.form(at.open(f"{path}/endorse"), "/endorse"), topic="Takt", why=WHY)
    taken = at.follow(at.send(at.form(said, "/withdraw")))

    assert (refused.status_code, again.status_code) == (422, 409)
    assert f"Endorsed by Ben Okoro: {WHY}" in text_of(said)
    assert WHY not in text_of(taken)
    appointed = staff.fill_in(path, "/appoint", topic="Takt")
    assert "Appointed SME by Tom Berg" in text_of(appointed)
    assert "Appointed SME" not in text_of(staff.follow(staff.send(staff.form(appointed, "/dismiss"))))
    assert "For instructors" not in text_of(at.open(path))
    enlisted = staff.fill_in(f"/people/{ben.user_id}", "/appoint", topic="Kanban")
    enlisted = staff.follow(staff.send(staff.form(enlisted, "/enlist")))
    assert "People of this course can ask them now" in text_of(enlisted)
    assert "Tom Berg asked you to answer questions" in text_of(at.open("/me"))


def test_the_directory_takes_as_many_statements_for_many_as_for_few(
    session: Session, place: Place, seat: Sit, ana: Actor, ben: Actor
) -> None:
    takt = make_topic(session, place, "Takt")
    make_expert(session, place, ben, takt)
    at = seat(ana)
    at.open("/people")
    with counted_queries() as few:
        at.open("/people")
    for number in range(30):
        make_expert(session, place, make_person(session, place, f"Person {number:02}"), takt)
    session.commit()
    with counted_queries() as many:
        page = at.open("/people")
    with counted_queries() as one:
        at.open(f"/people/{ben.user_id}")

    assert len(many) == len(few)
    assert len(one) <= 8
    assert "Person 23" in text_of(page)
    assert "Person 24" not in text_of(page)
    last = session.scalar(select(Profile.user_id).order_by(Profile.user_id).offset(24).limit(1))
    assert "Person 24" in text_of(at.open(f"/people?after={last}"))
