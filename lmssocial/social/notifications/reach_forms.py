"""The form in which somebody says when and how they may be reached outside of the LMS."""

from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, TimeField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs trail WTForms 3.3
from wtforms.validators import InputRequired, Optional, ValidationError

from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.notifications.models import Rhythm
from lmssocial.social.notifications.reach import Reach
from lmssocial.web.forms import SafeForm, options

RHYTHMS = (
    (Rhythm.DAILY.value, _l("Every day")),
    (Rhythm.WEEKLY.value, _l("Once a week")),
    (Rhythm.NEVER.value, _l("Never")),
)
_NO_PLACES = frozenset({"Etc", "SystemV", "US", "Canada", "Brazil", "Chile", "Mexico"})
"""Groups of names that only repeat others, or say no place."""


class ReachForm(SafeForm):
    """Mail at all, the digest, the time zone, and the hours in which nothing comes."""

    mail = BooleanField(_l("Send me e-mail"))
    rhythm = SelectField(_l("Digest"), [InputRequired()], choices=options(RHYTHMS))
    day = SelectField(_l("Day"), [InputRequired()], coerce=int, description=_l("For a digest once a week."))
    hour = SelectField(_l("Hour"), [InputRequired()], coerce=int)
    zone = SelectField(_l("My time zone"))
    quiet_from = TimeField(
        _l("Quiet from"),
        validators=[Optional()],
        description=_l("What comes due in quiet hours waits until they end. Leave both empty for none."),
    )
    quiet_until = TimeField(_l("Quiet until"), validators=[Optional()])

    def __init__(self, formdata: Any = None, *, data: Any = None) -> None:
        """Offer days and hours in the reader's language."""
        super().__init__(formdata, data=data, prefix="reach-")  # it stands beside another form
        days = get_locale().days["stand-alone"]["wide"]
        self.day.choices = options((number, days[number]) for number in range(7))
        self.hour.choices = options((number, f"{number:02}:00") for number in range(24))
        self.zone.choices = [SelectChoice("", _("UTC")), *zones()]

    @classmethod
    def of(cls, reach: Reach) -> "ReachForm":
        """What holds now."""
        return cls(
            data={
                "mail": reach.mail,
                "rhythm": reach.rhythm.value,
                "day": reach.day,
                "hour": reach.hour,
                "zone": reach.zone if reach.zone in known_zones() else "",
                "quiet_from": reach.quiet_from,
                "quiet_until": reach.quiet_until,
            }
        )

    def validate_quiet_from(self, _field: TimeField) -> None:
        """Quiet hours have two ends, or there are none.

        :raises ValidationError: if one is missing. It stands beside the one that is there.
        """
        if not any(self.quiet_until.raw_data or ()):
            raise ValidationError(_("Say both when your quiet hours begin and when they end, or neither."))

    def validate_quiet_until(self, _field: TimeField) -> None:
        """As :meth:`validate_quiet_from`.

        :raises ValidationError: likewise.
        """
        if not any(self.quiet_from.raw_data or ()):
            raise ValidationError(_("Say both when your quiet hours begin and when they end, or neither."))

    def reach(self) -> Reach:
        """What a valid form says."""
        return Reach(
            mail=bool(self.mail.data),
            rhythm=Rhythm(self.rhythm.data),
            hour=self.hour.data,
            day=self.day.data,
            zone=self.zone.data,
            quiet_from=self.quiet_from.data,
            quiet_until=self.quiet_until.data,
        )


@lru_cache(maxsize=1)
def known_zones() -> frozenset[str]:
    """The IANA names of places."""
    return frozenset(
        name for name in available_timezones() if "/" in name and name.split("/")[0] not in _NO_PLACES
    )


@lru_cache(maxsize=1)
def zones() -> tuple[SelectChoice, ...]:
    """Every zone, grouped by its part of the world: ``Buenos Aires`` of ``America/Argentina/Buenos_Aires``."""
    return tuple(
        SelectChoice(
            name, name.partition("/")[2].replace("_", " ").replace("/", " / "), optgroup=name.split("/")[0]
        )
        for name in sorted(known_zones())
    )
