"""Inviting people, and ending invitations. Whoever calls this holds the question locked; nothing here commits."""
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from lmssocial.core.hooks.routing import Ranking
from lmssocial.core.kernel.errors import Conflict
from lmssocial.lms.identity.actor import Actor
from lmssocial.widgets.experts.invitation_models import Invitation, InvitationState, Source
from lmssocial.widgets.experts.matching.service import Chosen
from lmssocial.widgets.experts.questions import Asked


class Full(Conflict):
    """Somebody cannot take another question at present; why is their own affair."""


def invite(
    session: Session, asked: Asked, whom: Chosen | int, source: Source, *, by: Actor | None, note: str = ""
) -> Invitation:
    """Ask one person to answer. :raises Full, Conflict, NotFound."""
    raise NotImplementedError


def fill(
    session: Session, rankings: Mapping[str, Sequence[Ranking]], asked: Asked, now: datetime
) -> list[Invitation]:
    """Invite as many people as are waited for at the same time."""
    raise NotImplementedError


def end_all(session: Session, asked: Asked, state: InvitationState, *, but: int | None = None) -> list[int]:
    """End every invitation that somebody waits on or holds; says whose (sorted user ids).

    :param but: the user id of somebody whose invitation stays.
    """
    raise NotImplementedError
