"""From the roles an LMS states to the roles the domain knows: only the course's own roles count."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from lmssocial.lms.identity.roles import LmsRole
from lmssocial.lms.lti.roles import LtiRole, RoleScope

PRINCIPALS: Mapping[str, LmsRole] = MappingProxyType(
    {
        "Administrator": LmsRole.ADMINISTRATOR,
        "Instructor": LmsRole.INSTRUCTOR,
        "ContentDeveloper": LmsRole.CONTENT_DEVELOPER,
        "Mentor": LmsRole.MENTOR,
        "Learner": LmsRole.LEARNER,
        "TeachingAssistant": LmsRole.TEACHING_ASSISTANT,  # not in the vocabulary, yet sent as membership#…
    }
)
"""Principal context roles (LTI Core 1.3 §A.2.3). Manager, Member and Officer give no rights: they are learners."""

ASSISTANTS = frozenset(
    {
        "TeachingAssistant",
        "TeachingAssistantGroup",
        "TeachingAssistantOffering",
        "TeachingAssistantSection",
        "TeachingAssistantSectionAssociation",
        "TeachingAssistantTemplate",
        "Grader",
    }
)
"""Sub-roles of Instructor that help a teacher and are none (§A.2.3.1)."""


def lms_roles(stated: Iterable[LtiRole]) -> frozenset[LmsRole]:
    """What somebody is in the course; a learner when nothing else is said.

    Roles in the institution or the system give no rights in a course: a university's administrator who opens a
    course as a guest is a guest there. A platform that names a sub-role names its principal as well (§A.2.3.1), so
    the plain Instructor beside a TeachingAssistant is the assistant's; a teacher who also assists is known by
    another sub-role of Instructor.
    """
    here = [role for role in stated if role.scope is RoleScope.CONTEXT]
    kinds = {role.sub_role for role in here if role.name == "Instructor"}
    only_assists = bool(kinds & ASSISTANTS) and not kinds - ASSISTANTS - {""}
    found = {_meaning(role) for role in here}
    if only_assists:
        found.discard(LmsRole.INSTRUCTOR)
    return frozenset(role for role in found if role is not None) or frozenset({LmsRole.LEARNER})


def _meaning(role: LtiRole) -> LmsRole | None:
    if role.name == "Instructor" and role.sub_role in ASSISTANTS:
        return LmsRole.TEACHING_ASSISTANT
    return PRINCIPALS.get(role.name)
