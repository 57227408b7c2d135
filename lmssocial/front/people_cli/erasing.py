"""Forgetting a person everywhere, in one transaction: they are gone in all places, or in none."""

from sqlalchemy import String, case, cast, delete, select, update
from sqlalchemy.orm import Session

from lmssocial.core.db.held import erased
from lmssocial.core.hooks import PluginHost
from lmssocial.core.kernel.secrets import new_token, token_hash
from lmssocial.core.kernel.words import gettext as _
from lmssocial.front.people_cli import log
from lmssocial.front.people_cli.held import HELD
from lmssocial.lms.identity.models import Handover, Membership, User, WebSession
from lmssocial.social.content.attachment_models import Attachment
from lmssocial.social.content.connection_models import Mention, Reference, Tagging
from lmssocial.social.content.models import Contribution, Revision
from lmssocial.social.engagement.models import Mark, Tally
from lmssocial.social.moderation.models import Deed, Entry
from lmssocial.social.notifications.models import Notice

HOOK = "lmssocial_erase_person"
SUB = "former:"
"""Begins what stands in the place of the LMS's id: no LMS sends it, so whoever launches again is somebody new."""


class NotErased(Exception):
    """A plugin could not forget the person, so nothing was erased anywhere. The message says which, and why."""


def erase(session: Session, host: PluginHost, user: User, *, with_words: bool) -> None:
    """Forget ``user``; their row stays as a former member, so that what others wrote to them stays readable.

    :param with_words: whether what they wrote goes, too; otherwise it stays under the name of a former member.
    :raises NotErased: if a plugin raises.
    """
    if with_words:
        _remove_words(session, user.id)
    for name in host.implementers(HOOK):
        try:
            host.call(HOOK, name, {"user_id": user.id, "session": session, "with_words": with_words})
        except Exception as error:  # whatever it raises, nothing may be left half erased
            raise NotErased(f"{name} could not forget them: {_line(error)}") from error
    _end_sessions(session, user.id)
    _forget_saved(session, user.id)
    _leave_notices(session, user)
    _leave_journal(session, user.id)
    erased(session, user.id, HELD, with_words=with_words)
    log.forget(session, user.id, user.tenant_id)
    session.execute(
        update(User)
        .where(User.id == user.id)
        .values(
            sub=SUB + token_hash(new_token())[:40],  # a hash of their own id could be guessed
            name=_("Former member"),
            has_real_name=False,
            email="",
            locale="",
            legacy_id="",
            is_former=True,
            last_seen_at=None,
        )
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


def _remove_words(session: Session, user_id: int) -> None:
    """Put one sentence in the place of everything they wrote, and let go of earlier wordings and files."""
    said = _("Its author was erased, and so was what they wrote.")
    theirs = select(Contribution.id).where(Contribution.author_id == user_id)
    for model, column in (
        (Revision, Revision.contribution_id),
        (Mention, Mention.contribution_id),
        (Reference, Reference.from_id),
        (Tagging, Tagging.contribution_id),
    ):
        session.execute(delete(model).where(column.in_(theirs)).execution_options(synchronize_session=False))
    session.execute(
        update(Attachment)
        .where(Attachment.uploader_id == user_id)
        .values(contribution_id=None, name="", alt="")  # the worker deletes files that belong to nothing
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Contribution)
        .where(Contribution.author_id == user_id)
        .values(
            title=case((Contribution.title == "", ""), else_=_("Removed")),
            source=said,
            html=f"<p>{said}</p>",
            note="",
            version=Contribution.version + 1,
        )
        .execution_options(synchronize_session=False)
    )


def _end_sessions(session: Session, user_id: int) -> None:
    memberships = select(Membership.id).where(Membership.user_id == user_id)
    web = select(WebSession.id).where(WebSession.membership_id.in_(memberships))
    for statement in (
        delete(Handover).where(Handover.web_session_id.in_(web)),
        delete(WebSession).where(WebSession.membership_id.in_(memberships)),
    ):
        session.execute(statement.execution_options(synchronize_session=False))


def _forget_saved(session: Session, user_id: int) -> None:
    """What they put aside for themselves is nobody's any more; what they said of others' posts stays counted."""
    saved = select(Mark.contribution_id).where(Mark.user_id == user_id, Mark.saved_at.is_not(None))
    for statement in (
        update(Tally).where(Tally.contribution_id.in_(saved)).values(saved=Tally.saved - 1),
        update(Mark).where(Mark.user_id == user_id).values(saved_at=None),
    ):
        session.execute(statement.execution_options(synchronize_session=False))


def _leave_notices(session: Session, user: User) -> None:
    """Be named in nobody's bell."""
    naming = select(Notice).where(
        Notice.tenant_id == user.tenant_id, cast(Notice.people, String).contains(str(user.id))
    )
    for notice in session.scalars(naming).all():
        notice.people = {"ids": [one for one in notice.people["ids"] if one != user.id]}


def _leave_journal(session: Session, user_id: int) -> None:
    """Who was appointed stands in the log of moderation by number."""
    entries = select(Entry).where(
        Entry.deed.in_((Deed.APPOINTED, Deed.DISMISSED)), Entry.note.endswith(f": {user_id}")
    )
    for entry in session.scalars(entries).all():
        entry.note = entry.note.rpartition(": ")[0]


def _line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
