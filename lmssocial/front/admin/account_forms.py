"""What is filled in about administrators themselves."""

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, Regexp, ValidationError

from lmssocial.front.admin import passwords
from lmssocial.front.admin.accounts import AccountDraft
from lmssocial.web.forms import SafeForm

_NEW = {"autocomplete": "new-password"}


class _Acceptable:
    """A validator for new passwords, which needs to know whose it is."""

    field_flags: ClassVar = {"minlength": passwords.SHORTEST, "maxlength": passwords.LONGEST}

    def __call__(self, form: Any, field: Any) -> None:
        """Say what is wrong with it.

        :raises ValidationError: if anything is.
        """
        login = form.login.data if "login" in form else form.whose
        if problem := passwords.problem_with(field.data or "", login or ""):
            raise ValidationError(problem)


class AccountForm(SafeForm):
    """Another administrator."""

    login = StringField(
        _l("Name to sign in with"),
        [
            InputRequired(_l("What will they sign in with?")),
            Length(max=120, message=_l("At most 120 characters, please.")),
            Regexp(r"^\s*[\w.@+-]+\s*$", message=_l("Letters, digits and . @ + - _ only, without spaces.")),
        ],
        description=_l("A short name or an e-mail address. Nothing is sent to it."),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    name = StringField(
        _l("Full name"),
        [Length(max=120, message=_l("At most 120 characters, please."))],
        render_kw={"autocomplete": "off"},
    )
    password = PasswordField(
        _l("First password"),
        [InputRequired(_l("Give them a password to begin with.")), _Acceptable()],
        description=_l(
            "At least 12 characters. Tell them yourself, and ask them to change it under My account."
        ),
        render_kw=_NEW,
    )
    again = PasswordField(
        _l("The same once more"),
        [InputRequired(_l("Type it once more.")), EqualTo("password", _l("The two are not the same."))],
        render_kw=_NEW,
    )

    def draft(self) -> AccountDraft:
        """What was filled in."""
        return AccountDraft(
            login=self.login.data or "", name=self.name.data or "", password=self.password.data or ""
        )


class PasswordForm(SafeForm):
    """A new password of one's own."""

    present = PasswordField(
        _l("Your present password"),
        [InputRequired(_l("Your present password is missing."))],
        render_kw={"autocomplete": "current-password"},
    )
    password = PasswordField(
        _l("New password"),
        [InputRequired(_l("The new password is missing.")), _Acceptable()],
        description=_l("At least 12 characters. A few words in a row are easy to remember."),
        render_kw=_NEW,
    )
    again = PasswordField(
        _l("The same once more"),
        [InputRequired(_l("Type it once more.")), EqualTo("password", _l("The two are not the same."))],
        render_kw=_NEW,
    )

    def __init__(self, *args: Any, whose: str = "", **kwargs: Any) -> None:
        """:param whose: the login the password is for; a password must not be made of it."""
        self.whose = whose
        super().__init__(*args, **kwargs)


class SecondStepForm(SafeForm):
    """The first code of a phone that was just set up."""

    code = StringField(
        _l("Code from the app"),
        [InputRequired(_l("The code is missing.")), Length(max=40)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"},
    )


class ProofForm(SafeForm):
    """One's password once more, before something that weakens the account."""

    proof = PasswordField(
        _l("Your password"),
        [InputRequired(_l("Your password is missing."))],
        render_kw={"autocomplete": "current-password"},
    )
