"""Who may change what under a community's settings.

Instructors and administrators may all of it. Stewards keep the ground rules and say how much each policy counts and how
it is set: that is their daily work. They do not choose the quality tier, switch plugins on or off, or appoint: the tier
is what the institution promises about the content, a plugin is the institution's to bring in, and an office that its
holders hand on by themselves would be answerable to nobody. SMEs and learners change nothing here.
"""

from lmssocial.core.kernel.errors import NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor, Office


def can_govern(actor: Actor) -> bool:
    """Whether the settings open for ``actor`` at all: ground rules and policies."""
    return actor.is_staff or Office.STEWARD in actor.offices


def can_found(actor: Actor) -> bool:
    """Whether ``actor`` may decide what the community rests on: its tier, its plugins, its offices."""
    return actor.is_staff


def require_governor(actor: Actor) -> None:
    """Go on only for whom :func:`can_govern` allows it.

    :raises NotAllowed: for everybody else.
    """
    if not can_govern(actor):
        raise NotAllowed(_("Only instructors and stewards of this course change its settings."))


def require_founder(actor: Actor) -> None:
    """Go on only for whom :func:`can_found` allows it.

    :raises NotAllowed: for everybody else.
    """
    if not can_found(actor):
        raise NotAllowed(_("Only instructors of this course change this."))
