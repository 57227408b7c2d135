"""Who is told of what happens: for each event the people it concerns, and under which key their notices are one."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.events import Happened
from lmssocial.lms.identity.models import Membership, User
from lmssocial.social.communities.models import Placement
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.notifications.ports import Proposal
from lmssocial.social.notifications.recipients import moderators
from lmssocial.widgets.peer_rating import events, gates, score_events
from lmssocial.widgets.peer_rating.access import taking_part
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.clockwork.owing import What, owing
from lmssocial.widgets.peer_rating.models import (
    HANDED_IN,
    Activity,
    Author,
    Phase,
    Review,
    ReviewState,
    Source,
    Work,
)
from lmssocial.widgets.peer_rating.notices import kinds
from lmssocial.widgets.peer_rating.scoring_models import Result
from lmssocial.widgets.peer_rating.settings import PeerSettings

Told = Sequence[Proposal]


def told(session: Session, event: Happened) -> Told:
    """What follows from an event; nothing if its activity is not there any more."""
    placement_id = event.payload["placement_id"]
    placement = session.get(Placement, placement_id)
    activity = session.get(Activity, placement_id)
    if placement is None or activity is None:
        return ()
    running = Running(placement=placement, activity=activity, settings=PeerSettings.read(placement.settings))
    return _FOLLOWS[event.name](session, event, running)


def _proposal(
    event: Happened,
    kind: str,
    recipients: Collection[int],
    key: object = "",
    *,
    actor_id: int | None = None,
    **subject: Any,
) -> Proposal:
    """One notice; ``key`` tells it from others of its kind in the same activity."""
    placement_id = event.payload["placement_id"]
    return Proposal(
        kind=kind,
        recipients=recipients,
        merge_key=f"{kind}:{placement_id}:{key}",
        placement_id=placement_id,
        actor_id=actor_id,
        subject=subject,
    )


def _phase(session: Session, event: Happened, running: Running) -> Told:
    before, phase = Phase(event.payload["before"]), Phase(event.payload["phase"])
    if running.phase is not phase:
        return ()  # it has moved on meanwhile, and that is told of
    begins = before in {Phase.DRAFT, Phase.PUBLISHED}
    if phase is Phase.SUBMIT or (phase is Phase.CANCELLED and not begins):
        what = "cancelled" if phase is Phase.CANCELLED else "opened" if begins else "again"
        return [_proposal(event, kinds.OPENED, _learners(session, event), what=what)]
    if phase is Phase.REVIEW:
        able = {one.user_id for one in owing(session, running, What.REVIEWS)}
        return [_proposal(event, kinds.REVIEWS, able)]
    if phase in {Phase.FEEDBACK, Phase.EVALUATE} and before in {Phase.SUBMIT, Phase.REVIEW}:
        return [_proposal(event, kinds.FEEDBACK, _authors_with_reviews(session, running))]
    return ()


def _due_soon(session: Session, event: Happened, running: Running) -> Told:
    """Those whose own date it is: everybody's, or the one they were given."""
    what, due_at = What(event.payload["what"]), event.payload["due_at"]
    owe = {
        one.user_id: one.due_at
        for one in owing(session, running, what)
        if one.due_at is not None and one.due_at.isoformat() == due_at
    }
    return [_proposal(event, kinds.DUE, owe, what, what=what, due_at=due_at)]


def _reminded(_session: Session, event: Happened, _running: Running) -> Told:
    what = event.payload["what"]
    return [_proposal(event, kinds.DUE, event.payload["user_ids"], what, what=what, reminded=True)]


def _staff_needed(session: Session, event: Happened, _running: Running) -> Told:
    why, count = event.payload["why"], event.payload["count"]
    staff = moderators(session, event.community_id or 0)
    return [_proposal(event, kinds.STAFF, staff, why, what=why, number=count)]


def _extended(_session: Session, event: Happened, _running: Running) -> Told:
    return [_proposal(event, kinds.EXTENSION, {event.payload["user_id"]})]


def _taken_out(_session: Session, event: Happened, _running: Running) -> Told:
    work_id, state = event.payload["work_id"], event.payload["state"]
    return [
        _proposal(
            event, kinds.TAKEN, event.payload["author_ids"], f"work:{work_id}", what=state, work_id=work_id
        )
    ]


def _taken_back(_session: Session, event: Happened, _running: Running) -> Told:
    work_id, to = event.payload["work_id"], event.payload["author_ids"]
    return [_proposal(event, kinds.TAKEN, to, f"work:{work_id}", what="work-back", work_id=work_id)]


def _offered(_session: Session, event: Happened, _running: Running) -> Told:
    """Whoever asked for it, or reviews as staff, knows."""
    if event.payload["source"] not in {Source.BATCH, Source.MANUAL}:
        return ()
    return [_proposal(event, kinds.REVIEWS, {event.payload["reviewer_id"]})]


def _declined(session: Session, event: Happened, _running: Running) -> Told:
    """Staff hear of what does not open: the next reviewer could not open it either."""
    if event.payload["because"] != "technical":
        return ()
    work_id = event.payload["work_id"]
    staff = moderators(session, event.community_id or 0)
    return [_proposal(event, kinds.STAFF, staff, f"work:{work_id}", what="does-not-open", work_id=work_id)]


