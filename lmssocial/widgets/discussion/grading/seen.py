"""What a grader had before them, in a short text that travels with the form.

Two graders may open the same learner, a learner may choose again, and the rubric may change while somebody reads.
Whatever it was, nothing is saved over it, and the grader is told which of the three happened.
"""

import hashlib
from collections.abc import Iterable, Sequence

from lmssocial.social.rubrics.criteria import Criterion, fingerprint


def seen(version: int, chosen: Iterable[int], rubric: Sequence[Criterion]) -> str:
    """The text.

    :param version: of the grade; 0 if there is none yet.
    :param chosen: the ids of the posts the learner chose.
    """
    ids = ",".join(map(str, sorted(chosen)))
    return f"{version}.{hashlib.sha256(ids.encode()).hexdigest()[:12]}.{fingerprint(rubric)}"


def differences(before: str, now: str) -> frozenset[str]:
    """Which of ``grade``, ``choice`` and ``rubric`` changed; all of them if ``before`` is none of ours."""
    parts, present = before.split("."), now.split(".")
    names = ("grade", "choice", "rubric")
    if len(parts) != len(names):
        return frozenset(names)
    return frozenset(name for name, one, other in zip(names, parts, present, strict=True) if one != other)
