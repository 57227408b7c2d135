"""Decisions about words, carried out (:class:`~lmssocial.social.moderation.ports.Moderated`). Nothing here commits."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core import activity as log
from lmssocial.core.hooks import ReplyTo, Span
from lmssocial.core.kernel.errors import NotFound
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content import writing
from lmssocial.social.content.models import Contribution, State
from lmssocial.social.moderation.ports import Subject
from lmssocial.widgets.peer_rating import access, activities
from lmssocial.widgets.peer_rating.events import WorkSubmitted
from lmssocial.widgets.peer_rating.feedback.moderating import ModeratedReplies
from lmssocial.widgets.peer_rating.feedback.rating import REPLY
from lmssocial.widgets.peer_rating.models import Work, WorkState
from lmssocial.widgets.peer_rating.moderating import reading, subjects
from lmssocial.widgets.peer_rating.works import letting_go
from lmssocial.widgets.peer_rating.works.queries import author_ids

WAITING = (State.HELD, State.REJECTED)


class ModeratedWords:
    """Everything that people write in peer rating; answers to reviews have a side of their own."""

    def __init__(self) -> None:
        """Nothing is remembered."""
        self._replies = ModeratedReplies()

    def publish(self, session: Session, actor: Actor, contribution_id: int) -> None:
        """Let it be read; a work may be reviewed from now on."""
        words = _decided(session, actor, contribution_id)
        if words.kind == REPLY:
            self._replies.publish(session, actor, contribution_id)
        elif words.state in WAITING:
            _let_through(session, words)
            words.note = _("A moderator has read and published this.")

    def decline(self, session: Session, actor: Actor, contribution_id: int, message: str) -> None:
        """Keep it from being read. A work goes to nobody; what a review gives stays counted."""
        words = _decided(session, actor, contribution_id)
        if words.kind == REPLY:
            self._replies.decline(session, actor, contribution_id, message)
        elif words.state is not State.REMOVED:
            writing.decline(words, message)
            _out_of_sight(session, actor, words)

    def hide(self, session: Session, actor: Actor, contribution_id: int, message: str) -> None:
        """Let it wait, because it was reported. Who has a work to review keeps it meanwhile."""
        words = _here(session, actor, contribution_id)
        if words.kind == REPLY:
            self._replies.hide(session, actor, contribution_id, message)
            return
        if not reading.reads(session, actor, contribution_id):
            raise _nothing(contribution_id)
        if words.state is State.PUBLISHED:
            writing.hold(words, (message,))
            _changed(session, words)

    def redact(
        self, session: Session, actor: Actor, contribution_id: int, spans: Sequence[Span], message: str
    ) -> None:
        """Take words out and let the rest be read."""
        words = _decided(session, actor, contribution_id)
        if words.kind == REPLY:
            self._replies.redact(session, actor, contribution_id, spans, message)
        elif words.state is not State.REMOVED:
            if words.state in WAITING:
                _let_through(session, words)
            writing.redact(session, words, spans, message)

    def put_back(self, session: Session, actor: Actor, contribution_id: int, spans: Sequence[Span]) -> None:
        """Let the words be read again that were taken out."""
        words = _decided(session, actor, contribution_id)
        if words.kind == REPLY:
            self._replies.put_back(session, actor, contribution_id, spans)
        elif words.state is not State.REMOVED:
            writing.put_back(session, words, spans)

    def answered(self, session: Session, contribution_ids: Sequence[int]) -> dict[int, ReplyTo]:
        """The reviews that answers answer; nothing else answers anything."""
        return self._replies.answered(session, contribution_ids)

    def readable(self, session: Session, actor: Actor, contribution_ids: Sequence[int]) -> set[int]:
        """Those of some words that the actor reads. Two queries."""
        return reading.readable(session, actor, contribution_ids)

    def subjects(self, session: Session, actor: Actor, contribution_ids: Sequence[int]) -> dict[int, Subject]:
        """What the actor sees of some words. A constant number of queries."""
        found = subjects.subjects(session, actor, contribution_ids)
        return found | self._replies.subjects(session, actor, contribution_ids)


def _here(session: Session, actor: Actor, contribution_id: int) -> Contribution:
    words = session.scalar(
        select(Contribution).where(
            Contribution.id == contribution_id,
            Contribution.tenant_id == actor.tenant_id,
            Contribution.community_id == actor.community_id,
            Contribution.kind.startswith(f"{activities.WIDGET}."),
        )
    )
    if words is None:
        raise _nothing(contribution_id)
    return words


def _decided(session: Session, actor: Actor, contribution_id: int) -> Contribution:
    """Words that the actor decides about.

    :raises NotAllowed: if they do not moderate.
    :raises NotFound: if there are none in their community.
    """
    access.require_moderates(actor)
    return _here(session, actor, contribution_id)


def _let_through(session: Session, words: Contribution) -> None:
    work = _work_of(session, words)
    first = writing.publish(session, words)
    if work is None:
        return
    _changed(session, words)
    if first and work.state is WorkState.SUBMITTED:
        here = activities.locked(session, work.placement_id)
        by_author = {"actor_id": words.author_id, "actor_role": words.author_role}
        told = WorkSubmitted(
            **(activities.envelope(session, here, None) | by_author),
            placement_id=work.placement_id,
            work_id=work.id,
            author_ids=author_ids(session, work.id),
            late=work.is_late,
        )
        log.record(session, told)


def _out_of_sight(session: Session, actor: Actor, words: Contribution) -> None:
    """Whoever has a work before them that nobody may read now gets another one."""
    work = _work_of(session, words)
    if work is not None:
        _changed(session, words)
        note = _("A moderator took this work out of sight.")
        work = session.get_one(Work, work.id, populate_existing=True)
        letting_go.release(session, actor, work, note=note)


def _changed(session: Session, words: Contribution) -> None:
    """A work came or went, so that scores and allocation look again; nothing rests on the words of a review."""
    work = _work_of(session, words)
    if work is not None:
        here = activities.locked(session, work.placement_id)
        here.activity.scores_stale = True
        activities.look_again(here.activity)


def _work_of(session: Session, words: Contribution) -> Work | None:
    return session.scalar(select(Work).where(Work.contribution_id == words.id))


def _nothing(contribution_id: int) -> NotFound:
    return NotFound(
        _("This does not exist, or it is not open to you."),
        reason=f"nothing of peer rating is contribution {contribution_id}",
    )
