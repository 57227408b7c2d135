"""Keeping what a reviewer writes, handing it in, going on with it, passing it on. Nothing here commits."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.core.hooks import Moment
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Gone, Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.kernel.words import ngettext
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.composing import handing_in
from lmssocial.social.composing.handing_in import HandedIn
from lmssocial.social.content.drafts import Writing
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.moderation.screening import Screen
from lmssocial.widgets.peer_rating.activities import look_again
from lmssocial.widgets.peer_rating.allocating import counting, leases
from lmssocial.widgets.peer_rating.events import ReviewDeclined, ReviewEvent, ReviewRevised, ReviewSubmitted
from lmssocial.widgets.peer_rating.models import OPEN, ReviewState, Source
from lmssocial.widgets.peer_rating.reviews import access, answers
from lmssocial.widgets.peer_rating.reviews.access import Held
from lmssocial.widgets.peer_rating.reviews.answers import Answers, Missing, ReviewDraft
from lmssocial.widgets.peer_rating.reviews.stages import WRITABLE, Stage

REVIEW = "peer_rating.review"
"""The kind of contribution a review is."""


class Because(StrEnum):
    """Why somebody passes a review on."""

    CONFLICT = "conflict"
    CANNOT_ASSESS = "cannot-assess"
    TECHNICAL = "technical"


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What became of a review that was sent."""

    review_id: int
    state: State
    """Of its words."""
    messages: tuple[str, ...] = ()
    """What policies said beside it."""
    changed: bool = True
    """``False``: the same was sent before."""


def save(session: Session, actor: Actor, placement_id: int, review_id: int, draft: ReviewDraft) -> bool:
    """Keep what the actor has written so far, and the work for them. Says whether it was kept: no other page is ahead.

    What is changed about a review that was submitted is kept beside it until it is sent: others read what was sent.

    :raises NotFound: if it is not theirs.
    :raises Gone: if nothing can be written there any more.
    """
    one = access.held(session, actor, placement_id, review_id, lock=True)
    require_writable(one)
    review = one.review
    if answers.is_overtaken(review.answers, review.sequence, draft):
        return False
    now = clock.now()
    review.seconds += answers.seconds_between(review.answers, draft.opened_at, now)
    written = draft.answers.as_json()
    if review.state is ReviewState.SUBMITTED:
        written = {**review.answers, "change": written}
    review.answers = answers.stamped(written, draft, now)
    review.sequence = max(draft.sequence, review.sequence + 1)
    review.started_at = review.started_at or now
    if review.state is ReviewState.OFFERED:
        counting.settle(session, one.work, review, ReviewState.STARTED)
    if review.state in OPEN:
        leases.renew(review, one.running.settings, now)
    session.flush()
    return True


def consider(
    session: Session, screen: Screen, actor: Actor, placement_id: int, review_id: int, draft: ReviewDraft
) -> HandedIn:
    """Let the policies look at a review before a transaction begins.

    :raises NotFound: if it is not theirs.
    :raises Invalid: if something is missing, or a policy refuses it.
    :raises Gone: if it can not be sent any more.
    """
    return _understood(session, screen, actor, access.held(session, actor, placement_id, review_id), draft)


def submit(
    session: Session, screen: Screen, actor: Actor, placement_id: int, review_id: int, draft: ReviewDraft
) -> Sent:
    """Hand a review in, or change one that was. The same page sent twice is sent once.

    :raises NotFound: if it is not theirs.
    :raises Invalid: if something is missing, or a policy refuses it.
    :raises Conflict: if it was written in another tab since this page was made.
    :raises Gone: if it can not be sent any more.
    """
    one = access.held(session, actor, placement_id, review_id, lock=True)
    review = one.review
    words = _words(session, one)
    sent_before = review.state is ReviewState.SUBMITTED
    if sent_before and words is not None and Answers.read(review.answers) == _plain(draft.answers):
        review.answers = {name: value for name, value in review.answers.items() if name != "change"}
        return Sent(review_id=review.id, state=words.state, changed=False)
    handed_in = _understood(session, screen, actor, one, draft)
    if answers.is_overtaken(review.answers, review.sequence, draft):
        raise Conflict(
            _(
                "You wrote in this review in another tab or on another device after you opened this page, so nothing "
                "was sent. Compare the two below; send this one if it shall stand."
            ),
            reason=f"review {review.id} is at {review.sequence}, this page began at {draft.seen}",
        )
    because = handed_in.held_because
    if words is None:
        words = handing_in.store(session, actor, handed_in, placement_id)
    else:
        because = _reworded(session, actor, words, handed_in)
    handing_in.settle(session, actor, words, handed_in, held=because is not None)
    _settle(session, one, draft, words)
    _tell(session, actor, one, ReviewRevised if sent_before else ReviewSubmitted)
    return Sent(review_id=review.id, state=words.state, messages=because or handed_in.screening.messages)


def _plain(written: Answers) -> Answers:
    """As it would be found again."""
    return Answers.read(written.as_json())


def _words(session: Session, one: Held) -> Contribution | None:
    if one.review.contribution_id is None:
        return None
    return session.get_one(Contribution, one.review.contribution_id)


