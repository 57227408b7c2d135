"""Comparing: getting a pair, saying which is the better one, passing. Nothing here commits."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Gone, Invalid, NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.composing import handing_in
from lmssocial.social.composing.handing_in import HandedIn
from lmssocial.social.content.drafts import Writing
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.moderation.screening import Screen
from lmssocial.widgets.peer_rating import access, gates
from lmssocial.widgets.peer_rating.activities import (
    Running,
    extension_of,
    locked,
    look_again,
    running,
)
from lmssocial.widgets.peer_rating.events import PairCompared
from lmssocial.widgets.peer_rating.models import HANDED_IN, Author, Work
from lmssocial.widgets.peer_rating.pair_models import Comparison, ComparisonState
from lmssocial.widgets.peer_rating.pairs.choosing import next_pair, stands_first
from lmssocial.widgets.peer_rating.pairs.drafts import PairDraft
from lmssocial.widgets.peer_rating.pairs.holding import own_pair, require_open
from lmssocial.widgets.peer_rating.pairs.pool import pool_for
from lmssocial.widgets.peer_rating.settings import Mode

COMPARISON = "peer_rating.comparison"
"""The kind of contribution that says why."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How far somebody is with their comparisons."""

    asked: int
    done: int
    open_id: int | None
    """The pair they hold."""
    why_not: str
    """Why they get no pair now; empty if they may ask for one."""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """What became of a comparison that was sent."""

    id: int
    state: State
    messages: tuple[str, ...] = ()
    """What the policies tell its author."""


def standing(session: Session, actor: Actor, here: Running) -> Standing:
    """How far the actor is. Three queries."""
    compares = access.takes_part(actor)
    own = _own(session, actor, here.placement.id)
    live = _live(own, clock.now()) if compares else None
    done = sum(one.state is ComparisonState.SUBMITTED for one in own)
    return Standing(
        asked=here.settings.comparisons,
        done=done,
        open_id=live.id if live else None,
        why_not="" if live else _why_not(session, actor, here, done),
    )


def next_for(session: Session, actor: Actor, placement_id: int, *, more: bool = False) -> Comparison | None:
    """The pair the actor holds, or the next one; ``None`` if there is none left for them.

    :param more: whether they want to do more than they are asked for.
    :raises NotAllowed: if they compare nothing here now, in words that say why.
    """
    access.require_compares(actor)
    running(session, actor, placement_id)  # whose it is
    here, now = locked(session, placement_id), clock.now()
    own = _own(session, actor, placement_id)
    if (live := _live(own, now)) is not None:
        return live
    done = sum(one.state is ComparisonState.SUBMITTED for one in own)
    if why := _why_not(session, actor, here, 0 if more else done):
        raise NotAllowed(why, reason=f"user {actor.user_id} compares nothing at placement {placement_id}")
    pool = pool_for(session, actor, here, own)
    key = f"{here.activity.seed}:{actor.user_id}"
    pair = next_pair(pool.candidates, pool.had, key)
    if pair is None:
        return None
    comparison = pool.lapsed.get(pair) or Comparison(
        tenant_id=actor.tenant_id,
        community_id=actor.community_id,
        placement_id=placement_id,
        judge_id=actor.user_id,
        low_id=pair[0],
        high_id=pair[1],
        swapped=stands_first(key, pair) == pair[1],
    )
    comparison.state, comparison.offered_at = ComparisonState.OFFERED, now
    comparison.leased_until = now + timedelta(hours=here.settings.lease_hours)
    session.add(comparison)
    session.flush()
    look_again(here.activity)
    return comparison


def consider(
    session: Session, screen: Screen, actor: Actor, comparison: Comparison, draft: PairDraft
) -> HandedIn:
    """Let the policies look at the words before a transaction begins.

    :raises NotAllowed: if they compare nothing here.
    :raises Invalid: if something is missing, or a policy refuses the words.
    """
    access.require_compares(actor)
    here = running(session, actor, comparison.placement_id)
    return _understood(session, screen, actor, here, comparison, draft)


