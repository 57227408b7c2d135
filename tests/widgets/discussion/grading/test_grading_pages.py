"""Grading as somebody without scripts does it, and as the learner reads it."""

import re
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.activity import ActivityEvent
from lmssocial.core.activity.record import happened
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.notifications.ports import Proposal
from lmssocial.widgets.discussion.grading import service
from lmssocial.widgets.discussion.grading.notices import GRADED, GradeNotices
from lmssocial.widgets.discussion.models import Choice, Grade
from lmssocial.widgets.discussion.settings import DiscussionSettings
from tests.support.discussion import PostThread, Reply
from tests.support.people import Place
from tests.support.seat import Seat, text_of

SitDown = Callable[[Actor], Seat]


def levels(*chosen: int) -> dict[str, str]:
    return {f"level_{number}": str(level) for number, level in enumerate(chosen)}


def test_a_learner_chooses_is_graded_and_reads_their_grade(
    ana: Actor,
    ben: Actor,
    tom: Actor,
    seat: SitDown,
    post_thread: PostThread,
    reply: Reply,
) -> None:
    opening = post_thread(ben, "How do you open?", title="Openings")
    answer = reply(ana, opening.post_id, "With a *question*.")
    at_anas, at_toms = seat(ana), seat(tom)
    page = at_anas.open("/best")
    assert "Contribution to the thinking of others" in text_of(page)
    assert "How much you write does not count" in text_of(page)
    page = at_anas.follow(at_anas.send(at_anas.form(page, "/best"), post=str(answer.post_id)))
    assert "Saved." in text_of(page)
    assert f'value="{answer.post_id}" checked' in page.get_data(as_text=True)

    listed = at_toms.open("/grading")
    assert "Waiting for a grade" in text_of(listed)
    page = at_toms.open(f"/grading/{ana.user_id}")
    assert "<em>question</em>" in page.get_data(as_text=True)
    assert "How do you open?" in text_of(page)
    form = at_toms.form(page, f"/grading/{ana.user_id}")
    page = at_toms.follow(at_toms.send(form, button="keep", comment="Go on like this.", **levels(0, 1, 0)))
    assert "Ana Ruiz has 8 of 9, and does not see it yet" in text_of(page)

    page = at_anas.open("/best")
    assert "being graded" in text_of(page)
    assert "Go on like this" not in page.get_data(as_text=True)
    assert "8 of 9" not in text_of(page)
    assert 'name="post"' not in page.get_data(as_text=True)

    page = at_toms.follow(at_toms.send(at_toms.form(at_toms.open("/grading"), "/grading/return")))
    assert "One grade was returned." in text_of(page)
    page = at_anas.open("/best")
    assert "8 of 9" in text_of(page)
    assert "Go on like this." in text_of(page)
    assert "Tom Berg" in text_of(page)
    file = at_toms.open("/grading/grades.csv")
    assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in file.headers["Content-Disposition"]
    assert "Ana Ruiz," in file.get_data(as_text=True)


def test_a_comment_is_handed_back_when_somebody_else_came_in_the_same_browser(
    ana: Actor, tom: Actor, seat: SitDown
) -> None:
    at_toms = seat(tom)
    form = at_toms.form(at_toms.open(f"/grading/{ana.user_id}"), f"/grading/{ana.user_id}")
    page = seat(ana).send(form, button="return", comment="Go on like this.", **levels(0, 1, 0))
    assert page.status_code == 403
    assert "Go on like this." in text_of(page)
    assert "You are signed in here as Ana Ruiz." in text_of(page)


def test_what_is_missing_in_a_grade_is_said_and_what_was_written_stays(
    ana: Actor, tom: Actor, seat: SitDown
) -> None:
    at_toms = seat(tom)
    form = at_toms.form(at_toms.open(f"/grading/{ana.user_id}"), f"/grading/{ana.user_id}")
    page = at_toms.send(form, comment="Kept <b>words</b>", level_0="1")

    assert page.status_code == 422
    assert "2 things need your attention" in text_of(page)
    assert "Kept &lt;b&gt;words" in page.get_data(as_text=True)
    assert page.get_data(as_text=True).count(" checked") == 1


