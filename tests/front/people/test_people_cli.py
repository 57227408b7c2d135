"""``lmssocial people``: somebody is found, handed everything, and forgotten."""

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from lmssocial.core.activity import ActivityEvent
from lmssocial.core.db import Base, unit_of_work
from lmssocial.core.kernel import clock
from lmssocial.front.admin.models import LogEntry
from lmssocial.front.people_cli import people
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User, WebSession
from lmssocial.social.content.models import Contribution, Draft
from lmssocial.social.engagement.models import Mark, Tally
from lmssocial.social.search.models import SearchDocument
from lmssocial.widgets.discussion import service
from lmssocial.widgets.discussion.drafts import ReplyDraft, ThreadDraft
from tests.front.conftest import Console
from tests.support.discussion import let_pass
from tests.support.people import Place, make_person, make_place, sign_in
from tests.support.plugins import Site

WORDS = "I would never say that in writing."


@pytest.fixture
def run(console: Console) -> Callable[..., Result]:
    """Run ``lmssocial people …``."""
    return lambda *words: CliRunner().invoke(people, [*words], obj=console)


@pytest.fixture
def house(engine: Engine) -> tuple[Place, Actor, Actor]:
    """A course in which Ana wrote a thread, Ben answered and saved it; and Ana is signed in."""
    with Session(engine, expire_on_commit=False) as session:
        with unit_of_work(session):
            place = make_place(session)
            ana, ben = (make_person(session, place, name) for name in ("Ana Ruiz", "Ben Okoro"))
            session.get_one(User, ana.user_id).email = "ana@example.org"
            sign_in(session, place, ana, "her browser")
        with unit_of_work(session):
            thread = service.post_thread(
                session,
                let_pass,
                ana,
                ThreadDraft(placement_id=place.placement.id, title="A secret", source=WORDS),
            )
        with unit_of_work(session):
            service.reply_to(
                session, let_pass, ben, ReplyDraft(parent_id=thread.post_id, source="Then do not.")
            )
    return place, ana, ben


def rows(engine: Engine, statement: Any) -> list[Any]:
    """What is there."""
    with Session(engine) as session:
        return list(session.scalars(statement).all())


def test_people_are_found_by_part_of_their_name_or_address(
    run: Callable[..., Result], house: tuple[Place, Actor, Actor]
) -> None:
    _place, ana, _ben = house
    assert f"{ana.user_id}  Ana Ruiz  ana@example.org" in run("find", "ruiz").output
    assert "Ana Ruiz" in run("find", "ANA@").output
    assert run("find", "a%z").exit_code == 1  # it is looked for as it was typed


def test_somebody_is_handed_what_is_kept_about_them_and_nothing_of_others(
    run: Callable[..., Result], house: tuple[Place, Actor, Actor], tmp_path: Path, engine: Engine
) -> None:
    place, ana, _ben = house
    file = tmp_path / "ana.json"
    assert run("export", str(ana.user_id), "--to", str(file)).exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    found = json.loads(file.read_text("utf-8"))
    assert found["person"]["email"] == "ana@example.org"
    assert [course["number"] for course in found["courses"]] == [place.course.id]
    assert [one["source"] for one in found["kept"]["content_contribution.author_id"]] == [WORDS]
    assert "discussion.thread_posted" in [one["name"] for one in found["log"]]
    assert set(found["plugins"]) >= {"discussion", "experts", "peer_rating"}
    assert "Then do not" not in file.read_text("utf-8")
    assert run("export", str(ana.user_id), "--to", str(file)).exit_code == 1  # nothing is overwritten
    assert [row.subject for row in rows(engine, select(LogEntry))] == [f"person {ana.user_id}"]


