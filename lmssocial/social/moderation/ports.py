"""What moderation asks of whoever owns the content."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What a moderator has to see to decide."""

    contribution_id: int
    title: str
    author_name: str
    author_role: str
    html: str
    """Cooked and sanitised."""
    href: str
    """Where it stands, or will stand."""


class Moderated(Protocol):
    """A widget's side of moderation. None of these commits."""

    def publish(self, session: Session, actor: Actor, contribution_id: int) -> None:
        """Publish what was held."""

    def decline(self, session: Session, actor: Actor, contribution_id: int, message: str) -> None:
        """Keep it from being published; its author reads ``message``."""

    def subjects(self, session: Session, actor: Actor, contribution_ids: Sequence[int]) -> dict[int, Subject]:
        """What the moderator sees of each contribution the actor may see; a constant number of queries."""
