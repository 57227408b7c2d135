"""The posts of a thread, in reading order."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, case, func, literal, select
from sqlalchemy.orm import Session, aliased

from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.lms.identity.prepared import AnyActor, ids_of
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.engagement import ranking
from lmssocial.social.engagement.models import Mark, Tally
from lmssocial.widgets.discussion import access
from lmssocial.widgets.discussion.models import Post, ReadMark, Thread
from lmssocial.widgets.discussion.queries.linked import is_linked

_Parent, _Answered, _AnsweredAuthor = aliased(Post), aliased(Contribution), aliased(User)

POSTS = 50
"""Posts on a page of a thread."""

CONTEXT = 5
"""Posts shown before one that was asked for by its address."""

Statement = Any
"""A ``Select``: its type parameters are written differently in SQLAlchemy 2.0 and 2.1."""


class PostView(NamedTuple):
    """A post as a page shows it. Everything in it is a plain value, so that what was made of it can be kept."""

    id: int
    number: int | None
    depth: int
    parent_number: int | None
    parent_author: str | None
    author_id: int
    author_name: str
    author_role: str
    state: State
    html: str
    """Empty if the person may not read the words."""
    note: str
    """What its author and moderators are told about its state; empty for everybody else."""
    at: datetime
    """When it was published, or written if it was not."""
    edited_at: datetime | None
    removed_by_author: bool
    solves: bool
    """Whether the asker said that it solved the question."""
    helpful: int
    """How many people it helped."""
    endorsed: int
    """How many SMEs and instructors say that it is right."""
    special: int
    """How many people mentioned it specially."""
    stars_count: int
    stars_sum: int
    says_helpful: bool
    """Whether the person themselves marked it, and so the next three."""
    saves: bool
    endorses: bool
    stars: int
    """The person's own rating; 0 if they gave none."""
    is_linked: bool = False
    """Whether other posts link to it."""


@dataclass(frozen=True)
class Window:
    """Which part of a thread a page shows: from its beginning, or where one of these numbers says."""

    after: int | None = None
    before: int | None = None
    at: int | None = None


@dataclass(frozen=True)
class PostPage:
    """Part of a thread."""

    posts: tuple[PostView, ...]
    has_later: bool

    @property
    def has_earlier(self) -> bool:
        """Whether there are posts before these; post 1 always comes first."""
        return bool(self.posts) and self.posts[0].number != 1


def posts(session: Session, actor: Actor, thread_id: int, window: Window) -> PostPage:
    """The posts of a thread the actor sees, in reading order. One query, whatever the size of the thread."""
    begin = next((name for name in ("after", "before", "at") if getattr(window, name) is not None), "")
    values = {**ids_of(actor), "thread": thread_id} | ({"number": getattr(window, begin)} if begin else {})
    rows = _rows(session, _posts(begin, moderates=actor.moderates), values)
    if begin == "before":
        return PostPage(tuple(reversed(rows[:POSTS])), has_later=True)
    return PostPage(tuple(rows[:POSTS]), has_later=len(rows) > POSTS)


def best_first(session: Session, actor: Actor, thread_id: int) -> PostPage:
    """The opening and the best answers to it: what solved the question, what is endorsed, what helped most.

    There is one page: whoever reads on, reads in the order of the thread. Which answers stand on it is a matter of how
    many people they helped; in which order, of how many of those who read that far (Wilson's bound): what was written
    late has had fewer readers. One query, and a second one if an answer helped anybody.
    """
    values = {**ids_of(actor), "thread": thread_id}
    rows = _rows(session, _best(moderates=actor.moderates), values)
    opening, answers = rows[:1], rows[1:POSTS]
    if any(post.helpful for post in answers):
        marks = _how_far(session, thread_id)
        answers = ranking.best_first(answers, lambda post: _standing(post, marks))
    return PostPage((*opening, *answers), has_later=len(rows) > POSTS)


def _how_far(session: Session, thread_id: int) -> list[tuple[int, int]]:
    """Up to which number people have read a thread, and how many each. One query."""
    rows = session.execute(
        select(ReadMark.last_read_number, func.count())
        .where(ReadMark.thread_id == thread_id)
        .group_by(ReadMark.last_read_number)
    )
    return [(number, people) for number, people in rows]


def _standing(post: PostView, marks: list[tuple[int, int]]) -> ranking.Standing:
    readers = sum(people for number, people in marks if number >= (post.number or 0))
    return ranking.Standing(
        solves=post.solves,
        endorsed=post.endorsed,
        helpful=post.helpful,
        readers=max(0, readers - 1),  # its author has read it, too
        stars_count=post.stars_count,
        stars_sum=post.stars_sum,
    )


def one_post(session: Session, actor: Actor, thread_id: int, post_id: int) -> PostView:
    """One post of a thread. Whoever calls this knows that the actor sees it. One query."""
    values = {**ids_of(actor), "thread": thread_id, "post": post_id}
    return _rows(session, _one(moderates=actor.moderates), values)[0]


