"""What is in the way of a grade, in the words of this product: what happened, and what to do about it."""

from collections.abc import Callable

from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.gradebook.rulings import Trouble

_SAID: dict[Trouble, Callable[[], str]] = {
    Trouble.AWAY: lambda: _("Your LMS did not answer, or answered with an error of its own."),
    Trouble.BUSY: lambda: _("Your LMS asked this tool to wait. It goes on by itself."),
    Trouble.LOCKED_OUT: lambda: _(
        "Your LMS does not let this tool sign in to its services. Ask whoever looks after the connection to this tool."
    ),
    Trouble.FORBIDDEN: lambda: _(
        "Your LMS does not let this tool write grades, or not for this person. If they are in the course there, "
        "ask its administrator to allow it, then try again."
    ),
    Trouble.NO_COLUMN: lambda: _(
        "The gradebook of your LMS has no column for this activity, and this tool may not make one. "
        "Have this activity be graded in your LMS, open it from there once, then try again."
    ),
    Trouble.PERSON_UNKNOWN: lambda: _(
        "Your LMS does not know this person in the course any more, or does not grade them."
    ),
    Trouble.STALE: lambda: _(
        "Your LMS says it has a newer grade for this person. Look at it there. If this one shall count, try again."
    ),
    Trouble.REFUSED: lambda: _(
        "Your LMS refused this grade. Most often the person has left the course there, or is not graded in it."
    ),
    Trouble.UNREADABLE: lambda: _("Your LMS answered with something this tool cannot read."),
}


def said_of(trouble: str) -> str:
    """One or two sentences for whoever grades.

    :param trouble: a :class:`~.rulings.Trouble`; empty if nothing is in the way.
    """
    return _SAID[Trouble(trouble)]() if trouble else ""
