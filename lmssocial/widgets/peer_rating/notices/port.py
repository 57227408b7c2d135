"""The port of peer rating to notifications: who is told, who of them may read it, and how it reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from lmssocial.core.kernel.events import Happened
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Placement
from lmssocial.social.notifications.ports import Kind, Noted, Proposal, Worded
from lmssocial.widgets.peer_rating import gates
from lmssocial.widgets.peer_rating.access import runs, takes_part
from lmssocial.widgets.peer_rating.models import OPEN, Activity, Author, Phase, Review, Work
from lmssocial.widgets.peer_rating.notices import kinds, sentences
from lmssocial.widgets.peer_rating.notices.told import told
from lmssocial.widgets.peer_rating.scoring_models import UNDECIDED, Appeal
from lmssocial.widgets.peer_rating.settings import PeerSettings

FOR_LEARNERS = frozenset({kinds.OPENED, kinds.DUE, kinds.REVIEWS, kinds.EXTENSION})
"""Kinds that only those are told of who hand in and review."""
OF_AUTHORS = {kinds.FEEDBACK: gates.READ_BY_AUTHORS, kinds.SCORES: gates.SCORED}
"""Kinds that tell authors of their own work, and the phases in which there is something to see."""


@dataclass(frozen=True)
class _Place:
    """An activity that notices tell of."""

    title: str
    phase: Phase
    settings: PeerSettings


@dataclass(frozen=True)
class _Seen:
    """What the reader's notices are about, as far as it is theirs to see."""

    places: Mapping[int, _Place]
    open: Mapping[int, int]
    """Placement → reviews that the reader holds."""
    authored: frozenset[int]
    """Placements in which the reader handed something in."""
    works: frozenset[int]
    """Works of the reader."""
    reviews: frozenset[int]
    """Reviews of the reader."""
    appeals: frozenset[int]
    """Appeals that wait for an answer."""


class PeerNotices:
    """Peer rating's side of notifications (:class:`~lmssocial.social.notifications.ports.Noticed`)."""

    kinds: ClassVar[Sequence[Kind]] = kinds.KINDS

    def told(self, session: Session, event: Happened) -> Sequence[Proposal]:
        """Who is told of an event."""
        return told(session, event)

    def readers(self, session: Session, actors: Sequence[Actor], proposal: Proposal) -> set[int]:
        """Who may know. One query at most."""
        if proposal.kind in FOR_LEARNERS:
            return {actor.user_id for actor in actors if takes_part(actor)}
        if proposal.kind == kinds.STAFF:
            return {actor.user_id for actor in actors if runs(actor)}
        if proposal.kind == kinds.APPEAL:
            asked = proposal.subject.get("what") == "assigned"
            return {actor.user_id for actor in actors if runs(actor) or (asked and actor.moderates)}
        people = {actor.user_id for actor in actors}
        if proposal.kind not in OF_AUTHORS:
            return people
        activity = session.get(Activity, proposal.placement_id)
        return people if activity is not None and activity.phase in OF_AUTHORS[proposal.kind] else set()

    def word(self, session: Session, actor: Actor, notices: Sequence[Noted]) -> dict[int, Worded]:
        """How notices read. At most six queries."""
        seen = _look(session, actor, notices)
        worded: dict[int, Worded] = {}
        for notice in notices:
            place = seen.places.get(notice.placement_id)
            if place is None or not _may_read(actor, notice, place, seen):
                continue
            worded[notice.id] = Worded(
                sentence=sentences.sentence(
                    notice,
                    held=seen.open.get(notice.placement_id, 0),
                    names=_names(notice, place),
                ),
                where=place.title,
                path=f"/w/{notice.placement_id}/peer_rating{sentences.path(notice)}",
            )
        return worded


def _names(notice: Noted, place: _Place) -> Sequence[str]:
    """Who did it, as far as it may be known: staff know authors, reviewers only where these are shown."""
    if notice.kind == kinds.ANSWERED and not gates.shows_authors(place.settings, place.phase):
        return ()
    return notice.people


def _may_read(actor: Actor, notice: Noted, place: _Place, seen: _Seen) -> bool:
    subject = notice.subject
    if notice.kind == kinds.STAFF:
        return runs(actor)
    if notice.kind == kinds.APPEAL:
        return actor.moderates and subject.get("appeal_id") in seen.appeals
    if notice.kind in OF_AUTHORS:
        return place.phase in OF_AUTHORS[notice.kind] and notice.placement_id in seen.authored
    if "work_id" in subject:
        return subject["work_id"] in seen.works
    if "review_id" in subject:
        return subject["review_id"] in seen.reviews
    return True


def _look(session: Session, actor: Actor, notices: Sequence[Noted]) -> _Seen:
    placement_ids = {notice.placement_id for notice in notices}
    rows = session.execute(
        select(Placement.id, Placement.title, Placement.settings, Activity.phase)
        .join(Activity, Activity.placement_id == Placement.id)
        .where(Placement.id.in_(placement_ids), Placement.community_id == actor.community_id)
    )
    places = {row.id: _Place(row.title, row.phase, PeerSettings.read(row.settings)) for row in rows}
    held = session.execute(
        select(Review.placement_id, func.count())
        .where(
            Review.reviewer_id == actor.user_id,
            Review.state.in_(OPEN),
            Review.placement_id.in_(placement_ids),
        )
        .group_by(Review.placement_id)
    )
    own = session.execute(
        select(Author.work_id, Author.placement_id)
        .join(Work, Work.id == Author.work_id)
        .where(Author.user_id == actor.user_id, Author.placement_id.in_(placement_ids))
    ).all()
    return _Seen(
        places=places,
        open={row[0]: row[1] for row in held},
        authored=frozenset(row.placement_id for row in own),
        works=frozenset(row.work_id for row in own),
        reviews=_own_reviews(session, actor, _ids(notices, "review_id")),
        appeals=_open_appeals(session, actor, _ids(notices, "appeal_id")),
    )


def _ids(notices: Sequence[Noted], name: str) -> set[int]:
    return {notice.subject[name] for notice in notices if name in notice.subject}


def _own_reviews(session: Session, actor: Actor, ids: set[int]) -> frozenset[int]:
    if not ids:
        return frozenset()
    found = select(Review.id).where(Review.id.in_(ids), Review.reviewer_id == actor.user_id)
    return frozenset(session.scalars(found))


def _open_appeals(session: Session, actor: Actor, ids: set[int]) -> frozenset[int]:
    if not ids or not actor.moderates:
        return frozenset()
    found = select(Appeal.id).where(
        Appeal.id.in_(ids),
        Appeal.community_id == actor.community_id,
        Appeal.state.in_(UNDECIDED),
        true() if runs(actor) else Appeal.assigned_to_id == actor.user_id,
    )
    return frozenset(session.scalars(found))
