"""Special mentions: somebody says of a contribution, in a sentence, why others should read it. Nothing here commits."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.core.db.upsert import insert_if_absent
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Invalid, NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.engagement import access, tallies
from lmssocial.social.engagement.events import SpeciallyMentioned
from lmssocial.social.engagement.models import SpecialMention
from lmssocial.social.engagement.ports import Engaged
from lmssocial.social.engagement.sentences import LONGEST

KIND = "engagement.special_mention"
"""What policies call the sentence."""


def mention_specially(
    session: Session, actor: Actor, port: Engaged, contribution_id: int, sentence: str
) -> None:
    """Say why others should read it; another sentence takes the place of an earlier one of the same person.

    :param sentence: one that :func:`.sentences.fit` let pass: policies are slow, and asked before a transaction begins.

    :raises NotFound: if the actor does not read it.
    :raises NotAllowed: if they wrote it.
    :raises Conflict: if it is not published.
    :raises Invalid: if there is no sentence, or it is too long.
    """
    subject = access.require_markable(session, actor, port, contribution_id)
    if not sentence or len(sentence) > LONGEST:
        raise Invalid(_("Say why, in a sentence of at most %(max)d characters.", max=LONGEST))
    values = {
        "tenant_id": actor.tenant_id,
        "community_id": actor.community_id,
        "contribution_id": contribution_id,
        "user_id": actor.user_id,
        "sentence": sentence,
        "at": clock.now(),
    }
    key = [SpecialMention.contribution_id, SpecialMention.user_id]
    if insert_if_absent(session, SpecialMention, values, key):
        tallies.add(session, contribution_id, specially_mentioned=1)
        activity.record(
            session,
            SpeciallyMentioned(
                **actor.envelope, contribution_id=contribution_id, author_id=subject.author_id
            ),
        )
    else:
        mention = _known(session, actor, contribution_id, actor.user_id)
        if mention is None or mention.sentence == sentence:
            return
        mention.sentence = sentence
        session.flush()
    port.touched(session, contribution_id)


def take_mention_back(
    session: Session, actor: Actor, port: Engaged, contribution_id: int, user_id: int | None = None
) -> None:
    """Take a special mention back with its sentence; there need not be one.

    :param user_id: whose; the actor's own, if not given. Moderators may take away what anybody wrote.
    :raises NotFound: if it is somebody else's and the actor does not read the contribution.
    :raises NotAllowed: if it is somebody else's and they do not moderate.
    """
    whose = actor.user_id if user_id is None else user_id
    if whose != actor.user_id:
        access.require_subject(session, actor, port, contribution_id)
        if not actor.moderates:
            raise NotAllowed(_("Only who wrote a special mention, or a moderator, can take it back."))
    mention = _known(session, actor, contribution_id, whose)
    if mention is not None:
        session.delete(mention)
        session.flush()
        tallies.add(session, contribution_id, specially_mentioned=-1)
        port.touched(session, contribution_id)


def _known(session: Session, actor: Actor, contribution_id: int, user_id: int) -> SpecialMention | None:
    """Somebody's mention of it in the actor's community, locked until the transaction ends."""
    return session.scalar(
        select(SpecialMention)
        .where(
            SpecialMention.contribution_id == contribution_id,
            SpecialMention.user_id == user_id,
            SpecialMention.community_id == actor.community_id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
