"""What authors learn of decisions, and moderators of what waits."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities.models import Appointment, Tier
from lmssocial.social.content.models import Contribution
from lmssocial.social.moderation import appeals, flags, reasons
from lmssocial.social.moderation.decisions import Decision, decide
from lmssocial.social.moderation.models import Case, Deed, FlagReason
from lmssocial.social.notifications import queries
from lmssocial.widgets.discussion import service
from lmssocial.widgets.discussion.drafts import ReplyDraft
from lmssocial.widgets.discussion.service import Posted
from lmssocial.widgets.discussion.wiring import HeldPosts
from tests.support.discussion import HOLD, PostThread, Reply
from tests.support.notices import REGISTRY, bell, notices_of, tell
from tests.support.people import Place, make_person

PORT = HeldPosts()


@pytest.fixture
def held(session: Session, ana: Actor, ben: Actor, post_thread: PostThread) -> Posted:
    """Something of Ben's that waits."""
    thread = post_thread(ana)
    tell(session)
    draft = ReplyDraft(parent_id=thread.post_id, source="Ask Mrs Miller about the terms.")
    return service.reply_to(session, HOLD, ben, draft)


def case_of(session: Session, post_id: int) -> Case:
    """The newest case about a post."""
    newest = select(Case).where(Case.contribution_id == post_id).order_by(Case.id.desc()).limit(1)
    return session.scalars(newest).one()


def ruled(session: Session, actor: Actor, post_id: int, deed: Deed, message: str = "See our rules.") -> Case:
    """Somebody decides the newest case about a post."""
    case, source = case_of(session, post_id), session.get_one(Contribution, post_id).source
    spans = reasons.find(source, ("Mrs Miller",)) if deed is Deed.REDACTED else ()
    decision = Decision(deed=deed, seen_version=case.version, message=message, spans=spans)
    return decide(session, actor, PORT, case.id, decision)


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        (Deed.APPROVED, "A moderator published your post"),
        (Deed.REJECTED, "A moderator did not publish your post"),
        (Deed.REDACTED, "A moderator took words out of your post"),
        (Deed.CHANGE_ASKED, "A moderator asks you for another wording of your post"),
    ],
)
def test_an_author_is_told_what_was_decided_and_why(
    deed: Deed, said: str, session: Session, place: Place, ben: Actor, tom: Actor, held: Posted
) -> None:
    tell(session)
    ruled(session, tom, held.post_id, deed)
    tell(session)
    page = queries.notice_page(session, REGISTRY, ben)
    assert [one.words.sentence for one in page.notices] == [said]
    assert page.notices[0].words.excerpt == "See our rules."
    assert page.notices[0].words.path == f"/w/{place.placement.id}/moderation/posts/{held.post_id}"
    assert "Tom" not in said + page.notices[0].words.excerpt  # a decision is the community's
    assert bell(session, ben) == 1


def test_moderators_are_told_that_something_waits_until_one_of_them_took_care_of_it(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, held: Posted
) -> None:
    iris = make_person(session, place, "Iris Prado", LmsRole.INSTRUCTOR)
    steward = make_person(session, place, "Sam Steward")
    session.add(
        Appointment(
            community_id=place.community.id,
            user_id=steward.user_id,
            offices=Office.STEWARD.value,
            appointed_at=clock.now(),
        )
    )
    tell(session)
    for moderator in (tom, iris):
        assert notices_of(session, moderator) == ["A post waits for a moderator"]
    assert bell(session, steward) == 1
    assert bell(session, ana) == bell(session, ben) == 0
    ruled(session, tom, held.post_id, Deed.REJECTED)
    tell(session)
    for moderator in (tom, iris):
        assert (notices_of(session, moderator), bell(session, moderator)) == ([], 0)


def test_several_that_wait_are_one_notice_that_counts(
    session: Session, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, held: Posted
) -> None:
    more = [
        service.reply_to(
            session, HOLD, ben, ReplyDraft(parent_id=post_thread(ana).post_id, source=f"No. {n}")
        )
        for n in range(2)
    ]
    tell(session)
    assert notices_of(session, tom) == ["3 posts wait for a moderator"]
    ruled(session, tom, held.post_id, Deed.APPROVED)
    tell(session)
    assert notices_of(session, tom) == ["2 posts wait for a moderator"]
    for one in more:
        ruled(session, tom, one.post_id, Deed.APPROVED)
    tell(session)
    assert (notices_of(session, tom), bell(session, tom)) == ([], 0)


def test_where_only_who_knows_the_matter_decides_only_they_are_told(
    session: Session, place: Place, tom: Actor, held: Posted
) -> None:
    steward = make_person(session, place, "Sam Steward")
    session.add(
        Appointment(
            community_id=place.community.id,
            user_id=steward.user_id,
            offices=Office.STEWARD.value,
            appointed_at=clock.now(),
        )
    )
    place.community.tier = Tier.ASSURED
    tell(session)
    assert (bell(session, tom), bell(session, steward)) == (1, 0)
    del held


def test_a_second_look_is_for_somebody_else_and_its_outcome_is_told(
    session: Session, place: Place, ben: Actor, tom: Actor, held: Posted
) -> None:
    iris = make_person(session, place, "Iris Prado", LmsRole.INSTRUCTOR)
    first = ruled(session, tom, held.post_id, Deed.REJECTED)
    tell(session)
    session.flush()
    appeals.appeal(session, ben, first.id, "It is her own book.")
    tell(session)
    assert (bell(session, tom), bell(session, iris)) == (0, 1)
    ruled(session, iris, held.post_id, Deed.APPROVED)
    tell(session)
    assert notices_of(session, ben)[0] == "The second look changed the decision: your post can be read"


def test_an_author_whose_reported_post_was_let_stand_hears_nothing_of_it(
    session: Session, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    post_id = reply(ben, post_thread(ana).post_id).post_id
    tell(session)
    flags.flag(session, ana, PORT, post_id, FlagReason.UNKIND, "Not nice.")
    tell(session)
    assert notices_of(session, tom) == ["A post waits for a moderator"]
    ruled(session, tom, post_id, Deed.APPROVED)
    tell(session)
    assert bell(session, ben) == 0


def test_a_decision_about_what_is_gone_is_not_shown(
    session: Session, ben: Actor, tom: Actor, held: Posted
) -> None:
    ruled(session, tom, held.post_id, Deed.REJECTED)
    tell(session)
    service.remove_post(session, ben, held.post_id)
    tell(session)
    assert notices_of(session, ben) == []


def test_what_its_author_took_back_waits_for_nobody(
    session: Session, ben: Actor, tom: Actor, held: Posted
) -> None:
    tell(session)
    assert bell(session, tom) == 1
    service.remove_post(session, ben, held.post_id)
    tell(session)
    assert (notices_of(session, tom), bell(session, tom)) == ([], 0)
