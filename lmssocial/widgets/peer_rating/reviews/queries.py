"""What the pages of reviewing show."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.rubrics.criteria import Criterion, total
from lmssocial.widgets.peer_rating import access, gates
from lmssocial.widgets.peer_rating.activities import Running, running
from lmssocial.widgets.peer_rating.models import Review, ReviewState, Source
from lmssocial.widgets.peer_rating.reviews.access import Held, authors_of, held, review_at
from lmssocial.widgets.peer_rating.reviews.answers import Answers, Kept
from lmssocial.widgets.peer_rating.reviews.stages import Stage, stands
from lmssocial.widgets.peer_rating.settings import Reveal
from lmssocial.widgets.peer_rating.works.queries import WorkView, author_names, work_view

_READING = frozenset({Stage.WRITING, Stage.CHANGING, Stage.DONE, Stage.VOIDED})
"""In these a reviewer reads the work."""


@dataclass(frozen=True, kw_only=True)
class ReviewPage:
    """A review in front of the one who writes it."""

    id: int
    stage: Stage
    source: Source
    work_id: int
    work_alias: int
    work: WorkView | None
    """``None`` where they do not read it any more."""
    authors: tuple[str, ...]
    """Their names; none where they are hidden."""
    rubric: tuple[Criterion, ...]
    answers: Answers
    """What they have written, also a change that is not sent."""
    submitted: Answers | None
    """What was submitted, where a change is not sent."""
    sequence: int
    saved_at: datetime | None
    submitted_at: datetime | None
    leased_until: datetime | None
    due_at: datetime | None
    minutes: int
    """How long it usually takes."""
    least: int
    """How many characters it says at least."""
    shown_as: str
    """The name under which authors read it; empty: the reviewer's own."""
    is_revealed: bool
    """Whether authors read the reviewer's own name once scores are released."""
    note: str
    """What staff said when they took it back, or out of the count."""
    words_state: State | None
    words_note: str


def review_page(session: Session, actor: Actor, placement_id: int, review_id: int) -> ReviewPage:
    """The actor's own review with the work. Six queries, whatever there is.

    :raises NotFound: if it is not theirs.
    """
    one = held(session, actor, placement_id, review_id)
    review, settings = one.review, one.running.settings
    kept = Kept.read(review.answers)
    submitted = Answers.read(review.answers)
    answers = submitted if kept.change is None else Answers.read(kept.change)
    words = session.get(Contribution, review.contribution_id) if review.contribution_id else None
    names_hidden = not gates.shows_reviewers(settings, one.running.phase)
    work = _work(session, actor, one)
    return ReviewPage(
        id=review.id,
        stage=one.stage,
        source=review.source,
        work_id=one.work.id,
        work_alias=one.work.alias,
        work=work,
        authors=work.authors if work is not None else _names(session, one),
        rubric=one.rubric,
        answers=answers,
        submitted=submitted if kept.change is not None else None,
        sequence=review.sequence,
        saved_at=kept.at,
        submitted_at=review.submitted_at,
        leased_until=review.leased_until,
        due_at=gates.review_due(settings, one.extension),
        minutes=settings.minutes,
        least=settings.comment_least,
        shown_as=_("Reviewer %(number)d", number=review.alias) if names_hidden else "",
        is_revealed=names_hidden and settings.reveal is Reveal.RELEASED,
        note=review.note,
        words_state=words.state if words else None,
        words_note=words.note if words else "",
    )


def _work(session: Session, actor: Actor, one: Held) -> WorkView | None:
    if one.stage not in _READING or not stands(one.review.source, one.work):
        return None
    return work_view(session, actor, one.running, one.work.id)


def _names(session: Session, one: Held) -> tuple[str, ...]:
    """Whose work they had before them."""
    if not gates.shows_authors(one.running.settings, one.running.phase):
        return ()
    return author_names(session, [one.work.id]).get(one.work.id, ())


