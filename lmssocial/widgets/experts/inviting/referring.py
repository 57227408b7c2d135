"""Thinking of somebody for a question: any member who reads it may. Nothing here commits.

Whoever was thought of is asked like anybody else, and reads who thought of them. Somebody who never offered to be asked
says for this once whether they want to; a no is told to nobody.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel.errors import Conflict, NotAllowed
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.social.engagement import sentences
from lmssocial.social.moderation.screening import Screen
from lmssocial.widgets.experts import access
from lmssocial.widgets.experts.invitation_models import Invitation, Source
from lmssocial.widgets.experts.inviting import finding
from lmssocial.widgets.experts.inviting.finding import Name
from lmssocial.widgets.experts.inviting.service import invite, require_open
from lmssocial.widgets.experts.questions import Asked, locked, seen

KIND = "experts.referral"
"""What a note beside it is, as policies know it."""
MOST_REFERRED = 3
"""People that one person thinks of for one question."""


def referable(session: Session, actor: Actor, question_id: int) -> Asked:
    """A question for which the actor may think of somebody.

    :raises NotFound: if it is not theirs to read.
    :raises NotAllowed: if they are a test user of the LMS.
    :raises Conflict: if nobody is looked for, or they thought of enough people already.
    """
    asked = seen(session, actor, question_id)
    _require_refers(session, actor, asked)
    return asked


def people_called(session: Session, actor: Actor, question_id: int, part: str) -> list[Name]:
    """People whose names have ``part`` in them, for the actor to think of; nobody as long as nothing was typed.

    :raises NotFound: if the question is not theirs to read.
    :raises NotAllowed: if they are a test user of the LMS.
    :raises Conflict: if nobody is looked for, or they thought of enough people already.
    """
    asked = referable(session, actor, question_id)
    if not part.strip():
        return []
    found = finding.called(session, asked, part, by_guest=access.is_guest(actor, asked.question))
    return [name for name in found if name.user_id != actor.user_id]


def consider(session: Session, screen: Screen, actor: Actor, question_id: int, sentence: str) -> None:
    """Let the policies look at what the actor writes to somebody before a transaction begins.

    :raises NotFound: as :func:`referable`, as are the others.
    :raises Invalid: if a policy does not let the sentence be read.
    """
    _fit(session, screen, actor, referable(session, actor, question_id), sentence)


def refer(
    session: Session, screen: Screen, actor: Actor, question_id: int, user_id: int, sentence: str
) -> Invitation:
    """Ask somebody whom the actor thought of; it counts as one of their invitations, like any other.

    :param screen: asks the policies of the question's community.
    :param sentence: what the actor writes to them; may be empty.
    :raises NotFound: if the question is not theirs to read, or the other person is not within its reach.
    :raises NotAllowed: if they are a test user of the LMS, or name themselves.
    :raises Full: if the other person cannot take it at present.
    :raises Conflict: if nobody is looked for, or the other person was asked already.
    :raises Invalid: if a policy does not let the sentence be read.
    """
    asked = locked(session, actor, question_id)
    _require_refers(session, actor, asked)
    if user_id == actor.user_id:
        raise NotAllowed(_("You can take the question yourself on its page; here you name somebody else."))
    words = _fit(session, screen, actor, asked, sentence)
    return invite(session, asked, user_id, Source.REFERRAL, by=actor, note=words)


def _fit(session: Session, screen: Screen, actor: Actor, asked: Asked, sentence: str) -> str:
    if not sentence.strip():
        return ""
    course_id = finding.course_of(session, asked)
    return sentences.fit(screen, access.as_guest(actor, asked.question, course_id), KIND, sentence)


def _require_refers(session: Session, actor: Actor, asked: Asked) -> None:
    access.require_asks(actor)
    require_open(asked)
    named = select(func.count()).where(
        Invitation.question_id == asked.question.id, Invitation.introduced_by_id == actor.user_id
    )
    if session.execute(named).scalar_one() >= MOST_REFERRED and not actor.moderates:
        raise Conflict(_("You thought of several people for this question. Let them answer first."))
