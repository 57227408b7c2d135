"""Who takes part in the demo course: read from ``course/people.toml``, used by the demo LMS and by the history."""

import tomllib
import uuid
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

COURSE_FOLDER = Path(__file__).parent / "course"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "northfield.example")

_MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"
_INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person"


class Part(StrEnum):
    """What somebody is at Northfield Academy."""

    LEARNER = "learner"
    INSTRUCTOR = "instructor"
    ASSISTANT = "assistant"
    MENTOR = "mentor"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        """The word for people."""
        return "teaching assistant" if self is Part.ASSISTANT else self.value

    @property
    def roles(self) -> tuple[str, ...]:
        """The LTI role URIs of this part (LTI Core 1.3, appendix A.2). A sub-role brings its principal role along."""
        return _ROLES[self]

    @property
    def teaches(self) -> bool:
        """Whether this part may change the course."""
        return self in {Part.INSTRUCTOR, Part.ADMINISTRATOR}


_ROLES = {
    Part.LEARNER: (f"{_MEMBERSHIP}#Learner", f"{_INSTITUTION}#Student"),
    Part.INSTRUCTOR: (f"{_MEMBERSHIP}#Instructor", f"{_INSTITUTION}#Faculty"),
    Part.ASSISTANT: (f"{_MEMBERSHIP}#Instructor", f"{_MEMBERSHIP}/Instructor#TeachingAssistant"),
    Part.MENTOR: (f"{_MEMBERSHIP}#Mentor",),
    Part.ADMINISTRATOR: (f"{_MEMBERSHIP}#Administrator", f"{_INSTITUTION}#Administrator"),
}


@dataclass(frozen=True)
class Person:
    """One person at Northfield Academy."""

    key: str
    """Their user name, such as ``ana.ruiz``."""
    given_name: str
    family_name: str
    """Empty for people who have a single name."""
    part: Part
    work: str
    """Half a sentence on what they do."""
    seen: int | None
    """The day of the course on which they last read the discussion; None for not yet."""

    @property
    def sub(self) -> str:
        """The opaque identifier the LMS gives this person (OpenID Connect ``sub``); never changes."""
        return str(uuid.uuid5(_NAMESPACE, self.key))

    @property
    def name(self) -> str:
        """The full name."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def email(self) -> str:
        """Their address; ``.example`` belongs to nobody (RFC 2606)."""
        return f"{self.key}@northfield.example"

    @property
    def initials(self) -> str:
        """One or two letters for the round mark beside the name."""
        return self.given_name[:1] + self.family_name[:1]


@dataclass(frozen=True)
class Cast:
    """Everybody in the course, and what the course is called."""

    course_id: str
    label: str
    title: str
    people: tuple[Person, ...]

    def person(self, key: str) -> Person:
        """The person called ``key``.

        :raises KeyError: if nobody is.
        """
        for one in self.people:
            if one.key == key:
                return one
        raise KeyError(key)

    def by_sub(self, sub: str) -> Person | None:
        """The person with this opaque identifier."""
        return next((one for one in self.people if one.sub == sub), None)

    def of(self, *parts: Part) -> tuple[Person, ...]:
        """Everybody with one of ``parts``, in the order of the roster."""
        return tuple(one for one in self.people if one.part in parts)


def read_cast(folder: Path = COURSE_FOLDER) -> Cast:
    """Read ``people.toml``.

    :raises ValueError: if two people share a key.
    """
    written = tomllib.loads((folder / "people.toml").read_text("utf-8"))
    people = tuple(
        Person(
            key=entry["key"],
            given_name=entry["given"],
            family_name=entry["family"],
            part=Part(entry["part"]),
            work=entry["work"],
            seen=entry.get("seen"),
        )
        for entry in written["person"]
    )
    if len({person.key for person in people}) != len(people):
        raise ValueError("two people in people.toml share a key")
    course = written["course"]
    return Cast(course["id"], course["label"], course["title"], people)
