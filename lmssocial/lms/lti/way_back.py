"""The way back to the LMS, with what it shall tell the person or write down (LTI Core 1.3 §5.4.4)."""

from collections.abc import Collection
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

LONGEST = 500
"""Characters of one message; some platforms put it into a page's address again."""


def way_back(
    return_url: str, origins: Collection[str], *, msg: str = "", errormsg: str = "", log: str = "", errorlog: str = ""
) -> str:  # fmt: skip
    """``return_url`` with messages; empty if it leads anywhere but to the platform.

    :param origins: the platform's, such as ``https://lms.example.edu``.
    :param msg: what the LMS shows the person.
    :param errormsg: the same, where something went wrong.
    :param log: what it writes down for its administrator.
    :param errorlog: the same, where something went wrong.
    """
    try:
        parts = urlsplit(return_url)
        origin = f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
    except ValueError:
        return ""
    known = {_plain(one) for one in origins}
    safe = parts.scheme in {"http", "https"} and "@" not in parts.netloc and return_url.isprintable()
    if not safe or "\\" in return_url or _plain(origin) not in known:
        return ""
    said = {"lti_msg": msg, "lti_errormsg": errormsg, "lti_log": log, "lti_errorlog": errorlog}
    told = [(name, text[:LONGEST]) for name, text in said.items() if text]
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in said]
    return urlunsplit(parts._replace(query=urlencode(kept + told))) if told else return_url


def _plain(origin: str) -> str:
    """An origin in one spelling: lower case, and without the port that its scheme has anyway."""
    scheme, _, host = origin.lower().partition("://")
    usual = {"https": ":443", "http": ":80"}.get(scheme, "")
    return f"{scheme}://{host.removesuffix(usual) if usual else host}"