def test_who_is_erased_leaves_their_words_and_no_name(
    run: Callable[..., Result], house: tuple[Place, Actor, Actor], engine: Engine
) -> None:
    place, ana, ben = house
    with Session(engine) as session, unit_of_work(session):
        draft = Draft(
            user_id=ana.user_id,
            community_id=ana.community_id,
            target="x",
            source="unsaid",
            sequence=1,
            updated_at=clock.now(),
        )
        opening = session.scalars(select(Contribution).where(Contribution.author_id == ana.user_id)).one().id
        reply = session.scalars(select(Contribution).where(Contribution.author_id == ben.user_id)).one().id
        session.add(draft)
        session.add(Mark(contribution_id=reply, user_id=ana.user_id, saved_at=clock.now(), endorsement=""))
        session.add(Tally(contribution_id=reply, saved=1))
    asked = run("erase", str(ana.user_id))
    assert asked.exit_code == 1  # nobody answered
    assert rows(engine, select(User.name).where(User.id == ana.user_id)) == ["Ana Ruiz"]
    done = run("erase", str(ana.user_id), "--yes")
    assert done.exit_code == 0, done.output
    [left] = rows(engine, select(User).where(User.id == ana.user_id))
    assert (left.name, left.email, left.is_former) == ("Former member", "", True)
    assert "sub-" not in left.sub
    assert rows(engine, select(Contribution.source).where(Contribution.id == opening)) == [WORDS]
    for gone in (Draft.id, WebSession.id):
        assert rows(engine, select(gone)) == []
    assert rows(engine, select(Membership.user_id)) == [ben.user_id]
    assert rows(engine, select(Tally.saved)) == [0]
    assert ana.user_id not in rows(engine, select(ActivityEvent.actor_id))
    told = [
        payload for payload in rows(engine, select(ActivityEvent.payload)) if "parent_author_id" in payload
    ]
    assert [payload["parent_author_id"] for payload in told] == [0]
    assert "there is nobody behind that number" in run("erase", str(ana.user_id), "--yes").output
    with Session(engine) as session, unit_of_work(session):
        assert make_person(session, place, "Ana Ruiz").user_id != ana.user_id


def test_their_words_go_as_well_if_that_is_wanted(
    run: Callable[..., Result], house: tuple[Place, Actor, Actor], engine: Engine
) -> None:
    _place, ana, _ben = house
    assert "never say" in str(rows(engine, select(SearchDocument.body)))
    assert run("erase", str(ana.user_id), "--with-words", "--yes").exit_code == 0
    with Session(engine) as session:
        for table in ("content_contribution", "content_revision", "discussion_thread", "search_document"):
            said = repr(session.execute(select(Base.metadata.tables[table])).all())
            assert "never say" not in said, table
            assert "A secret" not in said, table
        assert "Then do not." in repr(session.execute(text("SELECT source FROM content_contribution")).all())


REFUSING = """
@hookimpl
def lmssocial_erase_person(user_id, session):
    raise RuntimeError("the tape is stuck")

@hookimpl
def lmssocial_export_person(user_id, session):
    raise RuntimeError("the tape is stuck")
"""


@pytest.mark.one_database
def test_if_a_plugin_cannot_nothing_is_handed_out_and_nothing_erased(
    site: Site, run: Callable[..., Result], house: tuple[Place, Actor, Actor], engine: Engine
) -> None:
    _place, ana, _ben = house
    site.install("tape", REFUSING)
    erased, exported = (
        run("erase", str(ana.user_id), "--yes", "--with-words"),
        run("export", str(ana.user_id)),
    )
    assert "tape could not forget them: the tape is stuck\nNothing was erased anywhere." in erased.output
    assert "tape could not say what it keeps: the tape is stuck" in exported.output
    assert erased.exit_code == exported.exit_code == 1
    assert rows(engine, select(User.name).where(User.id == ana.user_id)) == ["Ana Ruiz"]
    assert rows(engine, select(Contribution.source).where(Contribution.author_id == ana.user_id)) == [WORDS]


@pytest.mark.one_database
def test_a_plugin_that_has_tables_and_is_not_loaded_is_not_passed_over(
    site: Site, run: Callable[..., Result], house: tuple[Place, Actor, Actor], engine: Engine
) -> None:
    _place, ana, _ben = house
    site.install("tape", "raise RuntimeError('torn')")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE tape__sound (user_id INTEGER)"))
    refused = run("erase", str(ana.user_id), "--yes")
    assert refused.exit_code == 1
    assert "tape: not loaded, and may keep something about them." in refused.output
