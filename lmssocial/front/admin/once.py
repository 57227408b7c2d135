"""What is shown once and never again: handed from the request that made it to the page that shows it.

It travels in the administrator's own cookie, sealed, and is gone from there when the page is made.
"""

import json
from typing import Any

from flask import session as cookie

from lmssocial.core.kernel.secrets import SealBroken
from lmssocial.web.program import program


def put(name: str, value: Any) -> None:
    """Keep ``value``, of JSON types and a few hundred bytes, for the next page that asks for ``name``."""
    cookie[name] = program().secret_box.seal(json.dumps(value).encode())


def take(name: str) -> Any:
    """What was put, the first time; ``None`` afterwards."""
    return _opened(cookie.pop(name, None))


def look(name: str) -> Any:
    """What was put, which stays for another look."""
    return _opened(cookie.get(name))


def _opened(sealed: str | None) -> Any:
    if sealed is None:
        return None
    try:
        return json.loads(program().secret_box.open(sealed))
    except SealBroken:
        return None
