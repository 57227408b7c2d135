"""What knowledge asks of the widgets that hold texts people learn from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from lmssocial.core.hooks import Widget
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.moderation.screening import Screen
from lmssocial.social.search.queries import Field


@dataclass(frozen=True, kw_only=True)
class Home:
    """A place of a community in which knowledge can be published."""

    placement_id: int
    title: str


@dataclass(frozen=True, kw_only=True)
class Text:
    """A text on its way to becoming knowledge, in the name of whoever wrote it."""

    author: Actor
    """As they are in the community it is published in."""
    source: str
    """Markdown."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A question and its answer, on their way to being published."""

    title: str
    question: Text
    answer: Text


@dataclass(frozen=True, kw_only=True)
class Published:
    """Where an entry stands now."""

    question_id: int
    """The contribution that carries the question."""
    answer_id: int
    """The contribution that carries the answer."""
    is_visible: bool
    """Whether everybody reads it already; else a moderator decides first."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """Something that may be an answer, as it is offered to whoever asks."""

    contribution_id: int
    title: str
    excerpt: str
    """Its first words, without markup."""
    href: str
    is_solved: bool
    """Whether it has an answer that its asker accepted."""
    is_answered: bool = False
    """Whether anybody answered it at all."""
    is_outdated: bool = False
    """Whether somebody who knows said that it does not hold any more; set by :mod:`.similar`, not by widgets."""


@dataclass(frozen=True, kw_only=True)
class Searching:
    """A page on which somebody looks for words among such texts."""

    href: str
    """Takes the words as ``q``."""
    fields: tuple[tuple[str, str], ...] = ()
    """What else the address says: names and values."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """An answer in another widget that says what its author knows."""

    contribution_id: int
    community_id: int
    author_id: int
    title: str
    """Of the question."""
    question: str
    """Its words, without markup; empty if it answers nothing."""
    text: str
    """The words of the answer."""
    tags: tuple[str, ...]
    """Under which question and answer stand, as written."""
    accepted: bool
    """Whether it solved something, or was endorsed."""
    at: datetime


class Findable(Protocol):
    """Texts among which an answer may be found before a question is sent."""

    def field(self, actor: Actor) -> Field:
        """What of it the actor may find by words in their community."""

    def found(self, session: Session, actor: Actor, subject_ids: Sequence[int]) -> dict[int, Found]:
        """Those of some subjects of :meth:`field` that the actor may read, by their ids. Constant queries."""


class Known(Findable, Protocol):
    """A widget's side of knowledge. None of these commits."""

    def searching(self, session: Session, actor: Actor) -> Searching | None:
        """Where the actor looks for words among its texts; ``None`` if nowhere in their community. One query."""

    def homes(self, session: Session, actor: Actor) -> list[Home]:
        """Where in the actor's community an entry can be published, by title. One query."""

    def consider(self, session: Session, screen: Screen, home: Home, entry: Entry) -> None:
        """Let the policies look at an entry before a transaction begins: :meth:`publish` does not wait for them then.

        :raises Invalid: if a policy refuses it.
        """

    def publish(self, session: Session, screen: Screen, actor: Actor, home: Home, entry: Entry) -> Published:
        """Publish an entry, each part in the name of its author, the answer as the one that solved it.

        What waits for a moderator is published by their decision like anything else, and solves its question then.

        :param screen: asks the policies of the community; the authors may come from elsewhere.
        :raises NotFound: if ``home`` is none of :meth:`homes`.
        :raises Invalid: if a policy refuses it.
        """

    def evidence(self, session: Session, contribution_ids: Sequence[int]) -> list[Evidence]:
        """Those of some contributions that are answers which somebody found good. Constant queries.

        They solved a question, were endorsed, or helped, and everybody there reads them. What was published as
        knowledge is left out: it counts where it was given first.
        """


def ports_of(widgets: Iterable[Widget]) -> list[Known]:
    """Every widget's side of knowledge."""
    return [widget.knowledge for widget in widgets if widget.knowledge is not None]
