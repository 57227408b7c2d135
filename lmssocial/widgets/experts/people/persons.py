"""The page of one person who answers questions: what they say of themselves, and how it is known what they know."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, select
from sqlalchemy.orm import Session, aliased

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.content.models import Contribution, State
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.models import Reach
from lmssocial.widgets.experts.people import rules
from lmssocial.widgets.experts.people.levels import TO_CONFIRM, Known, Standing, known
from lmssocial.widgets.experts.people.queries import people
from lmssocial.widgets.experts.people.seeing import Circle, seen_by
from lmssocial.widgets.experts.people_models import Endorsement, Expertise, Profile
from lmssocial.widgets.experts.topic_models import Topic
from lmssocial.widgets.experts.topics.clauses import knows

_Appointer, _Confirmer = aliased(User), aliased(User)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What somebody says, by name, about what another one knows."""

    id: int
    by_id: int
    by_name: str
    why: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TopicShown:
    """A topic that somebody knows about, and everything by which that is known."""

    topic_id: int
    label: str
    known: Known
    sme_by: str
    """Who appointed them, if anybody did and the reader may know."""
    confirmed_by: str
    said: tuple[Said, ...]
    """Endorsements, the first one first; none for readers of other courses, who do not see who is there."""
    suspended: bool
    """Whether they do not want to be asked about it."""

    @property
    def standing(self) -> Standing:
        """In one word."""
        return self.known.standing

    @property
    def may_be_confirmed(self) -> bool:
        """Whether a steward should look at it."""
        return self.known.endorsements >= TO_CONFIRM and not self.known.confirmed


@dataclass(frozen=True, kw_only=True)
class PersonPage:
    """Somebody who answers questions; or a member of the course, for those who look after it."""

    user_id: int
    name: str
    is_me: bool
    is_here: bool
    """Whether they are in the reader's course, where they can be endorsed and appointed."""
    whence: str
    """Where they come from, if from elsewhere, in words that give away no course."""
    reach: Reach
    bio_html: str
    languages: tuple[str, ...]
    paused_until: datetime | None
    reply_hours: float | None
    topics: tuple[TopicShown, ...]


def person(session: Session, actor: Actor, circle: Circle, user_id: int) -> PersonPage:
    """Somebody as the actor may see them. A fixed number of queries.

    :raises NotFound: if there is nobody of that id, or they may not be seen.
    """
    row = _seen(session, actor, circle, user_id) or _member(session, actor, user_id)
    if row is None:
        raise NotFound(_("There is nobody at this address."), reason=f"{actor.user_id} sees no {user_id}")
    is_here, now = row.community_id == actor.community_id, clock.now()
    return PersonPage(
        user_id=user_id,
        name=row.name,
        is_me=user_id == actor.user_id,
        is_here=is_here,
        whence=circle.whence(actor, row.community_id),
        reach=row.reach or Reach.NONE,
        bio_html=_bio(session, row.bio_id),
        languages=tuple((row.languages or "").split()),
        paused_until=row.paused_until if row.paused_until and row.paused_until > now else None,
        reply_hours=row.reply_hours,
        topics=_topics(session, row.community_id, user_id, is_here=is_here, own=user_id == actor.user_id),
    )


def to_confirm(session: Session, actor: Actor) -> list[tuple[int, str, TopicShown]]:
    """People with three endorsements or more that no steward has looked at: id, name, topic. Two queries.

    :raises NotAllowed: unless the actor looks after topics.
    """
    access.require_looks_after(actor)
    rows = session.execute(
        _expertise()
        .add_columns(User.name.label("person_name"))
        .join(User, User.id == Expertise.user_id)
        .where(
            Expertise.community_id == actor.community_id,
            Expertise.endorsements >= TO_CONFIRM,
            Expertise.confirmed_at.is_(None),
            Expertise.user_id != actor.user_id,
            Topic.merged_into_id.is_(None),
        )
        .order_by(User.name, User.id, Topic.label)
        .limit(50)
    ).all()
    said = _said(session, actor.community_id, {row.Expertise.user_id for row in rows})
    return [
        (row.Expertise.user_id, row.person_name, _shown(row, said.get(_key(row.Expertise), ())))
        for row in rows
    ]


