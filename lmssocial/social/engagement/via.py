"""What led somebody to a page: its link says so in the address, and what they read there is recorded with it."""

from enum import StrEnum

PARAMETER = "via"
"""What it is called in an address and in a form."""


class Via(StrEnum):
    """A way to what somebody reads. Anything else an address may say is nothing."""

    NOTHING = ""
    SEARCH = "search"
    """A result of a search."""
    NOTICE = "notice"
    """A notice under the bell."""
    DIGEST = "digest"
    """A message that went out: an e-mail or a digest."""
    SHARED = "shared"
    """A thread in another community that carries it there."""


def via_of(said: str | None) -> Via:
    """What an address or a form says; nothing, if it is no way we know."""
    try:
        return Via(said or "")
    except ValueError:
        return Via.NOTHING


def with_via(path: str, via: Via) -> str:
    """``path``, which may have a query and a fragment, saying that ``via`` led there."""
    address, mark, fragment = path.partition("#")
    return f"{address}{'&' if '?' in address else '?'}{PARAMETER}={via}{mark}{fragment}"
