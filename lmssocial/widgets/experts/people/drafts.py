"""What people hand in about themselves, as values."""

from dataclasses import dataclass

from lmssocial.widgets.experts.models import Reach


@dataclass(frozen=True, kw_only=True)
class ProfileDraft:
    """How somebody wants to be asked."""

    reach: Reach = Reach.NONE
    topics: tuple[str, ...] = ()
    """Names, as written."""
    bio: str = ""
    """Markdown."""
    languages: tuple[str, ...] = ()
    """BCP 47 tags; none: any."""
    zone: str = ""
    """An IANA name; empty: as the activity is set."""
    opens: int = 8
    closes: int = 20
    days: str = "12345"
    """The days on which they are waited for: 1 is Monday."""
    most_open: int = 2
    most_week: int = 3
    connects: bool = False
    meeting_place: str = ""
    seen: str = ""
    """Names the state that the form showed (:func:`~.profiles.fingerprint`)."""
