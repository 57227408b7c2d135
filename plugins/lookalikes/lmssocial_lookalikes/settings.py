"""How it is set: the dataclass is the schema with its defaults, the form is its editor."""

from dataclasses import dataclass

from wtforms import BooleanField, StringField
from wtforms.validators import Length

from lmssocial.plugin import LinesField, LmsRole, RoleChecks, SafeForm
from lmssocial.plugin import lazy_gettext as _l

# fmt: off
OFFICES = (
    "prof", "professor", "professorin", "dr", "doctor", "doktor", "phd", "msc",
    "mr", "mrs", "ms", "mx", "sir", "madam", "herr", "frau",
    "admin", "administrator", "administration", "staff", "support", "help", "desk", "helpdesk", "service",
    "instructor", "teacher", "lecturer", "tutor", "trainer", "dozent", "dozentin", "lehrer", "lehrerin",
    "moderator", "moderation", "steward", "team", "course", "kurs", "official", "real", "the", "user",
    "أستاذ", "الأستاذ", "أستاذة", "الأستاذة", "دكتور", "الدكتور", "دكتورة", "الدكتورة", "د",
    "مدرس", "المدرس", "معلم", "المعلم", "مشرف", "المشرف", "الدعم", "فريق", "إدارة", "الإدارة",
)
# fmt: on
"""Words that make a name sound like staff."""


@dataclass(frozen=True)
class Lookalikes:
    """Which names are too much like those of the staff."""

    allowed_names: tuple[str, ...] = ()
    """Names that may look like it, because somebody is called so."""
    near: bool = True
    """Also names that differ from one of the staff in one letter."""
    offices_alone: bool = True
    """Also names that are nothing but an office."""
    offices: tuple[str, ...] = OFFICES
    """Words that may be added to a name and do not make it another one."""
    trusted_roles: tuple[str, ...] = (
        LmsRole.INSTRUCTOR.value,
        LmsRole.TEACHING_ASSISTANT.value,
        LmsRole.CONTENT_DEVELOPER.value,
        LmsRole.ADMINISTRATOR.value,
    )
    """Leading LMS roles whose names are not compared; stewards and SMEs are staff anyway."""
    rule: str = ""
    """A sentence of the ground rules, quoted to the author."""


class LookalikesForm(SafeForm):
    """The same for people."""

    allowed_names = LinesField(
        _l("Names that are allowed"),
        most=500,
        description=_l(
            "One a line, written as in the LMS: people who really have the name of one of the staff."
        ),
        render_kw={"rows": "4"},
    )
    near = BooleanField(
        _l("Also names that differ in one letter"),
        description=_l("Only long names. In large courses this may meet people by accident."),
    )
    offices_alone = BooleanField(
        _l("Also names that are nothing but an office"), description=_l("Such as “Course Support”.")
    )
    offices = LinesField(
        _l("Words that make a name sound like staff"),
        longest=40,
        description=_l("One a line. With one of them added, a name is still the same name."),
        render_kw={"rows": "8"},
    )
    trusted_roles = RoleChecks(
        _l("Whose names are not compared"),
        learners=False,
        description=_l("Stewards and subject-matter experts are not compared either."),
    )
    rule = StringField(
        _l("The rule it rests on"),
        [Length(max=300, message=_l("At most 300 characters."))],
        description=_l("A sentence of your ground rules. Whoever is held reads it."),
    )
