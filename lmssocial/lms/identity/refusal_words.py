"""Refused launches in words for administrators: what the person read, what it means, what helps.

``docs/launch-refusals.md`` says the same in its tables, with the status beside it; a test holds the two together.
"""

from dataclasses import dataclass

from lmssocial.core.kernel.words import gettext
from lmssocial.lms.identity import refusals
from lmssocial.lms.lti import causes
from lmssocial.lms.lti.refusals import Cause

CAUSES = {
    cause.code: cause
    for module in (causes, refusals)
    for cause in vars(module).values()
    if isinstance(cause, Cause)
}
"""Every cause there is, by its code, in the order in which they are looked at."""


def _(sentence: str) -> str:
    """Mark ``sentence`` for translators; it is translated when somebody reads it."""
    return sentence


@dataclass(frozen=True)
class Explained:
    """A cause for those who can mend it, in English."""

    means: str
    helps: str


@dataclass(frozen=True, kw_only=True)
class RefusalWords:
    """A cause in the language of whoever reads it."""

    title: str
    """The heading of the page that the person saw."""
    message: str
    """The rest of that page."""
    means: str
    helps: str


def refusal_words(code: str) -> RefusalWords:
    """What there is to say about a cause; one of another version is called by its code."""
    cause, explained = CAUSES.get(code), EXPLAINED.get(code)
    return RefusalWords(
        title=gettext(cause.words.title) if cause else code,
        message=gettext(cause.words.message) if cause else "",
        means=gettext(explained.means) if explained else "",
        helps=gettext(explained.helps) if explained else "",
    )