def compare(
    session: Session, screen: Screen, actor: Actor, placement_id: int, comparison_id: int, draft: PairDraft
) -> Compared:
    """Say which of two works is the better one. The same page sent twice is sent once.

    :raises NotAllowed: if they compare nothing here.
    :raises NotFound: if it is not theirs.
    :raises Gone: if it can not be sent any more.
    :raises Invalid: if something is missing, or a policy refuses the words.
    """
    access.require_compares(actor)
    own_pair(session, actor, placement_id, comparison_id)
    here = locked(session, placement_id)
    comparison = session.get_one(Comparison, comparison_id, populate_existing=True)
    if comparison.state is ComparisonState.SUBMITTED:
        return _sent_before(session, comparison, draft)
    require_open(session, actor, here, comparison)
    handed_in = _understood(session, screen, actor, here, comparison, draft)
    words = handing_in.store(session, actor, handed_in, placement_id)
    handing_in.settle(session, actor, words, handed_in, held=handed_in.held_because is not None)
    comparison.state, comparison.leased_until = ComparisonState.SUBMITTED, None
    comparison.better_id, comparison.contribution_id = draft.better_id, words.id
    comparison.answers = {str(index): work for index, work in sorted(draft.criteria.items())}
    comparison.submitted_at = clock.now()
    here.activity.scores_stale = True
    look_again(here.activity)
    _tell(session, actor, comparison)
    return Compared(id=comparison.id, state=words.state, messages=handed_in.screening.messages)


def _sent_before(session: Session, comparison: Comparison, draft: PairDraft) -> Compared:
    if draft.better_id != comparison.better_id:
        raise Gone(
            _("You have compared these two already, in another tab or on another device, and that stands."),
            reason=f"comparison {comparison.id} says otherwise",
        )
    words = session.get_one(Contribution, comparison.contribution_id)
    return Compared(id=comparison.id, state=words.state)


def expire_due(session: Session, here: Running, now: datetime) -> int:
    """End what is held beyond its time in a locked activity; how many that were. What was written stays a draft."""
    held = select(Comparison).where(
        Comparison.placement_id == here.placement.id,
        Comparison.state == ComparisonState.OFFERED,
        Comparison.leased_until <= now,
    )
    ended = session.scalars(held).all()
    for comparison in ended:
        comparison.state = ComparisonState.EXPIRED
    return len(ended)


def _understood(
    session: Session, screen: Screen, actor: Actor, here: Running, comparison: Comparison, draft: PairDraft
) -> HandedIn:
    two = {comparison.low_id, comparison.high_id}
    if draft.better_id not in two or not two >= set(draft.criteria.values()):
        raise Invalid(_("Say which of the two is the better one as a whole."))
    text, least = Writing(source=draft.words), here.settings.comment_least
    if len(draft.words.strip()) < max(1, least):
        raise Invalid(
            _("Say in %(least)d characters or more why: both authors learn from it.", least=max(1, least))
        )
    return handing_in.hand_in(screen, actor, COMPARISON, text, handing_in.files_in(session, actor, text))


def _own(session: Session, actor: Actor, placement_id: int) -> list[Comparison]:
    found = select(Comparison).where(
        Comparison.placement_id == placement_id, Comparison.judge_id == actor.user_id
    )
    return list(session.scalars(found.order_by(Comparison.id).execution_options(populate_existing=True)))


def _live(own: list[Comparison], now: datetime) -> Comparison | None:
    return next(
        (
            one
            for one in own
            if one.state is ComparisonState.OFFERED and one.leased_until and one.leased_until > now
        ),
        None,
    )


def _why_not(session: Session, actor: Actor, here: Running, done: int) -> str:
    settings = here.settings
    if settings.mode is not Mode.PAIRS or not access.takes_part(actor):
        return _("There is nothing to compare for you here.")
    extension = extension_of(session, here.placement.id, actor.user_id)
    if not gates.may_review(settings, here.phase, extension, clock.now()):
        return _("Comparing is not open now.")
    if settings.needs_own and not _has_handed_in(session, actor, here.placement.id):
        return _("Hand in your own work first.")
    if done >= settings.comparisons:
        return _("You have done all that was asked of you.")
    return ""


def _has_handed_in(session: Session, actor: Actor, placement_id: int) -> bool:
    found = (
        select(Work.id)
        .join(Author, Author.work_id == Work.id)
        .where(
            Author.placement_id == placement_id,
            Author.user_id == actor.user_id,
            Work.state.in_(HANDED_IN),
        )
    )
    return session.scalar(found.limit(1)) is not None


def _tell(session: Session, actor: Actor, comparison: Comparison) -> None:
    works = [comparison.low_id, comparison.high_id]
    authors = select(Author.user_id).where(Author.work_id.in_(works)).order_by(Author.user_id)
    activity.record(
        session,
        PairCompared(
            **actor.envelope,
            placement_id=comparison.placement_id,
            comparison_id=comparison.id,
            work_ids=works,
            author_ids=list(session.scalars(authors)),
        ),
    )
