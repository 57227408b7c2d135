"""What scores are measured by: others' rules to their published figures, made-up classes, and files that R saved."""

import gzip
import random
import struct
from pathlib import Path

import pytest

from benchmarks import real_ratings, scoring, simulated
from benchmarks.others import moodle_closeness
from benchmarks.rdata import NotReadable, frames
from benchmarks.simulated import Scene
from lmssocial.widgets.peer_rating.scoring.means import mean

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("reviews", "strictness", "given"),
    [
        ([[80], [90], [40]], 5, [100, 99.5714, 72.5714]),
        ([[70], [75], [72], [30]], 5, [100, 99.9263, 99.9953, 62.2628]),
        ([[50, 66.66667], [0, 33.33333], [100, 100]], 9, [100, 93.0556, 93.0556]),
        ([[33]], 5, [100]),
    ],
)
def test_moodles_grade_for_reviewing(
    reviews: list[list[float]], strictness: float, given: list[float]
) -> None:
    assert moodle_closeness(reviews, strictness=strictness) == given


def test_the_floor_gives_what_the_mean_gives() -> None:
    ratings = scoring.made_up(200)
    assert scoring.bare(ratings) == pytest.approx([one.points for one in mean(ratings).works])
    assert len({one.rater for one in ratings.given}) == 40


def test_the_same_seed_makes_the_same_classes_and_random_reviewers_are_seen_through() -> None:
    cell = simulated._cell(60, 5, Scene.RANDOM, 2)
    assert cell == simulated._cell(60, 5, Scene.RANDOM, 2)
    assert cell.off["robust"] < 0.8 * cell.off["mean"]
    assert "60 works × 5" in simulated.table([cell])


def test_everybody_in_a_made_up_class_reviews_as_often_as_they_are_reviewed() -> None:
    chance = random.Random(1)  # noqa: S311  # a simulation
    _truth, ratings = simulated.a_class(chance, 20, 4, Scene.HONEST)
    pairs = {(one.work, one.rater) for one in ratings.given}
    assert len(pairs) == 80
    assert all(work != rater for work, rater in pairs)
    for number in range(1, 21):
        assert sum(work == number for work, _ in pairs) == sum(rater == number for _, rater in pairs) == 4


def _saved(tables: dict[str, dict[str, list[object]]]) -> bytes:
    """Data frames as R writes them."""

    def number(value: int) -> bytes:
        return struct.pack(">i", value)

    def text(words: str) -> bytes:
        return number(9) + number(len(words)) + words.encode()

    def column(values: list[object]) -> bytes:
        count = number(len(values))
        if isinstance(values[0], str):
            return number(16) + count + b"".join(text(str(value)) for value in values)
        if isinstance(values[0], int):
            return number(13) + count + struct.pack(f">{len(values)}i", *values)
        return number(14) + count + struct.pack(f">{len(values)}d", *values)

    written, first = b"", True
    for name, columns in tables.items():
        frame = number(19 | 0x200) + number(len(columns)) + b"".join(map(column, columns.values()))
        title = number(1) + text("names") if first else number(255 | (2 << 8))
        attributes = number(2 | 0x400) + title + column(list(columns)) + number(254)
        written += number(2 | 0x400) + number(1) + text(name) + frame + attributes
        first = False
    head = b"RDX3\nX\n" + number(3) + number(0) + number(0) + number(5) + b"UTF-8"
    return gzip.compress(head + written + number(254))


def test_data_frames_are_read_and_held_against_tutors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [f"work {number}" for number in range(12) for _ in range(3)]
    peers: list[object] = [float(min(14, number % 12 + step)) for number in range(12) for step in (0, 1, 2)]
    tables: dict[str, dict[str, list[object]]] = {
        "peer_grades": {
            "file_name": list(names),
            "assessor_id": [f"p{number % 12}" for number in range(36)],
            "score": peers,
        },
        "tutor_grades": {"file_name": list(names), "grader": [1, 2, 3] * 12, "total": peers},
    }
    (tmp_path / "below").mkdir()
    path = tmp_path / "below" / real_ratings.FILE
    path.write_bytes(_saved(tables))
    assert frames(path) == tables

    data = real_ratings.read(tmp_path)
    assert real_ratings.off(mean(data.ratings), data) == pytest.approx(0.0)
    assert real_ratings.run(tmp_path) == 1, "these are not the figures that are promised"
    assert "DOES NOT HOLD" in capsys.readouterr().out
    path.write_bytes(gzip.compress(b"RDA2\nA\n"))
    with pytest.raises(NotReadable):
        frames(path)
    with pytest.raises(FileNotFoundError):
        real_ratings.read(tmp_path / "elsewhere")
