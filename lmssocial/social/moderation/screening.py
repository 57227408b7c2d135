"""Asking the policies, and making one verdict out of many."""

from collections.abc import Callable
from dataclasses import dataclass

from lmssocial.core.hooks import PluginHost, Reach, Ruling, Submission, Verdict
from lmssocial.core.kernel.words import gettext as _

POLICY_FAILED = "policy-failed"
"""The reason noted when a policy raised instead of answering."""


@dataclass(frozen=True)
class Vote:
    """One policy's verdict."""

    policy: str
    verdict: Verdict


@dataclass(frozen=True)
class Screening:
    """What all policies together make of a submission. Nobody objecting means it is published."""

    votes: tuple[Vote, ...] = ()
    """Strictest first, then by the policy's name."""

    @property
    def ruling(self) -> Ruling:
        """The strictest ruling of all."""
        return max((vote.verdict.ruling for vote in self.votes), default=Ruling.ALLOW)

    @property
    def messages(self) -> tuple[str, ...]:
        """What the author has to be told, each sentence once."""
        return tuple(dict.fromkeys(vote.verdict.message for vote in self.votes if vote.verdict.message))


Screen = Callable[[Submission], Screening]
"""How a service asks for a verdict without knowing who gives it."""


def screen_with(host: PluginHost, reach: Reach) -> Screen:
    """A screen that asks every policy within ``reach``. One that raises counts as HOLD: a person decides."""

    def screen(submission: Submission) -> Screening:
        votes = []
        for answer in host.ask("lmssocial_screen_submission", reach, submission=submission):
            if isinstance(answer.value, Verdict):
                votes.append(Vote(answer.plugin, answer.value))
            else:
                votes.append(Vote(answer.plugin, _failed()))
        votes.sort(key=lambda vote: (-vote.verdict.ruling, vote.policy))
        return Screening(tuple(votes))

    return screen


def _failed() -> Verdict:
    return Verdict(
        ruling=Ruling.HOLD,
        reason=POLICY_FAILED,
        message=_("A check could not be made, so a moderator reads this first."),
    )
