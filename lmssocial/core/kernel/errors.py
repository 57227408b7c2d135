"""What may go wrong in front of a person, said in their words and answered with the right status."""


class Problem(Exception):
    """Something a person has to be told. Every subclass fixes the status and a default text.

    ``message`` is for the person in front of the page: what happened and what to do next, translated.
    ``reason`` is for the log and the administrator; it is never shown to anybody else and defaults to ``message``.
    """

    status: int = 400
    """The HTTP status this problem is answered with."""
    title: str = ""
    """A heading of a few words; empty means the heading that belongs to the status."""

    def __init__(self, message: str = "", *, title: str = "", reason: str = "") -> None:
        """Say ``message`` to the person and ``reason`` to the log."""
        super().__init__(reason or message or type(self).__name__)
        self.message = message
        self.title = title or type(self).title
        self.reason = reason or message


class Invalid(Problem):
    """What was handed in cannot be used as it is; the form is shown again with the text kept."""

    status = 422


class NotAllowed(Problem):
    """The person is known, and this is not theirs to do."""

    status = 403


class NotFound(Problem):
    """There is nothing here, or nothing this person may see; the two are told apart only in the log."""

    status = 404


class Conflict(Problem):
    """Somebody else was faster; nothing was overwritten."""

    status = 409


class SignInNeeded(Problem):
    """Nobody is signed in, or the sign-in is over."""

    status = 401


class Gone(Problem):
    """It was here and is not any more: a used invitation, a deleted post."""

    status = 410


class Unavailable(Problem):
    """A part we depend on does not answer; trying again later is the right thing to do."""

    status = 503
