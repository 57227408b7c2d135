"""Handing in: for the first time, another wording, and again after it was withdrawn. Nothing here commits."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core import activity as log
from lmssocial.core.hooks import Moment
from lmssocial.core.kernel.errors import Conflict
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.composing import handing_in
from lmssocial.social.composing.handing_in import HandedIn
from lmssocial.social.content import unsent, writing
from lmssocial.social.content.drafts import Writing
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.moderation.screening import Screen
from lmssocial.widgets.peer_rating import access, columns
from lmssocial.widgets.peer_rating.activities import locked, look_again, running
from lmssocial.widgets.peer_rating.events import WorkEvent, WorkRevised, WorkSubmitted
from lmssocial.widgets.peer_rating.models import Author, Work, WorkState
from lmssocial.widgets.peer_rating.works import aliases, teams
from lmssocial.widgets.peer_rating.works.desk import (
    Before,
    Desk,
    desk_of,
    group_and_before,
    require_changeable,
    require_taken,
)
from lmssocial.widgets.peer_rating.works.drafts import Sent, WorkDraft, target_of
from lmssocial.widgets.peer_rating.works.queries import author_ids
from lmssocial.widgets.peer_rating.works.stages import Stage

WORK = "peer_rating.work"
"""The kind of contribution a work is, as policies and moderators know it."""


class Overtaken(Conflict):
    """Somebody of the team, or the author in another tab, was quicker. Both wordings have to be seen."""


def consider(session: Session, screen: Screen, actor: Actor, placement_id: int, draft: WorkDraft) -> None:
    """Let the policies look at a work before a transaction begins.

    :raises NotAllowed: if the actor hands nothing in here.
    :raises Rejected: if a policy refuses the text outright.
    """
    access.require_takes_part(actor)
    here = running(session, actor, placement_id)
    _group, before = group_and_before(session, actor, here, draft.group_id)
    _understood(session, screen, actor, draft, before)


def hand_in(session: Session, screen: Screen, actor: Actor, placement_id: int, draft: WorkDraft) -> Sent:
    """Hand a work in, or give what was handed in another wording. The same form sent twice hands in once.

    :raises NotFound: if there is no activity of the actor's there.
    :raises NotAllowed: if they hand nothing in here, or are in no group where teams hand in.
    :raises Invalid: if they have to choose a group, or nothing is written.
    :raises TooLate: if it is not taken any more.
    :raises Overtaken: if it was changed since they began to write, or their team handed in meanwhile.
    :raises Rejected: if a policy refuses the text outright.
    """
    access.require_takes_part(actor)
    running(session, actor, placement_id)
    here = locked(session, placement_id)
    text = Writing(source=draft.source, title=draft.title, submission_key=draft.submission_key)
    if (earlier := _sent_before(session, actor, text)) is not None:
        return earlier
    group_id, before = group_and_before(session, actor, here, draft.group_id)
    desk = desk_of(session, here, actor, group_id)
    if before is not None and before.is_in:
        sent = _change(session, screen, desk, draft, before)
    else:
        require_taken(desk)
        again = before if before is not None and before.work.state is WorkState.WITHDRAWN else None
        sent = _enter(session, screen, desk, draft, again)
    unsent.discard_draft(session, actor, target_of(placement_id))
    look_again(here.activity)
    return sent


def _understood(
    session: Session, screen: Screen, actor: Actor, draft: WorkDraft, before: Before | None
) -> HandedIn:
    text = Writing(source=draft.source, title=draft.title, submission_key=draft.submission_key)
    if before is None or before.work.state is WorkState.CANCELLED:
        return handing_in.hand_in(screen, actor, WORK, text, handing_in.files_in(session, actor, text))
    files = handing_in.files_in(session, actor, text, of=before.words.id)
    return handing_in.hand_in(
        screen, actor, WORK, text, files, moment=Moment.EDIT, previous=before.words.source
    )


def _enter(session: Session, screen: Screen, desk: Desk, draft: WorkDraft, again: Before | None) -> Sent:
    """Something new, or what was withdrawn before."""
    handed_in = _understood(session, screen, desk.actor, draft, again)
    late = desk.stage is Stage.LATE
    if again is None:
        because = handed_in.held_because
        words = handing_in.store(session, desk.actor, handed_in, desk.running.placement.id)
        work = _new_work(session, desk, words, is_late=late)
    else:
        work, words = again.work, again.words
        seen = draft.seen_version or words.version
        because = handing_in.reword(session, desk.actor, words, handed_in, seen=seen, reported=_reported())
        work.state, work.note, work.is_late, work.submitted_at = WorkState.SUBMITTED, "", late, desk.now
        work.version += 1
        _add_authors(session, work, desk.user_ids)
    handing_in.settle(session, desk.actor, words, handed_in, held=because is not None)
    if because is None:
        _tell(session, desk.actor, work, WorkSubmitted, late=late)
    columns.handed_in(session, desk.running, author_ids(session, work.id), work.submitted_at)
    return Sent(
        work_id=work.id,
        state=words.state,
        is_late=late,
        is_new=True,
        messages=because or handed_in.screening.messages,
    )


def _new_work(session: Session, desk: Desk, words: Contribution, *, is_late: bool) -> Work:
    placement_id = desk.running.placement.id
    work = Work(
        tenant_id=desk.actor.tenant_id,
        community_id=desk.actor.community_id,
        placement_id=placement_id,
        contribution_id=words.id,
        group_id=desk.group_id,
        round=1 + max(teams.last_rounds(session, placement_id, desk.user_ids).values(), default=0),
        alias=aliases.fresh(session, placement_id),
        is_late=is_late,
        submitted_at=desk.now,
    )
    session.add(work)
    session.flush()  # its authors need its id
    _add_authors(session, work, desk.user_ids)
    return work


def _add_authors(session: Session, work: Work, user_ids: list[int]) -> None:
    """Note who hands a work in. For whoever joins a team later it comes after all that they handed in before."""
    new = set(user_ids) - set(author_ids(session, work.id))
    rounds = teams.last_rounds(session, work.placement_id, new)
    session.add_all(
        Author(
            work_id=work.id,
            user_id=user_id,
            placement_id=work.placement_id,
            round=max(work.round, rounds.get(user_id, 0) + 1),
        )
        for user_id in sorted(new)
    )
    session.flush()


def _change(session: Session, screen: Screen, desk: Desk, draft: WorkDraft, before: Before) -> Sent:
    """Another wording of what is handed in."""
    actor, work, words = desk.actor, before.work, before.words
    require_changeable(desk, before)
    handed_in = _understood(session, screen, actor, draft, before)
    same = (handed_in.text.source, handed_in.text.title) == (words.source, words.title)
    if draft.seen_version == 0 and not same:
        raise Overtaken(
            _(
                "This was handed in while you were writing: by somebody of your team, or by you in another tab. "
                "Nothing was saved. Compare your text with what stands below, and send it again if yours shall stand."
            )
        )
    if same and (words.state is not State.HELD or handed_in.held_because is not None):
        _add_authors(session, work, desk.user_ids)
        return Sent(work_id=work.id, state=words.state, is_late=work.is_late, is_new=False)
    first = words.published_at is None
    try:
        because = handing_in.reword(
            session, actor, words, handed_in, seen=draft.seen_version, reported=_reported()
        )
    except Conflict as overtaken:
        raise Overtaken(overtaken.message, reason=overtaken.reason) from overtaken
    work.version += 1
    _add_authors(session, work, desk.user_ids)
    handing_in.settle(session, actor, words, handed_in, held=because is not None)
    if because is None and first:
        _tell(session, actor, work, WorkSubmitted, late=work.is_late)
    elif because is None:
        _tell(session, actor, work, WorkRevised)
    messages = because or handed_in.screening.messages
    return Sent(work_id=work.id, state=words.state, is_late=work.is_late, is_new=False, messages=messages)


def _reported() -> str:
    return _("This work was reported, so a moderator reads the new wording first.")


def _tell(session: Session, actor: Actor, work: Work, kind: type[WorkEvent], **more: Any) -> None:
    authors = author_ids(session, work.id)
    told = kind(**actor.envelope, placement_id=work.placement_id, work_id=work.id, author_ids=authors, **more)
    log.record(session, told)


def _sent_before(session: Session, actor: Actor, text: Writing) -> Sent | None:
    """What became of these very words from this very form; ``None`` if they were withdrawn since, and come again."""
    words = writing.sent_before(session, actor, text)
    if words is None:
        return None
    work = session.scalars(select(Work).where(Work.contribution_id == words.id)).one()
    if work.state is WorkState.WITHDRAWN:
        return None
    return Sent(work_id=work.id, state=words.state, is_late=work.is_late, is_new=False)
