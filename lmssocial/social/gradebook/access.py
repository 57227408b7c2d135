"""Who may see how grades fare on their way: those who grade, which is the staff of the course."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import NotAllowed, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Placement


def require_grader(session: Session, actor: Actor, placement_id: int) -> None:
    """Go on only for staff of the course in which the placement is.

    :raises NotFound: if their community has none there.
    :raises NotAllowed: if they are not staff.
    """
    here = select(Placement.id).where(
        Placement.id == placement_id, Placement.community_id == actor.community_id
    )
    if session.scalar(here) is None:
        raise NotFound(_("There is no activity at this address."), reason=f"no placement {placement_id}")
    if not actor.is_staff:
        raise NotAllowed(_("Only instructors of this course see how grades get into the LMS."))
