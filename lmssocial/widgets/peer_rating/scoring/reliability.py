"""How far reviews of the same work agree, and what that means for the scores: figures, and the words for them.

Krippendorff's alpha for intervals ("Computing Krippendorff's Alpha-Reliability", 2011) and the intraclass correlation
of one-way analysis of variance (Shrout and Fleiss 1979: ICC(1,1) and ICC(1,k)), with Fisher's interval around it; the
number of reviews it would take is the Spearman–Brown prophecy.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.kernel.words import ngettext
from lmssocial.social.content.models import Contribution
from lmssocial.widgets.peer_rating.access import counted
from lmssocial.widgets.peer_rating.models import Review, Work
from lmssocial.widgets.peer_rating.scoring.inputs import graded

LEAST_WORKS = 8
"""With fewer works that have two reviews, agreement cannot be told from luck."""
GOOD = 0.8
"""The share of differences that should be differences between works, where scores are grades."""
WEAK = 0.5
"""Below it, more of the differences is chance than not."""
TUTORS = 0.53
"""Krippendorff's alpha of three tutors over 247 works (Jones-Todd and Renelle 2025; our own computation)."""
SURE = 1.96
"""Standard deviations to each side of what holds in 95 of 100 cases."""


@dataclass(frozen=True, kw_only=True)
class Reliability:
    """How far reviews agree, over the works that have two or more."""

    works: int
    reviews: int
    alpha: float | None = None
    """1: reviews of a work always agree; 0: no more than those of different works; ``None`` if it cannot be said."""
    single: float | None = None
    """ICC(1): how much of the differences between single reviews is differences between works."""
    together: float | None = None
    """ICC(1,k): the same for the means of each work's reviews."""
    low: float | None = None
    """From where …"""
    high: float | None = None
    """… to where :attr:`together` may lie, in 95 of 100 cases."""
    each: float = 0.0
    """Reviews of a work, on average."""
    needed: float | None = None
    """How many reviews of each work it would take for :data:`GOOD`; ``None`` if no number would do."""


def of(session: Session, placement_id: int) -> Reliability:
    """The reliability of the reviews of an activity by peers. One query."""
    rows = session.execute(
        select(Review.work_id, Review.points)
        .join(Work, Work.id == Review.work_id)
        .join(Contribution, Contribution.id == Work.contribution_id)
        .where(Review.placement_id == placement_id, counted(), graded())
    )
    return measure((work_id, points) for work_id, points in rows if points is not None)


def measure(given: Iterable[tuple[int, float]]) -> Reliability:
    """The reliability of reviews.

    :param given: for each review by a peer the id of the work, and the points.
    """
    by_work: dict[int, list[float]] = defaultdict(list)
    for work, points in given:
        by_work[work].append(points)
    units = [sorted(by_work[work]) for work in sorted(by_work) if len(by_work[work]) > 1]
    works, reviews = len(units), sum(map(len, units))
    everything = [points for unit in units for points in unit]
    if works < 2 or min(everything) == max(everything):
        return Reliability(works=works, reviews=reviews, each=reviews / works if works else 0.0)
    alpha = alpha_of(units)
    between, within = _variances(units)
    usual = (reviews - math.fsum(len(unit) ** 2 for unit in units) / reviews) / (works - 1)
    single = (between - within) / (between + (usual - 1) * within)
    together = (between - within) / between if between > 0 else 0.0
    low, high = _interval(single, usual, works)
    return Reliability(
        works=works,
        reviews=reviews,
        alpha=alpha,
        single=single,
        together=together,
        low=low,
        high=high,
        each=reviews / works,
        needed=GOOD * (1 - single) / (single * (1 - GOOD)) if single > 0 else None,
    )


def alpha_of(units: Sequence[Sequence[float]]) -> float:
    """Krippendorff's alpha for intervals. Each unit has two values or more, and not all of all units are the same."""
    many = sum(map(len, units))
    observed = math.fsum(_differences(unit) / (len(unit) - 1) for unit in units) / many
    expected = _differences([value for unit in units for value in unit]) / (many * (many - 1))
    return 1 - observed / expected


def _differences(values: Sequence[float]) -> float:
    """The squared differences of all ordered pairs together."""
    middle = math.fsum(values) / len(values)
    return 2 * len(values) * math.fsum((value - middle) ** 2 for value in values)


