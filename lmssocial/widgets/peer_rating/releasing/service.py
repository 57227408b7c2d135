"""Showing authors their scores, with everything these rest on kept beside them. Nothing here commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.activity import record
from lmssocial.core.db import JsonObject
from lmssocial.core.hooks.rating import Scoring
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.kernel.words import ngettext
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.peer_rating import access
from lmssocial.widgets.peer_rating.activities import Running, enter, envelope, locked
from lmssocial.widgets.peer_rating.models import Phase, Work
from lmssocial.widgets.peer_rating.releasing import grades
from lmssocial.widgets.peer_rating.score_events import ScoresReleased
from lmssocial.widgets.peer_rating.scoring.finals import CLOSE, allowed, finals
from lmssocial.widgets.peer_rating.scoring.inputs import as_json, digest, from_json, late_of
from lmssocial.widgets.peer_rating.scoring.working_out import Outcome, asked, scoring_name, work_out
from lmssocial.widgets.peer_rating.scoring_models import Override, Release, Result, ReviewerResult

RELEASES_IN = frozenset({Phase.EVALUATE, Phase.RELEASED})
"""The phases in which scores are released, or released again."""


@dataclass(frozen=True)
class Lacking:
    """A work without a score."""

    work_id: int
    alias: int


class Unscored(Conflict):
    """Some works have no score; nothing was released."""

    def __init__(self, works: Sequence[Lacking]) -> None:
        """Say so; the page lists ``works``."""
        super().__init__(
            ngettext(
                "One work has no score yet, because too few people reviewed it. Review it yourself, give it points, "
                "or release the others.",
                "%(num)s works have no score yet, because too few people reviewed them. Review them yourself, give "
                "them points, or release the others.",
                len(works),
            ),
            reason=f"{len(works)} works without a score",
        )
        self.works = tuple(works)


def release(
    session: Session,
    scorings: Mapping[str, Scoring],
    actor: Actor | None,
    placement_id: int,
    reason: str = "",
    *,
    others: bool = False,
) -> Release:
    """Work the scores out and show them to authors; from the second time on, say why.

    :param actor: who does it; ``None``: the clock.
    :param others: whether those that have a score are released although others have none.
    :raises NotAllowed: if the actor is not staff.
    :raises Unscored: if works have no score, unless ``others``.
    :raises Conflict: if it is not time, nothing has a score, or scores could not be worked out.
    :raises Invalid: if scores were released before, and there is no reason.
    """
    if actor is not None:
        access.require_runs(actor)
    running = locked(session, placement_id)
    number = _next_number(session, running, reason)
    outcome = work_out(session, scorings, running)
    if outcome.trouble:
        raise Conflict(outcome.trouble)
    inputs = _inputs(session, running, outcome)
    results = finals(outcome.points, _by_work(inputs["overrides"]), _by_work(inputs["late"]))
    lacking = _lacking(session, outcome, results)
    if lacking and not (others and results):
        raise Unscored(lacking)
    made = Release(
        tenant_id=running.activity.tenant_id,
        placement_id=placement_id,
        number=number,
        made_by_id=actor.user_id if actor else None,
        made_at=clock.now(),
        reason=reason.strip(),
        scoring=scoring_name(running),
        scoring_version=outcome.version,
        method=outcome.method,
        input_hash=digest(inputs),
        inputs=inputs,
        results={str(work_id): points for work_id, points in results.items()},
    )
    session.add(made)
    session.flush()
    changed = _show(session, made, outcome, results)
    _tell(session, running, actor, made, changed if number > 1 else [])
    grades.send(session, running, made)
    return made


def reproduce(session: Session, scorings: Mapping[str, Scoring], release_id: int) -> bool:
    """Whether a release, worked out again from what is stored with it, gives what authors were shown.

    ``False`` also if what is stored was changed, or the scoring is not there any more in that version.
    """
    made = session.get_one(Release, release_id)
    scoring = scorings.get(made.scoring)
    if scoring is None or scoring.version != made.scoring_version or digest(made.inputs) != made.input_hash:
        return False
    ratings = from_json(made.inputs["ratings"])
    scores, _problem = asked(scoring, ratings)
    if scores is None:
        return False
    again = finals(
        allowed(ratings, scores, made.inputs["least"]),
        _by_work(made.inputs["overrides"]),
        _by_work(made.inputs["late"]),
    )
    shown = _by_work(made.results)
    # A last digit may fall on the other side of a half on another processor.
    return again.keys() == shown.keys() and all(
        abs(points - shown[work_id]) <= 0.01 + CLOSE for work_id, points in again.items()
    )


def _next_number(session: Session, running: Running, reason: str) -> int:
    if running.phase not in RELEASES_IN:
        raise Conflict(
            _("Scores are released when reviewing is over. End it first, then look at the scores.")
        )
    last = session.scalar(
        select(func.max(Release.number)).where(Release.placement_id == running.placement.id)
    )
    if last is not None and not reason.strip():
        raise Invalid(_("Scores were released before. Say why they are released again."))
    return (last or 0) + 1


def _inputs(session: Session, running: Running, outcome: Outcome) -> JsonObject:
    """Everything the release rests on, as it is stored."""
    rows = session.execute(
        select(Override.work_id, Override.points)
        .where(Override.placement_id == running.placement.id, Override.withdrawn_at.is_(None))
        .order_by(Override.work_id)
    ).all()
    works = set(outcome.ratings.works)
    return {
        "ratings": as_json(outcome.ratings),
        "least": running.settings.least,
        "overrides": {str(work_id): points for work_id, points in rows if work_id in works},
        "late": {
            str(work_id): share for work_id, share in late_of(session, running).items() if work_id in works
        },
    }


def _by_work(stored: Mapping[str, float]) -> dict[int, float]:
    return {int(work_id): float(points) for work_id, points in stored.items()}


def _lacking(session: Session, outcome: Outcome, results: Mapping[int, float]) -> list[Lacking]:
    without = [work_id for work_id in outcome.ratings.works if work_id not in results]
    if not without:
        return []
    rows = session.execute(select(Work.id, Work.alias).where(Work.id.in_(without)).order_by(Work.alias))
    return [Lacking(work_id, alias) for work_id, alias in rows]


def _show(session: Session, made: Release, outcome: Outcome, results: Mapping[int, float]) -> list[int]:
    """Note what authors see now; the works of which that is something else than before.

    What has no score any more shows none. What a moderator holds by now keeps what was shown.
    """
    works = set(outcome.ratings.works)
    changed: list[int] = []
    rows = session.scalars(
        select(Result).where(Result.placement_id == made.placement_id).order_by(Result.work_id)
    )
    for row in rows:
        before, points = row.released_points, results.get(row.work_id)
        if row.work_id not in works or before is points is None:
            continue
        if before is None or points is None or abs(before - points) > CLOSE:
            changed.append(row.work_id)
        row.released_points, row.released_at, row.release_id = points, made.made_at, made.id
    reviewers = session.scalars(
        select(ReviewerResult).where(ReviewerResult.placement_id == made.placement_id)
    )
    for reviewer in reviewers:
        reviewer.released_points = reviewer.points
    session.flush()
    return changed


def _tell(
    session: Session, running: Running, actor: Actor | None, made: Release, changed: Sequence[int]
) -> None:
    activity = running.activity
    activity.released_at = activity.released_at or made.made_at
    enter(session, running, Phase.RELEASED, actor=actor, reason=made.reason)
    told = ScoresReleased(
        **envelope(session, running, actor),
        placement_id=activity.placement_id,
        release_id=made.id,
        number=made.number,
        changed_ids=list(changed),
    )
    record(session, told)
