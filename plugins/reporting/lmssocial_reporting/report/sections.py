"""The sections of a written report: what each is called, the question that helps to write it, and its shape."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from flask_babel.speaklater import LazyString

from lmssocial.plugin import lazy_gettext as _l


class Name(StrEnum):
    """A section, in the order of the report."""

    OBJECTIVE = "objective"
    FINDINGS = "findings"
    TRENDS = "trends"
    NEEDS = "needs"
    BENEFITS = "benefits"
    IMPACT = "impact"
    STORIES = "stories"
    CHALLENGES = "challenges"
    FACTORS = "factors"
    BENCHMARKS = "benchmarks"
    STAKEHOLDERS = "stakeholders"
    ACTIONS = "actions"
    RESPONSIBLE = "responsible"


@dataclass(frozen=True)
class Column:
    """One column of a section that is a table."""

    key: str
    title: LazyString
    most: int = 1000
    """Characters, at most."""
    required: bool = False
    """Whether a row without it is none."""
    holds: str = "words"
    """``words``, ``line``, ``link``, ``day``, or ``source``: of events, and not to be changed."""


@dataclass(frozen=True)
class Section:
    """A section as it is asked for."""

    name: Name
    title: LazyString
    question: LazyString
    """Helps whoever writes it; it is printed nowhere."""
    columns: tuple[Column, ...] = ()
    """Empty: the section is running text."""


MOST_WORDS, MOST_ROWS = 10_000, 60
"""Characters of a section, and rows of one that is a table, at most."""

SECTIONS: Mapping[Name, Section] = MappingProxyType(
    {
        section.name: section
        for section in (
            Section(
                Name.OBJECTIVE,
                _l("Objective and its measure"),
                _l(
                    "What is this community for, which objective of the course or the organisation does it serve, "
                    "and by what of its own is that objective measured? Write the measure and what it says now, too."
                ),
            ),
            Section(
                Name.FINDINGS,
                _l("Findings"),
                _l(
                    "What do the figures say, in your words? What surprised you, and what would you conclude?"
                ),
            ),
            Section(
                Name.TRENDS,
                _l("Trends"),
                _l(
                    "What has been changing over the last windows, and what happened meanwhile that may explain it?"
                ),
            ),
            Section(
                Name.NEEDS,
                _l("Needs"),
                _l(
                    "What do members need: tools, guidance, training, a reason to take part? "
                    "What did they say themselves?"
                ),
            ),
            Section(
                Name.BENEFITS,
                _l("Benefits"),
                _l("What do members and the course gain from taking part, and who says so?"),
            ),
            Section(
                Name.IMPACT,
                _l("Impact"),
                _l(
                    "What became different for the objective, and what makes you think that the community contributed? "
                    "Impact is written by people; nothing here computes it."
                ),
            ),
            Section(
                Name.STORIES,
                _l("Success stories"),
                _l(
                    "Where did somebody learn, solve or start something because of others here? "
                    "Ask before you tell a story of somebody."
                ),
                (
                    Column("story", _l("What happened"), required=True),
                    Column("link", _l("Link to it"), 500, holds="link"),
                ),
            ),
            Section(
                Name.CHALLENGES,
                _l("Challenges and risks"),
                _l("What stands in the way, what could go wrong, and what would be the first sign of it?"),
            ),
            Section(
                Name.FACTORS,
                _l("Critical success factors"),
                _l(
                    "What has to be true for this community to do well, and what do you assume when you plan?"
                ),
            ),
            Section(
                Name.BENCHMARKS,
                _l("Benchmarks"),
                _l(
                    "With what do you compare yourselves: earlier terms, other communities, published figures? "
                    "Name the source, and how it differs from you."
                ),
            ),
            Section(
                Name.STAKEHOLDERS,
                _l("Stakeholder map"),
                _l("Who has a stake in this community: whose support, time or consent does it need?"),
                (
                    Column("who", _l("Name or group"), 200, required=True, holds="line"),
                    Column("interest", _l("Interest")),
                    Column("concern", _l("Concern")),
                    Column("answer", _l("What we do")),
                ),
            ),
            Section(
                Name.ACTIONS,
                _l("Actions agreed"),
                _l("What did you agree to do, who does it, and until when?"),
                (
                    Column("action", _l("Action"), required=True),
                    Column("who", _l("Who"), 200, holds="line"),
                    Column("until", _l("Until"), 10, holds="day"),
                ),
            ),
            Section(
                Name.RESPONSIBLE,
                _l("Who is responsible for the data"),
                _l(
                    "Who answers for the data of each source: whether it may be collected, how long it is kept, and "
                    "whom to ask? The data collection plan at the end of the report says it."
                ),
                (
                    Column("source", _l("Source"), 40, required=True, holds="source"),
                    Column("person", _l("Person or office"), 200, holds="line"),
                    Column("retention", _l("How long it is kept"), 300, holds="line"),
                ),
            ),
        )
    }
)
"""All of them, in order."""


def section_of(name: str) -> Section | None:
    """The section that an address names; ``None`` if there is no such."""
    return SECTIONS.get(Name(name)) if name in set(Name) else None
