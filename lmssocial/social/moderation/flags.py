"""Flags: members say what is wrong, and their word weighs by how often it was right. Nothing here commits."""

import math
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.moderation import access, cases, journal
from lmssocial.social.moderation.events import ContributionFlagged
from lmssocial.social.moderation.models import (
    Case,
    CaseState,
    Deed,
    Flag,
    FlagReason,
    FlagState,
    Origin,
)
from lmssocial.social.moderation.ports import Moderated

HIDE_AT = 12.5 * 6 / 9
"""The weight at which flags hide a contribution until a moderator has looked: about 8.3, which is two moderators, or
nine members nobody knows yet. A moderator sees every flag at once, so nothing is ever hidden below what they see.
The typical score of 12.5 and its share for medium sensitivity are those of Discourse's reviewables."""

OF_A_MODERATOR = 5.0
"""What the word of a moderator weighs more."""

JUDGED_FROM = 5
"""Up to so many judged flags nobody is taken for better or worse than anybody else."""

AXIS = 0.7
"""The share of upheld flags from which on somebody's word weighs more, below which less."""

AN_HOUR = 20
"""Flags that one person may give in an hour."""


def weight(*, moderates: bool, upheld: int, judged: int) -> float:
    """What a flag weighs: 1, 5 more from a moderator, and a bonus or malus for how right the person's flags were.

    The bonus is (share upheld − 0.7) × log₄(judged) × 5, none up to five judged flags; the sum is never below 0.
    Source: the flag scores of Discourse, without its trust levels, which reward presence.
    """
    bonus = 0.0
    if judged > JUDGED_FROM:
        bonus = (upheld / judged - AXIS) * math.log(judged, 4) * 5
    return max(0.0, 1 + (OF_A_MODERATOR if moderates else 0) + bonus)


def flag(
    session: Session, actor: Actor, port: Moderated, contribution_id: int, reason: FlagReason, note: str = ""
) -> Case:
    """Say that something is wrong with a contribution; it is hidden if that weighs enough.

    :raises NotFound: if the actor does not see it.
    :raises NotAllowed: if it is their own.
    :raises Conflict: if they flagged it before, or it is not published.
    :raises Invalid: if they flagged very much within an hour.
    """
    contribution = target(session, actor, port, contribution_id, lock=True)
    _require_pace(session, actor)
    case = _case_of(session, actor, contribution)
    one = Flag(
        tenant_id=actor.tenant_id,
        community_id=actor.community_id,
        contribution_id=contribution_id,
        author_id=contribution.author_id,
        case_id=case.id,
        flagger_id=actor.user_id,
        reason=reason,
        note=note,
        weight=_weight_of(session, actor),
        state=FlagState.OPEN,
        at=clock.now(),
    )
    session.add(one)
    case.score += one.weight
    journal.write_of(session, actor, case, Deed.FLAGGED, note=reason.value)
    activity.record(
        session,
        ContributionFlagged(
            **actor.envelope,
            contribution_id=contribution_id,
            author_id=contribution.author_id,
            reason=reason,
        ),
    )
    if case.score >= HIDE_AT and not _was_approved(session, contribution):
        journal.write_of(session, actor, case, Deed.HIDDEN, by_machine=True)
        several = _("Several members flagged this, so it is hidden until a moderator has looked at it.")
        port.hide(session, actor, contribution_id, several)
    return case


def target(
    session: Session, actor: Actor, port: Moderated, contribution_id: int, *, lock: bool = False
) -> Contribution:
    """The contribution that the actor may flag.

    :param lock: whether nobody else may change it until the transaction ends.
    :raises NotFound: if the actor does not see it.
    :raises NotAllowed: if it is their own.
    :raises Conflict: if they flagged it before, or it is not published.
    """
    wanted = (
        select(Contribution)
        .where(Contribution.id == contribution_id, access.contributions_here(actor))
        .execution_options(populate_existing=True)
    )
    contribution = session.scalar(wanted.with_for_update() if lock else wanted)
    if contribution is None or not port.readable(session, actor, [contribution_id]):
        raise NotFound(
            _("This post does not exist, or it is not open to you."),
            reason=f"user {actor.user_id} sees no contribution {contribution_id}",
        )
    if contribution.author_id == actor.user_id:
        raise NotAllowed(_("This is your own post. You can edit it, or remove it."))
    title = _("Report a post")
    if contribution.state is State.REMOVED:
        raise Conflict(_("This post was removed, so there is nothing to report any more."), title=title)
    if contribution.state is not State.PUBLISHED:
        raise Conflict(_("A moderator already looks at this post, so you need not report it."), title=title)
    known = select(Flag.id).where(Flag.contribution_id == contribution_id, Flag.flagger_id == actor.user_id)
    if session.scalar(known) is not None:
        raise Conflict(
            _("You have reported this post already, and a moderator looks at it. Nothing has changed."),
            title=title,
        )
    return contribution


def _require_pace(session: Session, actor: Actor) -> None:
    lately = session.scalar(
        select(func.count(Flag.id)).where(
            Flag.flagger_id == actor.user_id, Flag.at > clock.now() - timedelta(hours=1)
        )
    )
    if (lately or 0) >= AN_HOUR:
        raise Invalid(
            _(
                "You have flagged %(count)d posts within an hour. The moderators have them; go on later, please."
            )
            % {"count": AN_HOUR}
        )


def _case_of(session: Session, actor: Actor, contribution: Contribution) -> Case:
    """The open case about it, or a new one; its row is locked, as is the contribution's."""
    case = session.scalar(
        select(Case)
        .where(
            Case.contribution_id == contribution.id,
            Case.community_id == actor.community_id,
            Case.state == CaseState.OPEN,
        )
        .order_by(Case.id)
        .limit(1)
        .with_for_update()
    )
    return case or cases.open_for(session, actor, contribution, Origin.FLAG)


def _weight_of(session: Session, actor: Actor) -> float:
    rows = session.execute(
        select(Flag.state, func.count(Flag.id))
        .where(Flag.flagger_id == actor.user_id, Flag.tenant_id == actor.tenant_id)
        .group_by(Flag.state)
    )
    found: dict[FlagState, int] = {row[0]: row[1] for row in rows}
    upheld, dismissed = found.get(FlagState.UPHELD, 0), found.get(FlagState.DISMISSED, 0)
    return weight(moderates=actor.moderates, upheld=upheld, judged=upheld + dismissed)


def _was_approved(session: Session, contribution: Contribution) -> bool:
    """Whether a person has let this very wording stand: then flags alone do not hide it again."""
    return (
        session.scalar(
            select(Case.id)
            .where(
                Case.contribution_id == contribution.id,
                Case.state == CaseState.APPROVED,
                Case.source_hash == cases.hash_of(contribution.title, contribution.source),
            )
            .limit(1)
        )
        is not None
    )
