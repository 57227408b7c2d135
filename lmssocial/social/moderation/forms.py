"""What a moderator fills in."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from lmssocial.web.forms import SafeForm


class DeclineForm(SafeForm):
    """Why something is not published, for its author to read."""

    message = TextAreaField(
        _l("What the author should know"),
        [
            InputRequired(_l("Write a sentence to the author: what would have to change?")),
            Length(max=1000, message=_l("At most 1,000 characters, please.")),
        ],
    )
