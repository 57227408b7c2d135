"""Asking the policies, and making one verdict out of many."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lmssocial.core.db import JsonObject
from lmssocial.core.hooks import Answer, Moment, Reach, Ruling, Span, Stance, Submission, Verdict
from lmssocial.core.kernel.words import gettext as _
from lmssocial.social.communities.models import Tier
from lmssocial.social.moderation import tiers

HOOK = "lmssocial_screen_submission"

POLICY_FAILED = "policy-failed"
"""The reason noted when a policy raised instead of answering."""


@dataclass(frozen=True)
class Vote:
    """One policy's verdict, and what comes of it here."""

    policy: str
    verdict: Verdict
    stance: Stance = Stance.ENFORCE
    capped: Ruling | None = None
    """The ruling after stance and tier, where it is not the verdict's own."""
    version: str = ""
    """Of the policy's distribution."""

    @property
    def ruling(self) -> Ruling:
        """What it counts for."""
        return self.verdict.ruling if self.capped is None else self.capped

    def as_json(self) -> JsonObject:
        """The vote as it is kept, with a case or a file, and shown later."""
        verdict = self.verdict
        return {
            "policy": self.policy,
            "version": self.version,
            "ruling": verdict.ruling.name.lower(),
            "effective": self.ruling.name.lower(),
            "reason": verdict.reason,
            "message": str(verdict.message),
            "rule": str(verdict.rule),
            "spans": [[span.start, span.end] for span in verdict.spans],
            "suggestion": str(verdict.suggestion),
            "confidence": verdict.confidence,
            "concern": verdict.concern.value,
        }


@dataclass(frozen=True)
class Screening:
    """What all policies together make of a submission. Nobody objecting means it is published."""

    votes: tuple[Vote, ...] = ()
    """Those that count or advise: strictest first, then by the policy's name."""
    shadows: tuple[Vote, ...] = ()
    """Those that are only noted."""
    failures: tuple[Answer, ...] = ()
    """Policies that did not answer, with what went wrong."""
    look_later: bool = False
    """Whether it is published though a check could not be made, so that a moderator looks at it later."""

    @property
    def ruling(self) -> Ruling:
        """The strictest ruling of all."""
        return max((vote.ruling for vote in self.votes), default=Ruling.ALLOW)

    @property
    def messages(self) -> tuple[str, ...]:
        """What the author has to be told, each sentence once."""
        return tuple(dict.fromkeys(vote.verdict.message for vote in self.votes if vote.verdict.message))

    @property
    def redactions(self) -> tuple[Span, ...]:
        """The words that are not published."""
        found = (span for vote in self.votes if vote.ruling is Ruling.REDACT for span in vote.verdict.spans)
        return tuple(sorted(set(found), key=lambda span: (span.start, span.end)))

    @property
    def approvals(self) -> int:
        """How many people have to approve it."""
        return max((vote.verdict.approvals for vote in self.votes if vote.ruling is Ruling.HOLD), default=1)


Screen = Callable[[Submission], Screening]
"""How a service asks for a verdict without knowing who gives it."""

Ask = Callable[[str, Sequence[str], Mapping[str, Any]], Iterable[Answer]]
"""How policies are asked: hook, their names, facts → their answers."""


@dataclass(frozen=True)
class Circle:
    """Which policies there are in one place, and what their word counts."""

    reach: Reach
    tier: Tier
    policies: tuple[str, ...]
    """The names of those that are asked, sorted: on here, able to judge this, and not switched off by their stance."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """The versions of their distributions."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Policies that are enforced here and cannot be asked at all."""
        enforced = (name for name in self.reach.absent if self.reach.stances.get(name) is Stance.ENFORCE)
        return tuple(sorted(enforced))


def screen_with(ask: Ask, circle: Circle, enrich: Callable[[Submission], Submission]) -> Screen:
    """A screen that asks every policy of ``circle``, each submission once.

    Services ask from inside a transaction. Whoever asks before the transaction begins gets the policies' time out of
    it: the same submission is answered from memory then.

    :param enrich: adds what the policies have to know beyond the words.
    """
    known: dict[Submission, Screening] = {}

    def screen(submission: Submission) -> Screening:
        same = replace(submission, reply_to=None)  # how long ago the other post was changes meanwhile
        if same not in known:
            known[same] = _screened(ask, circle, enrich, submission)
        return known[same]

    return screen


def _screened(
    ask: Ask, circle: Circle, enrich: Callable[[Submission], Submission], submission: Submission
) -> Screening:
    if not circle.policies and not circle.missing:
        return Screening()
    answers = list(ask(HOOK, circle.policies, {"submission": enrich(submission)})) if circle.policies else []
    return tally(circle, submission.moment, answers)


def tally(circle: Circle, moment: Moment, answers: Iterable[Answer]) -> Screening:
    """One screening out of all answers. A policy that failed never counts as consent where it is enforced."""
    votes: list[Vote] = []
    shadows: list[Vote] = []
    failures = [Answer(name, error=LookupError("it cannot be asked")) for name in circle.missing]
    for answer in answers:
        if not isinstance(answer.value, Verdict):
            failures.append(answer)
            continue
        stance = circle.reach.stance(answer.plugin)
        ruling = tiers.effective(stance, circle.tier, moment, answer.value)
        kept = shadows if stance is Stance.SHADOW else votes
        kept.append(Vote(answer.plugin, answer.value, stance, ruling, circle.versions.get(answer.plugin, "")))
    enforced = [one.plugin for one in failures if circle.reach.stance(one.plugin) is Stance.ENFORCE]
    if moment is not Moment.DRAFT:
        votes += [_failed(name, circle.tier) for name in enforced]
    votes.sort(key=lambda vote: (-vote.ruling, vote.policy))
    return Screening(
        tuple(votes),
        tuple(shadows),
        tuple(one for one in failures if one.plugin not in circle.missing),
        look_later=bool(enforced)
        and moment is not Moment.DRAFT
        and not tiers.holds_when_a_check_fails(circle.tier),
    )


def _failed(policy: str, tier: Tier) -> Vote:
    held = tiers.holds_when_a_check_fails(tier)
    first = _("A check could not be made, so a moderator reads this first.")
    later = _("A check could not be made, so a moderator looks at this later.")
    verdict = Verdict(
        ruling=Ruling.HOLD if held else Ruling.ANNOTATE,
        reason=POLICY_FAILED,
        message=first if held else later,
    )
    return Vote(policy, verdict)
