"""What one learning management system needs that others do not.

Nothing here is a rule of the standard; each entry is a habit of a product that was seen or that its documentation
states. A product that is not listed is treated as the standard says.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from urllib.parse import urlsplit


@dataclass(frozen=True, kw_only=True)
class Profile:
    """How to speak with one product."""

    name: str
    """``moodle``, ``canvas`` …; ``plain`` for everybody else."""
    roster_page: int | None = 100
    """Members asked for at a time; ``None`` leaves it to the platform."""
    container_page: int | None = 100
    """Line items and results asked for at a time; ``None`` leaves it to the platform."""
    course_is_link: bool = False
    """Whether the course's own id stands for a link to all of it: its roster then comes with custom parameters."""
    whole_second_stamps: bool = False
    """Whether two scores of the same second are one to it: the later one is refused with 409."""
    stale_says: str = ""
    """What it says, with status 400, of a score that is older than the one it has; empty: it answers 409."""
    score_extras: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    """What every score says beside what the standard wants, by claim name."""
    token_audience: str = ""
    """What the ``aud`` of the assertion for a token must be, whatever its token URL is; empty: the token URL."""
    keeps_data: bool = False
    """Whether it keeps data for tools (Platform Storage 0.1) although its logins may not say so."""
    storage_frame: str = ""
    """The frame that keeps data for us where the login names none; empty: the parent window."""
    result_filter_drops_comments: bool = False
    """Whether results narrowed to one person come without their comments."""
    group_customs: tuple[str, ...] = ("group_ids",)
    """Custom parameters of a member that list the groups they are in, in the order in which they are looked at."""
    section_customs: tuple[str, ...] = ("section_names", "section_ids")
    """Custom parameters of a member that list their sections, in the order in which they are looked at."""

    @property
    def stamp_step(self) -> timedelta:
        """The smallest time between two scores for one person and line item that it tells apart."""
        return timedelta(seconds=1) if self.whole_second_stamps else timedelta(milliseconds=1)

    def cut(self, moment: datetime) -> datetime:
        """``moment`` at the resolution it is sent in, never later than it was."""
        kept = 0 if self.whole_second_stamps else moment.microsecond // 1000 * 1000
        return moment.replace(microsecond=kept)

    def next_stamp(self, now: datetime, last: datetime | None) -> datetime:
        """The earliest stamp that is not before ``now`` cut off and counts as later than ``last`` (AGS 2.0 §3.4.3).

        It may lie up to a step (or, after a clock was set back, more) after ``now``. A platform may refuse stamps of
        the future, so a score is sent when its stamp has come.
        """
        stamp = self.cut(now)
        return stamp if last is None else max(stamp, self.cut(last) + self.stamp_step)


PLAIN = Profile(name="plain")

MOODLE = Profile(
    name="moodle",
    container_page=None,  # results.php fails at a limit where the address has a type_id, as ours always has
    whole_second_stamps=True,  # scores.php compares Unix seconds
    group_customs=("group_ids", "userGroupIds", "usergroupids"),
)
CANVAS = Profile(
    name="canvas",
    roster_page=50,  # more is cut to 50
    container_page=50,
    course_is_link=True,  # its course_rlid; without a link NRPS tells no custom parameters
    stale_says="before last updated timestamp",
    # Otherwise every grade counts as an attempt of the learner, of which an assignment may allow only some.
    score_extras=MappingProxyType(
        {"https://canvas.instructure.com/lti/submission": {"new_submission": False}}
    ),
    keeps_data=True,
    storage_frame="post_message_forwarding",
)
BLACKBOARD = Profile(name="blackboard", keeps_data=True, result_filter_drops_comments=True)
BRIGHTSPACE = Profile(
    name="brightspace",
    keeps_data=True,
    token_audience="https://api.brightspace.com/auth/token",  # noqa: S106  # no secret
)
SAKAI = replace(PLAIN, name="sakai")
OPEN_EDX = replace(PLAIN, name="openedx")

_FAMILIES = {
    "moodle": MOODLE,
    "canvas": CANVAS,
    "blackboard": BLACKBOARD,
    "blackboardlearn": BLACKBOARD,
    "brightspace": BRIGHTSPACE,
    "desire2learn": BRIGHTSPACE,
    "d2l": BRIGHTSPACE,
    "sakai": SAKAI,
    "sakailms": SAKAI,
    "sakailmsorg": SAKAI,  # what it calls itself when it registers
    "openedx": OPEN_EDX,
    "edx": OPEN_EDX,
}
"""By the ``product_family_code`` a platform gives itself, in lower case and with letters and digits only."""

_DOMAINS = {
    "instructure.com": CANVAS,
    "blackboard.com": BLACKBOARD,
    "brightspace.com": BRIGHTSPACE,
    "desire2learn.com": BRIGHTSPACE,
    "moodlecloud.com": MOODLE,
}
"""By the domain of an issuer that belongs to a vendor."""


def profile_of(family: str, issuer: str) -> Profile:
    """How to speak with a platform.

    :param family: the product family it named itself, in any spelling; empty if it did not say.
    :param issuer: decides where the family says nothing.
    """
    named = _FAMILIES.get("".join(letter for letter in family.lower() if letter.isalnum()))
    if named is not None:
        return named
    try:
        host = (urlsplit(issuer).hostname or "").lower()
    except ValueError:  # an issuer is any text
        return PLAIN
    for domain, profile in _DOMAINS.items():
        if host == domain or host.endswith("." + domain):
            return profile
    return PLAIN