def _variances(units: Sequence[Sequence[float]]) -> tuple[float, float]:
    """The mean squares between works and within them."""
    many = sum(map(len, units))
    middle = math.fsum(value for unit in units for value in unit) / many
    means = [math.fsum(unit) / len(unit) for unit in units]
    between = math.fsum(len(unit) * (mean - middle) ** 2 for unit, mean in zip(units, means, strict=True))
    within = math.fsum((value - mean) ** 2 for unit, mean in zip(units, means, strict=True) for value in unit)
    return between / (len(units) - 1), within / (many - len(units))


def _interval(single: float, each: float, works: int) -> tuple[float | None, float | None]:
    """Where the reliability of means may lie: Fisher's transformation of the intraclass correlation."""
    if works < LEAST_WORKS or single >= 1 or 1 + (each - 1) * single <= 0:
        return None, None
    middle = math.log((1 + (each - 1) * single) / (1 - single)) / 2
    off = SURE * math.sqrt(each / (2 * (each - 1) * (works - 2)))
    # The ratio under the logarithm is that of the mean squares, and the reliability of means one less its inverse.
    return max(0.0, 1 - math.exp(-2 * (middle - off))), max(0.0, 1 - math.exp(-2 * (middle + off)))


def wording(found: Reliability) -> tuple[str, ...]:
    """The figures in sentences, for instructors. They say what they rest on, and when nothing can be said."""
    if found.works < LEAST_WORKS:
        return (
            ngettext(
                "Only one work has two reviews or more, too few to say how far reviews agree.",
                "Only %(num)s works have two reviews or more, too few to say how far reviews agree.",
                found.works,
            )
            if found.works
            else _("No work has two reviews yet, so nothing can be said of how far they agree."),
        )
    if found.alpha is None or found.single is None or found.together is None:
        return (
            _(
                "All %(reviews)s reviews give the same points, so nothing can be said of how far they agree on what "
                "is better.",
                reviews=found.reviews,
            ),
        )
    return (_shares(found), _agreement(found), *_advice(found))


def _shares(found: Reliability) -> str:
    together = found.together or 0.0
    if together <= 0:
        return _(
            "Reviews of the same work differ as much as those of different works (%(reviews)s reviews of %(works)s "
            "works): their means do not say which work is better.",
            reviews=found.reviews,
            works=found.works,
        )
    words = {
        "share": _percent(together),
        "low": _percent(found.low or 0.0),
        "high": _percent(found.high or 0.0),
        "reviews": found.reviews,
        "works": found.works,
    }
    return _(
        "About %(share)s %% of the differences between the mean scores are differences between the works; the rest "
        "is chance, by who happened to review. This rests on %(reviews)s reviews of %(works)s works, and the true "
        "share probably lies between %(low)s and %(high)s %%.",
        **words,
    )


def _agreement(found: Reliability) -> str:
    alpha = found.alpha or 0.0
    words = {"alpha": f"{alpha:.2f}", "tutors": f"{TUTORS:.2f}"}
    return _(
        "Single reviews of the same work agree to %(alpha)s (Krippendorff’s alpha: 1 is always, 0 is as by chance). "
        "For comparison: three tutors who each graded the same 247 works of one course reached %(tutors)s.",
        **words,
    )


def _advice(found: Reliability) -> tuple[str, ...]:
    together = found.together or 0.0
    if together >= GOOD:
        return (
            _(
                "By the usual measure that is enough for scores that count. It says that reviewers agree, not that "
                "they are right: read some of the works yourself."
            ),
        )
    words = []
    if found.needed is not None and found.needed <= 12:
        words.append(
            _(
                "It would take about %(needed)s reviews of each work for %(good)s %%; there are %(each)s.",
                needed=math.ceil(found.needed),
                good=_percent(GOOD),
                each=f"{found.each:.1f}",
            )
        )
    if together < WEAK:
        words.append(
            _(
                "The reviews may help authors all the same, but as grades these scores are weak. Review the works "
                "yourself on which reviewers differ most, and look at the criteria: clearer ones help more than any "
                "arithmetic."
            )
        )
    else:
        words.append(_("Your own reviews help most where reviewers differ most."))
    return tuple(words)


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"
