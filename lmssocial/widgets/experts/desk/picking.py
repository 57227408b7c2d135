"""People that a steward can invite to a question: those who fit it, or whoever is looked for by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.hooks.routing import Ranking
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.models import User
from lmssocial.widgets.experts.inviting import finding
from lmssocial.widgets.experts.matching.reasons import worded
from lmssocial.widgets.experts.matching.service import best
from lmssocial.widgets.experts.questions import Asked

MOST_SUGGESTED = 5


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody to choose."""

    user_id: int
    name: str
    why: str
    """What speaks for them, or what they should know; may be empty."""


def candidates(
    session: Session, rankings: Mapping[str, Sequence[Ranking]], asked: Asked, part: str
) -> list[Candidate]:
    """People whose names have ``part`` in them; without one those who fit the question best.

    Whoever was asked before is not among them: nobody is asked the same twice.
    """
    if part.strip():
        return [_called(one) for one in finding.called(session, asked, part)]
    chosen = best(session, rankings, asked, most=MOST_SUGGESTED, now=clock.now())
    rows = session.execute(select(User.id, User.name).where(User.id.in_([one.user_id for one in chosen])))
    names = {row.id: row.name for row in rows}
    return [
        Candidate(user_id=one.user_id, name=names.get(one.user_id, ""), why="; ".join(worded(one.reasons)))
        for one in chosen
    ]


def _called(one: finding.Name) -> Candidate:
    why = "" if one.offers else _("has not offered to be asked, and says for this once whether they want to")
    return Candidate(user_id=one.user_id, name=one.name, why=why)
