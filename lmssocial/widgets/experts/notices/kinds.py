"""What expert connect tells people of."""

from flask_babel import lazy_gettext as _l

from lmssocial.social.notifications.models import How
from lmssocial.social.notifications.ports import Kind

INVITED = "experts.invited"
ANSWERING = "experts.answering"
QUESTION = "experts.question"
PROGRESS = "experts.progress"
THANKS = "experts.thanks"
NAMED = "experts.named"
OPEN = "experts.open"
INTRODUCED = "experts.introduced"
MEETING = "experts.meeting"
BOOKING = "experts.booking"
STEWARDS = "experts.stewards"

KINDS: tuple[Kind, ...] = (
    Kind(
        name=INVITED,
        label=_l("Questions that you are asked to answer"),
        about=_l("Somebody has a question that you may know about."),
        default=How.NOW,
    ),
    Kind(
        name=ANSWERING,
        label=_l("Questions that you answer"),
        about=_l("The asker says more, a question goes on to others, or you are left in peace for a while."),
        default=How.NOW,
    ),
    Kind(
        name=QUESTION,
        label=_l("Answers to your questions"),
        about=_l("A question of yours is answered, has a question back, or comes to an end."),
        default=How.NOW,
    ),
    Kind(
        name=PROGRESS,
        label=_l("How questions go on"),
        about=_l("Somebody answers, a question of yours goes on to others, or one needs you no more."),
        default=How.BELL,
    ),
    Kind(
        name=THANKS,
        label=_l("Thanks and endorsements"),
        about=_l("Your answer helped, is published, or somebody says that you know about a topic."),
        default=How.DIGEST,
    ),
    Kind(
        name=NAMED,
        label=_l("Asked to be an expert"),
        about=_l("An instructor names you as somebody who may be asked, or makes you the SME of a topic."),
        default=How.NOW,
        may_be_off=False,
    ),
    Kind(
        name=OPEN,
        label=_l("Questions open to everybody"),
        about=_l(
            "Nobody was found for a question in time. You are told if your profile says that you bring people "
            "together, or if you choose it here."
        ),
        default=How.DIGEST,
    ),
    Kind(
        name=INTRODUCED,
        label=_l("Introductions"),
        about=_l("Somebody wants to bring you and somebody else together, or wrote to you after that."),
        default=How.NOW,
    ),
    Kind(
        name=MEETING,
        label=_l("Office hours"),
        about=_l("A meeting is near, or a place comes free."),
        default=How.NOW,
    ),
    Kind(
        name=BOOKING,
        label=_l("Meetings booked, changed and cancelled"),
        about=_l("You get these by e-mail at once in any case, with the entry for your calendar."),
        default=How.BELL,
    ),
    Kind(
        name=STEWARDS,
        label=_l("Expert connect needs you"),
        about=_l("A question found nobody, waits for long, or endorsements are to be confirmed."),
        default=How.NOW,
        for_moderators=True,
    ),
)
"""In the order of the settings page."""
