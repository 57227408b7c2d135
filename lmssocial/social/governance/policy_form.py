"""A plugin's own settings form, shown and read so that a faulty one harms nothing but itself."""

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from flask import get_template_attribute
from flask_babel import gettext as _
from structlog import get_logger
from wtforms import BooleanField, Form
from wtforms.widgets import PasswordInput

from lmssocial.core.hooks import Level, Manifest
from lmssocial.social.plugin_settings.sealing import decided_above

log = get_logger(__name__)

FORGET = "forget-"
"""Before the name of a secret, what the box is called that removes it."""


@dataclass(frozen=True, kw_only=True)
class At:
    """The place whose settings are filled in."""

    level: Level
    locked: frozenset[str] = frozenset()
    """Names of settings that were decided further up."""
    stored: frozenset[str] = frozenset()
    """Names of settings that this place has of its own."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What there is to fill in."""

    form: Any = None
    """The plugin's form without the fields that were decided further up; ``None`` if it could not be made."""
    html: tuple[str, ...] = ()
    """Its fields, rendered."""
    fixed: Mapping[str, str] = field(default_factory=dict)
    """Label and value of what was decided further up."""
    kept: frozenset[str] = frozenset()
    """Secrets that were left as they are."""
    trace: str = ""
    """Why it could not be made."""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What is stored of a form."""

    values: dict[str, Any]
    keep: frozenset[str]
    """Secrets that stay as they are stored."""


def show(manifest: Manifest, at: At, current: Mapping[str, Any], *, sent: Any = None) -> Shown:
    """The form of ``manifest``, filled with ``current`` or with what was sent; nothing of it can raise from here on.

    Secrets are never filled in: an empty one means that it stays.
    """
    if manifest.settings_form is None:
        return Shown()
    try:
        form = _form(manifest, at, current, sent)
        fixed = _fixed(manifest, at, current)
        secrets = [one for one in form if one.name in manifest.secrets]
        kept = frozenset(one.name for one in secrets if sent is not None and _is_kept(one, sent))
        if sent is not None:
            for name in kept:
                form[name].data = current[name]  # so that what is required is there
            form.validate()
        for one in secrets:
            _dress(one, is_here=one.name in at.stored, is_there=bool(current[one.name]))
        return Shown(form=form, html=_rendered(form, manifest, at, sent), fixed=fixed, kept=kept)
    except Exception as error:  # whatever somebody else's form raises must not take the page along
        log.exception("a plugin's settings form failed", plugin=manifest.name)
        return Shown(trace="".join(traceback.format_exception(error)))


def taken(manifest: Manifest, at: At, shown: Shown, current: Mapping[str, Any]) -> Taken | None:
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
    unasked = manifest.secrets - {one.name for one in shown.form}
    elsewhere = at.locked | decided_above(manifest, at.level) | shown.kept | unasked
    return Taken(
        values={name: value for name, value in values.items() if name not in elsewhere},
        keep=(shown.kept | unasked) - at.locked - decided_above(manifest, at.level),
    )


def _form(manifest: Manifest, at: At, current: Mapping[str, Any], sent: Any) -> Any:
    """The plugin's form without what is decided further up, and without the values of secrets."""
    blank = {**current, **dict.fromkeys(manifest.secrets, "")}
    form: Any = manifest.settings_form(sent, data=blank) if manifest.settings_form else None
    for name in at.locked | decided_above(manifest, at.level):
        if name in form:
            del form[name]
    return form


def _fixed(manifest: Manifest, at: At, current: Mapping[str, Any]) -> dict[str, str]:
    """Label and value of what was locked further up."""
    shut = at.locked - decided_above(manifest, at.level)
    if not shut or manifest.settings_form is None:
        return {}
    form = manifest.settings_form(None, data={**current, **dict.fromkeys(manifest.secrets, "")})
    return {
        str(form[name].label.text): (_("stored") if current[name] else "")
        if name in manifest.secrets
        else _in_words(form[name])
        for name in sorted(shut)
        if name in form
    }


def _is_kept(secret: Any, sent: Any) -> bool:
    """Whether nothing was filled in, and nobody wants it removed."""
    return not secret.data and not sent.get(f"{FORGET}{secret.name}")


def _dress(secret: Any, *, is_here: bool, is_there: bool) -> None:
    """Let a field never show its value, and say what is stored."""
    secret.widget = PasswordInput(hide_value=True)
    secret.render_kw = {**(secret.render_kw or {}), "autocomplete": "new-password"}
    said = _("One is stored. Leave this empty to keep it.") if is_here else ""
    if is_there and not is_here:
        said = _("One is stored further up. Leave this empty to use it.")
    secret.description = " ".join(one for one in (str(secret.description), said) if one)


def _rendered(form: Any, manifest: Manifest, at: At, sent: Any) -> tuple[str, ...]:
    field_of = get_template_attribute("macros/forms.html", "field")
    found: list[str] = []
    for one in form:
        if getattr(one.widget, "input_type", "") == "hidden":
            continue
        found.append(field_of(one))
        if one.name in manifest.secrets & at.stored:
            found.append(field_of(_box(one, sent)))
    return tuple(found)


def _box(secret: Any, sent: Any) -> Any:
    """The box that removes a secret."""
    label = _("Remove what is stored for: %(setting)s", setting=str(secret.label.text))
    boxes = type("Forget", (Form,), {f"{FORGET}{secret.name}": BooleanField(label)})
    return next(iter(boxes(sent)))


def _in_words(one: Any) -> str:
    """A setting's value for people."""
    if isinstance(one.data, bool):
        return str(_("Yes") if one.data else _("No"))
    if hasattr(one, "iter_choices"):
        return ", ".join(str(option.label) for option in one.iter_choices() if option.selected)
    if isinstance(one.data, list | tuple):
        return ", ".join(map(str, one.data))
    return "" if one.data is None else str(one.data)
