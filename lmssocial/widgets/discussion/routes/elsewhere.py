"""Old addresses of what a moderator moved or merged: they lead to where it stands by now.

Not for good (303, not 301): a thread can be moved back, and a merged one split off again.
"""

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lmssocial.web import scope
from lmssocial.widgets.discussion.queries.reorganising import Elsewhere, post_elsewhere, thread_elsewhere
from lmssocial.widgets.discussion.routes.blueprint import discussion, led_by


def where_thread_went(placement_id: int, thread_id: int) -> Response | None:
    """The way to a thread that is not in this discussion any more; ``None`` if there is none for this person."""
    found = thread_elsewhere(scope.session(), discussion().actor, placement_id, thread_id)
    return None if found is None else _onward(found)


def where_post_went(placement_id: int, post_id: int) -> Response | None:
    """The way to a post that stands in another discussion by now; ``None`` if there is none for this person."""
    found = post_elsewhere(scope.session(), discussion().actor, placement_id, post_id)
    return None if found is None else _onward(found)


def _onward(found: Elsewhere) -> Response:
    if found.post_id is None:
        address = url_for(
            "discussion.thread_detail", placement_id=found.placement_id, thread_id=found.thread_id
        )
        return redirect(led_by(address), code=303)
    address = url_for("discussion.post_detail", placement_id=found.placement_id, post_id=found.post_id)
    return redirect(led_by(address), code=303)
