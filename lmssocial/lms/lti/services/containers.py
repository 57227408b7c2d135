"""Lists that a platform hands out in pages: line items, results, groups."""

from collections.abc import Collection, Iterator
from typing import Any

from lmssocial.lms.lti.services.addresses import at_home, link_to
from lmssocial.lms.lti.services.calling import Caller, Endpoint
from lmssocial.lms.lti.services.trouble import unreadable

MAX_PAGES = 1000
"""More than anybody has; a platform that always names another page is stopped here."""


def all_entries(
    caller: Caller,
    endpoint: Endpoint,
    scopes: Collection[str],
    url: str,
    *,
    accept: str,
    within: str = "",
) -> Iterator[dict[str, Any]]:
    """Every entry that is an object, page after page.

    :param within: the member of the answer that holds the list; empty where the answer is the list.
    :raises ServiceTrouble: ``UNREADABLE`` if a page is no such list, leads elsewhere, or leads in a circle.
    """
    seen: set[str] = set()
    while url:
        seen.add(url)
        reply = caller.get(endpoint, scopes, url, accept=accept)
        said: Any = reply.data
        listed = said.get(within) if within and isinstance(said, dict) else said
        if not isinstance(listed, list):
            raise unreadable(reply, f"{url} did not answer with a list.")
        yield from (entry for entry in listed if isinstance(entry, dict))
        link = link_to(reply.headers, "next")
        next_url = at_home(url, link, "the next page") if link else ""
        if next_url in seen or len(seen) >= MAX_PAGES:
            raise unreadable(reply, f"The pages of {url} never end.")
        url = next_url
