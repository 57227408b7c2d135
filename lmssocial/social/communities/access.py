"""Who may change what belongs to a community."""

from lmssocial.core.kernel.errors import NotAllowed
from lmssocial.lms.identity.actor import Actor


def require_can_place(actor: Actor) -> None:
    """Instructors and administrators of a course place widgets in it.

    :raises NotAllowed: for everybody else.
    """
    if not actor.is_staff:
        raise NotAllowed(reason="only staff may place widgets")
