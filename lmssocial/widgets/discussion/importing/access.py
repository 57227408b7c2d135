"""Who brings a past discussion in."""

from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.discussion import access


def require_staff(session: Session, actor: Actor, placement_id: int) -> None:
    """Only those who set a discussion up bring another into it.

    :raises NotFound: if there is no such discussion here.
    :raises NotAllowed: if they do not.
    """
    access.require_place(session, actor, placement_id)
    if not actor.is_staff:
        raise NotAllowed(_("Only instructors and administrators of this course bring a past discussion in."))
