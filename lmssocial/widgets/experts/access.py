"""Who may do what in expert connect. Each rule once as a question and, where it chooses rows, once as a WHERE clause.

A question is read by its asker, by those who were invited to it (also from other courses of the customer, where both
sides have said that they want that), by moderators of its community, and, if it is for everybody and published, by
everybody there.
"""

from dataclasses import replace

from sqlalchemy import ColumnElement, and_, or_, select

from lmssocial.core.kernel.errors import NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor, Office
from lmssocial.social.content.models import Contribution
from lmssocial.social.content.models import State as Visible
from lmssocial.widgets.experts.invitation_models import HOLDING, Invitation, InvitationState
from lmssocial.widgets.experts.models import Audience, Question

READS = (*HOLDING, InvitationState.DECLINED, InvitationState.LAPSED, InvitationState.SUPERSEDED)
"""The states of an invitation in which its person reads the question; what was withdrawn from them is not theirs."""


def asks(actor: Actor) -> bool:
    """Whether they ask questions: everybody who is really there."""
    return not actor.is_test


def offers(actor: Actor) -> bool:
    """Whether what they say of themselves as an expert counts: of everybody who is really there."""
    return not actor.is_test


def sets_up(actor: Actor) -> bool:
    """Whether they decide how it is set."""
    return actor.is_staff


def looks_after(actor: Actor) -> bool:
    """Whether they look after open questions and topics: staff and stewards."""
    return actor.is_staff or Office.STEWARD in actor.offices


def approves(actor: Actor) -> bool:
    """Whether they say that an answer is right where answers wait for that: whoever moderates."""
    return actor.moderates


def require_asks(actor: Actor) -> None:
    """Go on only for those who ask questions.

    :raises NotAllowed: for everybody else.
    """
    if not asks(actor):
        raise NotAllowed(_("A test user of the LMS asks nobody."))


def require_offers(actor: Actor) -> None:
    """Go on only for those who can be asked at all.

    :raises NotAllowed: for everybody else.
    """
    if not offers(actor):
        raise NotAllowed(_("A test user of the LMS answers nobody."))


def require_sets_up(actor: Actor) -> None:
    """Go on only for staff.

    :raises NotAllowed: for everybody else.
    """
    if not sets_up(actor):
        raise NotAllowed(_("Only instructors of this course can do this."))


def require_looks_after(actor: Actor) -> None:
    """Go on only for staff and stewards.

    :raises NotAllowed: for everybody else.
    """
    if not looks_after(actor):
        raise NotAllowed(_("Only instructors and stewards of this course can do this."))


def is_guest(actor: Actor, question: Question) -> bool:
    """Whether they come from another community than the question."""
    return actor.community_id != question.community_id


def sees(actor: Actor, question: Question, visible: Visible, invitation: Invitation | None) -> bool:
    """Whether they read a question.

    :param visible: the state of its words.
    :param invitation: the actor's own to it, if there is one.
    """
    if question.tenant_id != actor.tenant_id:
        return False
    published = visible is Visible.PUBLISHED
    if invitation is not None and invitation.community_id == actor.community_id:
        invited = invitation.user_id == actor.user_id and invitation.state in READS
        if invited and published:
            return True
    if question.community_id != actor.community_id:
        return False
    own = question.asker_id == actor.user_id
    return own or actor.moderates or (question.audience is Audience.EVERYBODY and published)


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """:func:`sees` as a WHERE clause on Question, joined with Contribution or not."""
    published = (
        select(Contribution.id)
        .where(Contribution.id == Question.contribution_id, Contribution.state == Visible.PUBLISHED)
        .correlate(Question)
        .exists()
    )
    invited = (
        select(Invitation.id)
        .where(
            Invitation.question_id == Question.id,
            Invitation.user_id == actor.user_id,
            Invitation.community_id == actor.community_id,
            Invitation.state.in_(READS),
        )
        .correlate(Question)
        .exists()
    )
    here = Question.community_id == actor.community_id
    if actor.moderates:
        reads = or_(here, and_(invited, published))
    else:
        own = Question.asker_id == actor.user_id
        for_all = and_(Question.audience == Audience.EVERYBODY, published)
        reads = or_(and_(here, or_(own, for_all)), and_(invited, published))
    return and_(Question.tenant_id == actor.tenant_id, reads)


def as_guest(actor: Actor, question: Question, course_id: int) -> Actor:
    """The actor as they write in the community of a question: as themselves at home, without any role elsewhere.

    :param course_id: the course of the question.
    """
    return elsewhere(actor, question.community_id, course_id) if is_guest(actor, question) else actor


def elsewhere(actor: Actor, community_id: int, course_id: int) -> Actor:
    """The actor in a community that is not theirs: without any role."""
    return replace(
        actor,
        course_id=course_id,
        community_id=community_id,
        roles=frozenset(),
        offices=frozenset(),
        groups=frozenset(),
        session_id=0,
    )
