"""Who may read a file. The rule once as a question, and once as a WHERE clause."""

from sqlalchemy import ColumnElement, and_, or_, true

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content.attachment_models import Attachment, FileState


def sees_file(actor: Actor, file: Attachment) -> bool:
    """What the file itself says about it: its uploader always; others once it goes with something published.

    Moderators see every file of what was handed in, also what was held or taken out again: they decide about it.
    For a file that belongs to a contribution, reading the contribution's words is needed as well; that is the
    widget's to say (:attr:`lmssocial.core.hooks.types.Widget.reads`).
    """
    return (file.tenant_id, file.community_id) == (actor.tenant_id, actor.community_id) and (
        file.uploader_id == actor.user_id
        or (file.contribution_id is not None and (actor.moderates or file.state is FileState.PUBLISHED))
    )


def files_seen_by(actor: Actor) -> ColumnElement[bool]:
    """:func:`sees_file` as a WHERE clause."""
    here = and_(Attachment.tenant_id == actor.tenant_id, Attachment.community_id == actor.community_id)
    public = true() if actor.moderates else Attachment.state == FileState.PUBLISHED
    sent = and_(Attachment.contribution_id.is_not(None), public)
    return and_(here, or_(Attachment.uploader_id == actor.user_id, sent))
