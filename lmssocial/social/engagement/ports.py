"""What engagement asks of whoever owns the content."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from lmssocial.core.hooks import Widget
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Tier
from lmssocial.social.moderation.screening import Screen


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A contribution that an actor reads, with all that decides what may be done to it."""

    contribution_id: int
    title: str
    author_id: int
    author_name: str
    author_role: str
    at: datetime
    """When it was published."""
    html: str
    """Cooked and sanitised."""
    leads: Callable[[], str]
    """Makes its address; asked for in requests only, because elsewhere there are none."""
    is_published: bool
    """Whether others read it; only that can be marked."""
    is_public: bool
    """Whether everybody in its community reads it."""
    is_private: bool
    """Whether it was written to few people, and is not to be carried anywhere."""
    takes_stars: bool
    """Whether people may rate it with stars where it stands."""

    @property
    def href(self) -> str:
        """Where it stands."""
        return self.leads()


@dataclass(frozen=True, kw_only=True)
class Telling:
    """How somebody brings something to another community."""

    title: str
    sentence: str
    """Why it is worth reading there."""


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What became of something that was brought to another community."""

    contribution_id: int
    """What carries it there."""
    is_published: bool
    """Whether it is read there already, or waits for a moderator."""


@dataclass(frozen=True, kw_only=True)
class Original:
    """A contribution as people of another community see it, to which somebody brought it."""

    contribution_id: int
    placement_id: int
    community_id: int
    community_title: str
    author_name: str
    author_role: str
    at: datetime
    html: str
    """Empty if not everybody in its own community may read it, or not any more."""
    href: str
    is_member: bool
    """Whether whoever looks belongs to its community, too."""


@dataclass(frozen=True)
class Destination:
    """A place that something can be brought to."""

    placement_id: int
    title: str
    """Of the activity."""
    community_title: str
    tier: Tier
    ground_rules: tuple[str, ...]
    """What its policies go by."""
    actor: Actor
    """Whoever brings it, as they are there."""


class Engaged(Protocol):
    """A widget's side of engagement. None of these commits."""

    def readable(self, session: Session, actor: Actor, contribution_ids: Sequence[int]) -> set[int]:
        """Those of some contributions whose words the actor may read. One query."""

    def subjects(self, session: Session, actor: Actor, contribution_ids: Sequence[int]) -> dict[int, Subject]:
        """Those of some contributions that the actor may read, by their ids. A constant number of queries."""

    def touched(self, session: Session, contribution_id: int) -> None:
        """Its marks have changed: every page that shows it is another one now."""

    def acts(self, session: Session, actor: Actor, contribution_id: int) -> str:
        """What stands under it, as its page shows it, after something changed. HTML."""

    def original(self, session: Session, user_id: int, contribution_id: int) -> Original | None:
        """What somebody elsewhere sees of it; ``None`` if nothing: it was removed, or is private. One query."""

    def places(self, session: Session, destinations: Sequence[Destination]) -> list[Destination]:
        """Those of some places where their actor may open something that carries a contribution. One query."""

    def bring(
        self,
        session: Session,
        screen: Screen,
        destination: Destination,
        contribution_id: int,
        telling: Telling,
    ) -> Brought:
        """Open something at ``destination`` that carries a contribution there, with the actor's own sentence about it.

        :raises NotAllowed: if they may open nothing there.
        :raises Invalid: if a policy of that place refuses title or sentence.
        """


def ports_of(widgets: Iterable[Widget]) -> dict[str, Engaged]:
    """Every widget's side of engagement, by the first part of the kinds of its contributions."""
    return {kind: port for widget in widgets for kind, port in widget.engaged.items()}
