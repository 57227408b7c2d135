"""The measures as sentences and as rows, the same on the page and in the file."""

from dataclasses import dataclass

from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.kernel.words import ngettext
from lmssocial.widgets.experts.desk.measuring import FEW, Measures

AFTER = (1, 4, 12, 24, 48, 168)
"""Hours after which the share of answered questions is said."""
UNEVEN, VERY_UNEVEN = 0.35, 0.6
"""From which Gini coefficient on a spread is called so."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One measure."""

    key: str
    title: str
    says: str
    """The measure in words, or why there is none."""
    good_for: str
    """What it is good for, and what it does not say."""


def duration(hours: float) -> str:
    """So many hours in words, days from two on."""
    if hours < 1:
        return _("an hour")
    if hours < 48:
        return ngettext("%(num)s hour", "%(num)s hours", round(hours))
    return ngettext("%(num)s day", "%(num)s days", round(hours / 24))


def lines(found: Measures) -> list[Line]:
    """All measures, the one that matters most to those who ask first."""
    return [
        _first_answer(found),
        _resolved(found),
        _deflected(found),
        _gaps(found),
        _load(found),
        _even(found),
        _helpful(found),
    ]


def _first_answer(found: Measures) -> Line:
    if found.waits is None:
        says = _few()
    elif (half := found.waits.within(0.5)) is None:
        says = _("So far fewer than half of all questions have an answer.")
    else:
        says = _("Half of all questions have an answer within %(time)s.", time=duration(half))
    counted = ngettext("One question", "%(num)s questions", found.asked)
    without = ngettext("%(num)s without an answer", "%(num)s without an answer", found.asked - found.answered)
    return Line(
        key="first_answer",
        title=_("Time to the first answer"),
        says=f"{says} ({counted}; {without})",
        good_for=_(
            "Good for seeing whether people wait. Nights and weekends are in it, and so are questions without an "
            "answer. It does not say whether answers are good."
        ),
    )


def _resolved(found: Measures) -> Line:
    return Line(
        key="resolved",
        title=_("Resolved within 48 hours"),
        says=_few()
        if found.resolved.percent is None
        else _(
            "%(percent)s %% of %(all)s questions that are older than that.",
            percent=found.resolved.percent,
            all=found.resolved.all,
        ),
        good_for=_(
            "Good for promising people something. Hard questions take longer, so a course with many of them has less."
        ),
    )


def _deflected(found: Measures) -> Line:
    return Line(
        key="deflected",
        title=_("Solved before it was sent"),
        says=_few()
        if found.deflected.percent is None
        else _(
            "%(percent)s %% of %(all)s questions were solved by something that was there already.",
            percent=found.deflected.percent,
            all=found.deflected.all,
        ),
        good_for=_(
            "Good for seeing that answers are used again. Who found one without beginning to ask is not counted."
        ),
    )


def _gaps(found: Measures) -> Line:
    return Line(
        key="gaps",
        title=_("Topics without anybody"),
        says=ngettext(
            "%(num)s topic was asked for three times or more, and nobody who may be asked knows it.",
            "%(num)s topics were asked for three times or more, and nobody who may be asked knows them.",
            found.gaps,
        ),
        good_for=_(
            "Good for knowing whom to look for next. It knows only the topics that askers and experts name."
        ),
    )


def _load(found: Measures) -> Line:
    most = found.load.most_a_week
    says = (
        _few_people()
        if most is None
        else ngettext(
            "Nobody was invited more than once within seven days.",
            "Nobody was invited more than %(num)s times within seven days.",
            most,
        )
    )
    if most == 0:
        says = _("Nobody was invited.")
    return Line(
        key="load",
        title=_("Most invitations in a week"),
        says=says,
        good_for=_(
            "Good for seeing whether somebody carries too much. An invitation can be declined, so it is not work done."
        ),
    )


def _even(found: Measures) -> Line:
    uneven = found.load.uneven
    if uneven is None:
        says = _few_people() if found.load.invitations else _("Nobody was invited.")
    elif uneven < UNEVEN:
        says = _("Quite evenly over those who may be asked.")
    elif uneven < VERY_UNEVEN:
        says = _("Unevenly: some of those who may be asked are invited far more often than others.")
    else:
        says = _("Very unevenly: a few get most invitations, and many get none.")
    if uneven is not None:
        says = _("%(says)s (Gini coefficient %(value)s)", says=says, value=f"{uneven:.2f}")
    return Line(
        key="even",
        title=_("How evenly invitations are spread"),
        says=says,
        good_for=_(
            "Good for deciding whether more people should be asked to be experts. Uneven is right where one topic has "
            "few who know it."
        ),
    )


def _helpful(found: Measures) -> Line:
    mean = found.helpful.mean
    said = ngettext("%(num)s rating", "%(num)s ratings", found.helpful.ratings)
    says = (
        _("Too few people have said something; it is shown from %(few)s on.", few=FEW)
        if mean is None
        else _("%(mean)s of 5 on the whole (%(said)s).", mean=f"{mean:.1f}", said=said)
    )
    return Line(
        key="helpful",
        title=_("How far answers helped"),
        says=says,
        good_for=_(
            "Good for seeing a change from one term to the next. Who is content says so more often, and nobody's own "
            "mean is shown."
        ),
    )


def _few() -> str:
    return _("Too few questions to say anything; it is shown from %(few)s on.", few=FEW)


def _few_people() -> str:
    return _("Too few people may be asked to say anything; it is shown from %(few)s on.", few=FEW)


def answered_after(found: Measures) -> list[tuple[int, str, int]]:
    """The curve as rows: hours, in words, and percent that have an answer by then; none if there are too few."""
    if found.waits is None:
        return []
    return [(hours, duration(hours), round(100 * (1 - found.waits.still_waiting(hours)))) for hours in AFTER]
