"""Why a login or launch is not let in: a cause for the log, a plain sentence for the person, a status for HTTP."""

from dataclasses import dataclass

from lmssocial.core.kernel.errors import Problem
from lmssocial.core.kernel.words import gettext


@dataclass(frozen=True)
class Words:
    """What a person reads, in English: what happened, and what to do next."""

    title: str
    message: str


def _(sentence: str) -> str:
    """Mark ``sentence`` for translators; it is translated when somebody reads it."""
    return sentence


STALE = Words(
    _("This link is used up"),
    _(
        "Each opening of an activity from your course works once and for a few minutes. "
        "Go back to the course and open the activity again."
    ),
)
CLOCK = Words(
    _("The clocks do not agree"),
    _(
        "Your LMS's clock and ours differ by more than a minute, so we cannot tell how old this launch is. "
        "Ask the administrator of your LMS to set its clock; opening the activity again will not help before that."
    ),
)
COOKIES = Words(
    _("Your browser did not keep our cookie"),
    _(
        "We need one cookie to know that it was you who opened this activity, and browsers often refuse cookies "
        "inside another site's page. Open the activity in a new tab instead."
    ),
)
OTHER_BROWSER = Words(
    _("This launch began somewhere else"),
    _(
        "It was started in another browser or window, so we cannot be sure that it is yours. "
        "Go back to your course and open the activity again."
    ),
)
SIGN_IN = Words(
    _("Your LMS did not sign you in"),
    _(
        "It told us that you are not signed in there any more. Sign in to your LMS, "
        "go to the course and open the activity again."
    ),
)
LMS_SAID_NO = Words(
    _("Your LMS stopped this launch"),
    _(
        "It answered with an error instead of telling us who you are. Open the activity again from the course. "
        "If that does not help, give the reference below to the administrator of your LMS."
    ),
)
UNPROVEN = Words(
    _("We cannot verify this launch"),
    _(
        "It does not carry a valid signature of your LMS, so we did not let it in. Open the activity again from the "
        "course. If that does not help, give the reference below to the administrator of your LMS."
    ),
)
MALFORMED = Words(
    _("Your LMS sent something we cannot read"),
    _(
        "What arrived does not follow the LTI 1.3 standard, and trying again will not change that. "
        "Give the reference below to the administrator of your LMS."
    ),
)
UNSUPPORTED = Words(
    _("This kind of launch is not supported"),
    _(
        "Your LMS asked for something this tool does not do. Go back to the course; "
        "if you expected something here, give the reference below to the administrator of your LMS."
    ),
)
NOT_CONNECTED = Words(
    _("This LMS is not connected"),
    _(
        "The page that sent you here belongs to an LMS that nobody has connected to this tool yet. "
        "Ask the administrator of your LMS to register it, and give them the reference below."
    ),
)
AMBIGUOUS = Words(
    _("We cannot tell which LMS this is"),
    _(
        "Several organisations use this LMS under the same name. The administrator of your LMS has to set "
        "the login address that belongs to your organisation's registration."
    ),
)
DISABLED = Words(
    _("This LMS is switched off"),
    _(
        "An administrator has switched off the connection between your LMS and this tool. "
        "Nothing you wrote is lost. Ask your instructor or the administrator of your LMS when it will be back."
    ),
)
KEYS_AWAY = Words(
    _("Your LMS does not answer us"),
    _(
        "We ask it for the keys that prove who you are, and could not get them. "
        "Wait a minute, then open the activity again from the course."
    ),
)


@dataclass(frozen=True)
class Cause:
    """One rule that was broken."""

    code: str
    """For the log and the administrator; never changes its meaning."""
    status: int
    words: Words


class LaunchRefused(Problem):
    """A login or launch that is not let in.

    ``registration_id`` is set as soon as the registration is known, so that the page may be shown inside its LMS.
    ``ahead`` says, if it was refused for its clock, how many seconds that is ahead of ours.
    """

    def __init__(self, cause: Cause, detail: str = "", *, registration_id: int | None = None) -> None:
        """:param detail: what exactly was wrong, for the log only; it may repeat what the LMS sent."""
        reason = f"{cause.code}: {detail}" if detail else cause.code
        super().__init__(gettext(cause.words.message), title=gettext(cause.words.title), reason=reason)
        self.status = cause.status
        self.cause = cause
        self.detail = detail
        self.registration_id = registration_id
        self.ahead: float | None = None
