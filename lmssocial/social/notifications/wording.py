"""Phrases that every slice needs to word its notices. They work outside of a request as well."""

from collections.abc import Sequence

from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.kernel.words import ngettext


def who(names: Sequence[str], total: int = 0) -> str:
    """Some people in a few words: ``Ana Ruiz``, ``Ana Ruiz and Ben Okoro``, ``Ana Ruiz and 3 others``.

    :param names: of those who are known, the newest first.
    :param total: how many there are, if that is more.
    """
    count = max(total, len(names))
    if not names:
        return _("Somebody")
    if count == 1:
        return names[0]
    if count == len(names) == 2:
        return _("%(first)s and %(second)s", first=names[0], second=names[1])
    return ngettext("%(first)s and %(num)s other", "%(first)s and %(num)s others", count - 1, first=names[0])
