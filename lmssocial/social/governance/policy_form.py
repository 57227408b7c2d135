"""A plugin's own settings form, shown and read so that a faulty one harms nothing but itself."""

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from flask import get_template_attribute
from flask_babel import gettext as _
from structlog import get_logger

from lmssocial.core.hooks import Manifest

log = get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What there is to fill in."""

    form: Any = None
    """The plugin's form without the fields that were decided further up; ``None`` if it could not be made."""
    html: tuple[str, ...] = ()
    """Its fields, rendered."""
    fixed: Mapping[str, str] = field(default_factory=dict)
    """Label and value of what was decided further up."""
    trace: str = ""
    """Why it could not be made."""


def show(
    manifest: Manifest, locked: frozenset[str], current: Mapping[str, Any], *, sent: Any = None
) -> Shown:
    """The form of ``manifest``, filled with ``current`` or with what was sent; nothing of it can raise from here on.

    :param locked: names of settings that were decided further up.
    """
    if manifest.settings_form is None:
        return Shown()
    try:
        form = manifest.settings_form(sent, data=current)
        decided = manifest.settings_form(None, data=current) if locked else form
        there = sorted(name for name in locked if name in form)
        fixed = {str(decided[name].label.text): _in_words(decided[name]) for name in there}
        for name in there:
            del form[name]
        if sent is not None:
            form.validate()
        return Shown(form=form, html=_rendered(form), fixed=fixed)
    except Exception as error:  # whatever somebody else's form raises must not take the page along
        log.exception("a plugin's settings form failed", plugin=manifest.name)
        return Shown(trace="".join(traceback.format_exception(error)))


def taken(manifest: Manifest, shown: Shown, current: Mapping[str, Any]) -> dict[str, Any] | None:
    """The settings that come of a form that was sent; ``None`` if it has to be shown again.

    :param current: the settings as they are, for what stands in no field.
    """
    if shown.form is None or shown.form.errors or manifest.settings is None:
        return None
    known = {setting.name for setting in fields(manifest.settings)}
    values = {**current, **{name: value for name, value in shown.form.data.items() if name in known}}
    try:
        manifest.settings(
            **{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
        )
    except Exception as error:  # noqa: BLE001 – the plugin's own check may raise anything
        shown.form.form_errors.append(_("The plugin does not take this: %(why)s", why=str(error)))
        return None
    return values


def _rendered(form: Any) -> tuple[str, ...]:
    field_of = get_template_attribute("macros/forms.html", "field")
    return tuple(field_of(one) for one in form if getattr(one.widget, "input_type", "") != "hidden")


def _in_words(one: Any) -> str:
    """A setting's value for people."""
    if isinstance(one.data, bool):
        return str(_("Yes") if one.data else _("No"))
    if hasattr(one, "iter_choices"):
        return ", ".join(str(option.label) for option in one.iter_choices() if option.selected)
    if isinstance(one.data, list | tuple):
        return ", ".join(map(str, one.data))
    return "" if one.data is None else str(one.data)
