"""How many questions one person may ask. Counted while their membership is locked, so that no two slip through."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.core.kernel import clock
from lmssocial.core.kernel.errors import Invalid
from lmssocial.core.kernel.words import gettext as _
from lmssocial.lms.identity.actor import Actor
from lmssocial.lms.identity.models import Membership
from lmssocial.social.content.models import Contribution
from lmssocial.social.content.text import tidy, tidy_line
from lmssocial.widgets.experts.models import ALIVE, Question, State
from lmssocial.widgets.experts.settings import ExpertSettings

DAY = timedelta(hours=24)


class TooMany(Invalid):
    """They have asked as much as one person may for now; what they wrote is kept."""


class AskedBefore(Invalid):
    """They have asked exactly this in the last 24 hours."""

    question_id: int

    def __init__(self, question_id: int) -> None:
        """:param question_id: the earlier one."""
        message = _("You asked exactly this within the last 24 hours. Add to that question instead.")
        super().__init__(message, reason=f"the same words as question {question_id}")
        self.question_id = question_id


def hold(session: Session, actor: Actor) -> None:
    """Let nobody else ask in the name of this person in this course until this transaction ends."""
    session.execute(
        select(Membership.id)
        .where(Membership.course_id == actor.course_id, Membership.user_id == actor.user_id)
        .with_for_update()
    )


def require_few(session: Session, actor: Actor, settings: ExpertSettings, title: str, source: str) -> None:
    """Go on only if they may ask one more question with these words. Two queries.

    :raises TooMany: if they have enough open ones, or asked enough today.
    :raises AskedBefore: if they asked the same within 24 hours and did not withdraw it.
    """
    today = session.execute(
        select(Question.id, Question.state, Contribution.title, Contribution.source)
        .join(Contribution, Contribution.id == Question.contribution_id)
        .where(
            Question.asker_id == actor.user_id,
            Question.community_id == actor.community_id,
            Contribution.created_at > clock.now() - DAY,
        )
    ).all()
    said = _folded(title, source)
    for row in today:
        if row.state is not State.WITHDRAWN and _folded(row.title, row.source) == said:
            raise AskedBefore(row.id)
    if open_ones(session, actor) >= settings.most_open:
        raise TooMany(
            _(
                "You have %(most)d open questions, and that is as many as one person may have here. Resolve or "
                "withdraw one of them first; what you wrote is kept.",
                most=settings.most_open,
            )
        )
    if len(today) >= settings.most_day:
        raise TooMany(
            _(
                "You asked %(most)d questions in the last 24 hours, and that is as many as one person may ask here. "
                "What you wrote is kept; send it tomorrow.",
                most=settings.most_day,
            )
        )


def open_ones(session: Session, actor: Actor) -> int:
    """How many questions of theirs are open. One query."""
    statement = select(func.count(Question.id)).where(
        Question.asker_id == actor.user_id,
        Question.community_id == actor.community_id,
        Question.state.in_(ALIVE),
    )
    return session.scalar(statement) or 0


def _folded(title: str, source: str) -> tuple[str, str]:
    """Words that differ only in case and blanks are the same."""
    return " ".join(tidy_line(title).casefold().split()), " ".join(tidy(source).casefold().split())
