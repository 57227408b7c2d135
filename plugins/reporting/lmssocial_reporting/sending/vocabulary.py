"""The words of the two standards for each kind of evidence.

xAPI: verbs others use already where there are some, so that what reads their statements understands ours; our own under
one base, published as an xAPI profile (:mod:`.profile`). Caliper 1.2: only what its profiles model, and generic events
for the rest. Nothing of its assessment, grading and assignable profiles is used: who acts in which role has nothing to
do with grades.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lmssocial_reporting.definition import Kind

BASE = "urn:lmssocial:xapi"
"""Before our own verbs, types and extensions."""
PROFILE = f"{BASE}:profile"
PROFILE_VERSION = f"{PROFILE}:1"
KIND, ROLE, DEFINITION, GRAIN = (
    f"{BASE}:extensions:{name}" for name in ("kind", "role", "definition", "grain")
)
"""The extensions of the context: what the act was evidence of, by which definition, and how exact its time is."""

DISCUSSION = "http://id.tincanapi.com/activitytype/discussion"
COURSE = "http://adlnet.gov/expapi/activities/course"
PROFILE_TYPE = "http://adlnet.gov/expapi/activities/profile"
VOIDED = "http://adlnet.gov/expapi/verbs/voided"


@dataclass(frozen=True)
class Verb:
    """A verb of xAPI."""

    id: str
    display: str
    own: bool = False
    """Whether it is one of ours."""


def _own(name: str, display: str) -> Verb:
    return Verb(f"{BASE}:verbs:{name}", display, own=True)


_POSTED = Verb("https://w3id.org/xapi/acrossx/verbs/posted", "posted")
_VOTED = Verb("https://w3id.org/xapi/openedx/verb/voted", "voted")

VERBS: Mapping[Kind, Verb] = MappingProxyType(
    {
        Kind.ITEM_OPENED: Verb("http://id.tincanapi.com/verb/viewed", "viewed"),
        Kind.SEARCH_USED: Verb("https://w3id.org/xapi/acrossx/verbs/searched", "searched"),
        Kind.ITEM_KEPT: Verb("http://id.tincanapi.com/verb/bookmarked", "bookmarked"),
        Kind.HELP_ASKED: Verb("http://adlnet.gov/expapi/verbs/asked", "asked"),
        Kind.ITEM_POSTED: _POSTED,
        Kind.REPLY_POSTED: Verb("http://adlnet.gov/expapi/verbs/commented", "commented"),
        Kind.ITEM_IMPROVED: Verb("https://w3id.org/xapi/acrossx/verbs/edited", "edited"),
        Kind.PERSON_INTRODUCED: _own("introduced", "introduced"),
        Kind.QUESTION_REFERRED: _own("referred", "referred"),
        Kind.ITEM_POINTED: _own("pointed-to", "pointed to"),
        Kind.MEMBER_BROUGHT: Verb("http://activitystrea.ms/join", "joined"),
        Kind.ITEM_SHARED: Verb("http://adlnet.gov/expapi/verbs/shared", "shared"),
        Kind.DIGEST_PUBLISHED: _POSTED,
        Kind.ITEM_ENDORSED: _VOTED,
        Kind.NEWCOMER_WELCOMED: _POSTED,
        Kind.CARE_REQUEST: _POSTED,
        Kind.CARE_MODERATED: _own("looked-after", "looked after"),
        Kind.CARE_GOVERNED: _own("governed", "governed"),
    }
)
"""The verb of each kind."""


@dataclass(frozen=True)
class Measured:
    """How Caliper 1.2 says it: the type of the event, its profile and action, and the type of its object."""

    event: str
    profile: str
    action: str
    object: str


_MESSAGE = Measured("MessageEvent", "ForumProfile", "Posted", "Message")

CALIPER: Mapping[Kind, Measured] = MappingProxyType(
    {
        Kind.ITEM_OPENED: Measured("ViewEvent", "ForumProfile", "Viewed", "Message"),
        Kind.SEARCH_USED: Measured("SearchEvent", "SearchProfile", "Searched", "SoftwareApplication"),
        Kind.ITEM_KEPT: Measured("AnnotationEvent", "AnnotationProfile", "Bookmarked", "DigitalResource"),
        Kind.HELP_ASKED: _MESSAGE,
        Kind.ITEM_POSTED: _MESSAGE,
        Kind.REPLY_POSTED: _MESSAGE,
        Kind.ITEM_IMPROVED: Measured(
            "ResourceManagementEvent", "ResourceManagementProfile", "Modified", "DigitalResource"
        ),
        Kind.PERSON_INTRODUCED: Measured("Event", "GeneralProfile", "Recommended", "Person"),
        Kind.QUESTION_REFERRED: Measured("Event", "GeneralProfile", "ForwardedTo", "Message"),
        Kind.ITEM_POINTED: Measured("Event", "GeneralProfile", "Linked", "Message"),
        Kind.MEMBER_BROUGHT: Measured("Event", "GeneralProfile", "Accepted", "Thread"),
        Kind.ITEM_SHARED: Measured("AnnotationEvent", "AnnotationProfile", "Shared", "DigitalResource"),
        Kind.DIGEST_PUBLISHED: _MESSAGE,
        Kind.ITEM_ENDORSED: Measured("Event", "GeneralProfile", "Recommended", "Message"),
        Kind.NEWCOMER_WELCOMED: _MESSAGE,
        Kind.CARE_REQUEST: _MESSAGE,
        Kind.CARE_MODERATED: Measured(
            "ResourceManagementEvent", "ResourceManagementProfile", "Modified", "DigitalResource"
        ),
        Kind.CARE_GOVERNED: Measured("Event", "GeneralProfile", "Reviewed", "DigitalResource"),
    }
)
"""The event of each kind."""

WORK_OPENED = Measured("ViewEvent", "ReadingProfile", "Viewed", "Document")
WORK_POSTED = Measured("ResourceManagementEvent", "ResourceManagementProfile", "Published", "DigitalResource")
WORK_REVIEWED = Measured("FeedbackEvent", "FeedbackProfile", "Commented", "DigitalResource")
"""What is handed in and reviewed is no message."""


def measured(kind: Kind, item: str) -> Measured:
    """How Caliper says evidence of ``kind`` about ``item``."""
    works = {Kind.ITEM_OPENED: WORK_OPENED, Kind.ITEM_POSTED: WORK_POSTED, Kind.REPLY_POSTED: WORK_REVIEWED}
    return works.get(kind, CALIPER[kind]) if item.startswith("w") else CALIPER[kind]
