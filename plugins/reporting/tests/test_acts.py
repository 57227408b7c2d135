"""What events tell: those of today, those of the first versions, and those nobody can understand."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from lmssocial.plugin import Happened
from lmssocial_reporting.evidence.acts import READERS, acts_of
from lmssocial_reporting.store.port import LASTING, Deed

NOON = datetime(2026, 2, 2, 12, tzinfo=UTC)


def _event(name: str, payload: dict[str, object], *, actor: int | None = 1, at: datetime = NOON) -> Happened:
    about = {"tenant_id": 1, "course_id": 1, "community_id": 21, "actor_role": "learner"}
    return Happened(id=77, name=name, version=1, actor_id=actor, payload=payload, at=at, **about)  # type: ignore[arg-type]


ODD: tuple[dict[str, object], ...] = (
    {},
    {"post_id": None},
    {"post_id": "x"},
    {"post_id": -3, "thread_id": True},
    {"links": 5, "named_ids": "abc"},
)


@pytest.mark.parametrize("name", sorted(READERS))
def test_no_payload_however_odd_stops_a_course(name: str, caplog: pytest.LogCaptureFixture) -> None:
    """Empty ones, ones of old versions, ones of wrong types: what cannot be understood is left out and logged."""
    for payload in ODD:
        for actor in (1, None):
            found = acts_of(_event(name, payload, actor=actor), ZoneInfo("UTC"))
            assert all(act.member or act.deed in LASTING for act in found)
    assert all("left out" in record.message for record in caplog.records)


def test_events_of_the_first_version_are_read_for_what_they_say() -> None:
    reply = _event(
        "discussion.reply_posted",
        {
            "placement_id": 4,
            "thread_id": 9,
            "post_id": 12,
            "number": 2,
            "parent_id": 11,
            "parent_author_id": 3,
        },
    )
    (act,) = acts_of(reply, ZoneInfo("UTC"))
    assert (act.deed, act.item, act.target, act.thread, act.other) == (Deed.REPLIED, "c12", "c11", "t9", 3)
    assert (act.placement_id, act.widget, act.number) == (4, "discussion", 0)
    assert acts_of(_event("discussion.posts_read", {"thread_id": 9, "count": 4}), ZoneInfo("UTC")) == []


def test_an_act_before_midnight_in_london_belongs_to_the_next_day_in_berlin() -> None:
    late = _event(
        "engagement.saved",
        {"contribution_id": 5, "author_id": 2},
        at=datetime(2026, 2, 2, 23, 30, tzinfo=UTC),
    )
    assert [
        acts_of(late, ZoneInfo(zone))[0].day for zone in ("UTC", "Europe/Berlin", "America/New_York")
    ] == [
        date(2026, 2, 2),
        date(2026, 2, 3),
        date(2026, 2, 2),
    ]
