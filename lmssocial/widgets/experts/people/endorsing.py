"""What others say somebody knows: endorsements, confirmed by stewards, and appointments. Nothing here commits."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.activity.record import record
from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import User
from lmssocial.social.engagement import sentences
from lmssocial.social.moderation.screening import Screen
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.models import Reach
from lmssocial.widgets.experts.people import expertise, rules
from lmssocial.widgets.experts.people.levels import TO_CONFIRM, known
from lmssocial.widgets.experts.people_events import EndorsementsConfirmed, ExpertEndorsed, SmeAppointed
from lmssocial.widgets.experts.people_models import Endorsement, Expertise, Profile
from lmssocial.widgets.experts.topic_models import Topic
from lmssocial.widgets.experts.topics import naming
from lmssocial.widgets.experts.topics import service as topics

ENDORSEMENT = "experts.endorsement"
"""What the sentence is, as policies know it."""
MOST_A_DAY = 5
"""Endorsements that one person writes in 24 hours."""


def endorse(
    session: Session,
    screen: Screen,
    actor: Actor,
    placement_id: int,
    user_id: int,
    name: str,
    why: str,
) -> None:
    """Say, by name and in a sentence, that somebody of one's own community knows about a topic.

    :raises NotAllowed: for a test user of the LMS.
    :raises NotFound: if that person does not answer questions here.
    :raises Invalid: if it is about oneself, says too little, or is one too many today.
    :raises Conflict: if they said so already.
    """
    access.require_asks(actor)
    if user_id == actor.user_id:
        raise Invalid(_("Others say it of you; what you know yourself stands in your profile."))
    _require_expert(session, actor, user_id)
    sentence = sentences.fit(screen, actor, ENDORSEMENT, why)
    _require_few(session, actor)
    found = topics.resolve(session, actor, [name], most=1)
    if not found:
        raise Invalid(_("Say what they know about."))
    topic = naming.locked(session, actor, found[0])
    row = expertise.locked(session, topic, user_id)
    said = {
        "tenant_id": actor.tenant_id,
        "community_id": actor.community_id,
        "topic_id": topic.id,
        "user_id": user_id,
        "by_id": actor.user_id,
        "why": sentence,
        "weight": known(session.get(Expertise, (topic.id, actor.user_id))).weight,
        "at": clock.now(),
    }
    unique = [Endorsement.topic_id, Endorsement.user_id, Endorsement.by_id]
    if not insert_if_absent(session, Endorsement, said, unique):
        raise Conflict(_("You have endorsed this person for this topic already."))
    expertise.count_endorsements(session, row)
    _tell(session, actor, placement_id, row)


def take_back(session: Session, actor: Actor, placement_id: int, endorsement_id: int) -> int:
    """Take back what one said; stewards also take away what others said. Gives whom it was about.

    :raises NotFound: if there is no such endorsement in the actor's community.
    :raises NotAllowed: if it is somebody else's.
    """
    found = session.scalar(
        select(Endorsement)
        .where(Endorsement.id == endorsement_id, Endorsement.community_id == actor.community_id)
        .with_for_update()
    )
    if found is None:
        raise NotFound(
            _("This endorsement is not there any more."), reason=f"no endorsement {endorsement_id}"
        )
    if found.by_id != actor.user_id and not access.looks_after(actor):
        raise NotAllowed(_("Only whoever wrote it, or a steward, takes an endorsement away."))
    user_id, topic = found.user_id, session.get_one(Topic, found.topic_id)
    row = expertise.locked(session, topic, user_id)
    session.delete(found)
    expertise.count_endorsements(session, row)
    _tell(session, actor, placement_id, row, withdrawn=True)
    return user_id


def confirm(session: Session, actor: Actor, placement_id: int, topic_id: int, user_id: int) -> None:
    """Agree, as a steward, with what three people or more say.

    :raises NotAllowed: unless the actor looks after topics, or if it is about themselves.
    :raises NotFound: if there is no such topic.
    :raises Conflict: if there are not so many any more.
    """
    access.require_looks_after(actor)
    if user_id == actor.user_id:
        raise NotAllowed(_("Another steward confirms what is said of you."))
    row = expertise.locked(session, naming.locked(session, actor, topic_id), user_id)
    if row.endorsements < TO_CONFIRM:
        raise Conflict(_("There are fewer than %(least)d endorsements by now.", least=TO_CONFIRM))
    if row.confirmed_at is not None:
        return
    row.confirmed_at, row.confirmed_by_id = clock.now(), actor.user_id
    record(
        session,
        EndorsementsConfirmed(
            **actor.envelope, placement_id=placement_id, topic_id=row.topic_id, user_id=user_id
        ),
    )


def appoint(session: Session, actor: Actor, placement_id: int, name: str, user_id: int) -> bool:
    """Make somebody in the course the SME of a topic; says whether that is new.

    :raises NotAllowed: unless the actor is staff.
    :raises NotFound: if nobody of that id is in the course.
    :raises Invalid: if no topic was named.
    """
    access.require_sets_up(actor)
    if session.scalar(rules.member(actor, user_id)) is None:
        raise NotFound(_("This person is not in the course any more."), reason=f"no member {user_id} here")
    found = topics.resolve(session, actor, [name], most=1)
    if not found:
        raise Invalid(_("Say for which topic."))
    row = expertise.locked(session, naming.locked(session, actor, found[0]), user_id)
    if row.appointed_at is not None:
        return False
    row.appointed_at, row.appointed_by_id = clock.now(), actor.user_id
    record(
        session,
        SmeAppointed(**actor.envelope, placement_id=placement_id, topic_id=row.topic_id, user_id=user_id),
    )
    return True


def dismiss(session: Session, actor: Actor, placement_id: int, topic_id: int, user_id: int) -> bool:
    """Take an appointment back, also of somebody who left; says whether there was one.

    :raises NotAllowed: unless the actor is staff.
    :raises NotFound: if there is no such topic.
    """
    access.require_sets_up(actor)
    row = expertise.locked(session, naming.locked(session, actor, topic_id), user_id)
    if row.appointed_at is None:
        return False
    row.appointed_at = row.appointed_by_id = None
    record(
        session,
        SmeAppointed(
            **actor.envelope,
            placement_id=placement_id,
            topic_id=row.topic_id,
            user_id=user_id,
            withdrawn=True,
        ),
    )
    return True


def _require_expert(session: Session, actor: Actor, user_id: int) -> None:
    found = session.get(Profile, (actor.community_id, user_id))
    offered = found is not None and found.reach is not Reach.NONE
    if not offered or session.scalar(rules.member(actor, user_id)) is None:
        raise NotFound(
            _("This person does not answer questions here."), reason=f"{user_id} has not opted in here"
        )


def _require_few(session: Session, actor: Actor) -> None:
    """Count what the actor wrote today; two who write at once follow each other."""
    session.execute(select(User.id).where(User.id == actor.user_id).with_for_update(key_share=True))
    written = session.scalar(
        select(func.count()).where(
            Endorsement.by_id == actor.user_id, Endorsement.at > clock.now() - timedelta(days=1)
        )
    )
    if (written or 0) >= MOST_A_DAY:
        raise Invalid(_("You endorsed %(max)d times today. Go on tomorrow.", max=MOST_A_DAY))


def _tell(
    session: Session, actor: Actor, placement_id: int, row: Expertise, *, withdrawn: bool = False
) -> None:
    record(
        session,
        ExpertEndorsed(
            **actor.envelope,
            placement_id=placement_id,
            topic_id=row.topic_id,
            user_id=row.user_id,
            withdrawn=withdrawn,
            count=row.endorsements,
        ),
    )
