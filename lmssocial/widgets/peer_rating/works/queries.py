"""What pages show of works: the own one with all that may be done about it, and one work as somebody may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Exists, Row, Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.communities.models import Group
from lmssocial.social.content import attachments
from lmssocial.social.content.files import FileView
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.peer_rating import access, gates
from lmssocial.widgets.peer_rating.activities import Running
from lmssocial.widgets.peer_rating.models import (
    HANDED_IN,
    OPEN,
    Author,
    Review,
    ReviewState,
    Source,
    Work,
    WorkState,
)
from lmssocial.widgets.peer_rating.pair_models import Comparison, ComparisonState

REVIEWED = (ReviewState.SUBMITTED, ReviewState.VOIDED)
"""States of reviews after which the wording stays: somebody has judged it."""


@dataclass(frozen=True, kw_only=True)
class OwnWork:
    """What somebody handed in last, alone or with their team, whatever became of it."""

    id: int
    contribution_id: int
    is_sender: bool
    """Whether they sent it themselves, and not somebody of their team: moderators write to who sent it."""
    alias: int
    title: str
    source: str
    html: str
    state: WorkState
    note: str
    """Why staff took it out."""
    words_state: State
    words_note: str
    """What policies or moderators say about the words."""
    is_late: bool
    submitted_at: datetime
    edited_at: datetime | None
    seen_version: int
    """Of its words: whoever changes them says which they had before their eyes."""
    authors: tuple[str, ...]
    group_id: int | None
    group_name: str
    is_reviewed: bool
    """Whether somebody has finished a review of it: then it stays as it is."""
    live: int
    """How many peers have it before them."""

    @property
    def is_in(self) -> bool:
        """Whether it is handed in, and nobody took it back."""
        return self.state in HANDED_IN

    @property
    def waits(self) -> bool:
        """Whether its words are kept from others, so that another wording is welcome at any time."""
        return self.words_state in {State.HELD, State.REJECTED}


@dataclass(frozen=True, kw_only=True)
class WorkView:
    """A work as somebody may see it."""

    id: int
    contribution_id: int
    alias: int
    title: str
    html: str
    """Cooked; empty while the words are kept from this reader."""
    authors: tuple[str, ...]
    """Their names, or none where they are hidden from this reader."""
    group_name: str
    """Of the team; empty if there is none, or it is hidden."""
    is_mine: bool
    is_sender: bool
    """Whether this reader sent it."""
    is_late: bool
    """For its authors and for staff; reviewers have nothing to do with it."""
    submitted_at: datetime
    edited_at: datetime | None
    changed_at: datetime | None
    """When the words were changed after this reader had been given them to review."""
    state: WorkState
    note: str
    words_state: State
    words_note: str
    version: int
    """Of its words."""
    completed: int
    live: int
    review_id: int | None
    """The reader's own review of it."""
    review_is_open: bool
    """Whether that is still to be written."""
    files: tuple[FileView, ...] = ()

    @property
    def is_readable(self) -> bool:
        """Whether this reader gets to see the words; else a moderator has to look at them first."""
        return bool(self.html)


def own_work(session: Session, actor: Actor, placement_id: int) -> OwnWork | None:
    """What the actor handed in last in an activity; ``None`` if that is nothing. Two queries."""
    row = session.execute(
        _own()
        .join(Author, Author.work_id == Work.id)
        .where(
            Work.placement_id == placement_id,
            Author.user_id == actor.user_id,
            Work.community_id == actor.community_id,
        )
        .order_by(Author.round.desc())
        .limit(1)
    ).first()
    return None if row is None else _as_own(session, actor, row[0], row[1], row[2], reviewed=row[3])


def work_of_group(session: Session, actor: Actor, placement_id: int, group_id: int) -> OwnWork | None:
    """What one of the actor's groups has handed in, also if it did so before they were in it. Two queries."""
    if group_id not in actor.groups:
        return None
    row = session.execute(
        _own()
        .where(
            Work.placement_id == placement_id,
            Work.group_id == group_id,
            Work.community_id == actor.community_id,
            Work.state.in_(HANDED_IN),
        )
        .order_by(Work.id.desc())
        .limit(1)
    ).first()
    return None if row is None else _as_own(session, actor, row[0], row[1], row[2], reviewed=row[3])


