"""Counting what happens in moderation, and showing it so that nobody can be told from it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import Session

import lmssocial_summary
from lmssocial.plugin import Happened
from lmssocial.testing import check_plugin
from lmssocial_summary.counting import HOURS, LONGER, step
from lmssocial_summary.models import Base, Count
from lmssocial_summary.months import LEAST, Number, median, months

HERE = Path(lmssocial_summary.__file__).parent


@pytest.fixture
def session() -> Iterator[Session]:
    """A database with nothing but this plugin's table."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


def happened(name: str, *, day: str = "2026-03-02", community_id: int | None = 7, **payload: Any) -> Happened:
    """Something that happened."""
    return Happened(
        id=1,
        name=name,
        version=2,
        tenant_id=1,
        course_id=5,
        community_id=community_id,
        actor_id=9,
        actor_role="learner",
        payload=payload,
        at=datetime.fromisoformat(f"{day}T23:30:00").replace(tzinfo=UTC),
    )


def tell(session: Session, *events: Happened) -> None:
    """Tell the plugin."""
    for one in events:
        lmssocial_summary.lmssocial_on_event(one, session)


def opened(origin: str = "policy", *policies: str, **more: Any) -> Happened:
    """A case was opened."""
    return happened("moderation.case_opened", origin=origin, policies=list(policies), case_id=1, **more)


def decided(
    decision: str, *policies: str, origin: str = "policy", hours: float = 3.0, **more: Any
) -> Happened:
    """A case was decided."""
    return happened(
        "moderation.case_decided",
        decision=decision,
        origin=origin,
        policies=list(policies),
        hours=hours,
        case_id=1,
        **more,
    )


def flagged(reason: str, **more: Any) -> Happened:
    """Something was flagged."""
    return happened("moderation.contribution_flagged", reason=reason, contribution_id=1, author_id=3, **more)


def test_the_plugin_is_sound() -> None:
    assert check_plugin(lmssocial_summary) == []


def test_a_month_tells_what_was_opened_decided_appealed_and_flagged(session: Session) -> None:
    tell(
        session,
        opened("policy", "words", "linklimit"),
        opened("policy", "words"),
        opened("flag"),
        decided("approved", "words", "linklimit"),
        decided("rejected", "words", hours=30),
        decided("redacted", "words", hours=30),
        decided("approved", "words", origin="appeal", hours=30),
        decided("rejected", "words", origin="appeal", hours=2000),
        flagged("spam"),
        flagged("spam"),
    )
    (month,) = months(session, 7)
    assert month.first.isoformat() == "2026-03-01"
    assert month.opened == {"policy": Number(2), "flag": Number(1)}
    assert month.decided == {"approved": Number(1), "rejected": Number(1), "redacted": Number(1)}
    assert month.appeals == {"overturned": Number(1), "upheld": Number(1)}
    assert month.flags == {"spam": Number(2)}
    words, linklimit = month.policies
    assert (words.name, words.objected, words.agreed, words.differed) == (
        "words",
        Number(2),
        Number(2),
        Number(1),
    )
    assert (linklimit.name, linklimit.agreed, linklimit.differed) == ("linklimit", Number(0), Number(1))
    assert month.median == "48"


def test_months_and_communities_are_kept_apart_and_a_year_is_shown(session: Session) -> None:
    for number in range(15):
        year, month = divmod(number, 12)
        tell(session, opened(day=f"{2025 + year}-{month + 1:02d}-28"))
    tell(session, opened(community_id=8), opened(community_id=None))
    assert [month.first.isoformat()[:7] for month in months(session, 7)] == [
        "2026-03", "2026-02", "2026-01", *(f"2025-{month:02d}" for month in range(12, 3, -1))
    ]  # fmt: skip
    assert len(months(session, 8)) == 1
    assert months(session, 9) == []


def test_what_is_not_about_moderation_is_not_counted(session: Session) -> None:
    tell(session, happened("discussion.thread_posted", post_id=4), happened("moderation.something_new"))
    assert session.scalars(select(Count)).all() == []


def test_events_of_earlier_versions_and_odd_ones_are_counted_as_far_as_they_tell(session: Session) -> None:
    tell(
        session,
        happened("moderation.case_opened", policies=["words"]),
        happened("moderation.case_decided", decision="approved"),
        happened("moderation.contribution_flagged"),
        opened("x" * 300, "y" * 300),
    )
    (month,) = months(session, 7)
    assert month.opened == {"policy": Number(1), "x" * 64: Number(1)}
    assert month.decided == {"approved": Number(1)}
    assert month.flags == {"other": Number(1)}
    assert not month.median


def test_nothing_that_could_tell_a_person_is_stored(session: Session) -> None:
    tell(session, opened("policy", "words"), decided("rejected", "words"), flagged("unkind"))
    stored = {column.name for column in Count.__table__.columns}
    assert stored == {"id", "tenant_id", "community_id", "month", "what", "which", "number"}
    assert not any("9" in row.which or row.which == "3" for row in session.scalars(select(Count)))


@pytest.mark.parametrize(("value", "hidden"), [(0, False), (1, True), (LEAST - 1, True), (LEAST, False)])
def test_small_numbers_are_hidden_and_none_is_not(value: int, hidden: bool) -> None:  # noqa: FBT001 – a table
    assert Number(value).hidden is hidden


@pytest.mark.parametrize(
    ("hours", "counted"), [(0.0, "1"), (1.0, "1"), (1.01, "4"), (24.0, "24"), (168.0, "168"), (169.0, LONGER)]
)
def test_times_are_counted_in_steps(hours: float, counted: str) -> None:
    assert step(hours) == counted


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ({}, ""),
        ({"1": 2}, ""),
        ({"1": 2, "168": 1}, "1"),
        ({"1": 1, "24": 1, LONGER: 1}, "24"),
        ({"4": 1, LONGER: 4}, LONGER),
        ({str(hours): 1 for hours in HOURS}, "24"),
    ],
)
def test_half_of_the_decisions_came_within_the_median(steps: dict[str, int], said: str) -> None:
    assert median(steps) == said


def test_a_page_takes_one_query(session: Session) -> None:
    for number in range(30):
        tell(session, opened("policy", f"policy{number}"), flagged(f"reason{number}"))
    session.commit()
    sent: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *arguments: sent.append(arguments[2]))
    months(session, 7)
    assert len(sent) == 1


@pytest.mark.parametrize("language", ["de", "ar"])
def test_every_text_is_translated_and_nothing_else(language: str) -> None:
    ways = [("**.py", "python"), ("templates/**.html", "jinja2")]
    found = {
        text if isinstance(text, str) else text[0]
        for _file, _line, text, _comments, _context in extract_from_dir(
            HERE, ways, options_map={"templates/**.html": {"trimmed": "true"}}, keywords=_KEYWORDS
        )
    }
    with (HERE / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    messages = {
        message.id if isinstance(message.id, str) else message.id[0]: message for message in catalogue
    }
    messages.pop("")
    assert messages.keys() == found
    for name, message in messages.items():
        forms = [message.string] if isinstance(message.string, str) else list(message.string or [""])
        assert all(forms), name
        assert not message.fuzzy
        for form in forms:
            assert set(re.findall(r"%\(\w+\)\w", form)) <= set(re.findall(r"%\(\w+\)\w", str(message.id)))


_KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
