"""The rules of a message, one by one: pure functions from claims to nothing or a refusal."""

import math
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeGuard
from urllib.parse import urlsplit

from lmssocial.lms.lti import causes, claims
from lmssocial.lms.lti.launch import MessageType
from lmssocial.lms.lti.platforms import Platform
from lmssocial.lms.lti.refusals import Cause, LaunchRefused

Claims = Mapping[str, Any]

LEEWAY = timedelta(seconds=60)
"""How far an LMS's clock may be from ours."""
MAX_AGE = timedelta(minutes=10)
"""How long ago a token may have been issued."""
MAX_LIFETIME = timedelta(hours=24)
"""How long a token may claim to be valid."""
MAX_ID = 255
"""Characters of an identifier: ``sub``, deployment, context, resource link (LTI Core 1.3 §5.3.3, §5.3.5, §5.3.6)."""

OBJECTS = (
    claims.CONTEXT,
    claims.RESOURCE_LINK,
    claims.CUSTOM,
    claims.TOOL_PLATFORM,
    claims.LAUNCH_PRESENTATION,
    claims.LIS,
    claims.FOR_USER,
    claims.NOTICE_SERVICE,
    claims.DEEP_LINKING_SETTINGS,
    claims.NAMES_AND_ROLES,
    claims.GRADES,
    claims.GROUPS,
)
"""Claims that are JSON objects wherever they appear."""


def require(condition: object, cause: Cause, detail: str = "") -> None:
    """Refuse for ``cause`` unless ``condition`` holds."""
    if not condition:
        raise LaunchRefused(cause, detail)


def is_identifier(value: object) -> TypeGuard[str]:
    """Whether ``value`` can name something: text of 1 to 255 printable characters that any database can hold."""
    return isinstance(value, str) and 0 < len(value) <= MAX_ID and value.isprintable() and _is_unicode(value)


def is_web_address(value: object) -> TypeGuard[str]:
    """Whether ``value`` is a full http(s) address without a password in it."""
    if not isinstance(value, str) or not value.isprintable() or " " in value or not _is_unicode(value):
        return False
    try:
        parts = urlsplit(value)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False


def check_issuer(token: Claims, platform: Platform) -> None:
    """Who issued it: exactly the issuer of the login (Security Framework §5.1.3, rule 2)."""
    require(token.get("iss") == platform.issuer, causes.ISSUER_WRONG, repr(token.get("iss")))


def check_audience(token: Claims, platform: Platform) -> None:
    """For whom: us, and beside us only audiences the administrator trusts (rules 3 to 5)."""
    stated = token.get("aud")
    audience: list[object] = (
        [stated] if isinstance(stated, str) else stated if isinstance(stated, list) else []
    )
    require(platform.client_id in audience, causes.AUDIENCE_WRONG, f"aud is {stated!r}")
    strangers = [
        one for one in audience if one != platform.client_id and one not in platform.trusted_audiences
    ]
    require(not strangers, causes.AUDIENCE_WRONG, f"not trusted: {strangers!r}")
    party = token.get("azp")
    require(party or len(audience) == 1, causes.PARTY_WRONG, "several audiences and no azp")
    require(party in (None, platform.client_id), causes.PARTY_WRONG, f"azp is {party!r}")


def check_times(token: Claims, *, now: datetime, login_began: datetime | None) -> None:
    """When: issued a short while ago, still valid, not valid for ever (rules 7 and 8).

    The token carries the nonce of this login, so it cannot be older than the login. One that says so comes from a
    clock that is behind, and the person is told that and not to try again.

    :param login_began: ``None`` for what answers no login: it may have waited in a queue, and is good until it expires.
    """
    issued, expires = (_moment(token.get(name), name) for name in ("iat", "exp"))
    not_before = _moment(token["nbf"], "nbf") if token.get("nbf") is not None else issued
    present, leeway = now.timestamp(), LEEWAY.total_seconds()
    ahead = max(issued, not_before) - present
    require(ahead <= leeway, causes.CLOCK_OFF, f"issued {ahead:.0f} s in the future")
    behind = 0.0 if login_began is None else login_began.timestamp() - issued
    clock_is_behind = behind > leeway
    require(
        expires >= present - leeway,
        causes.CLOCK_OFF if clock_is_behind else causes.TOKEN_EXPIRED,
        f"expired {present - expires:.0f} s ago"
        + (f", issued {behind:.0f} s before the login began" if login_began else ""),
    )
    require(
        login_began is None or issued >= present - MAX_AGE.total_seconds(),
        causes.CLOCK_OFF if clock_is_behind else causes.TOKEN_TOO_OLD,
        f"issued {present - issued:.0f} s ago",
    )
    require(
        0 <= expires - issued <= MAX_LIFETIME.total_seconds(),
        causes.LIFETIME_TOO_LONG,
        f"{expires - issued:.0f} s",
    )