@dataclass(frozen=True, kw_only=True)
class Reached:
    """What a review says by one criterion."""

    criterion: str
    level: str
    points: float
    most: float


@dataclass(frozen=True, kw_only=True)
class ReadPage:
    """A finished review, to be read by staff, and by who wrote it."""

    id: int
    source: Source
    is_mine: bool
    is_voided: bool
    reviewer_name: str
    """Empty for the reviewer themselves."""
    work_id: int
    work_alias: int
    authors: tuple[str, ...]
    """Their names; none where they are hidden from who reads."""
    reached: tuple[Reached, ...]
    points: float
    most: float
    html: str
    words_state: State
    words_note: str
    submitted_at: datetime | None
    minutes: int
    """How long its page was worked on."""
    note: str
    """Why it was taken out of the count."""
    changes_until: datetime | None
    may_change: bool


def read_page(session: Session, actor: Actor, placement_id: int, review_id: int) -> ReadPage:
    """A finished review. Authors read those of their work on their own page, experts and stewards among them, too.

    :raises NotFound: if there is none, or it is neither theirs nor do they moderate.
    """
    here = running(session, actor, placement_id)
    review, work, rubric = review_at(session, actor, placement_id, review_id)
    is_mine = review.reviewer_id == actor.user_id
    oversees = access.runs(actor) or (
        actor.moderates and actor.user_id not in authors_of(session, review.work_id)
    )
    if not (is_mine or oversees) or review.state not in access.FINISHED:
        raise NotFound(_("There is no finished review at this address."), reason=f"review {review_id}")
    one = held(session, actor, placement_id, review_id) if is_mine else None
    words = session.execute(
        select(Contribution.html, Contribution.state, Contribution.note, User.name)
        .join(User, User.id == Contribution.author_id)
        .where(Contribution.id == review.contribution_id)
    ).one()
    reached = tuple(_reached(rubric, Answers.read(review.answers)))
    return ReadPage(
        id=review.id,
        source=review.source,
        is_mine=is_mine,
        is_voided=review.state is ReviewState.VOIDED,
        reviewer_name="" if is_mine else _reviewer(actor, here, review, words.name),
        work_id=review.work_id,
        work_alias=work.alias,
        authors=_authors(session, actor, here, review),
        reached=reached,
        points=review.points or 0.0,
        most=total(line.most for line in reached),
        html=words.html,
        words_state=words.state,
        words_note=words.note if is_mine or actor.moderates else "",
        submitted_at=review.submitted_at,
        minutes=review.seconds // 60,
        note=review.note,
        changes_until=gates.review_due(here.settings, one.extension) if one else None,
        may_change=one is not None and one.stage is Stage.CHANGING,
    )


def _reviewer(actor: Actor, here: Running, review: Review, name: str) -> str:
    """What the actor may call whoever wrote it."""
    if access.sees_names(actor) or gates.shows_reviewers(here.settings, here.phase):
        return name
    return _("Reviewer %(number)s", number=review.alias)


def _authors(session: Session, actor: Actor, here: Running, review: Review) -> tuple[str, ...]:
    try:
        return tuple(work_view(session, actor, here, review.work_id).authors)
    except NotFound:  # the work was withdrawn since: its reviewer does not see it any more
        return ()


def _reached(rubric: Collection[Criterion], answers: Answers) -> list[Reached]:
    found = []
    for index, line in enumerate(rubric):
        level = answers.levels.get(index)
        if level is not None and 0 <= level < len(line.levels):
            text, points = line.levels[level]
            found.append(Reached(criterion=line.title, level=text, points=points, most=line.most))
    return found


def rubric_of(session: Session, actor: Actor, placement_id: int, review_id: int) -> tuple[Criterion, ...]:
    """What a review is made by. One query.

    :raises NotFound: if there is no such review.
    """
    return review_at(session, actor, placement_id, review_id)[2]
