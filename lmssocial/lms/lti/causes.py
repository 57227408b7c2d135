"""Every cause a login or launch can be refused for, in the order in which they are looked at.

400 is for what cannot be read or came too late, 401 for what is not proven, 403 for what is proven and not allowed,
413 for what is too long, 503 for an LMS that does not answer us.
"""

from lmssocial.lms.lti import refusals as say
from lmssocial.lms.lti.refusals import Cause

# Login initiation (LTI Security Framework 1.0 §5.1.1)
PARAMETER_REPEATED = Cause("parameter_repeated", 400, say.MALFORMED)
PARAMETER_MISSING = Cause("parameter_missing", 400, say.MALFORMED)
PARAMETER_UNUSABLE = Cause("parameter_unusable", 400, say.MALFORMED)
PLATFORM_UNKNOWN = Cause("platform_unknown", 403, say.NOT_CONNECTED)
PLATFORM_AMBIGUOUS = Cause("platform_ambiguous", 400, say.AMBIGUOUS)
PLATFORM_DISABLED = Cause("platform_disabled", 403, say.DISABLED)
TARGET_NOT_OURS = Cause("target_not_ours", 400, say.MALFORMED)

# Whether this answer belongs to a login of this browser (§5.1.1.5)
STATE_MISSING = Cause("state_missing", 400, say.MALFORMED)
STATE_UNKNOWN = Cause("state_unknown", 400, say.STALE)
COOKIE_MISSING = Cause("cookie_missing", 403, say.COOKIES)
OTHER_BROWSER = Cause("other_browser", 403, say.OTHER_BROWSER)
LMS_SIGNED_OUT = Cause("lms_signed_out", 401, say.SIGN_IN)
LMS_ERROR = Cause("lms_error", 400, say.LMS_SAID_NO)

# The token itself (§5.1.2, §5.1.3, RFC 7515, RFC 7519)
TOKEN_MISSING = Cause("token_missing", 400, say.MALFORMED)
TOKEN_TOO_LONG = Cause("token_too_long", 413, say.MALFORMED)
TOKEN_UNREADABLE = Cause("token_unreadable", 400, say.MALFORMED)
ALGORITHM_REFUSED = Cause("algorithm_refused", 401, say.UNPROVEN)
HEADER_CRITICAL = Cause("header_critical", 400, say.MALFORMED)
KEY_UNNAMED = Cause("key_unnamed", 401, say.UNPROVEN)
KEY_UNKNOWN = Cause("key_unknown", 401, say.UNPROVEN)
KEYS_UNAVAILABLE = Cause("keys_unavailable", 503, say.KEYS_AWAY)
SIGNATURE_WRONG = Cause("signature_wrong", 401, say.UNPROVEN)
NONCE_WRONG = Cause("nonce_wrong", 401, say.UNPROVEN)
ISSUER_WRONG = Cause("issuer_wrong", 401, say.UNPROVEN)
AUDIENCE_WRONG = Cause("audience_wrong", 401, say.UNPROVEN)
PARTY_WRONG = Cause("party_wrong", 401, say.UNPROVEN)
TIME_MISSING = Cause("time_missing", 400, say.MALFORMED)
CLOCK_OFF = Cause("clock_off", 401, say.CLOCK)
TOKEN_EXPIRED = Cause("token_expired", 401, say.STALE)
TOKEN_TOO_OLD = Cause("token_too_old", 401, say.STALE)
LIFETIME_TOO_LONG = Cause("lifetime_too_long", 401, say.MALFORMED)

# The message (LTI Core 1.3 §5.3, §5.4; Deep Linking 2.0 §4.4; Submission Review 1.0)
VERSION_WRONG = Cause("version_wrong", 400, say.MALFORMED)
MESSAGE_TYPE_MISSING = Cause("message_type_missing", 400, say.MALFORMED)
MESSAGE_TYPE_UNSUPPORTED = Cause("message_type_unsupported", 400, say.UNSUPPORTED)
DEPLOYMENT_UNUSABLE = Cause("deployment_unusable", 400, say.MALFORMED)
DEPLOYMENT_OTHER = Cause("deployment_other", 401, say.UNPROVEN)
TARGET_OTHER = Cause("target_other", 401, say.UNPROVEN)
PERSON_MISSING = Cause("person_missing", 400, say.MALFORMED)
PERSON_UNUSABLE = Cause("person_unusable", 400, say.MALFORMED)
ROLES_UNUSABLE = Cause("roles_unusable", 400, say.MALFORMED)
CLAIM_UNUSABLE = Cause("claim_unusable", 400, say.MALFORMED)
CONTEXT_UNUSABLE = Cause("context_unusable", 400, say.MALFORMED)
RESOURCE_LINK_UNUSABLE = Cause("resource_link_unusable", 400, say.MALFORMED)
DEEP_LINKING_UNUSABLE = Cause("deep_linking_unusable", 400, say.MALFORMED)
NOTICE_UNUSABLE = Cause("notice_unusable", 400, say.MALFORMED)
REVIEW_UNUSABLE = Cause("review_unusable", 400, say.MALFORMED)
