"""What one says of one's own skills, what colleagues say, and what acts say, beside each other: a talking point.

Nothing is reckoned from it, and nobody else sees it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from lmssocial.plugin_data import enrolled, placed
from lmssocial_reporting.blueprint import Frame
from lmssocial_reporting.mine.assessing import LEVELS, OwnAssessments
from lmssocial_reporting.people import Window
from lmssocial_reporting.roles.words import SKILLS, Skill, role_title
from lmssocial_reporting.scope import last_sunday
from lmssocial_reporting.skills.indicators import INDICATORS, OwnMeasure, own_measures
from lmssocial_reporting.skills.told import Told, is_large, told_by
from lmssocial_reporting.skills.words import value_words
from lmssocial_reporting.store.port import Deed

APART = 2
"""From so many points on what two people say differs so much that it is worth a talk."""


@dataclass(frozen=True, kw_only=True)
class SkillRow:
    """One skill from all sides."""

    skill: Skill
    role: str
    own: str
    """What one said last; empty if nothing."""
    colleagues: tuple[tuple[str, str], ...]
    """Who says what."""
    differs: bool
    """Whether somebody sees it otherwise by two points or more."""
    figures: tuple[tuple[str, str, str], ...]
    """Title, value and caveat of what acts say in the last four weeks, where there were chances enough."""
    shows: bool
    """Whether acts can say anything of it at all."""
    left_out: bool
    """Whether that was not reckoned, because too much is done in the course."""


def beside_each_other(here: Frame, found: OwnAssessments) -> list[SkillRow]:
    """All 17 skills in order."""
    course = (here.actor.course_id,)
    window = Window.ending(last_sunday(here.settings))
    if is_large(here.store, course, window, deeds=frozenset(Deed)):
        measures: Sequence[OwnMeasure] = ()
    else:
        measures = own_measures(_told(here, course, window), here.actor.user_id)
    own = found.own[0].levels if found.own else {}
    return [_row(skill, own.get(skill.key), found, measures) for skill in SKILLS.values()]


def _told(here: Frame, course: Sequence[int], window: Window) -> Told:
    return told_by(
        here.session,
        here.store,
        course,
        window,
        widgets={one.placement_id: one.widget for one in placed(here.session, course)},
        zone=here.settings.time_zone,
        groups={one.user_id: min(one.groups) for one in enrolled(here.session, course) if one.groups},
    )


def _row(skill: Skill, own: int | None, found: OwnAssessments, measures: Sequence[OwnMeasure]) -> SkillRow:
    said = [(one.name, one.levels[skill.key]) for one in found.of_colleagues if skill.key in one.levels]
    own_figures = [one for one in measures if one.indicator.skill == skill.key]
    return SkillRow(
        skill=skill,
        role=role_title(skill.role),
        own=str(LEVELS[own]) if own else "",
        colleagues=tuple((name, str(LEVELS[level])) for name, level in said),
        differs=own is not None and any(abs(level - own) >= APART for _name, level in said),
        figures=tuple(
            (str(one.indicator.title), value_words(one.indicator.unit, one.value), str(one.indicator.caveat))
            for one in own_figures
            if one.value is not None
        ),
        shows=any(one.skill == skill.key for one in INDICATORS),
        left_out=not measures and any(one.skill == skill.key for one in INDICATORS),
    )
