"""Bringing a past discussion in, who is who in it, and taking it back."""

import io
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, inspect, select
from sqlalchemy.orm import Session

from lmssocial.core.activity import ActivityEvent
from lmssocial.core.db import unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, NotAllowed
from lmssocial.core.storage import Folder
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities.models import Group
from lmssocial.social.content.models import Contribution
from lmssocial.social.engagement.models import Mark
from lmssocial.widgets.discussion import marks, service
from lmssocial.widgets.discussion.drafts import ReplyDraft
from lmssocial.widgets.discussion.importing import making, undoing
from lmssocial.widgets.discussion.importing import service as importing
from lmssocial.widgets.discussion.importing.matching import Why
from lmssocial.widgets.discussion.importing.past import Source
from lmssocial.widgets.discussion.importing.readers import read
from lmssocial.widgets.discussion.models import Audience, Import, Imported, Post, Thread
from lmssocial.widgets.discussion.queries.found import found_posts
from lmssocial.widgets.discussion.queries.posts import Window, posts
from lmssocial.widgets.discussion.reading import Progress
from tests.support.discussion import events, let_pass
from tests.support.past import Moodle, MoodleDiscussion, MoodlePost, table
from tests.support.people import Place, make_person, make_place
from tests.support.queries import counted_queries

ANA = {2: ("Ana", "Ruiz", ""), 3: ("Old", "Hand", "old@school.example")}


def backup(**more: Any) -> bytes:
    """Two threads of a forum."""
    forum = [
        MoodleDiscussion(
            1,
            "Which prices?",
            [
                MoodlePost(1, message="What <b>worked</b>? <script>alert(1)</script>"),
                MoodlePost(2, parent=1, user=3, message="Zebra pricing", created=1_600_000_100),
                MoodlePost(3, parent=2, message="Thanks", created=1_600_000_200, modified=1_600_000_300),
            ],
        ),
        MoodleDiscussion(2, "Alone", [MoodlePost(9, user=3, created=1_500_000_000)]),
    ]
    return Moodle({"News": forum}, **{"people": ANA, **more}).mbz()


def bring_in(
    session: Session, actor: Actor, place: Place, data: bytes | None = None, **chosen: int | None
) -> Import:
    """Bring a file in, as the page and the command do."""
    data = backup() if data is None else data
    prospect = importing.look(session, actor, place.placement.id, read(io.BytesIO(data)))
    arrived = importing.Arrived(
        source=prospect.arrangement.source, file_name="f.mbz", digest=str(hash(data)), storage_key=None
    )
    row = importing.keep(session, actor, place.placement.id, arrived)
    cooked = making.cook(prospect.arrangement)
    keys = {name.removeprefix("p"): value for name, value in chosen.items()}
    importing.make(session, actor, row, prospect, keys, cooked)
    session.flush()
    return row


def rows(session: Session) -> dict[str, int]:
    """How many rows every table has, but those of the log and of imports."""
    names = inspect(session.get_bind()).get_table_names()
    apart = ("activity_", "search_words", "discussion_import", "alembic")
    return {
        name: session.connection().exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one()  # noqa: S608
        for name in names
        if not name.startswith(apart)
    }


@pytest.fixture
def titled(session: Session, place: Place) -> Callable[[str], Thread]:
    """The thread of a title."""
    del place
    return lambda title: session.scalars(select(Thread).where(Thread.title == title)).one()


def test_threads_keep_their_shape_their_dates_and_their_authors(
    session: Session, place: Place, ana: Actor, tom: Actor, titled: Callable[[str], Thread]
) -> None:
    bring_in(session, tom, place)
    thread = titled("Which prices?")
    page = posts(session, ana, thread.id, Window()).posts
    assert [(one.number, one.depth, one.author_name, one.author_role) for one in page] == [
        (1, 0, "Ana Ruiz", "learner"),
        (2, 1, "Old Hand", "former"),
        (3, 2, "Ana Ruiz", "learner"),
    ]
    assert page[0].html == '<p dir="auto">What <strong>worked</strong>?</p>'
    assert page[0].at == datetime.fromtimestamp(1_600_000_000, UTC)
    assert page[2].edited_at == datetime.fromtimestamp(1_600_000_300, UTC)
    assert (thread.highest_number, thread.reply_count, thread.people_count) == (3, 2, 1)
    assert thread.last_activity_at == page[2].at
    old = session.scalars(select(User).where(User.name == "Old Hand")).one()
    assert (old.is_former, old.email) == (True, "")


def test_nothing_old_is_unread_and_nobody_is_told(
    session: Session, place: Place, ana: Actor, tom: Actor, titled: Callable[[str], Thread]
) -> None:
    bring_in(session, tom, place)
    thread = titled("Which prices?")
    assert marks.progress_of(session, ana.user_id, thread.id) == Progress(3)
    told = [(name, actor, payload) for name, actor, payload in events(session)]
    assert [(name, actor) for name, actor, _ in told] == [("discussion.imported", tom.user_id)]
    assert told[0][2]["posts"] == 4


