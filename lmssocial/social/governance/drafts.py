"""What people hand in under a community's settings."""

from dataclasses import dataclass

HOURS = (1, 14 * 24)
"""The shortest and the longest time that authors may be promised for an answer."""
RULES = 12
"""Ground rules a community may have: more nobody reads while writing."""
LONGEST = 200
"""Characters of one ground rule."""


@dataclass(frozen=True, kw_only=True)
class RulesDraft:
    """What the members agreed on, and within how many hours moderators decide."""

    rules: tuple[str, ...]
    answer_hours: int
