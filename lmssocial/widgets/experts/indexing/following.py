"""What other widgets know of people, and what changes by itself: a reader of the activity log.

An answer elsewhere gets into the index when somebody said that it is good: the asker that it solved it, an SME or
instructor that it is right, anybody that it helped. Mere activity never does.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.events import Happened
from lmssocial.social.knowledge.ports import Known
from lmssocial.widgets.experts.index_models import Document, DocumentTopic, Kind
from lmssocial.widgets.experts.indexing import service, writing
from lmssocial.widgets.experts.indexing.counting import recount

SAID = {
    "engagement.endorsed": "contribution_id",
    "engagement.unendorsed": "contribution_id",
    "engagement.helpful_marked": "contribution_id",
    "engagement.helpful_unmarked": "contribution_id",
    "discussion.question_solved": "post_id",
    "discussion.question_unsolved": "post_id",
    "discussion.post_restored": "post_id",
}
"""Events by which an answer may become evidence, or cease to be, and the field that says which one."""
CHANGED = {"discussion.post_edited": "post_id", "discussion.post_removed": "post_id"}
"""Events that matter for what is evidence already."""


def follow(known: Sequence[Known], event: Happened, session: Session) -> None:
    """Bring the index up to date with an event; a subscriber of the activity log.

    :param known: the other widgets' side of knowledge.
    """
    if (field := (SAID | CHANGED).get(event.name)) is not None:
        contribution_id = event.payload.get(field)
        if isinstance(contribution_id, int):
            _look_at(known, session, event, contribution_id)
    elif (handle := _OWN.get(event.name)) is not None:
        handle(session, event)


def _look_at(known: Sequence[Known], session: Session, event: Happened, contribution_id: int) -> None:
    document = writing.found(session, contribution_id)
    if document is not None and document.kind is not Kind.POST:
        if document.kind is Kind.ANSWER:
            service.answered(session, contribution_id)
        return
    if document is None and event.name in CHANGED:
        return
    evidence = [one for port in known for one in port.evidence(session, [contribution_id])]
    if evidence:
        service.witnessed(session, event.tenant_id, evidence)
    else:
        service.taken_out(session, contribution_id)


def _opted(session: Session, event: Happened) -> None:
    """Somebody is an expert from now on: their profile says what they did before."""
    user_id = event.payload.get("user_id")
    if event.community_id is not None and isinstance(user_id, int):
        recount(session, event.community_id, [user_id])


def _merged(session: Session, event: Happened) -> None:
    """One topic became a part of another: who answered about it is counted there."""
    into_id = event.payload.get("into_id")
    if event.community_id is None or not isinstance(into_id, int):
        return
    authors = session.scalars(
        select(Document.author_id)
        .join(DocumentTopic, DocumentTopic.document_id == Document.id)
        .where(DocumentTopic.topic_id == into_id)
        .distinct()
    ).all()
    recount(session, event.community_id, sorted(authors))


def _edited(session: Session, event: Happened) -> None:
    """A question has another wording, or other topics."""
    question_id = event.payload.get("question_id")
    if isinstance(question_id, int):
        service.asked_anew(session, question_id)


_OWN: dict[str, Callable[[Session, Happened], None]] = {
    "experts.expert_opted": _opted,
    "experts.topic_merged": _merged,
    "experts.question_edited": _edited,
}
