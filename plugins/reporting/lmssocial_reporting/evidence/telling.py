"""An event as its readers ask it: by name of a field, whatever an old or odd payload has there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from lmssocial.plugin import Happened
from lmssocial_reporting.store.port import Act, Deed


class NotUnderstoodError(ValueError):
    """The payload lacks what makes the event mean anything."""


@dataclass(frozen=True)
class Told:
    """What an event tells. A field that is not there, or is of another type, is empty; :meth:`key` asks for more."""

    event: Happened
    zone: ZoneInfo
    """In which days are reckoned."""

    @property
    def actor(self) -> int:
        """Who did it; 0 for nobody, and for somebody who was erased."""
        return self.event.actor_id or 0

    def key(self, field: str) -> int:
        """The number of something without which the event means nothing.

        :raises NotUnderstoodError: if there is none.
        """
        found = self.number(field)
        if found <= 0:
            raise NotUnderstoodError(f"{self.event.name} v{self.event.version} has no {field}")
        return found

    def number(self, field: str) -> int:
        """A whole number; 0 if there is none."""
        return _number(self.event.payload.get(field))

    def text(self, field: str) -> str:
        """A few words; empty if there are none."""
        found = self.event.payload.get(field)
        return found if isinstance(found, str) else ""

    def flag(self, field: str) -> bool:
        """Whether it says yes."""
        return self.event.payload.get(field) is True

    def numbers(self, field: str) -> tuple[int, ...]:
        """Whole numbers, in their order; 0 for each that is none, so that lists that run in parallel stay so."""
        found: Any = self.event.payload.get(field)
        return (
            tuple(map(_number, found)) if isinstance(found, Sequence) and not isinstance(found, str) else ()
        )

    def pairs(self, things: str, people: str) -> Iterator[tuple[int, int]]:
        """Things and whose they are, from two lists that run in parallel; without things that are none."""
        whose = self.numbers(people)
        for place, thing in enumerate(self.numbers(things)):
            if thing > 0:
                yield thing, whose[place] if place < len(whose) else 0

    def act(self, deed: Deed, *, member: int | None = None, other: int = 0, **about: Any) -> Act:
        """An act it tells of; ``part`` is set by who collects them.

        :param member: who did it, if that is not the actor.
        :param other: whom it served; nobody, if that is themselves.
        :param about: other fields of :class:`~lmssocial_reporting.store.port.Act`.
        """
        event, who = self.event, self.actor if member is None else member
        return Act(
            event_id=event.id,
            tenant_id=event.tenant_id,
            course_id=event.course_id or 0,
            at=event.at,
            day=event.at.astimezone(self.zone).date(),
            member=who,
            lms_role=event.actor_role if who == self.actor else "",
            deed=deed,
            other=0 if other == who else other,
            placement_id=self.number("placement_id"),
            widget=event.name.partition(".")[0],
            **about,
        )


def _number(found: Any) -> int:
    """A whole number that a database can keep, and never a truth value."""
    fits = isinstance(found, int) and not isinstance(found, bool) and 0 <= found < 2**31
    return found if fits else 0
