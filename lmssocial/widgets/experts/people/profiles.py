"""What somebody sees of themselves on the page where they say how they want to be asked."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.content.models import State
from lmssocial.widgets.experts.models import Reach
from lmssocial.widgets.experts.people import bios, rows
from lmssocial.widgets.experts.people.drafts import ProfileDraft
from lmssocial.widgets.experts.people_models import Block, Pause, Profile
from lmssocial.widgets.experts.topic_models import Topic


@dataclass(frozen=True, kw_only=True)
class Blocked:
    """Somebody whose questions one does not want."""

    user_id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class OwnProfile:
    """How somebody may be asked, as they read and change it themselves."""

    draft: ProfileDraft
    """As it stands."""
    is_listed: bool
    """Whether anybody may ask them."""
    opted_by: str
    """The staff member who asked them to be an expert; empty if they said so themselves."""
    bio_state: State | None
    bio_note: str
    """Why others do not read what they say of themselves, if they do not."""
    paused_until: datetime | None
    paused_by_silence: bool
    """Whether they were paused because they did not answer invitations."""
    blocked: tuple[Blocked, ...]


def own(session: Session, actor: Actor) -> OwnProfile:
    """The actor's profile in their community; what anybody has who never said anything. A fixed number of queries."""
    person = rows.person_of(session, actor.user_id)
    profile = session.get(Profile, (actor.community_id, actor.user_id))
    words = bios.before(session, profile)
    declared = rows.declared(session, actor)
    reach = profile.reach if profile else Reach.NONE
    paused = person.paused_until is not None and person.paused_until > clock.now()
    return OwnProfile(
        draft=ProfileDraft(
            reach=reach,
            topics=_labels(session, [row.topic_id for row in declared]),
            bio=words.source if words else "",
            languages=tuple(person.languages.split()),
            zone=person.zone,
            opens=person.opens,
            closes=person.closes,
            days=person.days,
            most_open=person.most_open,
            most_week=person.most_week,
            connects=profile.connects if profile else False,
            meeting_place=person.meeting_place,
            seen=rows.fingerprint(person, profile, words, [row.topic_id for row in declared]),
        ),
        is_listed=reach is not Reach.NONE,
        opted_by=_opted_by(session, actor, profile),
        bio_state=words.state if words else None,
        bio_note=words.note if words and words.state is not State.PUBLISHED else "",
        paused_until=person.paused_until if paused else None,
        paused_by_silence=paused and person.paused_by is Pause.SILENCE,
        blocked=_blocked(session, actor),
    )


def unblock(session: Session, actor: Actor, asker_id: int) -> bool:
    """Take questions of somebody again; says whether they were blocked."""
    found = session.get(Block, (actor.user_id, asker_id))
    if found is None:
        return False
    session.delete(found)
    return True


def _labels(session: Session, topic_ids: list[int]) -> tuple[str, ...]:
    """The names of topics that still take something new."""
    if not topic_ids:
        return ()
    found = select(Topic.label).where(
        Topic.id.in_(topic_ids), Topic.retired_at.is_(None), Topic.merged_into_id.is_(None)
    )
    return tuple(session.scalars(found.order_by(Topic.label)))


def _opted_by(session: Session, actor: Actor, profile: Profile | None) -> str:
    if profile is None or profile.opted_by_id in {None, actor.user_id} or profile.reach is Reach.NONE:
        return ""
    return session.scalar(select(User.name).where(User.id == profile.opted_by_id)) or ""


def _blocked(session: Session, actor: Actor) -> tuple[Blocked, ...]:
    found = session.execute(
        select(User.id, User.name)
        .join(Block, Block.asker_id == User.id)
        .where(Block.user_id == actor.user_id)
        .order_by(User.name, User.id)
    )
    return tuple(Blocked(user_id=row[0], name=row[1]) for row in found)