def _seen(session: Session, actor: Actor, circle: Circle, user_id: int) -> Any:
    nearest = case(
        (Profile.community_id == actor.community_id, 0), (Profile.reach == Reach.ORGANISATION, 1), else_=2
    )
    statement = people().where(Profile.user_id == user_id, seen_by(actor, circle))
    return session.execute(statement.order_by(nearest, Profile.community_id).limit(1)).first()


@dataclass(frozen=True, kw_only=True)
class _Member:
    """Somebody in the course who may be no expert at all."""

    community_id: int
    name: str
    reach: Reach
    bio_id: int | None = None
    languages: str = ""
    paused_until: datetime | None = None
    reply_hours: float | None = None


def _member(session: Session, actor: Actor, user_id: int) -> _Member | None:
    """A member of the course who did not offer themselves: only for themselves, and for those who look after topics."""
    if user_id != actor.user_id and not access.looks_after(actor):
        return None
    found = session.scalar(rules.member(actor, user_id))
    if found is None:
        return None
    return _Member(community_id=actor.community_id, name=found.name, reach=Reach.NONE)


def _bio(session: Session, bio_id: int | None) -> str:
    if bio_id is None:
        return ""
    found = session.scalar(
        select(Contribution.html).where(Contribution.id == bio_id, Contribution.state == State.PUBLISHED)
    )
    return found or ""


def _topics(
    session: Session, community_id: int, user_id: int, *, is_here: bool, own: bool
) -> tuple[TopicShown, ...]:
    shown = _expertise().where(
        Expertise.community_id == community_id,
        Expertise.user_id == user_id,
        Topic.merged_into_id.is_(None),
        Topic.retired_at.is_(None),
    )
    rows = session.execute((shown if own else shown.where(knows())).order_by(Topic.label, Topic.id)).all()
    said = _said(session, community_id, [user_id]) if is_here else {}
    topics = (_shown(row, said.get(_key(row.Expertise), ()), named=is_here) for row in rows)
    return tuple(one for one in topics if one.standing is not Standing.NONE or one.suspended)


def _expertise() -> Any:
    return (
        select(
            Expertise,
            Topic.label,
            _Appointer.name.label("sme_by"),
            _Confirmer.name.label("confirmed_by"),
        )
        .join(Topic, Topic.id == Expertise.topic_id)
        .outerjoin(_Appointer, _Appointer.id == Expertise.appointed_by_id)
        .outerjoin(_Confirmer, _Confirmer.id == Expertise.confirmed_by_id)
    )


def _said(
    session: Session, community_id: int, user_ids: Iterable[int]
) -> dict[tuple[int, int], tuple[Said, ...]]:
    """Endorsements of some people, by topic and person."""
    rows = session.execute(
        select(Endorsement, User.name)
        .join(User, User.id == Endorsement.by_id)
        .where(Endorsement.community_id == community_id, Endorsement.user_id.in_(sorted(user_ids)))
        .order_by(Endorsement.at, Endorsement.id)
    )
    found: dict[tuple[int, int], tuple[Said, ...]] = {}
    for row, name in rows:
        one = Said(id=row.id, by_id=row.by_id, by_name=name, why=row.why, at=row.at)
        found[_key(row)] = (*found.get(_key(row), ()), one)
    return found


def _key(row: Expertise | Endorsement) -> tuple[int, int]:
    return row.topic_id, row.user_id


def _shown(row: Any, said: tuple[Said, ...], *, named: bool = True) -> TopicShown:
    return TopicShown(
        topic_id=row.Expertise.topic_id,
        label=row.label,
        known=known(row.Expertise),
        sme_by=(row.sme_by or "") if named else "",
        confirmed_by=(row.confirmed_by or "") if named else "",
        said=said,
        suspended=row.Expertise.suspended_at is not None,
    )
