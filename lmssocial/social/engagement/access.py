"""Who may mark what: whatever they read, others read too, and they did not write themselves."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import Conflict, NotAllowed, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.social.content.models import Contribution
from lmssocial.social.engagement.models import Mark
from lmssocial.social.engagement.ports import Engaged, Subject


def may_mark(actor: Actor, subject: Subject) -> bool:
    """Find it helpful, rate it, mention it specially: what others published."""
    return subject.is_published and subject.author_id != actor.user_id


def may_rate(actor: Actor, subject: Subject) -> bool:
    """With stars, where these are given."""
    return subject.takes_stars and may_mark(actor, subject)


def endorses(actor: Actor) -> bool:
    """Whether their word says that something is right: SMEs and instructors. Stewards look after people, not facts."""
    return actor.is_staff or Office.SME in actor.offices


def may_endorse(actor: Actor, subject: Subject) -> bool:
    """Say of what others wrote that it is right."""
    return endorses(actor) and may_mark(actor, subject)


def may_save(subject: Subject) -> bool:
    """Anything published, also their own: it is only put aside."""
    return subject.is_published


def may_share(subject: Subject) -> bool:
    """Anything published that was not written to few people; also their own."""
    return subject.is_published and not subject.is_private


def require_subject(session: Session, actor: Actor, port: Engaged, contribution_id: int) -> Subject:
    """A contribution that the actor reads.

    :raises NotFound: if they do not.
    """
    found = port.subjects(session, actor, [contribution_id]).get(contribution_id)
    if found is None:
        raise NotFound(
            _("This post does not exist, or it is not open to you."),
            reason=f"user {actor.user_id} reads no contribution {contribution_id}",
        )
    return found


def require_markable(session: Session, actor: Actor, port: Engaged, contribution_id: int) -> Subject:
    """A published contribution of somebody else.

    :raises NotFound: if the actor does not read it.
    :raises NotAllowed: if they wrote it.
    :raises Conflict: if others do not read it.
    """
    found = require_published(session, actor, port, contribution_id)
    if found.author_id == actor.user_id:
        raise NotAllowed(_("This is your own post. Others say whether it helped them."))
    return found


def require_published(session: Session, actor: Actor, port: Engaged, contribution_id: int) -> Subject:
    """A contribution that the actor and others read.

    :raises NotFound: if the actor does not read it.
    :raises Conflict: if others do not.
    """
    found = require_subject(session, actor, port, contribution_id)
    if not found.is_published:
        raise Conflict(_("This post is not published at the moment, so nothing was changed."))
    return found


def own_mark(session: Session, actor: Actor, contribution_id: int) -> Mark | None:
    """What the actor said about a contribution, locked until the transaction ends; ``None`` if nothing.

    It is all that taking something back asks for: they may, even where they could not say it any more.
    """
    return session.scalar(
        select(Mark)
        .where(Mark.contribution_id == contribution_id, Mark.user_id == actor.user_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def kind_of(session: Session, actor: Actor, contribution_id: int) -> str | None:
    """The first part of the kind of a contribution in the actor's community; ``None`` if there is none."""
    kind = session.scalar(
        select(Contribution.kind).where(
            Contribution.id == contribution_id,
            Contribution.tenant_id == actor.tenant_id,
            Contribution.community_id == actor.community_id,
        )
    )
    return kind.partition(".")[0] if kind else None