def _understood(session: Session, screen: Screen, actor: Actor, one: Held, draft: ReviewDraft) -> HandedIn:
    require_writable(one)
    lacks = answers.missing(one.rubric, draft.answers, one.running.settings.comment_least)
    if lacks:
        raise Invalid(_lacking(lacks))
    text = Writing(source=answers.composed(one.rubric, draft.answers))
    files = handing_in.files_in(session, actor, text)
    before = _words(session, one)
    if before is None:
        return handing_in.hand_in(screen, actor, REVIEW, text, files)
    return handing_in.hand_in(screen, actor, REVIEW, text, files, moment=Moment.EDIT, previous=before.source)


def _lacking(lacks: Missing) -> str:
    """What a review needs before it can be sent, in a sentence."""
    if lacks.levels:
        return _("Choose a level for every criterion.")
    return ngettext(
        "Say more: at least one more character. The author learns from your words, not from the levels.",
        "Say more: at least %(num)s more characters. The author learns from your words, not from the levels.",
        lacks.characters,
    )


def _reworded(
    session: Session, actor: Actor, words: Contribution, handed_in: HandedIn
) -> tuple[str, ...] | None:
    """Give a review another wording; the sentences that say why it has to wait, if it has to."""
    if handed_in.text.source == words.source and words.state is not State.HELD:
        return None  # only levels were changed
    reported = _("This review was reported, so a moderator reads the new wording first.")
    return handing_in.reword(session, actor, words, handed_in, seen=words.version, reported=reported)


def _settle(session: Session, one: Held, draft: ReviewDraft, words: Contribution) -> None:
    now, review = clock.now(), one.review
    seconds = review.seconds + answers.seconds_between(review.answers, draft.opened_at, now)
    counting.settle(
        session,
        one.work,
        review,
        ReviewState.SUBMITTED,
        answers=answers.stamped(draft.answers.as_json(), draft, now),
        sequence=review.sequence + 1,
        points=answers.points(one.rubric, draft.answers),
        contribution_id=words.id,
        leased_until=None,
        started_at=review.started_at or now,
        submitted_at=review.submitted_at or now,
        seconds=seconds,
    )
    look_again(one.running.activity)


def _tell(
    session: Session, actor: Actor, one: Held, kind: type[ReviewSubmitted] | type[ReviewRevised]
) -> None:
    authors = list(access.authors_of(session, one.work.id))
    if kind is ReviewSubmitted:
        more = {"author_ids": authors, "source": one.review.source.value}
    else:
        more = {"author_ids": authors}
    _record(session, actor, one, kind, **more)


def resume(session: Session, actor: Actor, placement_id: int, review_id: int) -> None:
    """Go on with a review whose time ran out; what was written is there.

    :raises NotFound: if it is not theirs.
    :raises Gone: if nothing can be written there any more.
    """
    one = access.held(session, actor, placement_id, review_id, lock=True)
    require_writable(one)
    if one.stage is not Stage.LAPSED:
        return
    review = one.review
    state = ReviewState.STARTED if review.started_at else ReviewState.OFFERED
    leased_until = None
    if review.source is Source.PULL:
        leased_until = leases.until(one.running.settings, clock.now())
    counting.settle(session, one.work, review, state, leased_until=leased_until)
    look_again(one.running.activity)


def decline(
    session: Session, actor: Actor, placement_id: int, review_id: int, because: Because, note: str
) -> bool:
    """Pass a review on; the work goes to somebody else. Says whether it was theirs to pass on.

    :param note: what they say about it; staff read it.
    :raises NotFound: if it is not theirs.
    """
    one = access.held(session, actor, placement_id, review_id, lock=True)
    if one.review.state not in {*OPEN, ReviewState.EXPIRED}:
        return False
    counting.settle(
        session,
        one.work,
        one.review,
        ReviewState.DECLINED,
        declined_because=because.value,
        note=note,
        leased_until=None,
    )
    look_again(one.running.activity)
    _record(session, actor, one, ReviewDeclined, because=because.value)
    return True


def require_writable(one: Held) -> None:
    """Go on only while something can be written.

    :raises Gone: with the sentence that says why not.
    """
    if one.stage in WRITABLE:
        return
    raise Gone(why_not(one.stage), reason=f"review {one.review.id} is {one.review.state}")


def why_not(stage: Stage) -> str:
    """Why nothing can be written in a review at ``stage``."""
    return {
        Stage.DONE: _("The date for reviews has passed, so your review stays as it is."),
        Stage.OVER: _(
            "The date for reviews has passed, so this one can not be sent any more. If you need more time, ask your "
            "instructor: they can extend it for you, and what you wrote is still here."
        ),
        Stage.PASSED_ON: _("You passed this work on, and somebody else reviews it."),
        Stage.TAKEN_BACK: _("This work is not there to be reviewed any more, so your review is not needed."),
        Stage.VOIDED: _("Your instructors took this review out of the count, so it can not be changed."),
    }[stage]


def _record(session: Session, actor: Actor, one: Held, kind: type[ReviewEvent], **more: object) -> None:
    activity.record(
        session,
        kind(
            **actor.envelope,
            placement_id=one.review.placement_id,
            review_id=one.review.id,
            work_id=one.work.id,
            reviewer_id=one.review.reviewer_id,
            **more,  # type: ignore[arg-type]
        ),
    )
