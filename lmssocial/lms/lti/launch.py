"""A launch as the rest of the program sees it: checked, typed, frozen, without a trace of JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from lmssocial.lms.lti.roles import TEST_USER, LtiRole


class MessageType(StrEnum):
    """What the LMS wants of us."""

    RESOURCE_LINK = "LtiResourceLinkRequest"
    """Somebody opened an activity (LTI Core 1.3 §5)."""
    DEEP_LINKING = "LtiDeepLinkingRequest"
    """An instructor chooses what to place in the course (Deep Linking 2.0 §4.4)."""
    SUBMISSION_REVIEW = "LtiSubmissionReviewRequest"
    """Somebody opened one person's grade; Moodle sends it to tools that never asked for it."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who launched, as far as the LMS lets us know."""

    sub: str | None
    """The LMS's lasting name for them, unique within the registration; ``None`` for an anonymous launch."""
    name: str = ""
    given_name: str = ""
    family_name: str = ""
    email: str = ""
    """For display and notices, never to recognise anybody by."""
    locale: str = ""
    """As a BCP 47 tag; empty when the LMS did not say."""

    @property
    def full_name(self) -> str:
        """The name to show: the full one, or one made of its parts; empty when the LMS sends no names."""
        return self.name or f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, kw_only=True)
class Context:
    """The course it happened in (§5.4.1)."""

    id: str
    title: str = ""
    label: str = ""
    types: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ResourceLink:
    """The link in the course that was opened (§5.3.5)."""

    id: str
    title: str = ""
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class Memberships:
    """Where the roster is (Names and Role Provisioning Services 2.0 §3.6.1.1)."""

    url: str
    versions: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Grades:
    """Where grades go (Assignment and Grade Services 2.0 §3.1)."""

    scopes: frozenset[str] = frozenset()
    line_items_url: str = ""
    line_item_url: str = ""
    """The line item of this link; some platforms leave it out although there is one."""


@dataclass(frozen=True, kw_only=True)
class Groups:
    """Where the course's groups are (Course Groups Service 1.0)."""

    scopes: frozenset[str] = frozenset()
    groups_url: str
    sets_url: str = ""


@dataclass(frozen=True, kw_only=True)
class NoticeService:
    """Where notices are asked for, and which there are (Platform Notification Service 1.0 §3.1)."""

    url: str
    kinds: frozenset[str] = frozenset()
    """``LtiContextCopyNotice`` …"""
    scopes: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Presentation:
    """How the LMS shows us (§5.4.4)."""

    document_target: str = ""
    """``iframe``, ``window`` or ``frame``."""
    return_url: str = ""
    """Where *back to the course* leads; always http(s), empty when the LMS gave none."""


@dataclass(frozen=True, kw_only=True)
class DeepLinkingSettings:
    """What the LMS takes back from a deep-linking request (Deep Linking 2.0 §4.4.1)."""

    return_url: str
    accept_types: frozenset[str]
    accept_document_targets: frozenset[str]
    accept_multiple: bool
    accept_line_item: bool
    auto_create: bool
    data: str | None
    """To be echoed as it is when given (§4.5.6)."""
    title: str = ""
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Migration:
    """What LTI 1.1 called things, as the platform says (LTI 1.3 Migration Guide §2)."""

    consumer_key: str
    signature: str
    signed_text: str
    """What the signature is made of."""
    user_id: str = ""
    """Empty where LTI 1.1 knew no such thing, as in launches without a person; likewise the others."""
    context_id: str = ""
    resource_link_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Launch:
    """One admitted message of an LMS."""

    message_type: MessageType
    registration_id: int
    deployment_id: str
    """As the LMS names it; whether we know and approve of it, tenancy decides."""
    person: Person
    roles: frozenset[LtiRole]
    context: Context | None
    resource_link: ResourceLink | None
    target_link_uri: str
    custom: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Custom parameters as text. Variables the LMS left unresolved (``$ResourceLink.id.history``) are not in it."""
    locale: str = ""
    """The language to show, from the presentation or else the person."""
    presentation: Presentation = Presentation()
    product_family: str = ""
    """``moodle``, ``canvas`` … when the LMS named itself."""
    memberships: Memberships | None = None
    grades: Grades | None = None
    groups: Groups | None = None
    notices: NoticeService | None = None
    deep_linking: DeepLinkingSettings | None = None
    migration: Migration | None = None
    """Not to be believed before :func:`~lmssocial.lms.lti.migration.is_signed_with` says so."""
    review_of: str | None = None
    """In a submission review: the ``sub`` of the person whose work is looked at."""
    issued_at: datetime | None = None
    """When the token was issued, by the LMS's clock; ``None`` if it does not come from a token."""

    @property
    def is_test_user(self) -> bool:
        """Whether nobody real is behind this launch."""
        return TEST_USER in self.roles
