"""The values that travel through hooks. Frozen; fields are only ever added."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any


class Ruling(IntEnum):
    """What a policy makes of something, from mildest to strictest; the strictest of all rulings wins."""

    ALLOW = 0
    """Publish."""
    ANNOTATE = 1
    """Publish, and tell the author something."""
    REDACT = 2
    """Publish without the words that the spans point at; author and moderators can still see them."""
    HOLD = 3
    """Show it to the author and the moderators only, until one of them decides."""
    REJECT = 4
    """Refuse it; the author keeps the text and hears why."""


class Stance(StrEnum):
    """How much a policy's word counts in a place."""

    OFF = "off"
    """It is not asked."""
    SHADOW = "shadow"
    """It is asked and its verdicts are noted; nobody notices."""
    ADVISE = "advise"
    """Its sentences are shown to authors; it stops nothing."""
    ENFORCE = "enforce"
    """Its verdicts count, up to what the community's quality tier allows a machine."""


class Concern(StrEnum):
    """What a verdict is about; the quality tiers allow a machine more about some concerns than about others."""

    CONTENT = "content"
    """What somebody says, and how."""
    PERSONAL_DATA = "personal_data"
    """Somebody's address, number or document stands in it."""
    ATTACHMENT = "attachment"
    """A file that goes with it."""
    IMPERSONATION = "impersonation"
    """Somebody looks like somebody else."""
    SAFETY = "safety"
    """A virus, a forged file type: a hard limit of the installation, which may refuse in every tier."""


class Moment(StrEnum):
    """When a policy is asked."""

    DRAFT = "draft"
    """While somebody is still writing; nothing stronger than ANNOTATE is heard."""
    CREATE = "create"
    """Before something new is published."""
    EDIT = "edit"
    """Before another wording of something takes its place."""


class Need(StrEnum):
    """What a policy has to know beyond the words; it costs a query, so a manifest names it."""

    STANDING = "standing"
    """:attr:`Submission.standing`."""
    STAFF_NAMES = "staff_names"
    """:attr:`Submission.staff_names`."""


@dataclass(frozen=True)
class Span:
    """Words in :attr:`Submission.source`: from the character at ``start`` up to, and without, that at ``end``."""

    start: int
    """The first of them, counted from 0."""
    end: int
    """The first after them."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One policy's opinion, with what its author has to be told.

    :param ruling: what should happen.
    :param reason: a stable code for logs and reports, such as ``too-many-links``.
    :param message: one sentence for the author, translated, in plain words.
    :param rule: the ground rule or sentence of the institution it rests on, quoted; empty if there is none.
    :param spans: the words it is about, as places in the source; the author sees them marked.
    :param suggestion: one sentence that says what would pass.
    :param confidence: how sure the policy is, from 0 to 1.
    :param concern: what it is about.
    :param approvals: how many people have to approve what is held; at least one.
    """

    ruling: Ruling
    reason: str
    message: str
    rule: str = ""
    spans: tuple[Span, ...] = ()
    suggestion: str = ""
    confidence: float = 1.0
    concern: Concern = Concern.CONTENT
    approvals: int = 1


@dataclass(frozen=True, kw_only=True)
class RecentPost:
    """Something the author posted in the community during the last hour."""

    seconds_ago: float
    """When, counted back from now."""
    kind: str
    """As :attr:`Submission.kind`."""
    source: str
    """Its Markdown."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the community knows of an author. It never counts days of presence or posts read."""

    published: int = 0
    """Posts of theirs that everybody in the community can read."""
    declined: int = 0
    """Posts of theirs that a moderator did not publish."""
    upheld_flags: int = 0
    """Flags against their posts that a moderator found right."""
    recent: tuple[RecentPost, ...] = ()
    """Their posts of the last hour, newest first, at most 30."""


