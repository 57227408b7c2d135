"""A score in words: what it is, and what it rests on. Pure; the same words on the page and in the LMS's gradebook."""

from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.kernel.words import ngettext
from lmssocial.social.rubrics.criteria import DECIMALS


def plain(points: float) -> str:
    """Points as people write them: without zeros behind the point that say nothing."""
    return f"{round(points, DECIMALS):g}"


def points_in_words(points: float, most: float) -> str:
    """``7.4 of 10``."""
    return _("%(points)s of %(most)s", points=plain(points), most=plain(most))


def basis_in_words(count: int, lowest: float | None, highest: float | None, *, compared: bool = False) -> str:
    """What a score rests on: ``4 reviews between 6 and 9``; empty if on no review of a peer's.

    :param compared: whether works are compared in pairs: ``5 comparisons with other works``.
    """
    if not count:
        return ""
    if compared:
        return ngettext("one comparison with another work", "%(num)s comparisons with other works", count)
    if lowest is None or highest is None:
        return ngettext("one review", "%(num)s reviews", count)
    if plain(lowest) == plain(highest):
        return ngettext(
            "one review that gives %(points)s",
            "%(num)s reviews that all give %(points)s",
            count,
            points=plain(lowest),
        )
    return ngettext(
        "one review between %(low)s and %(high)s",
        "%(num)s reviews between %(low)s and %(high)s",
        count,
        low=plain(lowest),
        high=plain(highest),
    )


def score_in_words(
    points: float,
    most: float,
    *,
    count: int,
    lowest: float | None,
    highest: float | None,
    overridden: bool,
    compared: bool = False,
) -> str:
    """``7.4 of 10, from 4 reviews between 6 and 9``.

    :param points: as released, of ``most``; :param overridden: whether an instructor gave them.
    :param compared: whether works are compared in pairs.
    """
    words = {
        "score": points_in_words(points, most),
        "basis": basis_in_words(count, lowest, highest, compared=compared),
    }
    if overridden and words["basis"]:
        return _("%(score)s, given by an instructor; from peers: %(basis)s", **words)
    if words["basis"]:
        return _("%(score)s, from %(basis)s", **words)
    return _("%(score)s, given by an instructor", **words)
