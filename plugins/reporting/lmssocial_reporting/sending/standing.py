"""The circumstances of a statement that are the same for all of a course."""

import uuid
from dataclasses import dataclass

from lmssocial_reporting.sending.pseudonyms import Pseudonyms
from lmssocial_reporting.store.port import Evidence

_NAMES = uuid.UUID("5f1c1c55-7c0e-4a59-8f6e-1f6f6f1b8a01")


@dataclass(frozen=True, kw_only=True)
class Where:
    """A course, as a receiver knows it."""

    home: str
    """The address of the tool, without a slash at its end."""
    tenant_id: int
    course_id: int
    pseudonyms: Pseudonyms
    definition: str

    @property
    def course(self) -> str:
        """The course."""
        return f"{self.home}/xapi/courses/{self.course_id}"

    def item(self, item: str) -> str:
        """An item, thread or question of it; the course itself where there is none."""
        return f"{self.course}/items/{item}" if item else self.course

    def person(self, user_id: int) -> str:
        """Somebody, as an address that leads nowhere."""
        return f"{self.home}/xapi/people/{self.pseudonyms.of(user_id)}"

    def key(self, piece: Evidence) -> str:
        """A name for a piece of evidence that tells nothing of it."""
        parts = (piece.course_id, piece.day, piece.member, piece.kind.value, piece.other, piece.item)
        return self.pseudonyms.of_words("|".join(map(str, parts)))

    def statement_id(self, piece: Evidence, standard: str, turn: int) -> str:
        """The UUID of its statement. What was voided cannot come again under the same one: ``turn`` counts."""
        return str(uuid.uuid5(_NAMES, f"{self.home}|{standard}|{self.key(piece)}|{turn}"))


def voiding_id(statement_id: str) -> str:
    """The UUID of the statement that takes another one back."""
    return str(uuid.uuid5(_NAMES, f"voids|{statement_id}"))
