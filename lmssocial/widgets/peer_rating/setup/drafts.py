"""What staff hand in about an activity, as values."""

import hashlib
import json
from dataclasses import dataclass

from lmssocial.widgets.peer_rating.settings import PeerSettings


@dataclass(frozen=True, kw_only=True)
class SetupDraft:
    """How an activity shall be set."""

    title: str
    settings: PeerSettings
    seen: str
    """The :func:`fingerprint` of what was set when the page was opened."""


def fingerprint(title: str, settings: PeerSettings) -> str:
    """The same for the same settings: a page says with it what it was made from."""
    plain = json.dumps([title, settings.as_json()], sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]
