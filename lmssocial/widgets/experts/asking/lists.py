"""The lists of questions: which ones, page by page, and by words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, func, select, tuple_
from sqlalchemy.orm import Session

from lmssocial.core.db import LARGEST_ID
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.content.models import Contribution
from lmssocial.social.content.models import State as Visible
from lmssocial.social.search.excerpts import Passage
from lmssocial.social.search.queries import Hits, search
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.asking import finding
from lmssocial.widgets.experts.invitation_models import Invitation, InvitationState
from lmssocial.widgets.experts.models import (
    Answer,
    Audience,
    Level,
    Question,
    QuestionTopic,
    State,
    Urgency,
)
from lmssocial.widgets.experts.topics import queries as topics

PAGE = 25
"""Questions on a page."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Show(StrEnum):
    """Which questions."""

    OPEN = "open"
    """Those that everybody who reads them may answer."""
    MINE = "mine"
    INVITED = "invited"
    """Those the actor was asked to answer."""
    ANSWERED = "answered"
    ALL = "all"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody asks of the list."""

    show: Show = Show.ALL
    topic_id: int | None = None
    words: str = ""
    """What has to stand in question or answers."""
    after: str = ""
    """Where the page before ended."""


@dataclass(frozen=True, kw_only=True)
class QuestionLine:
    """A question in a list."""

    id: int
    title: str
    asker_name: str
    asker_role: str
    is_mine: bool
    state: State
    visible: Visible
    """Whether its words are read yet."""
    level: Level
    audience: Audience
    urgency: Urgency
    opened_at: datetime
    answers: int
    """Published ones."""
    invitation: InvitationState | None
    """What became of the actor's own, if they were asked."""
    topics: tuple[tuple[int, str], ...]
    """Ids and names."""
    marked_title: tuple[Passage, ...] = ()
    """The title with the words that were looked for."""
    excerpt: tuple[Passage, ...] = ()


@dataclass(frozen=True, kw_only=True)
class QuestionList:
    """A page of a list."""

    questions: tuple[QuestionLine, ...]
    after: str
    """What to hand in to get the next page; empty if there is none."""
    corrected: str = ""
    """What these were found by, if nothing has the words as they were typed."""


def question_list(session: Session, actor: Actor, wanted: Wanted, *, limit: int = PAGE) -> QuestionList:
    """Questions that the actor reads and asks for, the newest first; by words those with them in the title first.

    Two queries; by words one more, and three more where nothing has them.
    """
    conditions = _chosen(actor, wanted)
    if wanted.words.strip():
        return _found(session, actor, wanted, conditions, limit)
    statement = _lines(actor).where(*conditions)
    if (place := _read_place(wanted.after)) is not None:
        statement = statement.where(tuple_(Question.opened_at, Question.id) < tuple_(*place))
    order = (Question.opened_at.desc(), Question.id.desc())
    rows = session.execute(statement.order_by(*order).limit(limit + 1)).all()
    after = _write_place(rows[limit - 1]) if len(rows) > limit else ""
    return QuestionList(questions=_as_lines(session, actor, rows[:limit]), after=after)


def _found(
    session: Session, actor: Actor, wanted: Wanted, conditions: Sequence[Any], limit: int
) -> QuestionList:
    where = finding.field(actor, *conditions)
    hits: Hits = search(session, actor, wanted.words, where, after=wanted.after, limit=limit)
    marks = {hit.subject_id: hit for hit in hits.hits}
    rows = session.execute(_lines(actor).where(Question.id.in_(marks))).all() if marks else []
    lines = {line.id: line for line in _as_lines(session, actor, rows, marks)}
    in_order = tuple(lines[number] for number in marks if number in lines)
    return QuestionList(questions=in_order, after=hits.after, corrected=hits.corrected)


def _chosen(actor: Actor, wanted: Wanted) -> list[Any]:
    chosen: list[Any] = [access.seen_by(actor), *_shown(actor, wanted.show)]
    if wanted.topic_id is not None:
        under = select(QuestionTopic.question_id).where(QuestionTopic.topic_id == wanted.topic_id)
        chosen.append(Question.id.in_(under))
    return chosen


