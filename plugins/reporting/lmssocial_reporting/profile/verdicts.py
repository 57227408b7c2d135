"""How a share stands to its band: a word, a shape and a gap in points."""

from enum import StrEnum

from lmssocial.plugin import gettext as _
from lmssocial_reporting.charts.drawing import SYMBOLS, Mark
from lmssocial_reporting.targets.values import Band


class Verdict(StrEnum):
    """How a share stands to its band, by its whole interval."""

    WITHIN = "within"
    """All of the interval is in the band."""
    BELOW = "below"
    ABOVE = "above"
    UNCLEAR = "unclear"
    """Any of these may be true."""

    @property
    def mark(self) -> Mark:
        """Its shape in charts and in text."""
        return Mark(self.value)

    @property
    def symbol(self) -> str:
        """The shape, for text."""
        return SYMBOLS[self.mark]

    @property
    def word(self) -> str:
        """What it is called."""
        return {
            Verdict.WITHIN: _("within the target"),
            Verdict.BELOW: _("below the target"),
            Verdict.ABOVE: _("above the target"),
            Verdict.UNCLEAR: _("not clear yet"),
        }[self]

    @property
    def short(self) -> str:
        """The same where a heading says that it is about the target."""
        return {
            Verdict.WITHIN: _("within"),
            Verdict.BELOW: _("below"),
            Verdict.ABOVE: _("above"),
            Verdict.UNCLEAR: _("not clear yet"),
        }[self]


def verdict_of(low: float, high: float, band: Band) -> Verdict:
    """How an interval (0 to 1) stands to a band (per cent)."""
    if low * 100 >= band.low and high * 100 <= band.high:
        return Verdict.WITHIN
    if high * 100 < band.low:
        return Verdict.BELOW
    if low * 100 > band.high:
        return Verdict.ABOVE
    return Verdict.UNCLEAR


def gap_of(share: float, band: Band) -> int:
    """Whole points from the nearer end of a band to the share as it is shown: negative below it, 0 in it."""
    points = round(share * 100)
    return min(0, points - band.low) + max(0, points - band.high)
