"""What rankings say of candidates: ours, and those of plugins, which get half a second each and are not trusted."""

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import structlog

from lmssocial.core.hooks.patience import OutOfTime, answer
from lmssocial.core.hooks.routing import Candidate, Ranking, Wanted
from lmssocial.widgets.experts.blueprint import WIDGET
from lmssocial.widgets.experts.matching import formula

log = structlog.get_logger(__name__)

SHARE = 0.5
"""Seconds that a ranking of a plugin may take."""

Rankings = Mapping[str, Sequence[Ranking]]
"""By the name of the plugin they are from."""


def _answers(_wanted: Wanted, candidates: Sequence[Candidate]) -> Mapping[int, float]:
    return formula.core(candidates)


def _standing(_wanted: Wanted, candidates: Sequence[Candidate]) -> Mapping[int, float]:
    return {one.user_id: formula.standing(one) for one in candidates}


RANKINGS = (
    Ranking(name="answers", rank=_answers, most=3.0),
    Ranking(name="standing", rank=_standing, most=2.0),
)
"""Our own: what answers say of somebody, and what is said of them."""


def said(
    rankings: Rankings, on: Collection[str], wanted: Wanted, candidates: Sequence[Candidate]
) -> dict[str, dict[int, float]]:
    """What each ranking says, by ``plugin.ranking``. One that fails is left out, and the log says why.

    :param on: the plugins that are on in the course.
    """
    found = {}
    for plugin in sorted(rankings):
        if plugin != WIDGET and plugin not in on:
            continue
        for ranking in rankings[plugin]:
            name = f"{plugin}.{ranking.name}"
            try:
                found[name] = _asked(ranking, wanted, candidates, trusted=plugin == WIDGET)
            except OutOfTime:
                log.warning("ranking left out", ranking=name, why=f"no answer within {SHARE:g} seconds")
            except (Exception, SystemExit) as error:  # noqa: BLE001 – what a plugin raises is its own problem
                log.warning("ranking left out", ranking=name, why=f"{type(error).__name__}: {error}")
    return found


def _asked(
    ranking: Ranking, wanted: Wanted, candidates: Sequence[Candidate], *, trusted: bool
) -> dict[int, float]:
    """What a ranking says, cut to what it may say.

    :raises TypeError: if it does not answer with numbers for people.
    """
    given = tuple(candidates)
    raw: Mapping[Any, Any]
    raw = ranking.rank(wanted, given) if trusted else answer(lambda: dict(ranking.rank(wanted, given)), SHARE)
    there = {one.user_id for one in candidates}
    found = {}
    for user_id, value in raw.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise TypeError(f"{value!r} is no number")
        if user_id in there:
            found[user_id] = max(-ranking.most, min(ranking.most, float(value)))
    return found
