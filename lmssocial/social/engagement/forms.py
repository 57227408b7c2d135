"""What people write beside their marks."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from lmssocial.social.content.text import tidy_line
from lmssocial.social.engagement.sentences import LONGEST
from lmssocial.web.forms import SafeForm

_SHORT = Length(max=LONGEST, message=_l("At most 300 characters, please."))


def _tidied(text: str | None) -> str:
    return tidy_line(text or "")


class EndorseForm(SafeForm):
    """For what it is right, if they want to say."""

    sentence = TextAreaField(
        _l("What is right about it"),
        description=_l("One sentence; everybody who reads the post reads it, too."),
        filters=[_tidied],
        validators=[_SHORT],
        render_kw={"rows": 2},
    )


class MentionForm(SafeForm):
    """Why others should read it."""

    sentence = TextAreaField(
        _l("Why should others read it?"),
        description=_l("One sentence; everybody who reads the post reads it, with your name."),
        filters=[_tidied],
        validators=[DataRequired(_l("Say why, in a sentence.")), _SHORT],
        render_kw={"rows": 2},
    )


class ShareForm(SafeForm):
    """Where it shall go, and what for."""

    place = SelectField(_l("Where to"), coerce=int, choices=())
    title = StringField(
        _l("Title of the thread there"),
        filters=[_tidied],
        validators=[
            DataRequired(_l("Write a title.")),
            Length(max=200, message=_l("At most 200 characters, please.")),
        ],
    )
    sentence = TextAreaField(
        _l("Why is it worth reading there?"),
        description=_l("It opens the thread, in your name."),
        filters=[_tidied],
        validators=[DataRequired(_l("Say why, in a sentence.")), _SHORT],
        render_kw={"rows": 2},
    )
