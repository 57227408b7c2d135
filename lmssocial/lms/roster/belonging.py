"""What a launch says about the groups of whoever came: custom parameters that we asked the LMS for."""

import json
from collections.abc import Iterable

from lmssocial.lms.lti.launch import Launch
from lmssocial.lms.lti.profiles import profile_of
from lmssocial.lms.roster.ports import Belonging

MOST = 100
"""Groups of one person."""


def told_by(launch: Launch, issuer: str) -> Belonging:
    """The groups and sections a launch names.

    A parameter that came empty says that they are in none: a Moodle tells so of its teachers. One that did not come,
    or came as the variable itself because the LMS does not know it, says nothing.
    """
    profile = profile_of(launch.product_family, issuer)
    return Belonging(
        groups=_listed(launch, profile.group_customs), sections=_listed(launch, profile.section_customs)
    )


def _listed(launch: Launch, names: Iterable[str]) -> frozenset[str] | None:
    said = [launch.custom[name] for name in names if name in launch.custom]
    if not said:
        return None
    text = next((one for one in said if one), "")
    return frozenset(list(_parts(text))[:MOST])


def _parts(text: str) -> list[str]:
    """A list of JSON, as Canvas writes names, or a text with commas, as everybody writes ids."""
    listed: object = None
    if text.startswith("["):
        try:
            listed = json.loads(text)
        except (ValueError, RecursionError):
            listed = None
    parts = listed if isinstance(listed, list) else text.split(",")
    whole = [str(part).strip() for part in parts if isinstance(part, str | int)]
    return [part for part in whole if part and len(part) <= 255 and part.isprintable()]
