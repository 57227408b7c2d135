"""How it is set: the dataclass is the schema with its defaults, the form is its editor."""

from dataclasses import dataclass

from wtforms import BooleanField, StringField
from wtforms.validators import Length

from lmssocial.plugin import LinesField, LmsRole, RoleChecks, SafeForm, SelectMultipleChecks
from lmssocial.plugin import lazy_gettext as _l

PICTURES, PDF, TEXT, DOCUMENTS = "pictures", "pdf", "text", "documents"
"""The kinds of files, as settings name them."""


@dataclass(frozen=True)
class FileRules:
    """What may be attached, and where QR codes may lead."""

    kinds: tuple[str, ...] = (PICTURES, PDF, TEXT, DOCUMENTS)
    """What may be attached here; lmssocial itself takes nothing else."""
    codes: bool = True
    """Whether codes in pictures are read."""
    hosts: tuple[str, ...] = ()
    """Hosts that codes may lead to, with everything below them."""
    trusted_roles: tuple[str, ...] = (LmsRole.INSTRUCTOR.value, LmsRole.ADMINISTRATOR.value)
    """Leading LMS roles whose files are not held; what is dangerous is refused for everybody."""
    rule: str = ""
    """A sentence of the institution's, quoted to the author."""


class FileRulesForm(SafeForm):
    """The same for people."""

    kinds = SelectMultipleChecks(
        _l("What may be attached"),
        choices=[
            (PICTURES, _l("Pictures (PNG, JPEG, GIF, WebP)")),
            (PDF, _l("PDF")),
            (TEXT, _l("Text, Markdown and CSV")),
            (DOCUMENTS, _l("Documents of Word, Excel, PowerPoint and LibreOffice")),
        ],
        description=_l("Anything else is refused."),
    )
    codes = BooleanField(
        _l("Read QR codes in pictures"),
        description=_l("A picture with a code that leads somewhere is held until somebody has looked."),
    )
    hosts = LinesField(
        _l("Sites that codes may lead to"),
        description=_l("One host a line, such as example.edu; everything below it is allowed as well."),
        render_kw={"rows": 4},
    )
    trusted_roles = RoleChecks(
        _l("Whose files are not held"),
        description=_l("Viruses and disguised files are refused for everybody."),
    )
    rule = StringField(
        _l("Your rule about files"),
        [Length(max=300, message=_l("At most 300 characters."))],
        description=_l("Quoted to whoever attaches something that is held or refused. May stay empty."),
    )
