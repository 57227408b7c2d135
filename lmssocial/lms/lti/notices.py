"""Notices: what a platform tells us while nobody is there (Platform Notification Service 1.0).

A notice is a token like that of a launch, and is believed after the same checks. What a launch has and a notice has
not is a login before it; in place of its nonce, which nobody gave out, stands the id of the notice, taken in once.
"""

from dataclasses import dataclass

from lmssocial.core.kernel import clock
from lmssocial.lms.lti import causes, checks, claims
from lmssocial.lms.lti.checks import Claims, is_identifier, require
from lmssocial.lms.lti.launch import Context
from lmssocial.lms.lti.platforms import Platform
from lmssocial.lms.lti.reading import read_context
from lmssocial.lms.lti.refusals import LaunchRefused
from lmssocial.lms.lti.signed import FindKey, SignedToken

COPY = "LtiContextCopyNotice"
"""A course was copied, or something was copied into it."""
HELLO = "LtiHelloWorldNotice"
"""Says that notices arrive; platforms that offer it send it when it is asked for."""
WANTED = (COPY, HELLO)
"""What we ask for wherever it is offered."""
MAX_ORIGINS = 50
"""Courses that are read from one notice as what its course was copied from."""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A notice that passed every check."""

    registration_id: int
    deployment_id: str
    """As the LMS names it; whether we know and approve of it, tenancy decides."""
    id: str
    """Unique within the platform; the same notice may come twice."""
    kind: str
    context: Context | None = None
    origins: tuple[str, ...] = ()
    """In a copy notice: ids of the contexts that ``context`` was copied from, in the LMS's order: the nearest first."""


def read_notice(text: str, platform: Platform, find_key: FindKey) -> Notice:
    """Check one notice and read it.

    :raises LaunchRefused: at the first rule that is broken.
    """
    signed = SignedToken.parse(text)
    token = signed.claims
    checks.check_issuer(token, platform)
    checks.check_audience(token, platform)
    signed.verify(platform, find_key)
    checks.check_times(token, now=clock.now(), login_began=None)
    checks.check_deployment(token, None)
    _check_notice(token)
    stated = token[claims.NOTICE]
    return Notice(
        registration_id=platform.registration_id,
        deployment_id=str(token[claims.DEPLOYMENT_ID]),
        id=stated["id"],
        kind=stated["type"],
        context=read_context(token),
        origins=_origins(token) if stated["type"] == COPY else (),
    )


def _check_notice(token: Claims) -> None:
    """What every notice says: the version, its own id and type, and which course if it is about one (§4.1)."""
    version = token.get(claims.VERSION)
    require(version == claims.LTI_VERSION, causes.VERSION_WRONG, repr(version)[:100])
    notice, context = token.get(claims.NOTICE), token.get(claims.CONTEXT)
    if not isinstance(notice, dict):
        raise LaunchRefused(causes.NOTICE_UNUSABLE, "there is no notice in it")
    for name in ("id", "type"):
        require(
            is_identifier(notice.get(name)), causes.NOTICE_UNUSABLE, f"{name}: {notice.get(name)!r}"[:200]
        )
    has_course = isinstance(context, dict) and is_identifier(context.get("id"))
    may_have_none = context is None and notice["type"] != COPY
    require(has_course or may_have_none, causes.CONTEXT_UNUSABLE, repr(context)[:200])


def _origins(token: Claims) -> tuple[str, ...]:
    """What can name a course, each once; a course is no copy of itself."""
    stated = token.get(claims.ORIGIN_CONTEXTS)
    itself = token[claims.CONTEXT]["id"]
    found = (
        [one for one in stated if is_identifier(one) and one != itself] if isinstance(stated, list) else []
    )
    return tuple(dict.fromkeys(found))[:MAX_ORIGINS]
