"""What the log tells of assessments: that there is one, so that its people are told; not what it says."""

from dataclasses import dataclass

from lmssocial.plugin import Event


@dataclass(frozen=True, kw_only=True)
class AssessmentEvent(Event):
    """Something about an assessment of skills."""

    assessment_id: int
    placement_id: int
    """The activity from which it was done."""


@dataclass(frozen=True, kw_only=True)
class AssessmentAsked(AssessmentEvent):
    """Somebody asked a colleague what they say of their skills."""

    name = "reporting.assessment_asked"


@dataclass(frozen=True, kw_only=True)
class AssessmentGiven(AssessmentEvent):
    """A colleague who was asked said something."""

    name = "reporting.assessment_given"


EVENTS: tuple[type[AssessmentEvent], ...] = (AssessmentAsked, AssessmentGiven)
"""All of them, to be registered."""