def test_the_second_of_two_graders_reads_what_the_first_gave_and_keeps_their_own(
    session: Session, ana: Actor, tom: Actor, seat: SitDown
) -> None:
    at_toms = seat(tom)
    form = at_toms.form(at_toms.open(f"/grading/{ana.user_id}"), f"/grading/{ana.user_id}")
    at_toms.send(form, comment="The first", **levels(0, 0, 0))
    page = at_toms.send(form, comment="The second", **levels(3, 3, 3))

    assert page.status_code == 409
    assert "Nothing was saved" in text_of(page)
    assert "The first" in text_of(page)
    assert "The second" in page.get_data(as_text=True)
    session.rollback()
    assert session.scalars(select(Grade.comment)).all() == ["The first"]
    page = at_toms.follow(at_toms.send(at_toms.form(page, f"/grading/{ana.user_id}"), button="keep"))
    session.rollback()
    assert session.scalars(select(Grade.comment)).all() == ["The second"]
    assert session.scalars(select(Grade.points)).all() == [0]


def test_staff_write_a_rubric_of_their_own(
    session: Session, place: Place, tom: Actor, ana: Actor, seat: SitDown
) -> None:
    at_toms = seat(tom)
    page = at_toms.open("/grading/setup")
    empty = {name: "" for name in at_toms.form(page, "/grading/setup").names() if name.startswith("criteria")}
    own = {
        "criteria-0-title": "Courage",
        "criteria-0-levels-0-text": "Some",
        "criteria-0-levels-0-points": "1.5",
        "criteria-0-levels-1-text": "A lot",
        "criteria-0-levels-1-points": "4",
    }
    page = at_toms.fill_in("/grading/setup", "/grading/setup", choose="3", **(empty | own))
    assert "Saved." in text_of(page)
    session.rollback()
    settings = DiscussionSettings.read(session.get_one(type(place.placement), place.placement.id).settings)

    assert settings.choose == 3
    assert [(line.title, line.levels) for line in settings.rubric] == [
        ("Courage", (("A lot", 4.0), ("Some", 1.5)))
    ]
    assert "Courage" in text_of(seat(ana).open("/best"))


def test_a_rubric_nobody_could_grade_by_is_not_saved(tom: Actor, seat: SitDown) -> None:
    at_toms = seat(tom)
    form = at_toms.form(at_toms.open("/grading/setup"), "/grading/setup")
    kept = {name: value for name, value in form.fields if name.startswith("criteria")}
    for change, words in (
        (dict.fromkeys(kept, ""), "at least one criterion"),
        ({"criteria-0-title": ""}, "levels and no words"),
        ({"criteria-1-title": kept["criteria-0-title"]}, "the same words"),
        ({"criteria-0-levels-0-points": ""}, "without words or points"),
        ({"criteria-0-levels-0-points": "-1"}, "from 0 to 1000"),
        ({"criteria-0-levels-0-points": "nan"}, "from 0 to 1000"),
        ({"criteria-0-levels-0-points": "many"}, "Not a valid float value"),
        ({"criteria-0-levels-1-text": kept["criteria-0-levels-0-text"]}, "two levels with the same words"),
        ({f"criteria-0-levels-{n}-points": "0" for n in range(4)}, "gives no points"),
        (
            {f"criteria-0-levels-{n}-{part}": "" for n in range(1, 4) for part in ("text", "points")},
            "needs two",
        ),
        ({"criteria-0-title": "x" * 301}, "300 characters"),
    ):
        page = at_toms.send(form, button="", choose="2", **change)
        assert page.status_code == 422, change
        assert words in text_of(page), change


def test_another_criterion_is_added_without_saving(tom: Actor, seat: SitDown) -> None:
    at_toms = seat(tom)
    form = at_toms.form(at_toms.open("/grading/setup"), "/grading/setup")
    page = at_toms.send(form, button="more", **{"criteria-0-title": "Half written"})

    assert page.status_code == 200
    assert "Criterion 4" in text_of(page)
    assert "Half written" in page.get_data(as_text=True)
    assert "Half written" not in at_toms.open("/grading/setup").get_data(as_text=True)


