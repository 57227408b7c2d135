"""What people are told of targets: that they are asked, what came of it, and what their setters have to look after."""

from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.plugin import Happened
from lmssocial.plugin import gettext as _
from lmssocial.plugin import lazy_gettext as _l
from lmssocial.plugin_data import (
    Actor,
    How,
    Noted,
    NoticeKind,
    Proposal,
    Worded,
    courses,
    enrolled,
    placed,
)
from lmssocial_reporting.models import FollowedCourse
from lmssocial_reporting.scope import looks_after
from lmssocial_reporting.targets import events
from lmssocial_reporting.targets.models import TargetRemark, TargetRow, TargetSetter, TargetVote
from lmssocial_reporting.targets.people import reads_across
from lmssocial_reporting.targets.values import Stage

ASKED = "reporting.consultation"
SETTING = "reporting.setting"

KINDS = (
    NoticeKind(
        name=ASKED,
        label=_l("A target of the community"),
        about=_l("When you are asked what you think of one, and when one that you voted on is in force."),
        default=How.NOW,
    ),
    NoticeKind(
        name=SETTING,
        label=_l("A target that you set"),
        about=_l(
            "When you are named, when somebody says something of it, and when it is time to look at it."
        ),
        default=How.DIGEST,
    ),
)


class TargetNotices:
    """The report's side of notifications, as far as targets go (:class:`~lmssocial.plugin_data.Noticed`)."""

    kinds: ClassVar[Sequence[NoticeKind]] = KINDS

    def told(self, session: Session, event: Happened) -> Sequence[Proposal]:
        """Who is told of an event."""
        row = session.get(TargetRow, event.payload["target_id"])
        if row is None:
            return ()
        if event.name == events.TargetConsulted.name:
            return _to_all(session, row, event)
        if event.name == events.TargetRatified.name:
            return [_proposal(ASKED, row, event, _took_part(session, row.id))]
        if event.name == events.SetterNamed.name:
            return [_proposal(SETTING, row, event, {event.payload["user_id"]})]
        return [_proposal(SETTING, row, event, _setters(session, {row.id})[row.id])]

    def readers(self, session: Session, actors: Sequence[Actor], proposal: Proposal) -> set[int]:
        """Who may read it: those who are asked, or set it. One query."""
        row = session.get(TargetRow, proposal.subject["target_id"])
        if row is None:
            return set()
        if proposal.kind == SETTING or row.asked.get("who") == "everybody":
            return {actor.user_id for actor in actors}
        return {actor.user_id for actor in actors if looks_after(actor)}

    def word(self, session: Session, actor: Actor, notices: Sequence[Noted]) -> dict[int, Worded]:
        """How they read. Two queries."""
        ids = {notice.subject["target_id"] for notice in notices}
        found = session.scalars(
            select(TargetRow).where(TargetRow.id.in_(ids), TargetRow.tenant_id == actor.tenant_id)
        )
        rows = {row.id: row for row in found}
        setters = _setters(session, set(rows))
        return {
            notice.id: Worded(
                sentence=_sentence(notice),
                where=row.purpose,
                path=f"/w/{notice.placement_id}/x/reporting/target/{row.id}",
            )
            for notice in notices
            if (row := rows.get(notice.subject["target_id"])) is not None
            and _may_read(actor, notice, row, setters[row.id])
        }


def _may_read(actor: Actor, notice: Noted, row: TargetRow, setters: Collection[int]) -> bool:
    if notice.kind == SETTING:
        return actor.user_id in setters or looks_after(actor)
    return row.stage != Stage.DRAFT and (row.asked.get("who") == "everybody" or looks_after(actor))


def _sentence(notice: Noted) -> str:
    what = notice.subject["what"]
    who = notice.people[0] if notice.people else ""
    if what == events.TargetConsulted.name:
        return _("%(name)s asks you what you think of a target for the community", name=who)
    if what == events.TargetRatified.name:
        return _("A target of the community is in force; %(name)s ratified it", name=who)
    if what == events.SetterNamed.name:
        return _("%(name)s asks you to set a target with them", name=who)
    if what == events.RemarkWritten.name:
        return _("%(name)s said something of a target that you set", name=who)
    if what == events.ConsultationOver.name:
        return _("The members have said what they think of a target that you set")
    return _("It is time to look again at a target that you set")


def _to_all(session: Session, row: TargetRow, event: Happened) -> list[Proposal]:
    """One proposal for each course in which members are asked and the report is read. Three queries."""
    followed = select(FollowedCourse.course_id).where(
        FollowedCourse.course_id.in_(row.asked.get("course_ids", ()))
    )
    ids = {row.course_id, *session.scalars(followed)}
    doors: dict[int, int] = {}
    for one in placed(session, ids):
        doors.setdefault(one.course_id, one.placement_id)
    doors[row.course_id] = row.placement_id
    homes = {one.id: one.community_id for one in courses(session, ids=ids)}
    people: dict[int, set[int]] = {}
    for person in enrolled(session, ids):
        if person.left_at is None and (row.asked.get("who") == "everybody" or reads_across(person)):
            people.setdefault(person.course_id, set()).add(person.user_id)
    return [
        _proposal(ASKED, row, event, people[course_id], door=doors[course_id], home=homes[course_id])
        for course_id in sorted(people.keys() & doors.keys() & homes.keys())
    ]


def _proposal(
    kind: str,
    row: TargetRow,
    event: Happened,
    recipients: Collection[int],
    *,
    door: int = 0,
    home: int | None = None,
) -> Proposal:
    what = event.name.partition(".")[2]
    return Proposal(
        kind=kind,
        recipients=recipients,
        merge_key=f"{event.name}:{row.id}",
        placement_id=door or row.placement_id,
        actor_id=event.actor_id,
        subject={"target_id": row.id, "what": event.name},
        once=what in {"target_consulted", "consultation_over", "review_due"},
        community_id=home,
    )


def _took_part(session: Session, target_id: int) -> set[int]:
    found = set(session.scalars(select(TargetVote.user_id).where(TargetVote.target_id == target_id)))
    found |= set(session.scalars(select(TargetRemark.user_id).where(TargetRemark.target_id == target_id)))
    return found | _setters(session, {target_id})[target_id]


def _setters(session: Session, ids: Collection[int]) -> Mapping[int, set[int]]:
    found: dict[int, set[int]] = {one: set() for one in ids}
    for setter in session.scalars(select(TargetSetter).where(TargetSetter.target_id.in_(ids))):
        found[setter.target_id].add(setter.user_id)
    return found


NOTICES: Mapping[str, TargetNotices] = dict.fromkeys(
    (event.name for event in events.EVENTS if event not in {events.TargetDrafted, events.TargetRetired}),
    TargetNotices(),
)
"""Which events are told of, and who words them."""
