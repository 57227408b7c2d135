"""Moments that people type as the clock on their wall shows them, with the name of the zone that the clock is in."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask_babel import get_timezone
from wtforms import HiddenField, StringField
from wtforms.validators import ValidationError
from wtforms.widgets import DateTimeLocalInput

from lmssocial.core.kernel.words import gettext as _
from lmssocial.web.forms import SafeForm

_SHAPE = "%Y-%m-%dT%H:%M"
_YEARS = range(2000, 2200)
"""No activity needs other years, and whoever counts days from a moment must not come to the end of the calendar."""


class MomentField(StringField):
    """A moment; ``data`` is an aware datetime in UTC, or ``None`` if nothing was typed.

    The page shows it in the zone that the form's field ``zone`` names. A script changes both to the zone of the
    browser (``data-utc`` tells it the moment); without one the zone stands beside the field in words.
    """

    widget = DateTimeLocalInput()
    data: Any

    def process_formdata(self, valuelist: Any) -> None:
        """Keep what was typed; it is understood once the zone is known."""
        self.data, self.typed = None, (valuelist[0] if valuelist else "").strip()

    typed: str = ""

    def pre_validate(self, form: Any) -> None:
        """Understand it in the zone of the form.

        :raises ValidationError: if it is no moment.
        """
        if not self.typed:
            return
        try:
            local = datetime.strptime(self.typed[:16], _SHAPE).replace(tzinfo=zone_named(form.zone.data))
            self.data = local.astimezone(UTC)
        except (ValueError, OverflowError) as trouble:
            raise ValidationError(
                _("Write date and time like 2027-03-31T18:00, or leave it empty.")
            ) from trouble
        if self.data.year not in _YEARS:
            raise ValidationError(
                _("Choose a year from %(first)d to %(last)d.", first=_YEARS[0], last=_YEARS[-1])
            )
        self.mark()

    def mark(self) -> None:
        """Tell the page's script which moment stands here."""
        self.render_kw = {"data-utc": self.data.isoformat()} if self.data else {"data-utc": ""}

    def _value(self) -> str:
        if self.typed:
            return self.typed
        return self.data.astimezone(reader_zone()).strftime(_SHAPE) if self.data else ""


class MomentsForm(SafeForm):
    """A form with moments in it."""

    zone = HiddenField(render_kw={"data-zone": ""})

    def in_reader_zone(self) -> None:
        """Show moments that were stored in the zone of the reader, as far as it is known."""
        self.zone.data = self.zone.data or reader_zone().key
        for field in self:
            if isinstance(field, MomentField):
                field.mark()


def zone_named(name: str | None) -> ZoneInfo:
    """The zone of that name; UTC if there is none, or nobody knows it."""
    try:
        return ZoneInfo((name or "UTC")[:64])
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def reader_zone() -> ZoneInfo:
    """The zone of who reads the page, where a platform told it; else UTC."""
    return zone_named(str(get_timezone() or "UTC"))
