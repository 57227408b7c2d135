"""What moderators decide with, members flag with, and authors ask for a second look with."""

from collections.abc import Iterable
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import Form, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import (
    AnyOf,
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    StopValidation,
)
from wtforms.widgets import HiddenInput

from lmssocial.core.hooks import Span
from lmssocial.social.content.text import tidy
from lmssocial.social.moderation.models import Deed, FlagReason
from lmssocial.web.forms import LinesField, SafeForm, SelectMultipleChecks, WholeNumberField, options

LONGEST = 1000
"""Characters of what people write to each other here."""

FLAG_REASONS = (
    (FlagReason.SPAM, _l("It is advertising, or posted again and again")),
    (FlagReason.UNKIND, _l("It is unkind, or attacks somebody")),
    (
        FlagReason.PERSONAL_DATA,
        _l("It shows something private, such as a telephone number or somebody's name"),
    ),
    (FlagReason.WRONG_PLACE, _l("It belongs somewhere else")),
    (FlagReason.NOT_RIGHT, _l("It is not right, and could mislead others")),
    (FlagReason.OTHER, _l("Something else, which I describe below")),
)
"""What a member may find wrong, in their words."""

_TOO_LONG = Length(max=LONGEST, message=_l("At most 1,000 characters, please."))


def _tidied(text: str | None) -> str:
    return tidy(text or "").strip()


class NeededUnlessApproved:
    """A validator: whoever is not published learns why.

    The field stands beside the buttons that need it, not beside the one that does not, so it is no optional one.
    """

    field_flags: ClassVar = {"required": True}

    def __call__(self, form: Form, field: Any) -> None:
        """Look at the field.

        :raises StopValidation: if the author would not learn why.
        """
        if form["deed"].data != Deed.APPROVED and not field.data:
            raise StopValidation(_l("Write a sentence to the author: what would have to change?"))


class SeenForm(SafeForm):
    """Which case, and which words, were before the moderator's eyes."""

    version = WholeNumberField(widget=HiddenInput(), validators=[NumberRange(min=1)])
    wording = HiddenField(validators=[Length(max=64)])


class DecideForm(SeenForm):
    """What becomes of it, and a sentence for its author."""

    deed = StringField(validators=[AnyOf([Deed.APPROVED, Deed.REJECTED, Deed.REDACTED, Deed.CHANGE_ASKED])])
    message = TextAreaField(
        _l("What the author should know"),
        filters=[_tidied],
        validators=[NeededUnlessApproved(), _TOO_LONG],
    )


class RedactForm(SeenForm):
    """Which words are taken out, and why."""

    spans = SelectMultipleChecks(_l("Passages"), choices=(), validate_choice=False)
    words = LinesField(
        _l("Other words to take out, one passage a line"),
        validators=[Optional()],
        description=_l("Wherever they stand in the text, they are taken out."),
        longest=LONGEST,
    )
    message = TextAreaField(
        _l("What the author should know"),
        filters=[_tidied],
        validators=[
            DataRequired(_l("Write a sentence to the author: why are these words taken out?")),
            _TOO_LONG,
        ],
    )

    def chosen(self) -> tuple[Span, ...]:
        """The passages that were ticked; what is no place is left out."""
        return tuple(span for value in self.spans.data or () if (span := span_of(value)) is not None)


def span_of(value: str) -> Span | None:
    """A passage from its name in the form, ``start-end``."""
    start, dash, end = value.partition("-")
    if not dash or not (start.isdecimal() and end.isdecimal()) or max(len(start), len(end)) > 7:
        return None
    return Span(int(start), int(end)) if int(start) < int(end) else None


class AppealForm(SafeForm):
    """What its author says to whoever takes the second look."""

    plea = TextAreaField(
        _l("What should the second person know?"),
        filters=[_tidied],
        validators=[Optional(), _TOO_LONG],
    )


class FlagForm(SafeForm):
    """What a member finds wrong with a post."""

    reason = RadioField(
        _l("What is wrong with it?"),
        choices=options(FLAG_REASONS),
        validators=[InputRequired(_l("Choose what comes closest."))],
    )
    note = TextAreaField(_l("What should the moderators know?"), filters=[_tidied], validators=[_TOO_LONG])

    def validate_note(self, field: TextAreaField) -> None:
        """Something else has to be said.

        :raises StopValidation: if it was not.
        """
        if self.reason.data == FlagReason.OTHER and not field.data:
            raise StopValidation(_l("Write in a sentence what is wrong."))


class ChoiceForm(Form):
    """What a moderator wants to see of the desk; sent as an address, so without a token."""

    why = SelectField(_l("Why"), validate_choice=False)

    def offer(self, policies: Iterable[tuple[str, str]]) -> None:
        """Fill the menu with ``policies`` (name and title) and the reasons of flags."""
        self.why.choices = {
            "": options([("", _l("Any reason"))]),
            str(_l("A policy spoke")): options([(f"policy:{name}", title) for name, title in policies]),
            str(_l("Members flagged it")): options(
                [(f"flag:{key.value}", words) for key, words in FLAG_REASONS]
            ),
        }
