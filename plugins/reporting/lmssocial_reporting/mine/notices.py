"""What people are told of assessments: whoever is asked, and whoever gets an answer. Nobody else."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.plugin import Happened
from lmssocial.plugin import gettext as _
from lmssocial.plugin import lazy_gettext as _l
from lmssocial.plugin_data import Actor, How, Noted, NoticeKind, Proposal, Worded
from lmssocial_reporting.mine import events
from lmssocial_reporting.mine.models import Assessment

ASSESSMENT = "reporting.assessment"


class AssessmentNotices:
    """The report's side of notifications, as far as assessments go (:class:`~lmssocial.plugin_data.Noticed`)."""

    kinds: ClassVar[Sequence[NoticeKind]] = (
        NoticeKind(
            name=ASSESSMENT,
            label=_l("What colleagues say of skills"),
            about=_l("When a colleague asks you what you say of their skills, and when one answers you."),
            default=How.DIGEST,
        ),
    )

    def told(self, session: Session, event: Happened) -> Sequence[Proposal]:
        """Who is told of an event."""
        row = session.get(Assessment, event.payload["assessment_id"])
        if row is None:
            return ()
        asks = event.name == events.AssessmentAsked.name
        return [
            Proposal(
                kind=ASSESSMENT,
                recipients={row.by if asks else row.about},
                merge_key=f"{event.name}:{row.id}",
                placement_id=event.payload["placement_id"],
                actor_id=event.actor_id,
                subject={"assessment_id": row.id, "asks": asks},
            )
        ]

    def readers(self, session: Session, actors: Sequence[Actor], proposal: Proposal) -> set[int]:
        """Those whom it is between. One query."""
        row = session.get(Assessment, proposal.subject["assessment_id"])
        return set() if row is None else {row.by, row.about} & {actor.user_id for actor in actors}

    def word(self, session: Session, actor: Actor, notices: Sequence[Noted]) -> dict[int, Worded]:
        """How they read, as long as there is something to answer or to read. One query."""
        ids = {notice.subject["assessment_id"] for notice in notices}
        found = session.scalars(
            select(Assessment).where(Assessment.id.in_(ids), Assessment.course_id == actor.course_id)
        )
        rows = {row.id: row for row in found}
        worded: dict[int, Worded] = {}
        for notice in notices:
            row = rows.get(notice.subject["assessment_id"])
            who = notice.people[0] if notice.people else _("A colleague")
            place = f"/w/{notice.placement_id}/x/reporting/mine/assess"
            if row is None:
                continue
            if notice.subject["asks"] and row.by == actor.user_id and row.state == "asked":
                said = _("%(name)s asks what you say of their skills", name=who)
                worded[notice.id] = Worded(sentence=said, where="", path=f"{place}/{row.id}")
            elif not notice.subject["asks"] and row.about == actor.user_id and row.state == "given":
                said = _("%(name)s answered you about your skills", name=who)
                worded[notice.id] = Worded(sentence=said, where="", path=place)
        return worded


NOTICES: Mapping[str, AssessmentNotices] = dict.fromkeys(
    (event.name for event in events.EVENTS), AssessmentNotices()
)
"""Which events are told of, and who words them."""
