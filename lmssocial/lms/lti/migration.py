"""The migration claim: what LTI 1.1 called person, course and link of a launch (LTI 1.3 Migration Guide §2).

The platform says it in a claim that it signs once more, with the secret that tool and platform shared in LTI 1.1. So it
shows that it is the platform it was then; without that anybody could take over the past of anybody else.
"""

import hmac
from base64 import b64encode

from lmssocial.lms.lti import claims
from lmssocial.lms.lti.checks import Claims, is_identifier
from lmssocial.lms.lti.launch import Migration
from lmssocial.lms.lti.platforms import Platform


def read_migration(token: Claims, platform: Platform) -> Migration | None:
    """The claim of a message that passed every check; ``None`` if there is none that could be proved.

    What the claim leaves out is called in LTI 1.1 as it is in LTI 1.3.
    """
    stated = token.get(claims.LTI1P1)
    if not isinstance(stated, dict):
        return None
    key, signature = stated.get("oauth_consumer_key"), stated.get("oauth_consumer_key_sign")
    if not is_identifier(key) or not is_identifier(signature):
        return None
    signed = (
        key,
        token[claims.DEPLOYMENT_ID],
        platform.issuer,
        platform.client_id,
        _whole(token["exp"]),
        token["nonce"],
    )
    return Migration(
        consumer_key=key,
        signature=signature,
        signed_text="&".join(map(str, signed)),
        user_id=_id(stated.get("user_id"), token.get("sub")),
        context_id=_id(stated.get("context_id"), _id_in(token, claims.CONTEXT)),
        resource_link_id=_id(stated.get("resource_link_id"), _id_in(token, claims.RESOURCE_LINK)),
    )


def is_signed_with(migration: Migration, secret: str) -> bool:
    """Whether the platform knows the secret of its key (HMAC-SHA256 in base64); takes the same time either way."""
    made = hmac.digest(secret.encode(), migration.signed_text.encode(), "sha256")
    return hmac.compare_digest(b64encode(made), migration.signature.encode())


def _whole(number: float) -> float:
    """As platforms write it into what they sign."""
    return int(number) if number == int(number) else number


def _id(*candidates: object) -> str:
    return next((one for one in candidates if is_identifier(one)), "")


def _id_in(token: Claims, name: str) -> object:
    return (token.get(name) or {}).get("id")
