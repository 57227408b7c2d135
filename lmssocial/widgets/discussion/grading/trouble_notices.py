"""Telling graders that a grade did not get into the LMS. Whose and why stands on the page the notice leads to."""

from collections.abc import Sequence
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
from lmssocial.widgets.discussion.grading import access
from lmssocial.widgets.discussion.models import Grade

TROUBLE = "discussion.grade_trouble"

EVENTS = (GradeGivenUp.name,)
"""The events that somebody is told of."""


class TroubleNotices:
    """The side of grading in notifications (:class:`~lmssocial.social.notifications.ports.Noticed`)."""

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
        """Whoever gave the grade is told, once for as many as there are."""
        placement_id, user_id = event.payload["placement_id"], event.payload["user_id"]
        grade = session.get(Grade, (placement_id, user_id))
        if grade is None:
            return ()
        return (
            Proposal(
                kind=TROUBLE,
                recipients={grade.grader_id},
                merge_key=f"{TROUBLE}:{placement_id}",
                placement_id=placement_id,
                actor_id=None,
            ),
        )

    def readers(self, session: Session, actors: Sequence[Actor], proposal: Proposal) -> set[int]:  # noqa: ARG002
        """Those who still grade."""
        return {actor.user_id for actor in actors if access.may_grade(actor)}

    def word(self, session: Session, actor: Actor, notices: Sequence[Noted]) -> dict[int, Worded]:
        """How many there are by now; nothing once none is left. One query."""
        if not access.may_grade(actor):
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
