"""Roles as an LMS names them (LTI Core 1.3 §A.2): where they hold, what they are, and their finer kind."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

_LIS = "http://purl.imsglobal.org/vocab/lis/v2/"
_LTI = "http://purl.imsglobal.org/vocab/lti/"


class RoleScope(StrEnum):
    """Where a role holds. Only a role in the context says what somebody is in the course."""

    CONTEXT = "context"
    INSTITUTION = "institution"
    SYSTEM = "system"


CONTEXT_PRINCIPALS = frozenset(
    {"Administrator", "ContentDeveloper", "Instructor", "Learner", "Mentor", "Manager", "Member", "Officer"}
)
"""The principal context roles (§A.2.3)."""

_CORE = {
    _LIS + "membership#": RoleScope.CONTEXT,
    _LIS + "institution/person#": RoleScope.INSTITUTION,
    _LIS + "system/person#": RoleScope.SYSTEM,
    _LTI + "system/person#": RoleScope.SYSTEM,  # §A.2.1: TestUser lives in LTI's own vocabulary
}
_SUB_ROLE = _LIS + "membership/"
"""``…/membership/Instructor#TeachingAssistant``: the principal in the path, the sub-role behind ``#`` (§A.2.3.1)."""


@dataclass(frozen=True)
class LtiRole:
    """One role, understood."""

    scope: RoleScope
    name: str
    """The principal role: ``Instructor``, ``Learner`` …"""
    sub_role: str = ""
    """The finer kind within it: ``TeachingAssistant``, ``GuestLearner`` …; empty when none is named."""


TEST_USER = LtiRole(RoleScope.SYSTEM, "TestUser")
"""Not a person but somebody's preview, such as Canvas's student view; taken out of ratings and grades."""


def parse_role(text: str) -> LtiRole | None:
    """Understand one entry of the roles claim; ``None`` for a name nobody defined.

    A bare word is a context role (§A.2.3 allows it, deprecated). Another vocabulary's ``…#Instructor`` is not ours
    to believe.
    """
    text = text.strip()
    if text in CONTEXT_PRINCIPALS:
        return LtiRole(RoleScope.CONTEXT, text)
    vocabulary, hash_mark, name = text.partition("#")
    if not hash_mark or not name:
        return None
    scope = _CORE.get(vocabulary + "#")
    if scope is not None:
        return LtiRole(scope, name)
    principal = vocabulary.removeprefix(_SUB_ROLE)
    if vocabulary.startswith(_SUB_ROLE) and principal in CONTEXT_PRINCIPALS:
        return LtiRole(RoleScope.CONTEXT, principal, name)
    return None


def parse_roles(texts: Iterable[str]) -> frozenset[LtiRole]:
    """All roles of the claim that mean something; empty, unknown and ``#None`` entries fall away."""
    return frozenset(role for text in texts if (role := parse_role(text)) is not None and role.name != "None")
