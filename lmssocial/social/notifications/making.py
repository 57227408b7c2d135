"""Making notices from the activity log. The worker does it, in the transaction of the log's reader; nothing commits.

Order of locks, so that nobody waits in a circle with somebody who reads: first the notices, then the counters.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, insert, or_, select, update
from sqlalchemy.orm import Session

from lmssocial.core.db import JsonObject
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.events import Happened
from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.communities.models import Community
from lmssocial.social.notifications import recipients
from lmssocial.social.notifications.models import How, Notice
from lmssocial.social.notifications.ports import Noticed, Proposal, Registry, Withdrawal
from lmssocial.social.notifications.recipients import AT_ONCE, Recipient

OLDEST = timedelta(days=7)
"""What happened longer ago is nobody's news any more: the worker stood still, or was set up later."""

STALE = timedelta(days=2)
"""What happened longer ago stands in the bell and goes into no mail: after a silence nobody's mailbox is flooded."""

MOST = 10
"""People and contributions that one notice names."""


def tell(registry: Registry, event: Happened, session: Session) -> None:
    """Do what follows from one event: a handler for the relay (:data:`lmssocial.core.activity.relay.Handler`)."""
    ports = registry.by_event.get(event.name, ())
    if not ports or event.community_id is None or event.at < clock.now() - OLDEST:
        return
    unread: defaultdict[int, Counter[int]] = defaultdict(Counter)
    told: set[int] = set()
    for port in ports:
        for outcome in port.told(session, event):
            if isinstance(outcome, Withdrawal):
                where = outcome.community_id or event.community_id
                unread[where].subtract(withdraw(session, where, outcome))
            else:
                where = outcome.community_id or event.community_id
                told |= _propose(
                    session, registry, port, event, replace(outcome, community_id=where), told, unread
                )
    for community_id, more in sorted(unread.items()):
        count(session, community_id, more)


def _propose(
    session: Session,
    registry: Registry,
    port: Noticed,
    event: Happened,
    proposal: Proposal,
    told: set[int],
    unread: Mapping[int, Counter[int]],
) -> set[int]:
    """Write one proposal for everybody who wants and may hear it; notes who has one notice more, and where.

    :param proposal: says in which community.
    """
    community_id = proposal.community_id or 0
    people = _willing(session, registry, event, proposal, told)
    if not people:
        return set()
    may = port.readers(session, [person.actor for person in people], proposal)
    people = [person for person in people if person.actor.user_id in may]
    unread[community_id].update(write(session, registry, community_id, proposal, people, event.at))
    return {person.actor.user_id for person in people}


def _willing(
    session: Session, registry: Registry, event: Happened, proposal: Proposal, told: set[int]
) -> list[Recipient]:
    """Who is here, did not do it themselves, has not muted it, and wants to hear of it."""
    wanted = set(proposal.recipients) - told - {proposal.actor_id, event.actor_id}
    if not wanted:
        return []
    kind = registry.kinds[proposal.kind]
    by_test_user = _is_test(session, event.actor_id)
    found = recipients.recipients(
        session, proposal.community_id or 0, wanted, kind=proposal.kind, follows=proposal.follows
    )
    people = [
        person
        for person in found
        if not person.has_muted
        and (person.actor.is_test or not by_test_user)
        and not (kind.may_be_off and (person.wants or kind.default) is How.OFF)
    ]
    return _not_told_before(session, proposal, people) if proposal.once else people


def _is_test(session: Session, user_id: int | None) -> bool:
    return bool(session.scalar(select(User.is_test).where(User.id == user_id)))


def _not_told_before(session: Session, proposal: Proposal, people: Sequence[Recipient]) -> list[Recipient]:
    before: set[int] = set()
    for some in _portions([person.actor.user_id for person in people]):
        told = session.execute(
            select(Notice.user_id, Notice.people).where(
                Notice.user_id.in_(some),
                Notice.community_id == proposal.community_id,
                Notice.merge_key == proposal.merge_key,
            )
        )
        before |= {row.user_id for row in told if proposal.actor_id in {None, *row.people["ids"]}}
    return [person for person in people if person.actor.user_id not in before]


