"""Keeping what somebody has written and not sent. Each asks access first, and never commits."""

from sqlalchemy.orm import Session

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content import unsent
from lmssocial.social.content.drafts import Unsent
from lmssocial.widgets.discussion import access


def save_draft(session: Session, actor: Actor, placement_id: int, draft: Unsent) -> bool:
    """Keep what the actor has written so far; says whether it was stored, or a newer text was there already.

    :raises NotFound: if they could not send it to its target.
    """
    access.require_draft_target(session, actor, placement_id, draft.target)
    return unsent.save_draft(session, actor, draft)


def discard_draft(session: Session, actor: Actor, placement_id: int, target: str) -> None:
    """Forget what the actor was writing for ``target``.

    :raises NotFound: if there is no such target for them.
    """
    access.require_draft_target(session, actor, placement_id, target)
    unsent.discard_draft(session, actor, target)
