"""Targets in words."""

from lmssocial.plugin import gettext as _
from lmssocial_reporting.definition import Role
from lmssocial_reporting.roles.words import role_title
from lmssocial_reporting.targets.values import Band


def share_words(band: Band) -> str:
    """A band in a few words: ``20 to 40 %``."""
    if (band.low, band.high) == (0, 100):
        return _("any share")
    if band.low == band.high:
        said = _("%(share)d %%", share=band.low)
    elif band.low == 0:
        said = _("at most %(share)d %%", share=band.high)
    elif band.high == 100:
        said = _("at least %(share)d %%", share=band.low)
    else:
        said = _("%(low)d to %(high)d %%", low=band.low, high=band.high)
    return said.replace(" %", "\N{NO-BREAK SPACE}%")


def band_sentence(role: Role, band: Band, *, of_learners: bool) -> str:
    """A band as a sentence, such as ``Of the learners, 20 to 40 % act as Creator in four weeks``."""
    said = {"share": share_words(band), "role": role_title(role)}
    if (band.low, band.high) == (0, 100):
        return _("How many act as %(role)s is left open.", role=said["role"])
    if of_learners:
        return _("Of the learners, %(share)s act as %(role)s in four weeks.", **said)
    return _("Of the members, %(share)s act as %(role)s in four weeks.", **said)
