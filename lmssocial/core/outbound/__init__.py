"""The one way out: every HTTP request this program makes to somebody else's server goes through here.

Addresses of platforms are typed by administrators, read from configuration documents and carried by launches,
so each of them may be an attempt to make us call our own network. The client therefore resolves a name once,
refuses addresses that are not public, and connects to the very address it examined.
"""

from lmssocial.core.outbound.addresses import AllowList, is_public
from lmssocial.core.outbound.client import MAX_BODY, MAX_JWKS, Outbound
from lmssocial.core.outbound.errors import OutboundError, Reply, Trouble

__all__ = ["MAX_BODY", "MAX_JWKS", "AllowList", "Outbound", "OutboundError", "Reply", "Trouble", "is_public"]
