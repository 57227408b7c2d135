"""What is filled in about platforms."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from lmssocial.front.admin.forms import words
from lmssocial.front.admin.platforms import EditDraft
from lmssocial.lms.identity.platforms import PlatformDraft
from lmssocial.lms.lti.checks import is_identifier, is_web_address
from lmssocial.web.forms import SafeForm

ORIGIN = re.compile(r"https?://(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:\d{1,5})?")
"""An origin as a content security policy may name it (CSP Level 3 §2.3.1), and nothing that could end its rule."""
_ADDRESS = {"inputmode": "url", "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


def _is_address(_form: Any, field: Any) -> None:
    if not is_web_address((field.data or "").strip()) or "#" in field.data:
        raise ValidationError(_l("A full web address is needed, such as https://lms.example.edu/auth."))


def _is_identifier(_form: Any, field: Any) -> None:
    if not is_identifier((field.data or "").strip()):
        raise ValidationError(_l("1 to 255 characters are needed."))


def _is_deployment(_form: Any, field: Any) -> None:
    if not (field.data or "").isascii():
        raise ValidationError(_l("A deployment ID has plain letters, digits and signs only."))


def _are_origins(_form: Any, field: Any) -> None:
    for line in lines(field.data):
        if not ORIGIN.fullmatch(line.rstrip("/")):
            raise ValidationError(
                _l("Each line must be an address without a path, such as https://lms.example.edu.")
            )


def _trim(text: str | None) -> str | None:
    return text.strip() if text else text


def lines(text: str | None) -> list[str]:
    """The lines of a text field that hold something, each once."""
    return list(dict.fromkeys(line.strip() for line in (text or "").splitlines() if line.strip()))


class _Addresses(SafeForm):
    """What can be changed later as well."""

    name = StringField(
        _l("Name"),
        [
            DataRequired(_l("What is it called here?")),
            Length(max=120, message=_l("At most 120 characters, please.")),
        ],
        filters=[lambda typed: words(typed) if typed else typed],
        description=_l("What you find it by: Moodle of Northern College."),
        render_kw={"autocomplete": "off"},
    )
    auth_login_url = StringField(
        _l("Authentication request URL"),
        [DataRequired(_l("This address is missing.")), Length(max=2000), _is_address],
        filters=[_trim],
        description=_l("Also called OIDC authorization endpoint or platform login URL."),
        render_kw=_ADDRESS,
    )
    token_url = StringField(
        _l("Access token URL"),
        [DataRequired(_l("This address is missing.")), Length(max=2000), _is_address],
        filters=[_trim],
        render_kw=_ADDRESS,
    )
    jwks_url = StringField(
        _l("Public keyset URL"),
        [DataRequired(_l("This address is missing.")), Length(max=2000), _is_address],
        filters=[_trim],
        description=_l("Also called JWKS URL."),
        render_kw=_ADDRESS,
    )
    token_audience = StringField(
        _l("Token audience"),
        [Optional(), Length(max=2000), _is_address],
        filters=[_trim],
        description=_l(
            "Only where it is not the access token URL. Brightspace: https://api.brightspace.com/auth/token"
        ),
        render_kw=_ADDRESS,
    )


class PlatformForm(_Addresses):
    """A platform that is typed in by hand."""

    tenant = SelectField(_l("Tenant"), [InputRequired(_l("Whose platform is it?"))], coerce=int)
    issuer = StringField(
        _l("Issuer"),
        [DataRequired(_l("The issuer is missing.")), _is_identifier],
        filters=[_trim],
        description=_l(
            "Also called platform ID. Exactly as the LMS writes it, with or without a slash at the end."
        ),
        render_kw=_ADDRESS,
    )
    client_id = StringField(
        _l("Client ID"),
        [DataRequired(_l("The client ID is missing.")), _is_identifier],
        filters=[_trim],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    deployment_id = StringField(
        _l("Deployment ID"),
        [DataRequired(_l("The deployment ID is missing.")), _is_identifier, _is_deployment],
        filters=[_trim],
        description=_l(
            "It is approved at once. Others can be added, and wait for approval when they first launch."
        ),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )

    def draft(self) -> PlatformDraft:
        """What was filled in."""
        return PlatformDraft(
            name=self.name.data or "",
            issuer=self.issuer.data or "",
            client_id=self.client_id.data or "",
            auth_login_url=self.auth_login_url.data or "",
            token_url=self.token_url.data or "",
            jwks_url=self.jwks_url.data or "",
            token_audience=self.token_audience.data or "",
        )


class PlatformEditForm(_Addresses):
    """What can be changed about a platform; issuer and client ID are what it is."""

    frame_origins = TextAreaField(
        _l("More pages that may show the tool in a frame"),
        [Optional(), Length(max=5000), _are_origins],
        description=_l("One address a line, without a path. The LMS's own addresses need no entry."),
        render_kw={"rows": 3, "spellcheck": "false", "class_": "code"},
    )
    trusted_audiences = TextAreaField(
        _l("Trusted audiences"),
        [Optional(), Length(max=5000)],
        description=_l("One a line: who else may be named as audience of a launch. Few platforms need any."),
        render_kw={"rows": 3, "spellcheck": "false", "class_": "code"},
    )

    allow_anonymous = BooleanField(
        _l("Let people in without a name or an id"),
        description=_l(
            "Where the LMS withholds who people are. Each launch is then a new person: nobody finds again what they "
            "wrote, and no grades are sent."
        ),
    )

    def draft(self) -> EditDraft:
        """What was filled in."""
        return EditDraft(
            name=self.name.data or "",
            auth_login_url=self.auth_login_url.data or "",
            token_url=self.token_url.data or "",
            jwks_url=self.jwks_url.data or "",
            token_audience=self.token_audience.data or "",
            frame_origins=[line.rstrip("/") for line in lines(self.frame_origins.data)],
            trusted_audiences=lines(self.trusted_audiences.data),
            allow_anonymous=bool(self.allow_anonymous.data),
        )


class DeploymentForm(SafeForm):
    """One more installation of the tool on a platform."""

    deployment_id = StringField(
        _l("Deployment ID"),
        [DataRequired(_l("The deployment ID is missing.")), _is_identifier, _is_deployment],
        filters=[_trim],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
