"""Addresses that an answer names: pages of a list, and things within a service. A bearer token never leaves home."""

import re
from collections.abc import Mapping
from urllib.parse import unquote_plus, urldefrag, urlencode, urljoin, urlsplit

from lmssocial.lms.lti.services.trouble import unreadable

_PARAMETER = r"""\s*;\s*([^\s=;,"<>]+)(?:\s*=\s*("(?:[^"\\]|\\.)*"|[^\s",;<>]+))?"""
_LINK = re.compile(rf"<([^<>]*)>((?:{_PARAMETER})*)")
_PARAMETERS = re.compile(_PARAMETER)


def link_to(headers: Mapping[str, str], relation: str) -> str:
    """The target of the first ``Link`` with this relation, as it was written; empty if there is none.

    Targets keep their case: page marks of platforms are case-sensitive. Names of parameters and relations have none
    (RFC 8288 §3, §3.3), and of several ``rel`` in a link the first one counts. Moodle's line items are linked with
    ``rel=“next”`` in curly quotes and with ``&amp;`` in the address; both are understood.
    """
    for link in _LINK.finditer(headers.get("link", "")):
        for name, value in _PARAMETERS.findall(link[2]):
            if name.lower() == "rel":
                if relation in _relations(value):
                    return str(link[1].strip().replace("&amp;", "&"))
                break
    return ""


def _relations(value: str) -> list[str]:
    """The relations of a ``rel`` parameter; a header is Latin-1 until somebody wrote UTF-8 into it."""
    plain = value.encode("latin-1", "replace").decode("utf-8", "replace")
    return re.sub(r"\\(.)", r"\1", plain.strip('"“”')).lower().split()


def at_home(base: str, target: str, what: str) -> str:
    """``target`` as a full address, seen from ``base``.

    :param what: what the address is of, for the trouble: *the next page*, *a line item*.
    :raises ServiceTrouble: ``UNREADABLE`` if it leads to another origin than ``base``, where no token may be sent.
    """
    try:
        full = urldefrag(urljoin(base, target.strip())).url
        same = origin(full) == origin(base) and "@" not in urlsplit(full).netloc
    except ValueError:
        same = False
    if not same:
        raise unreadable(None, f"{base} names {target[:300]} as {what}, which is not on the same server.")
    return full


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of ``url``, as they are compared.

    :raises ValueError: if it is no full http(s) address.
    """
    parts = urlsplit(url)
    standard = {"https": 443, "http": 80}.get(parts.scheme)
    if standard is None or not parts.hostname:
        raise ValueError(url)
    return parts.scheme, parts.hostname.removesuffix("."), parts.port or standard


def with_query(url: str, **asked: str | int | None) -> str:
    """``url`` with these parameters in its query, in place of those of the same names; empty ones are left out.

    What stands in the query already stays (Moodle's addresses have ``?type_id=1``).
    """
    wanted = {name: str(value) for name, value in asked.items() if value not in (None, "")}
    if not wanted:
        return url
    parts = urlsplit(url)
    kept = [
        pair for pair in parts.query.split("&") if pair and unquote_plus(pair.partition("=")[0]) not in wanted
    ]
    return parts._replace(query="&".join([*kept, urlencode(wanted)]), fragment="").geturl()


def below(url: str, step: str) -> str:
    """The address of ``step`` below ``url``, before its query (AGS 2.0 §3.4.1).

    ``…/lineitem?type_id=1`` has its scores at ``…/lineitem/scores?type_id=1``.
    """
    parts = urlsplit(url)
    return parts._replace(path=f"{parts.path.rstrip('/')}/{step}", fragment="").geturl()
