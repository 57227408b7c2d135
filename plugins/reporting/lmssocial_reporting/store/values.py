"""Acts, readings and evidence: what a store keeps, whichever engine is behind it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from lmssocial_reporting.definition import Kind, Role


class Deed(StrEnum):
    """What somebody did, as the log tells it, before any rule of a definition looks at it."""

    POSTED = "posted"
    """Published something that answers nothing: a thread, a work."""
    ASKED = "asked"
    """Published a question; there is a POSTED beside it."""
    REPLIED = "replied"
    """Published an answer to ``other``, in ``thread``; ``number`` is its length in characters."""
    LINKED = "linked"
    """Their ``item`` links to ``target``, which ``other`` wrote."""
    NAMED = "named"
    """Their ``item`` names ``other``, in ``thread``."""
    REVIEWED = "reviewed"
    """Reviewed a work of ``other``."""
    EDITED = "edited"
    """Gave ``item``, by ``other``, another wording; ``number`` characters of it, and ``whole`` is its length before."""
    REMOVED = "removed"
    """Took ``item``, by ``other``, out of sight."""
    WITHDRAWN = "withdrawn"
    """A moderator decided against ``item``, by ``other``."""
    RESTORED = "restored"
    """``item`` is back."""
    READ = "read"
    """Saw ``item``, by ``other``, to its end; ``via`` says what led there."""
    SEARCHED = "searched"
    KEPT = "kept"
    UNKEPT = "unkept"
    FOLLOWED = "followed"
    UNFOLLOWED = "unfollowed"
    HELPFUL = "helpful"
    UNHELPFUL = "unhelpful"
    RATED = "rated"
    """``number`` stars; 0 took them back."""
    ENDORSED = "endorsed"
    UNENDORSED = "unendorsed"
    MENTIONED = "mentioned"
    """A special mention."""
    SHARED = "shared"
    """Brought ``item``, by ``other``, to another community, as ``target``, with ``number`` characters of their own."""
    INTRODUCED = "introduced"
    """Wants to bring two others together: one row for each, ``thread`` names the introduction."""
    MET = "met"
    """Those two wrote to each other."""
    REFERRED = "referred"
    """Thought of ``other`` for a question, ``item``."""
    ACCEPTED = "accepted"
    """Took a question, ``item``, that ``other`` had thought of them for."""
    SOLVED = "solved"
    """Said that ``item``, by ``other``, solved their question."""
    MODERATED = "moderated"
    """Looked after ``item``, by ``other``: ``via`` says how."""
    FLAGGED = "flagged"
    GOVERNED = "governed"
    """Looked after rules, targets or topics: ``via`` says how."""
    HOSTED = "hosted"
    """``other`` booked an office hour of theirs."""
    JOINED = "joined"
    """Came to the course for the first time."""


READING = (Deed.READ, Deed.SEARCHED)
"""What is not counted of who does not want their reading to be."""
LASTING = frozenset(
    {
        Deed.POSTED,
        Deed.ASKED,
        Deed.REPLIED,
        Deed.REMOVED,
        Deed.WITHDRAWN,
        Deed.RESTORED,
        Deed.MODERATED,
    }
)
"""What is kept, as the act of nobody, when somebody is erased: it says what there is, was answered, and is gone."""


class Act(NamedTuple):
    """Something somebody did. ``event_id`` and ``part`` name it, so that the same one handed in twice is one.

    A tuple, because a page may read tens of thousands of them.
    """

    event_id: int
    tenant_id: int
    course_id: int
    at: datetime
    day: date
    """In the time zone of the course."""
    member: int
    """Who did it; 0 once they were erased."""
    lms_role: str
    deed: Deed
    part: int = 0
    """Which of the acts that one event tells of."""
    item: str = ""
    """What it was done to: ``c12`` a contribution, ``q7`` a question to experts, ``w3`` a work, ``h5`` office hours."""
    other: int = 0
    """Whom it served; 0 for nobody in particular, never ``member``."""
    thread: str = ""
    """What it belongs to: ``t9`` a thread, ``q7`` a question, ``w3`` a work, ``i4`` an introduction."""
    target: str = ""
    """The other item of a link or a share."""
    placement_id: int = 0
    widget: str = ""
    number: int = 0
    whole: int = 0
    via: str = ""
    """What led there (``search``, ``notice``, ``digest``, ``shared``; empty: the widget itself), or how it was done."""


class Reading(NamedTuple):
    """That somebody saw an item of somebody else to its end: a READ of :class:`Act`, slim, because there are many."""

    at: datetime
    member: int
    item: str
    other: int
    thread: str
    placement_id: int
    via: str


@dataclass(frozen=True, kw_only=True, order=True)
class Evidence:
    """That somebody acted in a role on a day. Unique in all but ``third``, ``at`` and ``placement_id``."""

    course_id: int
    day: date
    member: int
    role: Role
    kind: Kind
    other: int
    """Whom the act served; 0 for nobody in particular."""
    item: str
    third: bool = True
    """Whether a third person touched the same thread within the time of uptake; see ``lone_ties`` of the definition."""
    placement_id: int = 0
    widget: str = ""
    thread: str = ""
    """As in :class:`Act`."""
