"""Who may change what belongs to a community."""

from lmssocial.core.kernel.errors import NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor


def require_can_place(actor: Actor) -> None:
    """Instructors and administrators of a course place widgets in it.

    :raises NotAllowed: for everybody else.
    """
    if not actor.is_staff:
        raise NotAllowed(reason="only staff may place widgets")


def require_can_appoint(actor: Actor) -> None:
    """Instructors and administrators of a course say who looks after its community.

    Stewards do not: an office that its holders hand on by themselves would be answerable to nobody.

    :raises NotAllowed: for everybody else.
    """
    if not actor.is_staff:
        raise NotAllowed(
            _("Only instructors of this course say who looks after it."), reason="only staff may appoint"
        )


def require_can_group(actor: Actor) -> None:
    """Instructors and administrators of a course make its groups and say who is in them.

    :raises NotAllowed: for everybody else.
    """
    if not actor.is_staff:
        raise NotAllowed(_("Only instructors of this course make groups."), reason="only staff may group")


def require_can_span(actor: Actor) -> None:
    """Instructors and administrators of a course say which courses it works with.

    :raises NotAllowed: for everybody else.
    """
    if not actor.is_staff:
        raise NotAllowed(
            _("Only instructors of this course say which courses it works with."),
            reason="only staff may span courses",
        )
