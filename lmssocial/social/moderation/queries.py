"""What the moderators' pages show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session, aliased

from lmssocial.lms.identity.actor import Actor
from lmssocial.social.moderation import access
from lmssocial.social.moderation.models import Case, CaseState
from lmssocial.social.moderation.ports import Moderated, Subject

PAGE = 30


@dataclass(frozen=True)
class Objection:
    """One sentence against publishing, and the policies that said it."""

    message: str
    policies: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class WaitingCase:
    """One case with what a moderator needs to decide it."""

    id: int
    opened_at: datetime
    subject: Subject
    objections: tuple[Objection, ...]
    """Why it waits, strictest first, each sentence once."""
    declined_with: str | None
    """What a moderator wrote to the author when an earlier wording was declined; ``None`` if none was."""


def waiting_count(session: Session, actor: Actor) -> int:
    """How many cases wait for somebody in the actor's community; 0 for who may not see them."""
    if not access.can_moderate(actor):
        return 0
    found = session.scalar(
        select(func.count(Case.id)).where(access.cases_of(actor), Case.state == CaseState.OPEN)
    )
    return found or 0


def waiting(session: Session, actor: Actor, ports: Mapping[str, Moderated]) -> list[WaitingCase]:
    """The oldest open cases the actor may decide, oldest first. One query, and those of each port involved.

    :param ports: each widget's side of moderation, by the part of the submission kind before the dot.
    """
    access.require_moderator(actor)
    cases = session.execute(
        select(Case, _declined_with())
        .where(access.cases_of(actor), Case.state == CaseState.OPEN)
        .order_by(Case.id)
        .limit(PAGE)
    ).all()
    subjects: dict[int, Subject] = {}
    for owner, port in ports.items():
        ids = [case.contribution_id for case, _ in cases if case.kind.partition(".")[0] == owner]
        if ids:
            subjects.update(port.subjects(session, actor, ids))
    return [
        _waiting(case, subjects[case.contribution_id], declined_with)
        for case, declined_with in cases
        if case.contribution_id in subjects
    ]


def _declined_with() -> ScalarSelect[str]:
    """What was written when the contribution of a case was declined last."""
    earlier = aliased(Case)
    return (
        select(earlier.message)
        .where(earlier.contribution_id == Case.contribution_id, earlier.state == CaseState.REJECTED)
        .order_by(earlier.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def _waiting(case: Case, subject: Subject, declined_with: str | None) -> WaitingCase:
    said: dict[str, list[str]] = {}
    for verdict in case.verdicts.get("verdicts", []):
        if verdict["message"]:
            said.setdefault(verdict["message"], []).append(verdict["policy"])
    objections = tuple(Objection(message, tuple(policies)) for message, policies in said.items())
    return WaitingCase(
        id=case.id,
        opened_at=case.opened_at,
        subject=subject,
        objections=objections,
        declined_with=declined_with,
    )


def kind_of(session: Session, actor: Actor, case_id: int) -> str | None:
    """The owner of a case's content (``discussion``), if the actor may decide the case."""
    kind = session.scalar(select(Case.kind).where(Case.id == case_id, access.cases_of(actor)))
    return None if kind is None else kind.partition(".")[0]


def version_of(session: Session, actor: Actor, case_id: int) -> int:
    """The version of a case on the actor's desk; 0 if there is none."""
    return session.scalar(select(Case.version).where(Case.id == case_id, access.cases_of(actor))) or 0
