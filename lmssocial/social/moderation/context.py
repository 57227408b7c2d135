"""What policies have to know beyond the words: how an author stands in the community, and who its staff are."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Need, RecentPost, Standing, Submission
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership, User
from lmssocial.lms.identity.roles import STAFF
from lmssocial.social.communities.models import Appointment, Tier
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.moderation.models import Flag, FlagState

RECENT = timedelta(hours=1)
"""How far back :attr:`Standing.recent` goes."""
AT_MOST = 30
"""Posts of :attr:`Standing.recent`."""
STAFF_AT_MOST = 200
"""Names that a policy gets to compare with."""

# Built once: making these statements takes longer than sending them, and every post sends them.
_OF_COMMUNITY = (
    Contribution.tenant_id == bindparam("tenant_id"),
    Contribution.community_id == bindparam("community_id"),
)
_COUNTED = (
    select(Contribution.author_id, Contribution.state, func.count().label("found"))
    .where(
        *_OF_COMMUNITY,
        Contribution.author_id.in_(bindparam("people", expanding=True)),
        Contribution.state.in_((State.PUBLISHED, State.REJECTED)),
    )
    .group_by(Contribution.author_id, Contribution.state)
)
_UPHELD = select(func.count(Flag.id)).where(
    Flag.tenant_id == bindparam("tenant_id"),
    Flag.community_id == bindparam("community_id"),
    Flag.author_id == bindparam("author_id"),
    Flag.state == FlagState.UPHELD,
)
_RECENT = (
    select(Contribution.created_at, Contribution.kind, Contribution.source)
    .where(
        *_OF_COMMUNITY,
        Contribution.author_id == bindparam("author_id"),
        Contribution.created_at > bindparam("since"),
    )
    .order_by(Contribution.created_at.desc())
    .limit(AT_MOST)
)
_STAFF_NAMES = (
    select(User.name)
    .join(Membership, Membership.user_id == User.id)
    .outerjoin(
        Appointment,
        (Appointment.user_id == User.id) & (Appointment.community_id == bindparam("community_id")),
    )
    .where(
        Membership.course_id == bindparam("course_id"),
        User.tenant_id == bindparam("tenant_id"),
        User.id != bindparam("user_id"),
        or_(Membership.lead_role.in_(STAFF), Appointment.offices.is_not(None)),
    )
    .order_by(User.name)
    .limit(STAFF_AT_MOST)
)


def enriched(
    session: Session,
    actor: Actor,
    tier: Tier,
    ground_rules: tuple[str, ...],
    needs: Collection[Need],
    submission: Submission,
) -> Submission:
    """``submission`` with the community's rules, and with what the policies ``needs``. At most four queries."""
    found = replace(
        submission,
        at=clock.now(),
        tier=tier.value,
        ground_rules=ground_rules,
        author_offices=frozenset(office.value for office in actor.offices),
    )
    if Need.STANDING in needs:
        found = _with_standing(session, found)
    if Need.STAFF_NAMES in needs:
        found = replace(found, staff_names=staff_names(session, actor))
    return found


def _with_standing(session: Session, submission: Submission) -> Submission:
    people = {submission.author_id} | ({submission.reply_to.author_id} if submission.reply_to else set())
    counted: dict[tuple[int, State], int] = {
        (row.author_id, row.state): row.found
        for row in session.execute(_COUNTED, _place_of(submission) | {"people": sorted(people)})
    }
    upheld = session.scalar(_UPHELD, _place_of(submission) | {"author_id": submission.author_id})
    standing = Standing(
        published=counted.get((submission.author_id, State.PUBLISHED), 0),
        declined=counted.get((submission.author_id, State.REJECTED), 0),
        upheld_flags=upheld or 0,
        recent=_recent(session, submission),
    )
    answered = submission.reply_to
    if answered is not None:
        answered = replace(answered, author_published=counted.get((answered.author_id, State.PUBLISHED), 0))
    return replace(submission, standing=standing, reply_to=answered)


def _recent(session: Session, submission: Submission) -> tuple[RecentPost, ...]:
    now = clock.now()
    theirs = _place_of(submission) | {"author_id": submission.author_id, "since": now - RECENT}
    rows = session.execute(_RECENT, theirs)
    return tuple(
        RecentPost(seconds_ago=(now - row.created_at).total_seconds(), kind=row.kind, source=row.source)
        for row in rows
    )


def _place_of(submission: Submission) -> dict[str, object]:
    return {"tenant_id": submission.tenant_id, "community_id": submission.community_id}


def staff_names(session: Session, actor: Actor) -> tuple[str, ...]:
    """The names of those who moderate in the actor's community, without the actor's own. One query."""
    found = session.scalars(
        _STAFF_NAMES,
        {
            "community_id": actor.community_id,
            "course_id": actor.course_id,
            "tenant_id": actor.tenant_id,
            "user_id": actor.user_id,
        },
    )
    return tuple(name for name in dict.fromkeys(found) if name)
