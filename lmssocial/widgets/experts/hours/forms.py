"""What people fill in: an office hour, a booking, and why something does not take place."""

from typing import Any, Self

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.engagement.sentences import LONGEST
from lmssocial.social.notifications.reach_forms import zones
from lmssocial.web.forms import SafeForm, WholeNumberField, options
from lmssocial.widgets.experts.hours.drafts import OfficeHourDraft
from lmssocial.widgets.experts.hours_models import OfficeHour

_SHORT = Length(max=LONGEST, message=_l("At most %(max)d characters, please."))
_ONCE, _WEEKLY = "once", "weekly"


def _number(label: Any, least: int, most: int, description: Any = "") -> WholeNumberField:
    return WholeNumberField(
        label,
        [InputRequired(), NumberRange(least, most, _l("Choose a number from %(min)s to %(max)s."))],
        description=description,
    )


class OfficeHourForm(SafeForm):
    """An office hour as its host sets it."""

    seen = HiddenField()
    title = StringField(
        _l("Title"),
        [
            InputRequired(_l("Give it a title, so that people know what to come with.")),
            Length(max=200, message=_l("At most %(max)d characters, please.")),
        ],
        description=_l("Such as: Statistics for the project report."),
    )
    about = TextAreaField(_l("What people may come with"), [Optional(), _SHORT], render_kw={"rows": 3})
    often = SelectField(
        _l("How often"),
        [InputRequired()],
        choices=options([(_WEEKLY, _l("Every week")), (_ONCE, _l("Once"))]),
    )
    first_on = DateField(
        _l("Day"), [InputRequired(_l("Choose a day."))], description=_l("Of a weekly one: the first day.")
    )
    last_on = DateField(
        _l("Last day"), [Optional()], description=_l("Of a weekly one; empty: until you end it.")
    )
    begins = TimeField(_l("Begins at"), [InputRequired(_l("Choose a time."))])
    zone = SelectField(
        _l("By the clock of"),
        [InputRequired(_l("Choose a time zone from the list."))],
        description=_l("The time on that clock stays the same in summer and in winter."),
    )
    minutes = _number(_l("Minutes of one meeting"), 10, 120)
    meetings = _number(_l("Meetings after each other"), 1, 24)
    pause = _number(_l("Minutes between two"), 0, 60)
    seats = _number(
        _l("People in one meeting"),
        1,
        100,
        _l("More than one: they come together, and see each other there."),
    )
    notice_hours = _number(_l("Booked at least this many hours before"), 0, 336)
    horizon_days = _number(_l("Booked at most this many days ahead"), 1, 90)
    place = StringField(
        _l("Place"),
        [Optional(), _SHORT],
        description=_l(
            "The https address of your institution's own meeting room, or words such as: room 2.14."
        ),
    )

    def __init__(self, formdata: Any = None, *, data: Any = None) -> None:
        """Offer the zones."""
        super().__init__(formdata, data=data)
        self.zone.choices = [*options([("UTC", "UTC")]), *zones()]

    @classmethod
    def of(cls, hour: OfficeHour) -> "OfficeHourForm":
        """It as it is."""
        names = (*cls.plain(), "last_on", "about", "place")
        data = {name: getattr(hour, name) for name in names}
        return cls(data={**data, "often": _WEEKLY if hour.weekly else _ONCE, "seen": str(hour.version)})

    @staticmethod
    def plain() -> tuple[str, ...]:
        """The fields whose data is stored as it is."""
        return (
            "title",
            "first_on",
            "begins",
            "zone",
            "minutes",
            "meetings",
            "pause",
            "seats",
            "notice_hours",
            "horizon_days",
        )

    def draft(self, title: str, about: str, place: str) -> OfficeHourDraft:
        """What a valid form says, with words that the policies let pass."""
        values = {name: self[name].data for name in self.plain() if name != "title"}
        weekly = self.often.data == _WEEKLY
        last_on = self.last_on.data if weekly else None
        return OfficeHourDraft(
            **values, title=title, about=about, place=place, weekly=weekly, last_on=last_on
        )


def starting(zone: str, place: str) -> dict[str, Any]:
    """What the form of a new one begins with."""
    return {
        "often": _WEEKLY,
        "zone": zone,
        "minutes": 20,
        "meetings": 3,
        "pause": 0,
        "seats": 1,
        "notice_hours": 24,
        "horizon_days": 14,
        "place": place,
    }


class BookForm(SafeForm):
    """What somebody comes with."""

    note = TextAreaField(
        _l("What it is about"),
        [Optional(), _SHORT],
        description=_l("For the host, so that they can prepare."),
        render_kw={"rows": 3},
    )
    question = SelectField(_l("A question of yours that it is about"), coerce=int)

    def offer(self, questions: list[tuple[int, str]], chosen: int = 0) -> "BookForm":
        """Let them choose among their own questions.

        :param chosen: the one that is chosen at first.
        """
        self.question.choices = options([(0, _("None")), *questions])
        if self.question.raw_data is None or not self.question.raw_data:
            self.question.data = chosen
        return self


class MoveForm(SafeForm):
    """Another meeting of the same office hour."""

    starts = SelectField(_l("Another time"), [InputRequired(_l("Choose a time."))])


class BecauseForm(SafeForm):
    """Why something does not take place, for whom it concerns."""

    because = TextAreaField(_l("Why"), [Optional(), _SHORT], render_kw={"rows": 2})

    @classmethod
    def needed(cls, formdata: Any = None) -> Self:
        """It with a reason that has to be given."""
        form = cls(formdata)
        missing = _("Say why: it is what people read who wanted to come.")
        form.because.validators = [InputRequired(missing), _SHORT]
        form.because.flags.required = True
        return form


class SkipForm(BecauseForm):
    """A day that is left out, and why."""

    on = SelectField(_l("Which day"), [InputRequired(_l("Choose a day."))])
