"""Reporting a post: what a member sees, what happens then, and what a storm of reports does not do."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Level, Stance
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.moderation.models import Case, CaseState, Flag
from lmssocial.social.plugin_settings import service as plugin_settings
from tests.social.moderation.desk import SitDown
from tests.support.people import Place, make_person
from tests.support.seat import text_of


def state_of(session: Session, post_id: int) -> State:
    """Who may read a post now."""
    session.rollback()
    return session.get_one(Contribution, post_id, populate_existing=True).state


def test_a_report_is_asked_for_answered_and_read_by_moderators_only(
    session: Session, place: Place, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    ben, iris, ana = sit(author), sit(moderator), sit(make_person(session, place, "Ana Ruiz"))
    ben.write(source="Something.")
    post_id = ben.post(session)
    assert f"/posts/{post_id}/acts" in ana.seat.open(ana.thread()).get_data(as_text=True)
    acts = ana.seat.open(f"/posts/{post_id}/acts").get_data(as_text=True)
    assert f"/posts/{post_id}/flag" in acts
    asked = text_of(ana.seat.open(ana.address(f"/posts/{post_id}/flag")))
    assert "Be kind." in asked
    said = ana.flag(post_id, "unkind", "That is aimed at me.")
    assert "The moderators have your report" in said
    desk = iris.at_desk()
    assert "1 member reported it" in desk
    assert "That is aimed at me." in desk
    assert "Ana Ruiz" in desk
    assert "Together this weighs 1.0; it hides a post from 8.3 on." in desk
    for page in (ben.thread(), ben.address(f"/posts/{post_id}")):
        told = text_of(ben.seat.open(page))
        assert "Ana Ruiz" not in told
        assert "weighs" not in told


def test_twice_ones_own_and_what_is_gone_are_each_answered_with_a_sentence(
    session: Session, place: Place, author: Actor, sit: SitDown
) -> None:
    ben, ana = sit(author), sit(make_person(session, place, "Ana Ruiz"))
    other = sit(make_person(session, place))
    ben.write(source="Something.")
    post_id = ben.post(session)
    assert f"/posts/{post_id}/flag" not in ben.seat.open(ben.thread()).get_data(as_text=True)
    assert "This is your own post." in ben.flag(post_id, "spam")
    late = ana.seat.form(ana.seat.open(ana.address(f"/posts/{post_id}/flag")), "/flag")
    ana.flag(post_id, "spam")
    assert "You have reported this post already" in ana.flag(post_id, "unkind")
    again = ana.seat.send(late, reason="unkind")
    assert again.status_code == 409
    assert "You have reported this post already" in text_of(again)
    assert "Nothing was changed" not in text_of(again)
    ben.seat.follow(ben.seat.send(ben.seat.form(ben.seat.open(f"/posts/{post_id}/remove"), "/remove")))
    assert other.seat.open(other.address(f"/posts/{post_id}/flag")).status_code in {404, 409}
    assert other.seat.open(other.address("/posts/999999/flag")).status_code == 404
    session.rollback()
    assert session.scalar(select(func.count(Flag.id))) == 1


@pytest.mark.parametrize(
    ("reason", "note", "said"),
    [
        ("", "", "Choose what comes closest."),
        ("other", "", "Write in a sentence what is wrong."),
        ("spam", "x" * 1001, "At most 1,000 characters"),
        ("nonsense", "", "valid choice"),
    ],
)
def test_a_report_that_says_too_little_or_too_much_is_asked_for_again(
    session: Session,
    place: Place,
    author: Actor,
    sit: SitDown,
    reason: str,
    note: str,
    said: str,
) -> None:
    ben, ana = sit(author), sit(make_person(session, place, "Ana Ruiz"))
    ben.write(source="Something.")

    page = ana.flag(ben.post(session), reason, note)
    assert said in page.replace("Valid", "valid")
    assert note in page
    session.rollback()
    assert session.scalar(select(func.count(Flag.id))) == 0


def test_a_storm_of_reports_hides_nothing_that_moderators_do_not_see_and_an_approval_stands(
    session: Session, place: Place, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    ben, iris = sit(author), sit(moderator)
    ben.write(source="An unpopular opinion.")
    post_id = ben.post(session)
    crowd = [sit(make_person(session, place)) for _one in range(12)]
    for one in crowd[:8]:
        one.flag(post_id, "not_right")
    assert state_of(session, post_id) is State.PUBLISHED
    crowd[8].flag(post_id, "not_right")
    assert state_of(session, post_id) is State.HELD
    hidden = text_of(crowd[9].seat.open("/"))
    assert "An unpopular opinion." not in hidden
    assert "Hidden until a moderator has looked at it" in text_of(ben.seat.open(ben.why(session)))
    assert "9 members reported it" in iris.at_desk()
    assert crowd[9].seat.open(crowd[9].address(f"/posts/{post_id}/flag")).status_code in {404, 409}
    assert "Published." in iris.decide("approved")
    for one in crowd[9:]:
        one.flag(post_id, "not_right")
    assert state_of(session, post_id) is State.PUBLISHED
    session.rollback()
    assert [case.state for case in session.scalars(select(Case).order_by(Case.id))] == [
        CaseState.APPROVED,
        CaseState.OPEN,
    ]


def test_who_reports_very_much_is_asked_to_go_on_later(
    session: Session, place: Place, author: Actor, sit: SitDown
) -> None:
    ben, ana = sit(author), sit(make_person(session, place, "Ana Ruiz", LmsRole.LEARNER))
    posts = []
    for number in range(21):
        ben.write(title=f"Thread {number}", source="Something.")
        posts.append(ben.post(session))
    for post_id in posts[:20]:
        assert "Thank you." in ana.flag(post_id, "spam")

    assert "go on later, please" in ana.flag(posts[20], "spam")


def test_in_place_the_form_and_its_answer_are_parts_of_a_page(
    session: Session, place: Place, author: Actor, sit: SitDown
) -> None:
    ben, ana = sit(author), sit(make_person(session, place, "Ana Ruiz"))
    ben.write(source="Something.")
    path = ana.address(f"/posts/{ben.post(session)}/flag")
    part = ana.seat.open(path, HX_Request="true")
    assert "<html" not in part.get_data(as_text=True)
    form = ana.seat.form(part, "/flag")
    wrong = ana.seat.client.post(path, data=dict(form.fields), headers={"HX-Request": "true"})
    assert wrong.status_code == 422
    assert "Choose what comes closest." in text_of(wrong)
    data = {**dict(form.fields), "reason": "spam"}
    right = ana.seat.client.post(path, data=data, headers={"HX-Request": "true"})
    assert right.status_code == 200
    assert "The moderators have your report" in text_of(right)
    assert "<html" not in right.get_data(as_text=True)


def test_advice_is_given_before_posting_with_and_without_scripts(
    session: Session, author: Actor, sit: SitDown, place: Place
) -> None:
    ben = sit(author)
    links = "https://a.example/1 https://a.example/2 https://a.example/3"
    form = ben.seat.form(ben.seat.open("/threads/new"), "/threads/new")
    page = ben.seat.send(form, button="preview", title="T", source=links)
    assert "This post has 3 links." in text_of(page)
    assert "as it stands, a moderator would look at it" in text_of(page)
    assert "<mark>https://a.example/1</mark>" in page.get_data(as_text=True)
    part = ben.seat.client.post(
        ben.seat.address("/preview"),
        data={**dict(form.fields), "source": "*One* link"},
        headers={"HX-Request": "true"},
    )
    assert "a moderator would look" not in text_of(part)
    assert "only advice" not in text_of(part)
    assert "<em>One</em>" in part.get_data(as_text=True)

    plugin_settings.take_stance(
        session, "linklimit", Stance.ADVISE, level=Level.COURSE, place_id=place.course.id
    )
    session.commit()
    part = ben.seat.client.post(
        ben.seat.address("/preview"),
        data={**dict(form.fields), "source": links},
        headers={"HX-Request": "true"},
    )
    assert "this is only advice" in text_of(part)