def _shown(actor: Actor, show: Show) -> list[Any]:
    here = Question.community_id == actor.community_id
    if show is Show.MINE:
        return [here, Question.asker_id == actor.user_id]
    if show is Show.INVITED:
        return [
            Question.id.in_(
                select(Invitation.question_id).where(
                    Invitation.user_id == actor.user_id,
                    Invitation.community_id == actor.community_id,
                    Invitation.state.in_(access.READS),
                )
            )
        ]
    if show is Show.ANSWERED:
        return [here, Question.first_answer_at.is_not(None)]
    if show is Show.OPEN:
        return [here, open_to_all()]
    return [here]


def open_to_all() -> Any:
    """Whether everybody in the community may answer a question, as a WHERE clause on it and its words."""
    return and_(
        Question.state == State.OPEN,
        Question.level != Level.EXPERTS,
        Question.audience == Audience.EVERYBODY,
        select(Contribution.id)
        .where(Contribution.id == Question.contribution_id, Contribution.state == Visible.PUBLISHED)
        .correlate(Question)
        .exists(),
    )


def _lines(actor: Actor) -> Any:
    answer = Contribution.__table__.alias("answer")
    answers = (
        select(func.count())
        .select_from(Answer)
        .join(answer, answer.c.id == Answer.contribution_id)
        .where(Answer.question_id == Question.id, answer.c.state == Visible.PUBLISHED)
        .correlate(Question)
        .scalar_subquery()
    )
    return (
        select(
            Question.id,
            Question.asker_id,
            Question.state,
            Question.level,
            Question.audience,
            Question.urgency,
            Question.opened_at,
            Contribution.title,
            Contribution.state.label("visible"),
            Contribution.author_role,
            User.name,
            Invitation.state.label("invitation"),
            answers.label("answers"),
        )
        .join(Contribution, Contribution.id == Question.contribution_id)
        .join(User, User.id == Question.asker_id)
        .outerjoin(
            Invitation,
            and_(
                Invitation.question_id == Question.id,
                Invitation.user_id == actor.user_id,
                Invitation.community_id == actor.community_id,
            ),
        )
    )


def _as_lines(
    session: Session, actor: Actor, rows: Sequence[Any], marks: dict[int, Any] | None = None
) -> tuple[QuestionLine, ...]:
    under = topics_under(session, [row.id for row in rows])
    marks = marks or {}
    return tuple(
        QuestionLine(
            id=row.id,
            title=row.title,
            asker_name=row.name,
            asker_role=row.author_role,
            is_mine=row.asker_id == actor.user_id,
            state=row.state,
            visible=row.visible,
            level=row.level,
            audience=row.audience,
            urgency=row.urgency,
            opened_at=row.opened_at,
            answers=row.answers,
            invitation=row.invitation,
            topics=under.get(row.id, ()),
            marked_title=marks[row.id].title if row.id in marks else (),
            excerpt=marks[row.id].excerpt if row.id in marks else (),
        )
        for row in rows
    )


def topics_under(session: Session, question_ids: Sequence[int]) -> dict[int, tuple[tuple[int, str], ...]]:
    """Ids and names of the topics of some questions, by name. Two queries, none without questions."""
    if not question_ids:
        return {}
    pairs = session.execute(
        select(QuestionTopic.question_id, QuestionTopic.topic_id).where(
            QuestionTopic.question_id.in_(question_ids)
        )
    ).all()
    labels = topics.labels(session, {pair.topic_id for pair in pairs})
    found: dict[int, list[tuple[int, str]]] = {}
    for pair in pairs:
        found.setdefault(pair.question_id, []).append((pair.topic_id, labels.get(pair.topic_id, "")))
    return {number: tuple(sorted(own, key=lambda one: one[1].casefold())) for number, own in found.items()}


def _write_place(row: Any) -> str:
    """Where a page ended, as text for an address."""
    return f"{(row.opened_at - _EPOCH) // _MICROSECOND}_{row.id}"


def _read_place(text: str) -> tuple[datetime, int] | None:
    """What :func:`_write_place` wrote; ``None`` if it is anything else."""
    moment, _bar, number = text.partition("_")
    try:
        place = _EPOCH + int(moment) * _MICROSECOND, int(number)
    except (ValueError, OverflowError):
        return None
    return place if abs(place[1]) <= LARGEST_ID else None


def titles(session: Session, actor: Actor, question_ids: Sequence[int]) -> dict[int, str]:
    """The titles of those of some questions that the actor reads. One query."""
    rows = session.execute(
        select(Question.id, Contribution.title)
        .join(Contribution, Contribution.id == Question.contribution_id)
        .where(Question.id.in_(question_ids), access.seen_by(actor))
    )
    return {row.id: row.title for row in rows}
