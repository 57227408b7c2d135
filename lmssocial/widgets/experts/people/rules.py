"""Who may be an expert, and how far they may be asked from."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import Invalid, NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.lms.identity.models import Membership, User
from lmssocial.lms.identity.roles import LmsRole
from lmssocial.social.communities.models import Appointment
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.models import Reach
from lmssocial.widgets.experts.people_models import Expertise
from lmssocial.widgets.experts.settings import ExpertSettings

TEACHES = frozenset(LmsRole) - {LmsRole.LEARNER}
"""Who is in a course for the learners' sake: beside staff also those who help to teach, accompany, or write it."""
FAR = (Reach.NONE, Reach.COURSE, Reach.COMMUNITY, Reach.ORGANISATION)
"""From nobody to everybody."""


def reaches(settings: ExpertSettings) -> tuple[Reach, ...]:
    """What somebody may choose from where it is set so: they never go further than the activity does."""
    return FAR[: max(FAR.index(settings.reach), 1) + 1]


def may_offer(session: Session, actor: Actor, settings: ExpertSettings) -> bool:
    """Whether they may offer themselves: staff and SMEs always, learners where that is set. At most one query."""
    if not access.offers(actor):
        return False
    if actor.roles & TEACHES or Office.SME in actor.offices or settings.volunteers:
        return True
    return is_sme(session, actor.community_id, actor.user_id)


def require_may_offer(session: Session, actor: Actor, settings: ExpertSettings) -> None:
    """Go on only for those who may offer themselves.

    :raises NotAllowed: for everybody else.
    """
    access.require_offers(actor)
    if not may_offer(session, actor, settings):
        raise NotAllowed(
            _("In this course, instructors choose who answers questions. If you want to, tell one of them.")
        )


def require_reach(settings: ExpertSettings, reach: Reach) -> None:
    """Go on only if the activity goes that far.

    :raises Invalid: if it does not.
    """
    if reach not in reaches(settings):
        raise Invalid(_("This activity does not go that far. Choose a smaller circle."))


def is_sme(session: Session, community_id: int, user_id: int) -> bool:
    """Whether somebody was appointed as SME of a topic. One query."""
    appointed = select(Expertise.topic_id).where(
        Expertise.community_id == community_id,
        Expertise.user_id == user_id,
        Expertise.appointed_at.is_not(None),
    )
    return session.scalar(appointed.limit(1)) is not None


def teaches_or_is_sme(session: Session, actor: Actor, user_id: int) -> bool:
    """Whether somebody in the actor's course teaches there, or was appointed as SME. At most three queries."""
    roles = session.scalar(member(actor, user_id).with_only_columns(Membership.roles))
    if roles is None:
        return False
    if TEACHES & {LmsRole(role) for role in roles.split()}:
        return True
    offices = session.scalar(
        select(Appointment.offices).where(
            Appointment.community_id == actor.community_id, Appointment.user_id == user_id
        )
    )
    if Office.SME in (offices or "").split():
        return True
    return is_sme(session, actor.community_id, user_id)


def member(actor: Actor, user_id: int) -> Select[Any]:
    """``SELECT`` of somebody who is in the actor's course, by their User and Membership."""
    return (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(
            User.id == user_id,
            User.tenant_id == actor.tenant_id,
            User.is_test.is_(False),
            Membership.course_id == actor.course_id,
            Membership.active.is_(True),
        )
    )
