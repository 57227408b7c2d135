"""What a slice says of its events: who is told, who of them may read it, and how that reads."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.orm import Session

from lmssocial.core.db import JsonObject
from lmssocial.core.hooks import Widget
from lmssocial.core.kernel.events import Happened
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.notifications.models import How

GRACE = timedelta(minutes=10)
"""How long a notice stays in the bell before a channel may take it out of the house."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of thing that people are told of, as they choose it in their settings."""

    name: str
    """``<slice>.<what>``, as it stands in :attr:`.models.Notice.kind`."""
    label: str
    """A few words, translated; may be lazy."""
    about: str
    """One sentence that says when, translated; may be lazy."""
    default: How
    """How people are told of it until they choose."""
    may_be_off: bool = True
    """Whether somebody may choose not to be told at all."""
    for_moderators: bool = False
    """Whether only moderators are ever told, so that the others need not choose."""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """Some people should know something. The port says so; who wants to hear it is not its business."""

    kind: str
    """The name of its :class:`Kind`."""
    recipients: Collection[int]
    """Ids of users. Whoever did it, left, does not want to know or may not read it is left out by whoever writes."""
    merge_key: str
    """Notices with the same key are one, until it was read; at most 120 characters."""
    placement_id: int
    """Under which activity its target opens."""
    actor_id: int | None
    """Who did it, to be named; ``None`` where nobody is named."""
    about_id: int | None = None
    """The contribution it tells of."""
    follows: tuple[str, int] | None = None
    """What a recipient may have muted, as :class:`~lmssocial.social.engagement.models.Follow` calls it."""
    subject: JsonObject = field(default_factory=dict)
    """What else is needed to word and to link it; plain JSON."""
    once: bool = False
    """Not for who was ever told with this key of the same person: what is taken back and done again is no news."""
    grace: timedelta = GRACE
    """How long it stays in the bell before a channel may take it out of the house."""
    community_id: int | None = None
    """In which community its recipients are told; ``None``: where it happened. Its placement is there, too."""


@dataclass(frozen=True, kw_only=True)
class Withdrawal:
    """A contribution is out of sight, or somebody took care of it: nobody is told of it any more."""

    about_id: int
    """The contribution."""
    kinds: frozenset[str] = frozenset()
    """Only notices of these kinds; empty: whatever tells of it."""
    community_id: int | None = None
    """In which community people were told; ``None``: where it happened."""


@dataclass(frozen=True, kw_only=True)
class Noted:
    """A stored notice, as a port has to word it."""

    id: int
    """Its number, under which its words are returned."""
    kind: str
    """The name of its :class:`Kind`."""
    placement_id: int
    """Under which activity its target opens."""
    about: tuple[int, ...]
    """The contributions it tells of, the newest first."""
    subject: JsonObject
    """As it was proposed the last time."""
    people: tuple[str, ...]
    """The names of those who did it, the newest first, at most ten."""
    count: int
    """How often it happened."""
    changed_at: datetime
    """When it happened last (UTC)."""
    is_unread: bool
    """Whether they have not looked yet."""


@dataclass(frozen=True, kw_only=True)
class Worded:
    """How a notice reads for one person."""

    sentence: str
    """Who did what: ``Ana Ruiz and 2 others replied to you``. In the reader's language."""
    where: str
    """What it is about, in the words of whoever wrote them: the title of a thread. May be empty."""
    path: str
    """Where it leads, below the tool's address: ``/w/7/discussion/posts/12``."""
    excerpt: str = ""
    """The beginning of what was written, if the reader may read it."""


class Noticed(Protocol):
    """A slice's side of notifications. Nothing here commits."""

    @property
    def kinds(self) -> Sequence[Kind]:
        """What it tells of."""

    def told(self, session: Session, event: Happened) -> Sequence[Proposal | Withdrawal]:
        """What follows from ``event``. One person is told of it once: by the first proposal that they want to hear."""

    def readers(self, session: Session, actors: Sequence[Actor], proposal: Proposal) -> set[int]:
        """The ids of those ``actors`` who may read what ``proposal`` tells of."""

    def word(self, session: Session, actor: Actor, notices: Sequence[Noted]) -> dict[int, Worded]:
        """How notices of its kinds read for ``actor``, by their ids; without those whose target they may not read.

        A constant number of queries, however many there are. Sentences come from
        :mod:`lmssocial.core.kernel.words`, so that they can be said outside of a request.
        """


@dataclass(frozen=True)
class Registry:
    """Everybody who has something to tell."""

    by_event: Mapping[str, tuple[Noticed, ...]]
    by_kind: Mapping[str, Noticed]
    kinds: Mapping[str, Kind]
    """By name, in the order of the settings page."""

    def word(self, session: Session, actor: Actor, notices: Sequence[Noted]) -> dict[int, Worded]:
        """How notices of any kinds read for ``actor``; a constant number of queries for each port."""
        groups: dict[int, list[Noted]] = {}
        ports: dict[int, Noticed] = {}
        for notice in notices:
            port = self.by_kind.get(notice.kind)
            if port is not None:
                ports[id(port)] = port
                groups.setdefault(id(port), []).append(notice)
        worded: dict[int, Worded] = {}
        for key, some in groups.items():
            worded |= ports[key].word(session, actor, some)
        return worded


def registry_of(widgets: Iterable[Widget], more: Iterable[tuple[str, Noticed]] = ()) -> Registry:
    """Everything that widgets, and whoever has none (``more``: name of the event, and what is said of it), tell of."""
    pairs = [*(pair for widget in widgets for pair in widget.notices.items()), *more]
    by_event: dict[str, tuple[Noticed, ...]] = {}
    for event, port in pairs:
        by_event[event] = (*by_event.get(event, ()), port)
    kinds = {kind.name: kind for _event, port in pairs for kind in port.kinds}
    by_kind = {kind.name: port for _event, port in pairs for kind in port.kinds}
    return Registry(by_event, by_kind, kinds)