def work_view(session: Session, actor: Actor, running: Running, work_id: int) -> WorkView:
    """A work with its files, and with names as far as the actor may see them. Four queries, or fewer.

    :raises NotFound: if they do not see it.
    """
    row = _seen(session, actor, running, work_id)
    work, words, is_mine = row[0], row[1], bool(row[4])
    review: Review | None = row[2]
    inside = is_mine or actor.moderates
    named = is_mine or access.sees_names(actor) or gates.shows_authors(running.settings, running.phase)
    reads = inside or words.state is State.PUBLISHED
    return WorkView(
        id=work.id,
        contribution_id=words.id,
        alias=work.alias,
        title=words.title if reads else "",
        html=words.html if reads else "",
        authors=author_names(session, [work.id]).get(work.id, ()) if named else (),
        group_name=(row[3] or "") if named else "",
        is_mine=is_mine,
        is_sender=words.author_id == actor.user_id,
        is_late=work.is_late and inside,
        submitted_at=work.submitted_at,
        edited_at=words.edited_at,
        changed_at=_changed_since(words, review),
        state=work.state,
        note=work.note if inside else "",
        words_state=words.state,
        words_note=words.note if inside else "",
        version=words.version,
        completed=work.completed,
        live=work.live,
        review_id=review.id if review is not None and review.state in access.HOLDS else None,
        review_is_open=review is not None and review.state in OPEN,
        files=files_of(session, words) if reads else (),
    )


def _seen(
    session: Session, actor: Actor, running: Running, work_id: int
) -> Row[Work, Contribution, Review, str, bool]:
    """A work with its words, the actor's review of it, its team's name, and whether it is the actor's own."""
    row = session.execute(
        select(Work, Contribution, Review, Group.name, _is_author(actor))
        .join(Contribution, Contribution.id == Work.contribution_id)
        .outerjoin(Review, and_(Review.work_id == Work.id, Review.reviewer_id == actor.user_id))
        .outerjoin(Group, Group.id == Work.group_id)
        .where(
            Work.id == work_id,
            Work.placement_id == running.placement.id,
            access.works_seen_by(actor),
        )
    ).first()
    if row is None:
        raise no_work(actor, work_id)
    return row


def author_names(session: Session, work_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The names of the authors of each of some works, whoever asks. One query."""
    found: dict[int, tuple[str, ...]] = {}
    for work_id, name in session.execute(
        select(Author.work_id, User.name)
        .join(User, User.id == Author.user_id)
        .where(Author.work_id.in_(work_ids))
        .order_by(User.name, User.id)
    ):
        found[work_id] = (*found.get(work_id, ()), name)
    return found


def author_ids(session: Session, work_id: int) -> list[int]:
    """Who handed a work in."""
    found = session.scalars(select(Author.user_id).where(Author.work_id == work_id).order_by(Author.user_id))
    return list(found)


def files_of(session: Session, words: Contribution) -> tuple[FileView, ...]:
    """The files that a text shows; no query if it shows none."""
    rows = attachments.files_of(session, words.community_id, words.author_id, words.source, of=words.id)
    return tuple(attachments.view(row) for row in rows)


def no_work(actor: Actor, work_id: int) -> NotFound:
    """What is said of a work that is not there, or not for the actor: the same."""
    return NotFound(
        _("This work does not exist, or it is not open to you."),
        reason=f"user {actor.user_id} sees no work {work_id}",
    )


def is_reviewed() -> ColumnElement[bool]:
    """Whether somebody else has finished a review of a work, or a comparison: a part of a query of works."""
    review = exists().where(
        Review.work_id == Work.id, Review.state.in_(REVIEWED), Review.source != Source.SELF
    )
    comparison = exists().where(
        or_(Comparison.low_id == Work.id, Comparison.high_id == Work.id),
        Comparison.state == ComparisonState.SUBMITTED,
    )
    return or_(review, comparison)


def _own() -> Select[Work, Contribution, str, bool]:
    return (
        select(Work, Contribution, Group.name, is_reviewed())
        .join(Contribution, Contribution.id == Work.contribution_id)
        .outerjoin(Group, Group.id == Work.group_id)
    )


def _as_own(
    session: Session, actor: Actor, work: Work, words: Contribution, group_name: str | None, *, reviewed: bool
) -> OwnWork:
    return OwnWork(
        id=work.id,
        contribution_id=words.id,
        is_sender=words.author_id == actor.user_id,
        alias=work.alias,
        title=words.title,
        source=words.source,
        html=words.html,
        state=work.state,
        note=work.note,
        words_state=words.state,
        words_note=words.note,
        is_late=work.is_late,
        submitted_at=work.submitted_at,
        edited_at=words.edited_at,
        seen_version=words.version,
        authors=author_names(session, [work.id]).get(work.id, ()),
        group_id=work.group_id,
        group_name=group_name or "",
        is_reviewed=reviewed,
        live=work.live,
    )


def _is_author(actor: Actor) -> Exists:
    return exists().where(Author.work_id == Work.id, Author.user_id == actor.user_id)


def _changed_since(words: Contribution, review: Review | None) -> datetime | None:
    if review is None or words.edited_at is None or words.edited_at <= review.offered_at:
        return None
    return words.edited_at
