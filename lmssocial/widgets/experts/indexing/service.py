"""The index of answers and the counters of people, kept in the transaction of each deed. Nothing here commits.

Whoever publishes an answer, takes one out of sight, or says that one resolved a question, says so here. Everything is
harmless when repeated.
"""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lmssocial.social.communities.models import Community
from lmssocial.social.knowledge.ports import Evidence, Known
from lmssocial.widgets.experts.index_models import Corpus, Document, DocumentTopic, Kind, Posting, Word
from lmssocial.widgets.experts.indexing import texts, writing
from lmssocial.widgets.experts.indexing.counting import recount
from lmssocial.widgets.experts.models import Answer
from lmssocial.widgets.experts.people_models import Expertise, Profile


def hold(session: Session, community_id: int) -> None:
    """Let nobody else change the index of a community until this transaction ends.

    Whoever changes people before they change the index begins with this: everybody else changes the index first and
    then what is counted of people, and two who begin at different ends would wait for each other for ever.
    """
    writing.grow(session, community_id, 0, 0)


def answered(session: Session, answer_id: int) -> None:
    """An answer to a question was published, has another wording, or its question has.

    :param answer_id: its contribution.
    """
    session.flush()
    found = texts.answers(session, contribution_ids=[answer_id])
    if not found:
        taken_out(session, answer_id)
        return
    _put(session, found[0])


def asked_anew(session: Session, question_id: int) -> None:
    """A question has another wording or other topics: its answers are found by these from now on."""
    for answer_id in session.scalars(
        select(Answer.contribution_id)
        .where(Answer.question_id == question_id)
        .order_by(Answer.contribution_id)
    ).all():
        answered(session, answer_id)


def taken_out(session: Session, contribution_id: int) -> None:
    """Something is out of sight, or gone: an answer, an answer in another widget, or a bio."""
    document = writing.found(session, contribution_id)
    if document is None:
        return
    community_id, author_id = document.community_id, document.author_id
    writing.take(session, document)
    recount(session, community_id, [author_id])


def accepted(session: Session, contribution_id: int, *, on: bool) -> None:
    """An answer resolved its question, or it did not after all. One that was endorsed stays evidence."""
    document = writing.found(session, contribution_id)
    if document is None:
        return
    document.accepted = on or bool(texts.endorsed(session, [contribution_id]))
    recount(session, document.community_id, [document.author_id])


def bio(session: Session, community_id: int, user_id: int) -> None:
    """What somebody says of themselves was published, changed or taken away."""
    session.flush()
    found = texts.bios(session, community_id, user_id)
    old = select(Document).where(
        Document.community_id == community_id, Document.author_id == user_id, Document.kind == Kind.BIO
    )
    for document in session.scalars(old).all():
        if not found or document.contribution_id != found[0].contribution_id:
            writing.take(session, document)
    for text in found:
        _put(session, text)


def witnessed(session: Session, tenant_id: int, evidence: Sequence[Evidence]) -> None:
    """Answers in other widgets were said to be good, or have another wording since."""
    for text in texts.posts(session, tenant_id, evidence):
        _put(session, text)


def rebuild(session: Session, community_id: int, known: Sequence[Known] = ()) -> None:
    """Make index and counters of a community anew from what stands there.

    :param known: the other widgets; what is in the index of theirs is asked for again.
    """
    session.flush()
    writing.grow(session, community_id, 0, 0)
    documents = session.execute(
        select(Document.contribution_id, Document.author_id, Document.kind).where(
            Document.community_id == community_id
        )
    ).all()
    posts = sorted(row.contribution_id for row in documents if row.kind is Kind.POST)
    evidence = [one for port in known for one in port.evidence(session, posts)]
    _clear(session, community_id)
    tenant_id = session.get_one(Community, community_id).tenant_id
    anew = texts.answers(session, community_id=community_id) + texts.bios(session, community_id)
    for text in (*anew, *texts.posts(session, tenant_id, evidence)):
        writing.put(session, text)
    everybody = {row.author_id for row in documents} | {text.author_id for text in anew}
    for person in (Profile, Expertise):
        everybody.update(session.scalars(select(person.user_id).where(person.community_id == community_id)))
    recount(session, community_id, sorted(everybody))


def _put(session: Session, text: texts.Text) -> None:
    before = writing.found(session, text.contribution_id)
    left = {(before.community_id, before.author_id)} if before else set()
    writing.put(session, text)
    recount(session, text.community_id, [text.author_id])
    for community_id, author_id in left - {(text.community_id, text.author_id)}:
        recount(session, community_id, [author_id])


def _clear(session: Session, community_id: int) -> None:
    documents = select(Document.id).where(Document.community_id == community_id)
    for model in (Posting, DocumentTopic):
        session.execute(
            delete(model).where(model.document_id.in_(documents)).execution_options(synchronize_session=False)
        )
    session.expire_all()
    for table in (Document, Word, Corpus):
        session.execute(
            delete(table)
            .where(table.community_id == community_id)
            .execution_options(synchronize_session="fetch")
        )
