"""The form by which a file comes in."""

from typing import ClassVar

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import Field, FileField, Form
from wtforms.validators import StopValidation

from lmssocial.core.kernel.words import gettext as _
from lmssocial.web.forms import SafeForm


class FileChosen:
    """A validator: a file came with the form."""

    field_flags: ClassVar = {"required": True}

    def __call__(self, _form: Form, field: Field) -> None:
        """Look at what was sent.

        :raises StopValidation: if there is no file.
        """
        chosen = request.files.get(field.name)
        if chosen is None or not chosen.filename:
            raise StopValidation(_("Choose a file first."))


class UploadForm(SafeForm):
    """A file of another system."""

    file = FileField(
        _l("File"),
        [FileChosen()],
        description=_l(
            "A Moodle backup (.mbz), topics of Discourse (.json, or several in a .zip), or a table (.csv)."
        ),
        render_kw={"accept": ".mbz,.zip,.json,.csv,.txt"},
    )
