"""What staff and learners hand in about grading, as values."""

from dataclasses import dataclass

from lmssocial.social.rubrics.criteria import Criterion


@dataclass(frozen=True, kw_only=True)
class SetupDraft:
    """How a discussion is graded."""

    choose: int
    """How many posts each learner chooses; 0: nothing is graded."""
    rubric: tuple[Criterion, ...]


@dataclass(frozen=True, kw_only=True)
class GradeDraft:
    """A grade for one learner."""

    user_id: int
    levels: tuple[int, ...]
    """For each criterion the index of the level that was reached."""
    comment: str
    seen: str
    """:func:`~lmssocial.widgets.discussion.grading.seen.seen` of what the grader had before them."""
    give_back: bool
    """Whether the learner shall see it now."""
