"""The form of the settings: what staff may decide, each with what it means for those who ask and answer."""

from datetime import date
from typing import Any, Self

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.validators import ValidationError

from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.notifications.reach_forms import known_zones, zones
from lmssocial.web.forms import LinesField, SafeForm, SelectMultipleChecks, options, whole_number
from lmssocial.widgets.experts.models import Reach
from lmssocial.widgets.experts.settings import ExpertSettings
from lmssocial.widgets.experts.setup.service import fingerprint

MOST_HOLIDAYS = 60


def _is_less(field: Any, other: Any) -> bool:
    """Whether both are numbers and the first is less; what is no number is said to be none at its own field."""
    return isinstance(field.data, int) and isinstance(other.data, int) and field.data < other.data


class SettingsForm(SafeForm):
    """How expert connect is set in one place."""

    seen = HiddenField()

    reach = RadioField(
        _l("Who may be asked"),
        choices=options(
            (
                (Reach.COURSE.value, _l("People of this course")),
                (
                    Reach.COMMUNITY.value,
                    _l("Also people of courses that are in a community across courses with this one"),
                ),
                (Reach.ORGANISATION.value, _l("Also people of any course of your organisation")),
            )
        ),
        description=_l(
            "Only those are asked who offered it themselves, or whom an instructor named. From other courses, only "
            "those who said so. They read the one question, and nothing else of this course."
        ),
    )
    volunteers = BooleanField(
        _l("Learners may offer themselves as experts"),
        description=_l("Instructors and SMEs always may."),
    )
    private = BooleanField(
        _l("A question may be for experts only"),
        description=_l(
            "Otherwise everybody in the course reads all questions and answers, and learns from them."
        ),
    )
    per_wave = whole_number(
        _l("Experts who are asked at the same time"),
        1,
        5,
        _l("With two, most questions have an answer within a day, and hardly anybody works for nothing."),
    )
    per_urgent_wave = whole_number(
        _l("If there is an exam or a date"), 1, 8, _l("More people at once: quicker, and more work for them.")
    )
    answer_hours = whole_number(
        _l("Hours an expert has to say whether they can answer"),
        1,
        120,
        _l("Only hours in which they are there count. Then the next expert is asked."),
    )
    promised_hours = whole_number(
        _l("Hours to answer, once somebody has said yes"),
        1,
        336,
        _l("Of working days. After that the question goes on to others, and nobody is blamed."),
    )
    open_hours = whole_number(
        _l("Hours after which a question is open to everybody"),
        1,
        336,
        _l("Of working days, if nobody has answered. Everybody who reads it may then answer."),
    )
    steward_hours = whole_number(
        _l("Hours after which it is on the stewards' desk"),
        1,
        720,
        _l("Of working days, if nobody has answered. Stewards and instructors then look after it in person."),
    )
    silence_days = whole_number(
        _l("Days after an answer until a question counts as resolved"),
        1,
        60,
        _l("If its asker says nothing more."),
    )
    reopen_days = whole_number(
        _l("Days in which its asker can open it again"), 0, 90, _l("0: not at all; they ask a new one.")
    )
    most_open = whole_number(
        _l("Questions that one person may have open"),
        1,
        20,
        _l("So that those who answer have time for everybody."),
    )
    most_day = whole_number(_l("Questions that one person may ask in 24 hours"), 1, 50, "")
    review_months = whole_number(
        _l("Months after which somebody looks at a published answer again"),
        1,
        60,
        _l("Whoever reads it sees when that was."),
    )
    zone = SelectField(
        _l("Time zone of the course"),
        validate_choice=False,
        description=_l("Experts may have one of their own."),
    )
    opens = whole_number(
        _l("The day begins at"), 0, 23, _l("The hour, 0 to 23. Nothing falls due in the night.")
    )
    closes = whole_number(_l("The day ends at"), 1, 24, _l("The hour, 1 to 24."))
    days = SelectMultipleChecks(
        _l("Working days"),
        choices=(
            ("1", _l("Monday")),
            ("2", _l("Tuesday")),
            ("3", _l("Wednesday")),
            ("4", _l("Thursday")),
            ("5", _l("Friday")),
            ("6", _l("Saturday")),
            ("7", _l("Sunday")),
        ),
        description=_l("On other days the clock of a question stands still."),
    )
    holidays = LinesField(
        _l("Days off"),
        most=MOST_HOLIDAYS,
        longest=10,
        description=_l("One date on each line, like 2027-12-24."),
        render_kw={"rows": 4, "dir": "ltr"},
    )

    @classmethod
    def of(cls, settings: ExpertSettings) -> Self:
        """The form as things are."""
        values = vars(settings) | {
            "reach": settings.reach.value,
            "days": list(settings.days),
            "holidays": list(settings.holidays),
            "seen": fingerprint(settings),
        }
        return cls(data=values).ready()

    def ready(self) -> Self:
        """With the zones to choose from."""
        self.zone.choices = [*options([("", _("UTC"))]), *zones()]
        return self

    def validate_per_urgent_wave(self, field: Any) -> None:
        """:raises ValidationError: if fewer are asked where it is urgent."""
        if _is_less(field, self.per_wave):
            raise ValidationError(_("Not fewer than usually."))

    def validate_open_hours(self, field: Any) -> None:
        """:raises ValidationError: if it is open before anybody could answer."""
        if _is_less(field, self.answer_hours):
            raise ValidationError(
                _(
                    "Not before the first experts have had their time, which is %(hours)s hours.",
                    hours=self.answer_hours.data,
                )
            )

    def validate_steward_hours(self, field: Any) -> None:
        """:raises ValidationError: if stewards have it before everybody."""
        if _is_less(field, self.open_hours):
            raise ValidationError(
                _(
                    "Not before it is open to everybody, which is after %(hours)s hours.",
                    hours=self.open_hours.data,
                )
            )

    def validate_closes(self, field: Any) -> None:
        """:raises ValidationError: if the day ends before it begins."""
        if isinstance(field.data, int) and isinstance(self.opens.data, int) and field.data <= self.opens.data:
            raise ValidationError(_("The day has to end after it begins."))

    def validate_days(self, field: Any) -> None:
        """:raises ValidationError: if there is none: no question would ever go on."""
        if not field.data:
            raise ValidationError(_("Choose at least one day."))

    def validate_zone(self, field: Any) -> None:
        """:raises ValidationError: if it is none."""
        if field.data and field.data not in known_zones():
            raise ValidationError(_("Choose a time zone of the list."))

    def validate_holidays(self, field: Any) -> None:
        """:raises ValidationError: if a line is no date."""
        for line in field.data or ():
            try:
                date.fromisoformat(line)
            except ValueError as trouble:
                raise ValidationError(_("This is no date: %(line)s", line=line)) from trouble

    def settings(self) -> ExpertSettings:
        """What a valid form says."""
        values = {name: value for name, value in self.data.items() if name in vars(ExpertSettings())}
        return ExpertSettings(
            **values
            | {
                "reach": Reach(self.reach.data),
                "zone": self.zone.data or "",
                "days": "".join(sorted(self.days.data or ())),
                "holidays": tuple(
                    sorted({date.fromisoformat(one).isoformat() for one in self.holidays.data or ()})
                ),
            }
        )
