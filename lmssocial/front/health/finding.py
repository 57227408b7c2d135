"""What a check finds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """The result of one check."""

    check: str
    ok: bool
    says: str
    """What was found, and if it is not well, what to do."""
    grave: bool = True
    """Whether the tool cannot serve people while this is so."""
