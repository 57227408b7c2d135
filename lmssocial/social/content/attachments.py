"""Files that go with what people write: noted, bound to it, shown with it, and forgotten when nobody sent them.

A file is uploaded while its post is being written, and stands in the Markdown as ``![what it shows](attachment:7)`` or
``[its name](attachment:7)``. It is bound to the post when that is sent. Only the uploader's own files are shown; in
the words of anybody else the same Markdown is nothing but its words. What several people wrote together shows the files
of each of them that were sent with it.

Nothing here commits. Bytes come after their row and go before it, so that nothing lies in the store unknown.
"""

import hashlib
import re
from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy import String, cast, delete, exists, func, literal, or_, select, update
from sqlalchemy.orm import Session

from lmssocial.core.db import LARGEST_ID, JsonObject
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Invalid, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.storage import Storage, StorageFailed, new_key
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content import access
from lmssocial.social.content.attachment_models import Attachment, FileState
from lmssocial.social.content.files import NO_FILES, SCHEME, Files, FileView
from lmssocial.social.content.media import Refused
from lmssocial.social.content.models import Contribution, Draft
from lmssocial.social.content.uploads import Examined

log = structlog.get_logger(__name__)

MAX_NAMED = 20
"""Files that one post may show."""
MAX_UNSENT = 40
"""Files that one person may have uploaded and not sent."""
KEPT_UNSENT = timedelta(days=1)

_NAMED = re.compile(r"\]\(\s*<?attachment:(\d{1,10})\b", re.ASCII)


