"""What an instructor may set for one discussion. It travels with course copies; nothing in it names a person."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self, TypeVar

from lmssocial.core.db import JsonObject
from lmssocial.social.rubrics import criteria
from lmssocial.social.rubrics.criteria import Criterion

Kind = TypeVar("Kind", bound=StrEnum)


class Starters(StrEnum):
    """Who may start threads."""

    EVERYBODY = "everybody"
    STAFF = "staff"
    """Instructors and those who moderate; members answer."""


class Groups(StrEnum):
    """What course groups mean in a discussion."""

    NONE = "none"
    VISIBLE = "visible"
    """Members write in the threads of their own groups, and read all."""
    SEPARATE = "separate"
    """Members find the threads of their own groups only."""


@dataclass(frozen=True, kw_only=True)
class DiscussionSettings:
    """The settings of one discussion. Every default is what an instructor who sets nothing expects."""

    starters: Starters = Starters.EVERYBODY
    groups: Groups = Groups.NONE
    post_first: bool = False
    """Whether new threads ask members to hand in their own answer before they read those of others."""
    private_questions: bool = True
    """Whether members may ask the moderators in private."""
    stars: bool = False
    """Whether people may also rate posts with one to five stars."""
    due_at: datetime | None = None
    locks_at: datetime | None = None
    """When the whole discussion is closed for new posts."""
    choose: int = 0
    """How many of their posts each learner chooses to be graded by; 0: nothing is graded."""
    rubric: tuple[Criterion, ...] = ()

    @property
    def most(self) -> float:
        """The most points anybody can get."""
        return sum(criterion.most for criterion in self.rubric)

    @classmethod
    def read(cls, stored: JsonObject) -> Self:
        """What stands in a placement's settings; anything missing or unknown is as if it had not been set."""
        plain = cls()
        return cls(
            starters=_one_of(Starters, stored.get("starters"), plain.starters),
            groups=_one_of(Groups, stored.get("groups"), plain.groups),
            post_first=stored.get("post_first") is True,
            private_questions=stored.get("private_questions") is not False,
            stars=stored.get("stars") is True,
            due_at=_time(stored.get("due_at")),
            locks_at=_time(stored.get("locks_at")),
            choose=stored["choose"] if isinstance(stored.get("choose"), int) else plain.choose,
            rubric=criteria.from_json(stored.get("rubric", [])),
        )

    def as_json(self) -> JsonObject:
        """How :meth:`read` finds it again."""
        return {
            "starters": self.starters,
            "groups": self.groups,
            "post_first": self.post_first,
            "private_questions": self.private_questions,
            "stars": self.stars,
            "due_at": self.due_at.isoformat() if self.due_at else None,
            "locks_at": self.locks_at.isoformat() if self.locks_at else None,
            "choose": self.choose,
            "rubric": criteria.as_json(self.rubric),
        }


def _one_of(kind: type[Kind], value: Any, default: Kind) -> Kind:
    try:
        return kind(value)
    except ValueError:
        return default


def _time(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
