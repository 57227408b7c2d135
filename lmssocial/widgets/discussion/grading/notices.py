"""Telling learners that their grade is there. What it is stands on their page alone, never in a notice or a mail."""

from collections.abc import Sequence
from typing import ClassVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.events import Happened
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Placement
from lmssocial.social.notifications.models import How
from lmssocial.social.notifications.ports import Kind, Noted, Proposal, Withdrawal, Worded
from lmssocial.widgets.discussion.grading.events import GradeReturned
from lmssocial.widgets.discussion.models import Grade

GRADED = "discussion.grade"

EVENTS = (GradeReturned.name,)
"""The events that somebody is told of."""


class GradeNotices:
    """The side of grading in notifications (:class:`~lmssocial.social.notifications.ports.Noticed`)."""

    kinds: ClassVar[Sequence[Kind]] = (
        Kind(
            name=GRADED,
            label=_l("Grades"),
            about=_l("An instructor returns a grade to you."),
            default=How.NOW,
        ),
    )

    def told(self, session: Session, event: Happened) -> Sequence[Proposal | Withdrawal]:  # noqa: ARG002
        """The learner is told."""
        placement_id, user_id = event.payload["placement_id"], event.payload["user_id"]
        return (
            Proposal(
                kind=GRADED,
                recipients={user_id},
                merge_key=f"{GRADED}:{placement_id}",
                placement_id=placement_id,
                actor_id=event.actor_id,
            ),
        )

    def readers(self, session: Session, actors: Sequence[Actor], proposal: Proposal) -> set[int]:
        """Those whose grade was not hidden again in the meantime. One query."""
        found = select(Grade.user_id).where(
            Grade.placement_id == proposal.placement_id,
            Grade.user_id.in_([actor.user_id for actor in actors]),
            Grade.returned_at.is_not(None),
        )
        return set(session.scalars(found))

    def word(self, session: Session, actor: Actor, notices: Sequence[Noted]) -> dict[int, Worded]:
        """How it reads. One query."""
        found = session.execute(
            select(Placement.id, Placement.title)
            .join(Grade, Grade.placement_id == Placement.id)
            .where(
                Placement.community_id == actor.community_id,
                Placement.id.in_([notice.placement_id for notice in notices]),
                Grade.user_id == actor.user_id,
                Grade.returned_at.is_not(None),
            )
        )
        titles = {row.id: row.title for row in found}
        return {
            notice.id: Worded(
                sentence=_("Your grade is there"),
                where=titles[notice.placement_id],
                path=f"/w/{notice.placement_id}/discussion/best",
            )
            for notice in notices
            if notice.placement_id in titles
        }
