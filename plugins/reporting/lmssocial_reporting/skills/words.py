"""Figures of skills in words."""

from math import isinf

from flask_babel import format_decimal

from lmssocial.plugin import gettext as _
from lmssocial_reporting.monitors.words import duration, percent
from lmssocial_reporting.skills.figure import Unit
from lmssocial_reporting.skills.support import Need


def value_words(unit: Unit, value: float) -> str:
    """A value as people say it."""
    if unit is Unit.HOURS:
        return duration(None if isinf(value) else value)
    if unit is Unit.SHARE:
        return percent(value)
    if unit is Unit.POINTS:
        return _("%(number)s points", number=format_decimal(round(value * 100), format="+0;−0"))
    if unit is Unit.TIMES:
        return _("%(number)s times", number=format_decimal(round(value, 1)))
    places = 0 if unit is Unit.NUMBER and value == int(value) else 1 if value >= 1 else 2
    return str(format_decimal(round(value, places)))


def need_words(need: Need) -> str:
    """What a role may need, in a sentence."""
    said = {
        Need.NONE: _("No sign of a need for support."),
        Need.UNKNOWN: _("Nothing to compare with yet, so that no need is named."),
        Need.TOOLS: _(
            "Tools may help: far fewer members than usual, and than before, had anything of it before them."
        ),
        Need.MOTIVATION: _(
            "Motivation may be missing: members come, and far fewer than usual, and than before, try it."
        ),
        Need.GUIDANCE: _(
            "Guidance may help: members try it once, and far fewer than usual, and than before, try it again."
        ),
        Need.TRAINING: _(
            "Training may help: members keep trying, and far less than usual, and than before, comes of it."
        ),
    }
    return said[need]


def steps(need: Need) -> list[str]:
    """What one could do, after having asked the members."""
    said = {
        Need.TOOLS: [
            _(
                "Look whether the widgets are placed where the work is done, and whether everybody may use them."
            ),
            _(
                "Try them with a keyboard, a telephone and a screen reader, or ask somebody who works with these."
            ),
        ],
        Need.MOTIVATION: [
            _(
                "Say what the community is for, and what a contribution is good for. Do not remind people one by one."
            ),
            _("Look whether what is asked for is anything that somebody needs."),
        ],
        Need.GUIDANCE: [
            _("Show a good example, and answer those who try for the first time."),
            _("Make a second try easy: say what came of the first one."),
        ],
        Need.TRAINING: [
            _("Practise it together, with somebody who does it well."),
            _("Link to what there is to learn about this role."),
        ],
    }
    return said.get(need, [])
