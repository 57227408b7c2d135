"""Groups, answering before reading, and dates."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities import groups
from lmssocial.widgets.discussion import access, configuring, marking, service
from lmssocial.widgets.discussion.configuring import PlaceDraft, ThreadSettingsDraft
from lmssocial.widgets.discussion.drafts import ReplyDraft, ThreadDraft
from lmssocial.widgets.discussion.models import Audience, Thread
from lmssocial.widgets.discussion.queries.choosing import Wanted
from lmssocial.widgets.discussion.queries.lists import thread_list
from lmssocial.widgets.discussion.queries.posts import Window, posts
from lmssocial.widgets.discussion.queries.threads import thread_head
from lmssocial.widgets.discussion.settings import DiscussionSettings, Groups, Starters
from tests.support.discussion import HOLD, PostThread, Reply, events, let_pass, thread_of
from tests.support.people import Place, make_person
from tests.support.seat import Seat, text_of

SitDown = Callable[[Actor], Seat]
HOUR = timedelta(hours=1)


def configure(
    session: Session, place: Place, tom: Actor, *, confirmed: bool = False, **settings: object
) -> bool:
    """Change some settings of the discussion."""
    before = DiscussionSettings.read(place.placement.settings)
    draft = PlaceDraft(
        title=place.placement.title,
        intro=place.placement.intro,
        settings=replace(before, **settings),  # type: ignore[arg-type]
        opens_groups=confirmed,
    )
    return configuring.configure(session, tom, place.placement.id, draft)


def in_group(session: Session, tom: Actor, name: str, *members: Actor) -> tuple[int, list[Actor]]:
    """A group, and its members as the actors they are from then on."""
    group = groups.make(session, tom, name)
    groups.put_in(session, tom, group.id, [member.user_id for member in members])
    return group.id, [replace(member, groups=member.groups | {group.id}) for member in members]


def opened_by(session: Session, place: Place, actor: Actor, group_id: int | None = None) -> Thread:
    """A thread of the actor's."""
    draft = ThreadDraft(placement_id=place.placement.id, title="T", source="S", group_id=group_id)
    return thread_of(session, service.post_thread(session, let_pass, actor, draft))


def test_a_members_thread_belongs_to_their_group(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, reply: Reply
) -> None:
    red, (ana,) = in_group(session, tom, "Red", ana)
    configure(session, place, tom, groups=Groups.SEPARATE)
    thread = opened_by(session, place, ana)
    assert (thread.audience, thread.group_id) == (Audience.GROUP, red)
    assert not access.sees_thread(ben, thread)
    with pytest.raises(NotFound):
        reply(ben, thread.opening_id)
    assert thread_list(session, ben, place.placement.id).threads == ()
    configure(session, place, tom, groups=Groups.VISIBLE, confirmed=True)
    session.refresh(thread)
    assert access.sees_thread(ben, thread)
    with pytest.raises(NotAllowed, match="group"):
        reply(ben, thread.opening_id)
    reply(ana, thread.opening_id)
    reply(tom, thread.opening_id)
    configure(session, place, tom, groups=Groups.NONE)
    reply(ben, thread.opening_id)
    configure(session, place, tom, groups=Groups.SEPARATE)
    session.refresh(thread)
    assert not access.sees_thread(ben, thread)


def test_who_is_in_several_groups_chooses_and_who_is_in_none_is_told(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor
) -> None:
    red, (ana,) = in_group(session, tom, "Red", ana)
    blue, (ana,) = in_group(session, tom, "Blue", ana)
    green, _nobody = in_group(session, tom, "Green")
    configure(session, place, tom, groups=Groups.SEPARATE)
    for wrong in (None, green):
        with pytest.raises(Invalid):
            opened_by(session, place, ana, wrong)
    assert opened_by(session, place, ana, blue).group_id == blue != red
    with pytest.raises(NotAllowed, match="you are in none yet"):
        opened_by(session, place, ben)
    assert opened_by(session, place, tom).audience is Audience.EVERYBODY
    assert opened_by(session, place, tom, green).group_id == green


