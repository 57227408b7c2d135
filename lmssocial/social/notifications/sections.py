"""What one person is told in a message, community by community, worded for them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Community
from lmssocial.social.engagement.models import Follow
from lmssocial.social.engagement.models import Level as Following
from lmssocial.social.engagement.via import Via, with_via
from lmssocial.social.notifications import recipients
from lmssocial.social.notifications.letters import MOST, Item, Section
from lmssocial.social.notifications.models import Notice
from lmssocial.social.notifications.ports import Registry, Worded
from lmssocial.social.notifications.queries import worded


class Followed(Protocol):
    """A widget's side of the digests."""

    def news(
        self, session: Session, actor: Actor, since: datetime, told: Collection[int]
    ) -> Sequence[Worded]:
        """What is new since then, and not read, in what ``actor`` follows in their community; the newest first.

        A constant number of queries. What ``actor`` may not read is not among it.

        :param told: contributions that notices have told them of.
        """


@dataclass(frozen=True)
class Said:
    """What a message says."""

    sections: tuple[Section, ...] = ()
    placement_id: int = 0
    """An activity from which the reader's settings can be reached."""


def of_notices(
    session: Session, registry: Registry, public_url: str, user_id: int, notices: Sequence[Notice]
) -> Said:
    """What notices say, without those whose target is gone or not open to the person any more."""
    return _said(session, registry, public_url, user_id, notices, {})


def of_digest(
    session: Session,
    registry: Registry,
    followed: Iterable[Followed],
    public_url: str,
    user_id: int,
    notices: Sequence[Notice],
    since: datetime,
) -> Said:
    """What notices say, and what is new since then in what the person follows."""
    communities = session.scalars(
        select(Follow.community_id)
        .distinct()
        .where(Follow.user_id == user_id, Follow.level == Following.FOLLOW)
    ).all()
    sides, told = tuple(followed), _told_of(session, user_id, since)
    news: dict[int, list[Worded]] = {}
    for community_id in communities:
        for actor in recipients.actors(session, community_id, [user_id]):
            news[community_id] = [one for side in sides for one in side.news(session, actor, since, told)]
    return _said(session, registry, public_url, user_id, notices, news)


def _told_of(session: Session, user_id: int, since: datetime) -> set[int]:
    """The contributions that somebody's notices have told of since then."""
    subjects = session.scalars(
        select(Notice.subject).where(Notice.user_id == user_id, Notice.changed_at > since)
    )
    return {int(one) for subject in subjects for one in subject.get("about", ())}


def _said(
    session: Session,
    registry: Registry,
    public_url: str,
    user_id: int,
    notices: Sequence[Notice],
    news: dict[int, list[Worded]],
) -> Said:
    by_community: dict[int, list[Notice]] = {}
    for notice in sorted(notices, key=lambda one: one.changed_at, reverse=True):
        by_community.setdefault(notice.community_id, []).append(notice)
    ids = list(dict.fromkeys([*by_community, *(one for one, items in news.items() if items)]))
    titles = {
        row.id: row.title
        for row in session.execute(select(Community.id, Community.title).where(Community.id.in_(ids)))
    }
    sections: list[Section] = []
    placement_id = 0
    for community_id in ids:
        own = by_community.get(community_id, [])
        items = _worded(session, registry, user_id, community_id, own)
        items += news.get(community_id, [])
        if items:
            placement_id = placement_id or _placement_of(items[0])
            sections.append(_section(titles.get(community_id, ""), items, public_url))
    return Said(tuple(sections), placement_id)


def _worded(
    session: Session, registry: Registry, user_id: int, community_id: int, notices: Sequence[Notice]
) -> list[Worded]:
    if not notices:
        return []
    for actor in recipients.actors(session, community_id, [user_id]):
        words = worded(session, registry, actor, notices)
        return [words[notice.id] for notice in notices if notice.id in words]
    return []  # they left the community


def _placement_of(one: Worded) -> int:
    """The activity under which it opens: every path begins with ``/w/<placement_id>/``."""
    part = one.path.split("/")[2]
    return int(part) if part.isdigit() else 0


def _section(title: str, items: Sequence[Worded], public_url: str) -> Section:
    shown = [
        Item(
            sentence=one.sentence,
            where=one.where,
            href=public_url + with_via(one.path, Via.DIGEST),
            excerpt=one.excerpt,
        )
        for one in items[:MOST]
    ]
    return Section(title or _("Your course"), shown, max(0, len(items) - MOST))
