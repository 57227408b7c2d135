"""Which policies judge what somebody says to a question: those of its community, also if a guest says it."""

from lmssocial.social.communities.scope import Here
from lmssocial.social.moderation.request import screen_at, screen_here
from lmssocial.social.moderation.screening import Screen
from lmssocial.web import scope
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.models import Question
from lmssocial.widgets.experts.writers import writer_of


def screen_for(place: Here, question: Question) -> Screen:
    """Asks the policies that are on where the question stands."""
    if not access.is_guest(place.actor, question):
        return screen_here()
    return screen_at(*writer_of(scope.session(), place.actor, question))
