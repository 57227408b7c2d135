"""Launches that are genuine and still not let in: what tenancy knows and the protocol does not."""

from lmssocial.lms.lti.refusals import Cause, LaunchRefused, Words


def _(sentence: str) -> str:
    """Mark ``sentence`` for translators; it is translated when somebody reads it."""
    return sentence


WAITING = Words(
    _("This activity waits for approval"),
    _(
        "Your LMS is connected to this tool, but an administrator has not approved this part of it yet. "
        "Nothing is wrong with your account: open the activity again when it is approved."
    ),
)
SWITCHED_OFF = Words(
    _("This activity is switched off"),
    _(
        "An administrator has switched off this tool for the part of your LMS that you come from. "
        "Nothing you wrote is lost. Ask your instructor or the administrator of your LMS when it will be back."
    ),
)
MISSING = Words(
    _("This kind of activity is not installed"),
    _(
        "The plugin that shows this activity is missing or switched off here. Nothing in it is lost. "
        "Give the reference below to the administrator of this tool."
    ),
)
NOT_STAFF = Words(
    _("Only instructors choose activities"),
    _(
        "Only instructors and administrators of the course can choose what is placed here. "
        "Ask one of them to do it; if you are one, your LMS tells us otherwise."
    ),
)

DEPLOYMENT_UNKNOWN = Cause("deployment_unknown", 403, WAITING)
DEPLOYMENT_PENDING = Cause("deployment_pending", 403, WAITING)
DEPLOYMENT_DISABLED = Cause("deployment_disabled", 403, SWITCHED_OFF)
CHOOSER_NOT_STAFF = Cause("chooser_not_staff", 403, NOT_STAFF)
WIDGET_MISSING = Cause("widget_missing", 404, MISSING)


class NotApproved(LaunchRefused):
    """The deployment is not approved: new, waiting, or switched off.

    ``registration_name`` and ``deployment_id`` tell the tool's administrator what to approve.
    """

    def __init__(
        self, cause: Cause, *, registration_id: int, registration_name: str, deployment_id: str
    ) -> None:
        """:param deployment_id: as the LMS names it."""
        super().__init__(
            cause, f"deployment {deployment_id!r} of {registration_name!r}", registration_id=registration_id
        )
        self.registration_name = registration_name
        self.deployment_id = deployment_id
