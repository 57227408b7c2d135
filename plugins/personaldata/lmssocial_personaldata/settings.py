"""How the search is set: the dataclass is the schema with its defaults, the form is its editor."""

from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs trail WTForms 3.3
from wtforms.validators import ValidationError

from lmssocial.plugin import LinesField, LmsRole, RoleChecks, SafeForm, SelectMultipleChecks
from lmssocial.plugin import gettext as _
from lmssocial.plugin import lazy_gettext as _l
from lmssocial_personaldata.found import Kind

MOST_REGIONS = 3


class Action(StrEnum):
    """What happens to a post with personal data."""

    ADVISE = "advise"
    REDACT = "redact"
    HOLD = "hold"


IDENTITY_NUMBERS = (
    ("br_cpf", _l("Brazil: CPF")),
    ("cn_resident", _l("China: resident identity number")),
    ("de_idnr", _l("Germany: Steuer-ID")),
    ("es_dni", _l("Spain: DNI and NIE")),
    ("fr_nir", _l("France: social security number")),
    ("in_aadhaar", _l("India: Aadhaar")),
    ("it_codice_fiscale", _l("Italy: codice fiscale")),
    ("nl_bsn", _l("Netherlands: BSN")),
    ("pl_pesel", _l("Poland: PESEL")),
    ("us_ssn", _l("United States: Social Security number")),
)
"""Identity numbers that can be told from other digits, by the keys of their schemes."""


@dataclass(frozen=True)
class PersonalData:
    """What is looked for, what happens where it is found, and whom that does not concern."""

    kinds: tuple[str, ...] = tuple(kind.value for kind in Kind)
    """Kinds of personal data that are looked for."""
    identity_numbers: tuple[str, ...] = tuple(key for key, _label in IDENTITY_NUMBERS)
    """Countries' identity numbers that are looked for, if identity numbers are."""
    action: str = Action.REDACT.value
    """What happens to a post with any of them."""
    regions: tuple[str, ...] = ()
    """Countries (ISO 3166-1) whose telephone numbers are known without their country code."""
    allowed: tuple[str, ...] = ()
    """Mail domains, mail addresses and telephone numbers that everybody may know."""
    exempt_roles: tuple[str, ...] = (LmsRole.INSTRUCTOR.value, LmsRole.ADMINISTRATOR.value)
    """Leading LMS roles whose posts are not looked at."""


class PersonalDataForm(SafeForm):
    """The same for people."""

    kinds = SelectMultipleChecks(
        _l("What is looked for"),
        choices=[
            (Kind.EMAIL.value, _l("E-mail addresses")),
            (Kind.PHONE.value, _l("Telephone numbers")),
            (Kind.CARD.value, _l("Card numbers")),
            (Kind.BANK.value, _l("Bank account numbers (IBAN)")),
            (Kind.IDENTITY.value, _l("Identity numbers")),
        ],
    )
    identity_numbers = SelectMultipleChecks(
        _l("Which identity numbers"),
        choices=IDENTITY_NUMBERS,
    )
    action = RadioField(
        _l("What happens to a post with one of them"),
        choices=[
            SelectChoice(
                Action.REDACT.value, _l("It is covered for everybody else, and the rest is published")
            ),
            SelectChoice(Action.HOLD.value, _l("The post is held until somebody has looked")),
            SelectChoice(Action.ADVISE.value, _l("The post is published, and the author is told")),
        ],
    )
    regions = LinesField(
        _l("Countries whose telephone numbers are known without country code"),
        description=_l(
            "Their two letters, such as US or DE, one on each line, at most three. Numbers that begin with + are "
            "always found."
        ),
        most=MOST_REGIONS,
        longest=2,
        render_kw={"rows": "3"},
    )
    allowed = LinesField(
        _l("What everybody may know"),
        description=_l(
            "The addresses and numbers of your help desk, one on each line: help.example.edu for every address "
            "there, desk@example.edu, +1 650 253 0000."
        ),
        most=100,
        longest=120,
        render_kw={"rows": "4"},
    )
    exempt_roles = RoleChecks(
        _l("Whose posts are not looked at"),
    )

    def validate_regions(self, field: LinesField) -> None:
        """Refuse what is no country.

        :raises ValidationError: naming the first that is none.
        """
        for region in field.data or ():
            if region.upper() not in phonenumbers.SUPPORTED_REGIONS:
                raise ValidationError(_("%(code)s is no country that has telephone numbers.", code=region))
