"""What is filled in about plugins beside their own settings."""

from dataclasses import fields
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lmssocial.core.hooks import Level
from lmssocial.front.admin.plugins import Card, Place
from lmssocial.social.governance.policy_form import Shown
from lmssocial.social.plugin_settings.sealing import decided_above
from lmssocial.social.plugin_settings.service import ENABLED, STANCE
from lmssocial.web.forms import SafeForm, SelectMultipleChecks, options


class LockForm(SafeForm):
    """What nobody further down may decide otherwise."""

    locked = SelectMultipleChecks(
        _l("Locked for everybody below"),
        choices=[],
        description=_l(
            "What is locked cannot be changed further down; what was decided there before does not count meanwhile."
        ),
    )


def lock_form(card: Card, place: Place, shown: Shown | None, sent: Any = None) -> LockForm | None:
    """The form for ``place``; ``None`` if there is nobody below who could decide anything.

    :param shown: the plugin's settings form, whose labels name the settings.
    :param sent: what was filled in.
    """
    manifest = card.manifest
    if manifest is None or not card.can_be_switched or manifest.configured_per is place.level:
        return None
    if place.level is Level.COURSE:
        return None
    names = {ENABLED: _("Whether it is on")}
    if card.is_policy:
        names[STANCE] = _("How much its word counts")
    below = decided_above(manifest, Level.TENANT if place.level is Level.INSTALLATION else Level.COURSE)
    for setting in () if manifest.settings is None else fields(manifest.settings):
        if setting.name in below:
            continue  # nobody below could decide it anyway
        own: Any = () if shown is None or shown.form is None else shown.form
        names[setting.name] = str(own[setting.name].label.text) if setting.name in own else setting.name
    form = LockForm(sent, data={"locked": sorted(place.locks)})
    form.locked.choices = options((name, label) for name, label in names.items() if name not in place.locked)
    return form
