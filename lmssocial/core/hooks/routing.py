"""What rankings of expert connect get to see, and badges as plugins offer them. Values and nothing else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A question that somebody is looked for to answer."""

    question_id: int
    """The same number for the same question."""
    tenant_id: int
    """The customer it is asked at."""
    community_id: int
    """The community it is asked in."""
    asker_id: int
    """Who asks; the same number for the same person."""
    title: str
    """As it was asked."""
    text: str
    """Its words, without markup."""
    topics: tuple[str, ...] = ()
    """The names of its topics."""
    is_urgent: bool = False
    """Whether there is an exam, or a date."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody who may be invited. Whoever may not, or has no time, is not among them."""

    user_id: int
    """The same number for the same person."""
    community_id: int
    """Where they offered themselves."""
    answers: int = 0
    """Answers of theirs that stand."""
    accepted: int = 0
    """Those of them that resolved something, or were endorsed."""
    on_topic: int = 0
    """Answers about a topic of the question."""
    declared: bool = False
    """Whether they say that they know about one of its topics."""
    endorsed: float = 0.0
    """What endorsements for its topics weigh together; 1 for each by somebody of whom nothing is known."""
    is_sme: bool = False
    """Whether staff appointed them as SME of one of its topics."""
    helpfulness: float = 0.5
    """From 0 to 1: how helpful askers found their answers, drawn to the middle where there are few."""
    invited: int = 0
    """Invitations ever."""
    taken: int = 0
    """Those they accepted."""
    invited_lately: int = 0
    """Invitations in the last seven days."""
    similarity: float = 0.0
    """How much their answers resemble the question: BM25, summed, older ones less. Only to be compared."""
    topicality: float = 0.0
    """How much, and how lately, they answered about its topics; rare topics more. Only to be compared."""
    recent_7: float = 0.0
    """Their answers, each halved every 7 days."""
    recent_30: float = 0.0
    """Likewise, every 30 days."""


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """A signal for who is invited first. The signals of all plugins that are on in a course are summed.

    :param name: unlike that of any other.
    :param rank: question, candidates → a number for some of them, by their user id. Pure, and quick.
    :param most: the largest number it may add or take off; what goes beyond is cut.
    """

    name: str
    rank: Callable[[Wanted, Sequence[Candidate]], Mapping[int, float]]
    most: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Badge:
    """A few words beside a name."""

    label: str
    """At most 40 characters, translated: ``SME in statistics``."""
    why: str = ""
    """One sentence that says where it comes from, translated; read aloud and shown on hover."""


@dataclass(frozen=True, kw_only=True)
class Badges:
    """Badges of some people in a community.

    :param name: unlike that of any other.
    :param of: session, community id, user ids → the badges of those who have some. One query, however many they are.
    """

    name: str
    of: Callable[[Any, int, Sequence[int]], Mapping[int, Sequence[Badge]]]
