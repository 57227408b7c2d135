"""Before a work is taken: who hands it in, for whom, until when, and what they have handed in before."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.models import HANDED_IN, Author, Work
from lmssocial.widgets.peer_rating.works import teams
from lmssocial.widgets.peer_rating.works.queries import is_reviewed
from lmssocial.widgets.peer_rating.works.stages import ACCEPTED, Stage, may_change, stage_of


class TooLate(Conflict):
    """It comes after the date, and is not taken any more. Its author keeps the text."""


@dataclass(frozen=True)
class Before:
    """What was handed in before, by the actor or by their team."""

    work: Work
    words: Contribution
    is_reviewed: bool

    @property
    def is_in(self) -> bool:
        """Whether it is handed in, and nobody took it back."""
        return self.work.state in HANDED_IN

    @property
    def waits(self) -> bool:
        """Whether its words are kept from others."""
        return self.words.state in {State.HELD, State.REJECTED}


@dataclass(frozen=True)
class Desk:
    """Who hands in, where, and until when."""

    running: Running
    actor: Actor
    group_id: int | None
    user_ids: list[int]
    stage: Stage
    now: datetime


def desk_of(session: Session, here: Running, actor: Actor, group_id: int | None) -> Desk:
    """Who hands in with the actor, and whether that is taken now."""
    placement_id = here.placement.id
    user_ids = teams.authors_to_be(session, actor, placement_id, group_id)
    extension = teams.extension_among(session, placement_id, user_ids)
    now = clock.now()
    stage = stage_of(here.settings, here.phase, extension, now)
    return Desk(here, actor, group_id, user_ids, stage, now)


def group_and_before(
    session: Session, actor: Actor, here: Running, chosen: int | None
) -> tuple[int | None, Before | None]:
    """The team the actor hands in for, and what they, or that team, handed in last.

    What they have handed in with a team stays with that team, whatever they chose.

    :param chosen: the group they chose, if they had to.
    :raises NotAllowed: if teams hand in, and they are in no group.
    :raises Invalid: if they have to choose a group.
    """
    own = _last(
        session,
        _works(here).join(Author, Author.work_id == Work.id).where(Author.user_id == actor.user_id),
        Author.round,
    )
    if own is not None and own.is_in:
        return own.work.group_id, own
    group_id = teams.require_team(session, actor, here.settings, chosen)
    if group_id is None:
        return None, own
    of_team = _works(here).where(Work.group_id == group_id, Work.state.in_(HANDED_IN))
    theirs = _last(session, of_team, Work.id)
    return group_id, theirs or (own if own is not None and own.work.group_id == group_id else None)


def _works(here: Running) -> Select[Work, Contribution, bool]:
    return (
        select(Work, Contribution, is_reviewed())
        .join(Contribution, Contribution.id == Work.contribution_id)
        .where(Work.placement_id == here.placement.id)
        .execution_options(populate_existing=True)
    )


def _last(
    session: Session, found: Select[Work, Contribution, bool], by: InstrumentedAttribute[int]
) -> Before | None:
    row = session.execute(found.order_by(by.desc()).limit(1)).first()
    return None if row is None else Before(*row)


def require_taken(desk: Desk) -> None:
    """Go on only if something new is taken now.

    :raises TooLate: with the sentence that says why not.
    """
    if desk.stage in ACCEPTED:
        return
    sentences = {
        Stage.SETTING_UP: _("This activity is still being set up. What you wrote is kept."),
        Stage.NOT_YET: _("This activity has not opened yet. What you wrote is kept."),
        Stage.TOO_LATE: _(
            "The date for handing in is over, so this was not handed in. What you wrote is kept here. If something "
            "kept you from it, ask your instructor for another date: then you can send it from this page."
        ),
        Stage.OVER: _(
            "Reviewing is over here, so nothing is taken any more. What you wrote is kept. If something kept you from "
            "handing in, speak to your instructor."
        ),
    }
    raise TooLate(sentences[desk.stage])


def require_changeable(desk: Desk, before: Before) -> None:
    """Go on only if the wording may still change.

    :raises Conflict: with the sentence that says why it stays.
    """
    if before.is_reviewed:
        raise Conflict(
            _(
                "Somebody has reviewed this work already, so it stays as it is, and nothing was saved: a review "
                "belongs to the words it was written about."
            )
        )
    if not may_change(
        desk.stage,
        desk.running.phase,
        is_late=before.work.is_late,
        waits=before.waits,
        is_reviewed=before.is_reviewed,
    ):
        raise TooLate(
            _(
                "The date for handing in is over, so what you handed in stays as it is. What you wrote now is kept "
                "here as a draft."
            )
        )