EXPLAINED = {
    "parameter_missing": Explained(
        _("iss, login_hint or target_link_uri is missing."),
        _("The LMS's login address for tools must be /lti/login."),
    ),
    "parameter_repeated": Explained(
        _("A parameter came twice with two values."),
        _("A proxy or a login address with a query changes the request."),
    ),
    "parameter_unusable": Explained(
        _("A parameter is far too long or not text."),
        _("A proxy or a login address with a query changes the request."),
    ),
    "platform_unknown": Explained(
        _("No platform has this issuer and client id."),
        _("Compare with lmssocial platforms list; an issuer with and without a final slash are two."),
    ),
    "platform_ambiguous": Explained(
        _("Several registrations fit."),
        _("Give the LMS the registration's own login address; lmssocial platforms list shows it."),
    ),
    "platform_disabled": Explained(
        _("An administrator switched the platform off."),
        _("Switch it on under Platforms."),
    ),
    "target_not_ours": Explained(
        _("The link leads to another address than LMSSOCIAL_PUBLIC_URL."),
        _("Correct the tool URL in the LMS, or the setting."),
    ),
    "state_missing": Explained(
        _("The LMS did not send state back."),
        _("The LMS does not follow the standard."),
    ),
    "state_unknown": Explained(
        _("The login is used up, older than ten minutes, or was never ours."),
        _("Open the activity again; seen after reloading a page or going back in the browser."),
    ),
    "cookie_missing": Explained(
        _(
            "The browser did not keep the login's cookie, nor did the LMS keep its secret; detail says why not: "
            "silent, origin, error, value, unsupported, frame."
        ),
        _(
            "The page offers a new tab; over http, use https; after silent or origin add the address that the LMS"
            " answers from to the registration's addresses."
        ),
    ),
    "other_browser": Explained(
        _("The cookie belongs to another login."),
        _("Open the activity again; many at once may be an attack."),
    ),
    "lms_signed_out": Explained(
        _("The LMS says that the person is not signed in there."),
        _("Sign in to the LMS."),
    ),
    "lms_error": Explained(
        _("The LMS answered with an error; detail repeats it."),
        _("Often the redirect address is not registered in the LMS: it is /lti/launch."),
    ),
    "token_missing": Explained(
        _("There is no id_token."),
        _("The LMS must answer with response_mode=form_post."),
    ),
    "token_too_long": Explained(
        _("It is longer than 128,000 characters."),
        _("Send fewer custom parameters."),
    ),
    "token_unreadable": Explained(
        _("It is not a signed token of two JSON objects."),
        _("Encrypted tokens are not supported."),
    ),
    "header_critical": Explained(
        _("Its header demands something we do not know."),
        _("The LMS does not follow the standard."),
    ),
    "nonce_wrong": Explained(
        _("It was not made for this login."),
        _("Open the activity again; many at once may be an attack."),
    ),
    "issuer_wrong": Explained(
        _("Another issuer than the login's."),
        _("The LMS changed its address: register it again."),
    ),
    "audience_wrong": Explained(
        _("It is not for our client id, or also for an audience nobody trusts."),
        _("Compare the client ids; name the audience at the platform if it is right."),
    ),
    "party_wrong": Explained(
        _("azp is missing or names another client."),
        _("Compare the client ids."),
    ),
    "algorithm_refused": Explained(
        _("It is not signed with RS256."),
        _("Choose RS256 in the LMS."),
    ),
    "key_unnamed": Explained(
        _("The token does not say which key signed it."),
        _("The LMS does not follow the standard."),
    ),
    "key_unknown": Explained(
        _("The LMS does not publish this key."),
        _("Wrong key-set address, or the key set is cached on the way to us."),
    ),
    "keys_unavailable": Explained(
        _("The LMS's key set cannot be fetched; detail says why."),
        _("Name, firewall, certificate, LMSSOCIAL_OUTBOUND_ALLOW."),
    ),
    "signature_wrong": Explained(
        _("The signature does not fit the key."),
        _("The LMS publishes another key under the same name, or the token is forged."),
    ),
    "time_missing": Explained(
        _("iat or exp is missing or no number."),
        _("The LMS does not follow the standard."),
    ),
    "clock_off": Explained(
        _("The LMS's clock and ours differ by more than a minute."),
        _("Set both by NTP."),
    ),
    "token_expired": Explained(
        _("It was valid and is not any more."),
        _("Open the activity again."),
    ),
    "token_too_old": Explained(
        _("It was issued more than ten minutes ago."),
        _("Open the activity again."),
    ),
    "lifetime_too_long": Explained(
        _("It claims to be valid for more than a day, or ends before it begins."),
        _("The LMS does not follow the standard."),
    ),
    "deployment_unusable": Explained(
        _("deployment_id is missing, too long or not text."),
        _("The LMS does not follow the standard."),
    ),
    "deployment_other": Explained(
        _("Another deployment than the login named."),
        _("Open the activity again; many at once may be an attack."),
    ),
    "version_wrong": Explained(
        _("It is not LTI 1.3.0."),
        _("Connect the LMS by LTI 1.3, not 1.1."),
    ),
    "message_type_missing": Explained(
        _("It does not say what the LMS wants."),
        _("The LMS does not follow the standard."),
    ),
    "message_type_unsupported": Explained(
        _("It is neither a launch, nor deep linking, nor a submission review."),
        _("Remove that placement of the tool in the LMS."),
    ),
    "claim_unusable": Explained(
        _("A part has the wrong form; detail names it."),
        _("The LMS does not follow the standard."),
    ),
    "person_missing": Explained(
        _("It does not say who the person is."),
        _("Turn off anonymous launches in the LMS, or allow them at the platform."),
    ),
    "person_unusable": Explained(
        _("The person's id is empty, too long or not text."),
        _("The LMS does not follow the standard."),
    ),
    "roles_unusable": Explained(
        _("The roles are not a list of texts."),
        _("The LMS does not follow the standard."),
    ),
    "context_unusable": Explained(
        _("The course has no usable id."),
        _("The LMS does not follow the standard."),
    ),
    "target_other": Explained(
        _("Another target than the login's."),
        _("The link was changed between login and launch: open it again."),
    ),
    "resource_link_unusable": Explained(
        _("The link has no usable id."),
        _("The LMS does not follow the standard."),
    ),
    "deep_linking_unusable": Explained(
        _("There is no usable way back to the LMS."),
        _("It must be https if the LMS is."),
    ),
    "notice_unusable": Explained(
        _("A notice has no usable id or type."), _("The LMS does not follow the standard.")
    ),
    "review_unusable": Explained(
        _("A submission review does not say of whom."),
        _("The LMS does not follow the standard."),
    ),
    "deployment_unknown": Explained(
        _("The first launch of a deployment nobody approved; it is noted as waiting."),
        _("Approve it under Platforms, or with lmssocial platforms approve."),
    ),
    "deployment_pending": Explained(
        _("The deployment still waits."),
        _("Approve it under Platforms, or with lmssocial platforms approve."),
    ),
    "deployment_disabled": Explained(
        _("An administrator switched the deployment off."),
        _("Switch it on under Platforms."),
    ),
    "chooser_not_staff": Explained(
        _("Somebody who is no instructor of the course was sent to choose content for it."),
        _(
            "Only instructors and administrators of a course may; look which roles the LMS lets add activities, "
            "and what it sends for them."
        ),
    ),
    "widget_missing": Explained(
        _("The plugin behind the activity is not installed."),
        _("Install it again; nothing in it is lost."),
    ),
}
"""Every cause by its code."""
