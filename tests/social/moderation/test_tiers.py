"""What a machine may decide in each quality tier: the authority table."""

import itertools

import pytest

from lmssocial.core.hooks import Concern, Moment, Ruling, Stance, Verdict
from lmssocial.social.communities.models import Tier
from lmssocial.social.moderation import tiers


def verdict(ruling: Ruling, concern: Concern = Concern.CONTENT) -> Verdict:
    """A policy's opinion."""
    return Verdict(ruling=ruling, reason="r", message="m", concern=concern)


@pytest.mark.parametrize(
    ("tier", "concern", "strongest"),
    [
        (Tier.OPEN, Concern.CONTENT, Ruling.ANNOTATE),
        (Tier.OPEN, Concern.PERSONAL_DATA, Ruling.HOLD),
        (Tier.OPEN, Concern.ATTACHMENT, Ruling.HOLD),
        (Tier.OPEN, Concern.IMPERSONATION, Ruling.HOLD),
        (Tier.OPEN, Concern.SAFETY, Ruling.REJECT),
        (Tier.REVIEWED, Concern.CONTENT, Ruling.HOLD),
        (Tier.REVIEWED, Concern.SAFETY, Ruling.REJECT),
        (Tier.ASSURED, Concern.CONTENT, Ruling.HOLD),
        (Tier.ASSURED, Concern.PERSONAL_DATA, Ruling.HOLD),
        (Tier.ASSURED, Concern.SAFETY, Ruling.REJECT),
    ],
)
def test_a_verdict_is_capped_by_the_tier(tier: Tier, concern: Concern, strongest: Ruling) -> None:
    for ruling in Ruling:
        wanted = min(ruling, strongest)
        assert tiers.cap(tier, Moment.CREATE, verdict(ruling, concern)) is wanted


def test_nobody_is_stopped_while_still_writing() -> None:
    for tier, concern in itertools.product(Tier, Concern):
        said = tiers.cap(tier, Moment.DRAFT, verdict(Ruling.REJECT, concern))
        assert said is Ruling.ANNOTATE


def test_a_cap_never_makes_a_verdict_stricter() -> None:
    for tier, concern, ruling, moment in itertools.product(Tier, Concern, Ruling, Moment):
        assert tiers.cap(tier, moment, verdict(ruling, concern)) <= ruling


@pytest.mark.parametrize(
    ("stance", "comes_to"),
    [
        (Stance.OFF, Ruling.ALLOW),
        (Stance.SHADOW, Ruling.ALLOW),
        (Stance.ADVISE, Ruling.ANNOTATE),
        (Stance.ENFORCE, Ruling.HOLD),
    ],
)
def test_a_stance_says_how_much_a_word_counts(stance: Stance, comes_to: Ruling) -> None:
    assert tiers.effective(stance, Tier.REVIEWED, Moment.CREATE, verdict(Ruling.HOLD)) is comes_to


def test_only_assured_content_waits_when_a_check_fails() -> None:
    assert [tiers.holds_when_a_check_fails(tier) for tier in Tier] == [False, False, True]
