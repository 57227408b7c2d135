"""Introducing two people, what they say to that, and what they say to each other. Nothing here commits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from lmssocial.core import activity as log
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.communities.models import Community
from lmssocial.social.composing import handing_in
from lmssocial.social.composing.handing_in import HandedIn
from lmssocial.social.content import unsent, writing
from lmssocial.social.content.drafts import Writing
from lmssocial.social.content.models import State as Visible
from lmssocial.social.engagement import sentences
from lmssocial.social.moderation.screening import Screen
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.drafting.targets import For, target
from lmssocial.widgets.experts.introducing import finding, rules
from lmssocial.widgets.experts.introducing.rules import Standing
from lmssocial.widgets.experts.models import Introduction, Message
from lmssocial.widgets.experts.people_events import (
    IntroductionEnded,
    IntroductionEvent,
    IntroductionMade,
    IntroductionMet,
    IntroductionWritten,
)

WHY, MESSAGE = "experts.introduction", "experts.message"
"""What policies call the sentence of an introduction, and what the two write to each other."""


@dataclass(frozen=True, kw_only=True)
class IntroductionDraft:
    """Whom to bring together, and why."""

    first_id: int
    second_id: int
    why: str


class Picked(Invalid):
    """The two cannot be brought together as they were chosen."""


def consider(screen: Screen, actor: Actor, draft: IntroductionDraft) -> str:
    """Why two are brought together, as they read it; the policies look at it before a transaction begins.

    :raises NotAllowed: if the actor is a test user of the LMS.
    :raises Invalid: if a policy does not let the sentence be read, or there is none.
    """
    access.require_asks(actor)
    return sentences.fit(screen, actor, WHY, draft.why)


def introduce(
    session: Session, screen: Screen, actor: Actor, placement_id: int, draft: IntroductionDraft
) -> Introduction:
    """Bring two other people of the course together; both are asked whether they want to.

    :param placement_id: under which they are told of it.
    :raises NotAllowed: if the actor is a test user of the LMS.
    :raises Picked: if the two are the same, not there, the actor themself, or were brought together not long ago.
    :raises Conflict: if they brought together enough people today.
    :raises Invalid: if a policy does not let the sentence be read, or there is none.
    """
    access.require_asks(actor)
    # two tabs at once: the second waits here and counts what the first made
    session.execute(select(User.id).where(User.id == actor.user_id).with_for_update(key_share=True))
    _require_pair(session, actor, draft)
    _require_few(session, actor)
    why = consider(screen, actor, draft)
    introduction = Introduction(
        tenant_id=actor.tenant_id,
        community_id=actor.community_id,
        placement_id=placement_id,
        by_id=actor.user_id,
        first_id=draft.first_id,
        second_id=draft.second_id,
        why=why,
        made_at=clock.now(),
    )
    session.add(introduction)
    session.flush()
    _tell(session, introduction, IntroductionMade, actor.envelope)
    return introduction


def respond(session: Session, actor: Actor, introduction_id: int, *, wants: bool) -> Introduction:
    """One of the two says whether they want to. Nobody else can tell what, until both said yes.

    :raises NotFound: if it is not about the actor.
    :raises Conflict: if it is over, or they met already.
    """
    access.require_asks(actor)
    introduction = finding.own(session, actor, introduction_id, lock=True)
    if rules.standing_of(introduction, clock.now()) is not Standing.WAITS:
        raise Conflict(_("This introduction is over, so nothing has changed."))
    if actor.user_id == introduction.first_id:
        introduction.first_says = wants
    else:
        introduction.second_says = wants
    if introduction.first_says and introduction.second_says:
        introduction.met_at = clock.now()
        session.flush()
        _tell(session, introduction, IntroductionMet, actor.envelope)
    return introduction


def consider_message(
    session: Session, screen: Screen, actor: Actor, introduction_id: int, text: Writing
) -> None:
    """Let the policies look at a message before a transaction begins.

    :raises NotFound: if it is not about the actor.
    :raises Conflict: if the two have not met.
    :raises Rejected: if a policy refuses it outright.
    """
    access.require_asks(actor)
    _require_met(finding.own(session, actor, introduction_id))
    if writing.sent_before(session, actor, text) is None:
        _understood(session, screen, actor, text)


def say(session: Session, screen: Screen, actor: Actor, introduction_id: int, text: Writing) -> Visible:
    """Write to the other, once both have said yes; gives the state of the words. The same form sent twice says it once.

    :raises NotFound: if it is not about the actor.
    :raises Conflict: if the two have not met.
    :raises Rejected: if a policy refuses it outright.
    """
    access.require_asks(actor)
    introduction = finding.own(session, actor, introduction_id)
    _require_met(introduction)
    if (earlier := writing.sent_before(session, actor, text)) is not None:
        return earlier.state
    handed_in = _understood(session, screen, actor, text)
    words = handing_in.store(session, actor, handed_in, introduction.placement_id)
    session.add(Message(contribution_id=words.id, introduction_id=introduction.id, author_id=actor.user_id))
    session.flush()
    held = handed_in.held_because is not None
    handing_in.settle(session, actor, words, handed_in, held=held)
    unsent.discard_draft(session, actor, target(For.INTRODUCTION, introduction.id))
    if not held:
        _tell(session, introduction, IntroductionWritten, actor.envelope, message_id=words.id)
    return words.state


def end(session: Session, introduction_id: int) -> None:
    """Its time is over and the two have not met: it came to nothing, and nobody is told why."""
    introduction = session.get_one(
        Introduction, introduction_id, with_for_update=True, populate_existing=True
    )
    if introduction.met_at is not None or introduction.ended_at is not None:
        return
    if clock.now() < introduction.made_at + rules.LASTS:
        return
    introduction.ended_at = clock.now()
    session.flush()
    community = session.get_one(Community, introduction.community_id)
    by_clock = {
        "tenant_id": introduction.tenant_id,
        "course_id": community.course_id,
        "community_id": introduction.community_id,
        "actor_id": None,
        "actor_role": "",
    }
    _tell(session, introduction, IntroductionEnded, by_clock)


def _understood(session: Session, screen: Screen, actor: Actor, text: Writing) -> HandedIn:
    return handing_in.hand_in(screen, actor, MESSAGE, text, handing_in.files_in(session, actor, text))


def _require_met(introduction: Introduction) -> None:
    if introduction.met_at is None:
        raise Conflict(_("You can write to each other once both of you have said yes."))


def _require_pair(session: Session, actor: Actor, draft: IntroductionDraft) -> None:
    pair = (draft.first_id, draft.second_id)
    if actor.user_id in pair:
        raise Picked(_("You bring two others together. To meet somebody yourself, ask them a question."))
    if draft.first_id == draft.second_id:
        raise Picked(_("Choose two different people."))
    if len(finding.named(session, actor, pair)) != len(pair):
        raise Picked(_("One of the two is not in this course any more. Choose somebody else."))
    since = clock.now() - rules.AGAIN
    statement = select(Introduction.id).where(
        Introduction.community_id == actor.community_id,
        Introduction.made_at > since,
        or_(
            and_(Introduction.first_id == pair[0], Introduction.second_id == pair[1]),
            and_(Introduction.first_id == pair[1], Introduction.second_id == pair[0]),
        ),
    )
    if session.scalar(statement.limit(1)) is not None:
        raise Picked(_("Somebody brought these two together not long ago. Give them some time."))


def _require_few(session: Session, actor: Actor) -> None:
    made = select(func.count()).where(
        Introduction.by_id == actor.user_id, Introduction.made_at > _a_day_ago(clock.now())
    )
    if session.execute(made).scalar_one() >= rules.MOST_A_DAY:
        raise Conflict(
            _("You can bring together %(most)d pairs a day. Go on tomorrow.", most=rules.MOST_A_DAY)
        )


def _a_day_ago(now: datetime) -> datetime:
    return now - timedelta(days=1)


def _tell(
    session: Session,
    introduction: Introduction,
    kind: type[IntroductionEvent],
    envelope: dict[str, Any],
    **more: Any,
) -> None:
    log.record(
        session,
        kind(
            **envelope,
            placement_id=introduction.placement_id,
            introduction_id=introduction.id,
            by_id=introduction.by_id,
            first_id=introduction.first_id,
            second_id=introduction.second_id,
            **more,
        ),
    )
