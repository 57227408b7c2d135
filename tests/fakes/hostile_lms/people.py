"""As many people as a test wants."""

from dataclasses import dataclass

from lmssocial.front.demo.cast import Cast, Part, Person

COURSE = "course-1"
INSTRUCTOR, ASSISTANT = "2", "3"
FIRST_LEARNER = 1001


@dataclass(frozen=True)
class Numbered(Person):
    """Somebody whose identifier is a number, as in Moodle."""

    number: str = ""

    @property
    def sub(self) -> str:
        """The number."""
        return self.number


def person(sub: str, part: Part = Part.LEARNER, given: str = "Learner", family: str = "") -> Numbered:
    """Somebody with this identifier."""
    return Numbered(f"person.{sub}", given, family or sub, part, "", None, number=sub)


def a_course(members: int) -> Cast:
    """A course with an instructor, an assistant and ``members`` learners."""
    learners = (person(str(FIRST_LEARNER + number)) for number in range(members))
    staff = (
        person(INSTRUCTOR, Part.INSTRUCTOR, "Inge", "Teaching"),
        person(ASSISTANT, Part.ASSISTANT, "Tao", "Helping"),
    )
    return Cast(COURSE, "HOST101", "A hostile course", (*staff, *learners))
