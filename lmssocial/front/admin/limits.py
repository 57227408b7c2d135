"""How often somebody may try a password or a code. Counted in memory of each process, or in Redis for all of them.

Every attempt counts, not only a failed one, so that many at once cannot slip through between count and answer.
"""

import ipaddress
import math
import time
from typing import Any

from flask import Flask, Response, request
from flask import session as cookie
from flask_babel import gettext as _
from flask_limiter import Limiter
from flask_limiter.errors import RateLimitExceeded

from lmssocial.front.admin.accounts import normal_login
from lmssocial.web.errors import error_page, new_reference

PER_ADDRESS = "10 per 5 minutes"
PER_ACCOUNT = "20 per 15 minutes"
"""From wherever they come. Above the other, so that a stranger at one address cannot shut an administrator out."""
HALF_WAY = "half_way"
"""The key in the cookie of who gave the right password and still owes a code."""


def init_app(app: Flask, redis_url: str, guarded: tuple[str, ...]) -> None:
    """Guard the endpoints ``guarded``; when Redis does not answer, each process counts for itself."""
    limiter = Limiter(
        _address,
        app=app,
        storage_uri=redis_url.replace("unix://", "redis+unix://") or "memory://",
        strategy="moving-window",
        key_prefix="lmssocial-admin",
        in_memory_fallback_enabled=True,
    )
    for endpoint in guarded:
        view: Any = limiter.limit(PER_ADDRESS, methods=["POST"])(app.view_functions[endpoint])
        app.view_functions[endpoint] = limiter.limit(PER_ACCOUNT, methods=["POST"], key_func=_account)(view)
    app.register_error_handler(RateLimitExceeded, lambda error: _too_many(limiter, error))


def _address() -> str:
    """Where the request comes from; for IPv6 the network, because a household has 2**64 addresses."""
    raw = request.remote_addr or ""
    try:
        address = ipaddress.ip_address(raw)
    except ValueError:
        return raw
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if address.version == 6 else raw


def _account() -> str:
    """Whose password, or whose code, is being tried."""
    half_way = cookie.get(HALF_WAY) or {}
    return f"login:{normal_login(request.form.get('login', ''))[:120]}:{half_way.get('account', '')}"


def _too_many(limiter: Limiter, _error: RateLimitExceeded) -> Response:
    limit = limiter.current_limit
    # The end of the window is told in whole seconds, rounded up; nobody waits longer than one window.
    left = min(limit.reset_at - time.time(), limit.limit.get_expiry()) if limit is not None else 60
    seconds = max(1, math.ceil(left))
    response = error_page(
        429,
        new_reference(),
        title=_("Too many attempts"),
        message=_(
            "Wait %(minutes)d min and try again. If you forgot your password, somebody with access to the server can "
            "give you a new one: lmssocial admins remove, then lmssocial admins add.",
            minutes=max(1, round(seconds / 60)),
        ),
    )
    response.headers["Retry-After"] = str(seconds)
    return response
