"""Telling graders that a grade did not get into the LMS. Whose and why stands on the page the notice leads to.

The same for every widget that grades; each says who is told of its own grades.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.events import Happened
from lmssocial.core.kernel.words import ngettext
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Placement
from lmssocial.social.gradebook.events import GradeGivenUp
from lmssocial.social.gradebook.models import Column, Condition, Score
from lmssocial.social.notifications.models import How
from lmssocial.social.notifications.ports import Kind, Noted, Proposal, Withdrawal, Worded

TROUBLE = "gradebook.trouble"

EVENTS = (GradeGivenUp.name,)
"""The events that somebody is told of."""

Graders = Callable[[Session, int, int], Collection[int]]
"""``graders(session, placement_id, user_id)``: who is to hear that this learner's grade did not arrive; nobody if the
placement is another widget's."""


@dataclass(frozen=True)
class GradeTroubleNotices:
    """A widget's side of it in notifications (:class:`~.ports.Noticed`)."""

    graders: Graders
    kinds: ClassVar[Sequence[Kind]] = (
        Kind(
            name=TROUBLE,
            label=_l("Grades that did not arrive"),
            about=_l("Your LMS did not take a grade that you returned."),
            default=How.NOW,
            for_moderators=True,
        ),
    )

    def told(self, session: Session, event: Happened) -> Sequence[Proposal | Withdrawal]:
        """Those who answer for the grade are told, once for as many as there are."""
        placement_id, user_id = event.payload["placement_id"], event.payload["user_id"]
        recipients = self.graders(session, placement_id, user_id)
        if not recipients:
            return ()
        return (
            Proposal(
                kind=TROUBLE,
                recipients=recipients,
                merge_key=f"{TROUBLE}:{placement_id}",
                placement_id=placement_id,
                actor_id=None,
            ),
        )

    def readers(self, session: Session, actors: Sequence[Actor], proposal: Proposal) -> set[int]:  # noqa: ARG002
        """Those who grade."""
        return {actor.user_id for actor in actors if actor.is_staff}

    def word(self, session: Session, actor: Actor, notices: Sequence[Noted]) -> dict[int, Worded]:
        """How many there are by now; nothing once none is left. One query."""
        if not actor.is_staff:
            return {}
        rows = session.execute(
            select(Placement.id, Placement.title, func.count(Score.id).label("number"))
            .join(Column, Column.placement_id == Placement.id)
            .join(Score, Score.column_id == Column.id)
            .where(
                Placement.community_id == actor.community_id,
                Placement.id.in_([notice.placement_id for notice in notices]),
                Score.condition == Condition.GIVEN_UP,
            )
            .group_by(Placement.id, Placement.title)
        )
        found = {row.id: row for row in rows}
        return {
            notice.id: Worded(
                sentence=ngettext(
                    "A grade did not get into your LMS",
                    "%(num)s grades did not get into your LMS",
                    found[notice.placement_id].number,
                ),
                where=found[notice.placement_id].title,
                path=f"/w/{notice.placement_id}/gradebook",
            )
            for notice in notices
            if notice.placement_id in found
        }