def add(
    session: Session,
    actor: Actor,
    placement_id: int,
    file: Examined,
    *,
    held: bool,
    verdicts: Sequence[JsonObject],
) -> Attachment:
    """The row of a file that is about to be stored; it has its id and its key afterwards.

    :raises Refused: if the actor has uploaded a great many and sent none of them.
    """
    unsent = select(func.count(Attachment.id)).where(
        Attachment.uploader_id == actor.user_id, Attachment.contribution_id.is_(None)
    )
    if (session.scalar(unsent) or 0) >= MAX_UNSENT:
        raise Refused(
            _(
                "You have attached many files and not sent them yet. Send your post first, or come back tomorrow."
            ),
            reason=f"{MAX_UNSENT} unsent files",
        )
    row = Attachment(
        tenant_id=actor.tenant_id,
        community_id=actor.community_id,
        placement_id=placement_id,
        uploader_id=actor.user_id,
        name=file.name,
        media_type=file.media_type,
        size=len(file.data),
        digest=hashlib.sha256(file.data).hexdigest(),
        width=file.width,
        height=file.height,
        alt=file.alt,
        storage_key=new_key(),
        state=FileState.HELD if held else FileState.WAITING,
        verdicts={"verdicts": list(verdicts)},
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()  # its Markdown names the id
    return row


def forget(session: Session, file_id: int) -> None:
    """Drop the row of a file whose bytes could not be stored."""
    session.execute(delete(Attachment).where(Attachment.id == file_id, Attachment.contribution_id.is_(None)))


def named_in(source: str) -> tuple[int, ...]:
    """The ids of the files that Markdown shows or links to, each once."""
    found = (int(number) for number in _NAMED.findall(source))
    return tuple(dict.fromkeys(number for number in found if 0 < number <= LARGEST_ID))


def files_of(
    session: Session, community_id: int, author_id: int, source: str, *, of: int | None = None
) -> tuple[Attachment, ...]:
    """The author's own files that ``source`` names, the first :data:`MAX_NAMED`; no query if it names none.

    :param of: the contribution that ``source`` is the wording of: its files count whoever of its authors sent them.
    """
    ids = named_in(source)[:MAX_NAMED]
    if not ids:
        return ()
    theirs = Attachment.uploader_id == author_id
    rows = session.scalars(
        select(Attachment)
        .where(
            Attachment.id.in_(ids),
            Attachment.community_id == community_id,
            theirs if of is None else or_(theirs, Attachment.contribution_id == of),
        )
        .order_by(Attachment.id)
    )
    return tuple(rows)


def require_few(source: str) -> None:
    """Go on only if a post does not show more files than anybody would look at.

    :raises Invalid: if it names more than :data:`MAX_NAMED`.
    """
    if len(named_in(source)) > MAX_NAMED:
        message = _(
            "A post shows at most %(max)d files. Take some out, or post them in two parts.", max=MAX_NAMED
        )
        raise Invalid(message)


def shown(files: Sequence[Attachment]) -> Files:
    """Files as the renderer wants them."""
    return {file.id: view(file) for file in files} if files else NO_FILES


def view(file: Attachment) -> FileView:
    """A file as the renderer and the composer want it."""
    return FileView(
        id=file.id,
        href=f"/w/{file.placement_id}/files/{file.id}",
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        alt=file.alt,
        width=file.width,
        height=file.height,
    )


def bind(session: Session, contribution: Contribution, *, before: str = "", by_id: int | None = None) -> None:
    """Let a contribution have the files that it names, and lose to the public those that it does not name any more.

    A file that an edit took out stays for its author and the moderators, like the wording it stood in.

    :param before: the wording it had.
    :param by_id: who gave it this wording, if that may be another than its author.
    """
    named = named_in(contribution.source)
    if not named and not named_in(before):
        return
    session.execute(
        update(Attachment)
        .where(
            Attachment.id.in_(named),
            Attachment.contribution_id.is_(None),
            Attachment.uploader_id.in_({contribution.author_id, by_id or contribution.author_id}),
            Attachment.community_id == contribution.community_id,
        )
        .values(contribution_id=contribution.id)
    )
    session.execute(
        update(Attachment)
        .where(
            Attachment.contribution_id == contribution.id,
            Attachment.id.not_in(named),
            Attachment.state == FileState.PUBLISHED,
        )
        .values(state=FileState.WAITING)
    )


def release(session: Session, contribution: Contribution) -> None:
    """Let everybody who reads a contribution, which was just published, read the files it names.

    Also what a policy held: the post waited with it, so a moderator has seen it.
    """
    named = named_in(contribution.source)
    if named:
        session.execute(
            update(Attachment)
            .where(Attachment.contribution_id == contribution.id, Attachment.id.in_(named))
            .values(state=FileState.PUBLISHED)
        )


def file_for(session: Session, actor: Actor, placement_id: int, file_id: int) -> Attachment:
    """A file the actor sees, as far as the file itself says so; see :func:`access.sees_file`.

    :raises NotFound: if they do not.
    """
    file = session.scalar(
        select(Attachment).where(
            Attachment.id == file_id, Attachment.placement_id == placement_id, access.files_seen_by(actor)
        )
    )
    if file is None:
        raise no_file(actor, file_id)
    return file


def by_id(session: Session, file_id: int) -> Attachment | None:
    """A file whatever its state, for somebody whose rights were asked a moment ago."""
    return session.get(Attachment, file_id)


def stamped(session: Session, file: Attachment) -> str:
    """How a file and the post it belongs to stand: a text that is another after every change of either."""
    version = session.scalar(select(Contribution.version).where(Contribution.id == file.contribution_id))
    return f"{file.state}.{file.contribution_id or 0}.{version or 0}"


def no_file(actor: Actor, file_id: int) -> NotFound:
    """What is said of a file that is not there, or not for the actor: the same."""
    return NotFound(
        _("This file does not exist, or it is not open to you."),
        reason=f"user {actor.user_id} may not read file {file_id}",
    )


def sweep(session: Session, store: Storage, limit: int = 100) -> int:
    """Delete files that were never sent, a day after they were uploaded; says how many went, at most ``limit``.

    What somebody's draft shows stays as long as the draft does. A file that the store cannot delete now keeps its row,
    and is tried again next time.
    """
    name = literal(SCHEME) + cast(Attachment.id, String)
    drafted = exists().where(Draft.user_id == Attachment.uploader_id, Draft.source.contains(name))
    stale = session.execute(
        select(Attachment.id, Attachment.storage_key)
        .where(
            Attachment.contribution_id.is_(None),
            Attachment.created_at < clock.now() - KEPT_UNSENT,
            ~drafted,
        )
        .order_by(Attachment.id)
        .limit(limit)
        .with_for_update(of=Attachment, skip_locked=True)
    ).all()
    gone = []
    for file_id, key in stale:
        try:
            store.delete(key)
        except StorageFailed as failure:
            log.warning("file not deleted", file=file_id, reason=str(failure))
            continue
        gone.append(file_id)
    session.execute(delete(Attachment).where(Attachment.id.in_(gone), Attachment.contribution_id.is_(None)))
    return len(gone)
