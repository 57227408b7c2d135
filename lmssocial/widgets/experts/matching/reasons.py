"""Why somebody was chosen, in words for both sides: facts, and nothing that ranks."""

from collections.abc import Mapping
from typing import Any


def worded(reasons: Mapping[str, Any]) -> list[str]:
    """The reasons kept with an invitation, each as half a sentence: “answered 4 questions about Capability”."""
    raise NotImplementedError
