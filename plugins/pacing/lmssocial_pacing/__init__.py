"""Slows down what no person does by hand: bursts, the same text again and again, instant replies, mention storms.

It knows the author's posts of the last hour and the post that is answered, stores nothing, and says when it will pass.
Only the author's own pace counts: nobody is held because a discussion is lively.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from math import ceil

from lmssocial.plugin import (
    Manifest,
    Need,
    RecentPost,
    Ruling,
    Span,
    Submission,
    Verdict,
    hookimpl,
    lazy_gettext,
)
from lmssocial.plugin import gettext as _
from lmssocial_pacing.likeness import Text
from lmssocial_pacing.mentions import mentions
from lmssocial_pacing.settings import Pacing, PacingForm

manifest = Manifest(
    name="pacing",
    title=lazy_gettext("Pacing"),
    summary=lazy_gettext("Holds bursts, repetitions, instant replies to newcomers and mention storms."),
    settings=Pacing,
    settings_form=PacingForm,
    needs=frozenset({Need.STANDING}),
    stores=lazy_gettext("Nothing. It reads the author's posts of the last hour."),
)

HOUR = 3600.0
INSTANT_WINDOW = 600.0
"""Seconds in which replies are counted before instant ones are held."""
SHORT = 40
"""Characters below which a text without a link is too short to be told from another: "Thank you, that helped me!"."""

MARKED = 100
"""Names that are marked for the author; more help nobody."""


@dataclass(frozen=True)
class Finding:
    """One thing that is too fast or too often."""

    reason: str
    message: str
    suggestion: str
    spans: tuple[Span, ...] = ()


@hookimpl
def lmssocial_screen_submission(submission: Submission, settings: Pacing) -> Verdict | None:
    """Hold what comes too fast or too often; say everything at once, and when it will pass."""
    if submission.author_role in settings.trusted_roles or submission.author_offices:
        return None
    before, age = posts_before(submission)
    findings = [
        *_burst(before, settings),
        *_repeated(submission, before, settings),
        *_instant(submission, before, age, settings),
        *_storm(submission, settings),
    ]
    if not findings:
        return None
    return Verdict(
        ruling=Ruling.HOLD,
        reason=findings[0].reason,
        message=" ".join(found.message for found in findings),
        rule=settings.rule,
        spans=tuple(span for found in findings for span in found.spans),
        suggestion=" ".join(found.suggestion for found in findings),
    )


def posts_before(submission: Submission) -> tuple[tuple[RecentPost, ...], float]:
    """What the author posted in the last hour before this, newest first, and how many seconds ago this was posted.

    An edit is judged by the time of the post it changes, so that changing a held post does not release it, and
    mending an old one costs nothing; a post older than the list has nothing before it.
    """
    recent = submission.standing.recent if submission.standing is not None else ()
    if not submission.is_edit:
        return recent, 0.0
    place = next((n for n, post in enumerate(recent) if post.source == submission.previous), None)
    if place is None:
        return (), 0.0
    return recent[place + 1 :], recent[place].seconds_ago


def _burst(before: tuple[RecentPost, ...], settings: Pacing) -> Iterator[Finding]:
    """So many posts within so many minutes; it passes when the oldest of them is that old."""
    window = settings.burst_minutes * 60.0
    if not settings.burst_posts or len(before) < settings.burst_posts:
        return
    oldest = before[settings.burst_posts - 1].seconds_ago
    if oldest < window:
        yield Finding(
            "burst",
            _(
                "You have posted more in a short time than appears at once here (%(posts)d in %(minutes)d min), so "
                "a moderator reads this one before others see it.",
                posts=settings.burst_posts,
                minutes=settings.burst_minutes,
            ),
            passes_in(window - oldest),
        )


def _repeated(submission: Submission, before: tuple[RecentPost, ...], settings: Pacing) -> Iterator[Finding]:
    """The same text so often within an hour; it passes when the oldest of them is an hour old."""
    source = submission.source
    linked = "://" in source or bool(submission.links)
    if not settings.repeats or len(before) < settings.repeats or (len(source) < SHORT and not linked):
        return
    text, share = Text(source), settings.likeness / 100
    same = (
        post.seconds_ago
        for post in before
        if post.seconds_ago < HOUR and text.is_like(Text(post.source), share)
    )
    oldest = next(islice(same, settings.repeats - 1, None), None)
    if oldest is not None:
        yield Finding(
            "repeated",
            _(
                "You have posted almost the same text before, so a moderator reads this one before others see it."
            ),
            " ".join(
                [
                    _("Write what belongs here, and link to your other post instead of repeating it."),
                    passes_in(HOUR - oldest),
                ]
            ),
        )


def _instant(
    submission: Submission, before: tuple[RecentPost, ...], age: float, settings: Pacing
) -> Iterator[Finding]:
    """A reply to a newcomer within seconds, by somebody who has just replied several times."""
    answered = submission.reply_to
    if answered is None or not settings.instant_seconds or answered.author_id == submission.author_id:
        return
    is_newcomer = (
        answered.author_published <= settings.newcomer_posts
        and answered.author_role not in settings.trusted_roles
    )
    took = answered.seconds_since - age
    if not is_newcomer or took >= settings.instant_seconds:
        return
    replies = sum(post.kind.endswith(".reply") and post.seconds_ago - age < INSTANT_WINDOW for post in before)
    if replies >= settings.instant_replies:
        yield Finding(
            "instant-replies",
            _(
                "You answered a newcomer within seconds, after several other replies, so a moderator reads this "
                "before others see it."
            ),
            _(
                "Replies that come more than %(seconds)d seconds after the post they answer appear at once.",
                seconds=settings.instant_seconds,
            ),
        )


def _storm(submission: Submission, settings: Pacing) -> Iterator[Finding]:
    """More people named than one post may name."""
    if not settings.mentions:
        return
    named = mentions(submission.source)
    if len(named) > settings.mentions:
        yield Finding(
            "mention-storm",
            _(
                "This post names many people with @ (%(people)d). A moderator reads such posts before others see them.",
                people=len(named),
            ),
            _("It appears at once if it names no more than %(most)d.", most=settings.mentions),
            tuple(named.values())[:MARKED],
        )


def passes_in(seconds: float) -> str:
    """When it will pass, as a sentence; rounded up, so that it is true."""
    minutes = max(1, ceil(seconds / 60))
    if minutes == 1:
        return _("It appears at once if you send it again in one minute.")
    return _("It appears at once if you send it again in %(minutes)d minutes.", minutes=minutes)
