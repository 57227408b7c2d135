"""Forms that cannot be sent by another site: WTForms with a token bound to whoever the page was made for."""

from collections.abc import Iterable
from typing import Any

from flask import Flask, current_app, g
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from itsdangerous import BadSignature, URLSafeTimedSerializer
from wtforms import Form, IntegerField, SelectMultipleField, TextAreaField
from wtforms.csrf.core import CSRF, CSRFTokenField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs trail WTForms 3.3
from wtforms.meta import DefaultMeta
from wtforms.validators import InputRequired, NumberRange, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.roles import LmsRole

MAX_AGE = 7 * 24 * 3600
"""Seconds a form stays good. The sign-in behind it ends sooner; this only bounds what a stolen page is worth."""


def init_app(app: Flask) -> None:
    """Give templates ``csrf_token()`` for forms that are nothing but a button."""
    app.jinja_env.globals["csrf_token"] = csrf_token


def bind_forms_to(whom: str) -> None:
    """From here on in this request, tokens are made for and accepted from ``whom`` only.

    :param whom: names the sign-in, such as ``session:42``: a form made for another person or an earlier sign-in is
        refused.
    """
    g.csrf_context = whom


class BoundToken(CSRF):
    """A signed token that names the sign-in the page was made for."""

    def generate_csrf_token(self, csrf_token_field: CSRFTokenField) -> str:  # noqa: ARG002 – WTForms' signature
        """A token for whoever this request is bound to."""
        return str(_serializer().dumps(g.get("csrf_context", "")))

    def validate_csrf_token(self, form: Any, field: CSRFTokenField) -> None:  # noqa: ARG002 – WTForms' signature
        """Refuse a form that was not made for whoever sends it.

        :raises ValidationError: in words that say what to do; what was typed is kept by the form.
        """
        try:
            whom = _serializer().loads(field.data or "", max_age=MAX_AGE)
        except BadSignature:
            whom = None
        if whom is None or whom != g.get("csrf_context", ""):
            raise ValidationError(
                _(
                    "This page was opened before your present sign-in, so nothing was sent. "
                    "Your text is still here: check that you are here as the right person, and send it again."
                )
            )


class SafeForm(Form):
    """The base of every form: token, and messages in the reader's language."""

    class Meta(DefaultMeta):
        """WTForms' settings for all our forms."""

        csrf = True
        csrf_class = BoundToken
        csrf_field_name = "csrf_token"

        @property
        def locales(self) -> list[str]:  # type: ignore[override]  # WTForms documents both forms
            """The reader's language for WTForms' own messages."""
            locale = get_locale()
            return [str(locale)] if locale else ["en"]

        def render_field(self, field: Any, render_kw: Any) -> Any:
            """Without ``maxlength``: a browser cuts what is pasted there and says nothing.

            We say that it is too long, and give all of it back.
            """
            return super().render_field(field, {"maxlength": False, **render_kw})


def csrf_token() -> str:
    """A token for a form that is nothing but a button; a template global."""
    return str(_serializer().dumps(g.get("csrf_context", "")))


class WholeNumberField(IntegerField):
    """A whole number that browsers and databases can count to; hundreds of digits are no number to us."""

    LARGEST = 2**53

    def process_formdata(self, valuelist: Any) -> None:
        """Read it.

        :raises ValueError: if it is no number, or beyond all bounds.
        """
        super().process_formdata(valuelist)
        if self.data is not None and abs(self.data) > self.LARGEST:
            self.data = None
            raise ValueError(self.gettext("Not a valid integer value."))

    def post_validate(self, form: Any, validation_stopped: bool) -> None:  # noqa: ARG002, FBT001 – WTForms' words
        """Say one thing: which numbers it may be says more than that this is none."""
        said = [error for error in self.errors if error not in self.process_errors]
        self.errors = said or self.errors


def whole_number(label: Any, least: int, most: int, description: Any) -> WholeNumberField:
    """A field for a whole number within limits, which it names if it is given another."""
    said = _l("A whole number from %(min)s to %(max)s.")
    return WholeNumberField(
        label,
        [InputRequired(_l("Write a number.")), NumberRange(least, most, said)],
        description=description,
        render_kw={"inputmode": "numeric", "size": 5},
    )


class SelectMultipleChecks(SelectMultipleField):
    """Several of a few choices, as check boxes: a list that needs a key held down is a list people fail at.

    :param choices: pairs of a value and its label, which may be lazy.
    """

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(
        self, label: Any, validators: Any = None, *, choices: Iterable[tuple[Any, Any]], **more: Any
    ) -> None:
        """Take the pairs in the shape that WTForms wants."""
        super().__init__(label, validators, choices=options(choices), **more)


class RoleChecks(SelectMultipleChecks):
    """LMS roles, as check boxes; its data is a list of their values, such as ``instructor``.

    :param learners: whether learners can be chosen, too.
    """

    def __init__(self, label: Any, validators: Any = None, *, learners: bool = True, **more: Any) -> None:
        """Offer the roles, those that teach first."""
        choices = [(role.value, said) for role, said in _ROLES if learners or role is not LmsRole.LEARNER]
        super().__init__(label, validators, choices=choices, **more)


_ROLES = (
    (LmsRole.INSTRUCTOR, _l("Instructors")),
    (LmsRole.TEACHING_ASSISTANT, _l("Teaching assistants")),
    (LmsRole.CONTENT_DEVELOPER, _l("Content developers")),
    (LmsRole.MENTOR, _l("Mentors")),
    (LmsRole.ADMINISTRATOR, _l("Administrators of the LMS")),
    (LmsRole.LEARNER, _l("Learners")),
)


class LinesField(TextAreaField):
    """A list of short texts, one on each line; its data is a list without blanks and repetitions.

    :param most: how many there may be.
    :param longest: characters that one may have.
    """

    data: Any
    """A list, where WTForms' stubs say a string."""

    def __init__(
        self, label: Any, validators: Any = None, *, most: int = 200, longest: int = 200, **more: Any
    ) -> None:
        """Take the bounds."""
        super().__init__(label, validators, **more)
        self.most, self.longest = most, longest

    def process_formdata(self, valuelist: Any) -> None:
        """Read the lines; several values, as a settings file has them, are lines as well."""
        lines = (" ".join(line.split()) for value in valuelist for line in str(value).splitlines())
        self.data = list(dict.fromkeys(filter(None, lines)))

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 – WTForms' signature
        """Refuse what would make every check slow.

        :raises ValidationError: if there are too many lines, or one is too long.
        """
        if len(self.data or ()) > self.most:
            raise ValidationError(_("At most %(most)d lines fit in here.", most=self.most))
        if any(len(line) > self.longest for line in self.data or ()):
            raise ValidationError(_("A line may have at most %(longest)d characters.", longest=self.longest))

    def _value(self) -> str:
        return "\n".join(self.data or ())


def options(pairs: Iterable[tuple[Any, Any]]) -> list[Any]:
    """``pairs`` of values and labels as the choices of a WTForms field; plain pairs it no longer takes."""
    return [SelectChoice(value, label) for value, label in pairs]


class ButtonForm(SafeForm):
    """A form with nothing to fill in: one button, one deed."""


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="form")
