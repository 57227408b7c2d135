"""Why somebody was chosen, in words for both sides: facts, and nothing that ranks."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from lmssocial.core.hooks.routing import Candidate
from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.kernel.words import ngettext
from lmssocial.widgets.experts.matching.formula import HARDLY_ASKED
from lmssocial.widgets.experts.matching.searching import Similar
from lmssocial.widgets.experts.matching.topical import Knows

LONGEST_WAIT = 72.0
"""Hours; somebody who takes longer is not praised for it."""


def facts(
    candidate: Candidate, knows: Knows, similar: Similar | None, *, likest: float, hours: float | None
) -> dict[str, Any]:
    """Why somebody was chosen, as plain JSON; :func:`worded` words it.

    :param likest: the similarity of whoever resembles the question most.
    :param hours: how long they usually take to answer.
    """
    found: dict[str, Any] = {}
    if knows.sme_of:
        found["sme"] = knows.sme_of
    if knows.answered:
        found["answered"] = list(knows.answered)
    if knows.endorsed_for:
        found["endorsed"] = list(knows.endorsed_for)
    if knows.declared and not knows.sme_of:
        found["declared"] = knows.declared
    resembles = similar is not None and math.log1p(similar.worth) * 2 >= math.log1p(likest)
    if similar is not None and resembles:
        found["similar" if similar.answered else "bio"] = True
    elif not found and similar is not None:
        found["near"] = True
    if hours is not None and hours <= LONGEST_WAIT:
        found["hours"] = max(1, math.ceil(hours))
    if candidate.invited < HARDLY_ASKED:
        found["hardly_asked"] = True
    return found


def worded(reasons: Mapping[str, Any]) -> list[str]:
    """The reasons kept with an invitation, each as half a sentence: “answered 4 questions about Capability”."""
    said = []
    for name, word in _WORDS.items():
        if reasons.get(name):
            said.append(word(reasons[name]))
    return said


def _answered(fact: Any) -> str:
    topic, count = fact
    return ngettext(
        "answered %(num)d question about %(topic)s",
        "answered %(num)d questions about %(topic)s",
        count,
        topic=topic,
    )


def _endorsed(fact: Any) -> str:
    topic, count = fact
    return ngettext(
        "endorsed by %(num)d person for %(topic)s",
        "endorsed by %(num)d people for %(topic)s",
        count,
        topic=topic,
    )


def _hours(fact: Any) -> str:
    return ngettext("usually answers within %(num)d hour", "usually answers within %(num)d hours", fact)


_WORDS: dict[str, Callable[[Any], str]] = {
    "sme": lambda topic: _("SME of %(topic)s", topic=topic),
    "answered": _answered,
    "endorsed": _endorsed,
    "declared": lambda topic: _("says that they know about %(topic)s", topic=topic),
    "similar": lambda _fact: _("answered something like this"),
    "bio": lambda _fact: _("says something like this in their profile"),
    "near": lambda _fact: _("answered something that has words of this question in it"),
    "hours": _hours,
    "hardly_asked": lambda _fact: _("hardly ever asked before"),
}
