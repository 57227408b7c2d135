"""The definition in force with all its parameters, as it is printed beside figures."""

import hashlib
import json

from lmssocial.plugin import gettext as _
from lmssocial_reporting.definition import ROLES_1, Role
from lmssocial_reporting.profile.definition_words import parameters, role_rules
from lmssocial_reporting.report.document import DefinitionCopy, Parameter
from lmssocial_reporting.settings import Settings


def definition_copy(settings: Settings) -> DefinitionCopy:
    """The definition and what is set here, with a name of its own for the two together."""
    rule = ROLES_1.rule
    numbers = {
        "version": ROLES_1.version,
        "window": ROLES_1.window_days,
        "enrolled": ROLES_1.enrolled_days,
        "bars": {role.value: (rule.bars[role].days, rule.bars[role].others) for role in Role},
        "sustained": (rule.sustained.days, rule.sustained.others),
        "openers": ROLES_1.openers,
        "lone_ties": ROLES_1.lone_ties,
        "uptake": ROLES_1.uptake.total_seconds(),
        "times": [
            time.total_seconds()
            for time in (
                ROLES_1.undo,
                ROLES_1.stands,
                ROLES_1.search_leads,
                ROLES_1.edits_merge,
                ROLES_1.welcome,
                ROLES_1.unanswered,
            )
        ],
        "edits": (ROLES_1.short_reply, ROLES_1.edit_characters, ROLES_1.edit_share),
    }
    digest = hashlib.sha256(json.dumps(numbers, sort_keys=True).encode()).hexdigest()[:12]
    return DefinitionCopy(
        version=ROLES_1.version,
        parameters=tuple(Parameter(name=name, value=value) for name, value in _said(settings)),
        fingerprint=f"{ROLES_1.version}-{digest}",
    )


def _said(settings: Settings) -> list[tuple[str, str]]:
    acting = [(_("Acting as %(role)s", role=rule.title), rule.bar) for rule in role_rules()]
    return [
        *acting,
        *parameters(),
        (_("Fewest people that are said"), str(settings.least_cell)),
        (_("Time zone of the days"), settings.zone),
    ]
