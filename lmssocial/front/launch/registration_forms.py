"""The one form of a registration: what the LMS sent along, and whose place it takes."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired, Length

from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.models import Registration
from lmssocial.web.forms import SafeForm

NEW = "new"
"""The choice that connects an LMS beside those that are connected already."""


class RegistrationForm(SafeForm):
    """Carries on what stood in the address, so that it is done exactly as it was shown."""

    invite = HiddenField(validators=[InputRequired(), Length(max=200)])
    openid_configuration = HiddenField(validators=[InputRequired(), Length(max=4000)])
    registration_token = HiddenField(validators=[Length(max=8000)])
    renews = RadioField(_l("This LMS may be connected already"), [InputRequired(_l("Choose one of these."))])

    def offer(self, known: Sequence[Registration]) -> None:
        """Let the administrator renew one of ``known``; with none there is nothing to ask.

        The only one is what they most likely mean: an LMS that registers again has lost its old connection.
        """
        if not known:
            del self.renews
            return
        renew = [(str(one.id), _("Renew the connection of %(name)s", name=one.name)) for one in known]
        self.renews.choices = [*renew, (NEW, _("Connect it as another LMS"))]
        if len(known) == 1 and not self.renews.raw_data:
            self.renews.data = str(known[0].id)

    def renews_id(self) -> int | None:
        """The registration that is renewed; ``None`` for a new one."""
        chosen = self.renews.data if "renews" in self else NEW
        return None if chosen in {NEW, None} else int(chosen)
