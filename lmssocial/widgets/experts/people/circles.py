"""How far the person of a request sees."""

from lmssocial.social.communities.scope import Here
from lmssocial.social.communities.spanning import together
from lmssocial.web import scope
from lmssocial.widgets.experts.blueprint import settings_of
from lmssocial.widgets.experts.models import Reach
from lmssocial.widgets.experts.people.seeing import Circle


def circle_of(place: Here) -> Circle:
    """How far somebody sees from ``place``. One query, or none where people stay among themselves."""
    reach = settings_of(place).reach
    if reach is Reach.COURSE:
        return Circle(reach=reach, together={})
    return Circle(reach=reach, together=together(scope.session(), place.actor.community_id))
