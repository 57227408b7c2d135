"""What every proposal of expert connect has, and where people are told who come from another course."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.events import Happened
from lmssocial.social.notifications.ports import Proposal, Withdrawal
from lmssocial.widgets.experts.invitation_models import Invitation
from lmssocial.widgets.experts.models import Question

Told = list[Proposal | Withdrawal]


def proposal(
    event: Happened,
    kind: str,
    recipients: Collection[int],
    key: object,
    *,
    by: int | None = None,
    about: int | None = None,
    home: tuple[int, int] | None = None,
    **subject: Any,
) -> Proposal:
    """One notice.

    :param key: tells it from others of its kind.
    :param by: who is named.
    :param about: the contribution that is read, and then it is over.
    :param home: the community and the placement in which it is told, if that is not where it happened.
    """
    community_id, placement_id = home or (None, int(event.payload["placement_id"]))
    return Proposal(
        kind=kind,
        recipients=recipients,
        merge_key=f"{kind}:{key}",
        placement_id=placement_id,
        community_id=community_id,
        actor_id=by,
        about_id=about,
        subject=subject,
    )


def homes(
    session: Session, question: Question, user_ids: Collection[int]
) -> dict[tuple[int, int], list[int]]:
    """Where each of some people is told of a question: where they were invited, and else where it was asked."""
    rows = session.execute(
        select(Invitation.user_id, Invitation.community_id, Invitation.placement_id).where(
            Invitation.question_id == question.id, Invitation.user_id.in_(user_ids)
        )
    )
    invited = {row.user_id: (row.community_id, row.placement_id) for row in rows}
    found: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for user_id in sorted(set(user_ids)):
        found[invited.get(user_id, (question.community_id, question.placement_id))].append(user_id)
    return dict(found)


def withdrawals(session: Session, question: Question) -> Told:
    """Nobody is told of a question any more, in its community and in those of its guests."""
    guests = select(Invitation.community_id).distinct().where(Invitation.question_id == question.id)
    communities = {question.community_id, *session.scalars(guests)}
    return [Withdrawal(about_id=question.contribution_id, community_id=one) for one in sorted(communities)]


def taken_care_of(question: Question, *kinds: str) -> Withdrawal:
    """Those who were told that a question waits need not look at it any more."""
    return Withdrawal(about_id=question.contribution_id, kinds=frozenset(kinds))
