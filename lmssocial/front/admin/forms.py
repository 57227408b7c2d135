"""What is filled in about tenants and invitations, and before something is removed."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from lmssocial.lms.identity.invitations import DAYS
from lmssocial.web.forms import SafeForm, WholeNumberField


def words(text: str | None) -> str:
    """``text`` with single spaces and none around it."""
    return " ".join((text or "").split())


class TenantForm(SafeForm):
    """A tenant's name."""

    name = StringField(
        _l("Name"),
        [
            DataRequired(_l("What is the tenant called?")),
            Length(max=120, message=_l("At most 120 characters, please.")),
        ],
        filters=[lambda typed: words(typed) if typed else typed],
        description=_l("Usually the organisation: Northern College."),
        render_kw={"autocomplete": "off"},
    )


class TenantEditForm(TenantForm):
    """What may be changed about a tenant."""

    locale = SelectField(
        _l("Language"),
        description=_l("For people whose LMS and browser name no language that this tool speaks."),
    )


class InvitationForm(SafeForm):
    """A link with which somebody connects their LMS."""

    name = StringField(
        _l("Name of the platform"),
        [
            DataRequired(_l("What will the platform be called here?")),
            Length(max=120, message=_l("At most 120 characters, please.")),
        ],
        filters=[lambda typed: words(typed) if typed else typed],
        description=_l("What you will find it by: Moodle of Northern College."),
        render_kw={"autocomplete": "off"},
    )
    tenant = SelectField(_l("Tenant"), [InputRequired(_l("Whose platform is it?"))], coerce=int)
    days = WholeNumberField(
        _l("Days it works"),
        [InputRequired(_l("A number from 1 to 365.")), NumberRange(1, 365, _l("A number from 1 to 365."))],
        default=DAYS,
    )
    approve = BooleanField(
        _l("Let the platform in at once"),
        description=_l("Otherwise it waits under Platforms until somebody here approves it."),
    )


class ConfirmForm(SafeForm):
    """A name or a word typed once more, before something is done that cannot be undone."""

    typed = StringField(
        _l("To confirm"),
        [InputRequired(_l("Type it to show that this is what you mean."))],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        """:param name: what has to be typed."""
        self.name = name
        super().__init__(*args, **kwargs)

    def validate_typed(self, field: Any) -> None:
        """It must be the one.

        :raises ValidationError: if it is not.
        """
        if words(field.data) != words(self.name):
            raise ValidationError(_l("This is something else, so nothing was done."))
