"""Engagement in a request: the widgets that take part in it, and what was brought to where the person is."""

from lmssocial.social.communities.scope import here
from lmssocial.social.engagement import sharing
from lmssocial.social.engagement.ports import Engaged, ports_of
from lmssocial.social.engagement.sharing import Carried
from lmssocial.web import scope
from lmssocial.web.program import program


def ports() -> dict[str, Engaged]:
    """Every widget's side of engagement, by the first part of the kinds of its contributions."""
    return ports_of(program().widgets.values())


def carried_here(contribution_id: int) -> Carried | None:
    """The original of something that was brought to this request's community; ``None`` if it is gone. One query."""
    place = here()
    return sharing.carried(scope.session(), place.actor, ports()[place.widget], place.widget, contribution_id)
