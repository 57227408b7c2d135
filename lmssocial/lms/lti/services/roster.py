"""The roster of a course (Names and Role Provisioning Services 2.0), one page at a time.

A page names the next one; whoever reads the roster keeps that address and may go on with it later. Pages may overlap
and a platform may lead in a circle: a reader that meets a page on which it knows everybody already has to stop.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lmssocial.lms.lti import claims
from lmssocial.lms.lti.checks import is_identifier
from lmssocial.lms.lti.profiles import Profile
from lmssocial.lms.lti.roles import TEST_USER, LtiRole, parse_roles
from lmssocial.lms.lti.services.addresses import at_home, link_to, with_query
from lmssocial.lms.lti.services.calling import Caller, Endpoint
from lmssocial.lms.lti.services.scopes import ROSTER
from lmssocial.lms.lti.services.trouble import unreadable

MEDIA_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
STATUSES = {"active": "Active", "inactive": "Inactive", "deleted": "Deleted"}
"""How a member may stand (§2.3), by how it is written in lower case."""
MAX_LISTED = 100
"""Groups or sections kept of one member."""
MAX_TEXT = 300
"""Characters kept of a name or an address."""


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody in the roster, as far as the LMS tells."""

    sub: str
    """The same name for them as in launches."""
    status: str = "Active"
    """``Active``, ``Inactive`` or, where only changes are told, ``Deleted``."""
    roles: frozenset[LtiRole] = frozenset()
    """What is understood of their roles; Moodle calls teaching assistants learners here."""
    name: str = ""
    given_name: str = ""
    family_name: str = ""
    email: str = ""
    locale: str = ""
    groups: tuple[str, ...] = ()
    """Ids of course groups they are in."""
    sections: tuple[str, ...] = ()
    """Sections they are in: names where the platform tells them, otherwise ids."""

    @property
    def is_test(self) -> bool:
        """Whether nobody real is behind this member."""
        return TEST_USER in self.roles

    @property
    def full_name(self) -> str:
        """The name to show; empty when the LMS sends no names."""
        return self.name or f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, kw_only=True)
class RosterPage:
    """One page of a roster."""

    members: tuple[Member, ...]
    next_url: str
    """The next page; empty on the last one."""
    differences_url: str
    """Where the platform tells what changed since now; empty where it does not, or not on this page."""
    skipped: int = 0
    """Entries that are no members: no readable ``user_id``, or no object at all."""


def first_page_url(
    memberships_url: str,
    profile: Profile,
    *,
    role: str = "",
    rlid: str = "",
    course: str = "",
    groups: bool = False,
) -> str:
    """The first page of a roster (§2.4).

    :param memberships_url: ``context_memberships_url`` of a launch.
    :param role: only members with this role.
    :param rlid: a resource link id: members as this link sees them, with custom parameters; the platform may leave
        those out who have no access to the link.
    :param course: the id of the context. Where the platform takes that for a link to the whole course, nobody is left
        out and everybody comes with custom parameters.
    :param groups: whether to say which groups members are in (Course Groups Service 1.0 §3.3).
    """
    return with_query(
        memberships_url,
        role=role,
        rlid=rlid or (course if profile.course_is_link else ""),
        limit=profile.roster_page,
        groups="true" if groups else "",
    )


def fetch_page(caller: Caller, endpoint: Endpoint, url: str) -> RosterPage:
    """Read one page: the first, a next one, or the one that tells differences.

    :raises ServiceTrouble: ``UNREADABLE`` if it is no roster, or its next page is itself or on another server.
    """
    reply = caller.get(endpoint, [ROSTER], url, accept=MEDIA_TYPE)
    said: Any = reply.data
    listed = said.get("members") if isinstance(said, dict) else None
    if not isinstance(listed, list):
        raise unreadable(reply, f"{url} did not answer with a roster.")
    next_link, differences = link_to(reply.headers, "next"), link_to(reply.headers, "differences")
    next_url = at_home(url, next_link, "the next page of the roster") if next_link else ""
    if next_url == url:
        raise unreadable(reply, f"{url} names itself as its next page.")
    members = [member for one in listed if (member := _member(one, endpoint.profile)) is not None]
    return RosterPage(
        members=tuple(members),
        next_url=next_url,
        differences_url=at_home(url, differences, "the differences of the roster") if differences else "",
        skipped=len(listed) - len(members),
    )


def _member(said: Any, profile: Profile) -> Member | None:
    """Understand one entry; ``None`` if it names nobody."""
    if not isinstance(said, dict):
        return None
    sub = said.get("user_id")
    if isinstance(sub, int) and not isinstance(sub, bool):
        sub = str(sub)
    if not is_identifier(sub):
        return None
    roles = said.get("roles")
    message = _message(said.get("message"))
    custom = message.get(claims.CUSTOM)
    custom = custom if isinstance(custom, dict) else {}
    return Member(
        sub=sub,
        status=STATUSES.get(str(said.get("status") or "Active").strip().lower(), "Active"),
        roles=parse_roles(role for role in roles if isinstance(role, str))
        if isinstance(roles, list)
        else frozenset(),
        name=_text(said.get("name")),
        given_name=_text(said.get("given_name")),
        family_name=_text(said.get("family_name")),
        email=_text(said.get("email")),
        locale=_text(said.get("locale") or message.get("locale"))[:35],
        groups=_enrolled(said.get("group_enrollments")) or _listed(custom, profile.group_customs),
        sections=_listed(custom, profile.section_customs),
    )


def _message(said: Any) -> Mapping[str, Any]:
    """The claims that this member's launches would have (§3.2.1): of the first message that is one."""
    entries = said if isinstance(said, list) else [said]
    return next((entry for entry in entries if isinstance(entry, dict)), {})


def _enrolled(said: Any) -> tuple[str, ...]:
    """The groups of ``group_enrollments`` (Course Groups Service 1.0 §3.3)."""
    entries = said if isinstance(said, list) else []
    return _kept(entry.get("group_id") for entry in entries if isinstance(entry, dict))


def _listed(custom: Mapping[str, Any], names: Iterable[str]) -> tuple[str, ...]:
    """What the first of these custom parameters with something in it lists.

    Lists come as JSON (Canvas's ``$com.instructure.User.sectionNames``), or as text with commas (Moodle's
    ``$Moodle.Person.userGroupIds``). A variable that was left unresolved lists nothing.
    """
    for name in names:
        said = custom.get(name)
        if isinstance(said, str):
            said = [] if said.startswith("$") else _parts(said)
        if found := _kept(said if isinstance(said, list) else [said]):
            return found
    return ()


def _parts(text: str) -> list[Any]:
    if text.lstrip().startswith("["):
        try:
            listed = json.loads(text)
        except (ValueError, RecursionError):
            listed = None
        if isinstance(listed, list):
            return listed
    return text.split(",")


def _kept(entries: Iterable[Any]) -> tuple[str, ...]:
    """Entries as text, each once; platforms write ids as numbers, too."""
    texts = (
        str(entry).strip()
        for entry in entries
        if isinstance(entry, str | int) and not isinstance(entry, bool)
    )
    return tuple(dict.fromkeys(text for text in texts if is_identifier(text)))[:MAX_LISTED]


def _text(said: Any) -> str:
    """A text on one line that any database can hold; empty for everything else."""
    if not isinstance(said, str):
        return ""
    plain = said.encode("utf-8", "ignore").decode().replace("\x00", "")
    return " ".join(plain.split())[:MAX_TEXT]
