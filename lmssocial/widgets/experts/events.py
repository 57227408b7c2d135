"""What happens to questions. No event carries words: they can be removed, and the log cannot.

Nobody did what happened by the clock: ``actor_id`` is ``None`` then. Events of invitations are in
``invitation_events``, those around people in ``people_events``, those of office hours in ``hours_events``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from lmssocial.core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ExpertsEvent(Event):
    """Something happened in expert connect."""

    placement_id: int


@dataclass(frozen=True, kw_only=True)
class Configured(ExpertsEvent):
    """Staff changed how it is set."""

    name: ClassVar[str] = "experts.configured"

    changed: Sequence[str] = field(default_factory=list)
    """The names of the settings."""


@dataclass(frozen=True, kw_only=True)
class QuestionDeflected(ExpertsEvent):
    """Somebody wanted to ask, and what was there already solved it: nothing was sent."""

    name: ClassVar[str] = "experts.question_deflected"

    contribution_id: int
    """What solved it."""


@dataclass(frozen=True, kw_only=True)
class QuestionEvent(ExpertsEvent):
    """Something happened to a question."""

    question_id: int
    asker_id: int


@dataclass(frozen=True, kw_only=True)
class QuestionAsked(QuestionEvent):
    """It was published: asked by somebody, or let through by a moderator. The actor is its asker."""

    name: ClassVar[str] = "experts.question_asked"
    version: ClassVar[int] = 2

    contribution_id: int
    """What carries its words; moderators decide about that."""
    topic_ids: Sequence[int]
    audience: str
    urgency: str


@dataclass(frozen=True, kw_only=True)
class QuestionEdited(QuestionEvent):
    """Its asker gave it another wording, other topics, or showed it to others than before."""

    name: ClassVar[str] = "experts.question_edited"


@dataclass(frozen=True, kw_only=True)
class QuestionWithdrawn(QuestionEvent):
    """Its asker needs it no more. ``waiting_ids``: those who were asked, or had accepted."""

    name: ClassVar[str] = "experts.question_withdrawn"

    waiting_ids: Sequence[int] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class QuestionResolved(QuestionEvent):
    """It is resolved."""

    name: ClassVar[str] = "experts.question_resolved"

    how: str
    """As :class:`~lmssocial.widgets.experts.models.How`."""
    solution_id: int | None = None
    """The contribution that did it."""
    author_id: int | None = None
    """Who wrote that."""
    introduced_by_id: int | None = None
    """Who had thought of that person."""


@dataclass(frozen=True, kw_only=True)
class QuestionReopened(QuestionEvent):
    """It was not resolved after all."""

    name: ClassVar[str] = "experts.question_reopened"


@dataclass(frozen=True, kw_only=True)
class QuestionClosed(QuestionEvent):
    """A steward closed it without an answer."""

    name: ClassVar[str] = "experts.question_closed"

    waiting_ids: Sequence[int] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class QuestionMerged(QuestionEvent):
    """It is asked and answered in another one."""

    name: ClassVar[str] = "experts.question_merged"

    into_id: int
    waiting_ids: Sequence[int] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class QuestionOpenedToAll(QuestionEvent):
    """Everybody who reads it may answer now, and those who connect people hear of it."""

    name: ClassVar[str] = "experts.question_opened_to_all"

    why: str
    """``time``, ``nobody`` (knows the topic, or has time), ``asker`` or ``steward``."""


@dataclass(frozen=True, kw_only=True)
class QuestionEscalated(QuestionEvent):
    """It is on the stewards' desk."""

    name: ClassVar[str] = "experts.question_escalated"

    why: str
    """``time`` or ``nobody``."""


@dataclass(frozen=True, kw_only=True)
class QuestionRead(QuestionEvent):
    """Somebody saw the question, or answers to it, to the end for the first time. Nothing of their own is in it."""

    name: ClassVar[str] = "experts.question_read"

    question: bool
    """Whether the question itself was among it; else only answers were new to them."""
    answer_ids: Sequence[int]
    author_ids: Sequence[int]
    """Who gave those answers, one for each."""
    via: str
    """What led there, as :class:`~lmssocial.social.engagement.via.Via`; empty if nothing of that."""


@dataclass(frozen=True, kw_only=True)
class AnswerGiven(QuestionEvent):
    """An answer was published. The actor is its author, also if a moderator let it through."""

    name: ClassVar[str] = "experts.answer_given"
    version: ClassVar[int] = 2

    answer_id: int
    author_id: int
    introduced_by_id: int | None = None
    length: int
    """Characters of its author's own, without what is quoted."""
    links: Sequence[int]
    """Contributions that it links to."""
    linked_author_ids: Sequence[int]
    """Who wrote those, one for each."""


@dataclass(frozen=True, kw_only=True)
class AnswerEdited(QuestionEvent):
    """A published answer got another wording."""

    name: ClassVar[str] = "experts.answer_edited"
    version: ClassVar[int] = 2

    answer_id: int
    author_id: int
    changed: int
    """How many characters are different."""
    length_before: int
    """How many it had."""


@dataclass(frozen=True, kw_only=True)
class AnswerTakenBack(QuestionEvent):
    """An answer is out of sight: its author or a moderator took it away."""

    name: ClassVar[str] = "experts.answer_taken_back"

    answer_id: int
    author_id: int


@dataclass(frozen=True, kw_only=True)
class InfoAsked(QuestionEvent):
    """Somebody has to know more before they can answer; the clock stands still."""

    name: ClassVar[str] = "experts.info_asked"

    message_id: int
    author_id: int


@dataclass(frozen=True, kw_only=True)
class InfoGiven(QuestionEvent):
    """The asker said more, or anybody added something; the clock goes on."""

    name: ClassVar[str] = "experts.info_given"

    message_id: int
    author_id: int


@dataclass(frozen=True, kw_only=True)
class AnswerRated(QuestionEvent):
    """The asker said, privately, how helpful the answer was."""

    name: ClassVar[str] = "experts.answer_rated"

    author_id: int
    """Who answered."""
    value: int
    thanked: bool = False


@dataclass(frozen=True, kw_only=True)
class ClarityRated(QuestionEvent):
    """Whoever answered said, privately, how clear the question was."""

    name: ClassVar[str] = "experts.clarity_rated"

    value: int


@dataclass(frozen=True, kw_only=True)
class PublishingProposed(QuestionEvent):
    """Somebody wants to publish what was for experts only, which takes the consent of both sides."""

    name: ClassVar[str] = "experts.publishing_proposed"

    missing_ids: Sequence[int]
    """Who has not agreed yet."""


@dataclass(frozen=True, kw_only=True)
class AnswerPublished(QuestionEvent):
    """Question and answer became knowledge of the community."""

    name: ClassVar[str] = "experts.answer_published"

    author_id: int
    as_contribution_id: int
    """What carries it there."""


EVENT_TYPES: tuple[type[Event], ...] = (
    Configured,
    QuestionDeflected,
    QuestionAsked,
    QuestionEdited,
    QuestionWithdrawn,
    QuestionResolved,
    QuestionReopened,
    QuestionClosed,
    QuestionMerged,
    QuestionOpenedToAll,
    QuestionEscalated,
    QuestionRead,
    AnswerGiven,
    AnswerEdited,
    AnswerTakenBack,
    InfoAsked,
    InfoGiven,
    AnswerRated,
    ClarityRated,
    PublishingProposed,
    AnswerPublished,
)
"""All of them."""
