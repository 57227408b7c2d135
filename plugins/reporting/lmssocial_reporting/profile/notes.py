"""What a profile cannot say yet, or not as it is: each in a sentence, with when it will be more."""

from datetime import date, timedelta
from itertools import pairwise

from flask_babel import format_date

from lmssocial.plugin import gettext as _
from lmssocial_reporting.definition import LEAST_MEMBERS, ROLES_1
from lmssocial_reporting.evidence.standing import Standing
from lmssocial_reporting.people import Population, Window
from lmssocial_reporting.profile.figures import FEW_ACTING, Figures
from lmssocial_reporting.scope import Scope
from lmssocial_reporting.store.port import ReportStore

QUIET = 7
"""Days without anything in a window that was otherwise used; more than these are said."""


def first_end_of(newest: Window, begins_on: date | None) -> date | None:
    """On which Sunday the first four weeks of a course end; ``None`` if ``newest`` is not younger than the course.

    A course in which nothing was done yet begins after ``newest``.
    """
    if begins_on is not None and newest.first >= begins_on:
        return None
    begins = begins_on or newest.last + timedelta(days=1)
    full = begins + timedelta(days=ROLES_1.window_days - 1)
    return full + timedelta(days=(7 - full.isoweekday()) % 7)


def not_yet(standing: Standing, window: Window, members: int) -> str:
    """Why there are so few members: the course is too young, or was not read yet. Empty where neither is so.

    Who came after the middle of a window is none of its members, so that a full course that is new has none.

    :param members: of the window.
    """
    if standing.looked_at is None:
        return "" if members else _unread(standing)
    first_end = first_end_of(window, standing.begins_on)
    return "" if first_end is None else _young(standing, first_end)


def notes_of(
    store: ReportStore, scope: Scope, members: Population, standing: Standing, figures: Figures
) -> tuple[str, ...]:
    """The sentences. One statement at most."""
    if standing.looked_at is None:
        return (_unread(standing),)
    first_end = first_end_of(members.window, standing.begins_on)
    found = [_not_followed(scope, members), _behind(standing)]
    if first_end is not None:
        found.append(_young(standing, first_end))
    elif not figures.enough:
        found.append(_few())
    else:
        found += [
            _instead(figures),
            _few_acting(figures),
            _quiet(store, members),
            _filling(members.window),
        ]
    return tuple(note for note in found if note)


def _unread(standing: Standing) -> str:
    if standing.followed:
        return _("What was done here so far is still being read. Shares are shown as soon as all of it was.")
    return _("What was done here so far will be read within a few minutes. Shares are shown then.")


def _not_followed(scope: Scope, members: Population) -> str:
    if len(members.course_ids) == len(scope.course_ids):
        return ""
    return _(
        "Of the %(of)d courses, this speaks of the %(read)d in which the report was switched on.",
        of=len(scope.course_ids),
        read=len(members.course_ids),
    )


def _behind(standing: Standing) -> str:
    if not standing.behind:
        return ""
    return _("The newest things were not read yet. The figures may still change; come back in a few minutes.")


def _young(standing: Standing, first_end: date) -> str:
    if standing.begins_on is None:
        return _(
            "Nothing was done here yet that counts. Shares are shown four weeks after the first thing that is done."
        )
    return _(
        "The first four weeks end on %(day)s. From then on, shares are shown; until then, what was done.",
        day=_day(first_end),
    )


def _few() -> str:
    return _(
        "In these four weeks there were fewer than %(least)d members, too few for shares. From %(least)d on, shares "
        "are shown.",
        least=LEAST_MEMBERS,
    )


def _instead(figures: Figures) -> str:
    if not figures.instead:
        return ""
    return _(
        "The target speaks of everybody. There are so few who are no learners that a number about everybody would tell "
        "about them, so all of this is about the learners."
    )


def _few_acting(figures: Figures) -> str:
    mismatch = figures.mismatch
    if mismatch is None or mismatch.acting >= FEW_ACTING or mismatch.is_clear:
        return ""
    return _(
        "With fewer than about %(few)d acting members, the honest verdict on a mix is usually “not clear yet”.",
        few=FEW_ACTING,
    )


def _quiet(store: ReportStore, members: Population) -> str:
    """Whether nothing was done for a while in a window in which something was done before and after."""
    window = members.window
    counts = store.counts(members.course_ids, window.first, window.last)
    days = sorted({day for day, _role, _kind in counts})
    gaps = [
        (before + timedelta(days=1), after - timedelta(days=1))
        for before, after in pairwise(days)
        if (after - before).days > QUIET
    ]
    if not gaps:
        return ""
    first, last = max(gaps, key=lambda gap: gap[1] - gap[0])
    return _(
        "From %(first)s to %(last)s, %(days)d days, nothing was done here, or nothing was recorded. The shares of "
        "these four weeks are lower for that.",
        days=(last - first).days + 1,
        first=_day(first),
        last=_day(last),
    )


def _filling(window: Window) -> str:
    return _(
        "The last seven days, from %(day)s on, are still filling: some things count once somebody took them up.",
        day=_day(window.last - ROLES_1.uptake + timedelta(days=1)),
    )


def _day(day: date) -> str:
    return str(format_date(day, "long"))