def test_threads_of_groups_are_opened_only_when_that_was_confirmed(
    session: Session, place: Place, ana: Actor, tom: Actor
) -> None:
    _red, (ana,) = in_group(session, tom, "Red", ana)
    configure(session, place, tom, groups=Groups.SEPARATE)
    thread = opened_by(session, place, ana)
    for wider in (Groups.VISIBLE, Groups.NONE):
        with pytest.raises(Conflict):
            configure(session, place, tom, groups=wider)
    session.refresh(thread)
    assert thread.audience is Audience.GROUP


def test_a_group_with_threads_is_not_deleted(session: Session, place: Place, ana: Actor, tom: Actor) -> None:
    red, (ana,) = in_group(session, tom, "Red", ana)
    configure(session, place, tom, groups=Groups.SEPARATE)
    opened_by(session, place, ana)
    with pytest.raises(Conflict, match="belong to this group"):
        groups.remove(session, tom, red)
    assert [row.members for row in groups.groups(session, tom)] == [1]


def test_members_answer_before_they_read_on(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    configure(session, place, tom, post_first=True)
    opened = post_thread(tom)
    first = reply(ana, opened.post_id)
    session.flush()
    pages = {
        who.name: [post.id for post in posts(session, who, opened.thread_id, Window()).posts]
        for who in (ana, ben, tom)
    }
    everything = [opened.post_id, first.post_id]
    assert pages == {ana.name: everything, ben.name: [opened.post_id], tom.name: everything}
    assert not thread_head(session, ben, place.placement.id, opened.thread_id).answers_open
    row = thread_list(session, ben, place.placement.id).threads[0]
    assert row.unread == 1
    with pytest.raises(NotFound):
        reply(ben, first.post_id)
    marking.mark_all_read(session, ben, place.placement.id)
    assert thread_list(session, ben, place.placement.id).threads[0].unread == 0
    mine = reply(ben, opened.post_id, screen=HOLD)
    assert thread_head(session, ben, place.placement.id, opened.thread_id).answers_open
    assert thread_list(session, ben, place.placement.id).threads[0].unread == 1
    service.remove_post(session, ben, mine.post_id)
    assert not thread_head(session, ben, place.placement.id, opened.thread_id).answers_open


def test_the_page_says_how_many_answers_wait_behind_ones_own(
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    tom: Actor,
    post_thread: PostThread,
    reply: Reply,
    seat: SitDown,
) -> None:
    configure(session, place, tom, post_first=True)
    opened = post_thread(tom)
    for _ in range(3):
        reply(ana, opened.post_id, "a careful answer")
    at_bens = seat(ben)
    page = at_bens.open(f"/threads/{opened.thread_id}")
    assert "Write your own answer first Then you read the 3 others." in text_of(page)
    assert "a careful answer" not in text_of(page)
    page = at_bens.follow(at_bens.send(at_bens.form(page, "/reply"), source="mine"))
    assert text_of(page).count("a careful answer") == 3


def test_a_thread_closes_by_the_clock_and_moderators_open_it_again(
    session: Session, place: Place, ana: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    configure(session, place, tom, locks_at=clock.now() + HOUR)
    opened = post_thread(ana)
    reply(ana, opened.post_id)
    configure(session, place, tom, locks_at=clock.now() - HOUR)
    with pytest.raises(NotAllowed, match="locked"):
        reply(ana, opened.post_id)
    with pytest.raises(NotAllowed, match="closed"):
        opened_by(session, place, ana)
    assert thread_list(session, ana, place.placement.id).threads[0].locked
    reply(tom, opened.post_id)
    service.unlock(session, tom, opened.thread_id)
    reply(ana, opened.post_id)


def test_a_date_of_its_own_stays_when_that_of_the_discussion_moves(
    session: Session, place: Place, tom: Actor, post_thread: PostThread
) -> None:
    now = clock.now()
    configure(session, place, tom, due_at=now + HOUR)
    own, follows = post_thread(tom), post_thread(tom)
    draft = ThreadSettingsDraft(due_at=now + 5 * HOUR, locks_at=None, post_first=True, group_id=None)
    thread = configuring.configure_thread(session, tom, own.thread_id, draft)
    assert (thread.post_first, events(session)[-1][2]["changed"]) == (True, ["due_at", "post_first"])
    configure(session, place, tom, due_at=now + 2 * HOUR)
    due = {row.id: row.due_at for row in session.execute(select(Thread.id, Thread.due_at))}
    assert due == {own.thread_id: now + 5 * HOUR, follows.thread_id: now + 2 * HOUR}


def test_only_staff_configure_a_discussion_and_only_moderators_a_thread(
    session: Session, place: Place, ana: Actor, post_thread: PostThread
) -> None:
    with pytest.raises(NotAllowed):
        configure(session, place, ana, stars=True)
    draft = ThreadSettingsDraft(due_at=None, locks_at=None, post_first=True, group_id=None)
    with pytest.raises(NotAllowed):
        configuring.configure_thread(session, ana, post_thread(ana).thread_id, draft)


def test_where_only_staff_start_threads_members_find_no_button(
    session: Session,
    place: Place,
    ana: Actor,
    tom: Actor,
    post_thread: PostThread,
    reply: Reply,
    seat: SitDown,
) -> None:
    configure(session, place, tom, starters=Starters.STAFF)
    with pytest.raises(NotAllowed):
        opened_by(session, place, ana)
    reply(ana, post_thread(tom).post_id)
    at_anas = seat(ana)
    page = at_anas.open("/")
    assert "/threads/new" not in page.get_data(as_text=True)
    assert "Instructors and moderators start the threads here; everybody may reply." in text_of(page)
    assert at_anas.open("/threads/new").status_code == 403


def test_settings_are_filled_in_with_local_times(
    session: Session, place: Place, ana: Actor, tom: Actor, post_thread: PostThread, seat: SitDown
) -> None:
    post_thread(tom)
    at_anas, at_toms = seat(ana), seat(tom)
    page = at_toms.fill_in(
        "/settings",
        "/settings",
        title="Case 1",
        intro="Say what you think.",
        groups="separate",
        post_first="y",
        due_at="2030-07-01T18:00",
        locks_at="2030-07-02T18:00",
        zone="Europe/Berlin",
    )
    assert "Saved. It counts from now on." in text_of(page)
    html = page.get_data(as_text=True)
    assert 'data-utc="2030-07-01T16:00:00+00:00"' in html
    assert 'value="2030-07-01T16:00"' in html
    assert "Times are in the zone UTC." in text_of(page)
    session.rollback()
    stored = DiscussionSettings.read(place.placement.settings)
    assert (stored.groups, stored.post_first, stored.private_questions) == (Groups.SEPARATE, True, True)
    assert session.scalars(select(Thread.due_at)).one() == stored.due_at
    session.rollback()
    listed = text_of(at_anas.open("/"))
    assert "Case 1" in listed
    assert "Take part until" in listed
    wrong = at_toms.send(
        at_toms.form(at_toms.open("/settings"), "/settings"),
        due_at="2030-07-03T18:00",
        locks_at="2030-07-02T18:00",
    )
    assert wrong.status_code == 422
    assert "It would close before it is due." in text_of(wrong)
    garbled = at_toms.send(at_toms.form(at_toms.open("/settings"), "/settings"), due_at="tomorrow")
    assert garbled.status_code == 422
    assert 'value="tomorrow"' in garbled.get_data(as_text=True)
    assert at_anas.open("/settings").status_code == 403


def test_a_moderator_sets_a_thread_and_sees_what_came_late(
    session: Session,
    place: Place,
    ana: Actor,
    ben: Actor,
    tom: Actor,
    post_thread: PostThread,
    reply: Reply,
    seat: SitDown,
) -> None:
    red, (ana,) = in_group(session, tom, "Red", ana)
    configure(session, place, tom, groups=Groups.VISIBLE)
    opened = post_thread(tom)
    reply(ana, opened.post_id)
    at_bens, at_toms = seat(ben), seat(tom)
    path = f"/threads/{opened.thread_id}"
    page = at_toms.fill_in(
        f"{path}/settings", "/settings", due_at="2020-01-01T00:00", group=str(red), zone="UTC"
    )
    assert "Came after the due date; only moderators see this note." in text_of(page)
    page = at_bens.open(path)
    assert "Came after the due date" not in text_of(page)
    assert "This was due" in text_of(page)
    assert "Members of Red reply here. You read along." in text_of(page)
    assert at_bens.open(f"{path}/settings").status_code == 403


def test_opening_the_threads_of_groups_asks_first(
    session: Session, place: Place, ana: Actor, tom: Actor, seat: SitDown
) -> None:
    _red, (ana,) = in_group(session, tom, "Red", ana)
    configure(session, place, tom, groups=Groups.SEPARATE)
    opened_by(session, place, ana)
    at_toms = seat(tom)
    asked = at_toms.send(at_toms.form(at_toms.open("/settings"), "/settings"), groups="none")
    assert asked.status_code == 409
    assert "1 thread is read by its group only." in text_of(asked)
    done = at_toms.follow(at_toms.send(at_toms.form(asked, "/settings"), opens_groups="y"))
    assert "Saved. It counts from now on." in text_of(done)


def test_a_group_is_chosen_in_the_form_of_a_thread(
    session: Session, place: Place, ana: Actor, tom: Actor, seat: SitDown
) -> None:
    _red, (ana,) = in_group(session, tom, "Red", ana)
    blue, (ana,) = in_group(session, tom, "Blue", ana)
    configure(session, place, tom, groups=Groups.SEPARATE)
    outsider = make_person(session, place, "Olga")
    at_anas, at_olgas = seat(ana), seat(outsider)
    refused = at_anas.send(
        at_anas.form(at_anas.open("/threads/new"), "/threads/new"), title="T", source="S", group=""
    )
    assert refused.status_code == 422
    assert "Choose which of your groups this thread is for." in text_of(refused)
    page = at_anas.fill_in("/threads/new", "/threads/new", title="T", source="S", group=str(blue))
    assert "Only the members of Blue, the instructors, stewards and SMEs read this." in text_of(page)
    told = at_olgas.open("/threads/new")
    assert told.status_code == 403
    assert "you are in none yet" in text_of(told)
    listed = at_olgas.open("/")
    assert "you are in none yet" in text_of(listed)
    assert "Start a thread" not in text_of(listed)
    assert "Start a thread" in text_of(at_anas.open("/"))


def test_a_reply_that_was_begun_before_the_lock_is_kept_and_told_why(
    session: Session, place: Place, ana: Actor, tom: Actor, post_thread: PostThread
) -> None:
    opened = post_thread(tom)
    configure(session, place, tom, locks_at=clock.now() - HOUR)
    with pytest.raises(NotAllowed, match="Your text was not sent"):
        service.reply_to(session, let_pass, ana, ReplyDraft(parent_id=opened.post_id, source="late"))


def test_a_tag_in_an_answer_that_waits_leads_nobody_to_it(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, post_thread: PostThread, reply: Reply
) -> None:
    configure(session, place, tom, post_first=True)
    hidden, open_to_all = post_thread(tom), post_thread(tom, "about #freight")
    reply(ana, hidden.post_id, "a #freight matter")
    session.flush()

    def tagged(actor: Actor) -> set[int]:
        return {
            row.id for row in thread_list(session, actor, place.placement.id, Wanted(tag="freight")).threads
        }

    assert tagged(ben) == {open_to_all.thread_id}
    assert tagged(ana) == tagged(tom) == {hidden.thread_id, open_to_all.thread_id}