def test_what_came_in_is_found(session: Session, place: Place, ana: Actor, tom: Actor) -> None:
    bring_in(session, tom, place)
    found = found_posts(session, ana, place.placement.id, "zebra")
    assert [one.author_name for one in found.posts] == ["Old Hand"]


def test_people_are_matched_by_name_and_never_against_their_address(
    session: Session, place: Place, tom: Actor
) -> None:
    addresses = {"Ana Ruiz": "", "Ben Okoro": "ben@here.example", "Cy Lee": "", "Eve Ng": "eve@here.example"}
    for name, email in [*addresses.items(), ("Cy Lee", "")]:
        actor = make_person(session, place, name)
        session.get_one(User, actor.user_id).email = email
    session.flush()
    line = {"thread": "1", "date": "2020-01-01", "text": "x"}
    people = [
        ("ana RUIZ", "any@where.example", Why.NAME, "Ana Ruiz"),
        ("Ben Okoro", "BEN@here.example", Why.BOTH, "Ben Okoro"),
        ("Ben Okoro", "other@here.example", Why.OTHER_EMAIL, None),
        ("Cy Lee", "", Why.SEVERAL, None),
        ("Evelyn Ng", "eve@here.example", Why.EMAIL, None),
        ("Nobody", "", Why.NOBODY, None),
    ]
    data = table(*({**line, "id": str(n), "author": one[0], "email": one[1]} for n, one in enumerate(people)))
    prospect = importing.look(session, tom, place.placement.id, read(io.BytesIO(data)))
    found = {
        (one.person.name, one.person.email): (one.why, one.member.name if one.member else None)
        for one in prospect.matches
    }
    assert found == {(name, email): (why, who) for name, email, why, who in people}


def test_whoever_their_lms_proves_to_be_somebody_is_taken_for_them_whatever_the_names(
    session: Session, place: Place, ana: Actor, tom: Actor
) -> None:
    session.get_one(User, ana.user_id).legacy_id = "u-7"
    session.flush()
    line = {"thread": "1", "date": "2020-01-01", "text": "x"}
    data = table(
        {**line, "id": "1", "author": "Anna R.", "lti_user_id": "u-7"},
        {**line, "id": "2", "author": "Ana Ruiz", "lti_user_id": "u-8"},
        {**line, "id": "3", "author": "Nobody", "lti_user_id": ""},
    )
    prospect = importing.look(session, tom, place.placement.id, read(io.BytesIO(data)))
    found = {one.person.name: (one.why, one.member and one.member.id) for one in prospect.matches}
    assert found == {
        "Anna R.": (Why.LEGACY, ana.user_id),
        "Ana Ruiz": (Why.NAME, ana.user_id),
        "Nobody": (Why.NOBODY, None),
    }


def test_staff_have_the_last_word_about_who_is_who(
    session: Session, place: Place, ana: Actor, ben: Actor, tom: Actor, titled: Callable[[str], Thread]
) -> None:
    bring_in(session, tom, place, p2=None, p3=ben.user_id)
    page = posts(session, ana, titled("Which prices?").id, Window()).posts
    assert [(one.author_name, one.author_role) for one in page[:2]] == [
        ("Ana Ruiz", "former"),
        ("Ben Okoro", "learner"),
    ]
    assert page[0].author_id != ana.user_id


def test_nobody_of_another_course_can_be_made_an_author(session: Session, place: Place, tom: Actor) -> None:
    stranger = make_person(session, make_place(session, beside=place), "Old Hand")
    bring_in(session, tom, place, p3=stranger.user_id)
    assert session.scalars(select(Contribution).where(Contribution.author_id == stranger.user_id)).all() == []


def test_a_former_member_of_two_files_is_one_person(session: Session, place: Place, tom: Actor) -> None:
    bring_in(session, tom, place)
    bring_in(session, tom, place, backup(files=1))
    assert session.scalar(select(func.count()).where(User.name == "Old Hand")) == 1


def test_threads_of_a_group_are_for_that_group(
    session: Session, place: Place, tom: Actor, titled: Callable[[str], Thread]
) -> None:
    now = clock.now()
    here = {"tenant_id": place.tenant.id, "community_id": place.community.id, "created_at": now}
    session.add(Group(name="Red", **here))
    session.flush()
    forum = [MoodleDiscussion(1, "Ours", [MoodlePost(1)], group=4)]
    bring_in(session, tom, place, Moodle({"F": forum}, groups={4: "red"}).mbz())
    thread = titled("Ours")
    assert thread.audience is Audience.GROUP
    assert thread.group_id == session.scalars(select(Group.id)).one()


