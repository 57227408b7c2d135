"""What somebody owes, and whether they can be given something now. Nothing here writes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from lmssocial.core.hooks.rating import Rater
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.kernel.words import ngettext
from lmssocial.social.communities.models import Community
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.peer_rating import gates
from lmssocial.widgets.peer_rating.access import counts
from lmssocial.widgets.peer_rating.activities import Running, extension_of
from lmssocial.widgets.peer_rating.allocating import pools
from lmssocial.widgets.peer_rating.allocating.counting import NOT_PEERS
from lmssocial.widgets.peer_rating.example_models import Example, Try
from lmssocial.widgets.peer_rating.models import (
    HANDED_IN,
    OPEN,
    Author,
    Extension,
    Phase,
    Review,
    ReviewState,
    Work,
    WorkState,
)
from lmssocial.widgets.peer_rating.settings import Calibration, Mode


@dataclass(frozen=True, kw_only=True)
class Owes:
    """How far somebody's reviewing is."""

    asked: int
    """How many reviews are asked of them."""
    done: int
    """How many of theirs count."""
    open: tuple[int, ...] = ()
    """Ids of reviews that they hold, the oldest first."""
    next_possible: bool = False
    """Whether they can be given one that they owe."""
    why_not: str = ""
    """Why they cannot, in a sentence or two; empty if they can, or hold one."""
    come_back: datetime | None = None
    """When that may be different, if a date says so."""
    more_possible: bool = False
    """Whether they can be given one more than was asked, if they like."""


@dataclass(frozen=True, kw_only=True)
class Mine:
    """Somebody's own part in an activity: what was given to them so far, and what stands before the next."""

    reviews: tuple[Review, ...]
    """As one of the peers, oldest first."""
    readable: frozenset[int]
    """Ids of works among these that may still be read and reviewed."""
    has_own: bool
    untried: int
    """Examples that must be tried first."""
    extension: Extension | None
    besides: frozenset[int] = frozenset()
    """Ids of works that they review, but not as one of the peers: experts may be learners, too."""

    @property
    def done(self) -> int:
        """How many count."""
        return sum(counts(review) for review in self.reviews)

    @property
    def open(self) -> tuple[Review, ...]:
        """What they hold."""
        return tuple(one for one in self.reviews if one.state in OPEN and one.work_id in self.readable)

    @property
    def begun(self) -> frozenset[int]:
        """Ids of works that they wrote about before the time was over."""
        return frozenset(
            one.work_id for one in self.reviews if one.state is ReviewState.EXPIRED and one.started_at
        )

    def rater(self, user_id: int, around: pools.Around, asked: int) -> Rater:
        """The person as an allocator sees them."""
        return Rater(
            id=user_id,
            groups=around.groups,
            asked=asked,
            had=self.besides
            | frozenset(one.work_id for one in self.reviews if one.state in pools.NEVER_AGAIN),
            avoids=around.avoids,
            reviewed_by=around.reviewed_by,
            met=around.met,
        )


def mine(session: Session, running: Running, user_id: int) -> Mine:
    """Read somebody's part. Three queries, and one more where examples are required."""
    placement_id = running.placement.id
    rows = session.execute(
        select(Review, Work.state, Contribution.state)
        .join(Work, Work.id == Review.work_id)
        .join(Contribution, Contribution.id == Work.contribution_id)
        .where(
            Review.placement_id == placement_id,
            Review.reviewer_id == user_id,
        )
        .order_by(Review.offered_at, Review.id)
        .execution_options(populate_existing=True)
    ).all()
    has_own = session.scalar(
        select(
            exists().where(
                Author.placement_id == placement_id,
                Author.user_id == user_id,
                Work.id == Author.work_id,
                Work.state.in_(HANDED_IN),
            )
        )
    )
    return Mine(
        reviews=tuple(row[0] for row in rows if row[0].source not in NOT_PEERS),
        besides=frozenset(
            row[0].work_id for row in rows if row[0].source in NOT_PEERS and row[0].state in pools.NEVER_AGAIN
        ),
        readable=frozenset(
            row[0].work_id for row in rows if row[1] is WorkState.SUBMITTED and row[2] is State.PUBLISHED
        ),
        has_own=bool(has_own),
        untried=_untried(session, running, user_id),
        extension=extension_of(session, placement_id, user_id),
    )


def _untried(session: Session, running: Running, user_id: int) -> int:
    if running.settings.calibration is not Calibration.REQUIRED:
        return 0
    tried = exists().where(Try.example_id == Example.id, Try.user_id == user_id)
    found = session.scalar(
        select(func.count())
        .select_from(Example)
        .join(Contribution, Contribution.id == Example.contribution_id)
        .where(
            Example.placement_id == running.placement.id,
            Example.retired_at.is_(None),
            Contribution.state == State.PUBLISHED,  # nobody waits for what nobody can read
            ~tried,
        )
    )
    return found or 0


def standing(session: Session, running: Running, user_id: int) -> Owes:
    """What somebody owes, and whether they can be given something now. As many queries however many works there are."""
    own = mine(session, running, user_id)
    asked = running.settings.asked
    refusal = obstacle(running, own, clock.now())
    found = False
    if not refusal:
        course_id = session.get_one(Community, running.activity.community_id).course_id or 0
        rater = own.rater(user_id, pools.around(session, running, user_id), asked)
        found = bool(pools.narrow(session, running, course_id, rater).works)
        refusal = "" if found else _nothing_there(own.reviews)
    finished = own.done + len(own.open) >= asked
    if found and finished:
        refusal = _("You have done all the reviews that were asked of you. Thank you.")
    return Owes(
        asked=asked,
        done=own.done,
        open=tuple(review.id for review in own.open),
        next_possible=found and not finished,
        why_not="" if own.open else refusal,
        come_back=_come_back(running) if refusal else None,
        more_possible=found and finished and not own.open,
    )


def obstacle(running: Running, own: Mine, now: datetime) -> str:
    """Why somebody cannot be given anything to review now, whatever there is; empty if nothing stands in the way."""
    settings = running.settings
    if settings.mode is not Mode.RUBRIC:
        return _("Works are compared in pairs here.")
    if not gates.may_review(settings, running.phase, own.extension, now):
        return _not_now(running.phase)
    if settings.needs_own and not own.has_own:
        if gates.may_hand_in(settings, running.phase, own.extension, now):
            return _("Hand in your own work first. Then you can review that of others.")
        return _("Only those who have handed in review the work of others.")
    if own.untried:
        return ngettext(
            "Try the example first. Then you can review the work of others.",
            "Try the %(num)d examples first. Then you can review the work of others.",
            own.untried,
        )
    return ""


def _come_back(running: Running) -> datetime | None:
    """When reviewing begins, if it has not."""
    waits = running.phase is Phase.SUBMIT and not running.settings.rolling
    return running.settings.submit_due_at if waits else None


def _not_now(phase: Phase) -> str:
    if phase in {Phase.DRAFT, Phase.PUBLISHED}:
        return _("This activity has not begun yet.")
    if phase is Phase.SUBMIT:
        return _("Reviewing begins when the time for handing in is over.")
    if phase is Phase.CANCELLED:
        return _("This activity was called off.")
    return _("The time for reviews is over.")


def _nothing_there(reviews: Collection[Review]) -> str:
    if reviews:
        return _(
            "There is nothing more for you to review at the moment. Look again when others have handed in."
        )
    return _("Nobody else has handed in anything that you could review yet. Look again later.")
