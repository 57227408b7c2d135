"""What docs/import-export.md shows is so: its table comes in, its data has these fields, its commands run."""

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from lmssocial.cli import main
from lmssocial.core.db import unit_of_work
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.widgets.discussion import service
from lmssocial.widgets.discussion.drafts import ThreadDraft
from lmssocial.widgets.discussion.exporting import formats
from lmssocial.widgets.discussion.exporting.reading import export_of
from lmssocial.widgets.discussion.importing.arranging import arrange
from lmssocial.widgets.discussion.importing.readers import read, tables
from lmssocial.widgets.discussion.models import Post
from tests.docs.markdown import ROOT
from tests.support.discussion import let_pass
from tests.support.past import Moodle, MoodleDiscussion, MoodlePost
from tests.support.people import make_person, make_place

PAGE = (ROOT / "docs" / "import-export.md").read_text("utf-8")


def shown(kind: str) -> str:
    """The block of the page that is of this kind."""
    found = re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert len(found) == 1
    return str(found[0])


def fields(value: Any) -> Any:
    """The names of an object and of everything in it."""
    if isinstance(value, dict):
        return {name: fields(inner) for name, inner in value.items()}
    return fields(value[0]) if isinstance(value, list) and value else None


def test_the_table_that_is_shown_comes_in() -> None:
    (thread,) = arrange(read(io.BytesIO(shown("csv").encode())), {}).threads
    assert (thread.title, [post.depth for post in thread.posts]) == ("Which prices?", [0, 1])


def test_every_column_that_an_import_knows_is_described() -> None:
    described = set(re.findall(r"`([a-z_]+)`", " ".join(re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE))))
    assert described == {*tables.NEEDED, *tables.OPTIONAL}
    listed = PAGE.partition("### The table")[2].partition("###")[0]
    assert [name for name in formats.COLUMNS if f"`{name}`" not in listed] == []


def test_the_data_has_the_fields_that_are_shown(session: Session) -> None:
    place = make_place(session)
    tom = make_person(session, place, "Tom Berg", LmsRole.INSTRUCTOR)
    service.post_thread(
        session, let_pass, tom, ThreadDraft(placement_id=place.placement.id, title="T", source="x")
    )
    session.flush()
    export = export_of(session, tom, place.placement.id, private=False)
    real = json.loads("".join(formats.as_json(session, export)))
    assert fields(real) == fields(json.loads(shown("json")))


@pytest.fixture
def run(engine: Engine, db_url: str, tmp_path: Path) -> Callable[[str], Result]:
    """Type a command of the page, for a discussion that exists and with a file of its name."""
    with Session(engine) as session, unit_of_work(session):
        place = make_place(session)
        make_person(session, place, "Tom Berg", LmsRole.INSTRUCTOR)
        make_person(session, place, "Ana Ruiz")
        number = str(place.placement.id)
    forum = [MoodleDiscussion(1, "T", [MoodlePost(1), MoodlePost(2, parent=1, user=3)])]
    (tmp_path / "backup.mbz").write_bytes(Moodle({"F": forum}).mbz())
    environment = {
        "LMSSOCIAL_DATABASE_URL": db_url,
        "LMSSOCIAL_DATA_DIR": str(tmp_path),
        "LMSSOCIAL_SECRET_KEY": "a secret for tests, of forty characters.",
    }

    def typed(command: str) -> Result:
        words = command.replace("backup.mbz", str(tmp_path / "backup.mbz")).split()[1:]
        return CliRunner().invoke(main, [number if word == "4" else word for word in words], env=environment)

    return typed


def test_the_commands_that_are_shown_run(run: Callable[[str], Result], engine: Engine) -> None:
    look, do = shown("sh").splitlines()
    looked = run(look)
    assert looked.exit_code == 0, looked.output
    assert "1 threads, 2 posts, 2 people." in looked.output
    assert "Ana Ruiz: Ana Ruiz (member 2)" in looked.output
    assert "Old Hand: former member" in looked.output
    assert _posts(engine) == 0
    done = run(do)
    assert done.exit_code == 0, done.output
    assert "in the name of Tom Berg" in done.output
    assert _posts(engine) == 2
    again = run(do)
    assert again.exit_code == 1
    assert "was not brought in again" in again.output


def test_a_command_that_cannot_work_says_why(run: Callable[[str], Result], engine: Engine) -> None:
    assert "no discussion at placement 999" in run("lmssocial import-discussion 999 backup.mbz").output
    former = run("lmssocial import-discussion 4 backup.mbz --former-members")
    assert "Ana Ruiz: former member" in former.output
    assert _posts(engine) == 2


def _posts(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(Post)) or 0
