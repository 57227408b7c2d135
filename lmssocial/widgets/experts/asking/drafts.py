"""What somebody asks, as values."""

from dataclasses import dataclass

from lmssocial.widgets.experts.models import Audience, Urgency

SHORTEST_TITLE = 10
"""Characters of a title: less says nothing to whoever is asked to answer."""
MOST_TOPICS = 5
LONGEST_TOPIC = 60
"""Characters of the name of a topic."""


@dataclass(frozen=True, kw_only=True)
class QuestionDraft:
    """A question as it was written."""

    title: str
    source: str
    topics: tuple[str, ...] = ()
    """Names of topics, as written."""
    context_title: str = ""
    """The page of the course it came from."""
    context_url: str = ""
    urgency: Urgency = Urgency.NORMAL
    audience: Audience = Audience.EVERYBODY
    language: str = ""
    """In which it may be answered (BCP 47); empty: any."""
    submission_key: str | None = None
    """The name of the form it was written in: the same form sent twice asks once."""


@dataclass(frozen=True, kw_only=True)
class EditDraft(QuestionDraft):
    """A question as it shall be from now on."""

    question_id: int
    seen_version: int
    """Of the words that the asker had before their eyes."""