def test_the_same_file_comes_in_once(session: Session, place: Place, tom: Actor) -> None:
    row = bring_in(session, tom, place)
    with pytest.raises(Conflict):
        bring_in(session, tom, place)
    undoing.undo(session, tom, row)
    bring_in(session, tom, place)


def test_taking_it_back_leaves_what_was_there_before(
    session: Session, place: Place, ana: Actor, tom: Actor
) -> None:
    before = rows(session)
    row = bring_in(session, tom, place)
    assert rows(session) != before
    made = session.scalars(select(Imported.contribution_id)).first()
    session.add(Mark(contribution_id=made, user_id=ana.user_id, saved_at=clock.now()))
    session.flush()
    undoing.undo(session, tom, row)
    assert rows(session) == before
    assert row.undone_at
    with pytest.raises(Conflict):
        undoing.undo(session, tom, row)


def test_what_people_built_on_stays(session: Session, place: Place, ana: Actor, tom: Actor) -> None:
    row = bring_in(session, tom, place)
    before = rows(session)
    made = session.scalars(select(Imported.contribution_id).order_by(Imported.contribution_id)).first()
    assert made
    service.reply_to(session, let_pass, ana, ReplyDraft(parent_id=made, source="So it is"))
    session.flush()
    with pytest.raises(Conflict):
        undoing.undo(session, tom, row)
    after = rows(session)
    assert {name: after[name] - count for name, count in before.items() if after[name] < count} == {}


def test_members_and_stewards_bring_nothing_in(session: Session, place: Place, ana: Actor) -> None:
    with pytest.raises(NotAllowed):
        bring_in(session, ana, place)


def test_a_file_nobody_decided_about_goes_after_a_day(
    session: Session, place: Place, tom: Actor, tmp_path: Path
) -> None:
    files = Folder(tmp_path)
    files.put("a" * 32, b"x")
    arrived = importing.Arrived(source=Source.CSV, file_name="f", digest="d", storage_key="a" * 32)
    row = importing.keep(session, tom, place.placement.id, arrived)
    assert importing.sweep(session, files) == 0
    row.uploaded_at = clock.now() - importing.KEPT - importing.KEPT
    session.flush()
    assert importing.sweep(session, files) == 1
    assert list(tmp_path.rglob("a" * 32)) == []


def test_a_crash_half_way_leaves_nothing(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with Session(engine) as session, unit_of_work(session):
        place = make_place(session)
        tom = make_person(session, place, "Tom Berg", LmsRole.INSTRUCTOR)
        session.expire_on_commit = False
    with Session(engine) as session:
        before = rows(session)

    def crash(*_any: object) -> None:
        raise RuntimeError("the power failed")

    monkeypatch.setattr(making, "_read_by_all", crash)
    with pytest.raises(RuntimeError), Session(engine) as session, unit_of_work(session):
        bring_in(session, tom, place)
    with Session(engine) as session:
        assert rows(session) == before
        assert session.scalars(select(ActivityEvent)).all() == []


def test_two_presses_of_the_button_bring_it_in_once(engine: Engine) -> None:
    data = backup()
    with Session(engine) as session, unit_of_work(session):
        place = make_place(session)
        tom = make_person(session, place, "Tom Berg", LmsRole.INSTRUCTOR)
        arrived = importing.Arrived(source=Source.MOODLE, file_name="f", digest="d", storage_key=None)
        import_id = importing.keep(session, tom, place.placement.id, arrived).id
        placement_id = place.placement.id
    ready, outcomes = threading.Barrier(2, timeout=60), list[str]()

    def press() -> None:
        ready.wait()
        try:
            with Session(engine) as session, unit_of_work(session):
                row = importing.require_import(session, tom, placement_id, import_id, to_change=True)
                prospect = importing.look(session, tom, placement_id, read(io.BytesIO(data)))
                importing.make(session, tom, row, prospect, {}, making.cook(prospect.arrangement))
            outcomes.append("made")
        except Conflict:
            outcomes.append("refused")

    pressing = [threading.Thread(target=press) for _ in range(2)]
    for one in pressing:
        one.start()
    for one in pressing:
        one.join()
    assert sorted(outcomes) == ["made", "refused"]
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Post)) == 4


def test_a_thousand_posts_take_hardly_more_statements_than_four(
    session: Session, place: Place, tom: Actor
) -> None:
    forum = [MoodleDiscussion(1, "Long", [MoodlePost(n, parent=n > 1) for n in range(1, 1001)])]
    with counted_queries() as few:
        bring_in(session, tom, place)
    with counted_queries() as many:
        bring_in(session, tom, place, Moodle({"F": forum}, people=ANA).mbz())
    assert len(many) <= len(few) + 12  # a driver sends some hundred rows at once
