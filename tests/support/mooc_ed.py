"""A real course as acts: MOOC-Ed DLT1, in which 445 people wrote 2,529 replies (Kellogg & Edelmann 2015, CC0 1.0)."""

import csv
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from lmssocial.plugin import LmsRole
from lmssocial_reporting.store.port import Act, Deed

FOLDER = Path(__file__).parents[2] / "plugins/reporting/tests/fixtures/mooc_ed_dlt1"


@dataclass(frozen=True)
class Course:
    """What the two files say."""

    acts: tuple[Act, ...]
    """One for each reply, in the order of the file."""
    members: frozenset[int]
    facilitators: frozenset[int]


@cache
def mooc_ed() -> Course:
    """The course, with the ids of the files."""
    people = _rows("nodes.csv")
    return Course(
        acts=_acts(_rows("edgelist.csv")),
        members=frozenset(int(row["UID"]) for row in people),
        facilitators=frozenset(int(row["UID"]) for row in people if row["Facilitator"] == "1"),
    )


def _acts(rows: list[dict[str, str]]) -> tuple[Act, ...]:
    """What a reply answered is not told, only whom.

    It is taken for the last thing they had said in the thread, or for its opening, which the file does not have.
    """
    acts: list[Act] = []
    said: dict[tuple[str, int], str] = {}
    for number, row in enumerate(rows, start=1):
        sender, receiver = int(row["Sender"]), int(row["Receiver"])
        told = row["Discussion ID"]
        discussion = (
            int(told) if told.isdigit() else 0
        )  # of one thread, with three replies, the number is not known
        thread, item = f"t{discussion}", f"c{number}"
        at = datetime.strptime(row["Timestamp"], "%m/%d/%y %H:%M").replace(tzinfo=UTC)
        acts.append(
            Act(
                event_id=number,
                tenant_id=1,
                course_id=1,
                at=at,
                day=at.date(),
                member=sender,
                lms_role=LmsRole.LEARNER,
                deed=Deed.REPLIED,
                item=item,
                other=0 if receiver == sender else receiver,
                thread=thread,
                target=said.get((thread, receiver), f"c{100_000 + discussion}"),
                placement_id=1,
                widget="discussion",
            )
        )
        said[thread, sender] = item
    return tuple(acts)


def _rows(name: str) -> list[dict[str, str]]:
    """The rows of a file; its lines end in carriage returns alone, as those of old Macs do."""
    with (FOLDER / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file.read().split("\r")))
