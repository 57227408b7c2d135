"""The port of expert connect to notifications: who is told, who of them may read it, and how it reads."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.events import Happened
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution
from lmssocial.social.notifications.ports import Kind, Noted, Proposal, Withdrawal, Worded
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.blueprint import WIDGET
from lmssocial.widgets.experts.invitation_models import Invitation, InvitationState
from lmssocial.widgets.experts.models import Question
from lmssocial.widgets.experts.notices import kinds, sentences
from lmssocial.widgets.experts.notices.seen import Seen, look
from lmssocial.widgets.experts.notices.told import told

SAYS_NOTHING = frozenset({"ended", "given-back"})
"""What people hear of a question also if it is not theirs to read any more: without its title."""


class ExpertNotices:
    """Expert connect's side of notifications (:class:`~lmssocial.social.notifications.ports.Noticed`)."""

    kinds: ClassVar[Sequence[Kind]] = kinds.KINDS

    def told(self, session: Session, event: Happened) -> Sequence[Proposal | Withdrawal]:
        """Who is told of an event."""
        return told(session, event)

    def readers(self, session: Session, actors: Sequence[Actor], proposal: Proposal) -> set[int]:
        """Who may know. Two queries at most."""
        people = [actor for actor in actors if proposal.kind != kinds.STEWARDS or access.looks_after(actor)]
        subject = proposal.subject
        if "question_id" not in subject or subject["what"] in SAYS_NOTHING:
            return {actor.user_id for actor in people}
        return _who_read(session, people, subject["question_id"])

    def word(self, session: Session, actor: Actor, notices: Sequence[Noted]) -> dict[int, Worded]:
        """How notices read for somebody. At most six queries."""
        seen = look(session, actor, notices)
        worded = {notice.id: _worded(actor, notice, seen) for notice in notices}
        return {number: said for number, said in worded.items() if said is not None}


def _who_read(session: Session, actors: Sequence[Actor], question_id: int) -> set[int]:
    found = session.execute(
        select(Question, Contribution.state)
        .join(Contribution, Contribution.id == Question.contribution_id)
        .where(Question.id == question_id)
    ).first()
    if found is None:
        return set()
    invitations = session.scalars(
        select(Invitation).where(
            Invitation.question_id == question_id, Invitation.user_id.in_([one.user_id for one in actors])
        )
    )
    own = {one.user_id: one for one in invitations}
    question, visible = found
    return {
        actor.user_id for actor in actors if access.sees(actor, question, visible, own.get(actor.user_id))
    }


def _worded(actor: Actor, notice: Noted, seen: Seen) -> Worded | None:
    if notice.kind == kinds.STEWARDS and not access.looks_after(actor):
        return None
    for name, say in _ABOUT.items():
        if name in notice.subject:
            return say(notice, seen)
    return _leading(notice, sentences.sentence(notice))


def _of_question(notice: Noted, seen: Seen) -> Worded | None:
    question_id, what = notice.subject["question_id"], notice.subject["what"]
    title = seen.titles.get(question_id)
    if what in SAYS_NOTHING:
        said = sentences.sentence(notice)
        return _leading(notice, said, title) if title else _leading(notice, said, at="/")
    if title is None:
        return None
    if what != "invited":
        return _leading(notice, sentences.sentence(notice), title)
    invitation = seen.invitations.get(question_id)
    if invitation is None or invitation.state is InvitationState.DECLINED:
        return None
    return _leading(notice, sentences.invited(notice, invitation), title, sentences.why(invitation))


def _of_meeting(notice: Noted, seen: Seen) -> Worded | None:
    meeting = seen.meetings.get(notice.subject["booking_id"])
    return None if meeting is None else _leading(notice, sentences.meeting(notice, meeting), meeting.title)


def _of_introduction(notice: Noted, seen: Seen) -> Worded | None:
    """Nobody is asked any more about one that came to nothing."""
    goes_on = seen.introductions.get(notice.subject["introduction_id"])
    if goes_on is None or (notice.subject["what"] == "asked" and not goes_on):
        return None
    return _leading(notice, sentences.sentence(notice))


def _of_topic(notice: Noted, seen: Seen) -> Worded | None:
    subject = notice.subject
    label = seen.topics.get(subject["topic_id"])
    if label is None:
        return None
    if "expert_id" in subject and (subject["topic_id"], subject["expert_id"]) not in seen.unconfirmed:
        return None
    return _leading(notice, sentences.sentence(notice), label)


def _leading(
    notice: Noted, sentence: str, where: str = "", excerpt: str = "", at: str | None = None
) -> Worded:
    path = sentences.path(notice) if at is None else at
    return Worded(
        sentence=sentence,
        where=where,
        path=f"/w/{notice.placement_id}/{WIDGET}{path}",
        excerpt=excerpt,
    )


_ABOUT: dict[str, Callable[[Noted, Seen], Worded | None]] = {
    "question_id": _of_question,
    "booking_id": _of_meeting,
    "introduction_id": _of_introduction,
    "topic_id": _of_topic,
}
"""How a notice reads, by what it is about."""
