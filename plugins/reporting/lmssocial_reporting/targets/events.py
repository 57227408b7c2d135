"""What happens to targets, as the log of events tells it. Who voted for what is nobody's business, and not in it."""

from dataclasses import dataclass

from lmssocial.plugin import Event


@dataclass(frozen=True, kw_only=True)
class TargetEvent(Event):
    """Something about a target."""

    target_id: int
    scope: str
    """``course-3``, ``span-7`` or ``all``."""
    placement_id: int
    """The activity from which it was done."""


@dataclass(frozen=True, kw_only=True)
class TargetDrafted(TargetEvent):
    """Somebody wrote a target down."""

    name = "reporting.target_drafted"


@dataclass(frozen=True, kw_only=True)
class TargetConsulted(TargetEvent):
    """The members are asked what they think of it."""

    name = "reporting.target_consulted"
    ends_on: str
    """The last day on which they say so, ISO 8601."""


@dataclass(frozen=True, kw_only=True)
class TargetRatified(TargetEvent):
    """It is in force."""

    name = "reporting.target_ratified"


@dataclass(frozen=True, kw_only=True)
class TargetRetired(TargetEvent):
    """It is in force no more, or was not agreed on."""

    name = "reporting.target_retired"


@dataclass(frozen=True, kw_only=True)
class SetterNamed(TargetEvent):
    """Somebody was asked to set a target with others."""

    name = "reporting.setter_named"
    user_id: int


@dataclass(frozen=True, kw_only=True)
class RemarkWritten(TargetEvent):
    """Somebody said something of a target while members were asked."""

    name = "reporting.remark_written"


@dataclass(frozen=True, kw_only=True)
class ConsultationOver(TargetEvent):
    """The last day on which members could say what they think has passed. Nobody did that; the calendar did."""

    name = "reporting.consultation_over"


@dataclass(frozen=True, kw_only=True)
class ReviewDue(TargetEvent):
    """The day on which its setters wanted to look at it again has come. Nobody did that; the calendar did."""

    name = "reporting.review_due"


EVENTS: tuple[type[TargetEvent], ...] = (
    TargetDrafted,
    TargetConsulted,
    TargetRatified,
    TargetRetired,
    SetterNamed,
    RemarkWritten,
    ConsultationOver,
    ReviewDue,
)
"""All of them, to be registered."""
