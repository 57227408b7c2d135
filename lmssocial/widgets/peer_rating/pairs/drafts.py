"""What a judge says of two works, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from lmssocial.core.db import JsonObject


@dataclass(frozen=True, kw_only=True)
class PairDraft:
    """Which of two works is the better one, and why."""

    better_id: int
    """Of the two as a whole."""
    criteria: Mapping[int, int] = field(default_factory=dict)
    """By the index of the criterion: the id of the better work. Only those the judge had an opinion about."""
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What is chosen and written so far, before it is sent."""

    sequence: int = 0
    """Grows with every save; a smaller one comes from an older tab."""
    better_id: int | None = None
    criteria: Mapping[int, int] = field(default_factory=dict)
    words: str = ""

    @classmethod
    def read(cls, stored: JsonObject) -> Self:
        """What stands in a comparison that is not sent yet."""
        saved = stored.get("saved", {})
        return cls(
            sequence=int(saved.get("sequence", 0)),
            better_id=saved.get("better"),
            criteria={int(index): int(work) for index, work in saved.get("criteria", {}).items()},
            words=str(saved.get("words", "")),
        )

    def as_json(self) -> JsonObject:
        """How :meth:`read` finds it again."""
        criteria = {str(index): work for index, work in sorted(self.criteria.items())}
        saved = {
            "sequence": self.sequence,
            "better": self.better_id,
            "criteria": criteria,
            "words": self.words,
        }
        return {"saved": saved}
