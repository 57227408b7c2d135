"""What expert connect keeps about a person, for them and for when they are erased."""

from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from lmssocial.core.db.held import Held, erased, gone, handed_out, nobody, stays
from lmssocial.core.kernel import clock
from lmssocial.social.content.models import Contribution
from lmssocial.widgets.experts.asking import finding
from lmssocial.widgets.experts.hours_models import Booking, OfficeHour
from lmssocial.widgets.experts.index_models import Document
from lmssocial.widgets.experts.indexing import service as indexing
from lmssocial.widgets.experts.invitation_models import Invitation
from lmssocial.widgets.experts.models import (
    Answer,
    Introduction,
    Message,
    Proposal,
    Question,
    Rating,
    Step,
)
from lmssocial.widgets.experts.people_models import Block, Endorsement, Expertise, Person, Profile
from lmssocial.widgets.experts.reading_models import Reading
from lmssocial.widgets.experts.topic_models import Topic

HELD: tuple[Held, ...] = (
    *gone(Block.user_id, Booking.user_id, Invitation.user_id, Rating.by_id, Reading.user_id),
    *gone(Block.asker_id, Rating.user_id, said=False),
    *gone(Endorsement.user_id, Expertise.user_id, Profile.user_id, Person.user_id, Document.author_id),
    *stays(Endorsement.by_id, words=(Endorsement.why,)),
    *stays(Introduction.by_id, words=(Introduction.why,)),
    *stays(Introduction.first_id, Introduction.second_id, Answer.author_id, Message.author_id),
    *stays(OfficeHour.host_id, words=(OfficeHour.title, OfficeHour.about), always=(OfficeHour.place,)),
    *stays(Proposal.by_id, words=(Proposal.title, Proposal.question, Proposal.answer)),
    *stays(Question.asker_id, words=(Question.context_title, Question.context_url)),
    *stays(Question.accepted_by_id),
    *nobody(
        Expertise.appointed_by_id,
        Expertise.confirmed_by_id,
        Invitation.introduced_by_id,
        Profile.opted_by_id,
        Step.by_id,
        Topic.created_by_id,
    ),
)


def export(session: Session, user_id: int) -> dict[str, Any]:
    """Everything that expert connect keeps about somebody, beside what they wrote."""
    return handed_out(session, user_id, HELD)


def erase(session: Session, user_id: int, *, with_words: bool) -> None:
    """Forget somebody as an expert; what they asked and answered stays, without their words if these are to go."""
    _leave_the_index(session, user_id)
    _forget_bio(session, user_id)
    own = select(Invitation.id).where(Invitation.user_id == user_id)
    _set(session, update(Answer).where(Answer.invitation_id.in_(own)).values(invitation_id=None))
    hours = update(OfficeHour).where(OfficeHour.host_id == user_id, OfficeHour.ended_at.is_(None))
    _set(session, hours.values(ended_at=clock.now()))
    erased(session, user_id, HELD, with_words=with_words)
    if with_words:
        for question_id in session.scalars(_asked_or_answered(user_id)).all():
            finding.refresh(session, question_id)


def _leave_the_index(session: Session, user_id: int) -> None:
    """Nobody finds them for what they wrote any more."""
    documents = select(Document.community_id, Document.contribution_id).where(Document.author_id == user_id)
    found = session.execute(documents.order_by(Document.community_id)).all()
    for community_id in dict.fromkeys(row.community_id for row in found):
        indexing.hold(session, community_id)
    for row in found:
        indexing.taken_out(session, row.contribution_id)


def _forget_bio(session: Session, user_id: int) -> None:
    """What they said of themselves goes in any case."""
    bios = select(Profile.bio_id).where(Profile.user_id == user_id)
    empty = {"title": "", "source": "", "html": "", "note": ""}
    _set(session, update(Contribution).where(Contribution.id.in_(bios)).values(empty))


def _asked_or_answered(user_id: int) -> Any:
    answered = select(Answer.question_id).where(Answer.author_id == user_id)
    return select(Question.id).where(or_(Question.asker_id == user_id, Question.id.in_(answered)))


def _set(session: Session, statement: Any) -> None:
    session.execute(statement.execution_options(synchronize_session=False))
