"""How much somebody can take: looked at while they are held, so that two questions cannot both take the last place.

See :func:`lmssocial.widgets.experts.people.rows.hold`. Nothing here commits.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lmssocial.widgets.experts.calendars import Week
from lmssocial.widgets.experts.invitation_models import Invitation, InvitationState
from lmssocial.widgets.experts.matching.eligible import LATELY, in_hand
from lmssocial.widgets.experts.models import Question
from lmssocial.widgets.experts.people_models import Block, Pause, Person
from lmssocial.widgets.experts.settings import ExpertSettings

SILENCE = timedelta(days=14)
"""Within which silence is counted."""
MOST_SILENT = 3
"""Invitations in that time that somebody says nothing to, before they are left alone."""
LEFT_ALONE = timedelta(days=365)
"""How long, should they not come back by themselves."""


def has_room(session: Session, person: Person, asker_id: int, now: datetime) -> bool:
    """Whether a person, who is locked, may be sent one more invitation of an asker."""
    if person.paused_until is not None and person.paused_until > now:
        return False
    if session.get(Block, (person.user_id, asker_id)) is not None:
        return False
    held, lately = session.execute(
        select(
            func.count().filter(in_hand()),
            func.count().filter(Invitation.sent_at > now - LATELY),
        )
        .select_from(Invitation)
        .join(Question, Question.id == Invitation.question_id)
        .where(Invitation.user_id == person.user_id)
    ).one()
    return bool(held < person.most_open and lately < person.most_week)


def is_silent(session: Session, person: Person, now: datetime) -> bool:
    """Whether somebody said nothing to so many invitations lately, or since they came back, that they want no more."""
    since = now - SILENCE
    if person.paused_until is not None:
        since = max(since, person.paused_until)
    lapsed = select(func.count()).where(
        Invitation.user_id == person.user_id,
        Invitation.state == InvitationState.LAPSED,
        Invitation.ended_at > since,
    )
    return session.execute(lapsed).scalar_one() >= MOST_SILENT


def leave_alone(person: Person, now: datetime) -> None:
    """Ask a person, who is locked, nothing more until they come back."""
    person.paused_until = now + LEFT_ALONE
    person.paused_by = Pause.SILENCE


def week_of(person: Person, settings: ExpertSettings) -> Week:
    """When a person is waited for; holidays are those of the course that asks."""
    zone = person.zone or settings.zone
    return Week(zone, person.opens, person.closes, person.days, settings.holidays)


def week_of_course(settings: ExpertSettings) -> Week:
    """The working days of the course that a question is asked in."""
    return Week(settings.zone, settings.opens, settings.closes, settings.days, settings.holidays)
