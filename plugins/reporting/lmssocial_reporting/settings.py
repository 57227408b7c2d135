"""How the report is set: a little in each course, the rest above it."""

from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from wtforms import IntegerField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from lmssocial.plugin import Level, SafeForm, lazy_gettext
from lmssocial_reporting.buttons import pairs

READERS = {
    "everybody": lazy_gettext("Everybody in the course"),
    "stewards": lazy_gettext("Stewards and staff"),
}
WHOLE_TENANT = {
    "nobody": lazy_gettext("Nobody"),
    "administrators": lazy_gettext("Administrators of a course"),
    "staff": lazy_gettext("Instructors and administrators of a course"),
}


UTC = "UTC"


@cache
def zones() -> frozenset[str]:
    """The names of all time zones. Asking the system for them takes longer than most pages, so it is asked once."""
    return frozenset(available_timezones())


@dataclass(frozen=True)
class Settings:
    """What can be decided.

    :raises ValueError: if one of them cannot be.
    """

    zone: str = UTC
    """The time zone by which days are reckoned, as the IANA names it."""
    least_cell: int = 5
    """From how many people on a number of people is said; 3 to 20."""
    readers: str = "everybody"
    """Who reads the profile and the target of a course; one of :data:`READERS`."""
    whole_tenant: str = "nobody"
    """Who reads the profile of all courses together; one of :data:`WHOLE_TENANT`."""
    lrs_url: str = ""
    """Where xAPI statements go: the address of a learning record store, without ``/statements``. Empty: nowhere."""
    lrs_key: str = ""
    lrs_secret: str = ""
    caliper_url: str = ""
    """Where Caliper envelopes go. Empty: nowhere."""
    caliper_key: str = ""
    clickhouse_url: str = ""
    """Where acts and evidence are kept, ``https://user:password@host:8443/database``. Empty: in the site's database."""

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if self.zone != UTC and self.zone not in zones():
            raise ValueError(f"There is no time zone called {self.zone}.")
        if not 3 <= self.least_cell <= 20:
            raise ValueError("The least number of people is from 3 to 20.")
        if self.readers not in READERS or self.whole_tenant not in WHOLE_TENANT:
            raise ValueError("Nobody knows such readers.")

    @property
    def time_zone(self) -> ZoneInfo:
        """:attr:`zone` to reckon with."""
        return ZoneInfo(self.zone)


def _zone(_form: object, field: StringField) -> None:
    """Go on only with a time zone that there is.

    :raises ValidationError: if there is none of this name.
    """
    if field.data not in zones():
        raise ValidationError(lazy_gettext("There is no time zone of this name."))


def _address(_form: object, field: StringField) -> None:
    """Go on only with an address of the web.

    :raises ValidationError: if it is something else, or has what is added to it at its end.
    """
    try:
        parts = urlsplit(field.data or "")
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        fits = False
    if not fits or any(letter.isspace() for letter in field.data or ""):
        raise ValidationError(lazy_gettext("Write an address that begins with https:// or http://."))
    if parts.path.rstrip("/").endswith("/statements"):
        raise ValidationError(
            lazy_gettext("Without /statements at its end. Leave it empty, and nothing is sent.")
        )


class SettingsForm(SafeForm):
    """The same, to be filled in."""

    zone = StringField(
        lazy_gettext("Time zone"),
        [
            InputRequired(lazy_gettext("There is no time zone of this name.")),
            _zone,
        ],
        description=lazy_gettext(
            "By which days are reckoned, such as Europe/Berlin. Another one derives everything anew."
        ),
    )
    least_cell = IntegerField(
        lazy_gettext("Least number of people"),
        [
            InputRequired(lazy_gettext("Write a number.")),
            NumberRange(3, 20, lazy_gettext("A whole number from %(min)s to %(max)s.")),
        ],
        description=lazy_gettext(
            "Where fewer people than this could be told from a number, it is not said. 3 to 20."
        ),
    )
    readers = SelectField(lazy_gettext("Who reads the profile of the course"), choices=pairs(READERS))
    whole_tenant = SelectField(
        lazy_gettext("Who reads the profile of all courses together"),
        choices=pairs(WHOLE_TENANT),
        description=lazy_gettext("Only administrators of a course write the target and the report of these."),
    )
    lrs_url = StringField(
        lazy_gettext("Address of a learning record store (xAPI)"),
        [Optional(), Length(max=500), _address],
        description=lazy_gettext("Without /statements at its end. Leave it empty, and nothing is sent."),
    )
    lrs_key = StringField(lazy_gettext("Key of the learning record store"), [Optional(), Length(max=200)])
    lrs_secret = PasswordField(
        lazy_gettext("Secret of the learning record store"), [Optional(), Length(max=500)]
    )
    caliper_url = StringField(
        lazy_gettext("Address of a Caliper endpoint"),
        [Optional(), Length(max=500), _address],
        description=lazy_gettext("Leave it empty, and nothing is sent."),
    )
    caliper_key = PasswordField(lazy_gettext("Key of the Caliper endpoint"), [Optional(), Length(max=500)])
    clickhouse_url = PasswordField(
        lazy_gettext("Address of a ClickHouse database"),
        [Optional(), Length(max=500)],
        description=lazy_gettext(
            "For sites that outgrow one machine. Leave it empty, and the site's own database is used."
        ),
    )


SECRETS = frozenset({"lrs_secret", "caliper_key", "clickhouse_url"})
SET_ABOVE = {
    "least_cell": Level.TENANT,
    "whole_tenant": Level.TENANT,
    "lrs_url": Level.TENANT,
    "lrs_key": Level.TENANT,
    "lrs_secret": Level.TENANT,
    "caliper_url": Level.TENANT,
    "caliper_key": Level.TENANT,
    "clickhouse_url": Level.INSTALLATION,
}
"""What an instructor does not decide: from how many people on numbers are said, as the page of one course must not tell
what that of another keeps back, and where data about people goes."""