def test_pages_of_graders_are_closed_to_everybody_else(
    ana: Actor, ben: Actor, tom: Actor, seat: SitDown
) -> None:
    at_anas = seat(ana)
    token = re.search(r'name="csrf_token" value="([^"]+)"', at_anas.open("/best").get_data(as_text=True))
    data = {"csrf_token": token.group(1) if token else ""}
    for path in ("/grading", "/grading/setup", f"/grading/{ben.user_id}", "/grading/grades.csv"):
        assert at_anas.open(path).status_code == 403, path
    for path in ("/grading/setup", f"/grading/{ben.user_id}"):
        assert at_anas.client.post(at_anas.address(path), data=data).status_code == 403, path
    newest = {**data, "newest": "2026-01-01T00:00:00+00:00"}
    assert at_anas.client.post(at_anas.address("/grading/return"), data=newest).status_code == 403
    assert seat(tom).open("/best").status_code == 403


def test_a_post_is_chosen_from_where_it_stands(
    session: Session, ana: Actor, ben: Actor, seat: SitDown, post_thread: PostThread
) -> None:
    own, other = post_thread(ana).post_id, post_thread(ben).post_id
    at_anas = seat(ana)
    page = at_anas.open("/best")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.get_data(as_text=True))
    data = {"csrf_token": token.group(1) if token else ""}
    refused = at_anas.client.post(at_anas.address(f"/posts/{other}/choose"), data=data)
    assert refused.status_code == 422
    assert "cannot be chosen" in text_of(refused)
    forged = at_anas.client.post(at_anas.address(f"/posts/{own}/choose"), data={})
    assert "had grown old" in text_of(at_anas.follow(forged))
    session.rollback()
    assert session.scalars(select(Choice.contribution_id)).all() == []
    taken = at_anas.client.post(at_anas.address(f"/posts/{own}/choose"), data=data)
    assert "Chosen." in text_of(at_anas.follow(taken))
    session.rollback()
    assert session.scalars(select(Choice.contribution_id)).all() == [own]


def test_the_learner_is_told_that_a_grade_is_there_and_not_which(
    session: Session, ana: Actor, ben: Actor, tom: Actor, seat: SitDown
) -> None:
    at_toms = seat(tom)
    form = at_toms.form(at_toms.open(f"/grading/{ana.user_id}"), f"/grading/{ana.user_id}")
    at_toms.send(form, button="return", comment="Secret words", **levels(0, 0, 0))
    session.rollback()
    rows = session.scalars(select(ActivityEvent).where(ActivityEvent.name == "discussion.grade_returned"))
    (proposal,) = GradeNotices().told(session, happened(rows.one()))

    assert isinstance(proposal, Proposal)
    assert proposal.recipients == {ana.user_id}
    assert proposal.kind == GRADED
    assert GradeNotices().readers(session, [ana, ben], proposal) == {ana.user_id}
    draft = at_toms.form(at_toms.open(f"/grading/{ana.user_id}"), f"/grading/{ana.user_id}")
    at_toms.send(draft, button="keep")
    session.rollback()
    assert GradeNotices().readers(session, [ana, ben], proposal) == set(), "it was hidden again"
    assert "Secret" not in repr(proposal)


def test_the_set_up_form_says_how_many_have_a_grade_already(ana: Actor, tom: Actor, seat: SitDown) -> None:
    at_toms = seat(tom)
    assert "have a grade already" not in text_of(at_toms.open("/grading/setup"))
    form = at_toms.form(at_toms.open(f"/grading/{ana.user_id}"), f"/grading/{ana.user_id}")
    at_toms.send(form, button="keep", **levels(0, 0, 0))
    assert "One learner has a grade already" in text_of(at_toms.open("/grading/setup"))


def test_the_choice_of_somebody_else_is_untouched(
    session: Session, place: Place, ana: Actor, ben: Actor, post_thread: PostThread
) -> None:
    of_ana, of_ben = post_thread(ana).post_id, post_thread(ben).post_id
    service.choose(session, ana, place.placement.id, [of_ana])
    service.choose(session, ben, place.placement.id, [of_ben])
    service.choose(session, ana, place.placement.id, [])
    session.flush()

    assert session.scalars(select(Choice.contribution_id)).all() == [of_ben]
