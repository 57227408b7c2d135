"""What is typed to sign in."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from lmssocial.front.admin.passwords import LONGEST
from lmssocial.web.forms import SafeForm


class SignInForm(SafeForm):
    """The first step."""

    login = StringField(
        _l("Name"),
        [InputRequired(_l("Your name as an administrator is missing.")), Length(max=120)],
        render_kw={
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
            "autofocus": True,
        },
    )
    password = PasswordField(
        _l("Password"),
        [InputRequired(_l("Your password is missing.")), Length(max=LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class CodeForm(SafeForm):
    """The second step."""

    code = StringField(
        _l("Code"),
        [InputRequired(_l("The code is missing.")), Length(max=40)],
        render_kw={
            "autocomplete": "one-time-code",
            "autocapitalize": "none",
            "spellcheck": "false",
            "autofocus": True,
        },
    )
