"""Posts on their way: what the policies have to know of a thread, of an answer, and of a new wording.

Services ask inside their transaction; a page asks before it begins one (``consider_…``).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from lmssocial.core.hooks import Moment, ReplyTo, Ruling
from lmssocial.core.kernel import clock
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.composing.handing_in import HandedIn, files_in, hand_in, refusal
from lmssocial.social.content import connections
from lmssocial.social.content.drafts import Writing
from lmssocial.social.content.models import Contribution
from lmssocial.social.moderation.screening import Screen, Screening
from lmssocial.widgets.discussion.drafts import EditDraft, PollDraft, ReplyDraft, ThreadDraft
from lmssocial.widgets.discussion.models import Post

_Answered, _Reply = aliased(Contribution), aliased(Contribution)

THREAD = "discussion.thread"
REPLY = "discussion.reply"
"""The kinds of contributions, as policies and moderators know them."""


def answer_to(
    author_id: int, author_role: str, published_at: datetime | None, written_at: datetime | None = None
) -> ReplyTo:
    """What the policies get to see of the post that is answered.

    :param written_at: when the answer was written; now, if it is new.
    """
    written_at = written_at or clock.now()
    return ReplyTo(
        author_id=author_id,
        author_role=author_role,
        seconds_since=max(0.0, (written_at - (published_at or written_at)).total_seconds()),
    )


def answered_by(session: Session, post_ids: Sequence[int]) -> dict[int, ReplyTo]:
    """What each of some posts answers, as policies see it, for those that answer something. One query."""
    rows = session.execute(
        select(
            Post.contribution_id,
            _Answered.author_id,
            _Answered.author_role,
            _Answered.published_at,
            _Reply.created_at,
        )
        .join(_Answered, _Answered.id == Post.parent_id)
        .join(_Reply, _Reply.id == Post.contribution_id)
        .where(Post.contribution_id.in_(post_ids))
    )
    return {
        row.contribution_id: answer_to(row.author_id, row.author_role, row.published_at, row.created_at)
        for row in rows
    }


def consider_thread(session: Session, screen: Screen, actor: Actor, draft: ThreadDraft) -> HandedIn:
    """Let the policies look at a thread before a transaction begins.

    :raises Rejected: if a policy refuses the text outright.
    """
    text = Writing(source=draft.source, title=draft.title, submission_key=draft.submission_key)
    known = connections.known_to(session, actor, text.source, draft.placement_id)
    handed_in = hand_in(screen, actor, THREAD, text, files_in(session, actor, text), known)
    if draft.poll is None:
        return handed_in
    return replace(handed_in, screening=_with_poll(screen, handed_in, draft.poll))


def _with_poll(screen: Screen, handed_in: HandedIn, poll: PollDraft) -> Screening:
    """What the policies say of a thread and of the poll at its head. No word can be taken out of a poll: then it waits.

    :raises Rejected: if a policy refuses the poll.
    """
    words = "\n".join(poll.options)
    asked = replace(handed_in.submission, title=poll.question, source=words, text=words, links=())
    found = screen(asked)
    if found.ruling is Ruling.REJECT:
        raise refusal(found)
    before = {(vote.policy, vote.verdict.reason) for vote in handed_in.screening.votes}
    votes = [*handed_in.screening.votes]
    for vote in found.votes:
        if (vote.policy, vote.verdict.reason) not in before:
            held = Ruling.HOLD if vote.ruling is Ruling.REDACT else vote.ruling
            votes.append(replace(vote, verdict=replace(vote.verdict, spans=()), capped=held))
    votes.sort(key=lambda vote: (-vote.ruling, vote.policy))
    return replace(
        handed_in.screening,
        votes=tuple(votes),
        look_later=handed_in.screening.look_later or found.look_later,
    )


def consider_reply(
    session: Session, screen: Screen, actor: Actor, draft: ReplyDraft, answered: ReplyTo
) -> HandedIn:
    """:func:`consider_thread` for an answer."""
    text = Writing(source=draft.source)
    known = connections.known_to(session, actor, text.source)
    return hand_in(screen, actor, REPLY, text, files_in(session, actor, text), known, reply_to=answered)


def consider_edit(
    session: Session, screen: Screen, actor: Actor, draft: EditDraft, kind: str, previous: str
) -> HandedIn:
    """:func:`consider_thread` for a new wording.

    :param kind: of the post; :param previous: what it says now.
    """
    text = Writing(source=draft.source, title=draft.title if kind == THREAD else "")
    answered = None if kind == THREAD else answered_by(session, [draft.post_id]).get(draft.post_id)
    files = files_in(session, actor, text)
    known = connections.known_to(session, actor, text.source, before=draft.post_id)
    return hand_in(
        screen, actor, kind, text, files, known, moment=Moment.EDIT, previous=previous, reply_to=answered
    )