@dataclass(frozen=True, kw_only=True)
class ReplyTo:
    """What a submission answers."""

    author_id: int
    """Who wrote that."""
    author_role: str
    """As :attr:`Submission.author_role`."""
    seconds_since: float
    """Since it was published."""
    author_published: int = 0
    """Posts of its author that everybody can read; a newcomer has few. Known with :attr:`Need.STANDING`."""


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What a person is about to publish, as policies see it. Plain values: same submission, same verdict."""

    kind: str
    """``discussion.thread``, ``discussion.reply`` …"""
    tenant_id: int
    """The customer it is written at."""
    community_id: int
    """The community it is written in."""
    author_id: int
    """Who writes it; the same number for the same person."""
    author_role: str
    """The author's leading LMS role: ``learner``, ``instructor`` …"""
    title: str
    """Of the thread, if it opens one; empty otherwise."""
    source: str
    """The Markdown as written."""
    text: str
    """The words alone, without markup."""
    links: tuple[str, ...] = ()
    """Addresses of the links in it, in order, as a reader could follow them."""
    moment: Moment = Moment.CREATE
    """Whether it is a draft, new, or another wording."""
    author_name: str = ""
    """As the LMS gave it."""
    author_offices: frozenset[str] = frozenset()
    """What the author looks after in the community: ``steward``, ``sme``."""
    at: datetime | None = None
    """When it is handed in (UTC)."""
    previous: str = ""
    """The Markdown it replaces, on an edit."""
    tier: str = "open"
    """The community's quality tier: ``open``, ``reviewed``, ``assured``."""
    ground_rules: tuple[str, ...] = ()
    """What the members agreed on, a sentence each."""
    reply_to: ReplyTo | None = None
    """What it answers, if it answers something."""
    standing: Standing | None = None
    """Known to policies that need :attr:`Need.STANDING`."""
    staff_names: tuple[str, ...] = ()
    """Names of the community's instructors, stewards and SMEs, for policies that need :attr:`Need.STAFF_NAMES`."""

    @property
    def is_edit(self) -> bool:
        """Whether this replaces something already written."""
        return self.moment is Moment.EDIT


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that a person is about to attach, as policies see it."""

    tenant_id: int
    """As :attr:`Submission.tenant_id`, and so are the next three."""
    community_id: int
    """The community it is for."""
    author_id: int
    """Who attaches it."""
    author_role: str
    """Their leading LMS role."""
    name: str
    """The file's name, without folders."""
    declared_type: str
    """The media type the browser said."""
    data: bytes
    """The file itself, within the installation's size limit."""
    alt: str = ""
    """What the author wrote instead of the picture."""
    author_offices: frozenset[str] = frozenset()
    """What they look after in the community: ``steward``, ``sme``."""


@dataclass(frozen=True, kw_only=True)
class LineItemDraft:
    """The column of the LMS's gradebook that an activity brings along when an instructor chooses it in their LMS."""

    maximum: float
    """The most points somebody can reach; more than 0."""


@dataclass(frozen=True, kw_only=True)
class Widget:
    """A kind of activity that can be placed in a course.

    :param kind: its name in ``custom`` parameters and URLs: ``discussion``.
    :param title: translated name for people; may be lazy.
    :param summary: one translated sentence for the instructor who chooses.
    :param home_endpoint: Flask endpoint of its first page; takes ``placement_id``.
    :param blueprint: a Flask blueprint, mounted at ``/w/<placement_id>/<kind>``.
    :param nav_label: translated short label for the navigation bar.
    :param moderated: kind prefix of its contributions → its side of the moderation port, if it has contributions.
    :param reads: whether an actor may read the words of a contribution: ``reads(session, actor, contribution_id)``.
        The files that belong to one are served by its answer; without it only to who uploaded them.
    :param engaged: kind prefix of its contributions → its side of the engagement port: who may mark a contribution,
        and what changes when somebody does.
    :param notices: name of an event → what notices about it are, for whom, and how they read.
    """

    kind: str
    title: str
    summary: str
    home_endpoint: str
    blueprint: Any
    nav_label: str = ""
    moderated: dict[str, Any] = field(default_factory=dict)
    reads: Callable[[Any, Any, int], bool] | None = None
    engaged: dict[str, Any] = field(default_factory=dict)
    notices: dict[str, Any] = field(default_factory=dict)
    followed: Any = None
    """Its side of the digests: what is new in what somebody follows."""
    copied: Callable[[Any, Any, int, int], None] | None = None
    """``copied(session, actor, from_id, to_id)``, called once, when the first instructor comes to a copied placement:
    what belongs into every copy comes along. What people wrote never does."""
    line_item: Callable[[Any], LineItemDraft | None] | None = None
    """``line_item(settings)``: the column that a placement with these settings has in the LMS's gradebook; ``None`` if
    nothing in it is graded. Without it, nothing in widgets of this kind ever is."""
    graded: Callable[[Any, float], Any] | None = None
    """``graded(settings, points)``: the settings of a placement in which people reach up to so many points. Asked when
    an instructor says in the picker that it is graded; without it the picker does not ask. Needs ``line_item``."""
    knowledge: Any = None
    """Its side of what a community knows: what resembles a question, and where a published answer goes. Without it,
    nothing in widgets of this kind is offered as an answer."""
    review: Callable[[Any, int, int], str] | None = None
    """``review(actor, placement_id, user_id)``, called in a request: the path of the page on which the actor looks at
    somebody's work and grade; empty if there is none for them. The LMS leads there from its gradebook."""
