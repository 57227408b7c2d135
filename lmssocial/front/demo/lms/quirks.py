"""Habits of products, as far as tools stumble over them. Northfield Academy has none; a test may switch them on."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Quirks:
    """How a platform departs from what a tool would expect of one."""

    family: str = "northfield"
    """``product_family_code`` of launches and of the configuration."""

    page: int = 20
    """Entries in a page when the tool asks for no number."""
    largest_page: int = 100
    tells_differences: bool = False
    """Whether rosters name an address for what changed since (NRPS 2.0 §2.4.3)."""
    curly_links: bool = False
    """Whether pages of line items are linked as Moodle does: ``rel=“next”`` in curly quotes, ``&`` as ``&amp;``."""

    course_is_link: bool = False
    """Whether ``rlid`` may be the id of the course: everybody, with the custom parameters of the tool."""
    short_roles: bool = False
    """Whether the roster says ``Learner`` instead of the full URI."""
    assistants_are_learners: bool = False
    """Whether the roster calls teaching assistants learners, whatever they are at launch."""
    custom_numbers: bool = False
    """Whether custom values that are numbers are sent as numbers."""
    unresolved: Sequence[str] = ()
    """Variables of custom parameters that are sent as they are."""

    item_query: str = ""
    """What addresses of line items have behind ``?``."""
    whole_seconds: bool = False
    """Whether a score of the same second as the one that is there is refused as not newer."""
    stale_status: int = 409
    stale_says: str = "A score with this timestamp or a later one is already here."
    refuses_future: bool = False
    """Whether a score from more than a second ahead of the platform's clock is refused with 409."""
    erases_unless_final: bool = False
    """Whether a score that is not ``FullyGraded`` wipes out the grade."""
    exact_types: bool = False
    """Whether a request is refused unless its media type is the very one of the standard."""
    strange_person: int = 404
    """Status of a score for somebody who is not in the course."""
    strange_person_says: str = "userId is nobody in this course."
    refuses_staff: bool = False
    """Whether a score for somebody who is no learner is refused like one for a stranger."""
    results_break_on_limit: bool = False
    """Whether asking for results with a ``limit`` ends in status 500."""
    filter_drops_comments: bool = False
    """Whether results narrowed to one person come without their comments."""

    token_audience: str = ""
    """What assertions must be addressed to; empty: the token endpoint."""
    leeway: int = 30
    """Seconds by which the tool's clock may differ from the platform's."""
    single_audience: bool = False
    """Whether ``aud`` of an assertion must be a text and no list."""
    strict_scopes: bool = False
    """Whether asking for one scope too many is refused, instead of granting the others."""
    needs_user_agent: bool = False
    """Whether requests without a ``User-Agent`` are refused with 403."""


NONE = Quirks()
