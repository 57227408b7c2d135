"""The written history of the demo course."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lmssocial.front.demo.cast import Part, read_cast
from lmssocial.front.demo.script import (
    Appeal,
    Appreciate,
    Decline,
    Edit,
    Lock,
    OpenThread,
    Pin,
    Remove,
    Reply,
    Report,
    Restore,
    Solve,
    end_of_day,
    moment,
    read_script,
)

NOW = datetime(2026, 3, 23, 0, 5, tzinfo=UTC)


def test_forty_people_of_every_part_take_part() -> None:
    cast = read_cast()
    assert len(cast.people) == 40
    assert len({person.sub for person in cast.people}) == 40
    assert [len(cast.of(part)) for part in Part] == [35, 1, 1, 2, 1]
    assert all(person.work for person in cast.people)


def test_people_are_called_by_stable_identifiers_that_do_not_tell_their_names() -> None:
    ana = read_cast().person("ana.ruiz")
    assert ana.sub == "68a7ed47-95af-5da7-a440-185ba9afa124"


def test_five_threads_have_eight_to_twenty_replies_each_over_three_weeks() -> None:
    moves = read_script(NOW)
    threads = [move for move in moves if isinstance(move, OpenThread)]
    assert len(threads) == 5
    for thread in threads:
        replies = [
            move for move in moves if isinstance(move, Reply) and move.key.startswith(f"{thread.key}/")
        ]
        assert 8 <= len(replies) <= 20
        assert any(reply.to != thread.key for reply in replies)
    assert timedelta(days=20) < moves[-1].at - moves[0].at < timedelta(days=22)


def test_the_history_holds_one_of_everything_a_discussion_can_go_through() -> None:
    kinds = {type(move) for move in read_script(NOW)}
    written = {OpenThread, Reply, Edit, Pin, Lock, Remove, Restore, Report, Decline, Appeal}
    assert kinds == written | {Appreciate, Solve}


def test_everybody_who_acts_is_in_the_course() -> None:
    cast = read_cast()
    for move in read_script(NOW):
        assert cast.person(move.by) in cast.people


@pytest.mark.parametrize("hour", [0, 11, 23])
def test_the_moves_are_in_order_of_time_and_all_in_the_past(hour: int) -> None:
    now = datetime(2026, 3, 23, hour, 1, tzinfo=UTC)
    times = [move.at for move in read_script(now)]
    assert times == sorted(times)
    assert times[-1] < now


def test_times_are_read_from_now_backwards() -> None:
    assert moment("day 0 08:50", NOW) == datetime(2026, 3, 2, 8, 50, tzinfo=UTC)
    assert moment("day 20 15:10", NOW) == datetime(2026, 3, 22, 15, 10, tzinfo=UTC)
    assert moment("50 minutes ago", NOW) == NOW - timedelta(minutes=50)
    assert end_of_day(20, NOW) == datetime(2026, 3, 22, 23, 59, 59, tzinfo=UTC)
    with pytest.raises(ValueError, match="no time of the course"):
        moment("next Tuesday", NOW)


THREAD = """
title = "A title"
by = "ana.ruiz"
at = "day 2 10:00"
body = "Words."

[[reply]]
id = "one"
by = "ben.okoro"
at = "{at}"
{to}
body = "More words."
"""


@pytest.mark.parametrize(
    ("at", "to", "complaint"),
    [
        ("day 1 10:00", "", "was not there yet"),
        ("day 3 10:00", 'to = "two"', "was not there yet"),
        ("day 21 10:00", "", "has not happened yet"),
        ("someday", "", "no time of the course"),
    ],
)
def test_a_history_that_cannot_have_happened_is_refused(
    tmp_path: Path, at: str, to: str, complaint: str
) -> None:
    (tmp_path / "threads").mkdir()
    (tmp_path / "threads" / "1-one.toml").write_text(THREAD.format(at=at, to=to), "utf-8")
    with pytest.raises(ValueError, match=complaint):
        read_script(NOW, tmp_path)
