"""Forms that are nothing but a button, and choices as WTForms wants them."""

from collections.abc import Mapping
from typing import Any

from flask import request
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs trail WTForms 3.3

from lmssocial.plugin import Invalid, SafeForm


class ButtonForm(SafeForm):
    """A form with nothing to fill in: one button, one deed."""


def pressed() -> None:
    """Go on only if the form was made for whoever sends it.

    :raises Invalid: if it was not, in words that say what to do.
    """
    form = ButtonForm(request.form)
    if not form.validate():
        raise Invalid(" ".join(str(error) for errors in form.errors.values() for error in errors))


def pairs(named: Mapping[Any, Any]) -> list[Any]:
    """Values and their labels as the choices of a field."""
    return [SelectChoice(value, label) for value, label in named.items()]
