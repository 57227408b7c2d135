"""The steps every widget takes to publish, change and remove what people write.

Whether somebody may is the widget's to say, before it calls any of these. Nothing here commits.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from lmssocial.core.hooks import Moment, ReplyTo, Span, Submission
from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Conflict
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.content import attachments, connections, tags
from lmssocial.social.content.drafts import Writing
from lmssocial.social.content.files import Files
from lmssocial.social.content.markdown import COOKED_VERSION, Cooked, render
from lmssocial.social.content.models import Contribution, Revision, State


def submission(
    actor: Actor,
    kind: str,
    writing: Writing,
    cooked: Cooked,
    *,
    moment: Moment = Moment.CREATE,
    reply_to: ReplyTo | None = None,
    previous: str = "",
) -> Submission:
    """What the policies get to see of ``writing``; what they have to know of its author is added by moderation."""
    return Submission(
        kind=kind,
        tenant_id=actor.tenant_id,
        community_id=actor.community_id,
        author_id=actor.user_id,
        author_role=actor.lead_role,
        title=writing.title,
        source=writing.source,
        text=cooked.text,
        links=cooked.links,
        moment=moment,
        author_name=actor.name,
        reply_to=reply_to,
        previous=previous,
    )


def sent_before(session: Session, actor: Actor, writing: Writing) -> Contribution | None:
    """What the actor already published, or handed in, with these words in this very form."""
    if (key := writing.sent_as) is None:
        return None
    return session.scalar(_SENT_BEFORE, {"user": actor.user_id, "key": key})


_SENT_BEFORE = select(Contribution).where(
    Contribution.author_id == bindparam("user"), Contribution.submission_key == bindparam("key")
)
"""Built once; it runs for every post."""


def add(
    session: Session,
    actor: Actor,
    kind: str,
    writing: Writing,
    cooked: Cooked,
    *,
    placement_id: int,
    held_because: Sequence[str] | None = None,
) -> Contribution:
    """Store a new contribution, published, or held if there are sentences that say why. It has its id afterwards."""
    now = clock.now()
    held = held_because is not None
    contribution = Contribution(
        tenant_id=actor.tenant_id,
        community_id=actor.community_id,
        placement_id=placement_id,
        kind=kind,
        author_id=actor.user_id,
        author_role=actor.lead_role,
        title=writing.title,
        state=State.HELD if held else State.PUBLISHED,
        note="\n".join(held_because or ()),
        source=writing.source,
        html=cooked.html,
        cooked_version=COOKED_VERSION,
        submission_key=writing.sent_as,
        created_at=now,
        published_at=None if held else now,
    )
    session.add(contribution)
    session.flush()  # the widget's own row and the event need the id
    attachments.bind(session, contribution)
    connections.connect(session, contribution, cooked, new=True)
    if not held:
        attachments.release(session, contribution)
    return contribution


def publish(session: Session, contribution: Contribution) -> bool:
    """Let everybody read it, with its files. Says whether this is the first time."""
    attachments.release(session, contribution)
    first = contribution.published_at is None
    contribution.state, contribution.note = State.PUBLISHED, ""
    if first:
        contribution.published_at = clock.now()
    return first


def hold(contribution: Contribution, because: Sequence[str]) -> None:
    """Let only its author and the moderators read it, until one of them decides."""
    contribution.state, contribution.note = State.HELD, "\n".join(because)


def decline(contribution: Contribution, message: str) -> None:
    """A moderator does not publish it; its author reads ``message``."""
    contribution.state, contribution.note = State.REJECTED, message


def revise(
    session: Session,
    contribution: Contribution,
    writing: Writing,
    cooked: Cooked,
    *,
    seen: int,
    by_id: int | None = None,
) -> None:
    """Replace the wording and keep the old one as a revision.

    :param seen: the version the editor had before their eyes.
    :param by_id: the editor, where several people write together; else its author.
    :raises Conflict: if it changed since.
    """
    if contribution.version != seen:
        raise Conflict(
            _(
                "This was changed while you were writing, in another tab or on another device. Nothing was saved: "
                "compare your text with what it says now, and save it if yours shall stand."
            ),
            reason=f"contribution {contribution.id} is at version {contribution.version}, not {seen}",
        )
    now = clock.now()
    contribution.edit_count += 1
    session.add(_revision(contribution))
    before = contribution.source
    contribution.title, contribution.source = writing.title, writing.source
    contribution.html, contribution.cooked_version = cooked.html, COOKED_VERSION
    contribution.edited_at = now
    attachments.bind(session, contribution, before=before, by_id=by_id)
    connections.connect(session, contribution, cooked)


WORDINGS = 20
"""Earlier wordings that are looked at."""

REDACTED = "[…]"
"""What stands in place of words that were taken out."""


def redact(session: Session, contribution: Contribution, spans: Iterable[Span], message: str) -> Cooked:
    """Take the words at ``spans`` of the source out; the full wording stays in the history. Gives the new text.

    :param message: what its author reads; the spans may overlap.
    """
    before, source = contribution.source, without(contribution.source, spans)
    cooked = _understood_again(session, contribution, source)
    contribution.edit_count += 1
    session.add(_revision(contribution))
    contribution.source, contribution.html, contribution.cooked_version = source, cooked.html, COOKED_VERSION
    contribution.edited_at, contribution.note = clock.now(), message
    attachments.bind(session, contribution, before=before)
    connections.reconnect(session, contribution, cooked)
    return cooked


def places_taken_out(full: str, left: str) -> tuple[Span, ...]:
    """Where in ``full`` words stood that :data:`REDACTED` stands for in ``left``; none if the two do not fit."""
    spans, at = [], 0
    first, *rest = left.split(REDACTED)
    if not rest or not full.startswith(first):
        return ()
    at = len(first)
    for number, part in enumerate(rest, start=1):
        found = full.rfind(part, at) if number == len(rest) else full.find(part, at)
        if found < 0:
            return ()
        spans.append(Span(at, found))
        at = found + len(part)
    return tuple(spans) if without(full, spans) == left else ()


def put_back(session: Session, contribution: Contribution, spans: Iterable[Span]) -> Cooked | None:
    """Let the words be read again that :func:`redact` took out at ``spans``, if nothing was changed since.

    Gives the new text; ``None`` if it was changed, and stays as it is.
    """
    full = session.get(Revision, (contribution.id, contribution.edit_count))
    if full is None or without(full.source, spans) != contribution.source:
        return None
    before, source = contribution.source, full.source
    cooked = _understood_again(session, contribution, source)
    contribution.edit_count += 1
    session.add(_revision(contribution))
    contribution.source, contribution.html, contribution.cooked_version = source, cooked.html, COOKED_VERSION
    contribution.edited_at, contribution.note = clock.now(), ""
    attachments.bind(session, contribution, before=before)
    connections.reconnect(session, contribution, cooked)
    return cooked


def files_in(
    session: Session, community_id: int, author_id: int, source: str, *, of: int | None = None
) -> Files:
    """The files that the renderer shows where ``source`` names them; no query if it names none.

    :param of: the contribution that ``source`` is the wording of, if it is one already.
    """
    return attachments.shown(attachments.files_of(session, community_id, author_id, source, of=of))


def without(source: str, spans: Iterable[Span]) -> str:
    """``source`` with :data:`REDACTED` in place of the words at ``spans``."""
    kept: list[str] = []
    at = 0
    for span in sorted(spans, key=lambda one: (one.start, one.end)):
        if span.end <= at or span.start >= len(source):
            continue
        if span.start > at or not kept:
            kept += [source[at : span.start], REDACTED]
        at = span.end
    return "".join([*kept, source[at:]])


def _revision(contribution: Contribution) -> Revision:
    """The present wording, to be kept beside the next; ``edit_count`` already counts the change."""
    return Revision(
        contribution_id=contribution.id,
        number=contribution.edit_count,
        title=contribution.title,
        source=contribution.source,
        editor_id=contribution.author_id,
        created_at=contribution.edited_at or contribution.created_at,
    )


def _understood_again(session: Session, contribution: Contribution, source: str) -> Cooked:
    """A wording of a contribution, its names meaning what they meant when it was written."""
    files = files_in(session, contribution.community_id, contribution.author_id, source, of=contribution.id)
    known = connections.remembered(session, [(contribution.id, contribution.placement_id)])
    return render(source, files, known[contribution.id])


def earlier_wordings(session: Session, contribution_id: int) -> list[tuple[str, str]]:
    """What a contribution said before, title and source of each, the newest first, at most :data:`WORDINGS`."""
    found = session.execute(
        select(Revision.title, Revision.source)
        .where(Revision.contribution_id == contribution_id)
        .order_by(Revision.number.desc())
        .limit(WORDINGS)
    )
    return [(row.title, row.source) for row in found]


def remove(actor: Actor, contribution: Contribution) -> None:
    """Take it out of sight. The words stay for its author and the moderators, so that it can be restored."""
    contribution.state = State.REMOVED
    contribution.removed_at, contribution.removed_by_id = clock.now(), actor.user_id


def restore(contribution: Contribution) -> None:
    """Put it back as it was."""
    contribution.state = State.PUBLISHED
    contribution.removed_at = contribution.removed_by_id = None


def cook_again(session: Session, limit: int = 200) -> int:
    """Renew HTML that an earlier version of the renderer made; says how many were renewed, at most ``limit``."""
    stale = session.scalars(
        select(Contribution)
        .where(Contribution.cooked_version < COOKED_VERSION)
        .order_by(Contribution.id.desc())
        .limit(limit)
    ).all()
    known = connections.remembered(session, [(row.id, row.placement_id) for row in stale])
    for row in stale:
        files = files_in(session, row.community_id, row.author_id, row.source, of=row.id)
        cooked = render(row.source, files, known[row.id])
        tags.put(session, row, cooked.names.tags, new=False)
        session.execute(
            update(Contribution)
            .where(Contribution.id == row.id)
            .values(html=cooked.html, cooked_version=COOKED_VERSION, version=Contribution.version + 1)
            .execution_options(synchronize_session=False)
        )
        session.expire(row)
    return len(stale)