def check_deployment(token: Claims, expected: str | None) -> None:
    """Which installation: readable, and the one that the login named if it named one (LTI Core 1.3 §5.3.3)."""
    stated = token.get(claims.DEPLOYMENT_ID)
    require(is_identifier(stated) and stated.isascii(), causes.DEPLOYMENT_UNUSABLE, _shown(stated))
    require(expected in (None, stated), causes.DEPLOYMENT_OTHER, f"login {expected!r}, token {stated!r}")


def check_message(token: Claims, *, target: str, allow_anonymous: bool) -> MessageType:
    """What it says: everything the LTI standard demands of this message type, and nothing of the wrong type."""
    require(
        token.get(claims.VERSION) == claims.LTI_VERSION,
        causes.VERSION_WRONG,
        _shown(token.get(claims.VERSION)),
    )
    message_type = _message_type(token.get(claims.MESSAGE_TYPE))
    for name in OBJECTS:
        require(
            token.get(name) is None or isinstance(token[name], dict),
            causes.CLAIM_UNUSABLE,
            f"{name} is no object",
        )
    _check_person(token.get("sub"), allow_anonymous=allow_anonymous)
    roles = token.get(claims.ROLES)
    require(isinstance(roles, list) and _all_text(roles), causes.ROLES_UNUSABLE, _shown(roles))
    context = token.get(claims.CONTEXT)
    require(context is None or is_identifier(context.get("id")), causes.CONTEXT_UNUSABLE, _shown(context))
    if message_type is MessageType.DEEP_LINKING:
        require(token.get("sub") is not None, causes.PERSON_MISSING, "a deep-linking request needs a person")
        return message_type
    require(
        token.get(claims.TARGET_LINK_URI) == target,
        causes.TARGET_OTHER,
        _shown(token.get(claims.TARGET_LINK_URI)),
    )
    link = token.get(claims.RESOURCE_LINK) or {}
    require(is_identifier(link.get("id")), causes.RESOURCE_LINK_UNUSABLE, _shown(link))
    if message_type is MessageType.SUBMISSION_REVIEW:
        user = token.get(claims.FOR_USER) or {}
        require(is_identifier(user.get("user_id")), causes.REVIEW_UNUSABLE, f"for_user is {_shown(user)}")
    return message_type


def check_deep_linking(token: Claims, platform: Platform) -> None:
    """What a deep-linking request must say about the way back (Deep Linking 2.0 §4.4.1).

    The return address must be https, unless the whole LMS is on http as in development.
    """
    settings = token.get(claims.DEEP_LINKING_SETTINGS) or {}
    back = settings.get("deep_link_return_url")
    require(is_web_address(back), causes.DEEP_LINKING_UNUSABLE, f"deep_link_return_url is {_shown(back)}")
    encrypted = urlsplit(str(back)).scheme == "https"
    require(
        encrypted or not platform.is_encrypted,
        causes.DEEP_LINKING_UNUSABLE,
        "deep_link_return_url is not https",
    )
    for name in ("accept_types", "accept_presentation_document_targets"):
        stated = settings.get(name)
        require(
            isinstance(stated, list) and _all_text(stated),
            causes.DEEP_LINKING_UNUSABLE,
            f"{name}: {_shown(stated)}",
        )


def _check_person(sub: object, *, allow_anonymous: bool) -> None:
    if sub is None:
        require(
            allow_anonymous,
            causes.PERSON_MISSING,
            "no sub, and this registration does not allow anonymous launches",
        )
    else:
        require(is_identifier(sub), causes.PERSON_UNUSABLE, _shown(sub))


def _message_type(stated: object) -> MessageType:
    require(isinstance(stated, str) and stated, causes.MESSAGE_TYPE_MISSING, _shown(stated))
    try:
        return MessageType(str(stated))
    except ValueError:
        raise LaunchRefused(causes.MESSAGE_TYPE_UNSUPPORTED, _shown(stated)) from None


def _moment(stated: object, name: str) -> float:
    if isinstance(stated, bool) or not isinstance(stated, int | float) or not _is_finite(stated):
        raise LaunchRefused(causes.TIME_MISSING, f"{name} is {_shown(stated)}")
    return float(stated)


def _is_finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # a JSON integer may have any number of digits
        return False


def _all_text(values: Iterable[object]) -> bool:
    return all(isinstance(value, str) for value in values)


def _is_unicode(text: str) -> bool:
    """JSON may carry halves of surrogate pairs, which no encoding can write down."""
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)


def _shown(value: object) -> str:
    return repr(value)[:200]
