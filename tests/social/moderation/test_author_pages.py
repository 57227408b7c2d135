"""What authors read about their own posts, and the way to a second look."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Ruling, Submission, Verdict
from lmssocial.core.kernel.errors import NotFound
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities.models import Appointment, Tier
from lmssocial.social.content import writing
from lmssocial.social.moderation import authors, reasons
from lmssocial.social.moderation.models import Case, CaseState, Deed
from lmssocial.social.moderation.screening import Screening, Vote
from lmssocial.widgets.discussion import service
from lmssocial.widgets.discussion.drafts import ThreadDraft
from tests.social.moderation.conftest import Shelf, book, held
from tests.social.moderation.desk import Desk, SitDown, states
from tests.social.moderation.test_queries import close
from tests.support.people import Place, make_person
from tests.support.seat import text_of


def reads_why(desk: Desk, session: Session) -> str:
    """What the author of the newest post reads."""
    return text_of(desk.seat.open(desk.why(session)))


def ask_again(desk: Desk, session: Session, plea: str = "Look again.") -> str:
    """Ask for a second look at the newest post, and read what comes."""
    page = desk.seat.open(desk.why(session))
    answer = desk.seat.send(desk.seat.form(page, "/appeal"), plea=plea)
    return text_of(desk.seat.follow(answer) if answer.status_code == 303 else answer)


def test_the_author_reads_every_reason_their_words_who_decides_and_by_when(
    session: Session, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    ben, _iris = sit(author), sit(moderator)
    ben.write()
    page = ben.seat.open(ben.why(session)).get_data(as_text=True)
    said = reads_why(ben, session)

    assert "Waits for a moderator" in said
    assert "This post has 3 links." in said
    assert "What would pass:" in said
    assert "one of these people: 1 instructor." in said
    assert "An answer is promised by" in said
    assert "<mark>https://a.example/2</mark>" in page
    assert "Be kind." in said
    assert "Edit and hand in again" in said
    assert "Iris Prado" not in said
    assert "/appeal" not in page


def test_the_note_in_the_thread_leads_there_and_only_its_author(
    session: Session, place: Place, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    ben, ana, iris = sit(author), sit(make_person(session, place, "Ana Ruiz")), sit(moderator)
    ben.write()
    thread = ben.seat.open(ben.thread()).get_data(as_text=True)
    assert ben.why(session) in thread
    assert "Why, and what you can do" in thread
    assert ana.seat.open(ana.why(session)).status_code == 404
    led = iris.seat.open(iris.why(session))
    assert led.status_code == 302
    assert led.headers["Location"].endswith(f"/moderation/{iris.case_id(session)}")


def test_a_second_look_goes_to_another_person_whose_answer_the_author_reads(
    session: Session, place: Place, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    tom_is = make_person(session, place, "Tom Berg", LmsRole.INSTRUCTOR)
    ben, iris, tom = sit(author), sit(moderator), sit(tom_is)
    ben.write()
    iris.decide("rejected", "Too many links.")
    assert "Not published" in reads_why(ben, session)
    assert "Too many links." in reads_why(ben, session)
    assert "Somebody else will look at it." in ask_again(ben, session, "All three are needed.")
    waiting = reads_why(ben, session)
    assert "Somebody else takes a second look" in waiting
    assert "All three are needed." in waiting
    assert "somebody else takes the second look" in iris.at_desk()
    assert "All three are needed." in tom.at_desk()
    assert "Too many links." in tom.at_desk()
    assert "Published." in tom.decide("approved")
    won = reads_why(ben, session)
    assert "The second look was in your favour." in won
    assert "What would pass" in waiting
    assert "What would pass" not in won
    assert states(session) == [CaseState.REJECTED, CaseState.APPROVED]


def test_where_nobody_else_is_the_page_says_so(
    session: Session, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    ben, iris = sit(author), sit(moderator)
    ben.write()
    iris.decide("rejected", "Too many links.")

    assert "nobody else here who may" in reads_why(ben, session)
    ask_again(ben, session)
    assert "nobody else who could decide" in reads_why(ben, session)


def test_an_appeal_is_made_once_and_not_against_a_second_look(
    session: Session, place: Place, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    tom_is = make_person(session, place, "Tom Berg", LmsRole.INSTRUCTOR)
    ben, iris, tom = sit(author), sit(moderator), sit(tom_is)
    ben.write()
    iris.decide("rejected", "Too many links.")
    form = ben.seat.form(ben.seat.open(ben.why(session)), "/appeal")
    ask_again(ben, session)
    assert ben.seat.send(form, plea="And again.").status_code == 409
    tom.decide("rejected", "I think so, too.")
    said = reads_why(ben, session)
    assert "The second look came to the same end." in said
    assert "I think so, too." in said
    assert "Ask for a second look" not in said
    assert ben.seat.send(form, plea="And again.").status_code == 409


def test_an_appeal_about_somebody_elses_post_is_not_possible(
    session: Session, place: Place, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    ben, iris, ana = sit(author), sit(moderator), sit(make_person(session, place, "Ana Ruiz"))
    ben.write()
    iris.decide("rejected", "Too many links.")
    token = dict(ana.seat.form(ana.seat.open("/threads/new"), "/threads/new").fields)["csrf_token"]
    answer = ana.seat.client.post(f"{ana.why(session)}/appeal", data={"csrf_token": token, "plea": "x"})

    assert answer.status_code == 404
    assert states(session) == [CaseState.REJECTED]


def test_words_that_a_second_look_puts_back_are_read_again(
    session: Session, place: Place, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    tom_is = make_person(session, place, "Tom Berg", LmsRole.INSTRUCTOR)
    ben, iris, tom = sit(author), sit(moderator), sit(tom_is)
    ana = sit(make_person(session, place, "Ana Ruiz"))
    ben.write()
    address = iris.address(f"/{iris.case_id(session)}/redact")
    form = iris.seat.form(iris.seat.open(address), "/redact")
    iris.seat.send(form, message="Fewer.", words="https://a.example/2", spans="0-19")
    assert "[…] […] https://a.example/3" in text_of(ana.seat.open(ana.thread()))
    ask_again(ben, session, "They are what it is about.")
    assert "Put the words back" in tom.at_desk()
    tom.decide("approved")
    assert "https://a.example/1 https://a.example/2 https://a.example/3" in text_of(
        ana.seat.open(ana.thread())
    )
    session.rollback()
    second = session.scalars(select(Case).order_by(Case.id.desc())).first()
    assert second is not None
    assert second.state is CaseState.APPROVED


def test_words_taken_out_are_put_back_when_the_decision_is_taken_back(
    session: Session, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    ben, iris = sit(author), sit(moderator)
    ben.write()
    address = iris.address(f"/{iris.case_id(session)}/redact")
    iris.seat.send(iris.seat.form(iris.seat.open(address), "/redact"), message="Fewer.", spans="0-19")
    decided = iris.seat.open(iris.address("/?view=decided"))
    iris.seat.send(iris.seat.form(decided, "/restore?view=decided"))

    assert "https://a.example/1 https://a.example/2" in text_of(ben.seat.open(ben.thread()))


def test_words_that_their_author_changed_since_are_not_put_back(
    session: Session, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    ben, iris = sit(author), sit(moderator)
    ben.write()
    address = iris.address(f"/{iris.case_id(session)}/redact")
    iris.seat.send(iris.seat.form(iris.seat.open(address), "/redact"), message="Fewer.", spans="0-19")
    ben.seat.fill_in(f"/posts/{ben.post(session)}/edit", "/edit", source="Only one: https://a.example/1")

    assert "Take this back" not in iris.at_desk("?view=decided")
    assert "Only one" in text_of(ben.seat.open(ben.thread()))


@pytest.mark.usefixtures("moderator")
@pytest.mark.parametrize(("tier", "kinds"), [(Tier.REVIEWED, 4), (Tier.ASSURED, 3)])
def test_who_decides_is_told_by_what_they_are(
    session: Session, place: Place, author: Actor, shelf: Shelf, tier: Tier, kinds: int
) -> None:
    make_person(session, place, "", LmsRole.ADMINISTRATOR)
    for office in Office:
        member = make_person(session, place)
        session.add(
            Appointment(
                community_id=place.community.id,
                user_id=member.user_id,
                offices=office.value,
                appointed_at=place.community.created_at,
            )
        )
    words = book(session, author, place)
    held(session, author, place, words.id, source=words.source)
    view = authors.author_view(session, author, tier, {"shelf": shelf}, words.id)

    assert view.deciders.total == len(view.deciders.of) == kinds
    assert view.deciders.of["instructor"] == 1


def test_who_decided_is_not_among_those_who_take_the_second_look(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf
) -> None:
    words = book(session, author, place)
    case = held(session, author, place, words.id, source=words.source)
    close(session, moderator, shelf, case, Deed.REJECTED)
    view = authors.author_view(session, author, Tier.REVIEWED, {"shelf": shelf}, words.id)

    assert view.may_appeal
    assert view.deciders.total == 0


def test_nobody_elses_post_is_shown(
    session: Session, place: Place, author: Actor, moderator: Actor, shelf: Shelf
) -> None:
    words = book(session, author, place)
    for actor in (moderator, replace(author, community_id=author.community_id + 1)):
        with pytest.raises(NotFound):
            authors.author_view(session, actor, Tier.OPEN, {"shelf": shelf}, words.id)


def test_a_second_look_may_leave_the_words_out_and_the_rest_stands(
    session: Session, place: Place, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    tom_is = make_person(session, place, "Tom Berg", LmsRole.INSTRUCTOR)
    ben, iris, tom = sit(author), sit(moderator), sit(tom_is)
    ben.write()
    address = iris.address(f"/{iris.case_id(session)}/redact")
    iris.seat.send(iris.seat.form(iris.seat.open(address), "/redact"), message="Fewer.", spans="0-19")
    ask_again(ben, session)
    tom.decide("redacted", "I would leave it out, too.")

    said = reads_why(ben, session)
    assert "The second look came to the same end." in said
    assert "I would leave it out, too." in said
    assert "[…] https://a.example/2" in text_of(tom.seat.open(tom.thread()))
    assert states(session) == [CaseState.REDACTED, CaseState.REDACTED]


def test_a_second_look_may_publish_with_words_taken_out_what_the_first_refused(
    session: Session, place: Place, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    tom_is = make_person(session, place, "Tom Berg", LmsRole.INSTRUCTOR)
    ben, iris, tom = sit(author), sit(moderator), sit(tom_is)
    ben.write()
    iris.decide("rejected", "Too many links.")
    ask_again(ben, session)
    address = tom.address(f"/{tom.case_id(session)}/redact")
    tom.seat.send(tom.seat.form(tom.seat.open(address), "/redact"), message="One is enough.", spans="0-19")

    said = reads_why(ben, session)
    assert "Published without some words" in said
    assert "Second look: Words taken out." in said
    assert "The second look came to the same end." not in said
    assert "What was taken out" in said
    case = text_of(tom.seat.open(tom.address(f"/{tom.case_id(session)}")))
    assert "its author has changed it since" not in case


def test_nothing_is_taken_out_by_a_decision_that_names_no_words(
    session: Session, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    ben, iris = sit(author), sit(moderator)
    ben.write()

    form = iris.form()
    message = next(name for name in form.names() if name.endswith("-message"))
    deed = message.replace("message", "deed")
    data = {**dict(form.fields), message: "Something has to go.", deed: "redacted"}
    answer = iris.seat.client.post(form.action.removeprefix("http://localhost"), data=data)
    assert answer.status_code == 422
    assert "Say which words shall be taken out." in text_of(answer)
    assert states(session) == [CaseState.OPEN]


def redacting(submission: Submission) -> Screening:
    """A policy that takes a name out."""
    spans = reasons.find(submission.source, ["Mrs Miller"])
    verdict = Verdict(ruling=Ruling.REDACT, reason="name", message="A customer is named.", spans=spans)
    return Screening((Vote("words", verdict, version="1.0"),))


def test_a_person_looks_at_what_a_policy_took_out_if_its_author_asks(
    session: Session, place: Place, author: Actor, moderator: Actor, sit: SitDown
) -> None:
    draft = ThreadDraft(placement_id=place.placement.id, title="Terms", source="Ask Mrs Miller, not me.")
    service.post_thread(session, redacting, author, draft)
    ben, iris = sit(author), sit(moderator)
    assert "Ask […], not me." in text_of(iris.seat.open(iris.thread()))
    told = reads_why(ben, session)
    assert "Published without some words" in told
    assert "A customer is named." in told
    assert states(session) == []
    form = ben.seat.form(ben.seat.open(ben.why(session)), "/appeal")
    ask_again(ben, session, "She is our teacher.")
    assert ben.seat.send(form, plea="Once more.").status_code == 409
    desk = iris.at_desk()
    assert "She is our teacher." in desk
    assert "A customer is named." in desk
    assert "Words" in desk
    iris.decide("approved")
    assert "Ask Mrs Miller, not me." in text_of(iris.seat.open(iris.thread()))
    assert "Everybody can read this post" in reads_why(ben, session)
    assert states(session) == [CaseState.APPROVED]


@pytest.mark.parametrize(
    ("full", "left", "places"),
    [
        ("Ask Mrs Miller of Buyer.", "Ask […] of […].", [(4, 14), (18, 23)]),
        ("secret", "[…]", [(0, 6)]),
        ("a b a b", "a […] b", [(2, 5)]),
        ("one", "one", []),
        ("one", "two […]", []),
        ("one two", "one […] three", []),
    ],
)
def test_the_places_of_words_that_were_taken_out_are_found_again(
    full: str, left: str, places: list[tuple[int, int]]
) -> None:
    assert [(span.start, span.end) for span in writing.places_taken_out(full, left)] == places
