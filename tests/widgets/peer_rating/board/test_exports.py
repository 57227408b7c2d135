"""Works, reviews and scores as files: complete, harmless in spreadsheets, and in batches of any size."""

import csv
import io
import json
from collections.abc import Callable

import pytest

from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.peer_rating.board import exports
from tests.support.seat import Seat

Sit = Callable[[Actor], Seat]


def test_files_hold_everything_and_no_formula(tom: Actor, seat: Sit, reviewed: int) -> None:
    sitting = seat(tom)
    sitting.fill_in("/scores", "/scores/work-out")
    rows = list(
        csv.DictReader(io.StringIO(sitting.open("/export/csv?what=reviews").get_data(as_text=True)[1:]))
    )
    assert [row["points"] for row in rows] == ["10.0", "0.0"]
    assert rows[1]["text"] == "'=cmd|'/c calc'!A1"
    scores = list(csv.DictReader(io.StringIO(sitting.open("/export/csv").get_data(as_text=True)[1:])))
    assert [row["authors"] for row in scores] == ["Ana Ruiz", "Ben Okoro"]
    found = json.loads(sitting.open("/export/json").get_data(as_text=True))
    assert found["format"] == "lmssocial.peer_rating"
    assert [len(found[name]) for name in ("releases", "works", "reviews", "scores")] == [0, 2, 2, 2]
    assert found["works"][0]["work"] == reviewed


def test_rows_are_read_in_batches_and_none_twice(
    tom: Actor, seat: Sit, reviewed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "BATCH", 1)
    text = seat(tom).open("/export/csv?what=works").get_data(as_text=True)[1:]
    assert [row["work"] for row in csv.DictReader(io.StringIO(text))] == [str(reviewed), str(reviewed + 1)]
