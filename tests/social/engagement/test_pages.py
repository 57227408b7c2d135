"""The pages of engagement as somebody without scripts uses them, and the parts that scripts put in place."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership
from lmssocial.social.communities.models import Placement
from lmssocial.social.engagement import service as marks
from lmssocial.social.engagement.models import Mark, SpecialMention, Tally
from lmssocial.social.engagement.queries import PAGE
from lmssocial.widgets.discussion.engaging import EngagedPosts
from lmssocial.widgets.discussion.service import Posted
from lmssocial.widgets.discussion.settings import DiscussionSettings
from tests.support.people import Place, make_place
from tests.support.seat import Seat, text_of

SitDown = Callable[[Actor], Seat]
PORT = EngagedPosts()


def press(seat: Seat, page_path: str, deed: str, **headers: str) -> object:
    """Press the button of the page whose address ends in ``deed``."""
    html = seat.open(page_path).get_data(as_text=True)
    buttons = re.findall(rf'formaction="([^"]*{deed})"', html)
    assert len(buttons) == 1, f"{deed}: {buttons}"
    token = re.search(r'<form id="deed"[^>]*><input type="hidden" name="csrf_token" value="([^"]+)"', html)
    assert token
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return seat.client.post(buttons[0], data={"csrf_token": token[1]}, headers=named)


def tally(session: Session, post_id: int) -> Tally:
    """What is counted of the post."""
    session.rollback()
    return session.scalars(select(Tally).where(Tally.contribution_id == post_id)).one()


def test_a_press_leads_back_to_the_post_and_another_takes_it_back(
    session: Session, ben: Actor, thread: Posted, seat: SitDown
) -> None:
    at_bens, path = seat(ben), f"/discussion/threads/{thread.thread_id}"
    answer = press(at_bens, path, f"/posts/{thread.post_id}/helpful")
    assert answer.status_code == 303  # type: ignore[attr-defined]
    page = at_bens.follow(answer)  # type: ignore[arg-type]
    assert "Helpful 1" in text_of(page)
    assert '/helpful/undo" aria-pressed="true"' in page.get_data(as_text=True)
    assert tally(session, thread.post_id).helpful == 1
    page = at_bens.follow(press(at_bens, path, "/helpful/undo"))  # type: ignore[arg-type]
    assert '/helpful" aria-pressed="false"' in page.get_data(as_text=True)
    assert tally(session, thread.post_id).helpful == 0


def test_with_scripts_the_row_under_the_post_comes_back(ben: Actor, thread: Posted, seat: SitDown) -> None:
    at_bens, path = seat(ben), f"/discussion/threads/{thread.thread_id}"
    answer = press(at_bens, path, f"/posts/{thread.post_id}/helpful", HX_Request="true")
    html = answer.get_data(as_text=True)  # type: ignore[attr-defined]
    assert html.startswith(f'<div class="acts" id="acts-{thread.post_id}">')
    assert html.endswith("</div>")
    assert "Helpful 1" in html
    assert f"{thread.post_id}/helpful/undo" in html


def test_authors_see_how_many_and_have_no_button(
    ana: Actor, ben: Actor, thread: Posted, seat: SitDown
) -> None:
    at_anas, at_bens, path = seat(ana), seat(ben), f"/discussion/threads/{thread.thread_id}"
    assert "Helpful" not in text_of(at_anas.open(path))
    press(at_bens, path, "/helpful")
    page = at_anas.open(path)
    assert "Helpful to 1" in text_of(page)
    assert "/helpful" not in page.get_data(as_text=True)


def test_a_forged_press_changes_nothing(session: Session, ben: Actor, thread: Posted, seat: SitDown) -> None:
    at_bens = seat(ben)
    address = at_bens.address(f"/w/{at_bens.base.split('/')[2]}/engagement/posts/{thread.post_id}/helpful")
    for headers in ({}, {"HX-Request": "true"}):
        answer = at_bens.client.post(address, data={"csrf_token": "forged"}, headers=headers)
        assert answer.status_code == (422 if headers else 303)
    assert "nothing was changed" in text_of(at_bens.open(f"/discussion/threads/{thread.thread_id}"))
    session.rollback()
    assert session.scalar(select(Mark)) is None


def test_the_page_of_acts_offers_what_each_person_may_do(
    ana: Actor, ben: Actor, tom: Actor, thread: Posted, seat: SitDown
) -> None:
    path = f"/discussion/posts/{thread.post_id}/acts"
    said = {actor.name: text_of(seat(actor).open(path)) for actor in (ana, ben, tom)}
    for words in ("Save", "Share to another course…", "Quote in a reply"):
        assert all(words in text for text in said.values()), words
    assert "Mention specially…" in said["Ben Okoro"]
    assert "Mention specially…" not in said["Ana Ruiz"]
    assert "Report…" in said["Ben Okoro"]
    assert "Report…" not in said["Ana Ruiz"]
    assert "Endorse…" in said["Tom Berg"]
    assert "Endorse…" not in said["Ben Okoro"]
    assert "Remove…" in said["Ana Ruiz"]
    assert "Remove…" not in said["Ben Okoro"]
    assert "stars" not in said["Ben Okoro"]


def test_every_act_offered_leads_somewhere(
    ana: Actor, ben: Actor, tom: Actor, thread: Posted, seat: SitDown
) -> None:
    for actor in (ana, ben, tom):
        at_theirs = seat(actor)
        for fragment in ({}, {"HX_Request": "true"}):
            page = at_theirs.open(f"/discussion/posts/{thread.post_id}/acts", **fragment)
            assert page.status_code == 200
            hrefs = set(re.findall(r'href="(/w/[^"#]+)"', page.get_data(as_text=True)))
            assert len(hrefs) > 3
            for href in hrefs:
                assert at_theirs.open(href, **fragment).status_code in {200, 302}, href


def test_somebody_endorses_with_a_sentence_changes_it_and_takes_it_back(
    tom: Actor, ben: Actor, thread: Posted, seat: SitDown
) -> None:
    at_toms, path = seat(tom), f"/engagement/posts/{thread.post_id}/endorse"
    page = at_toms.fill_in(path, "/endorse", sentence="The figures are right.")
    assert "Endorsed by 1" in text_of(page)
    people = text_of(seat(ben).open(f"/engagement/posts/{thread.post_id}/people"))
    assert "Tom Berg instructor" in people
    assert "The figures are right." in people
    assert "The figures are right." in at_toms.open(path).get_data(as_text=True)
    page = at_toms.fill_in(path, "/endorse", sentence="")
    assert "Endorsed by 1" in text_of(page)
    form = at_toms.form(at_toms.open(path), "/endorse")
    undo = at_toms.client.post(f"{at_toms.base}{path}/undo", data=dict(form.fields))
    assert "Endorsed by" not in text_of(at_toms.follow(undo))
    assert seat(ben).open(path).status_code == 403


def test_a_special_mention_is_asked_for_a_sentence_and_shown_with_it(
    session: Session, ana: Actor, ben: Actor, tom: Actor, thread: Posted, seat: SitDown
) -> None:
    at_bens, path = seat(ben), f"/engagement/posts/{thread.post_id}/mention"
    refused = at_bens.send(at_bens.form(at_bens.open(path), "/mention"), sentence="  ")
    assert refused.status_code == 422
    assert "Say why, in a sentence." in text_of(refused)
    too_long = at_bens.send(at_bens.form(at_bens.open(path), "/mention"), sentence="x" * 301)
    assert too_long.status_code == 422
    assert "x" * 301 in too_long.get_data(as_text=True), "the text is kept"
    page = at_bens.fill_in(path, "/mention", sentence="<b>The table</b> saves an hour.")
    assert "Specially mentioned" in text_of(page)
    at_anas = seat(ana)
    people = at_anas.open(f"/engagement/posts/{thread.post_id}/people").get_data(as_text=True)
    assert "&lt;b&gt;The table&lt;/b&gt; saves an hour." in people
    assert "/remove" not in people
    at_toms = seat(tom)
    removal = at_toms.form(at_toms.open(f"/engagement/posts/{thread.post_id}/people"), "/remove")
    assert "Specially mentioned" not in text_of(at_toms.follow(at_toms.send(removal)))
    session.rollback()
    assert session.scalar(select(SpecialMention)) is None


def test_stars_are_offered_where_they_are_wanted_and_shown_from_three_ratings_on(
    session: Session, place: Place, ben: Actor, tom: Actor, thread: Posted, seat: SitDown
) -> None:
    settings = DiscussionSettings(stars=True).as_json()
    session.execute(update(Placement).where(Placement.id == place.placement.id).values(settings=settings))
    at_bens, path = seat(ben), f"/discussion/threads/{thread.thread_id}"
    page = at_bens.follow(press(at_bens, f"/discussion/posts/{thread.post_id}/acts", "/stars/4"))  # type: ignore[arg-type]
    assert "stars" not in text_of(page)
    session.rollback()
    marks.rate(session, tom, PORT, thread.post_id, 5)
    session.execute(update(Tally).values(stars_count=3, stars_sum=14))
    session.execute(update(Placement).values(intro=""))
    session.commit()
    assert "4.7 of 5 stars, 3 ratings" in text_of(at_bens.open(path))
    acts = at_bens.open(f"/discussion/posts/{thread.post_id}/acts").get_data(as_text=True)
    assert len(re.findall(r'/stars/4" aria-pressed="true"', acts)) == 1
    assert len(re.findall(r'aria-pressed="true"', acts)) == 1


def test_what_is_saved_is_collected_for_oneself_only(
    ana: Actor, ben: Actor, tom: Actor, thread: Posted, seat: SitDown
) -> None:
    at_bens = seat(ben)
    assert "You have saved nothing yet" in text_of(at_bens.open("/engagement/saved"))
    press(at_bens, f"/discussion/posts/{thread.post_id}/acts", "/save")
    page = at_bens.open("/engagement/saved")
    assert "Walk-away point" in text_of(page)
    assert "Ben Okoro" not in text_of(seat(ana).open(f"/engagement/posts/{thread.post_id}/people"))
    assert "Walk-away point" not in text_of(seat(tom).open("/engagement/saved"))
    answer = press(at_bens, "/engagement/saved", r"/save/undo\?from=saved")
    assert answer.headers["Location"].endswith("/engagement/saved")  # type: ignore[attr-defined]
    assert "You have saved nothing yet" in text_of(at_bens.open("/engagement/saved"))


def test_the_saved_list_is_read_page_by_page_without_repeats_or_gaps(
    session: Session, ben: Actor, ana: Actor, thread: Posted, reply: Callable[..., Posted], seat: SitDown
) -> None:
    moment, ids = clock.now(), [reply(ana, thread.post_id).post_id for _ in range(PAGE + 5)]
    with clock.at(moment):  # all at the same moment: the order has to be a whole one all the same
        for post_id in ids:
            marks.save(session, ben, PORT, post_id)
    at_bens, seen, path = seat(ben), list[int](), "/engagement/saved"
    for _page in range(3):
        html = at_bens.open(path).get_data(as_text=True)
        seen += [int(number) for number in re.findall(r'id="saved-(\d+)"', html)]
        onward = re.search(r'href="([^"]*saved\?after=[^"]+)"', html)
        if onward is None:
            break
        path = onward[1]
    assert seen == sorted(ids, reverse=True)
    for nonsense in ("x", "1_x", "9" * 40 + "_1", "1_" + "9" * 30, "-5_-1"):
        assert at_bens.open(f"/engagement/saved?after={nonsense}").status_code == 200


@pytest.fixture
def other(session: Session, place: Place, ben: Actor) -> Place:
    """Another course that Ben belongs to."""
    other = make_place(session, beside=place)
    own = session.scalars(select(Membership).where(Membership.user_id == ben.user_id)).one()
    session.add(
        Membership(
            course_id=other.course.id,
            user_id=ben.user_id,
            roles="learner",
            joined_at=own.joined_at,
            last_launch_at=own.joined_at,
        )
    )
    session.flush()
    return other


def test_a_post_is_shared_to_another_course(other: Place, ben: Actor, thread: Posted, seat: SitDown) -> None:
    at_bens, path = seat(ben), f"/engagement/posts/{thread.post_id}/share"
    page = at_bens.open(path)
    form = at_bens.form(page, "/share")
    assert ("title", "Walk-away point") in form.fields
    refused = at_bens.send(form, place=str(other.placement.id), sentence="")
    assert refused.status_code == 422
    shared = at_bens.follow(
        at_bens.send(form, place=str(other.placement.id), sentence="We lacked exactly this.")
    )
    assert f"Shared to {other.community.title}" in text_of(shared)
    again = at_bens.send(form, place=str(other.placement.id), sentence="Twice.")
    assert again.status_code == 422
    assert "shared to that course already" in text_of(again)
    assert "There is no other course to share to" in text_of(at_bens.open(path))


def test_without_another_course_the_page_says_so(ben: Actor, thread: Posted, seat: SitDown) -> None:
    page = seat(ben).open(f"/engagement/posts/{thread.post_id}/share")
    assert "There is no other course to share to" in text_of(page)


def test_what_is_not_there_is_not_found(ben: Actor, seat: SitDown) -> None:
    at_bens = seat(ben)
    for deed in ("people", "mention", "share", "endorse"):
        assert at_bens.open(f"/engagement/posts/999999/{deed}").status_code == 404
    assert at_bens.open("/discussion/posts/999999/acts").status_code == 404
