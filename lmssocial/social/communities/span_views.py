"""Communities across courses as staff of a course see them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities import access
from lmssocial.social.communities.models import Affiliation, Community, Kind, Span


@dataclass(frozen=True)
class Course:
    """A course in a community across courses."""

    community_id: int
    title: str
    joined_at: datetime


@dataclass(frozen=True, kw_only=True)
class SpanView:
    """A community across courses as staff of a course in it see it."""

    id: int
    title: str
    about: str
    kind: Kind
    has_code: bool
    """Whether another course can join at present."""
    courses: tuple[Course, ...]
    """All of them, the first one first."""


def spans_of(session: Session, actor: Actor) -> list[SpanView]:
    """The communities across courses that the actor's course is in, with all their courses, by title. Two queries.

    :raises NotAllowed: unless they are an instructor or administrator.
    """
    access.require_can_span(actor)
    spans = session.execute(
        select(Span, Community)
        .join(Community, Community.id == Span.community_id)
        .join(Affiliation, Affiliation.span_id == Span.community_id)
        .where(Affiliation.community_id == actor.community_id, Community.tenant_id == actor.tenant_id)
        .order_by(func.lower(Community.title), Community.id)
    ).all()
    courses = _courses_of(session, [span.Community.id for span in spans])
    return [
        SpanView(
            id=span.Community.id,
            title=span.Community.title,
            about=span.Span.about,
            kind=span.Community.kind,
            has_code=bool(span.Span.code_hash),
            courses=tuple(courses.get(span.Community.id, ())),
        )
        for span in spans
    ]


def span_of(session: Session, actor: Actor, span_id: int) -> SpanView:
    """One of :func:`spans_of`.

    :raises NotAllowed: unless the actor is an instructor or administrator.
    :raises NotFound: if their course is not in it.
    """
    for span in spans_of(session, actor):
        if span.id == span_id:
            return span
    raise NotFound(
        _("Your course is not in this community any more."),
        reason=f"community {actor.community_id} is not in span {span_id}",
    )


def _courses_of(session: Session, span_ids: list[int]) -> dict[int, list[Course]]:
    """The courses of some communities, by these, in the order in which they joined; no query for none."""
    found: dict[int, list[Course]] = {}
    if not span_ids:
        return found
    rows = session.execute(
        select(Affiliation.span_id, Community.id, Community.title, Affiliation.joined_at)
        .join(Community, Community.id == Affiliation.community_id)
        .where(Affiliation.span_id.in_(span_ids))
        .order_by(Affiliation.joined_at, Community.id)
    )
    for row in rows:
        found.setdefault(row.span_id, []).append(Course(row.id, row.title, row.joined_at))
    return found
