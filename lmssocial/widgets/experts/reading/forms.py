"""What a script tells of a question's page."""

import re

from wtforms import StringField
from wtforms.validators import Regexp

from lmssocial.web.forms import SafeForm

_SEEN = re.compile(r"[1-9]\d{0,8}(?:,[1-9]\d{0,8}){0,99}\Z", re.ASCII)


class SeenForm(SafeForm):
    """The contributions whose ends were on the screen, ``12,15``, and what had led to the page."""

    numbers = StringField(validators=[Regexp(_SEEN)])
    via = StringField()

    def seen(self) -> frozenset[int]:
        """Their ids."""
        return frozenset(int(one) for one in (self.numbers.data or "").split(","))
