"""What experts say of themselves: a text like any other, looked at by the policies before others read it."""

from sqlalchemy.orm import Session

from lmssocial.core.hooks import Moment
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.composing import handing_in
from lmssocial.social.composing.handing_in import HandedIn
from lmssocial.social.content import writing
from lmssocial.social.content.drafts import Writing
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.content.text import is_blank, tidy
from lmssocial.social.moderation import cases
from lmssocial.social.moderation.screening import Screen
from lmssocial.widgets.experts.indexing import service as indexing
from lmssocial.widgets.experts.people_models import Profile

BIO = "experts.bio"
"""The kind of contribution, as policies and moderators know it."""


def before(session: Session, profile: Profile | None) -> Contribution | None:
    """What somebody says of themselves, whoever may read it; ``None`` if they took it away, or never wrote."""
    if profile is None or profile.bio_id is None:
        return None
    found = session.get(Contribution, profile.bio_id)
    return None if found is None or found.state is State.REMOVED else found


def consider(screen: Screen, actor: Actor, source: str, words: Contribution | None) -> HandedIn | None:
    """Let the policies look at it before a transaction begins; ``None`` if there is nothing new to look at.

    :param words: what they said before.
    :raises Rejected: if a policy refuses it.
    """
    if is_blank(source) or (words is not None and tidy(source) == words.source):
        return None
    text = Writing(source=source)
    if words is None:
        return handing_in.hand_in(screen, actor, BIO, text)
    return handing_in.hand_in(screen, actor, BIO, text, moment=Moment.EDIT, previous=words.source)


def write(session: Session, screen: Screen, actor: Actor, profile: Profile, source: str) -> bool:
    """Say it, say it otherwise, or say nothing any more; says whether a moderator reads it first.

    :raises Rejected: if a policy refuses it.
    """
    words = before(session, profile)
    if is_blank(source):
        if words is not None:
            writing.remove(actor, words)
            cases.withdraw(session, actor, words.id)
            profile.bio_id = None
            indexing.taken_out(session, words.id)
        return False
    handed_in = consider(screen, actor, source, words)
    if handed_in is None:
        return words is not None and words.state is not State.PUBLISHED
    if words is None:
        words = handing_in.store(session, actor, handed_in, profile.placement_id)
        profile.bio_id = words.id
        because = handed_in.held_because
    else:
        because = handing_in.reword(
            session,
            actor,
            words,
            handed_in,
            seen=words.version,
            reported=_("Somebody reported the earlier wording, so a moderator reads this one first."),
        )
    handing_in.settle(session, actor, words, handed_in, held=because is not None)
    session.flush()
    indexing.bio(session, profile.community_id, profile.user_id)
    return because is not None
