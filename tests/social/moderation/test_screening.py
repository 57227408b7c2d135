"""One verdict out of many: capped, strictest wins, failures follow the tier, shadows count for nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from lmssocial.core.hooks import Answer, Moment, Reach, ReplyTo, Ruling, Span, Stance, Submission, Verdict
from lmssocial.social.communities.models import Tier
from lmssocial.social.moderation.screening import POLICY_FAILED, Circle, Screening, screen_with
from tests.social.moderation.conftest import hold

SUBMISSION = Submission(
    kind="shelf.book",
    tenant_id=1,
    community_id=1,
    author_id=1,
    author_role="learner",
    title="",
    source="words",
    text="words",
)


def said(policy: str, ruling: Ruling, message: str = "", **more: Any) -> Answer:
    """What a policy answers."""
    return Answer(policy, Verdict(ruling=ruling, reason="r", message=message or policy, **more))


def failed(policy: str) -> Answer:
    """A policy that raised."""
    return Answer(policy, error=ValueError("no"))


def screened(
    *answers: Answer,
    tier: Tier = Tier.REVIEWED,
    stances: Mapping[str, Stance] | None = None,
    absent: Iterable[str] = (),
    submission: Submission = SUBMISSION,
) -> Screening:
    """What these answers come to, from policies that are enforced unless ``stances`` says otherwise."""
    names = tuple(answer.plugin for answer in answers)
    stances = dict.fromkeys((*names, *absent), Stance.ENFORCE) | dict(stances or {})
    circle = Circle(Reach(frozenset(names), {}, stances, frozenset(absent)), tier, names)

    def ask(_hook: str, wanted: Sequence[str], _facts: Mapping[str, Any]) -> list[Answer]:
        return [answer for answer in answers if answer.plugin in wanted]

    return screen_with(ask, circle, lambda same: same)(submission)


def test_without_a_policy_everything_is_published() -> None:
    assert screened() == Screening()
    assert Screening().ruling is Ruling.ALLOW
    assert Screening().messages == ()


def test_the_strictest_ruling_wins_and_its_sentence_comes_first() -> None:
    screening = screened(said("mild", Ruling.ANNOTATE), said("strict", Ruling.HOLD))

    assert screening.ruling is Ruling.HOLD
    assert [vote.policy for vote in screening.votes] == ["strict", "mild"]
    assert screening.messages == ("strict", "mild")


def test_the_author_hears_every_reason_even_where_the_tier_lets_it_pass() -> None:
    screening = screened(said("strict", Ruling.HOLD), tier=Tier.OPEN)

    assert screening.ruling is Ruling.ANNOTATE
    assert screening.messages == ("strict",)
    assert screening.votes[0].verdict.ruling is Ruling.HOLD


def test_the_order_of_answers_does_not_matter() -> None:
    answers = [said("a", Ruling.HOLD), said("b", Ruling.ANNOTATE), said("c", Ruling.HOLD), failed("d")]

    assert screened(*answers).votes == screened(*reversed(answers)).votes


def test_a_shadow_is_noted_and_counts_for_nothing() -> None:
    screening = screened(said("strict", Ruling.HOLD), stances={"strict": Stance.SHADOW})

    assert (screening.ruling, screening.messages) == (Ruling.ALLOW, ())
    assert [(vote.policy, vote.ruling) for vote in screening.shadows] == [("strict", Ruling.ALLOW)]


def test_advice_is_said_and_stops_nothing() -> None:
    screening = screened(said("strict", Ruling.HOLD), stances={"strict": Stance.ADVISE})

    assert (screening.ruling, screening.messages) == (Ruling.ANNOTATE, ("strict",))


@pytest.mark.parametrize("tier", [Tier.OPEN, Tier.REVIEWED])
def test_a_failing_policy_publishes_and_lets_somebody_look_later(tier: Tier) -> None:
    screening = screened(failed("broken"), tier=tier)

    assert screening.ruling is Ruling.ANNOTATE
    assert screening.look_later
    assert screening.votes[0].verdict.reason == POLICY_FAILED
    assert screening.messages == ("A check could not be made, so a moderator looks at this later.",)


def test_in_assured_a_failing_policy_holds() -> None:
    screening = screened(failed("broken"), tier=Tier.ASSURED)

    assert (screening.ruling, screening.look_later) == (Ruling.HOLD, False)
    assert screening.messages == ("A check could not be made, so a moderator reads this first.",)


@pytest.mark.parametrize("tier", list(Tier))
def test_a_policy_that_is_gone_fails_like_one_that_raises(tier: Tier) -> None:
    gone, raising = screened(absent=["gone"], tier=tier), screened(failed("gone"), tier=tier)

    assert (gone.votes, gone.look_later) == (raising.votes, raising.look_later)
    assert gone.failures == (), "what was never asked did not fail once more"
    assert len(raising.failures) == 1


def test_a_policy_in_shadow_may_fail_without_anybody_noticing() -> None:
    screening = screened(failed("broken"), tier=Tier.ASSURED, stances={"broken": Stance.SHADOW})

    assert (screening.ruling, screening.votes, screening.look_later) == (Ruling.ALLOW, (), False)
    assert [one.plugin for one in screening.failures] == ["broken"]


def test_an_answer_that_is_no_verdict_is_a_failure() -> None:
    assert screened(Answer("odd", "hold"), tier=Tier.ASSURED).ruling is Ruling.HOLD


def test_a_failing_policy_does_not_soften_a_strict_one() -> None:
    assert screened(failed("broken"), said("strict", Ruling.HOLD)).ruling is Ruling.HOLD


def test_a_failure_is_not_held_against_somebody_who_is_still_writing() -> None:
    drafting = replace(SUBMISSION, moment=Moment.DRAFT)
    screening = screened(failed("broken"), tier=Tier.ASSURED, submission=drafting)

    assert (screening.votes, screening.look_later) == ((), False)


def test_redactions_of_several_policies_unite() -> None:
    screening = screened(
        said("mail", Ruling.REDACT, spans=(Span(4, 9), Span(0, 2))),
        said("phone", Ruling.REDACT, spans=(Span(4, 9),)),
        said("mild", Ruling.ANNOTATE, spans=(Span(10, 12),)),
    )

    assert screening.ruling is Ruling.REDACT
    assert screening.redactions == (Span(0, 2), Span(4, 9))


def test_the_most_approvals_that_a_policy_wants_are_needed() -> None:
    screening = screened(said("one", Ruling.HOLD), said("two", Ruling.HOLD, approvals=2))

    assert screening.approvals == 2
    assert screened(said("two", Ruling.HOLD, approvals=2), tier=Tier.OPEN).approvals == 1


def test_the_same_sentence_is_said_once_and_silence_not_at_all() -> None:
    screening = Screening((hold("a", "Wait."), hold("b", "Wait."), hold("c", ""), hold("d", "Really.")))

    assert screening.messages == ("Wait.", "Really.")


def test_the_same_submission_is_asked_about_once() -> None:
    asked: list[Submission] = []

    def ask(_hook: str, _names: Sequence[str], facts: Mapping[str, Any]) -> list[Answer]:
        asked.append(facts["submission"])
        return [said("strict", Ruling.HOLD)]

    circle = Circle(Reach(frozenset({"strict"}), {}, {"strict": Stance.ENFORCE}), Tier.REVIEWED, ("strict",))
    screen = screen_with(ask, circle, lambda same: same)
    now = ReplyTo(author_id=2, author_role="learner", seconds_since=1.0)
    first = screen(replace(SUBMISSION, reply_to=now))
    again = screen(replace(SUBMISSION, reply_to=replace(now, seconds_since=2.0)))
    screen(replace(SUBMISSION, source="other words"))

    assert first is again
    assert len(asked) == 2
