"""Communities that span courses of one tenant: founded by one course, joined by others, left by each. No commits here.

Such a community has no members of its own: those of its courses are. What two courses share because of it is for the
rooms above to say; here stands only which are together.
"""

from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, aliased

from lmssocial.core import activity
from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities import access
from lmssocial.social.communities.events import SpanFounded, SpanJoined, SpanLeft
from lmssocial.social.communities.models import Affiliation, Community, Kind, Span
from lmssocial.social.communities.span_codes import WRONG_CODES, hash_of, new_code

_Mine, _Theirs = aliased(Affiliation), aliased(Affiliation)

MAX_TITLE = 120
MAX_ABOUT = 500
MOST = 20
"""Communities across courses that one course may be in."""
KINDS = (Kind.HORIZONTAL, Kind.VERTICAL)


@dataclass(frozen=True, kw_only=True)
class SpanDraft:
    """What somebody hands in to found a community across courses."""

    title: str
    about: str
    kind: str
    """One of :data:`KINDS`."""


@dataclass(frozen=True)
class Founded:
    """A community across courses that is new."""

    span_id: int
    code: str
    """With which another course joins; nowhere else does it stand in these letters."""


@dataclass(frozen=True)
class Left:
    """What became of a community across courses that a course left."""

    title: str
    ended: bool
    """Whether it was the last one there."""


def together(session: Session, community_id: int) -> dict[int, str]:
    """The communities that are together with one, without itself, by their ids → what joins them. One query.

    Where several communities across courses join two, the first by title is named.
    """
    rows = session.execute(
        select(_Theirs.community_id, Community.title)
        .join(_Mine, _Mine.span_id == _Theirs.span_id)
        .join(Community, Community.id == _Theirs.span_id)
        .where(_Mine.community_id == community_id, _Theirs.community_id != community_id)
        .order_by(Community.title, Community.id)
    )
    found: dict[int, str] = {}
    for other_id, title in rows:
        found.setdefault(other_id, title)
    return found


def titles(session: Session, community_id: int) -> dict[int, str]:
    """The communities across courses that the community of a course is in, by their ids, by title. One query."""
    rows = session.execute(
        select(Community.id, Community.title)
        .join(Affiliation, Affiliation.span_id == Community.id)
        .where(Affiliation.community_id == community_id)
        .order_by(func.lower(Community.title), Community.id)
    )
    return {row.id: row.title for row in rows}


def found(session: Session, actor: Actor, draft: SpanDraft) -> Founded:
    """Found a community across courses, with the actor's course as the first in it.

    :raises NotAllowed: unless they are an instructor or administrator.
    :raises Invalid: if the title is empty, something is too long, or there is no such kind.
    :raises Conflict: if the course is in one of that title, or in very many.
    """
    access.require_can_span(actor)
    title, about, kind = _checked(draft)
    _require_room(session, actor, title)
    now, code = clock.now(), new_code()
    community = Community(tenant_id=actor.tenant_id, course_id=None, kind=kind, title=title, created_at=now)
    session.add(community)
    session.flush()  # the span needs its id
    session.add(
        Span(
            community_id=community.id,
            about=about,
            code_hash=hash_of(code),
            founded_by_id=actor.user_id,
            founded_at=now,
        )
    )
    session.flush()
    session.add(
        Affiliation(
            span_id=community.id,
            community_id=actor.community_id,
            joined_by_id=actor.user_id,
            joined_at=now,
        )
    )
    session.flush()
    activity.record(session, SpanFounded(**actor.envelope, span_id=community.id, kind=kind))
    return Founded(community.id, code)


