"""The history of the demo's discussion as it was written down: ``course/threads/*.toml`` as moves in order of time.

Times are relative, so that the history always ended a moment ago: ``day 0`` is three weeks before today, ``day 20``
was yesterday, and ``50 minutes ago`` is what it says.
"""

import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from lmssocial.front.demo.cast import COURSE_FOLDER

DAYS = 21
"""How long the course has been running."""
_DAY = re.compile(r"day (\d+) (\d\d):(\d\d)")
_MINUTES = re.compile(r"(\d+) minutes ago")


@dataclass(frozen=True)
class Move:
    """Something somebody did."""

    at: datetime
    by: str
    """The key of the person."""


@dataclass(frozen=True)
class OpenThread(Move):
    """They opened a thread."""

    key: str
    """What later moves call it."""
    title: str
    body: str
    place: str = "week-2"
    """The discussion it is in."""
    kind: str = "discussion"
    """A :class:`~lmssocial.widgets.discussion.models.ThreadKind`."""
    poll: tuple[str, ...] = ()
    """A question and its answers, if there is one to vote on."""
    links: tuple[str, ...] = ()
    """The keys of the posts that ``{link1}``, ``{link2}`` … in its body lead to."""


@dataclass(frozen=True)
class Reply(Move):
    """They answered."""

    key: str
    to: str
    """The key of the thread or of the reply they answered."""
    body: str
    links: tuple[str, ...] = ()
    """As in :class:`OpenThread`."""


@dataclass(frozen=True)
class ReadOn(Move):
    """They read some posts of a thread, going on where they had stopped."""

    key: str
    """Of the thread, or of the one post they read."""
    count: int
    """How many posts, at most."""
    via: str = ""
    """What had led them there."""


@dataclass(frozen=True)
class Edit(Move):
    """They changed what they had written."""

    key: str
    body: str


@dataclass(frozen=True)
class Pin(Move):
    """They put a thread on top."""

    key: str


@dataclass(frozen=True)
class Lock(Move):
    """They closed a thread."""

    key: str


@dataclass(frozen=True)
class Remove(Move):
    """They took something down."""

    key: str


@dataclass(frozen=True)
class Restore(Move):
    """They put something back."""

    key: str


@dataclass(frozen=True)
class Report(Move):
    """They flagged something."""

    key: str
    reason: str
    """A :class:`~lmssocial.social.moderation.models.FlagReason`."""
    note: str


@dataclass(frozen=True)
class Decline(Move):
    """They did not publish what was held."""

    key: str
    message: str


@dataclass(frozen=True)
class Appeal(Move):
    """They asked for a second look."""

    key: str
    plea: str


@dataclass(frozen=True)
class Appreciate(Move):
    """They said something of what somebody else wrote."""

    key: str
    how: str
    """``helpful``, ``endorsed`` or ``special``."""
    sentence: str = ""


@dataclass(frozen=True)
class Solve(Move):
    """They said which answer solved their question."""

    key: str


@dataclass(frozen=True)
class Vote(Move):
    """They chose an answer of a thread's poll."""

    key: str
    choice: int
    """Its place among the answers, from 0."""


def moment(text: str, now: datetime) -> datetime:
    """The time that ``text`` names, seen from ``now``.

    :raises ValueError: if it is neither ``day 3 14:20`` nor ``50 minutes ago``.
    """
    if found := _MINUTES.fullmatch(text):
        return now - timedelta(minutes=int(found[1]))
    if found := _DAY.fullmatch(text):
        return midnight(now) + timedelta(days=int(found[1]), hours=int(found[2]), minutes=int(found[3]))
    raise ValueError(f"{text!r} is no time of the course: write 'day 3 14:20' or '50 minutes ago'")


def end_of_day(day: int, now: datetime) -> datetime:
    """The last moment of a day of the course."""
    return midnight(now) + timedelta(days=day + 1, seconds=-1)


def midnight(now: datetime) -> datetime:
    """The beginning of day 0."""
    return datetime.combine(now.astimezone(UTC).date(), datetime.min.time(), UTC) - timedelta(days=DAYS)


def read_script(now: datetime, folder: Path = COURSE_FOLDER) -> tuple[Move, ...]:
    """Every move of every thread, the earliest first.

    :raises ValueError: if a time cannot be read, lies ahead, or a reply comes before what it answers.
    """
    moves: list[Move] = []
    for path in sorted((folder / "threads").glob("*.toml")):
        moves += _thread(path.stem, tomllib.loads(path.read_text("utf-8")), now)
    moves.sort(key=lambda move: move.at)
    _check(moves, now)
    return tuple(moves)


def _thread(key: str, written: dict[str, Any], now: datetime) -> list[Move]:
    by = written["by"]
    kind = written.get("kind", "discussion")
    opened = OpenThread(moment(written["at"], now), by, key, written["title"], written["body"], kind=kind)
    moves: list[Move] = [opened, *_appreciation(key, written, now)]
    if solved := written.get("solved"):
        moves.append(Solve(moment(solved["at"], now), by, f"{key}/{solved['reply']}"))
    if "pinned" in written:
        moves.append(Pin(moment(written["pinned"], now), by, key))
    for reply in written["reply"]:
        moves += _reply(key, reply, now)
    if "locked" in written:
        moves.append(Lock(moment(written["locked"], now), written["locked_by"], key))
    return moves


def _reply(thread: str, written: dict[str, Any], now: datetime) -> list[Move]:
    key, by = f"{thread}/{written['id']}", written["by"]
    to = f"{thread}/{written['to']}" if "to" in written else thread
    moves: list[Move] = [Reply(moment(written["at"], now), by, key, to, written["body"])]
    moves += _appreciation(key, written, now)
    moves += [Edit(moment(edit["at"], now), by, key, edit["body"]) for edit in written.get("edit", ())]
    if "deleted" in written:
        moves.append(Remove(moment(written["deleted"], now), written["deleted_by"], key))
    if "restored" in written:
        moves.append(Restore(moment(written["restored"], now), written["restored_by"], key))
    moves += [
        Report(moment(flag["at"], now), flag["by"], key, flag["reason"], flag["note"])
        for flag in written.get("flag", ())
    ]
    if decline := written.get("decline"):
        moves.append(Decline(moment(decline["at"], now), decline["by"], key, decline["message"]))
    if appeal := written.get("appeal"):
        moves.append(Appeal(moment(appeal["at"], now), by, key, appeal["plea"]))
    return moves


def _appreciation(key: str, written: dict[str, Any], now: datetime) -> list[Move]:
    """What others said of a post; many found it helpful one minute after the other."""
    moves: list[Move] = []
    if helpful := written.get("helpful"):
        first = moment(helpful["at"], now)
        moves += [
            Appreciate(first + timedelta(minutes=minute), by, key, "helpful")
            for minute, by in enumerate(helpful["by"])
        ]
    for how in ("endorsed", "special"):
        if said := written.get(how):
            moves.append(Appreciate(moment(said["at"], now), said["by"], key, how, said.get("sentence", "")))
    return moves


def _check(moves: list[Move], now: datetime) -> None:
    there: set[str] = set()
    for move in moves:
        if move.at >= now:
            raise ValueError(f"{move} has not happened yet")
        if isinstance(move, Reply) and move.to not in there:
            raise ValueError(f"{move.key} answers {move.to}, which was not there yet")
        if isinstance(move, OpenThread | Reply):
            there.add(move.key)
