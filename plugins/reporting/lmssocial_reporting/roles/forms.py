"""The form for what helps with a role."""

from urllib.parse import urlsplit

from wtforms import StringField, URLField
from wtforms.validators import DataRequired, Length, ValidationError

from lmssocial.plugin import SafeForm
from lmssocial.plugin import lazy_gettext as _l
from lmssocial_reporting.roles.resources import NewResource


class ResourceForm(SafeForm):
    """Something that helps to act in a role."""

    title = StringField(_l("Title"), [DataRequired(_l("Say what it is.")), Length(max=200)])
    url = URLField(
        _l("Address"),
        [DataRequired(_l("Say where it is.")), Length(max=2000)],
        description=_l("Beginning with https:// or http://. It opens in a new tab."),
    )
    why = StringField(
        _l("What it helps with"),
        [DataRequired(_l("Say in a sentence what it helps with.")), Length(max=500)],
        description=_l("One sentence."),
    )

    def validate_url(self, field: URLField) -> None:
        """An address of the web, and no other.

        :raises ValidationError: if it is something else: an address can also be a program.
        """
        try:
            parts = urlsplit((field.data or "").strip())
            fits = parts.scheme in {"http", "https"} and bool(parts.hostname)
        except ValueError:
            fits = False
        if not fits or any(letter.isspace() for letter in (field.data or "").strip()):
            raise ValidationError(_l("Write an address that begins with https:// or http://."))

    def new(self) -> NewResource:
        """What it says, once it was validated."""
        return NewResource(
            title=(self.title.data or "").strip(),
            url=(self.url.data or "").strip(),
            why=(self.why.data or "").strip(),
        )
