"""Keeping a file until staff decide, bringing it in, and taking that back. Nothing commits."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core import activity
from lmssocial.core.db import JsonObject
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict, NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.core.storage import Storage, StorageFailed
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.communities.models import Group
from lmssocial.widgets.discussion.events import DiscussionImported
from lmssocial.widgets.discussion.importing import access, making
from lmssocial.widgets.discussion.importing.arranging import Arrangement, arrange
from lmssocial.widgets.discussion.importing.matching import Match, Member, match, members_of
from lmssocial.widgets.discussion.importing.past import Past, Source
from lmssocial.widgets.discussion.models import Import

KEPT = timedelta(days=1)
"""How long a file waits for a decision."""


@dataclass(frozen=True)
class Prospect:
    """What would happen if a file were brought in."""

    arrangement: Arrangement
    matches: tuple[Match, ...]
    members: tuple[Member, ...]
    parts: Mapping[str, int]
    """The forums in the file, and how many threads each has."""


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """A file that was handed in and understood."""

    source: Source
    file_name: str
    digest: str
    storage_key: str | None


def look(
    session: Session, actor: Actor, placement_id: int, past: Past, parts: Collection[str] | None = None
) -> Prospect:
    """What would happen. Three queries.

    :param parts: the forums that shall come in; all of them if not given.
    :raises NotAllowed: if the actor is not staff.
    """
    access.require_staff(session, actor, placement_id)
    members = members_of(session, actor)
    groups = {
        row.name.casefold(): row.id
        for row in session.execute(
            select(Group.id, Group.name).where(
                Group.tenant_id == actor.tenant_id, Group.community_id == actor.community_id
            )
        )
    }
    counts: dict[str, int] = {}
    for thread in past.threads:
        counts[thread.part] = counts.get(thread.part, 0) + 1
    if parts is not None:
        past = replace(past, threads=[thread for thread in past.threads if thread.part in parts])
    arrangement = arrange(past, groups)
    return Prospect(arrangement, match(arrangement.people, members), members, counts)


def keep(session: Session, actor: Actor, placement_id: int, arrived: Arrived) -> Import:
    """Note a file that staff will decide about.

    :raises Conflict: if the same file was brought in here already.
    """
    access.require_staff(session, actor, placement_id)
    refuse_twice(session, placement_id, arrived.digest)
    row = Import(
        tenant_id=actor.tenant_id,
        community_id=actor.community_id,
        placement_id=placement_id,
        source=arrived.source,
        file_name=arrived.file_name[:200],
        digest=arrived.digest,
        report={},
        made_by_id=actor.user_id,
        storage_key=arrived.storage_key,
        uploaded_at=clock.now(),
    )
    session.add(row)
    session.flush()  # its page is named after its id
    return row


def refuse_twice(session: Session, placement_id: int, digest: str) -> None:
    """Stop before the same file comes in a second time.

    :raises Conflict: if it was brought in here, and not taken back since.
    """
    made_at = session.scalar(
        select(Import.made_at).where(
            Import.placement_id == placement_id,
            Import.digest == digest,
            Import.made_at.is_not(None),
            Import.undone_at.is_(None),
        )
    )
    if made_at is not None:
        raise Conflict(
            _(
                "This very file was brought in on %(day)s, so it was not brought in again. Take that back first if "
                "you want to start anew.",
                day=f"{made_at:%Y-%m-%d}",
            )
        )


def require_import(
    session: Session, actor: Actor, placement_id: int, import_id: int, *, to_change: bool = False
) -> Import:
    """An import of this discussion, for staff.

    :param to_change: whether nobody else may change it before the transaction ends.
    :raises NotFound: if there is none.
    :raises NotAllowed: if the actor is not staff.
    """
    access.require_staff(session, actor, placement_id)
    statement = select(Import).where(Import.id == import_id, Import.placement_id == placement_id)
    if to_change:
        statement = statement.with_for_update()
    row = session.scalar(statement.execution_options(populate_existing=True))
    if row is None:
        raise NotFound(
            _("There is no such import. Files that nobody decided about are deleted after a day."),
            reason=f"no import {import_id} in placement {placement_id}",
        )
    return row


def make(
    session: Session,
    actor: Actor,
    row: Import,
    prospect: Prospect,
    chosen: Mapping[str, int | None],
    cooked: list[list[making.Cooked]],
) -> None:
    """Bring everything in, in this transaction.

    :param chosen: whom staff say a person of the past is, by the person's key: a member's id, or ``None`` for a
        former member. Whoever is not named is who they seem to be.
    :raises Conflict: if it was brought in in the meantime.
    """
    access.require_staff(session, actor, row.placement_id)
    if row.made_at is not None:
        raise Conflict(_("This was brought in already, perhaps by a second press of the button."))
    refuse_twice(session, row.placement_id, row.digest)
    writers = _writers(session, actor, prospect, chosen)
    making.store(session, actor, row.placement_id, row.id, prospect.arrangement, writers, cooked)
    row.made_at, row.made_by_id, row.storage_key = clock.now(), actor.user_id, None
    row.report = _report(prospect, writers)
    activity.record(
        session,
        DiscussionImported(
            **actor.envelope,
            placement_id=row.placement_id,
            import_id=row.id,
            posts=prospect.arrangement.post_count,
        ),
    )


def _writers(
    session: Session, actor: Actor, prospect: Prospect, chosen: Mapping[str, int | None]
) -> dict[str, making.Writer]:
    members = {member.id: member for member in prospect.members}
    known: dict[str, Member] = {}
    for one in prospect.matches:
        key = one.person.key
        member = members.get(chosen[key] or 0) if key in chosen else one.member
        if member is not None:
            known[key] = member
    others = [one.person for one in prospect.matches if one.person.key not in known]
    return making.as_writers(known) | making.former_members(session, actor, others)


def _report(prospect: Prospect, writers: Mapping[str, making.Writer]) -> JsonObject:
    arrangement = prospect.arrangement
    return {
        "threads": len(arrangement.threads),
        "posts": arrangement.post_count,
        "people": len(writers),
        "members": sum(writer.role != making.FORMER for writer in writers.values()),
        "lost": {str(loss): count for loss, count in arrangement.losses.items()},
    }


def imports_of(session: Session, placement_id: int) -> tuple[Import, ...]:
    """What was brought in here, the newest first, for staff."""
    return tuple(
        session.scalars(
            select(Import)
            .where(Import.placement_id == placement_id, Import.made_at.is_not(None))
            .order_by(Import.made_at.desc(), Import.id.desc())
            .limit(50)
        )
    )


def sweep(session: Session, store: Storage, limit: int = 100) -> int:
    """Delete files that nobody decided about; says how many went. What cannot be deleted now is tried again later."""
    old = session.scalars(
        select(Import)
        .where(Import.made_at.is_(None), Import.uploaded_at < clock.now() - KEPT)
        .order_by(Import.id)
        .limit(limit)
    ).all()
    gone = 0
    for row in old:
        try:
            if row.storage_key:
                store.delete(row.storage_key)
        except StorageFailed:
            continue
        session.delete(row)
        gone += 1
    return gone
