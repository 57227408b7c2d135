"""Who is in the course and how: the people of the cast, their standing, their groups, and what changed since when."""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lmssocial.front.demo.cast import Person


@dataclass(frozen=True, kw_only=True)
class Group:
    """A group of the course (Course Groups Service 1.0)."""

    id: str
    name: str
    set_id: str = ""
    tag: str = ""


@dataclass(frozen=True, kw_only=True)
class Enrolment:
    """One person in the course."""

    person: Person
    status: str = "Active"
    """``Active``, ``Inactive`` or ``Deleted`` (NRPS 2.0 §2.3)."""
    roles: tuple[str, ...] = ()
    """In place of those of their part."""
    groups: tuple[str, ...] = ()
    """Ids of the groups they are in."""
    custom: Mapping[str, object] = field(default_factory=dict)
    """What their launches say under custom parameters, beside what the activity does."""
    changed: int = 0
    """When it changed last, counted in changes of the roster."""


class Roster:
    """The people of one course. Safe to share among threads."""

    def __init__(self, people: Iterable[Person], groups: Sequence[Group] = ()) -> None:
        """Enrol ``people``, all of them active."""
        self._lock = threading.Lock()
        self._by_sub = {person.sub: Enrolment(person=person) for person in people}
        self._subs = {enrolment.person.key: sub for sub, enrolment in self._by_sub.items()}
        self.groups = tuple(groups)
        self.changes = 0

    def members(self) -> list[Enrolment]:
        """Everybody who is in the course, active or not."""
        with self._lock:
            return [one for one in self._by_sub.values() if one.status != "Deleted"]

    def changed_since(self, mark: int) -> list[Enrolment]:
        """Everybody whose enrolment changed after ``mark`` changes, those who were deleted among them."""
        with self._lock:
            return [one for one in self._by_sub.values() if one.changed > mark]

    def enrolment(self, sub: str) -> Enrolment | None:
        """The enrolment of the person with this opaque identifier."""
        with self._lock:
            return self._by_sub.get(sub)

    def person(self, sub: str) -> Person | None:
        """The person with this opaque identifier, unless they were deleted."""
        found = self.enrolment(sub)
        return found.person if found is not None and found.status != "Deleted" else None

    def sub_of(self, key: str) -> str:
        """The opaque identifier of the person with this key; empty if there is none."""
        return self._subs.get(key, "")

    def put(self, enrolment: Enrolment) -> None:
        """Enrol somebody, or change how they are enrolled."""
        with self._lock:
            self.changes += 1
            person = enrolment.person
            self._by_sub[person.sub] = replace(enrolment, changed=self.changes)
            self._subs[person.key] = person.sub
