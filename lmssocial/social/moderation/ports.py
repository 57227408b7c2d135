"""What moderation asks of whoever owns the content."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from lmssocial.core.hooks import ReplyTo, Span, Widget
from lmssocial.lms.identity.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What a person has to see of a contribution to decide about it, or to understand what was decided."""

    contribution_id: int
    title: str
    author_name: str
    author_role: str
    html: str
    """Cooked and sanitised."""
    href: str
    """Where it stands, or will stand."""
    edit_href: str
    """Where its author changes it."""


class Moderated(Protocol):
    """A widget's side of moderation. None of these commits; each leaves alone what is removed or already so."""

    def publish(self, session: Session, actor: Actor, contribution_id: int) -> None:
        """Let everybody read it: what was held, declined or hidden."""

    def decline(self, session: Session, actor: Actor, contribution_id: int, message: str) -> None:
        """Keep it from being read, published or not; its author reads ``message``."""

    def hide(self, session: Session, actor: Actor, contribution_id: int, message: str) -> None:
        """Let it wait for a moderator though it was published; its author reads ``message``."""

    def redact(
        self, session: Session, actor: Actor, contribution_id: int, spans: Sequence[Span], message: str
    ) -> None:
        """Publish it without the words at ``spans`` of its source; the full wording stays in its history."""

    def put_back(self, session: Session, actor: Actor, contribution_id: int, spans: Sequence[Span]) -> None:
        """Publish it with the words that were taken out at ``spans``, unless its author changed it since."""

    def answered(self, session: Session, contribution_ids: Sequence[int]) -> dict[int, ReplyTo]:
        """What each of some contributions answers, for those that answer something. One query."""

    def readable(self, session: Session, actor: Actor, contribution_ids: Sequence[int]) -> set[int]:
        """Those of some contributions whose words the actor may read. One query."""

    def subjects(self, session: Session, actor: Actor, contribution_ids: Sequence[int]) -> dict[int, Subject]:
        """What the actor may see of each contribution; a constant number of queries."""


def ports_of(widgets: Iterable[Widget]) -> dict[str, Moderated]:
    """Every widget's side of moderation, by the first part of its submission kinds."""
    return {kind: port for widget in widgets for kind, port in widget.moderated.items()}
