"""Members whom only the roster knows: others can name and grade them, and nothing is sent to them before they came."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.lms.roster.ports import Belonging
from lmssocial.social.communities import lms_groups
from lmssocial.social.communities.models import GroupMember
from lmssocial.social.content import mentions
from lmssocial.social.notifications import outgoing as the_post
from lmssocial.social.notifications import recipients
from lmssocial.social.notifications.models import Delivery
from lmssocial.widgets.discussion import access
from lmssocial.widgets.discussion.grading import queries as grading
from lmssocial.widgets.discussion.models import Thread, ThreadKind
from lmssocial.widgets.discussion.queries.lists import thread_list
from lmssocial.widgets.discussion.settings import Groups
from tests.conftest import TestClock
from tests.support.discussion import PostThread
from tests.support.notices import bell, notices_of, tell
from tests.support.outgoing import outgoing
from tests.support.people import Place, make_person


@pytest.fixture
def nora(session: Session, place: Place) -> Actor:
    """A learner whom the roster names and who has not been here yet."""
    return never_came(session, make_person(session, place, "Nora New"))


def never_came(session: Session, actor: Actor) -> Actor:
    """The same person, before their first launch."""
    session.execute(
        update(Membership)
        .where(Membership.user_id == actor.user_id)
        .values(last_launch_at=None, roster_run_id=1)
    )
    session.execute(update(User).where(User.id == actor.user_id).values(last_seen_at=None))
    session.expire_all()
    return actor


def test_others_can_mention_and_grade_them(
    session: Session, place: Place, ana: Actor, tom: Actor, nora: Actor
) -> None:
    assert [row[0] for row in mentions.completions(session, ana, "nor")] == ["Nora New"]
    assert mentions.people_named(session, ana, "Welcome, @Nora New") != {}
    listed = grading.learners(session, tom, place.placement.id).learners
    assert nora.user_id in [row.user_id for row in listed], "who never posted is graded, too"


def test_a_mention_waits_in_the_bell_and_nothing_is_sent_before_they_came(
    session: Session, ana: Actor, tom: Actor, nora: Actor, post_thread: PostThread, clock: TestClock
) -> None:
    for actor in (ana, tom, nora):
        session.get_one(User, actor.user_id).email = f"{actor.user_id}@example.edu"
    post_thread(ana, "Welcome, @Nora New, and hello, @Tom Berg")
    tell(session)
    assert notices_of(session, nora) == ["Ana Ruiz mentioned you"]
    assert bell(session, nora) == 1
    out = outgoing()
    for _ in range(3):
        the_post.schedule(session)
        session.flush()
        for user_id in the_post.due(session):
            the_post.write_for(session, out, user_id)
        session.flush()
        clock.tick(days=4)
    told = set(session.scalars(select(Delivery.user_id)))
    assert tom.user_id in told, "the same mention, for somebody who has been here"
    assert nora.user_id not in told


def test_announcements_and_the_queue_of_moderators_are_for_those_who_have_been_here(
    session: Session, place: Place, ana: Actor, tom: Actor, nora: Actor, post_thread: PostThread
) -> None:
    other = never_came(session, make_person(session, place, "Ida", LmsRole.INSTRUCTOR))
    posted = post_thread(tom)
    session.execute(update(Thread).where(Thread.id == posted.thread_id).values(kind=ThreadKind.ANNOUNCEMENT))
    tell(session)
    assert (bell(session, ana), bell(session, nora), bell(session, other)) == (1, 0, 0)
    assert recipients.moderators(session, place.community.id) == {tom.user_id}


@pytest.mark.parametrize("groups", [Groups.SEPARATE, Groups.VISIBLE])
def test_who_is_taken_out_of_a_group_of_the_lms_reads_what_everybody_reads(
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    nora: Actor,
    post_thread: PostThread,
    groups: Groups,
) -> None:
    in_red = Belonging(groups=frozenset({"red"}))
    lms_groups.belong(
        session, place.course.id, {ana.user_id: in_red, ben.user_id: in_red, nora.user_id: in_red}
    )
    red = session.scalars(select(GroupMember.group_id).where(GroupMember.user_id == ana.user_id)).one()
    place.placement.settings = {**place.placement.settings, "groups": groups.value}
    posted = post_thread(replace(ana, groups=frozenset({red})))
    assert session.get_one(Thread, posted.thread_id).group_id == red

    lms_groups.belong(session, place.course.id, {ben.user_id: Belonging(groups=frozenset())})
    session.expire_all()

    members = recipients.actors(session, place.community.id, [ana.user_id, ben.user_id, nora.user_id])
    sees = {one.name for one in members if thread_list(session, one, place.placement.id).threads}
    assert sees == (
        {"Ana Ruiz", "Nora New"} if groups is Groups.SEPARATE else {"Ana Ruiz", "Ben Okoro", "Nora New"}
    )
    thread = session.get_one(Thread, posted.thread_id)
    writes = {one.name for one in members if access.writes_in(one, thread)}
    assert writes == {"Ana Ruiz", "Nora New"}