def _submitted(session: Session, event: Happened, running: Running) -> Told:
    """One more review, once reviews can be read: somebody had more time, or staff reviewed."""
    review = session.get(Review, event.payload["review_id"])
    if review is None or running.phase not in gates.READ_BY_AUTHORS or review.source is Source.SELF:
        return ()
    return [_proposal(event, kinds.FEEDBACK, event.payload["author_ids"], what="more")]


def _revoked(_session: Session, event: Happened, _running: Running) -> Told:
    """Taken back by somebody: a moderator, or staff who gave it to another person."""
    if event.actor_id is None:
        return ()
    review_id = event.payload["review_id"]
    to = {event.payload["reviewer_id"]}
    return [_proposal(event, kinds.TAKEN, to, f"review:{review_id}", what="revoked", review_id=review_id)]


def _voided(_session: Session, event: Happened, _running: Running) -> Told:
    review_id = event.payload["review_id"]
    what = "counts-again" if event.payload["back"] else "voided"
    to = {event.payload["reviewer_id"]}
    return [_proposal(event, kinds.TAKEN, to, f"review:{review_id}", what=what, review_id=review_id)]


def _rated(_session: Session, event: Happened, running: Running) -> Told:
    """The reviewer hears of it; from whom only where authors' names are shown."""
    review_id = event.payload["review_id"]
    named = gates.shows_authors(running.settings, running.phase)
    return [
        _proposal(
            event,
            kinds.ANSWERED,
            {event.payload["reviewer_id"]},
            review_id,
            actor_id=event.actor_id if named else None,
            what="replied" if event.payload["replied"] else "rated",
            review_id=review_id,
        )
    ]


def _released(session: Session, event: Happened, running: Running) -> Told:
    """All authors the first time, and later those whose score is another one."""
    authors = (
        select(Author.user_id)
        .join(Result, Result.work_id == Author.work_id)
        .where(Author.placement_id == running.placement.id, Result.released_points.is_not(None))
    )
    if event.payload["number"] == 1:
        return [_proposal(event, kinds.SCORES, set(session.scalars(authors)), what="released")]
    changed = set(event.payload["changed_ids"])
    if not changed:
        return ()
    rows = session.execute(authors.add_columns(Author.work_id))
    concerned = {row.user_id for row in rows if row.work_id in changed}
    return [_proposal(event, kinds.SCORES, concerned, what="changed")]


def _appealed(session: Session, event: Happened, _running: Running) -> Told:
    appeal_id = event.payload["appeal_id"]
    to = moderators(session, event.community_id or 0)
    return [_proposal(event, kinds.APPEAL, to, appeal_id, actor_id=event.actor_id, appeal_id=appeal_id)]


def _assigned(_session: Session, event: Happened, _running: Running) -> Told:
    appeal_id = event.payload["appeal_id"]
    to = {event.payload["assigned_to_id"]}
    return [_proposal(event, kinds.APPEAL, to, f"{appeal_id}:assigned", appeal_id=appeal_id, what="assigned")]


def _decided(_session: Session, event: Happened, _running: Running) -> Told:
    what = "upheld" if event.payload["upheld"] else "rejected"
    to = {event.payload["author_id"]}
    return [_proposal(event, kinds.DECIDED, to, event.payload["appeal_id"], what=what)]


def _learners(session: Session, event: Happened) -> set[int]:
    found = select(User.id).join(Membership, Membership.user_id == User.id)
    return set(session.scalars(found.where(taking_part(event.course_id or 0))))


def _authors_with_reviews(session: Session, running: Running) -> set[int]:
    """Authors of works about which there is something to read."""
    return set(
        session.scalars(
            select(Author.user_id)
            .distinct()
            .join(Work, Work.id == Author.work_id)
            .join(Review, Review.work_id == Work.id)
            .join(Contribution, Contribution.id == Review.contribution_id)
            .where(
                Author.placement_id == running.placement.id,
                Work.state.in_(HANDED_IN),
                Review.state == ReviewState.SUBMITTED,
                Review.source != Source.SELF,
                Contribution.state == State.PUBLISHED,
            )
        )
    )


_FOLLOWS: dict[str, Callable[[Session, Happened, Running], Told]] = {
    events.PhaseChanged.name: _phase,
    events.DueSoon.name: _due_soon,
    events.Reminded.name: _reminded,
    events.StaffNeeded.name: _staff_needed,
    events.ExtensionGiven.name: _extended,
    events.WorkTakenOut.name: _taken_out,
    events.WorkTakenBack.name: _taken_back,
    events.ReviewOffered.name: _offered,
    events.ReviewDeclined.name: _declined,
    events.ReviewSubmitted.name: _submitted,
    events.ReviewRevoked.name: _revoked,
    events.ReviewVoided.name: _voided,
    events.ReviewRated.name: _rated,
    score_events.ScoresReleased.name: _released,
    score_events.AppealMade.name: _appealed,
    score_events.AppealAssigned.name: _assigned,
    score_events.AppealDecided.name: _decided,
}
"""What follows from which event."""

EVENTS = tuple(_FOLLOWS)
"""The events that somebody is told of."""
