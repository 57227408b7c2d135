"""What people fill in who were asked, or think of somebody."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from lmssocial.social.content.text import tidy, tidy_line
from lmssocial.social.engagement.sentences import LONGEST
from lmssocial.web.forms import SafeForm
from lmssocial.widgets.experts.invitation_models import Because
from lmssocial.widgets.experts.inviting.blocking import MOST_WHY

_TOO_LONG = _l("At most %(max)d characters, please.")


def _number(value: Any) -> int | None:
    return int(value) if str(value).isascii() and str(value).isdigit() else None


class DeclineForm(SafeForm):
    """Declining: each reason is a button."""

    because = HiddenField()

    @property
    def reason(self) -> Because | None:
        """The one whose button was pressed."""
        return Because(self.because.data) if self.because.data in set(Because) else None


class ReferForm(SafeForm):
    """Thinking of somebody: one of the people that were found, and a sentence to them."""

    chosen = RadioField(
        _l("Who knows about this?"), [InputRequired(_l("Choose somebody."))], choices=[], coerce=_number
    )
    sentence = TextAreaField(
        _l("A sentence to them"),
        [Optional(), Length(max=LONGEST, message=_TOO_LONG)],
        description=_l("They read it with your name: why you thought of them."),
        filters=[lambda text: tidy(text or "").strip()],
        render_kw={"rows": 2},
    )
    q = HiddenField(filters=[lambda text: tidy_line(text or "")[:80]])
    instead = HiddenField()


class BlockForm(SafeForm):
    """Wanting no questions of somebody any more."""

    why = StringField(
        _l("Why?"),
        [Optional(), Length(max=MOST_WHY, message=_TOO_LONG)],
        description=_l("Read by instructors and stewards of this course, and by nobody else."),
        filters=[lambda text: tidy_line(text or "")],
    )