def join(session: Session, actor: Actor, code: str) -> Community:
    """Let the actor's course join by a code that staff of a course in it gave away; gives what it joined.

    :raises NotAllowed: unless they are an instructor or administrator.
    :raises Invalid: if nothing in their tenant has this code, or they tried many.
    :raises Conflict: if the course is in it already, or in very many.
    """
    access.require_can_span(actor)
    WRONG_CODES.require_few(actor.user_id)
    row = session.execute(
        select(Span, Community)
        .join(Community, Community.id == Span.community_id)
        .where(Span.code_hash == hash_of(code), Span.code_hash != "", Community.tenant_id == actor.tenant_id)
        .with_for_update(of=Span)
    ).first()
    if row is None:
        WRONG_CODES.note(actor.user_id)
        raise Invalid(
            _("No community of courses has this code. Ask the colleague who gave it to you for a new one.")
        )
    if row.Community.id in (mine := titles(session, actor.community_id)):
        raise Conflict(_("Your course is in “%(title)s” already.", title=row.Community.title))
    _require_few(mine)
    insert_if_absent(
        session,
        Affiliation,
        {
            "span_id": row.Community.id,
            "community_id": actor.community_id,
            "joined_by_id": actor.user_id,
            "joined_at": clock.now(),
        },
        [Affiliation.span_id, Affiliation.community_id],
    )
    activity.record(session, SpanJoined(**actor.envelope, span_id=row.Community.id))
    return row.Community  # type: ignore[no-any-return]  # a row of two models


def renew_code(session: Session, actor: Actor, span_id: int) -> str:
    """Another code for a community across courses; the one before opens nothing any more.

    :raises NotAllowed: unless the actor is an instructor or administrator.
    :raises NotFound: if their course is not in it.
    """
    access.require_can_span(actor)
    span, _community = _require(session, actor, span_id)
    code = new_code()
    span.code_hash = hash_of(code)
    return code


def close(session: Session, actor: Actor, span_id: int) -> None:
    """Let no further course join, until somebody makes another code.

    :raises NotAllowed: unless the actor is an instructor or administrator.
    :raises NotFound: if their course is not in it.
    """
    access.require_can_span(actor)
    span, _community = _require(session, actor, span_id)
    span.code_hash = ""


def leave(session: Session, actor: Actor, span_id: int) -> Left:
    """Take the actor's course out. With the last course, the community across courses ends.

    :raises NotAllowed: unless the actor is an instructor or administrator.
    :raises NotFound: if their course is not in it.
    """
    access.require_can_span(actor)
    span, community = _require(session, actor, span_id)
    title = community.title
    session.execute(
        delete(Affiliation).where(
            Affiliation.span_id == span_id, Affiliation.community_id == actor.community_id
        )
    )
    others = select(Affiliation.community_id).where(Affiliation.span_id == span_id).limit(1)
    ended = session.scalar(others) is None
    if ended:
        session.delete(span)
        session.flush()
        session.delete(community)
        session.flush()
    activity.record(session, SpanLeft(**actor.envelope, span_id=span_id, ended=ended))
    return Left(title, ended)


def _checked(draft: SpanDraft) -> tuple[str, str, Kind]:
    title, about = " ".join(draft.title.split()), " ".join(draft.about.split())
    if not title:
        raise Invalid(_("Give it a title."))
    if len(title) > MAX_TITLE or len(about) > MAX_ABOUT:
        raise Invalid(
            _(
                "A title has at most %(title)d characters, what it is about %(about)d.",
                title=MAX_TITLE,
                about=MAX_ABOUT,
            )
        )
    if draft.kind not in KINDS:
        raise Invalid(_("Say what these courses have in common."))
    return title, about, Kind(draft.kind)


def _require_room(session: Session, actor: Actor, title: str) -> None:
    mine = titles(session, actor.community_id)
    if title.casefold() in {other.casefold() for other in mine.values()}:
        raise Conflict(_("Your course is in a community of this title already."))
    _require_few(mine)


def _require_few(mine: dict[int, str]) -> None:
    if len(mine) >= MOST:
        raise Conflict(_("Your course is in %(most)d communities already; more do not fit.", most=MOST))


def _require(session: Session, actor: Actor, span_id: int) -> tuple[Span, Community]:
    """A community across courses that the actor's course is in, locked until the transaction ends."""
    row = session.execute(
        select(Span, Community)
        .join(Community, Community.id == Span.community_id)
        .join(Affiliation, Affiliation.span_id == Span.community_id)
        .where(
            Span.community_id == span_id,
            Affiliation.community_id == actor.community_id,
            Community.tenant_id == actor.tenant_id,
        )
        .with_for_update(of=Span)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound(
            _("Your course is not in this community any more."),
            reason=f"community {actor.community_id} is not in span {span_id}",
        )
    return row.Span, row.Community
