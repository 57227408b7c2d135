"""What peer rating tells people of."""

from flask_babel import lazy_gettext as _l

from lmssocial.social.notifications.models import How
from lmssocial.social.notifications.ports import Kind

OPENED = "peer_rating.opened"
DUE = "peer_rating.due"
REVIEWS = "peer_rating.reviews"
EXTENSION = "peer_rating.extension"
FEEDBACK = "peer_rating.feedback"
SCORES = "peer_rating.scores"
ANSWERED = "peer_rating.answered"
TAKEN = "peer_rating.taken"
DECIDED = "peer_rating.decided"
APPEAL = "peer_rating.appeal"
STAFF = "peer_rating.staff"

KINDS: tuple[Kind, ...] = (
    Kind(
        name=OPENED,
        label=_l("Peer rating begins"),
        about=_l("You can hand in, or an activity is called off."),
        default=How.NOW,
    ),
    Kind(
        name=DUE,
        label=_l("Peer rating: dates"),
        about=_l("A date is near and you still owe something, or an instructor reminds you."),
        default=How.NOW,
    ),
    Kind(
        name=REVIEWS,
        label=_l("Works to review"),
        about=_l("There is something for you to review."),
        default=How.NOW,
    ),
    Kind(
        name=EXTENSION,
        label=_l("Other dates for you"),
        about=_l("An instructor gives you other dates than everybody has."),
        default=How.NOW,
    ),
    Kind(
        name=FEEDBACK,
        label=_l("Reviews of your work"),
        about=_l("You can read what others wrote about your work."),
        default=How.NOW,
    ),
    Kind(
        name=SCORES,
        label=_l("Scores"),
        about=_l("The score of your work is released, or changed."),
        default=How.NOW,
    ),
    Kind(
        name=ANSWERED,
        label=_l("Answers to your reviews"),
        about=_l("An author says whether a review of yours helped."),
        default=How.DIGEST,
    ),
    Kind(
        name=TAKEN,
        label=_l("Work and reviews taken out"),
        about=_l("Your work is taken out, or a review of yours is taken back or does not count."),
        default=How.NOW,
        may_be_off=False,
    ),
    Kind(
        name=DECIDED,
        label=_l("Answers to appeals"),
        about=_l("Somebody decided about an appeal of yours."),
        default=How.NOW,
        may_be_off=False,
    ),
    Kind(
        name=APPEAL,
        label=_l("Appeals"),
        about=_l("An author asks for another look at a score."),
        default=How.NOW,
        for_moderators=True,
    ),
    Kind(
        name=STAFF,
        label=_l("Peer rating needs you"),
        about=_l("An activity does not go on, or not well, without an instructor."),
        default=How.NOW,
        for_moderators=True,
    ),
)
"""In the order of the settings page."""
