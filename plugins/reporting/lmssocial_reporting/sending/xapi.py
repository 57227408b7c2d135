"""xAPI 1.0.3 statements, as plain JSON objects."""

from typing import Any

from lmssocial_reporting.definition import Kind
from lmssocial_reporting.sending.standing import Where
from lmssocial_reporting.sending.vocabulary import (
    BASE,
    COURSE,
    DEFINITION,
    DISCUSSION,
    GRAIN,
    KIND,
    PROFILE_TYPE,
    PROFILE_VERSION,
    ROLE,
    VERBS,
    VOIDED,
)
from lmssocial_reporting.store.port import Evidence

VERSION = "1.0.3"
"""Of xAPI; receivers want it as a header."""


def statement(piece: Evidence, where: Where, statement_id: str) -> dict[str, Any]:
    """What a piece of evidence is to a learning record store.

    Its time is the noon of its day: the hour is nobody's business, and an extension says so. The course stands among
    the parents, typed as a course, and what was acted upon is typed as a discussion: that is where reports on forums
    look.
    """
    brought = piece.kind is Kind.MEMBER_BROUGHT
    verb = VERBS[piece.kind]
    return {
        "id": statement_id,
        "version": VERSION,
        "actor": agent(where, piece.other if brought else piece.member),
        "verb": {"id": verb.id, "display": {"en": verb.display}},
        "object": _object(piece, where),
        "timestamp": f"{piece.day.isoformat()}T12:00:00Z",
        "context": {
            "platform": "lmssocial",
            "contextActivities": {
                "parent": [_activity(where.course, COURSE)],
                "category": [_activity(PROFILE_VERSION, PROFILE_TYPE)],
            },
            "extensions": {
                KIND: piece.kind.value,
                ROLE: piece.role.value,
                DEFINITION: where.definition,
                GRAIN: "day",
            },
        },
    }


def voiding(home: str, statement_id: str, voided_id: str) -> dict[str, Any]:
    """What takes a statement back: it was undone, moderated, left out by its member, or erased."""
    return {
        "id": statement_id,
        "version": VERSION,
        "actor": {
            "objectType": "Agent",
            "name": "lmssocial",
            "account": {"homePage": home, "name": "report"},
        },
        "verb": {"id": VOIDED, "display": {"en": "voided"}},
        "object": {"objectType": "StatementRef", "id": voided_id},
    }


def agent(where: Where, user_id: int) -> dict[str, Any]:
    """Somebody, by pseudonym: never a name or an e-mail address."""
    account = {"homePage": where.home, "name": where.pseudonyms.of(user_id)}
    return {"objectType": "Agent", "account": account}


def _object(piece: Evidence, where: Where) -> dict[str, Any]:
    # a person could be an object, too, but not every store takes one (ralph 5.1.0 does not)
    types = {Kind.PERSON_INTRODUCED: f"{BASE}:types:introduction", Kind.CARE_GOVERNED: f"{BASE}:types:rule"}
    return _activity(where.item(piece.item or piece.thread), types.get(piece.kind, DISCUSSION))


def _activity(name: str, kind: str) -> dict[str, Any]:
    return {"objectType": "Activity", "id": name, "definition": {"type": kind}}