def write(
    session: Session,
    registry: Registry,
    community_id: int,
    proposal: Proposal,
    people: Sequence[Recipient],
    at: datetime,
) -> list[int]:
    """Make a notice for each of ``people``, or add to the one they have not read yet. Says who has one more.

    :param at: when it happened; the grace begins now, as nobody could know before.
    """
    unread = _unread(session, community_id, proposal.merge_key, [person.actor.user_id for person in people])
    kind, now = registry.kinds[proposal.kind], clock.now()
    new: list[dict[str, Any]] = []
    for person in people:
        goes_out = person.has_come and (person.wants or kind.default) in {How.NOW, How.DIGEST}
        mail_at = now + proposal.grace if goes_out and at > now - STALE else None
        notice = unread.get(person.actor.user_id)
        if notice is None:
            new.append(
                {
                    "tenant_id": person.actor.tenant_id,
                    "community_id": community_id,
                    "user_id": person.actor.user_id,
                    "created_at": now,
                    "mail_at": mail_at,
                    **_first(proposal, at),
                }
            )
            continue
        if notice.mailed or notice.mail_at is None or mail_at is None:
            notice.mailed, notice.mail_at = False, mail_at
        _add_to(notice, proposal, at)
    session.flush()
    if new:
        session.execute(insert(Notice), new)
    return [values["user_id"] for values in new]


def _first(proposal: Proposal, at: datetime) -> dict[str, Any]:
    """The columns of a new notice that do not depend on whose it is."""
    return {
        "placement_id": proposal.placement_id,
        "kind": proposal.kind,
        "merge_key": proposal.merge_key,
        "generation": 0,
        "about_id": proposal.about_id,
        "subject": {**proposal.subject, "about": [] if proposal.about_id is None else [proposal.about_id]},
        "people": {"ids": [] if proposal.actor_id is None else [proposal.actor_id]},
        "count": 1,
        "changed_at": at,
        "mailed": False,
    }


def _add_to(notice: Notice, proposal: Proposal, at: datetime) -> None:
    """One more of it; what happened last is what it shows first."""
    who, about = notice.people["ids"], _about(notice.subject)
    if proposal.actor_id is not None:
        who = [proposal.actor_id, *(one for one in who if one != proposal.actor_id)][:MOST]
    if proposal.about_id is not None:
        about = [proposal.about_id, *(one for one in about if one != proposal.about_id)]
    if len(about) > MOST:
        about = [*about[: MOST - 1], about[-1]]
    notice.people = {"ids": who}
    notice.subject = {**proposal.subject, "about": about}
    notice.about_id, notice.placement_id = proposal.about_id, proposal.placement_id
    notice.count += 1
    notice.changed_at = at


def _unread(
    session: Session, community_id: int, merge_key: str, user_ids: Sequence[int]
) -> dict[int, Notice]:
    """The unread notices of that key, locked, by whose they are."""
    found: dict[int, Notice] = {}
    for some in _portions(user_ids):
        rows = session.scalars(
            select(Notice)
            .where(
                Notice.user_id.in_(some),
                Notice.community_id == community_id,
                Notice.merge_key == merge_key,
                Notice.generation == 0,
            )
            .order_by(Notice.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        found |= {notice.user_id: notice for notice in rows}
    return found


def withdraw(session: Session, community_id: int, what: Withdrawal) -> Counter[int]:
    """Nobody is told of a contribution any more: says who has how many unread notices fewer.

    A notice that tells of others as well goes on to tell of those.
    """
    concerned = Notice.about_id == what.about_id
    if what.kinds:  # few at a time, so that older ones among those they tell of are found, too
        concerned = and_(Notice.kind.in_(what.kinds), or_(concerned, Notice.generation == 0))
    notices = session.scalars(
        select(Notice)
        .where(Notice.community_id == community_id, concerned)
        .order_by(Notice.user_id, Notice.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    gone: Counter[int] = Counter()
    for notice in notices:
        about = _about(notice.subject)
        left = [one for one in about if one != what.about_id]
        if not left:
            gone[notice.user_id] += notice.generation == 0
            session.delete(notice)
        elif len(left) < len(about):
            notice.about_id, notice.subject = left[0], {**notice.subject, "about": left}
            notice.count = max(len(left), notice.count - 1)
    session.flush()
    return gone


def _about(subject: JsonObject) -> list[int]:
    return list(subject.get("about", []))


def count(session: Session, community_id: int, more: Mapping[int, int]) -> None:
    """Raise (or lower) what the bells of some people count."""
    changes: dict[int, list[int]] = {}
    for user_id, by in sorted(more.items()):
        if by:
            changes.setdefault(by, []).append(user_id)
    course = select(Community.course_id).where(Community.id == community_id).scalar_subquery()
    for by, user_ids in changes.items():
        for some in _portions(user_ids):
            session.execute(
                update(Membership)
                .where(Membership.user_id.in_(some), Membership.course_id == course)
                .values(unread_notices=Membership.unread_notices + by)
                .execution_options(synchronize_session=False)
            )


def _portions(user_ids: Iterable[int]) -> list[list[int]]:
    ordered = sorted(user_ids)
    return [ordered[start : start + AT_ONCE] for start in range(0, len(ordered), AT_ONCE)]