def waiting_posts(session: Session, actor: Actor, thread_id: int) -> tuple[PostView, ...]:
    """What waits for a moderator in a thread: the actor's own, and for staff everybody's. One query."""
    return tuple(_rows(session, _waiting(moderates=actor.moderates), {**ids_of(actor), "thread": thread_id}))


def _rows(session: Session, statement: Statement, values: dict[str, Any]) -> list[PostView]:
    return [PostView._make(row) for row in session.connection().execute(statement, values)]


@cache
def _posts(begin: str, *, moderates: bool) -> Statement:
    statement = _posts_for(AnyActor(moderates)).where(Post.path.is_not(None)).limit(POSTS + 1)
    if begin == "before":
        return statement.where(Post.path < _path_of_number()).order_by(Post.path.desc())
    if begin == "after":
        statement = statement.where(Post.path > _path_of_number())
    elif begin == "at":
        statement = statement.where(Post.path >= _path_before_number())
    return statement.order_by(Post.path)


@cache
def _best(*, moderates: bool) -> Statement:
    solves, helpful, endorsed = _MARKS[:3]
    return (
        _posts("", moderates=moderates)
        .order_by(None)
        .order_by(
            Post.parent_id.is_(None).desc(), solves.desc(), (endorsed > 0).desc(), helpful.desc(), Post.path
        )
    )


@cache
def _one(*, moderates: bool) -> Statement:
    return _posts_for(AnyActor(moderates)).where(Post.contribution_id == bindparam("post"))


@cache
def _waiting(*, moderates: bool) -> Statement:
    actor = AnyActor(moderates)
    return _posts_for(actor).where(is_waiting_for(actor)).order_by(Contribution.id).limit(POSTS)


_MARKS = (
    func.coalesce(Thread.solved_id == Post.contribution_id, literal(value=False)),
    func.coalesce(Tally.helpful, 0),
    func.coalesce(Tally.endorsed, 0),
    func.coalesce(Tally.specially_mentioned, 0),
    func.coalesce(Tally.stars_count, 0),
    func.coalesce(Tally.stars_sum, 0),
    Mark.helpful_at.is_not(None),
    Mark.saved_at.is_not(None),
    Mark.endorsed_at.is_not(None),
    func.coalesce(Mark.stars, 0),
)
"""What people said about a post, and the person who looks at it among them."""


def _posts_for(actor: AnyActor) -> Statement:
    """The columns of :class:`PostView`; words and notes stay in the database if the actor may not read them."""
    readable = and_(access.words_read_by(actor), Contribution.state != State.REMOVED)
    told = literal(value=True) if actor.moderates else Contribution.author_id == actor.user_id
    return (
        select(
            Contribution.id,
            Post.number,
            Post.depth,
            _Parent.number,
            _AnsweredAuthor.name,
            Contribution.author_id,
            User.name,
            Contribution.author_role,
            Contribution.state,
            case((readable, Contribution.html), else_=""),
            case((told, Contribution.note), else_=""),
            func.coalesce(Contribution.published_at, Contribution.created_at),
            Contribution.edited_at,
            func.coalesce(Contribution.removed_by_id == Contribution.author_id, literal(value=False)),
            *_MARKS,
            is_linked(),
        )
        .select_from(Post)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Contribution, Contribution.id == Post.contribution_id)
        .outerjoin(Tally, Tally.contribution_id == Post.contribution_id)
        .outerjoin(Mark, and_(Mark.contribution_id == Post.contribution_id, Mark.user_id == actor.user_id))
        .join(User, User.id == Contribution.author_id)
        .outerjoin(_Parent, _Parent.contribution_id == Post.parent_id)
        .outerjoin(_Answered, _Answered.id == Post.parent_id)
        .outerjoin(_AnsweredAuthor, _AnsweredAuthor.id == _Answered.author_id)
        .where(Post.thread_id == bindparam("thread"), access.posts_open(actor))
    )


def is_waiting_for(actor: AnyActor) -> ColumnElement[bool]:
    """What waits and the actor is told of: their own, and staff everybody's."""
    waits = and_(Post.number.is_(None), Contribution.state.in_(access.WAITING))
    return waits if actor.moderates else and_(waits, Contribution.author_id == actor.user_id)


def _path_of_number() -> Any:
    return (
        select(Post.path)
        .where(Post.thread_id == bindparam("thread"), Post.number == bindparam("number"))
        .scalar_subquery()
    )


def _path_before_number() -> Any:
    """The path a few posts before a number, so that it is seen in its surroundings."""
    before = (
        select(Post.path)
        .where(Post.thread_id == bindparam("thread"), Post.path <= _path_of_number())
        .order_by(Post.path.desc())
        .limit(CONTEXT + 1)
        .subquery()
    )
    return select(func.min(before.c.path)).scalar_subquery()
