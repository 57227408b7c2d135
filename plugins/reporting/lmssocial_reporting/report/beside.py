"""What the figures say at present beside each section that is being written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lmssocial.plugin import gettext as _
from lmssocial_reporting.charts.drawing import highest, lowest, percent
from lmssocial_reporting.profile.figures import RoleFigure
from lmssocial_reporting.profile.reading import ProfilePage
from lmssocial_reporting.report.document import Measure
from lmssocial_reporting.report.sections import Name
from lmssocial_reporting.roles.words import role_title
from lmssocial_reporting.skills.support import Need, Support
from lmssocial_reporting.skills.words import need_words
from lmssocial_reporting.targets.values import Target

SPEAKING = frozenset(
    {Name.OBJECTIVE, Name.FINDINGS, Name.TRENDS, Name.NEEDS, Name.BENEFITS, Name.CHALLENGES, Name.BENCHMARKS}
)
"""The sections beside which figures have something to say. Impact is none of them, and will be none."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the other pages say."""

    page: ProfilePage
    target: Target | None
    measures: Sequence[Measure]


def beside(found: Found) -> Mapping[str, tuple[str, ...]]:
    """Sentences by section. Impact has none, and will have none."""
    page = found.page
    return {
        Name.OBJECTIVE.value: (_purpose(found.target),),
        Name.FINDINGS.value: _findings(page),
        Name.TRENDS.value: _trends(page),
        Name.BENEFITS.value: tuple(
            _("%(name)s: %(value)s", name=one.name, value=one.value) for one in found.measures
        ),
        Name.CHALLENGES.value: _challenges(page),
        Name.BENCHMARKS.value: (
            _(
                "Of voluntary communities it is reported that 5 to 10 per cent of the members contribute actively; in "
                "courses that grade discussions it can be nine in ten. Which of the two is yours?"
            ),
        ),
    }


def needs(supports: Sequence[Support]) -> tuple[str, ...]:
    """Where support may help, role by role. The members are asked first, whatever the figures say."""
    named = [one for one in supports if one.need not in (Need.NONE, Need.UNKNOWN)]
    said = tuple(
        _("%(role)s: %(sentence)s", role=role_title(one.role), sentence=need_words(one.need)) for one in named
    )
    first = _("Ask the members first: figures can only suggest where to look.")
    return (first, *(said or (_("The figures show no sign of a need for support."),)))


def _purpose(target: Target | None) -> str:
    if target is None:
        return _("No target is in force, so no purpose was agreed on yet.")
    return _("The purpose in the target: %(purpose)s", purpose=target.purpose)


def _findings(page: ProfilePage) -> tuple[str, ...]:
    if page.roles is None:
        return page.notes
    said = (_role(one) for one in page.figures.roles if one.share is not None)
    return (page.figures.sentence, *said)


def _role(one: RoleFigure) -> str:
    parts = [
        _(
            "%(role)s: %(share)s, plausibly %(low)s to %(high)s",
            role=one.title,
            share=percent(one.share),
            low=percent(lowest(one.low) / 100),
            high=percent(highest(one.high) / 100),
        )
    ]
    parts += [one.verdict.word] if one.verdict else []
    parts += [one.gap_words] if one.gap_words else []
    return "; ".join(parts)


def _trends(page: ProfilePage) -> tuple[str, ...]:
    if page.trend is None:
        return (_("There is no earlier window to compare with yet."),)
    trend = page.trend
    return (*trend.changes, *((trend.flows_between,) if trend.flows else ()), *trend.flows)


def _challenges(page: ProfilePage) -> tuple[str, ...]:
    mismatch = page.figures.mismatch if page.roles is not None else None
    return ((mismatch.sentence,) if mismatch else ()) + page.flags
