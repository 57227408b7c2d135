"""The forms of targets. They ask for shares of members; none has a field for a number of acts."""

from datetime import date, timedelta
from typing import Any

from wtforms import DateField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from lmssocial.plugin import SafeForm
from lmssocial.plugin import lazy_gettext as _l
from lmssocial_reporting.buttons import pairs
from lmssocial_reporting.definition import Role
from lmssocial_reporting.targets.values import Band, Target
from lmssocial_reporting.targets.wanted import (
    LEAST_CONSULTED,
    MOST_CONSULTED,
    MOST_UNTIL_REVIEW,
    Wanted,
    said_by,
)

SPEAKS_OF = {"all": _l("Everybody in it"), "learners": _l("Learners only")}
_WHOLE = _l("A whole number from 0 to 100.")


class _OneMessage(NumberRange):
    """Says which numbers it may be, and not also that something is none."""

    def __call__(self, form: Any, field: Any) -> None:
        field.errors.clear()
        super().__call__(form, field)


def _share(label: Any) -> IntegerField:
    return IntegerField(
        label,
        [InputRequired(_l("Write a number.")), _OneMessage(0, 100, _WHOLE)],
        render_kw={"inputmode": "numeric", "size": 4, "min": 0, "max": 100},
    )


class TargetForm(SafeForm):
    """What a community wants to be."""

    purpose = StringField(
        _l("What this community is for"),
        [DataRequired(_l("Say in a sentence what the community is for.")), Length(max=500)],
        description=_l("One sentence in your own words. It stands above all numbers."),
    )
    speaks_of = RadioField(
        _l("Of whom the shares are"),
        [InputRequired(_l("Choose one."))],
        choices=pairs(SPEAKS_OF),
    )
    consumer_low = _share(_l("From"))
    consumer_high = _share(_l("To"))
    creator_low = _share(_l("From"))
    creator_high = _share(_l("To"))
    connector_low = _share(_l("From"))
    connector_high = _share(_l("To"))
    carrier_low = _share(_l("From"))
    carrier_high = _share(_l("To"))
    caretaker_low = _share(_l("From"))
    caretaker_high = _share(_l("To"))
    review_on = DateField(
        _l("Look at it again on"),
        [InputRequired(_l("Choose a day."))],
        description=_l("In two years at most. Its setters are told when the day has come."),
    )

    seen = HiddenField()
    """The fingerprint of what the draft said when the page was opened."""

    today: date

    def validate_review_on(self, field: DateField) -> None:
        """A day in the next two years.

        :raises ValidationError: if it is not.
        """
        if field.data is not None and not self.today < field.data <= self.today + MOST_UNTIL_REVIEW:
            raise ValidationError(_l("The day of the review is in the future, in two years at most."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Also that each band goes from a share to the same or a larger one."""
        sound = super().validate(extra_validators)
        for role in Role:
            low, high = self.band(role)
            if low.data is not None and high.data is not None and low.data > high.data and not high.errors:
                high.errors = [_l("This is less than the share that the band begins with.")]
                sound = False
        return sound

    def band(self, role: Role) -> tuple[Any, Any]:
        """The two fields of a role."""
        return self[f"{role.value}_low"], self[f"{role.value}_high"]

    def fill(self, bands: dict[Role, Band]) -> None:
        """Put these bands into the fields, whatever stood there."""
        for role, band in bands.items():
            low, high = self.band(role)
            low.data, high.data = band.low, band.high
            low.raw_data = high.raw_data = None

    def wanted(self) -> Wanted:
        """What it says, once it was validated."""
        return Wanted(
            purpose=(self.purpose.data or "").strip(),
            speaks_of=self.speaks_of.data,
            bands={role: Band(*(field.data for field in self.band(role))) for role in Role},
            review_on=self.review_on.data or self.today,
        )


def filled_from(target: Target) -> dict[str, Any]:
    """What a form shows of a target."""
    shown: dict[str, Any] = {
        "purpose": target.purpose,
        "speaks_of": target.speaks_of,
        "review_on": target.review_on,
        "seen": said_by(target).fingerprint,
    }
    for role, band in target.bands.items():
        shown |= {f"{role.value}_low": band.low, f"{role.value}_high": band.high}
    return shown


class SetterForm(SafeForm):
    """Who sets it with the others."""

    user_id = SelectField(_l("Somebody of the community"), coerce=int)


class ConsultForm(SafeForm):
    """Until when members say what they think."""

    ends_on = DateField(
        _l("Last day"),
        [InputRequired(_l("Choose a day."))],
        description=_l(
            "Members say what they think up to and with this day. Three days from today at least."
        ),
    )
    today: date

    def validate_ends_on(self, field: DateField) -> None:
        """Three days at least, and not for ever.

        :raises ValidationError: if it is not.
        """
        least, most = self.today + LEAST_CONSULTED, self.today + MOST_CONSULTED
        if field.data is not None and not least <= field.data <= most:
            raise ValidationError(_l("Members are asked for three days at least, and for sixty at most."))

    def suggest(self) -> None:
        """A week, where nothing is said yet."""
        self.ends_on.data = self.ends_on.data or self.today + timedelta(days=7)


class VoteForm(SafeForm):
    """For it or against it."""

    vote = RadioField(
        _l("Should this be the target?"),
        [InputRequired(_l("Choose one."))],
        choices=pairs({"for": _l("Yes"), "against": _l("No")}),
    )


class RemarkForm(SafeForm):
    """What somebody wants to say of it."""

    words = TextAreaField(
        _l("What you want to say of it"),
        [DataRequired(_l("Write what you want to say.")), Length(max=2000)],
        description=_l("It is shown with your name."),
        render_kw={"rows": 3},
    )


class RatifyForm(SafeForm):
    """Put it in force."""

    despite = TextAreaField(
        _l("Why, although more members are against it"),
        [Length(max=1000)],
        description=_l("Everybody reads it."),
        render_kw={"rows": 3},
    )


class RetireForm(SafeForm):
    """Take it out of force."""

    why = TextAreaField(
        _l("Why"),
        [DataRequired(_l("Say in a sentence why; everybody reads it.")), Length(max=1000)],
        description=_l("One sentence. Everybody reads it."),
        render_kw={"rows": 3},
    )
