"""What the page shows on which people hand in: where it stands, what they handed in, and what they may do about it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.composing.saved import SavedDraft, saved_draft
from lmssocial.social.content.unsent import draft_for
from lmssocial.social.rubrics import criteria
from lmssocial.social.rubrics.criteria import Criterion
from lmssocial.widgets.peer_rating import access, gates
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.models import Rubric, WorkState
from lmssocial.widgets.peer_rating.works.drafts import target_of
from lmssocial.widgets.peer_rating.works.queries import OwnWork, own_work, work_of_group
from lmssocial.widgets.peer_rating.works.stages import ACCEPTED, TAKING, Stage, may_change, stage_of
from lmssocial.widgets.peer_rating.works.teams import Team, extension_among, teams_of


@dataclass(frozen=True, kw_only=True)
class WorkPage:
    """Everything that page depends on."""

    stage: Stage
    due_at: datetime | None
    """Until when this person hands in."""
    has_own_date: bool
    own: OwnWork | None
    """What they handed in last."""
    joins: OwnWork | None
    """What their team handed in without them; their first change makes them one of its authors."""
    teams: tuple[Team, ...]
    lacks_team: bool
    """Teams hand in, and this person is in none."""
    may_write: bool
    may_withdraw: bool
    draft: SavedDraft | None
    rubric: tuple[Criterion, ...]
    takes_part: bool

    @property
    def present(self) -> OwnWork | None:
        """What is handed in now, and would be changed."""
        if self.own is not None and self.own.is_in:
            return self.own
        return self.joins

    @property
    def begins_with(self) -> OwnWork | None:
        """What the form begins with: what is handed in, or what was withdrawn."""
        return self.present or (self.own if self.own and self.own.state is WorkState.WITHDRAWN else None)


def work_page(session: Session, actor: Actor, here: Running) -> WorkPage:
    """The page for one person. The same number of statements for everybody, or fewer."""
    settings, phase, placement_id = here.settings, here.phase, here.placement.id
    takes_part = access.takes_part(actor)
    own = own_work(session, actor, placement_id) if takes_part else None
    teams = teams_of(session, actor) if settings.teams and takes_part else ()
    joins = None
    if len(teams) == 1 and not (own and own.is_in):
        joins = work_of_group(session, actor, placement_id, teams[0].id)
    extension = extension_among(session, placement_id, [actor.user_id])
    stage = stage_of(settings, phase, extension, clock.now())
    lacks_team = settings.teams and takes_part and not teams and not (own and own.is_in)
    return WorkPage(
        stage=stage,
        due_at=gates.submit_due(settings, extension),
        has_own_date=extension is not None,
        own=own,
        joins=joins,
        teams=() if own and own.is_in else teams,
        lacks_team=lacks_team,
        may_write=takes_part and not lacks_team and _may_write(here, stage, own, joins),
        may_withdraw=own is not None and own.is_in and not own.is_reviewed and phase in TAKING,
        draft=saved_draft(draft_for(session, actor, target_of(placement_id))) if takes_part else None,
        rubric=_rubric(session, here),
        takes_part=takes_part,
    )


def _may_write(here: Running, stage: Stage, own: OwnWork | None, joins: OwnWork | None) -> bool:
    present = own if own is not None and own.is_in else joins
    if present is None:
        return stage in ACCEPTED
    return may_change(
        stage,
        here.phase,
        is_late=present.is_late,
        waits=present.waits,
        is_reviewed=present.is_reviewed,
    )


def _rubric(session: Session, here: Running) -> tuple[Criterion, ...]:
    """What it will be reviewed by: frozen, once reviews have begun."""
    if here.activity.rubric_id is None:
        return here.settings.rubric
    return criteria.from_json(session.get_one(Rubric, here.activity.rubric_id).criteria["criteria"])
