"""What moderation tells people: authors of what was decided, moderators of what waits.

It stands here and not beside moderation, which lies below and knows nothing of notices. Who decided is not named: a
decision is the community's.
"""

from collections.abc import Sequence
from typing import ClassVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.events import Happened
from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.kernel.words import ngettext
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Community
from lmssocial.social.content.markdown import plain_text
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.content.text import excerpt
from lmssocial.social.moderation import access
from lmssocial.social.moderation.models import Case, CaseState, Deed, Entry, Origin
from lmssocial.social.notifications.models import How
from lmssocial.social.notifications.ports import Kind, Noted, Proposal, Withdrawal, Worded
from lmssocial.social.notifications.recipients import moderators

DECISION = "moderation.decision"
WAITING = "moderation.waiting"

OPENED, DECIDED = "moderation.case_opened", "moderation.case_decided"
EVENTS = (OPENED, DECIDED, "moderation.case_withdrawn")
"""The events that somebody is told of, or not told any more."""

LENGTH = 160
"""Characters of an excerpt."""


class ModerationNotices:
    """Moderation's side of notifications (:class:`~.ports.Noticed`)."""

    kinds: ClassVar[Sequence[Kind]] = (
        Kind(
            name=DECISION,
            label=_l("Decisions about your posts"),
            about=_l("A moderator has decided about a post of yours, or asks you for another wording."),
            default=How.NOW,
            may_be_off=False,
        ),
        Kind(
            name=WAITING,
            label=_l("Posts that wait for a moderator"),
            about=_l("A post is held or reported, or its author asks for a second look."),
            default=How.DIGEST,
            for_moderators=True,
        ),
    )

    def told(self, session: Session, event: Happened) -> Sequence[Proposal | Withdrawal]:
        """Who is told that a case was opened or decided."""
        case = session.get(Case, event.payload["case_id"])
        if case is None:
            return ()
        if event.name == OPENED:
            return (_waiting(case, moderators(session, case.community_id)),)
        over = Withdrawal(about_id=case.contribution_id, kinds=frozenset({WAITING}))
        if event.name == DECIDED and _concerns_author(session, case):
            return (over, _decision(case))
        return (over,)

    def readers(self, session: Session, actors: Sequence[Actor], proposal: Proposal) -> set[int]:
        """Authors may read their own; of moderators, those who may decide."""
        case = session.get(Case, proposal.subject["case_id"])
        if case is None or (proposal.kind == WAITING and case.state is not CaseState.OPEN):
            return set()
        if proposal.kind == DECISION:
            return {actor.user_id for actor in actors}
        first = None if case.appeal_of_id is None else session.get(Case, case.appeal_of_id)
        tier = session.get_one(Community, case.community_id).tier
        return {actor.user_id for actor in actors if access.may_decide(actor, case, first, tier)}

    def word(self, session: Session, actor: Actor, notices: Sequence[Noted]) -> dict[int, Worded]:
        """How notices about cases read. Two queries."""
        decisions = [notice for notice in notices if notice.kind == DECISION]
        waiting = [notice for notice in notices if notice.kind == WAITING]
        worded = _decisions(session, actor, decisions) if decisions else {}
        if waiting and access.can_moderate(actor):
            worded |= _desk(session, actor, waiting)
        return worded


def _waiting(case: Case, people: set[int]) -> Proposal:
    return Proposal(
        kind=WAITING,
        recipients=people,
        merge_key=WAITING,
        placement_id=case.placement_id,
        actor_id=None,
        about_id=case.contribution_id,
        subject={"case_id": case.id},
    )


def _decision(case: Case) -> Proposal:
    return Proposal(
        kind=DECISION,
        recipients={case.author_id},
        merge_key=f"{DECISION}:{case.contribution_id}",
        placement_id=case.placement_id,
        actor_id=None,
        about_id=case.contribution_id,
        subject={"case_id": case.id},
    )


def _concerns_author(session: Session, case: Case) -> bool:
    """Not where nothing ever happened to their post: somebody looked at it, or at reports of it, and let it stand."""
    if case.state is not CaseState.APPROVED or case.origin in {Origin.POLICY, Origin.APPEAL}:
        return True
    seen = (Deed.HIDDEN, Deed.REJECTED, Deed.REDACTED, Deed.CHANGE_ASKED)
    entries = select(Entry.id).where(Entry.case_id == case.id, Entry.deed.in_(seen))
    return session.scalar(entries.limit(1)) is not None


def _decisions(session: Session, actor: Actor, notices: Sequence[Noted]) -> dict[int, Worded]:
    rows = session.execute(
        select(Case, Contribution.title, Contribution.source)
        .join(Contribution, Contribution.id == Case.contribution_id)
        .where(
            Case.id.in_({notice.subject["case_id"] for notice in notices}),
            Contribution.state != State.REMOVED,
            access.own_cases_of(actor),
        )
    )
    found = {row.Case.id: row for row in rows}
    worded = {}
    for notice in notices:
        row = found.get(notice.subject["case_id"])
        if row is None or row.Case.state not in _OUTCOMES:
            continue
        case: Case = row.Case
        worded[notice.id] = Worded(
            sentence=_outcome(case),
            where=row.title or excerpt(plain_text(row.source), 80),
            path=f"/w/{case.placement_id}/moderation/posts/{case.contribution_id}",
            excerpt=excerpt(case.message, LENGTH),
        )
    return worded


_OUTCOMES = frozenset({CaseState.APPROVED, CaseState.REJECTED, CaseState.REDACTED, CaseState.CHANGE_ASKED})


def _outcome(case: Case) -> str:
    if case.origin is Origin.APPEAL:
        if case.state is CaseState.APPROVED:
            return _("The second look changed the decision: your post can be read")
        return _("The second look did not change the decision about your post")
    if case.state is CaseState.APPROVED:
        return _("A moderator published your post")
    if case.state is CaseState.REDACTED:
        return _("A moderator took words out of your post")
    if case.state is CaseState.CHANGE_ASKED:
        return _("A moderator asks you for another wording of your post")
    return _("A moderator did not publish your post")


def _desk(session: Session, actor: Actor, notices: Sequence[Noted]) -> dict[int, Worded]:
    """What waits now, in one sentence; nothing once others have taken care of what it was about."""
    waiting = set(
        session.scalars(
            select(Case.contribution_id).where(access.cases_of(actor), Case.state == CaseState.OPEN)
        )
    )
    return {
        notice.id: Worded(
            sentence=ngettext(
                "A post waits for a moderator", "%(num)s posts wait for a moderator", len(waiting)
            ),
            where="",
            path=f"/w/{notice.placement_id}/moderation/",
        )
        for notice in notices
        if not waiting.isdisjoint(notice.about)
    }
