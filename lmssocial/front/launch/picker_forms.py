"""The picker's form: which widget, under which name, with which words."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from lmssocial.core.hooks import Widget
from lmssocial.social.communities.service import PlacementDraft
from lmssocial.web.forms import SafeForm


class PickerForm(SafeForm):
    """What an instructor says about the widget they place. It ends as a :class:`PlacementDraft`."""

    widget = RadioField(_l("What do you want to add?"), [InputRequired(_l("Choose one of these."))])
    title = StringField(
        _l("Title"),
        [DataRequired(_l("Give it a title; learners see it in the course.")), Length(max=200)],
        filters=[lambda text: " ".join((text or "").split())],
    )
    intro = TextAreaField(
        _l("Introduction"),
        [Length(max=2000)],
        description=_l("What you want people to do here, in a few sentences. It stands above the activity."),
        filters=[lambda text: (text or "").strip()],
        render_kw={"rows": 4},
    )

    def offer(self, widgets: Iterable[Widget]) -> None:
        """Let the person choose among these."""
        self.widget.choices = [(widget.kind, str(widget.title)) for widget in widgets]

    def draft(self) -> PlacementDraft:
        """What was handed in; call it on a valid form only."""
        return PlacementDraft(
            widget=str(self.widget.data), title=str(self.title.data), intro=self.intro.data or ""
        )
