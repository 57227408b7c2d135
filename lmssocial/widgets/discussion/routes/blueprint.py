"""The blueprint, and what all its views need."""

from flask import Blueprint, request, url_for

from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.scope import Here, here
from lmssocial.social.engagement.via import PARAMETER, via_of, with_via
from lmssocial.widgets.discussion.access import WIDGET

bp = Blueprint("discussion", __name__)


def discussion() -> Here:
    """The place and person of this request, in a discussion.

    :raises NotFound: if something else is placed here.
    """
    place = here()
    if place.widget != WIDGET:
        raise NotFound(_("There is no discussion at this address."), reason=f"{place.widget} is placed here")
    return place


def base() -> str:
    """The address under which everything of this discussion lives, without the slash at its end."""
    return url_for("discussion.thread_list", placement_id=here().placement_id).rstrip("/")


def led_by(address: str) -> str:
    """``address``, saying what this request says led to it."""
    via = via_of(request.args.get(PARAMETER))
    return with_via(address, via) if via else address


def post_href(thread_id: int, number: int | None, post_id: int, highest: int, page_size: int) -> str:
    """The address of the page that holds a post, leading to the post.

    The first page is enough while the thread fits on it; what waits stands at the end of every page.
    """
    placement_id = here().placement_id
    if number is None:
        return url_for(
            "discussion.thread_detail",
            placement_id=placement_id,
            thread_id=thread_id,
            _anchor=f"held-{post_id}",
        )
    at = number if highest > page_size else None
    return url_for(
        "discussion.thread_detail",
        placement_id=placement_id,
        thread_id=thread_id,
        at=at,
        _anchor=f"post-{number}",
    )
