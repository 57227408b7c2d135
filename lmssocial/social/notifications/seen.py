"""Noticing in a request that somebody has before them what a notice was about."""

from collections.abc import Callable, Collection

import structlog
from flask import g, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from lmssocial.core.db import unit_of_work
from lmssocial.social.communities.scope import Here
from lmssocial.social.notifications import reading
from lmssocial.web import scope

log = structlog.get_logger(__name__)


def unread(place: Here) -> int:
    """What the bell shows: without what this very request took as read."""
    return max(0, place.unread_notices - int(g.get("notices_read", 0)))


def saw(place: Here, contribution_ids: Collection[int]) -> None:
    """The person has these contributions before them: what tells of them is over.

    Costs nothing for who has no unread notices. To be called before the page is rendered, so that its bell is right.
    """
    if place.unread_notices and contribution_ids:
        take(place, lambda session: reading.mark_about_read(session, place.actor, contribution_ids))


def take(place: Here, mark: Callable[[Session], int]) -> None:
    """Take notices as read and remember how many those were. Reading goes on when nothing can be written.

    A browser that fetches a page before anybody asks for it reads nothing.
    """
    if "prefetch" in request.headers.get("Sec-Purpose", ""):
        return
    try:
        with unit_of_work(scope.session()) as session:
            marked = mark(session)
    except OperationalError:
        log.warning("notices not taken as read", user=place.actor.user_id, exc_info=True)
        return
    g.notices_read = g.get("notices_read", 0) + marked
