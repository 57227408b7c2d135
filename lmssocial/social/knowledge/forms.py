"""What people fill in who look at an answer again."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import DataRequired

from lmssocial.social.content.text import tidy_line
from lmssocial.web.forms import SafeForm, options


class ConfirmForm(SafeForm):
    """An answer still holds."""

    months = SelectField(
        _l("Look at it again"),
        choices=options(
            (
                (3, _l("in three months")),
                (6, _l("in half a year")),
                (12, _l("in a year")),
                (24, _l("in two years")),
            )
        ),
        coerce=int,
        default=12,
    )


class OutdateForm(SafeForm):
    """An answer does not hold any more."""

    note = TextAreaField(
        _l("What readers are told"),
        [DataRequired(_l("Say in a sentence what has changed, or where to look instead."))],
        filters=[lambda text: tidy_line(text or "")],
        description=_l(
            "One or two sentences, at most 300 characters. They stand beside the answer, with your name."
        ),
        render_kw={"rows": 3},
    )
