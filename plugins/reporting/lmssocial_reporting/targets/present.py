"""The present shares that stand beside the bands of a target."""

from collections.abc import Mapping
from dataclasses import dataclass

from lmssocial.plugin import gettext as _
from lmssocial_reporting.blueprint import Frame
from lmssocial_reporting.charts.drawing import highest, lowest, percent
from lmssocial_reporting.definition import Role
from lmssocial_reporting.evidence.standing import followed, standing_of
from lmssocial_reporting.profile.figures import RoleFigure, figures_of
from lmssocial_reporting.profile.notes import first_end_of
from lmssocial_reporting.scope import Scope, population
from lmssocial_reporting.targets.values import Stage, Target


@dataclass(frozen=True)
class Present:
    """The last four weeks beside a target."""

    words: Mapping[Role, str]
    """What is said of each role; empty if there is nothing to say of any."""
    note: str = ""
    """Of whom it is said, where that is not as the target has it."""


NOTHING = Present({})


def present_beside(frame: Frame, scope: Scope, target: Target | None) -> Present:
    """Which share of those a target speaks of acted in each role in the last four weeks.

    Nothing where the profile says no shares either: the log was not read yet, or the course is too young.
    """
    if target is None:
        return NOTHING
    course_ids, window = followed(frame.session, scope.course_ids), scope.window()
    standing = standing_of(frame.session, course_ids, scope.zone)
    if standing.looked_at is None or first_end_of(window, standing.begins_on) is not None:
        return NOTHING
    people = population(frame.session, course_ids, window, scope.settings)
    found = figures_of(frame.store.profile(people, least=scope.settings.least_cell), target)
    if not found.enough or all(one.share is None for one in found.roles):
        return NOTHING
    in_force = target.stage is Stage.RATIFIED
    note = _("There are few others, so that the present shares are of the learners only.")
    return Present(
        {one.role: _said(one, compared=in_force) for one in found.roles}, note if found.instead else ""
    )


def _said(figure: RoleFigure, *, compared: bool) -> str:
    if figure.share is None:
        return _("not said, so that nobody can be told from it")
    said = _(
        "%(share)s (%(low)s to %(high)s)",
        share=percent(figure.share),
        low=percent(lowest(figure.low) / 100),
        high=percent(highest(figure.high) / 100),
    )
    if compared and figure.verdict is not None:
        return f"{said}: {figure.verdict.symbol} {figure.verdict.word}"
    return said
