"""What authors say with one tick, and how far appeals are, in words of the reader's language."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from lmssocial.widgets.peer_rating.feedback.rules import TAGS
from lmssocial.widgets.peer_rating.scoring_models import AppealState

TAG_WORDS: Mapping[str, str] = dict(
    zip(
        TAGS,
        (
            _l("Specific: I know what is meant"),
            _l("Fair"),
            _l("Kind"),
            _l("Helped me to go on"),
            _l("Unclear"),
            _l("Says too little"),
            _l("Not about my work"),
        ),
        strict=True,
    )
)

HELPFUL_WORDS: Mapping[int, str] = {
    5: _l("5: very helpful"),
    4: _l("4: helpful"),
    3: _l("3: partly"),
    2: _l("2: hardly"),
    1: _l("1: not helpful"),
}

STATE_WORDS: Mapping[AppealState, str] = {
    AppealState.OPEN: _l("Waits for an instructor"),
    AppealState.ASSIGNED: _l("Is being looked at"),
    AppealState.UPHELD: _l("Decided: another score"),
    AppealState.REJECTED: _l("Decided: the score stays"),
    AppealState.WITHDRAWN: _l("Withdrawn"),
}
