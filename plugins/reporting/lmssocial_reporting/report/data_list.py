"""Which events the figures rest on: the data list and the data collection plan, from the event catalogue.

Which fields are used is not written down twice: the reader of each event is handed one, and watched while it reads.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from lmssocial.plugin import Happened, now
from lmssocial.plugin import gettext as _
from lmssocial.plugin import lazy_gettext as _l
from lmssocial.plugin_data import EventType, event_catalogue
from lmssocial_reporting.definition import Role
from lmssocial_reporting.evidence.acts import READERS
from lmssocial_reporting.evidence.telling import Told
from lmssocial_reporting.report.document import DataLine
from lmssocial_reporting.roles.words import role_title
from lmssocial_reporting.store.port import Deed

SOURCES: Mapping[str, Any] = MappingProxyType(
    {
        "communities": _l("Communities and groups"),
        "discussion": _l("Discussion"),
        "engagement": _l("Marks, saving, following and sharing"),
        "experts": _l("Expert connect"),
        "governance": _l("Settings of the community"),
        "identity": _l("Coming to the course"),
        "moderation": _l("Moderation"),
        "peer_rating": _l("Peer rating"),
        "reporting": _l("Targets of the report"),
    }
)
"""What the sources of events are called, by the beginning of their names."""

_ROLES: Mapping[Deed, Role] = MappingProxyType(
    {
        **dict.fromkeys((Deed.READ, Deed.SEARCHED, Deed.KEPT, Deed.FOLLOWED, Deed.ASKED), Role.CONSUMER),
        **dict.fromkeys((Deed.POSTED, Deed.REPLIED, Deed.EDITED, Deed.REVIEWED), Role.CREATOR),
        **dict.fromkeys(
            (Deed.LINKED, Deed.NAMED, Deed.INTRODUCED, Deed.MET, Deed.REFERRED, Deed.ACCEPTED), Role.CONNECTOR
        ),
        **dict.fromkeys((Deed.SHARED, Deed.HELPFUL, Deed.RATED, Deed.ENDORSED, Deed.MENTIONED), Role.CARRIER),
        **dict.fromkeys((Deed.MODERATED, Deed.FLAGGED, Deed.GOVERNED, Deed.HOSTED), Role.CARETAKER),
    }
)
_WORDS = ("", "question", "thread", "rejected", "approved")
"""What readers look for in fields of text: which deed an event tells of depends on it."""


def data_lines(responsible: Mapping[str, Mapping[str, str]], zone: str) -> tuple[DataLine, ...]:
    """All events that the figures rest on, of every version that may be in the log.

    :param responsible: what people wrote for each source: ``person`` and ``retention``.
    """
    return tuple(_line(kind, responsible.get(_source(kind.name), {}), zone) for kind in used_events())


def used_events() -> Iterator[EventType]:
    """Those kinds of events that a reader of this plugin reads."""
    return (kind for kind in event_catalogue() if kind.name in READERS)


def sources() -> tuple[str, ...]:
    """Where they come from, in order."""
    return tuple(sorted({_source(kind.name) for kind in used_events()}))


def source_title(source: str) -> str:
    """What a source is called; its own name if it has no other."""
    return str(SOURCES.get(source, source))


def _line(kind: EventType, said: Mapping[str, str], zone: str) -> DataLine:
    asked, deeds = _watched(kind.name)
    known = {field.name for field in kind.fields}
    return DataLine(
        source=source_title(_source(kind.name)),
        event=kind.name,
        version=kind.version,
        what=kind.about.replace("``", ""),
        fields=("actor_id", "actor_role", "course_id", "at", *sorted(asked & known)),
        purpose=_purpose(deeds),
        retention=said.get("retention") or _("Until the person or the course is erased here"),
        responsible=said.get("person", ""),
        timeframe=_(
            "As it happens; reckoned over four weeks up to a Sunday, by the clock of %(zone)s", zone=zone
        ),
    )


def _source(event: str) -> str:
    return event.partition(".")[0]


def _purpose(deeds: frozenset[Deed]) -> str:
    if Deed.JOINED in deeds:
        return _("Who is new, so that it is seen whether newcomers are welcomed")
    roles = sorted({_ROLES[deed] for deed in deeds if deed in _ROLES}, key=list(Role).index)
    if not roles:
        return _("That what was taken back or removed does not count, and what others took up does")
    return _("Who acts as %(roles)s", roles=", ".join(role_title(role) for role in roles))


@cache
def _watched(event: str) -> tuple[frozenset[str], frozenset[Deed]]:
    """Which fields the reader of an event asks for, and which deeds it tells of."""
    asked, deeds = set[str](), set[Deed]()
    for words in _WORDS:
        told = _Watched(_happened(event), ZoneInfo("UTC"))
        told.watch(asked, words)
        deeds |= {act.deed for act in READERS[event](told)}
    return frozenset(asked), frozenset(deeds)


def _happened(event: str) -> Happened:
    return Happened(
        id=1,
        name=event,
        version=1,
        tenant_id=1,
        course_id=1,
        community_id=1,
        actor_id=1,
        actor_role="learner",
        payload={},
        at=now(),
    )


class _Watched(Told):
    """An event that has every field, and notes which are asked for."""

    def watch(self, asked: set[str], words: str) -> None:
        """Note fields in ``asked``, and say ``words`` where some are asked for."""
        object.__setattr__(self, "asked", asked)  # a Told is frozen
        object.__setattr__(self, "words", words)

    def key(self, field: str) -> int:
        """Some number."""
        return self.number(field)

    def number(self, field: str) -> int:
        """Some number."""
        self._note(field)
        return 7

    def text(self, field: str) -> str:
        """The words of this round."""
        return str(self._note(field))

    def flag(self, field: str) -> bool:
        """Yes where there are words."""
        return bool(self._note(field))

    def numbers(self, field: str) -> tuple[int, ...]:
        """Some numbers."""
        self._note(field)
        return (7, 8)

    def _note(self, field: str) -> str:
        noted: set[str] = vars(self)["asked"]
        noted.add(field)
        words: str = vars(self)["words"]
        return words
