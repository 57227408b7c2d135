"""The groups of a course (Course Groups Service 1.0)."""

from dataclasses import dataclass
from typing import Any

from lmssocial.lms.lti.services.calling import Caller, Endpoint
from lmssocial.lms.lti.services.containers import all_entries
from lmssocial.lms.lti.services.scopes import GROUPS

MEDIA_TYPE = "application/vnd.ims.lti-gs.v1.contextgroupcontainer+json"
SETS_MEDIA_TYPE = "application/vnd.ims.lti-gs.v1.contextgroupsetcontainer+json"


@dataclass(frozen=True, kw_only=True)
class CourseGroup:
    """A group as the LMS names it."""

    id: str
    name: str
    set_id: str = ""
    """The set of groups it belongs to; empty if to none."""
    tag: str = ""


@dataclass(frozen=True, kw_only=True)
class GroupSet:
    """A set of groups, such as those of one project."""

    id: str
    name: str


def fetch_groups(caller: Caller, endpoint: Endpoint, url: str) -> list[CourseGroup]:
    """All groups of a course, each once, in the order of the platform.

    :param url: ``context_groups_url`` of a launch.
    :raises ServiceTrouble: if not all pages can be read.
    """
    found: dict[str, CourseGroup] = {}
    for said in all_entries(caller, endpoint, [GROUPS], url, accept=MEDIA_TYPE, within="groups"):
        if group_id := _id(said.get("id")):
            found[group_id] = CourseGroup(
                id=group_id,
                name=_name(said.get("name")) or group_id,
                set_id=_id(said.get("set_id")),
                tag=_name(said.get("tag")),
            )
    return list(found.values())


def fetch_group_sets(caller: Caller, endpoint: Endpoint, url: str) -> list[GroupSet]:
    """All sets of groups of a course; otherwise like :func:`fetch_groups`.

    :param url: ``context_group_sets_url`` of a launch.
    """
    found: dict[str, GroupSet] = {}
    for said in all_entries(caller, endpoint, [GROUPS], url, accept=SETS_MEDIA_TYPE, within="sets"):
        if set_id := _id(said.get("id")):
            found[set_id] = GroupSet(id=set_id, name=_name(said.get("name")) or set_id)
    return list(found.values())


def _id(said: Any) -> str:
    """An id of up to 255 characters; platforms write numbers, too."""
    text = str(said) if isinstance(said, str | int) and not isinstance(said, bool) else ""
    return text if 0 < len(text) <= 255 and text.isprintable() else ""


def _name(said: Any) -> str:
    return " ".join(said.replace("\x00", "").split())[:200] if isinstance(said, str) else ""
