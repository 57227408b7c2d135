"""What people fill in wherever they write: a text, a file to go with it, and what a page saves of both."""

from typing import Any, ClassVar, Self
from uuid import uuid4

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, FileField, Form, HiddenField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange, StopValidation

from lmssocial.social.content.drafts import Unsent
from lmssocial.social.content.markdown import MAX_SOURCE
from lmssocial.social.content.media import ACCEPT
from lmssocial.social.content.text import is_blank, tidy, tidy_line
from lmssocial.web.forms import SafeForm, WholeNumberField
from lmssocial.web.program import program

MAX_TITLE = 200
"""Characters of a title."""

MAX_KEPT = 3 * MAX_SOURCE
"""Characters of a draft that are kept, so that nothing is lost while somebody shortens a text."""


def tidied(text: str | None) -> str:
    """A filter: without what no database takes."""
    return tidy(text or "")


def tidied_line(text: str | None) -> str:
    """A filter: :func:`tidied`, in one line."""
    return tidy_line(text or "")


class SaysSomething:
    """A validator: there is something to read, once the text is tidied."""

    field_flags: ClassVar = {"required": True}

    def __init__(self, message: str) -> None:
        """:param message: what to say if there is not."""
        self.message = message

    def __call__(self, _form: Form, field: Field) -> None:
        """Look at the field.

        :raises StopValidation: if a reader would see nothing.
        """
        if is_blank(field.data or ""):
            raise StopValidation(self.message)


def _attached_first(_form: Form, field: Field) -> None:
    """A validator: no file was chosen and left behind; without its button only its name is sent.

    :raises StopValidation: if one was.
    """
    if isinstance(field.data, str) and field.data.strip():
        raise StopValidation(
            _l(
                "You chose a file, but did not attach it, so nothing was sent. Choose it again and press Attach, "
                "or send your text without it."
            )
        )


class UploadForm(SafeForm):
    """A file, and what it shows."""

    file = FileField(_l("File"), validators=[_attached_first])
    alt = StringField(
        _l("What the picture shows"),
        description=_l("One sentence for those who cannot see it. Other files need none."),
        filters=[tidied_line],
    )
    decorative = BooleanField(_l("The picture only decorates; it says nothing that the text does not say"))


class ComposerForm(UploadForm):
    """A text on its way, and a file to go with it. Several stand on one page, so each gets ids of its own."""

    attached: Any = None
    """What was attached with this request."""

    source = TextAreaField(
        _l("Your text"),
        filters=[tidied],
        validators=[
            SaysSomething(_l("Write something first.")),
            Length(
                max=MAX_SOURCE,
                message=_l("Your text is longer than %(max)d characters. Shorten it."),
            ),
        ],
    )
    submission_key = HiddenField(validators=[Length(max=36)])

    def for_target(self, target: str) -> Self:
        """This form with ids that end in ``target``, and a key of its own if it has none yet."""
        for field in self:
            field.id = field.label.field_id = f"{field.short_name}-{target}"
        limit = program().settings.attachment_limit
        self.file.description = _l(
            "A picture (PNG, JPEG, GIF, WebP), PDF, text, CSV or office document, up to %(size)d MB.",
            size=limit // 1_000_000,
        )
        self.file.render_kw = {"accept": ACCEPT, "data-limit": limit}
        self.submission_key.data = self.submission_key.data or str(uuid4())
        return self


class UnsentForm(SafeForm):
    """What a page saves from time to time."""

    title = StringField()
    source = StringField()
    seq = WholeNumberField(validators=[NumberRange(min=1)])

    def draft(self, target: str) -> Unsent:
        """The unfinished text as a value; its lines stay as they are, only what no database takes is left out."""
        return Unsent(
            target=target,
            title=tidy_line(self.title.data or "")[:MAX_TITLE],
            source=tidy((self.source.data or "")[:MAX_KEPT]),
            sequence=self.seq.data or 0,
        )
