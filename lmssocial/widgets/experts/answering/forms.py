"""What people fill in to say something, to resolve and to rate."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from lmssocial.social.composing.forms import ComposerForm, tidied_line
from lmssocial.social.engagement.sentences import LONGEST
from lmssocial.web.forms import SafeForm, WholeNumberField, options
from lmssocial.widgets.experts.answering.drafts import Rewording, WordsDraft


class WordsForm(ComposerForm):
    """An answer."""

    def draft(self) -> WordsDraft:
        """What was written, as a value."""
        return WordsDraft(source=self.source.data or "", submission_key=self.submission_key.data or None)


class MessageForm(ComposerForm):
    """Something said to a question, or a question back."""

    asks = HiddenField()

    @property
    def stops(self) -> bool:
        """Whether the asker has to answer before it goes on."""
        return self.asks.data == "1"

    def draft(self) -> WordsDraft:
        """What was written, as a value."""
        return WordsDraft(
            source=self.source.data or "",
            submission_key=self.submission_key.data or None,
            asks=self.stops,
        )


class RewordForm(ComposerForm):
    """Another wording."""

    seen_version = WholeNumberField(widget=HiddenInput(), validators=[NumberRange(min=1)])

    def draft(self) -> Rewording:
        """What was written, as a value."""
        return Rewording(source=self.source.data or "", seen_version=self.seen_version.data or 0)


class ResolveForm(SafeForm):
    """By what a question was resolved; made of buttons."""

    how = StringField()
    answer_id = WholeNumberField()


_HELPFUL = options(
    (
        (5, _l("5: exactly what I needed")),
        (4, _l("4: it helped a lot")),
        (3, _l("3: it helped")),
        (2, _l("2: it helped a little")),
        (1, _l("1: it did not help")),
    )
)
_CLEAR = options(
    (
        (5, _l("5: all I needed to know was in it")),
        (4, _l("4: clear")),
        (3, _l("3: clear enough")),
        (2, _l("2: I had to guess")),
        (1, _l("1: I had to ask back to understand it")),
    )
)


class RateForm(SafeForm):
    """What one side says of the other's part."""

    value = RadioField(
        _l("How helpful was the answer?"),
        [InputRequired(_l("Choose one of the five."))],
        coerce=int,
        choices=_HELPFUL,
    )
    words = StringField(
        _l("Your thanks"),
        description=_l("A sentence to whoever answered, if you like. Nobody else reads it."),
        filters=[tidied_line],
        validators=[Length(max=LONGEST, message=_l("At most %(max)d characters, please."))],
    )

    def about_question(self) -> None:
        """Ask how clear the question was, in place of how helpful the answer."""
        self.value.choices = _CLEAR
        self.value.label.text = _l("How clear was the question?")
        self.words.label.text = _l("What would have helped")
        self.words.description = _l("A sentence to whoever asked, if you like. Nobody else reads it.")
