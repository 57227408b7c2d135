"""The xAPI profile of what the report sends: which verbs, types and extensions there are, as JSON-LD.

``docs/xapi-profile.jsonld`` is what :func:`profile` gives; a test compares them.
"""

import json
from typing import Any

from lmssocial_reporting.definition import ROLE_OF, VERSION, Kind
from lmssocial_reporting.sending.vocabulary import (
    BASE,
    COURSE,
    DEFINITION,
    DISCUSSION,
    GRAIN,
    KIND,
    PROFILE,
    PROFILE_VERSION,
    ROLE,
    VERBS,
)

CONTEXT = "https://w3id.org/xapi/profiles/context"
AUTHOR = {"type": "Organization", "name": "lmssocial"}

_OWN_MEANING = {
    Kind.PERSON_INTRODUCED: "Brought two people together, one of whom then wrote to the other.",
    Kind.QUESTION_REFERRED: "Passed a question to somebody, who took it.",
    Kind.ITEM_POINTED: "Answered a request with a link to something that was there, which the asker then opened.",
    Kind.CARE_MODERATED: "Looked after what others had written: decided about it, moved, merged, pinned or closed it.",
    Kind.CARE_GOVERNED: "Looked after rules, targets or topics of a community, or held an hour that somebody came to.",
}
_EXTENSIONS: dict[str, tuple[str, str, dict[str, Any]]] = {
    KIND: ("kind", "What the act was evidence of.", {"enum": [kind.value for kind in Kind]}),
    ROLE: ("role", "The community role it belongs to.", {"enum": sorted({role.value for role in ROLE_OF.values()})}),
    DEFINITION: ("definition", "The version of the definition by which it counts.", {"const": VERSION}),
    GRAIN: ("grain", "How exact the timestamp is.", {"const": "day"}),
}  # fmt: skip


def profile() -> dict[str, Any]:
    """The profile (xAPI Profiles 1.0)."""
    return {
        "@context": CONTEXT,
        "id": PROFILE,
        "type": "Profile",
        "conformsTo": "https://w3id.org/xapi/profiles#1.0",
        "prefLabel": {"en": "lmssocial community roles"},
        "definition": {
            "en": "What members of a learning community do for each other, as evidence of five community roles. "
            "Statements are pseudonymous, exact to the day, and voided when what they tell is taken back."
        },
        "versions": [{"id": PROFILE_VERSION, "generatedAtTime": "2026-11-22T00:00:00Z"}],
        "author": AUTHOR,
        "concepts": [*_verbs(), *_types(), *_extensions()],
        "templates": [_template(kind) for kind in Kind],
    }


def _verbs() -> list[dict[str, Any]]:
    return [
        {
            "id": VERBS[kind].id,
            "type": "Verb",
            "inScheme": PROFILE_VERSION,
            "prefLabel": {"en": VERBS[kind].display},
            "definition": {"en": meaning},
        }
        for kind, meaning in _OWN_MEANING.items()
    ]


def _types() -> list[dict[str, Any]]:
    return [
        {
            "id": f"{BASE}:types:{name}",
            "type": "ActivityType",
            "inScheme": PROFILE_VERSION,
            "prefLabel": {"en": name},
            "definition": {"en": meaning},
        }
        for name, meaning in (
            ("rule", "Something a community agreed on: a ground rule, a target, a topic, an hour to meet."),
            ("introduction", "Two people who were brought together by a third."),
        )
    ]


def _extensions() -> list[dict[str, Any]]:
    return [
        {
            "id": name,
            "type": "ContextExtension",
            "inScheme": PROFILE_VERSION,
            "prefLabel": {"en": label},
            "definition": {"en": meaning},
            "inlineSchema": json.dumps({"type": "string", **schema}),
        }
        for name, (label, meaning, schema) in _EXTENSIONS.items()
    ]


def _template(kind: Kind) -> dict[str, Any]:
    """What a statement of one kind looks like."""
    found: dict[str, Any] = {
        "id": f"{BASE}:templates:{kind.value}",
        "type": "StatementTemplate",
        "inScheme": PROFILE_VERSION,
        "prefLabel": {"en": kind.value},
        "definition": {"en": f"Evidence of the kind {kind.value}, for the role of {ROLE_OF[kind].value}."},
        "verb": VERBS[kind].id,
        "contextParentActivityType": [COURSE],
        "rules": [
            {"location": f"$.context.extensions['{KIND}']", "presence": "included", "any": [kind.value]},
            {"location": f"$.context.extensions['{DEFINITION}']", "presence": "included"},
            {"location": "$.actor.account.name", "presence": "included"},
            {"location": "$.actor.mbox", "presence": "excluded"},
        ],
    }
    if kind not in {Kind.PERSON_INTRODUCED, Kind.CARE_GOVERNED}:
        found["objectActivityType"] = DISCUSSION
    return found
