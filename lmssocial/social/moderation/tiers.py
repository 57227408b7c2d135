"""What a machine may decide in each quality tier. Pure rules: same tier, same verdict, same answer."""

from lmssocial.core.hooks import Concern, Moment, Ruling, Stance, Verdict
from lmssocial.social.communities.models import Tier

STRONG_CONCERNS = frozenset({Concern.PERSONAL_DATA, Concern.ATTACHMENT, Concern.IMPERSONATION})
"""What a machine may hold even where it may hold nothing else: it harms before anybody could flag it."""


def cap(tier: Tier, moment: Moment, verdict: Verdict) -> Ruling:
    """The strictest ruling that ``verdict`` may come to in ``tier``.

    Open practice lets a machine advise, and hold only what is about personal data, files or a borrowed name. Reviewed
    and Assured let it hold and redact. Refusing outright is for hard limits alone (:attr:`Concern.SAFETY`): a person
    decides about everything else. Nobody is stopped while still writing.
    """
    if moment is Moment.DRAFT:
        strongest = Ruling.ANNOTATE
    elif verdict.concern is Concern.SAFETY:
        strongest = Ruling.REJECT
    elif tier is Tier.OPEN and verdict.concern not in STRONG_CONCERNS:
        strongest = Ruling.ANNOTATE
    else:
        strongest = Ruling.HOLD
    return min(verdict.ruling, strongest)


def effective(stance: Stance, tier: Tier, moment: Moment, verdict: Verdict) -> Ruling:
    """What comes of ``verdict`` from a policy with ``stance``, in ``tier``."""
    if stance is Stance.ENFORCE:
        return cap(tier, moment, verdict)
    if stance is Stance.ADVISE:
        return min(cap(tier, moment, verdict), Ruling.ANNOTATE)
    return Ruling.ALLOW


def holds_when_a_check_fails(tier: Tier) -> bool:
    """Whether something waits because a policy could not answer, instead of being looked at later."""
    return tier is Tier.ASSURED
