"""``lmssocial plugins configure`` with settings that are secrets, or are decided further up only."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import Engine, text

from tests.support.people import Place

pytestmark = pytest.mark.one_database


@pytest.fixture
def put(run: Callable[..., Result], tmp_path: Path) -> Callable[..., Result]:
    """Set the report from a file."""

    def put(*where: str, **values: object) -> Result:
        file = tmp_path / "report.json"
        file.write_text(json.dumps(values), "utf-8")
        return run("configure", "reporting", *where, "--settings", str(file))

    return put


def test_a_secret_is_stored_sealed_never_printed_and_removed_when_it_is_empty(
    run: Callable[..., Result], put: Callable[..., Result], engine: Engine
) -> None:
    assert put(lrs_secret="open sesame").output == "reporting is set everywhere.\n"
    assert put(least_cell=7).exit_code == 0
    shown = run("configure", "reporting")
    assert "sesame" not in shown.output
    assert "Stored and not shown: lrs_secret." in shown.stderr
    assert json.loads(shown.stdout)["least_cell"] == 7
    with engine.connect() as connection:
        assert "sesame" not in repr(connection.execute(text("SELECT * FROM plugin_settings_setting")).all())
    put(lrs_secret="")
    assert "Stored" not in run("configure", "reporting").stderr


def test_what_is_decided_further_up_is_refused_and_not_printed_below(
    run: Callable[..., Result], put: Callable[..., Result], place: Place
) -> None:
    course = ("--course", str(place.course.id))
    refused = put(*course, lrs_url="https://lrs.example")
    assert refused.exit_code == 1
    assert "lrs_url: decided per tenant, so it cannot be set in the course" in refused.output
    too_fine = put(*course, least_cell=3)
    assert "least_cell: decided per tenant, so it cannot be set in the course" in too_fine.output
    assert put("--tenant", place.tenant.name, lrs_url="https://lrs.example").exit_code == 0
    assert set(json.loads(run("configure", "reporting", *course).stdout)) == {"zone", "readers"}


def test_a_secret_that_is_no_text_is_refused(put: Callable[..., Result]) -> None:
    assert "lrs_secret: a secret must be a text." in put(lrs_secret=["a"]).output
