"""Expert connect of the demo as it was written down: ``course/experts.toml``.

Who is invited to answer is not written down: the product decides that.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from lmssocial.front.demo.cast import COURSE_FOLDER
from lmssocial.front.demo.script import moment

FILE = COURSE_FOLDER / "experts.toml"
LINK_ID = "link-experts"
"""What the LMS calls the link to it."""
KEY = "experts"
WEEK = 1
"""The week of the course in which it stands."""


@dataclass(frozen=True)
class Known:
    """A topic of the community."""

    label: str
    about: str
    synonyms: tuple[str, ...]


@dataclass(frozen=True)
class Offer:
    """Somebody who may be asked."""

    by: str
    topics: tuple[str, ...]
    sme: tuple[str, ...]
    """Topics of which the teacher makes them the SME."""
    languages: tuple[str, ...]
    zone: str
    bio: str


@dataclass(frozen=True)
class Praise:
    """Somebody says that somebody else knows about a topic."""

    at: datetime
    by: str
    about: str
    topic: str
    why: str


@dataclass(frozen=True)
class Turn:
    """What somebody did about a question."""

    at: datetime
    by: str
    do: str
    """``accept``, ``decline``, ``ask``, ``say``, ``answer``, ``resolve``, ``rate``, ``publish``."""
    facts: Mapping[str, Any]

    @property
    def body(self) -> str:
        """What they wrote."""
        return str(self.facts.get("body", ""))


@dataclass(frozen=True)
class Inquiry:
    """A question, and how it went."""

    key: str
    at: datetime
    by: str
    title: str
    body: str
    topics: tuple[str, ...]
    audience: str
    urgency: str
    turns: tuple[Turn, ...]


@dataclass(frozen=True)
class Bringing:
    """Somebody brings two people together."""

    at: datetime
    by: str
    first: str
    second: str
    why: str
    says: Mapping[str, bool]
    """What the two said: ``first`` and ``second``, as far as they did."""


@dataclass(frozen=True)
class Hours:
    """Somebody's office hours."""

    by: str
    title: str
    about: str
    first_on: date
    begins: time
    zone: str
    weekly: bool
    minutes: int
    meetings: int
    pause: int
    seats: int
    place: str


@dataclass(frozen=True)
class ExpertScript:
    """All of it."""

    title: str
    intro: str
    opened: datetime
    topics: tuple[Known, ...]
    offers: tuple[Offer, ...]
    praise: tuple[Praise, ...]
    inquiries: tuple[Inquiry, ...]
    bringings: tuple[Bringing, ...]
    hours: tuple[Hours, ...]


def read_expert_script(now: datetime, file: Path = FILE) -> ExpertScript:
    """Everything, each part in the order in which it was written.

    :raises ValueError: if a time cannot be read.
    """
    written = tomllib.loads(file.read_text("utf-8"))
    return ExpertScript(
        title=written["title"],
        intro=written["intro"],
        opened=moment(written["opened"], now),
        topics=tuple(Known(one["label"], one["about"], tuple(one["synonyms"])) for one in written["topic"]),
        offers=tuple(_offer(one) for one in written["expert"]),
        praise=tuple(
            Praise(moment(one["at"], now), one["by"], one["for"], one["topic"], one["why"])
            for one in written["endorsement"]
        ),
        inquiries=tuple(_inquiry(one, now) for one in written["question"]),
        bringings=tuple(
            Bringing(moment(one["at"], now), one["by"], one["first"], one["second"], one["why"], one["says"])
            for one in written["introduction"]
        ),
        hours=tuple(_hours(one, now) for one in written["hours"]),
    )


def _offer(one: Mapping[str, Any]) -> Offer:
    return Offer(
        by=one["by"],
        topics=tuple(one["topics"]),
        sme=tuple(one.get("sme", ())),
        languages=tuple(one["languages"]),
        zone=one["zone"],
        bio=one["bio"],
    )


def _inquiry(one: Mapping[str, Any], now: datetime) -> Inquiry:
    turns: Sequence[Mapping[str, Any]] = one.get("move", ())
    return Inquiry(
        key=one["key"],
        at=moment(one["at"], now),
        by=one["by"],
        title=one["title"],
        body=one["body"],
        topics=tuple(one["topics"]),
        audience=one.get("audience", "everybody"),
        urgency=one.get("urgency", "normal"),
        turns=tuple(Turn(moment(turn["at"], now), turn["by"], turn["do"], turn) for turn in turns),
    )


def _hours(one: Mapping[str, Any], now: datetime) -> Hours:
    first = moment(f"{one['first_on']} 00:00", now)
    return Hours(
        by=one["by"],
        title=one["title"],
        about=one["about"],
        first_on=first.date(),
        begins=time.fromisoformat(one["begins"]),
        zone=one["zone"],
        weekly=one["weekly"],
        minutes=one["minutes"],
        meetings=one["meetings"],
        pause=one["pause"],
        seats=one["seats"],
        place=one["place"],
    )
