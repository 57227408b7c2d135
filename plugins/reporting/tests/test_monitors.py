"""Threads, the flow from writing to reading, and the use of widgets, on examples reckoned by hand."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from lmssocial.plugin_data import Placed
from lmssocial_reporting.monitors.cells import UNSAID, Roughly
from lmssocial_reporting.monitors.flow import TOLD, WHOLE, Flow, flows, sides
from lmssocial_reporting.monitors.threads import lives
from lmssocial_reporting.monitors.uses import by_hour, uses_of, weekly
from lmssocial_reporting.store.port import Act, Deed, Reading
from tests.support.reporting import WINDOW, an_act

NOON = datetime(WINDOW.first.year, WINDOW.first.month, WINDOW.first.day, 12, tzinfo=UTC)
END = datetime(2026, 3, 2, tzinfo=UTC)


def _at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def _posted(thread: str, author: int = 1, **given: object) -> Act:
    return an_act(deed=Deed.POSTED, member=author, other=0, thread=thread, at=NOON, **given)


def _reply(thread: str, member: int, hours: float) -> Act:
    return an_act(member=member, thread=thread, at=_at(hours))


def test_half_of_the_threads_are_answered_when_the_unanswered_ones_are_counted_too() -> None:
    acts = [
        _posted("t1"),
        _posted("t2"),
        _posted("t3"),
        an_act(deed=Deed.ASKED, member=1, other=0, thread="t3", at=NOON),
        _posted("t4"),
        _reply("t1", 2, 2),
        _reply("t4", 1, 3),  # its own author: no answer
        _reply("t2", 2, 10),
    ]
    found = lives(acts, WINDOW, END)[""]
    # Four threads: 3/4 of them wait after 2 hours, 3/4 × 2/3 after 10. The median of the answered ones would be 6.
    assert found.half_answered == 10
    assert (found.opened, found.unanswered, found.asking, found.asking_unanswered) == (4, 2, 1, 1)
    assert found.lengths == (1, 3, 0, 0, 0)


def test_threads_that_are_gone_or_older_do_not_count_and_widgets_are_told_apart() -> None:
    gone = _posted("t1", item="c900")
    old = an_act(deed=Deed.POSTED, member=1, other=0, thread="t2", at=NOON - timedelta(days=2))
    question = _posted("q1", widget="experts")
    acts = [
        gone,
        old,
        question,
        _reply("t2", 2, 1),
        an_act(deed=Deed.REMOVED, item="c900", thread="t1", at=_at(30)),
    ]
    found = lives(acts, WINDOW, END)
    assert {widget: its.opened for widget, its in found.items()} == {"": 1, "experts": 1}


def test_only_two_means_that_both_wrote_twice_and_nobody_else_did() -> None:
    both = [_posted("t1"), _reply("t1", 2, 1), _reply("t1", 1, 2), _reply("t1", 2, 3)]
    once = [_posted("t2"), _reply("t2", 2, 1), _reply("t2", 1, 2)]
    three = [_posted("t3"), _reply("t3", 2, 1), _reply("t3", 1, 2), _reply("t3", 2, 3), _reply("t3", 3, 4)]
    assert lives([*both, *once, *three], WINDOW, END)[""].only_two == 1


def test_items_flow_from_writing_to_being_opened_elsewhere() -> None:
    acts = [
        *(_posted(f"t{number}", item=f"c{number}00") for number in range(1, 5)),
        _posted("t5", item="c500", placement_id=2),
        an_act(deed=Deed.HELPFUL, member=2, item="c100", at=_at(1)),
        an_act(deed=Deed.KEPT, member=2, item="c200", at=_at(1)),
        an_act(deed=Deed.UNKEPT, member=2, item="c200", at=_at(2)),
        an_act(deed=Deed.SHARED, member=2, other=1, item="c100", target="c801", at=_at(1)),
        an_act(deed=Deed.SHARED, member=2, other=1, item="c200", target="c802", at=_at(1)),
        an_act(deed=Deed.WITHDRAWN, member=9, item="c400", at=_at(3)),
    ]
    readings = [Reading(_at(1), 2, item, 1, "t1", 1, "") for item in ("c100", "c100", "c200", "c400", "c7")]
    found = flows(acts, readings, WINDOW, {"c801": 3})
    assert found[1] == Flow(posted=3, told=3, read=2, valued=1, shared=2, opened_there=1)
    assert found[1].never_read == 1 - 2 / 3
    assert found[2] == Flow(posted=1)
    assert found[2].never_read is None
    assert found[WHOLE] == Flow(posted=4, told=3, read=2, valued=1, shared=2, opened_there=1)
    assert found[WHOLE].never_read == 1 - 2 / 3, "what is not told is not unread"
    assert (found[WHOLE].untold, found[TOLD]) == (1, found[1])


def test_readers_and_writers_are_counted_in_steps_of_the_least_cell() -> None:
    everybody = set(range(30))
    found = sides(set(range(20)), set(range(12, 20)), everybody, least=5)
    told = (found.only_read, found.both, found.only_write, found.neither)
    assert told == (Roughly(10, 10), Roughly(0, 10), Roughly(0, 10), Roughly(10, 10))
    assert sides(set(range(20)), {18, 19}, everybody, least=5).only_read == Roughly(15, 10)
    assert sides(set(), set(), set(range(9)), least=5).neither == UNSAID


def test_widgets_are_told_by_how_often_and_by_how_many_they_were_used() -> None:
    places = [
        Placed(placement_id=number, course_id=1, widget="discussion", title="", since=END)
        for number in (1, 2, 3)
    ]
    counts = {(1, "discussion", member): 2 for member in range(12)} | {(2, "discussion", 0): 90}
    used, busy, idle = sorted(
        uses_of(counts, places, set(range(30)), least=5), key=lambda use: use.placement.placement_id
    )
    assert (used.acts, used.people) == (24, Roughly(10, 10))
    assert (busy.acts, busy.people) == (90, Roughly(0, 10))
    assert (idle.acts, idle.people) == (0, Roughly(0, 10))


def test_weeks_and_hours_are_those_of_the_place() -> None:
    deeds = {
        (WINDOW.first, Deed.READ, "discussion"): 3,
        (WINDOW.last, Deed.POSTED, "discussion"): 4,
        (WINDOW.last + timedelta(days=1), Deed.READ, "discussion"): 5,
        (WINDOW.last, Deed.JOINED, "identity"): 6,
    }
    assert [(row.widget, row.weeks) for row in weekly(deeds, WINDOW)] == [("discussion", (3, 0, 0, 4))]
    moments = {datetime(2026, 2, 2, 18, 15, tzinfo=UTC): 2, datetime(2026, 2, 2, 18, 45, tzinfo=UTC): 5}
    assert by_hour(moments, ZoneInfo("Asia/Kolkata")) == {(0, 23): 2, (1, 0): 5}
