"""What people fill in to bring others together, and to answer that."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import Length, NumberRange
from wtforms.widgets import HiddenInput

from lmssocial.social.composing.forms import ComposerForm, SaysSomething, tidied_line
from lmssocial.social.content.drafts import Writing
from lmssocial.social.engagement.sentences import LONGEST
from lmssocial.web.forms import SafeForm, WholeNumberField
from lmssocial.widgets.experts.introducing.service import IntroductionDraft


class IntroductionForm(SafeForm):
    """Why two people should meet."""

    first = WholeNumberField(widget=HiddenInput(), validators=[NumberRange(min=1)])
    second = WholeNumberField(widget=HiddenInput(), validators=[NumberRange(min=1)])
    why = TextAreaField(
        _l("Why should they meet?"),
        description=_l("A sentence that both of them read, with your name."),
        filters=[tidied_line],
        validators=[
            SaysSomething(_l("Say in a sentence why they should meet.")),
            Length(max=LONGEST, message=_l("At most %(max)d characters, please.")),
        ],
        render_kw={"rows": 3},
    )

    def draft(self) -> IntroductionDraft:
        """The introduction as a value."""
        return IntroductionDraft(
            first_id=self.first.data or 0, second_id=self.second.data or 0, why=self.why.data or ""
        )


class RespondForm(SafeForm):
    """Whether somebody wants to meet the other; two buttons."""

    wants = StringField()


class WriteForm(ComposerForm):
    """Something that one of the two writes to the other."""

    def text(self) -> Writing:
        """What was written, as a value."""
        return Writing(source=self.source.data or "", submission_key=self.submission_key.data or None)
