"""What people fill in to let their course work with others."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from lmssocial.social.communities.models import Kind
from lmssocial.social.communities.spanning import MAX_ABOUT, MAX_TITLE, SpanDraft
from lmssocial.web.forms import SafeForm, options


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


class FoundForm(SafeForm):
    """A community across courses."""

    title = StringField(
        _l("Title"),
        [
            InputRequired(_l("Give it a title.")),
            Length(max=MAX_TITLE, message=_l("At most 120 characters, please.")),
        ],
        filters=[_one_line],
        description=_l("People in all of its courses may read it, beside the names of experts from there."),
        render_kw={"autocomplete": "off"},
    )
    about = TextAreaField(
        _l("What these courses have in common"),
        [Length(max=MAX_ABOUT, message=_l("At most 500 characters, please."))],
        filters=[_one_line],
        render_kw={"rows": 3},
    )
    kind = RadioField(
        _l("What kind of community it is"),
        [InputRequired(_l("Choose one of the two."))],
        choices=options(
            (
                (Kind.HORIZONTAL.value, _l("People who share a method, whatever they work on")),
                (Kind.VERTICAL.value, _l("People who have, or learn, the same job")),
            )
        ),
        default=Kind.HORIZONTAL.value,
    )

    def draft(self) -> SpanDraft:
        """What was filled in."""
        return SpanDraft(title=self.title.data or "", about=self.about.data or "", kind=self.kind.data or "")


class JoinForm(SafeForm):
    """The code of a community across courses."""

    code = StringField(
        _l("Code"),
        [
            InputRequired(_l("Enter the code that you were given.")),
            Length(max=60, message=_l("A code has 12 letters and numbers.")),
        ],
        filters=[_one_line],
        description=_l("Twelve letters and numbers, from a colleague whose course is in it."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
